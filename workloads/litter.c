/* SPDX-License-Identifier: MIT */
/*
 * litter: of many objects side by side few survive, and then one large object is made. The model is a report
 * against ChakraCore (pull request 502): long-lived objects between short-lived ones of the same pages kept
 * almost empty pages. Robson (Worst case fragmentation of first fit and best fit storage allocation
 * strategies, Computer Journal 20(3), 1977) bounds what an allocator can lose in this way.
 *
 * Each round makes `dead` objects for each survivor, in the order of allocation, and drops them together once
 * all are made. A survivor remains in each page or so. Then the round makes an object of `large` bytes and
 * drops it.
 *
 *      sizes     payloads of a round
 *      mixed     from `min` to `max`, many small and few large (density falling with the square of the size)
 *      rising    all of one size, up to an eighth larger than in the round before, from `min` to `max`
 *
 * With sizes=rising no later object fits into the cells of the round before. Memory that is kept for one size
 * of objects is then of no use.
 *
 * Stresses fragmentation. Compare the resident memory with the bytes that live, and moving collectors with
 * others. With sizes=rising,survivors=500 the worst had 6 times as much resident as the best: heaps of blocks
 * for one size each against malloc.
 *
 * The objects lie on no ring and refer to nothing, and hardly anything is read. Conclude nothing about the
 * time that collections take, nor about a program whose survivors were made together.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

enum { SIZES_MIXED, SIZES_RISING };
static const char *const sizes_words[] = {"mixed", "rising", NULL};

struct litter_options {
    uint64_t rounds;
    uint64_t survivors;
    uint64_t dead;
    uint64_t sizes;
    uint64_t min;
    uint64_t max;
    uint64_t large;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct litter_options, rounds, 100, 1, 1e6, "", "rounds; the survivors of all live on"),
    OPTION_INTEGER(struct litter_options, survivors, 2000, 1, 1e8, "objects", "survivors of each round"),
    OPTION_INTEGER(struct litter_options, dead, 32, 0, 1000, "objects", "objects that die for each survivor"),
    OPTION_CHOICE(struct litter_options, sizes, SIZES_MIXED, sizes_words, "how payload sizes are drawn"),
    OPTION_INTEGER(struct litter_options, min, 16, 8, 1e9, "bytes", "smallest payload"),
    OPTION_INTEGER(struct litter_options, max, 1024, 8, 1e9, "bytes",
                   "largest payload; below min it counts as min"),
    OPTION_INTEGER(struct litter_options, large, 4e6, 8, 1e11, "bytes",
                   "payload of the object that each round ends with"),
};
static const struct option_table options = OPTION_TABLE(struct litter_options, option_specs);

enum { ARRAY, OBJECT };
static const struct gc_shape shapes[] = {
    [ARRAY] = {.name = "array", .id = ARRAY, .flags = GC_SHAPE_REFS_VARY},
    [OBJECT] = {.name = "object", .id = OBJECT, .flags = GC_SHAPE_BYTES_VARY | GC_SHAPE_ACYCLIC},
};

struct litter_state {
    const struct litter_options *chosen;
    struct random_state *random;
    uint64_t size; /* of the payloads of this round, when they are of one size */
    uint64_t checksum;
};

/* ---- objects ---- */

static uint64_t size_max(const struct litter_options *chosen)
{
    return chosen->max > chosen->min ? chosen->max : chosen->min;
}

/* Draws a size. Where sizes are mixed, this is the inverse of the distribution function of alloc-churn's
 * power law, and gives the same on every machine. */
static uint64_t size_draw(const struct litter_state *state)
{
    if (state->chosen->sizes == SIZES_RISING)
        return state->size;
    double min = (double)state->chosen->min;
    double max = (double)size_max(state->chosen);
    return (uint64_t)(min / (1.0 - random_real(state->random) * (1.0 - min / max)));
}

/* The size of the next round: up to an eighth more, and 8 bytes at least. After `max` comes `min` again. */
static void size_rise(struct litter_state *state)
{
    state->size += state->size / 64 * 8 + (state->size < 64 ? 8 : 0);
    if (state->size > size_max(state->chosen))
        state->size = state->chosen->min;
}

