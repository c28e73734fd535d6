/* SPDX-License-Identifier: MIT */
/*
 * Ranges of references: filling and copying them is what setting them one by one is. What they overwrite dies, what they
 * hold lives, and a range may be copied over itself.
 */
#include "harness/stress/model/units.h"
#include "tests/model.h"

enum { COUNT = 12 };

/* An array whose references are leaves with the numbers 1, 2 and so on; `spare` is null before and after. */
static void make_numbers(struct gc_slot *array, struct gc_slot *spare, uint64_t count)
{
    make(array, MODEL_ARRAY, count);
    for (uint64_t i = 0; i < count; i++) {
        make(spare, MODEL_LEAF, 0);
        *(uint64_t *)gc_payload(gc_local_get(spare), &model_shapes[MODEL_LEAF]) = i + 1;
        link_to(array, i, spare);
    }
    gc_local_del(m, spare);
}

/* The number at a place of an array; 0 for null. */
static uint64_t number_at(const struct gc_slot *array, uint64_t index)
{
    struct gc_ref leaf = field(array, index);
    return gc_is_null(leaf) ? 0 : *(uint64_t *)gc_payload(leaf, &model_shapes[MODEL_LEAF]);
}

static bool holds(const struct gc_slot *array, const uint64_t numbers[COUNT])
{
    bool same = true;
    for (uint64_t i = 0; i < COUNT; i++)
        same &= number_at(array, i) == numbers[i];
    return same;
}

static void filled(void)
{
    struct gc_frame frame = gc_frame_enter(m, 3);
    make_numbers(&frame.slot[0], &frame.slot[2], COUNT);
    make(&frame.slot[1], MODEL_LEAF, 0);
    struct model_mark start = mark();
    gc_fields_fill(m, gc_local_get(&frame.slot[0]), 2, 5, gc_local_get(&frame.slot[1]));
    if (gc_traits.counts)
        tap_equal(count_of(gc_local_get(&frame.slot[1])), 6, "each reference of a filled range counts");
    freed_exactly(start, 5, 5 * bytes_of(MODEL_LEAF, 0), "what filling overwrites is freed");
    gc_local_del(m, &frame.slot[1]);
    freed_exactly(start, 5, 5 * bytes_of(MODEL_LEAF, 0), "and what it has filled with is held");
    static const uint64_t numbers[COUNT] = {1, 2, 0, 0, 0, 0, 0, 8, 9, 10, 11, 12};
    tap_ok(holds(&frame.slot[0], numbers), "the others stay"); /* the leaf in the range has the number 0 */
    gc_fields_fill(m, gc_local_get(&frame.slot[0]), 0, COUNT, GC_NULL);
    freed_exactly(start, COUNT + 1, (COUNT + 1) * bytes_of(MODEL_LEAF, 0),
                  "filling with null clears a range");
    gc_fields_fill(m, gc_local_get(&frame.slot[0]), COUNT, 0, GC_NULL);
    tap_ok(true, "an empty range may stand at the end");
    gc_frame_leave(m, frame);
}

/* The value is held by the range that it fills, and by nothing else. */
static void filled_from_within(void)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    make_numbers(&frame.slot[0], &frame.slot[1], COUNT);
    struct model_mark start = mark();
    gc_fields_fill(m, gc_local_get(&frame.slot[0]), 0, COUNT, field(&frame.slot[0], 7));
    freed_exactly(start, COUNT - 1, (COUNT - 1) * bytes_of(MODEL_LEAF, 0),
                  "a range is filled with one of its own");
    tap_ok(number_at(&frame.slot[0], 0) == 8 && number_at(&frame.slot[0], COUNT - 1) == 8, "all of it");
    gc_frame_leave(m, frame);
}

/* Counts by hand: two billion references take too long. */
static void filled_to_saturation(void)
{
    if (!gc_traits.counts)
        return;
    struct gc_frame frame = gc_frame_enter(m, 2);
    make(&frame.slot[0], MODEL_ARRAY, COUNT);
    make(&frame.slot[1], MODEL_LEAF, 0);
    gc_local_get(&frame.slot[1]).object->count = INT32_MAX - 5;
    gc_fields_fill(m, gc_local_get(&frame.slot[0]), 0, 5, gc_local_get(&frame.slot[1]));
    tap_equal(count_of(gc_local_get(&frame.slot[1])), INT32_MAX,
              "a filled range may reach the highest count");
    gc_fields_fill(m, gc_local_get(&frame.slot[0]), 5, 3, gc_local_get(&frame.slot[1]));
    tap_equal(count_of(gc_local_get(&frame.slot[1])), INT64_MAX, "a count that it would pass is stuck");
    gc_fields_fill(m, gc_local_get(&frame.slot[0]), 8, 4, gc_local_get(&frame.slot[1]));
    tap_equal(count_of(gc_local_get(&frame.slot[1])), INT64_MAX, "filling leaves a stuck count so");
    gc_fields_fill(m, gc_local_get(&frame.slot[0]), 0, COUNT, GC_NULL);
    tap_equal(count_of(gc_local_get(&frame.slot[1])), INT64_MAX, "and so does clearing");
    gc_frame_leave(m, frame);
}

