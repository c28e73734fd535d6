/* SPDX-License-Identifier: MIT */
/*
 * Writes are coalesced: the work of a collection depends on how many objects were written, not on how often.
 * For a large object, it depends on how many of its segments were written. And an object that dies young is
 * never counted.
 */
#include "collectors/gc.h"
#include "tests/mutator.h"
#include "tests/pauses.h"
#include "tests/tap.h"

enum { ARRAY };
enum { SEGMENT = COALESCING_SEGMENT, TABLE = 5003 };
static_assert(TABLE % SEGMENT > 0, "the last segment is short");
static const struct gc_shape shapes[] = {{.name = "array", .id = ARRAY, .flags = GC_SHAPE_REFS_VARY}};

static struct gc_mutator *m;
static struct test_pauses heard;

/* Writes `writes` times to the fields of an array, two objects in turn, and collects. Returns the visits. */
static uint64_t visits_after(const struct gc_slot *slots, int writes)
{
    for (int i = 0; i < writes; i++)
        gc_field_set(m, gc_local_get(&slots[0]), (uint64_t)i % 8, gc_local_get(&slots[1 + i / 8 % 2]));
    gc_collect(m, GC_COLLECT_YOUNG);
    gc_collector_check(m);
    return heard.all.last.visited_objects;
}

/* A large array that is written all the time is not logged anew after each collection. A small one is. */
static void a_large_array(void)
{
    enum { LENGTH = 100000, TEMPORARIES = 300000 };
    struct gc_frame frame = gc_frame_enter(m, 2);
    gc_local_new(m, &frame.slot[0], &shapes[ARRAY], LENGTH);
    gc_local_new(m, &frame.slot[1], &shapes[ARRAY], 1);
    for (uint64_t i = 0; i < LENGTH; i++)
        gc_field_set(m, gc_local_get(&frame.slot[0]), i, gc_local_get(&frame.slot[1]));
    gc_collect(m, GC_COLLECT_YOUNG);
    test_pauses_begin(m, &heard);
    for (uint64_t i = 0; i < TEMPORARIES; i++) {
        gc_local_new(m, &frame.slot[1], &shapes[ARRAY], 1);
        gc_field_set(m, gc_local_get(&frame.slot[0]), i % LENGTH, gc_local_get(&frame.slot[1]));
    }
    tap_ok(heard.all.visited > 0 && heard.all.visited < 12 * (uint64_t)TEMPORARIES,
           "writing one field of a large array between collections costs no more than is made");
    tap_note("%llu visits", (unsigned long long)heard.all.visited);
    gc_frame_leave(m, frame);
}

/* ---- newborns ---- */

/* one = Array(1); two = Array(1); one[0] = two; two[0] = one. If `kept`, the array in slot 0 then refers to
 * `one`. */
static void ring_make(struct gc_frame frame, bool kept)
{
    gc_local_new(m, &frame.slot[1], &shapes[ARRAY], 1);
    gc_local_new(m, &frame.slot[2], &shapes[ARRAY], 1);
    gc_field_set(m, gc_local_get(&frame.slot[1]), 0, gc_local_get(&frame.slot[2]));
    gc_field_set(m, gc_local_get(&frame.slot[2]), 0, gc_local_get(&frame.slot[1]));
    if (kept)
        gc_field_set(m, gc_local_get(&frame.slot[0]), 0, gc_local_get(&frame.slot[1]));
    gc_local_del(m, &frame.slot[1]);
    gc_local_del(m, &frame.slot[2]);
}

/* Rings that die young, beside one ring that lives. */
static void rings_that_die_young(void)
{
    enum { RINGS = 1000 };
    gc_collect(m, GC_COLLECT_YOUNG);
    uint64_t before = gc_held_objects(m);
    struct gc_frame frame = gc_frame_enter(m, 3);
    gc_local_new(m, &frame.slot[0], &shapes[ARRAY], 1);
    gc_collect(m, GC_COLLECT_YOUNG);
    gc_collect(m, GC_COLLECT_YOUNG);
    int64_t none = (int64_t)heard.all.last.visited_objects;
    for (int i = 0; i < RINGS; i++)
        ring_make(frame, i == RINGS / 2);
    gc_collector_check(m);
    gc_collect(m, GC_COLLECT_YOUNG);
    gc_collector_check(m);
    tap_equal((int64_t)heard.all.last.visited_objects - none, 2 * RINGS + 1,
              "of what dies before its first collection nothing is looked at but the objects");
    tap_equal((int64_t)(gc_held_objects(m) - before), 1 + 2, "rings of them go without a trace");
    gc_frame_leave(m, frame);
    gc_collect(m, GC_COLLECT_YOUNG);
    gc_collector_check(m);
    tap_equal((int64_t)(gc_held_objects(m) - before), 2,
              "one that lived through a collection waits for a trace");
    gc_collect(m, GC_COLLECT_FULL);
    gc_collector_check(m);
    tap_equal((int64_t)gc_held_objects(m), (int64_t)before, "which frees it");
}