/* Makes an object, and writes both ends of its payload. */
static void object_make(struct gc_mutator *mutator, struct gc_slot *slot, uint64_t size, uint64_t number)
{
    gc_local_new(mutator, slot, &shapes[OBJECT], size);
    unsigned char *payload = gc_payload(gc_local_get(slot), &shapes[OBJECT]);
    *(uint64_t *)payload = number;
    payload[size - 1] = (unsigned char)number;
}

static uint64_t object_read(struct gc_ref object)
{
    const unsigned char *payload = gc_payload(object, &shapes[OBJECT]);
    uint64_t size = gc_length(object);
    return *(const uint64_t *)payload + size + payload[size - 1];
}

/* ---- a round ---- */

/* Makes an object and puts it into a place of an array. */
static void object_put(struct gc_mutator *mutator, struct litter_state *state, const struct gc_slot *array,
                       uint64_t place)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    object_make(mutator, &frame.slot[0], size_draw(state), random_next(state->random));
    gc_field_set(mutator, gc_local_get(array), place, gc_local_get(&frame.slot[0]));
    gc_frame_leave(mutator, frame);
}

/* Reads every object of an array. Nothing here collects or drops. */
static uint64_t array_read(struct gc_mutator *mutator, struct gc_ref array, uint64_t checksum)
{
    for (uint64_t i = 0; i < gc_length(array); i++)
        checksum = checksum_add(checksum, object_read(gc_field_get(mutator, array, i)));
    return checksum;
}

/* Makes the survivors of a round, each behind `dead` others. The others die as the function ends. */
static void litter_make(struct gc_mutator *mutator, struct litter_state *state, struct gc_slot *survivors)
{
    const struct litter_options *chosen = state->chosen;
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *dead = &frame.slot[0];
    gc_local_new(mutator, survivors, &shapes[ARRAY], chosen->survivors);
    gc_local_new(mutator, dead, &shapes[ARRAY], chosen->survivors * chosen->dead);
    for (uint64_t i = 0; i < chosen->survivors; i++) {
        for (uint64_t j = 0; j < chosen->dead; j++)
            object_put(mutator, state, dead, i * chosen->dead + j);
        object_put(mutator, state, survivors, i);
    }
    state->checksum = array_read(mutator, gc_local_get(dead), state->checksum);
    gc_frame_leave(mutator, frame);
}

/* A function that makes a large object, reads it and ends. */
static void large_make(struct gc_mutator *mutator, struct litter_state *state)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    object_make(mutator, &frame.slot[0], state->chosen->large, random_next(state->random));
    state->checksum = checksum_add(state->checksum, object_read(gc_local_get(&frame.slot[0])));
    gc_frame_leave(mutator, frame);
}

static void round_run(struct gc_mutator *mutator, struct litter_state *state, uint64_t round)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *survivors = &frame.slot[0];
    litter_make(mutator, state, survivors);
    gc_field_set(mutator, gc_local_get(gc_global(mutator, 0)), round, gc_local_get(survivors));
    large_make(mutator, state);
    size_rise(state);
    gc_frame_leave(mutator, frame);
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct litter_options *chosen = values;
    struct litter_state state = {.chosen = chosen, .random = random, .size = chosen->min};
    struct gc_slot *kept = gc_global(mutator, 0);
    gc_local_new(mutator, kept, &shapes[ARRAY], chosen->rounds);
    for (uint64_t round = 0; round < chosen->rounds; round++) {
        round_run(mutator, &state, round);
        if (round == chosen->rounds / 2)
            gc_checkpoint(mutator, "half of the rounds done");
    }
    gc_checkpoint(mutator, "all rounds done");
    uint64_t checksum = state.checksum;
    for (uint64_t round = 0; round < chosen->rounds; round++)
        checksum = array_read(mutator, gc_field_get(mutator, gc_local_get(kept), round), checksum);
    return checksum;
}

const struct workload workload = {
    .name = "litter",
    .group = "pathology",
    .summary = "one object in 33 survives, between the dead of its page, and then a large one is made",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = 1,
    .run = run,
};
