/* SPDX-License-Identifier: MIT */
/*
 * shared-dag: a layered graph without cycles. Each node refers to several nodes of the layer below, so that
 * most nodes are shared. The model is hash-consed terms, syntax trees with common subexpressions, the
 * versions of a persistent data structure, and the inodes of a snapshotting file system.
 *
 * Each round rebuilds the graph from the lowest layer up. The old nodes of a layer lose their place, and live
 * on as long as an old node above refers to them. When the top layer is replaced, the rest of the old graph
 * dies in one cascade. With acyclic=on the shapes say, correctly, that no cycle can pass through them. With
 * acyclic=off a cycle collector has to find out. The work and the checksum are the same.
 *
 * Stresses cascades over shared structure: each node meets as many decrements as it has parents and dies at
 * the last one. Stresses also possible roots that are never garbage, and random access.
 *
 * Sharing is uniform, and finished nodes do not change. Conclude nothing about graphs with hubs or about
 * mutation.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

struct dag_options {
    uint64_t width;
    uint64_t layers;
    uint64_t fan;
    uint64_t rounds;
    bool acyclic;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct dag_options, width, 1e4, 1, 1e8, "nodes", "nodes in a layer"),
    OPTION_INTEGER(struct dag_options, layers, 10, 1, 1e6, "layers", "layers, the leaves included"),
    OPTION_INTEGER(struct dag_options, fan, 4, 1, 1e6, "references",
                   "random nodes of the layer below that each node refers to"),
    OPTION_INTEGER(struct dag_options, rounds, 20, 1, 1e9, "", "times it is rebuilt"),
    OPTION_SWITCH(struct dag_options, acyclic, false, "the shapes say that instances are never on a cycle"),
};
static const struct option_table options = OPTION_TABLE(struct dag_options, option_specs);

/* Each shape stands here twice: plain, and ACYCLIC places further on with the flag. */
enum { LAYERS, LAYER, NODE, LEAF, ACYCLIC };
static const struct gc_shape shapes[] = {
    [LAYERS] = {.name = "layers", .id = LAYERS, .flags = GC_SHAPE_REFS_VARY},
    [LAYER] = {.name = "layer", .id = LAYER, .flags = GC_SHAPE_REFS_VARY},
    [NODE] = {.name = "node", .id = NODE, .flags = GC_SHAPE_REFS_VARY, .payload = sizeof(uint64_t)},
    [LEAF] = {.name = "leaf", .id = LEAF, .flags = GC_SHAPE_ACYCLIC, .payload = sizeof(uint64_t)},
    [ACYCLIC + LAYERS] = {.name = "layers-acyclic",
                          .id = ACYCLIC + LAYERS,
                          .flags = GC_SHAPE_REFS_VARY | GC_SHAPE_ACYCLIC},
    [ACYCLIC + LAYER] = {.name = "layer-acyclic",
                         .id = ACYCLIC + LAYER,
                         .flags = GC_SHAPE_REFS_VARY | GC_SHAPE_ACYCLIC},
    [ACYCLIC + NODE] = {.name = "node-acyclic",
                        .id = ACYCLIC + NODE,
                        .flags = GC_SHAPE_REFS_VARY | GC_SHAPE_ACYCLIC,
                        .payload = sizeof(uint64_t)},
    [ACYCLIC + LEAF] = {.name = "leaf-acyclic",
                        .id = ACYCLIC + LEAF,
                        .flags = GC_SHAPE_ACYCLIC,
                        .payload = sizeof(uint64_t)},
};

static const struct gc_shape *shape_of(const struct dag_options *chosen, unsigned id)
{
    return &shapes[chosen->acyclic ? ACYCLIC + id : id];
}

/* Returns the place of an object's value, which does not depend on the flag. */
static uint64_t *value_of(struct gc_ref object, bool is_leaf)
{
    return gc_payload(object, &shapes[is_leaf ? LEAF : NODE]);
}

static void leaf_new(struct gc_mutator *mutator, struct gc_slot *result, const struct dag_options *chosen,
                     struct random_state *random)
{
    gc_local_new(mutator, result, shape_of(chosen, LEAF), 0);
    *value_of(gc_local_get(result), true) = random_next(random);
}

