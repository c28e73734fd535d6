/* SPDX-License-Identifier: MIT */
/*
 * ephemeron-chain: a chain of ephemerons, in which each value leads to the next one's key. A name holds the first key,
 * and a list holds the ephemerons. So all of the chain hangs on one key. A collector that marks, then goes through the
 * list of ephemerons for keys that are marked, and again for as long as it finds one, needs a round for each link where
 * the list runs against the chain: the square of its length (Hayes, "Ephemerons: a new finalization mechanism", OOPSLA
 * 1997; Barros and Ierusalimschy, "Eliminating cycles in weak tables", Journal of Universal Computer Science 2008, who
 * found it in Lua's). V8 goes over to another algorithm after ten rounds (--ephemeron-fixpoint-iterations).
 *
 * Each round builds a chain, collects fully while it lives, follows it from its first key, drops that key, and collects
 * fully again. A collector's work should be linear in `pairs`, and the same in every order of the list. With `back` each
 * value refers to its key, so that each pair is a ring. It must die with its key nevertheless. What `census` says of
 * counting is too high then. All collectors here are linear: this is a guard, and no contest.
 *
 * Stresses the edge that depends on two objects, and the death of one key that takes all others with it.
 *
 * Each key has one ephemeron, and nearly all that lives is in the chain. Conclude nothing about tables in which many
 * ephemerons share a key, about the look-up of a key, nor about weak references in a heap that has few.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

enum { ORDER_AGAINST, ORDER_ALONG };
static const char *const order_words[] = {"against", "along", NULL};

struct pair_options {
    uint64_t pairs;
    uint64_t hops;
    uint64_t rounds;
    uint64_t order;
    bool back;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct pair_options, pairs, 1e5, 1, 1e8, "ephemerons", "length of the chain"),
    OPTION_INTEGER(struct pair_options, hops, 1, 0, 1e6, "objects",
                   "between a value and the next key; 0: it is the next key"),
    OPTION_INTEGER(struct pair_options, rounds, 16, 1, 1e6, "", "chains built and dropped"),
    OPTION_CHOICE(struct pair_options, order, ORDER_AGAINST, order_words,
                  "how the list of the ephemerons runs, compared with the chain"),
    OPTION_SWITCH(struct pair_options, back, false, "each value refers to its key"),
};
static const struct option_table options = OPTION_TABLE(struct pair_options, option_specs);

enum { NODE, PAIR };
static const struct gc_shape shapes[] = {
    [NODE] = {.name = "node", .id = NODE, .flags = GC_SHAPE_REFERENT, .refs = 2, .payload = sizeof(uint64_t)},
    [PAIR] = {.name = "pair",
              .id = PAIR,
              .flags = GC_SHAPE_WEAK | GC_SHAPE_EPHEMERON,
              .refs = 2,
              .payload = sizeof(uint64_t) + GC_WEAK_BYTES},
};
/* A node leads to the next object on the way from a value to a key; a value refers back to its key. */
enum { NEXT, BACK };
/* The first reference of an ephemeron is its value. The other one leads along the list. */
enum { LIST = GC_EPHEMERON_VALUE + 1 };
enum { LIST_GLOBAL, FIRST_GLOBAL, GLOBALS };

static void node_make(struct gc_mutator *mutator, struct gc_slot *slot, uint64_t number)
{
    gc_local_new(mutator, slot, &shapes[NODE], 0);
    *(uint64_t *)gc_payload(gc_local_get(slot), &shapes[NODE]) = number;
}

