/* SPDX-License-Identifier: MIT */
/*
 * acyclic-flood: a cache of leaves lives, and a reference to each leaf is taken and dropped, pass after pass.
 * The model is PHP's collector, which comes when 10,000 possible roots wait.
 *
 * To trial deletion, an object that lost a reference and still has one is a possible root. The leaves
 * therefore fill its buffer, though they refer to nothing and lie on no ring. Every 10,000 reads of the cache
 * bring a collection, which finds next to nothing. PHP then waits for 10,000 more whenever a collection freed
 * fewer than a hundred objects. Collections become rarer, and each becomes as much longer.
 *
 * The leaves have one field, which stays empty. Only their type could tell a collector that they lie on no
 * ring. The type says so with flagged=on. A few rings of two objects die among the leaves, so that a
 * collector that has stopped coming holds garbage. Each pass puts its sum into a new object: without rings,
 * too, memory is asked for and a collection can come.
 *
 * Stresses the trigger and the buffer. Compare the number of collections, visited with freed objects, and the
 * largest heap, each with the same under flagged=on.
 *
 * The leaves are read in the order in which they were made, hardly anything is allocated, and tracing has
 * little to do. Conclude nothing about allocation or tracing. Possible roots that reach the rest of the heap
 * are the subject of live-hub.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

struct flood_options {
    uint64_t leaves;
    uint64_t passes;
    uint64_t rings;
    bool flagged;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct flood_options, leaves, 1e5, 1, 1e8, "objects", "leaves in the cache"),
    OPTION_INTEGER(struct flood_options, passes, 1000, 0, 1e12, "",
                   "times that a reference to each leaf is taken and dropped"),
    OPTION_INTEGER(struct flood_options, rings, 50, 0, 1e8, "rings",
                   "rings of two objects made and dropped in each pass, spread over it"),
    OPTION_SWITCH(struct flood_options, flagged, false, "declare the type of the leaves acyclic"),
};
static const struct option_table options = OPTION_TABLE(struct flood_options, option_specs);

enum { TABLE, LEAF, LEAF_FLAGGED, RING, SUM };
static const struct gc_shape shapes[] = {
    [TABLE] = {.name = "table", .id = TABLE, .flags = GC_SHAPE_REFS_VARY},
    [LEAF] = {.name = "leaf", .id = LEAF, .refs = 1, .payload = sizeof(uint64_t)},
    [LEAF_FLAGGED] = {.name = "leaf-flagged",
                      .id = LEAF_FLAGGED,
                      .flags = GC_SHAPE_ACYCLIC,
                      .refs = 1,
                      .payload = sizeof(uint64_t)},
    [RING] = {.name = "ring", .id = RING, .refs = 1, .payload = sizeof(uint64_t)},
    [SUM] = {.name = "sum", .id = SUM, .flags = GC_SHAPE_ACYCLIC, .payload = sizeof(uint64_t)},
};
/* A leaf's one reference is null, a ring object's is to its peer. */
enum { FIELD };

/* Returns the place of the number of a leaf, flagged or not, or of an object in a ring. */
static uint64_t *number_of(struct gc_ref object)
{
    return gc_payload(object, &shapes[LEAF]);
}

static uint64_t *sum_of(struct gc_ref sum)
{
    return gc_payload(sum, &shapes[SUM]);
}

/* `table = [Leaf(random()) for _ in range(leaves)]` */
static void table_build(struct gc_mutator *mutator, struct gc_slot *table, const struct flood_options *chosen,
                        struct random_state *random)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *leaf = &frame.slot[0];
    const struct gc_shape *shape = &shapes[chosen->flagged ? LEAF_FLAGGED : LEAF];
    gc_local_new(mutator, table, &shapes[TABLE], chosen->leaves);
    for (uint64_t i = 0; i < chosen->leaves; i++) {
        gc_local_new(mutator, leaf, shape, 0);
        *number_of(gc_local_get(leaf)) = random_next(random);
        gc_field_set(mutator, gc_local_get(table), i, gc_local_get(leaf));
    }
    gc_frame_leave(mutator, frame);
}

/* Makes a ring of two objects and reads it all the way round. The ring dies with the function's locals. */
static uint64_t ring_make_and_drop(struct gc_mutator *mutator, uint64_t number)
{
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    for (uint64_t i = 0; i < 2; i++) {
        gc_local_new(mutator, &frame.slot[i], &shapes[RING], 0);
        *number_of(gc_local_get(&frame.slot[i])) = number + i;
    }
    for (uint64_t i = 0; i < 2; i++)
        gc_field_set(mutator, gc_local_get(&frame.slot[i]), FIELD, gc_local_get(&frame.slot[1 - i]));
    struct gc_ref peer = gc_field_get(mutator, gc_local_get(&frame.slot[0]), FIELD);
    uint64_t sum = *number_of(peer) + *number_of(gc_field_get(mutator, peer, FIELD));
    gc_frame_leave(mutator, frame);
    return sum;
}

/* `leaf = table[place]; leaf.number += 1; del leaf` */
static uint64_t touch(struct gc_mutator *mutator, struct gc_slot *leaf, struct gc_ref table, uint64_t place)
{
    gc_local_set(mutator, leaf, gc_field_get(mutator, table, place));
    uint64_t number = ++*number_of(gc_local_get(leaf));
    gc_local_del(mutator, leaf);
    return number;
}

/* Touches every leaf, makes the rings in between, and leaves the sum in `result`. */
static void pass(struct gc_mutator *mutator, struct gc_slot *result, const struct gc_slot *table,
                 uint64_t rings)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    uint64_t leaves = gc_length(gc_local_get(table));
    uint64_t sum = 0;
    uint64_t due = 0; /* the part of the next ring that is due, in units of 1 / `leaves` */
    for (uint64_t i = 0; i < leaves; i++) {
        uint64_t number = touch(mutator, &frame.slot[0], gc_local_get(table), i);
        sum = checksum_add(sum, number);
        for (due += rings; due >= leaves; due -= leaves)
            sum += ring_make_and_drop(mutator, number);
    }
    gc_local_new(mutator, result, &shapes[SUM], 0);
    *sum_of(gc_local_get(result)) = sum;
    gc_frame_leave(mutator, frame);
}

/* Nothing here collects or drops. */
static uint64_t table_read(struct gc_mutator *mutator, struct gc_ref table, uint64_t checksum)
{
    for (uint64_t i = 0; i < gc_length(table); i++)
        checksum = checksum_add(checksum, *number_of(gc_field_get(mutator, table, i)));
    return checksum;
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct flood_options *chosen = values;
    struct gc_slot *table = gc_global(mutator, 0);
    struct gc_slot *result = gc_global(mutator, 1);
    uint64_t checksum = 0;
    table_build(mutator, table, chosen, random);
    gc_checkpoint(mutator, "leaves cached");
    for (uint64_t i = 0; i < chosen->passes; i++) {
        pass(mutator, result, table, chosen->rings);
        checksum = checksum_add(checksum, *sum_of(gc_local_get(result)));
        if (i == chosen->passes / 2)
            gc_checkpoint(mutator, "half of the passes done");
    }
    gc_checkpoint(mutator, "all passes done");
    return table_read(mutator, gc_local_get(table), checksum);
}

const struct workload workload = {
    .name = "acyclic-flood",
    .group = "pathology",
    .summary =
        "references to cached leaves are taken and dropped: suspects on no ring, that call for collections",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = 2,
    .run = run,
};