/* Makes a node that refers to random nodes of the layer below. The node's value is made of theirs. */
static void node_new(struct gc_mutator *mutator, struct gc_slot *result, const struct gc_slot *below,
                     bool below_is_leaves, const struct dag_options *chosen, struct random_state *random)
{
    uint64_t value = 0;
    gc_local_new(mutator, result, shape_of(chosen, NODE), chosen->fan);
    for (uint64_t i = 0; i < chosen->fan; i++) {
        uint64_t place = random_below(random, chosen->width);
        struct gc_ref child = gc_field_get(mutator, gc_local_get(below), place);
        value = checksum_add(value, *value_of(child, below_is_leaves));
        gc_field_set(mutator, gc_local_get(result), i, child);
    }
    *value_of(gc_local_get(result), false) = value;
}

/* Builds layer `level` on top of the new layer below it, and puts it in the place of the old one. */
static void layer_rebuild(struct gc_mutator *mutator, struct gc_slot *layers, uint64_t level,
                          const struct dag_options *chosen, struct random_state *random)
{
    struct gc_frame frame = gc_frame_enter(mutator, 3);
    struct gc_slot *below = &frame.slot[0];
    struct gc_slot *layer = &frame.slot[1];
    struct gc_slot *made = &frame.slot[2];
    if (level > 0)
        gc_local_set(mutator, below, gc_field_get(mutator, gc_local_get(layers), level - 1));
    gc_local_new(mutator, layer, shape_of(chosen, LAYER), chosen->width);
    for (uint64_t i = 0; i < chosen->width; i++) {
        if (level == 0)
            leaf_new(mutator, made, chosen, random);
        else
            node_new(mutator, made, below, level == 1, chosen, random);
        gc_field_set(mutator, gc_local_get(layer), i, gc_local_get(made));
    }
    gc_field_set(mutator, gc_local_get(layers), level, gc_local_get(layer));
    gc_frame_leave(mutator, frame);
}

/* Reads every value on one path down from a node of the top layer. Nothing here collects or drops. */
static uint64_t path_read(struct gc_mutator *mutator, struct gc_ref at, uint64_t top, uint64_t checksum)
{
    for (uint64_t level = top; level > 0; level--) {
        uint64_t value = *value_of(at, false);
        checksum = checksum_add(checksum, value);
        at = gc_field_get(mutator, at, value % gc_length(at));
    }
    return checksum_add(checksum, *value_of(at, true));
}

static uint64_t dag_read(struct gc_mutator *mutator, struct gc_ref layers, uint64_t checksum)
{
    uint64_t top = gc_length(layers) - 1;
    struct gc_ref layer = gc_field_get(mutator, layers, top);
    for (uint64_t i = 0; i < gc_length(layer); i++)
        checksum = path_read(mutator, gc_field_get(mutator, layer, i), top, checksum);
    return checksum;
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct dag_options *chosen = values;
    struct gc_slot *layers = gc_global(mutator, 0);
    uint64_t checksum = 0;
    gc_local_new(mutator, layers, shape_of(chosen, LAYERS), chosen->layers);
    for (uint64_t i = 0; i < chosen->rounds; i++) {
        for (uint64_t level = 0; level < chosen->layers; level++) {
            layer_rebuild(mutator, layers, level, chosen, random);
            if (i == 1 && level + 2 == chosen->layers)
                gc_checkpoint(mutator, "all but the top rebuilt");
        }
        checksum = dag_read(mutator, gc_local_get(layers), checksum);
        if (i == 0)
            gc_checkpoint(mutator, "first built");
    }
    gc_checkpoint(mutator, "last built");
    gc_local_del(mutator, layers);
    gc_checkpoint(mutator, "dropped");
    return checksum;
}

const struct workload workload = {
    .name = "shared-dag",
    .group = "share",
    .summary = "a layered graph of shared nodes is rebuilt and dropped: cascades without cycles",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = 1,
    .run = run,
};