/* Makes the value of a key, and the next key, to which it leads. `key` is the next one afterwards. */
static void link_make(struct gc_mutator *mutator, struct gc_slot *pair, struct gc_slot *key,
                      const struct pair_options *chosen, uint64_t number)
{
    struct gc_frame frame = gc_frame_enter(mutator, 3);
    struct gc_slot *value = &frame.slot[0];
    struct gc_slot *last = &frame.slot[1];
    struct gc_slot *made = &frame.slot[2];
    node_make(mutator, value, number);
    gc_local_new(mutator, pair, &shapes[PAIR], 0);
    gc_ephemeron_set(mutator, gc_local_get(pair), gc_local_get(key),
                     gc_local_get(value)); /* table[key] = value */
    if (chosen->back)
        gc_field_set(mutator, gc_local_get(value), BACK, gc_local_get(key));
    gc_local_set(mutator, last, gc_local_get(value));
    for (uint64_t i = 0; i < chosen->hops; i++) {
        node_make(mutator, made, number + i);
        gc_field_set(mutator, gc_local_get(last), NEXT, gc_local_get(made));
        gc_local_move(mutator, last, made);
    }
    gc_local_move(mutator, key, last);
    gc_frame_leave(mutator, frame);
}

/* Adds an ephemeron to the list: in front of it, or behind `last`, which is the last of the list and stays so. */
static void list_add(struct gc_mutator *mutator, struct gc_slot *last, struct gc_slot *pair, bool in_front)
{
    struct gc_slot *list = gc_global(mutator, LIST_GLOBAL);
    if (in_front)
        gc_field_set(mutator, gc_local_get(pair), LIST, gc_local_get(list));
    else if (!gc_is_null(gc_local_get(last)))
        gc_field_set(mutator, gc_local_get(last), LIST, gc_local_get(pair));
    if (in_front || gc_is_null(gc_local_get(list)))
        gc_local_set(mutator, list, gc_local_get(pair));
    gc_local_move(mutator, last, pair);
}

static void chain_build(struct gc_mutator *mutator, const struct pair_options *chosen, uint64_t first)
{
    struct gc_frame frame = gc_frame_enter(mutator, 3);
    struct gc_slot *key = &frame.slot[0];
    struct gc_slot *pair = &frame.slot[1];
    struct gc_slot *last = &frame.slot[2];
    node_make(mutator, key, first);
    gc_local_set(mutator, gc_global(mutator, FIRST_GLOBAL), gc_local_get(key));
    for (uint64_t i = 0; i < chosen->pairs; i++) {
        link_make(mutator, pair, key, chosen, first + i);
        list_add(mutator, last, pair, chosen->order == ORDER_AGAINST);
    }
    gc_frame_leave(mutator, frame);
}

/* Reads all values, in the order of the list. Nothing here collects or drops. */
static uint64_t chain_read(struct gc_mutator *mutator, uint64_t checksum)
{
    struct gc_ref pair = gc_local_get(gc_global(mutator, LIST_GLOBAL));
    for (; !gc_is_null(pair); pair = gc_field_get(mutator, pair, LIST)) {
        struct gc_ref node = gc_ephemeron_value(mutator, pair);
        uint64_t length = 0;
        for (; !gc_is_null(node); node = gc_field_get(mutator, node, NEXT), length++)
            checksum = checksum_add(checksum, *(uint64_t *)gc_payload(node, &shapes[NODE]));
        checksum = checksum_add(checksum, length);
    }
    return checksum;
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct pair_options *chosen = values;
    uint64_t checksum = 0;
    for (uint64_t i = 0; i < chosen->rounds; i++) {
        chain_build(mutator, chosen, random_next(random));
        if (i == 0)
            gc_checkpoint(mutator, "chain built");
        gc_collect(mutator, GC_COLLECT_FULL);
        checksum = chain_read(mutator, checksum);
        gc_local_del(mutator, gc_global(mutator, FIRST_GLOBAL)); /* del first */
        gc_collect(mutator, GC_COLLECT_FULL);
        if (i == 0)
            gc_checkpoint(mutator, "first key dropped");
        gc_local_del(mutator, gc_global(mutator, LIST_GLOBAL)); /* del table */
    }
    return checksum;
}

const struct workload workload = {
    .name = "ephemeron-chain",
    .group = "pathology",
    .summary = "ephemerons in a chain: each value leads to the next one's key",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = GLOBALS,
    .run = run,
};
