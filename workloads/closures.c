/* SPDX-License-Identifier: MIT */
/*
 * closures: a function makes nested functions, which call each other, and ends. The model is Python. A nested function
 * refers to its closure, a closure to cells, and a cell to what the captured name stands for. Functions that call
 * each other, or one that calls itself, thus form a ring with their cells. With `frame` a cell also holds the frame of
 * the function that made them, as where a callback resumes a generator that waits for it.
 *
 * CPython's encoder of JSON made three such functions in every call (issue 141686). To clear their cells by hand made
 * it some 20% faster with the collector on, and 10% slower with it off. Compilers of Python (mypyc's issue 1017) and
 * serialisers have the same reports.
 *
 * Stresses calls through references, and rings that no program means to make. `uses` is how much work is done for
 * each ring. With `cut` the function clears the cells before it ends, so that counting frees all at once: the same work
 * without a ring. The worst collector took five times as long as the best.
 *
 * By default the rings are a gigabyte, which leaks under pure counting: the fastest collectors take a third of a
 * second.
 *
 * A ring refers to nothing outside of it, and dies when its maker ends. Conclude nothing about callbacks that stay
 * registered, nor about closures as programs without recursion have them: counting frees those.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

struct closures_options {
    uint64_t count;
    uint64_t functions;
    uint64_t uses;
    bool frame;
    bool cut;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct closures_options, count, 4e6, 0, 1e12, "calls",
                   "calls of the function that makes them"),
    OPTION_INTEGER(struct closures_options, functions, 3, 1, 1e6, "functions",
                   "nested functions in each call"),
    OPTION_INTEGER(struct closures_options, uses, 8, 0, 1000, "calls", "how deep they call each other"),
    OPTION_SWITCH(struct closures_options, frame, true, "they capture the frame of their maker"),
    OPTION_SWITCH(struct closures_options, cut, false, "clear the cells before the maker ends"),
};
static const struct option_table options = OPTION_TABLE(struct closures_options, option_specs);

enum { FRAME, CELL, CLOSURE, FUNCTION };
static const struct gc_shape shapes[] = {
    [FRAME] = {.name = "frame", .id = FRAME, .flags = GC_SHAPE_REFS_VARY, .payload = sizeof(uint64_t)},
    [CELL] = {.name = "cell", .id = CELL, .refs = 1},
    [CLOSURE] = {.name = "closure", .id = CLOSURE, .refs = 2},
    [FUNCTION] = {.name = "function", .id = FUNCTION, .refs = 1, .payload = sizeof(uint64_t)},
};
/* A frame refers to the cells of its captured names: those of the functions, and last that of the frame itself. */
enum { CELL_CONTENT };
enum { CLOSURE_NEXT, CLOSURE_FRAME };
enum { FUNCTION_CLOSURE };

struct closures_state {
    const struct closures_options *chosen;
    uint64_t serial; /* the next object's number */
    uint64_t checksum;
};

static uint64_t *frame_number(struct gc_ref frame)
{
    return gc_payload(frame, &shapes[FRAME]);
}

static uint64_t *function_number(struct gc_ref function)
{
    return gc_payload(function, &shapes[FUNCTION]);
}

/* Returns the cell of the name at `place`, borrowed. */
static struct gc_ref frame_cell(struct gc_mutator *mutator, const struct gc_slot *own, uint64_t place)
{
    return gc_field_get(mutator, gc_local_get(own), place);
}

/* ---- making ---- */

/* Makes the frame, and the cells of its captured names. */
static void frame_make(struct gc_mutator *mutator, struct closures_state *state, struct gc_slot *own)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *cell = &frame.slot[0];
    uint64_t functions = state->chosen->functions;
    gc_local_new(mutator, own, &shapes[FRAME], functions + 1);
    *frame_number(gc_local_get(own)) = state->serial++;
    for (uint64_t place = 0; place <= functions; place++) {
        gc_local_new(mutator, cell, &shapes[CELL], 0);
        gc_field_set(mutator, gc_local_get(own), place, gc_local_get(cell));
    }
    if (state->chosen->frame)
        gc_field_set(mutator, gc_local_get(cell), CELL_CONTENT, gc_local_get(own));
    gc_frame_leave(mutator, frame);
}

