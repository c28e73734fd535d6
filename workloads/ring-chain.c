/* SPDX-License-Identifier: MIT */
/*
 * ring-chain: rings of two objects form a chain in which each ring refers to the next. Their outside
 * references go one by one. Bacon and Rajan (Concurrent cycle collection in reference counted systems, ECOOP
 * 2001, figure 3) show with this example that Lins' algorithm is quadratic. It tries one possible root at a
 * time. When the roots come from the end of the chain, each trial but the last finds outside references to
 * its rings, and restores them. 4000 rings took 32,019,999 visits that way, against 24,000 when each pass
 * goes over all roots together.
 *
 * Each round builds a chain whose rings are all held by an array. A full collection empties the buffer of
 * possible roots that the building has filled. The array then lets go of the rings in the chosen order (bad:
 * the end of the chain first; good: its beginning first). Another full collection follows. A collector's work
 * should be linear in `rings` and the same in every order.
 *
 * Stresses the order in which possible roots are tried.
 *
 * Everything dies in one collection that the workload asks for. Conclude nothing about when a collector
 * collects by itself, nor about its work beside a live heap.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

enum { ORDER_GOOD, ORDER_BAD, ORDER_RANDOM };
static const char *const order_words[] = {"good", "bad", "random", NULL};

struct chain_options {
    uint64_t rings;
    uint64_t rounds;
    uint64_t order;
    bool collect;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct chain_options, rings, 1e5, 1, 1e8, "rings", "length of the chain"),
    OPTION_INTEGER(struct chain_options, rounds, 32, 1, 1e6, "", "chains built and dropped"),
    OPTION_CHOICE(struct chain_options, order, ORDER_BAD, order_words,
                  "in which order the rings lose their outside references"),
    OPTION_SWITCH(struct chain_options, collect, true,
                  "collect fully before the references go and after; off: as the collector sees fit"),
};
static const struct option_table options = OPTION_TABLE(struct chain_options, option_specs);

enum { RING, ARRAY, ORDER };
static const struct gc_shape shapes[] = {
    [RING] = {.name = "ring", .id = RING, .refs = 2, .payload = sizeof(uint64_t)},
    [ARRAY] = {.name = "array", .id = ARRAY, .flags = GC_SHAPE_REFS_VARY},
    [ORDER] = {.name = "order", .id = ORDER, .flags = GC_SHAPE_BYTES_VARY | GC_SHAPE_ACYCLIC},
};
/* The two objects of a ring refer to each other. The first also refers to the first of the next ring. */
enum { PEER, NEXT };
enum { ARRAY_GLOBAL, ORDER_GLOBAL, GLOBALS };

static uint64_t *number_of(struct gc_ref ring)
{
    return gc_payload(ring, &shapes[RING]);
}

/* `return Ring()` */
static void ring_build(struct gc_mutator *mutator, struct gc_slot *result, uint64_t number)
{
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    for (uint64_t i = 0; i < 2; i++) {
        gc_local_new(mutator, &frame.slot[i], &shapes[RING], 0);
        *number_of(gc_local_get(&frame.slot[i])) = number + i;
    }
    for (uint64_t i = 0; i < 2; i++)
        gc_field_set(mutator, gc_local_get(&frame.slot[i]), PEER, gc_local_get(&frame.slot[1 - i]));
    gc_local_move(mutator, result, &frame.slot[0]);
    gc_frame_leave(mutator, frame);
}

/* Builds the chain from its beginning to its end. A new ring reaches no other ring, so building is linear
 * under any collector. */
static void chain_build(struct gc_mutator *mutator, struct gc_slot *array, uint64_t rings, uint64_t first)
{
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    struct gc_slot *last = &frame.slot[0];
    struct gc_slot *made = &frame.slot[1];
    gc_local_new(mutator, array, &shapes[ARRAY], rings);
    for (uint64_t i = 0; i < rings; i++) {
        ring_build(mutator, made, first + 2 * i);
        gc_field_set(mutator, gc_local_get(array), i, gc_local_get(made));
        if (i > 0)
            gc_field_set(mutator, gc_local_get(last), NEXT, gc_local_get(made));
        gc_local_move(mutator, last, made);
    }
    gc_frame_leave(mutator, frame);
}

/* Fills an object's payload with the places of the array, in the order in which they will be cleared. */
static void order_build(struct gc_mutator *mutator, struct gc_slot *slot, const struct chain_options *chosen,
                        struct random_state *random)
{
    uint64_t rings = chosen->rings;
    gc_local_new(mutator, slot, &shapes[ORDER], rings * sizeof(uint64_t));
    uint64_t *order = gc_payload(gc_local_get(slot), &shapes[ORDER]);
    for (uint64_t i = 0; i < rings; i++)
        order[i] = chosen->order == ORDER_BAD ? rings - 1 - i : i;
    for (uint64_t i = rings; chosen->order == ORDER_RANDOM && i > 1; i--) {
        uint64_t other = random_below(random, i);
        uint64_t place = order[other];
        order[other] = order[i - 1];
        order[i - 1] = place;
    }
}

/* Follows the chain from its first ring, and round each ring. Nothing here collects or drops. */
static uint64_t chain_read(struct gc_mutator *mutator, struct gc_ref ring, uint64_t checksum)
{
    uint64_t length = 0;
    for (; !gc_is_null(ring); ring = gc_field_get(mutator, ring, NEXT), length++) {
        struct gc_ref peer = gc_field_get(mutator, ring, PEER);
        checksum = checksum_add(checksum, *number_of(peer));
        checksum = checksum_add(checksum, *number_of(gc_field_get(mutator, peer, PEER)));
    }
    return checksum_add(checksum, length);
}

static void references_drop(struct gc_mutator *mutator, struct gc_slot *array, struct gc_slot *order,
                            uint64_t from, uint64_t to)
{
    for (uint64_t i = from; i < to; i++) {
        const uint64_t *places = gc_payload(gc_local_get(order), &shapes[ORDER]);
        gc_field_del(mutator, gc_local_get(array), places[i]);
    }
}

static void collect_if(struct gc_mutator *mutator, bool wanted)
{
    if (wanted)
        gc_collect(mutator, GC_COLLECT_FULL);
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct chain_options *chosen = values;
    struct gc_slot *array = gc_global(mutator, ARRAY_GLOBAL);
    struct gc_slot *order = gc_global(mutator, ORDER_GLOBAL);
    uint64_t checksum = 0;
    for (uint64_t i = 0; i < chosen->rounds; i++) {
        order_build(mutator, order, chosen, random);
        chain_build(mutator, array, chosen->rings, random_next(random));
        checksum = chain_read(mutator, gc_field_get(mutator, gc_local_get(array), 0), checksum);
        if (i == 0)
            gc_checkpoint(mutator, "chain built");
        collect_if(mutator, chosen->collect);
        references_drop(mutator, array, order, 0, chosen->rings / 2);
        if (i == 0)
            gc_checkpoint(mutator, "half of the references dropped");
        references_drop(mutator, array, order, chosen->rings / 2, chosen->rings);
        collect_if(mutator, chosen->collect);
    }
    gc_checkpoint(mutator, "all chains dropped");
    return checksum;
}

const struct workload workload = {
    .name = "ring-chain",
    .group = "pathology",
    .summary =
        "chained rings lose their roots in the worst order: quadratic where roots are tried one by one",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = GLOBALS,
    .run = run,
};
