/* SPDX-License-Identifier: MIT */
/*
 * slices: ranges of references in long lists are filled, cleared, moved and copied. The model is Python's
 * `a[i:j] = ...` and `a[i:j]`, and the operations on arrays of other runtimes. Beside a loop that copied ten million
 * references, .NET's mean pause was 33 ms until such a copy could be interrupted (coreclr's pull request 27642). In
 * Wasmtime a copy of an array under the counting collector took 47 times as long as a loop over its elements (issue
 * 13386).
 *
 * `lists` lists of `length` places live throughout. A step draws a range of up to `span` places and one of four
 * operations. It fills the range with one new element, clears it, moves it over another range (of the same list or of
 * another one), or takes a copy of it as a list of its own, which dies after it has been read.
 *
 * Stresses barriers where one line of a program writes many references. A collector that logs an object's references
 * before the first write to it pays for the whole list, and not for the range. Counting pays at each place: a filled
 * range is one element with as many references, and each that is overwritten makes a record a possible root. With
 * `records` off the elements are numbers, of a type that lies on no cycle. No collector here takes five times as long
 * as its best peer: the worst took less than three.
 *
 * With `whole` each range is written by one operation of the contract; without, by a loop of single ones. The work is
 * the same, and so is the checksum. Conclude nothing from the loops about runtimes that have operations on ranges.
 * Elements are few, and often in the cache.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

struct slices_options {
    uint64_t steps;
    uint64_t lists;
    uint64_t length;
    uint64_t span;
    bool records;
    bool whole;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct slices_options, steps, 1e6, 0, 1e12, "", "operations on ranges"),
    OPTION_INTEGER(struct slices_options, lists, 64, 1, 1e6, "lists", "lists that live"),
    OPTION_INTEGER(struct slices_options, length, 4096, 1, 1e9, "places", "places of each list"),
    OPTION_INTEGER(struct slices_options, span, 800, 1, 1e9, "places",
                   "longest range; a list that is shorter has ranges up to its length"),
    OPTION_SWITCH(struct slices_options, records, true, "elements may lie on a cycle; off: they are numbers"),
    OPTION_SWITCH(struct slices_options, whole, false,
                  "one operation writes a range; off: a loop writes its places"),
};
static const struct option_table options = OPTION_TABLE(struct slices_options, option_specs);

enum { TABLE, LIST, NUMBER, RECORD };
static const struct gc_shape shapes[] = {
    [TABLE] = {.name = "table", .id = TABLE, .flags = GC_SHAPE_REFS_VARY},
    [LIST] = {.name = "list", .id = LIST, .flags = GC_SHAPE_REFS_VARY},
    [NUMBER] = {.name = "number", .id = NUMBER, .flags = GC_SHAPE_ACYCLIC, .payload = sizeof(uint64_t)},
    [RECORD] = {.name = "record", .id = RECORD, .refs = 1, .payload = sizeof(uint64_t)},
};

enum operation { FILL, CLEAR, MOVE, TAKE, OPERATIONS };

/* A range of a list, which a name of the caller's has. */
struct range {
    const struct gc_slot *list;
    uint64_t begin;
};

struct slices_state {
    const struct slices_options *chosen;
    struct random_state *random;
    uint64_t serial; /* the next element's number */
    uint64_t checksum;
};

/* ---- ranges ---- */

/* `to[begin:begin+count] = [value] * count`. `value` may be a name without an object, which clears the range. */
static void range_fill(struct gc_mutator *mutator, const struct slices_state *state, struct range to,
                       const struct gc_slot *value, uint64_t count)
{
    if (state->chosen->whole) {
        gc_fields_fill(mutator, gc_local_get(to.list), to.begin, count, gc_local_get(value));
        return;
    }
    for (uint64_t i = 0; i < count; i++)
        gc_field_set(mutator, gc_local_get(to.list), to.begin + i, gc_local_get(value));
}

/* `to[begin:begin+count] = from[begin:begin+count]`. The ranges may overlap, as those of memmove() may. */
static void range_copy(struct gc_mutator *mutator, const struct slices_state *state, struct range to,
                       struct range from, uint64_t count)
{
    if (state->chosen->whole) {
        gc_fields_copy(mutator, gc_local_get(to.list), to.begin, gc_local_get(from.list), from.begin, count);
        return;
    }
    bool backwards = gc_is_same(gc_local_get(to.list), gc_local_get(from.list)) && to.begin > from.begin;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t place = backwards ? count - 1 - i : i;
        gc_field_set(mutator, gc_local_get(to.list), to.begin + place,
                     gc_field_get(mutator, gc_local_get(from.list), from.begin + place));
    }
}

/* ---- elements and lists ---- */

static void element_make(struct gc_mutator *mutator, struct slices_state *state, struct gc_slot *result)
{
    const struct gc_shape *shape = &shapes[state->chosen->records ? RECORD : NUMBER];
    gc_local_new(mutator, result, shape, 0);
    *(uint64_t *)gc_payload(gc_local_get(result), shape) = ++state->serial;
}