/* One slot refers to the list, and only the next link to each link. */
static void lists_that_live(void)
{
    enum { LINKS = 10000 };
    uint64_t before = gc_held_objects(m);
    struct gc_frame frame = gc_frame_enter(m, 2);
    for (int i = 0; i < LINKS; i++) {
        gc_local_new(m, &frame.slot[1], &shapes[ARRAY], 1);
        gc_field_set(m, gc_local_get(&frame.slot[1]), 0, gc_local_get(&frame.slot[0]));
        gc_local_move(m, &frame.slot[0], &frame.slot[1]);
    }
    gc_collector_check(m);
    gc_collect(m, GC_COLLECT_YOUNG);
    gc_collector_check(m);
    tap_equal((int64_t)(gc_held_objects(m) - before), LINKS, "what a newborn that lives refers to lives");
    gc_frame_leave(m, frame);
    gc_collect(m, GC_COLLECT_YOUNG);
    gc_collector_check(m);
    tap_equal((int64_t)gc_held_objects(m), (int64_t)before, "and is counted, and so freed by counting");
}

/* ---- segments ---- */

/* Puts a clean table into slot 0; all its references are to the object in slot 1. */
static struct gc_frame table_open(void)
{
    struct gc_frame frame = gc_frame_enter(m, 3);
    gc_local_new(m, &frame.slot[0], &shapes[ARRAY], TABLE);
    gc_local_new(m, &frame.slot[1], &shapes[ARRAY], 1);
    for (uint64_t i = 0; i < TABLE; i++)
        gc_field_set(m, gc_local_get(&frame.slot[0]), i, gc_local_get(&frame.slot[1]));
    gc_collect(m, GC_COLLECT_YOUNG);
    return frame;
}

/* Drops the slots of the frame, and frees all that they kept alive. */
static void table_close(struct gc_frame frame)
{
    gc_frame_leave(m, frame);
    gc_collect(m, GC_COLLECT_FULL);
    gc_collector_check(m);
}

/* Writes to `count` places of the table in slot 0, each `times` times, and collects. Returns the visits. */
static int64_t visits_of(struct gc_frame frame, const uint64_t *places, int count, int times)
{
    for (int i = 0; i < count * times; i++)
        gc_field_set(m, gc_local_get(&frame.slot[0]), places[i % count], gc_local_get(&frame.slot[1]));
    gc_collector_check(m);
    gc_collect(m, GC_COLLECT_YOUNG);
    gc_collector_check(m);
    return (int64_t)heard.all.last.visited_objects;
}

/* A collection visits the table and each of its dirty segments, besides the references. */
static void logged_by_segments(void)
{
    struct gc_frame frame = table_open();
    int64_t none = visits_of(frame, NULL, 0, 0);
    tap_equal(visits_of(frame, (uint64_t[]){4000}, 1, 1) - none, 1 + 1 + SEGMENT,
              "the first write to a segment of a large array logs the segment");
    tap_equal(visits_of(frame, (uint64_t[]){TABLE - 1}, 1, 1) - none, 1 + 1 + TABLE % SEGMENT,
              "at its end, the few references that are left");
    tap_equal(visits_of(frame, (uint64_t[]){SEGMENT, 2 * SEGMENT - 1}, 2, 1000) - none, 1 + 1 + SEGMENT,
              "a segment is logged once, wherever in it and however often is written");
    tap_equal(visits_of(frame, (uint64_t[]){SEGMENT - 1, SEGMENT, 3000}, 3, 2) - none, 1 + 3 * (1 + SEGMENT),
              "and each for itself");
    tap_equal(visits_of(frame, NULL, 0, 0), none, "after a collection all is clean");
    table_close(frame);
}

