/* SPDX-License-Identifier: MIT */
/*
 * disorder: objects die in another order than the one in which they were made, and the next ones take their
 * memory. The model is a report against CPython (bugs.python.org, issue 32846). A set drops its members in
 * the order of their hashes. To delete one of 4 million strings took 0.36 s, and one of 100 million took 80.
 * By the second round new neighbours have addresses far from each other. A collector that follows a list of
 * all objects then goes through memory at random (CPython's, in Pyston's pull request 110).
 *
 * Each round fills an array with pairs of objects, the second of which refers to the first. It asks for
 * `collections` full collections while all of them live. Then it drops the objects in the chosen order.
 *
 *      order       objects die
 *      made        as they were made
 *      reversed    the youngest first
 *      random      at random, in another order each round
 *
 * Stresses the locality of freeing, of the memory that is handed out again, and of a collection's passes.
 * Compare with order=made: the difference is the disorder alone. Collectors that follow a list took more than
 * 10 times as long as the best.
 *
 * All objects are of one size, and none lives longer than its round. Conclude nothing about fragmentation,
 * which is litter's subject, nor about when a collector collects by itself.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

enum { ORDER_MADE, ORDER_REVERSED, ORDER_RANDOM };
static const char *const order_words[] = {"made", "reversed", "random", NULL};

struct disorder_options {
    uint64_t objects;
    uint64_t rounds;
    uint64_t order;
    uint64_t collections;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct disorder_options, objects, 1e6, 1, 1e9, "objects", "objects made in each round"),
    OPTION_INTEGER(struct disorder_options, rounds, 8, 1, 1e9, "", "times that they are made and dropped"),
    OPTION_CHOICE(struct disorder_options, order, ORDER_RANDOM, order_words, "in which order they die"),
    OPTION_INTEGER(struct disorder_options, collections, 1, 0, 1e6, "collections",
                   "full collections asked for in each round, while all live"),
};
static const struct option_table options = OPTION_TABLE(struct disorder_options, option_specs);

enum { ARRAY, OBJECT };
static const struct gc_shape shapes[] = {
    [ARRAY] = {.name = "array", .id = ARRAY, .flags = GC_SHAPE_REFS_VARY},
    [OBJECT] = {.name = "object", .id = OBJECT, .refs = 1, .payload = sizeof(uint64_t)},
};
/* The reference of a pair's second object to its first. */
enum { FIRST };

static uint64_t *number_of(struct gc_ref object)
{
    return gc_payload(object, &shapes[OBJECT]);
}

/* ---- the order ---- */

/*
 * A permutation of the numbers below `count`. It is computed, and so takes no memory of its own. A step is a
 * bijection on the numbers up to `mask`, which is a power of two less one. Numbers that leave the range go
 * through it again, until they are back: fewer than twice on average.
 */
struct permutation {
    uint64_t count;
    uint64_t mask;
    uint64_t factors[2]; /* odd */
    uint64_t added[2];
    unsigned shift; /* at least 1 */
};

static struct permutation permutation_draw(uint64_t count, struct random_state *random)
{
    unsigned bits = count > 1 ? 64 - (unsigned)__builtin_clzll(count - 1) : 0;
    struct permutation permutation = {
        .count = count, .mask = ((uint64_t)1 << bits) - 1, .shift = bits / 2 + 1};
    for (int i = 0; i < 2; i++) {
        permutation.factors[i] = random_next(random) | 1;
        permutation.added[i] = random_next(random);
    }
    return permutation;
}

static uint64_t permutation_at(const struct permutation *permutation, uint64_t number)
{
    do {
        for (int i = 0; i < 2; i++) {
            number = (number * permutation->factors[i] + permutation->added[i]) & permutation->mask;
            number ^= number >> permutation->shift;
        }
    } while (number >= permutation->count);
    return number;
}

/* The place of the object that is the `turn`th to be dropped. */
static uint64_t place_of(const struct disorder_options *chosen, const struct permutation *permutation,
                         uint64_t turn)
{
    switch (chosen->order) {
    case ORDER_MADE:
        return turn;
    case ORDER_REVERSED:
        return chosen->objects - 1 - turn;
    default:
        return permutation_at(permutation, turn);
    }
}

/* ---- a round ---- */

static void array_fill(struct gc_mutator *mutator, struct gc_slot *array, uint64_t objects,
                       struct random_state *random)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *made = &frame.slot[0];
    for (uint64_t i = 0; i < objects; i++) {
        gc_local_new(mutator, made, &shapes[OBJECT], 0);
        *number_of(gc_local_get(made)) = random_next(random);
        if (i % 2 == 1)
            gc_field_set(mutator, gc_local_get(made), FIRST,
                         gc_field_get(mutator, gc_local_get(array), i - 1));
        gc_field_set(mutator, gc_local_get(array), i, gc_local_get(made));
    }
    gc_frame_leave(mutator, frame);
}

/* Drops every object. Reads it before, and the one to which it refers. */
static uint64_t array_empty(struct gc_mutator *mutator, struct gc_slot *array,
                            const struct disorder_options *chosen, const struct permutation *permutation,
                            uint64_t checksum)
{
    for (uint64_t turn = 0; turn < chosen->objects; turn++) {
        uint64_t place = place_of(chosen, permutation, turn);
        struct gc_ref object = gc_field_get(mutator, gc_local_get(array), place);
        struct gc_ref first = gc_field_get(mutator, object, FIRST);
        checksum = checksum_add(checksum, *number_of(object));
        if (!gc_is_null(first))
            checksum += *number_of(first);
        gc_field_del(mutator, gc_local_get(array), place);
        if (turn == chosen->objects / 2)
            gc_checkpoint(mutator, "half of the objects dropped");
    }
    return checksum;
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct disorder_options *chosen = values;
    struct gc_slot *array = gc_global(mutator, 0);
    uint64_t checksum = 0;
    gc_local_new(mutator, array, &shapes[ARRAY], chosen->objects);
    for (uint64_t round = 0; round < chosen->rounds; round++) {
        struct permutation permutation = permutation_draw(chosen->objects, random);
        array_fill(mutator, array, chosen->objects, random);
        for (uint64_t i = 0; i < chosen->collections; i++)
            gc_collect(mutator, GC_COLLECT_FULL);
        checksum = array_empty(mutator, array, chosen, &permutation, checksum);
    }
    gc_checkpoint(mutator, "all rounds done");
    return checksum_add(checksum, gc_length(gc_local_get(array)));
}

const struct workload workload = {
    .name = "disorder",
    .group = "pathology",
    .summary = "objects die in another order than they were made, round after round: passes without locality",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = 1,
    .run = run,
};