/* Arrays that a collector may log in parts, and has seen in a collection. */
static void filled_and_copied_in_large_arrays(void)
{
    enum { LARGE = 5003, BEGIN = 3, FILLED = 4100, FROM = 1000, COPIED = 4000 };
    struct gc_frame frame = gc_frame_enter(m, 3);
    make_numbers(&frame.slot[0], &frame.slot[2], LARGE);
    make_numbers(&frame.slot[1], &frame.slot[2], LARGE);
    gc_collect(m, GC_COLLECT_FULL);
    struct model_mark start = mark();
    make(&frame.slot[2], MODEL_LEAF, 0);
    gc_fields_fill(m, gc_local_get(&frame.slot[0]), BEGIN, FILLED, gc_local_get(&frame.slot[2]));
    gc_local_del(m, &frame.slot[2]);
    gc_collector_check(m);
    freed_exactly(start, FILLED, FILLED * bytes_of(MODEL_LEAF, 0), "a long range is filled");
    gc_collect(m, GC_COLLECT_FULL);
    gc_fields_copy(m, gc_local_get(&frame.slot[0]), 0, gc_local_get(&frame.slot[1]), FROM, COPIED);
    gc_collector_check(m);
    freed_exactly(start, FILLED + BEGIN, (FILLED + BEGIN) * bytes_of(MODEL_LEAF, 0),
                  "another is copied over it");
    tap_ok(number_at(&frame.slot[0], 0) == FROM + 1 &&
               number_at(&frame.slot[0], COPIED - 1) == FROM + COPIED &&
               number_at(&frame.slot[0], COPIED) == 0,
           "as far as it reaches");
    gc_local_del(m, &frame.slot[1]);
    freed_exactly(start, FILLED + BEGIN + 1 + LARGE - COPIED,
                  (FILLED + BEGIN + LARGE - COPIED) * bytes_of(MODEL_LEAF, 0) + bytes_of(MODEL_ARRAY, LARGE),
                  "and holds what it has copied");
    gc_frame_leave(m, frame);
}

static void copied(void)
{
    struct gc_frame frame = gc_frame_enter(m, 3);
    make_numbers(&frame.slot[0], &frame.slot[2], COUNT);
    make_numbers(&frame.slot[1], &frame.slot[2], COUNT);
    struct model_mark start = mark();
    gc_fields_copy(m, gc_local_get(&frame.slot[0]), 1, gc_local_get(&frame.slot[1]), 4, 6);
    static const uint64_t numbers[COUNT] = {1, 5, 6, 7, 8, 9, 10, 8, 9, 10, 11, 12};
    tap_ok(holds(&frame.slot[0], numbers), "a range of another object is copied");
    freed_exactly(start, 6, 6 * bytes_of(MODEL_LEAF, 0), "what it overwrites is freed");
    if (gc_traits.counts)
        tap_equal(count_of(field(&frame.slot[1], 4)), 2, "and what is copied has one reference more");
    gc_frame_leave(m, frame);
}

static void copied_over_itself(void)
{
    static const uint64_t up[COUNT] = {1, 2, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12};
    static const uint64_t down[COUNT] = {3, 4, 5, 6, 7, 8, 9, 8, 9, 10, 11, 12};
    struct gc_frame frame = gc_frame_enter(m, 2);
    make_numbers(&frame.slot[0], &frame.slot[1], COUNT);
    gc_fields_copy(m, gc_local_get(&frame.slot[0]), 2, gc_local_get(&frame.slot[0]), 0, 7);
    tap_ok(holds(&frame.slot[0], up), "a range is copied up over itself");
    make_numbers(&frame.slot[0], &frame.slot[1], COUNT);
    gc_fields_copy(m, gc_local_get(&frame.slot[0]), 0, gc_local_get(&frame.slot[0]), 2, 7);
    tap_ok(holds(&frame.slot[0], down), "and down");
    gc_frame_leave(m, frame);
}

/* The array that is copied from is held by the first reference that the copy overwrites. */
static void copied_from_what_dies(void)
{
    struct gc_frame frame = gc_frame_enter(m, 3);
    make(&frame.slot[0], MODEL_ARRAY, COUNT);
    make_numbers(&frame.slot[1], &frame.slot[2], COUNT);
    link_to(&frame.slot[0], 0, &frame.slot[1]);
    gc_local_del(m, &frame.slot[1]);
    struct model_mark start = mark();
    gc_fields_copy(m, gc_local_get(&frame.slot[0]), 0, field(&frame.slot[0], 0), 0, COUNT);
    tap_ok(number_at(&frame.slot[0], 0) == 1 && number_at(&frame.slot[0], COUNT - 1) == COUNT,
           "what is copied from may be overwritten");
    freed_exactly(start, 1, bytes_of(MODEL_ARRAY, COUNT), "and then dies, when all is copied");
    gc_frame_leave(m, frame);
}

int model_ranges(void)
{
    static void (*const tests[])(void) = {
        filled, filled_from_within, filled_to_saturation, filled_and_copied_in_large_arrays,
        copied, copied_over_itself, copied_from_what_dies};
    return MODEL_RUN_RECLAIMING(tests);
}