/* Of a range that one operation writes, each segment is logged once. */
static void ranges_logged_once(void)
{
    enum { SEGMENTS = 10, RANGE = SEGMENTS * SEGMENT };
    struct gc_frame frame = table_open();
    int64_t none = visits_of(frame, NULL, 0, 0);
    for (int i = 0; i < 2; i++)
        gc_fields_fill(m, gc_local_get(&frame.slot[0]), SEGMENT, RANGE, gc_local_get(&frame.slot[1]));
    tap_equal(visits_of(frame, NULL, 0, 0) - none, 1 + SEGMENTS * (1 + SEGMENT),
              "a range that is filled is logged once");
    gc_fields_copy(m, gc_local_get(&frame.slot[0]), SEGMENT - 1, gc_local_get(&frame.slot[0]), 0, RANGE);
    tap_equal(visits_of(frame, NULL, 0, 0) - none, 1 + (SEGMENTS + 1) * (1 + SEGMENT),
              "of one that is copied, all segments that it touches");
    gc_fields_copy(m, gc_local_get(&frame.slot[0]), TABLE - 1, gc_local_get(&frame.slot[0]), 0, 1);
    tap_equal(visits_of(frame, NULL, 0, 0) - none, 1 + 1 + TABLE % SEGMENT, "the last one is short");
    gc_fields_fill(m, gc_local_get(&frame.slot[0]), TABLE, 0, GC_NULL);
    gc_fields_copy(m, gc_local_get(&frame.slot[0]), 0, gc_local_get(&frame.slot[0]), TABLE, 0);
    tap_equal(visits_of(frame, NULL, 0, 0), none, "an empty one is not logged");
    table_close(frame);
}

/* Two tables are dirty at once. */
static void bits_of_their_own(void)
{
    struct gc_frame frame = table_open();
    int64_t none = visits_of(frame, NULL, 0, 0);
    gc_local_new(m, &frame.slot[2], &shapes[ARRAY], TABLE);
    for (uint64_t i = 0; i < TABLE; i++)
        gc_field_set(m, gc_local_get(&frame.slot[2]), i, gc_local_get(&frame.slot[1]));
    gc_collect(m, GC_COLLECT_YOUNG);
    tap_ok((int64_t)heard.all.last.visited_objects - none < SEGMENT,
           "an array that is born and filled logs nothing");
    none = visits_of(frame, NULL, 0, 0);
    for (uint64_t i = 0; i < 3; i++)
        gc_field_set(m, gc_local_get(&frame.slot[2]), i * 640, gc_local_get(&frame.slot[1]));
    tap_equal(visits_of(frame, (uint64_t[]){0, 640}, 2, 1) - none, 2 + 5 * (1 + SEGMENT),
              "two arrays have segments of their own");
    table_close(frame);
}

/* Each place of a table refers to an object of its own. Then every third place is overwritten, and every
 * fifth is cleared. */
static void counts_are_exact(void)
{
    struct gc_frame frame = table_open();
    uint64_t before = gc_held_objects(m);
    uint64_t lost = 0;
    for (uint64_t i = 0; i < TABLE; i++) {
        gc_local_new(m, &frame.slot[2], &shapes[ARRAY], 1);
        gc_field_set(m, gc_local_get(&frame.slot[0]), i, gc_local_get(&frame.slot[2]));
    }
    visits_of(frame, NULL, 0, 0);
    tap_equal((int64_t)gc_held_objects(m), (int64_t)before + TABLE, "what a table refers to is kept");
    for (uint64_t i = 0; i < TABLE; i++) {
        if (i % 3 == 0)
            gc_field_set(m, gc_local_get(&frame.slot[0]), i, gc_local_get(&frame.slot[1]));
        if (i % 5 == 0)
            gc_field_del(m, gc_local_get(&frame.slot[0]), i);
        lost += i % 3 == 0 || i % 5 == 0;
    }
    gc_local_del(m, &frame.slot[2]);
    visits_of(frame, NULL, 0, 0);
    tap_equal((int64_t)gc_held_objects(m), (int64_t)(before + TABLE - lost),
              "counting frees what it lost, and nothing else");
    table_close(frame);
}