/* Reads a range into a sum that depends on the order. Nothing here collects or drops. */
static uint64_t range_read(struct gc_mutator *mutator, const struct slices_state *state, struct range range,
                           uint64_t count)
{
    const struct gc_shape *shape = &shapes[state->chosen->records ? RECORD : NUMBER];
    struct gc_ref list = gc_local_get(range.list);
    uint64_t sum = 0;
    for (uint64_t i = 0; i < count; i++) {
        struct gc_ref element = gc_field_get(mutator, list, range.begin + i);
        sum = 31 * sum + (gc_is_null(element) ? 0 : *(uint64_t *)gc_payload(element, shape));
    }
    return sum;
}

/* Draws a list, binds a name to it, and draws a range of `count` places in it. */
static struct range range_draw(struct gc_mutator *mutator, const struct slices_state *state,
                               struct gc_slot *list, uint64_t count)
{
    uint64_t place = random_below(state->random, state->chosen->lists);
    gc_local_set(mutator, list, gc_field_get(mutator, gc_local_get(gc_global(mutator, 0)), place));
    return (struct range){list, random_below(state->random, state->chosen->length - count + 1)};
}

static void lists_make(struct gc_mutator *mutator, struct slices_state *state)
{
    enum { MADE, ELEMENT, SLOTS };
    const struct slices_options *chosen = state->chosen;
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *list = &frame.slot[MADE], *element = &frame.slot[ELEMENT], *table = gc_global(mutator, 0);
    gc_local_new(mutator, table, &shapes[TABLE], chosen->lists);
    for (uint64_t place = 0; place < chosen->lists; place++) {
        element_make(mutator, state, element);
        gc_local_new(mutator, list, &shapes[LIST], chosen->length);
        range_fill(mutator, state, (struct range){list, 0}, element, chosen->length);
        gc_field_set(mutator, gc_local_get(table), place, gc_local_get(list));
    }
    gc_frame_leave(mutator, frame);
}

/* Reads all lists into the checksum. */
static void lists_read(struct gc_mutator *mutator, struct slices_state *state)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *list = &frame.slot[0], *table = gc_global(mutator, 0);
    for (uint64_t place = 0; place < state->chosen->lists; place++) {
        gc_local_set(mutator, list, gc_field_get(mutator, gc_local_get(table), place));
        uint64_t sum = range_read(mutator, state, (struct range){list, 0}, state->chosen->length);
        state->checksum = checksum_add(state->checksum, sum);
    }
    gc_frame_leave(mutator, frame);
}

/* ---- steps ---- */

/* Takes a copy of a range and reads it. It dies with the function. */
static uint64_t range_take(struct gc_mutator *mutator, const struct slices_state *state, struct range from,
                           uint64_t count)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct range taken = {&frame.slot[0], 0};
    gc_local_new(mutator, &frame.slot[0], &shapes[LIST], count);
    range_copy(mutator, state, taken, from, count);
    uint64_t sum = range_read(mutator, state, taken, count);
    gc_frame_leave(mutator, frame);
    return sum;
}

static void step(struct gc_mutator *mutator, struct slices_state *state, uint64_t longest)
{
    enum { LIST_DRAWN, OTHER_DRAWN, VALUE, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *value = &frame.slot[VALUE];
    enum operation operation = (enum operation)random_below(state->random, OPERATIONS);
    uint64_t count = 1 + random_below(state->random, longest);
    struct range range = range_draw(mutator, state, &frame.slot[LIST_DRAWN], count);
    uint64_t taken = 0;
    if (operation == FILL)
        element_make(mutator, state, value);
    if (operation == MOVE)
        range_copy(mutator, state, range_draw(mutator, state, &frame.slot[OTHER_DRAWN], count), range, count);
    else if (operation == TAKE)
        taken = range_take(mutator, state, range, count);
    else
        range_fill(mutator, state, range, value, count); /* CLEAR has a value without an object */
    uint64_t ends = range_read(mutator, state, range, 1) +
                    range_read(mutator, state, (struct range){range.list, range.begin + count - 1}, 1);
    state->checksum = checksum_add(state->checksum, ends + taken);
    gc_frame_leave(mutator, frame);
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct slices_options *chosen = values;
    struct slices_state state = {.chosen = chosen, .random = random};
    uint64_t longest = chosen->span < chosen->length ? chosen->span : chosen->length;
    lists_make(mutator, &state);
    gc_checkpoint(mutator, "lists made");
    for (uint64_t i = 0; i < chosen->steps; i++) {
        step(mutator, &state, longest);
        if (i == chosen->steps / 2)
            gc_checkpoint(mutator, "half done");
    }
    gc_checkpoint(mutator, "all done");
    lists_read(mutator, &state);
    return state.checksum;
}

const struct workload workload = {
    .name = "slices",
    .group = "share",
    .summary = "ranges of long lists are filled, cleared, moved and copied: many references in one go",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = 1,
    .run = run,
};
