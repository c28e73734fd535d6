/* SPDX-License-Identifier: MIT */
/*
 * deep-chain: a chain of very many objects is built, walked and dropped at once. Each object is reached only
 * through the one before it. The models are real crashes. PHP 8.2 dies when it frees a list of 100,000 nested
 * objects, and Nim's ARC and ORC die when they free a long linked list. Markers that recurse die on the same
 * list alive. CPython grew its "trashcan" for such lists.
 *
 *      shape     each link holds
 *      list      one reference, to the next link
 *      comb      also a tooth, by turns in front of and behind the reference to the next link
 *      ring-end  one reference; the list hangs off a ring of two objects
 *
 * The comb catches two designs. One loops on the last reference and recurses on the others. The other keeps a
 * stack of objects still to be visited. In one of the two orders each goes as deep as the comb is long. With
 * ring-end only a cycle collector can drop the list, and it must drop all of it.
 *
 * The chain is rooted at its oldest link (head: every reference leads from an older to a younger object) or
 * at its youngest (tail). The options ask for full collections. Run it with a stack of 64 KiB as well as of 8
 * MiB.
 *
 * Stresses how a collector frees and marks in depth.
 *
 * The workload is a test of survival. Conclude nothing from its times about graphs that have any breadth.
 * Conclude nothing from the collections that it asks for about when a collector collects by itself.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

enum { LIST, COMB, RING_END };
static const char *const shape_words[] = {"list", "comb", "ring-end", NULL};
enum { HEAD, TAIL };
static const char *const rooted_words[] = {"head", "tail", NULL};

struct chain_options {
    uint64_t nodes;
    uint64_t shape;
    uint64_t rooted;
    uint64_t rounds;
    bool alive;
    bool dropped;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct chain_options, nodes, 1e6, 1, 1e8, "links", "length of the chain"),
    OPTION_CHOICE(struct chain_options, shape, LIST, shape_words, "what the chain is made of"),
    OPTION_CHOICE(struct chain_options, rooted, HEAD, rooted_words,
                  "which end is the root: the oldest link (head) or the youngest (tail)"),
    OPTION_INTEGER(struct chain_options, rounds, 8, 1, 1e6, "", "times it is built, walked and dropped"),
    OPTION_SWITCH(struct chain_options, alive, true, "collect fully while the chain is alive"),
    OPTION_SWITCH(struct chain_options, dropped, true, "collect fully once the chain is dropped"),
};
static const struct option_table options = OPTION_TABLE(struct chain_options, option_specs);

enum { LINK, JOINT, TOOTH, RING };
static const struct gc_shape shapes[] = {
    [LINK] = {.name = "link", .id = LINK, .refs = 1, .payload = sizeof(uint64_t)},
    [JOINT] = {.name = "joint", .id = JOINT, .refs = 2, .payload = sizeof(uint64_t)},
    [TOOTH] = {.name = "tooth", .id = TOOTH, .flags = GC_SHAPE_ACYCLIC, .payload = sizeof(uint64_t)},
    [RING] = {.name = "ring", .id = RING, .refs = 2, .payload = sizeof(uint64_t)},
};
enum { PEER, CHAIN };

static uint64_t *number_of(struct gc_ref object, unsigned id)
{
    return gc_payload(object, &shapes[id]);
}

/* Returns the field of a link or joint that leads on. A joint's other field holds its tooth. */
static uint64_t next_field(uint64_t number, uint64_t shape)
{
    return shape == COMB ? number & 1 : 0;
}

/* `return Joint(Tooth(number))` */
static void joint_new(struct gc_mutator *mutator, struct gc_slot *result, uint64_t number)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    gc_local_new(mutator, &frame.slot[0], &shapes[TOOTH], 0);
    *number_of(gc_local_get(&frame.slot[0]), TOOTH) = ~number;
    gc_local_new(mutator, result, &shapes[JOINT], 0);
    *number_of(gc_local_get(result), JOINT) = number;
    gc_field_set(mutator, gc_local_get(result), 1 - next_field(number, COMB), gc_local_get(&frame.slot[0]));
    gc_frame_leave(mutator, frame);
}

/* Makes one link of the chain, which refers to no other link yet. */
static void link_new(struct gc_mutator *mutator, struct gc_slot *result, uint64_t number, uint64_t shape)
{
    if (shape == COMB) {
        joint_new(mutator, result, number);
        return;
    }
    gc_local_new(mutator, result, &shapes[LINK], 0);
    *number_of(gc_local_get(result), LINK) = number;
}

