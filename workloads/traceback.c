/* SPDX-License-Identifier: MIT */
/*
 * traceback: functions call each other, some calls raise, and a handler keeps the exception in a local name. The model
 * is Python. An exception refers to its traceback, which has an entry for each frame that it passed. An entry refers
 * to its frame, and a frame to its caller's and to its locals. A handler's name for the exception closes the ring:
 * frame, exception, traceback, frame.
 *
 * PEP 3134 lists this ring among its open issues. PEP 3110 has `except ... as` delete its name for that reason.
 * A second name, as in `saved = error`, makes the ring all the same (CPython's issue 75188, and reports against many
 * libraries). It holds the locals of every function on the way, however large, until a cycle collector comes.
 *
 * Stresses what garbage holds until it is found: a ring has few objects, and the locals have most of the bytes. A
 * collector that is triggered by the number of objects lets `local` bytes wait for each of them: compare the largest
 * heap as `local` grows. With locals of 4 kB the worst was 30 times that of the best. Each frame refers back to the
 * module's, which lives, so every ring refers to it. A call that does not raise, and an exception that is not kept,
 * leave nothing to collect: with kept=0 the work is the same without a ring.
 *
 * Frames are objects here in every call, and CPython makes them only for those who ask. Conclude nothing about the
 * speed of calls or of exceptions in a language. By default a gigabyte is allocated, which the fastest collectors do in
 * less than a fifth of a second.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

struct traceback_options {
    uint64_t calls;
    uint64_t depth;
    uint64_t local;
    double raising;
    double kept;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct traceback_options, calls, 1e6, 0, 1e12, "", "calls made by the module"),
    OPTION_INTEGER(struct traceback_options, depth, 4, 1, 1000, "calls",
                   "deeper calls that each makes; the deepest raises"),
    OPTION_INTEGER(struct traceback_options, local, 128, 8, 1e9, "bytes", "the local of each function"),
    OPTION_REAL(struct traceback_options, raising, 0.25, 0, 1, "", "share of the calls that raise"),
    OPTION_REAL(struct traceback_options, kept, 0.5, 0, 1, "",
                "share of the exceptions that get a second name"),
};
static const struct option_table options = OPTION_TABLE(struct traceback_options, option_specs);

enum { FRAME, DATA, EXCEPTION, ENTRY };
static const struct gc_shape shapes[] = {
    [FRAME] = {.name = "frame", .id = FRAME, .refs = 3, .payload = sizeof(uint64_t)},
    [DATA] = {.name = "data", .id = DATA, .flags = GC_SHAPE_BYTES_VARY | GC_SHAPE_ACYCLIC},
    [EXCEPTION] = {.name = "exception", .id = EXCEPTION, .refs = 1, .payload = sizeof(uint64_t)},
    [ENTRY] = {.name = "entry", .id = ENTRY, .refs = 2, .payload = sizeof(uint64_t)},
};
enum { FRAME_CALLER, FRAME_DATA, FRAME_SAVED };
enum { EXCEPTION_TRACEBACK };
enum { ENTRY_NEXT, ENTRY_FRAME };

/* What is drawn for a call of the module's. */
struct fate {
    bool raises;
    bool kept;
};

struct traceback_state {
    const struct traceback_options *chosen;
    uint64_t serial; /* the next object's number */
    uint64_t checksum;
};

/* The number of a frame, an exception or an entry. */
static uint64_t *number_of(struct gc_ref object, unsigned id)
{
    return gc_payload(object, &shapes[id]);
}

/* ---- frames and their locals ---- */

/* Writes both ends of the data, so that all of it must be there. */
static void data_make(struct gc_mutator *mutator, struct traceback_state *state, struct gc_slot *result)
{
    uint64_t words = state->chosen->local / sizeof(uint64_t);
    gc_local_new(mutator, result, &shapes[DATA], state->chosen->local);
    uint64_t *data = gc_payload(gc_local_get(result), &shapes[DATA]);
    data[0] = state->serial++;
    data[words - 1] ^= state->serial;
}

static uint64_t data_read(struct gc_ref data)
{
    const uint64_t *words = gc_payload(data, &shapes[DATA]);
    return words[0] + 3 * words[gc_length(data) / sizeof(uint64_t) - 1];
}

/* Begins a function that the function of the frame `caller` calls: makes its frame, and its local. */
static void frame_make(struct gc_mutator *mutator, struct traceback_state *state, struct gc_slot *result,
                       const struct gc_slot *caller)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    data_make(mutator, state, &frame.slot[0]);
    gc_local_new(mutator, result, &shapes[FRAME], 0);
    *number_of(gc_local_get(result), FRAME) = state->serial++;
    gc_field_set(mutator, gc_local_get(result), FRAME_CALLER, gc_local_get(caller));
    gc_field_set(mutator, gc_local_get(result), FRAME_DATA, gc_local_get(&frame.slot[0]));
    gc_frame_leave(mutator, frame);
}