/* The table dies by counting, or on a ring by a trace. Afterwards another object may have its place. */
static void dropped_while_dirty(void)
{
    static const enum gc_collect_kind kinds[] = {GC_COLLECT_YOUNG, GC_COLLECT_FULL};
    for (int i = 0; i < 2; i++) {
        uint64_t before = gc_held_objects(m);
        struct gc_frame frame = table_open();
        struct gc_ref table = gc_local_get(&frame.slot[0]);
        gc_field_set(m, table, TABLE - 1, kinds[i] == GC_COLLECT_FULL ? table : GC_NULL);
        gc_collector_check(m);
        gc_frame_leave(m, frame);
        gc_collect(m, kinds[i]);
        gc_collector_check(m);
        tap_equal((int64_t)gc_held_objects(m), (int64_t)before,
                  "a table that is dropped while it is dirty goes, and what it kept");
        frame = table_open();
        visits_of(frame, (uint64_t[]){0, TABLE / 2, TABLE - 1}, 3, 2);
        table_close(frame);
    }
}

/* One write to each of many tables. */
static void metadata_is_bounded(void)
{
    enum { TABLES = 100 };
    struct gc_frame all = gc_frame_enter(m, TABLES);
    struct gc_frame frame = table_open();
    for (int i = 0; i < TABLES; i++) {
        gc_local_new(m, &all.slot[i], &shapes[ARRAY], TABLE);
        for (uint64_t j = 0; j < TABLE; j++)
            gc_field_set(m, gc_local_get(&all.slot[i]), j, gc_local_get(&frame.slot[1]));
    }
    gc_collect(m, GC_COLLECT_YOUNG);
    uint64_t before = m->account.metadata_bytes;
    m->account.metadata_peak = before;
    for (int i = 0; i < TABLES; i++)
        gc_field_set(m, gc_local_get(&all.slot[i]), 0, GC_NULL);
    visits_of(frame, NULL, 0, 0);
    tap_ok(m->account.metadata_peak - before <= 2 * 65536,
           "a write to each of many tables makes a list or two longer, by their first pages");
    tap_note("%llu bytes of metadata before, at most %llu", (unsigned long long)before,
             (unsigned long long)m->account.metadata_peak);
    gc_frame_leave(m, frame);
    table_close(all);
}

/* The bits of each cycle take the place of those of the cycle before. */
static void bits_are_given_back(void)
{
    struct gc_frame frame = table_open();
    visits_of(frame, (uint64_t[]){1}, 1, 1);
    uint64_t before = m->account.metadata_bytes;
    for (int i = 0; i < 3000; i++) {
        gc_field_set(m, gc_local_get(&frame.slot[0]), 1, gc_local_get(&frame.slot[1]));
        gc_collect(m, GC_COLLECT_YOUNG);
    }
    tap_equal((int64_t)m->account.metadata_bytes, (int64_t)before,
              "a write before each of many collections makes nothing longer");
    table_close(frame);
}

int main(void)
{
    m = test_mutator_open(shapes, 1, 0, NULL);
    test_pauses_begin(m, &heard);
    struct gc_frame frame = gc_frame_enter(m, 3);
    for (int i = 0; i < 3; i++)
        gc_local_new(m, &frame.slot[i], &shapes[ARRAY], 8);
    visits_after(frame.slot, 8);
    uint64_t none = visits_after(frame.slot, 0);
    uint64_t one = visits_after(frame.slot, 1);
    uint64_t many = visits_after(frame.slot, 100001);
    tap_equal((int64_t)(one - none), 1 + 8, "the first write to an object logs it and what it referred to");
    tap_equal((int64_t)many, (int64_t)one, "a hundred thousand more log nothing");
    tap_equal((int64_t)gc_held_objects(m), 3, "and what was written between keeps nothing and frees nothing");
    gc_frame_leave(m, frame);
    gc_collect(m, GC_COLLECT_YOUNG);
    tap_equal((int64_t)gc_held_objects(m), 0, "so that counting frees all three in the end");
    a_large_array();
    rings_that_die_young();
    lists_that_live();
    logged_by_segments();
    ranges_logged_once();
    bits_of_their_own();
    counts_are_exact();
    dropped_while_dirty();
    metadata_is_bounded();
    bits_are_given_back();
    tap_equal((int64_t)gc_held_objects(m), 0, "nothing is left");
    test_mutator_close(m);
    return tap_done();
}