/* Builds the chain from its head: the link before refers to each new link. */
static void build_from_head(struct gc_mutator *mutator, struct gc_slot *result, uint64_t first,
                            const struct chain_options *chosen)
{
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    struct gc_slot *last = &frame.slot[0];
    struct gc_slot *made = &frame.slot[1];
    link_new(mutator, result, first, chosen->shape);
    gc_local_set(mutator, last, gc_local_get(result));
    for (uint64_t i = 1; i < chosen->nodes; i++) {
        link_new(mutator, made, first + i, chosen->shape);
        gc_field_set(mutator, gc_local_get(last), next_field(first + i - 1, chosen->shape),
                     gc_local_get(made));
        gc_local_move(mutator, last, made);
    }
    gc_frame_leave(mutator, frame);
}

/* Builds the chain from its tail: each new link refers to the link before. */
static void build_from_tail(struct gc_mutator *mutator, struct gc_slot *result, uint64_t first,
                            const struct chain_options *chosen)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *made = &frame.slot[0];
    gc_local_del(mutator, result);
    for (uint64_t i = 0; i < chosen->nodes; i++) {
        link_new(mutator, made, first + i, chosen->shape);
        gc_field_set(mutator, gc_local_get(made), next_field(first + i, chosen->shape), gc_local_get(result));
        gc_local_move(mutator, result, made);
    }
    gc_frame_leave(mutator, frame);
}

/* Puts a ring of two objects in front of the chain in `chain`, and leaves the ring in `chain`. */
static void hang_off_ring(struct gc_mutator *mutator, struct gc_slot *chain)
{
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    for (int i = 0; i < 2; i++)
        gc_local_new(mutator, &frame.slot[i], &shapes[RING], 0);
    for (int i = 0; i < 2; i++)
        gc_field_set(mutator, gc_local_get(&frame.slot[i]), PEER, gc_local_get(&frame.slot[1 - i]));
    gc_field_set(mutator, gc_local_get(&frame.slot[1]), CHAIN, gc_local_get(chain));
    gc_local_move(mutator, chain, &frame.slot[0]);
    gc_frame_leave(mutator, frame);
}

/* Reads every link from the root on, and every tooth. Nothing here collects or drops. */
static uint64_t walk(struct gc_mutator *mutator, struct gc_ref at, uint64_t shape, uint64_t checksum)
{
    unsigned id = shape == COMB ? JOINT : LINK;
    uint64_t length = 0;
    if (shape == RING_END)
        at = gc_field_get(mutator, gc_field_get(mutator, at, PEER), CHAIN);
    for (; !gc_is_null(at); length++) {
        uint64_t number = *number_of(at, id);
        uint64_t next = next_field(number, shape);
        checksum = checksum_add(checksum, number);
        if (shape == COMB)
            checksum = checksum_add(checksum, *number_of(gc_field_get(mutator, at, 1 - next), TOOTH));
        at = gc_field_get(mutator, at, next);
    }
    return checksum_add(checksum, length);
}

static uint64_t build_walk_drop(struct gc_mutator *mutator, const struct chain_options *chosen,
                                uint64_t first, uint64_t checksum)
{
    struct gc_slot *root = gc_global(mutator, 0);
    if (chosen->rooted == HEAD)
        build_from_head(mutator, root, first, chosen);
    else
        build_from_tail(mutator, root, first, chosen);
    if (chosen->shape == RING_END)
        hang_off_ring(mutator, root);
    if (chosen->alive)
        gc_collect(mutator, GC_COLLECT_FULL);
    checksum = walk(mutator, gc_local_get(root), chosen->shape, checksum);
    gc_checkpoint(mutator, "chain alive");
    gc_local_del(mutator, root);
    if (chosen->dropped)
        gc_collect(mutator, GC_COLLECT_FULL);
    return checksum;
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct chain_options *chosen = values;
    uint64_t checksum = 0;
    for (uint64_t i = 0; i < chosen->rounds; i++)
        checksum = build_walk_drop(mutator, chosen, random_next(random), checksum);
    gc_checkpoint(mutator, "chain dropped");
    return checksum;
}

const struct workload workload = {
    .name = "deep-chain",
    .group = "pathology",
    .summary = "a chain of a million objects, alive and then dropped at once: stacks that overflow",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = 1,
    .run = run,
};