/* ---- exceptions and their tracebacks ---- */

static void exception_make(struct gc_mutator *mutator, struct traceback_state *state, struct gc_slot *result)
{
    gc_local_new(mutator, result, &shapes[EXCEPTION], 0);
    *number_of(gc_local_get(result), EXCEPTION) = state->serial++;
}

/* Notes that the exception passes a frame: the new entry is the first of its traceback. */
static void exception_pass(struct gc_mutator *mutator, struct traceback_state *state,
                           const struct gc_slot *exception, const struct gc_slot *passed)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *entry = &frame.slot[0];
    gc_local_new(mutator, entry, &shapes[ENTRY], 0);
    *number_of(gc_local_get(entry), ENTRY) = state->serial++;
    gc_field_set(mutator, gc_local_get(entry), ENTRY_FRAME, gc_local_get(passed));
    gc_field_set(mutator, gc_local_get(entry), ENTRY_NEXT,
                 gc_field_get(mutator, gc_local_get(exception), EXCEPTION_TRACEBACK));
    gc_field_set(mutator, gc_local_get(exception), EXCEPTION_TRACEBACK, gc_local_get(entry));
    gc_frame_leave(mutator, frame);
}

/* Reads the whole traceback, with the frames and their locals. Nothing here collects or drops. */
static uint64_t exception_read(struct gc_mutator *mutator, struct gc_ref exception)
{
    uint64_t sum = *number_of(exception, EXCEPTION);
    struct gc_ref entry = gc_field_get(mutator, exception, EXCEPTION_TRACEBACK);
    for (; !gc_is_null(entry); entry = gc_field_get(mutator, entry, ENTRY_NEXT)) {
        struct gc_ref frame = gc_field_get(mutator, entry, ENTRY_FRAME);
        sum = 31 * sum + *number_of(entry, ENTRY) + *number_of(frame, FRAME);
        sum = 31 * sum + data_read(gc_field_get(mutator, frame, FRAME_DATA));
    }
    return sum;
}

/* ---- calls ---- */

/* A function that calls itself until `depth` is 0. There it raises, if it is to: the exception is then in `raised`, and
 * has passed the frame of this call. */
static void function_call(struct gc_mutator *mutator, struct traceback_state *state, struct gc_slot *raised,
                          const struct gc_slot *caller, uint64_t depth, bool raises)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *own = &frame.slot[0];
    frame_make(mutator, state, own, caller);
    if (depth > 0)
        function_call(mutator, state, raised, own, depth - 1, raises);
    else if (raises)
        exception_make(mutator, state, raised);
    if (raises)
        exception_pass(mutator, state, raised, own);
    state->checksum += data_read(gc_field_get(mutator, gc_local_get(own), FRAME_DATA));
    gc_frame_leave(mutator, frame);
}

/* A function that handles what is raised below it. Where the exception is kept, it gets a name in the frame. */
static void handler_call(struct gc_mutator *mutator, struct traceback_state *state, struct fate fate)
{
    enum { OWN, RAISED, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *own = &frame.slot[OWN], *raised = &frame.slot[RAISED];
    frame_make(mutator, state, own, gc_global(mutator, 0));
    function_call(mutator, state, raised, own, state->chosen->depth - 1, fate.raises);
    if (fate.raises) {
        exception_pass(mutator, state, raised, own);
        state->checksum = checksum_add(state->checksum, exception_read(mutator, gc_local_get(raised)));
        if (fate.kept)
            gc_field_set(mutator, gc_local_get(own), FRAME_SAVED, gc_local_get(raised));
    }
    gc_frame_leave(mutator, frame);
}

/* The module's frame, which nobody calls. */
static void module_make(struct gc_mutator *mutator, struct traceback_state *state)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    frame_make(mutator, state, gc_global(mutator, 0), &frame.slot[0]);
    gc_frame_leave(mutator, frame);
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct traceback_options *chosen = values;
    struct traceback_state state = {.chosen = chosen};
    module_make(mutator, &state);
    for (uint64_t i = 0; i < chosen->calls; i++) {
        struct fate fate = {.raises = random_real(random) < chosen->raising};
        fate.kept = random_real(random) < chosen->kept;
        handler_call(mutator, &state, fate);
        if (i == chosen->calls / 2)
            gc_checkpoint(mutator, "half of the calls made");
    }
    gc_checkpoint(mutator, "calls made");
    return checksum_add(state.checksum, *number_of(gc_local_get(gc_global(mutator, 0)), FRAME));
}

const struct workload workload = {
    .name = "traceback",
    .group = "cycle",
    .summary = "exceptions kept by a frame that they passed: small rings that hold large locals",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = 1,
    .run = run,
};