/* `def`: makes the function at `place`, which captures the name of the next one, and the frame. */
static void function_make(struct gc_mutator *mutator, struct closures_state *state, const struct gc_slot *own,
                          uint64_t place)
{
    enum { MADE, CAPTURED, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *function = &frame.slot[MADE], *closure = &frame.slot[CAPTURED];
    uint64_t functions = state->chosen->functions;
    gc_local_new(mutator, closure, &shapes[CLOSURE], 0);
    gc_field_set(mutator, gc_local_get(closure), CLOSURE_NEXT,
                 frame_cell(mutator, own, place + 1 < functions ? place + 1 : 0));
    gc_field_set(mutator, gc_local_get(closure), CLOSURE_FRAME, frame_cell(mutator, own, functions));
    gc_local_new(mutator, function, &shapes[FUNCTION], 0);
    *function_number(gc_local_get(function)) = state->serial++;
    gc_field_set(mutator, gc_local_get(function), FUNCTION_CLOSURE, gc_local_get(closure));
    gc_field_set(mutator, frame_cell(mutator, own, place), CELL_CONTENT, gc_local_get(function));
    gc_frame_leave(mutator, frame);
}

/* ---- using ---- */

/* Calls a function, which calls the next one until `uses` is 0. Each reads its own number and that of the frame that it
 * captured. */
static uint64_t function_call(struct gc_mutator *mutator, struct gc_ref passed, uint64_t uses)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *function = &frame.slot[0];
    gc_local_set(mutator, function, passed);
    uint64_t sum = *function_number(gc_local_get(function));
    struct gc_ref closure = gc_field_get(mutator, gc_local_get(function), FUNCTION_CLOSURE);
    struct gc_ref captured =
        gc_field_get(mutator, gc_field_get(mutator, closure, CLOSURE_FRAME), CELL_CONTENT);
    if (!gc_is_null(captured))
        sum += 3 * *frame_number(captured);
    if (uses > 0) {
        struct gc_ref next =
            gc_field_get(mutator, gc_field_get(mutator, closure, CLOSURE_NEXT), CELL_CONTENT);
        sum += 31 * function_call(mutator, next, uses - 1);
    }
    gc_frame_leave(mutator, frame);
    return sum;
}

/* `del` of each captured name: the cells are empty, and no ring is left. */
static void cells_clear(struct gc_mutator *mutator, const struct closures_state *state,
                        const struct gc_slot *own)
{
    for (uint64_t place = 0; place <= state->chosen->functions; place++)
        gc_field_del(mutator, frame_cell(mutator, own, place), CELL_CONTENT);
}

/* The function that makes the others, calls the first one, and ends. */
static void maker_call(struct gc_mutator *mutator, struct closures_state *state)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *own = &frame.slot[0];
    frame_make(mutator, state, own);
    for (uint64_t place = 0; place < state->chosen->functions; place++)
        function_make(mutator, state, own, place);
    struct gc_ref first = gc_field_get(mutator, frame_cell(mutator, own, 0), CELL_CONTENT);
    uint64_t sum = function_call(mutator, first, state->chosen->uses);
    state->checksum = checksum_add(state->checksum, sum + *frame_number(gc_local_get(own)));
    if (state->chosen->cut)
        cells_clear(mutator, state, own);
    gc_frame_leave(mutator, frame);
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    (void)random;
    const struct closures_options *chosen = values;
    struct closures_state state = {.chosen = chosen};
    for (uint64_t i = 0; i < chosen->count; i++) {
        maker_call(mutator, &state);
        if (i == chosen->count / 2)
            gc_checkpoint(mutator, "half of the calls made");
    }
    gc_checkpoint(mutator, "calls made");
    return state.checksum;
}

const struct workload workload = {
    .name = "closures",
    .group = "cycle",
    .summary = "nested functions that call each other: rings of functions, cells and frames",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .run = run,
};
