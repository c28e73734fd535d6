/* SPDX-License-Identifier: MIT */
/*
 * call-args: functions of 0 to 10 arguments pass the same objects on to each other, down a chain of calls.
 * The convention is CPython's vectorcall. The caller has its arguments side by side in its own frame. The
 * callee binds each argument to a local of its own. The result changes hands without counting.
 *
 * Stresses the cost of a call in references: an increment for each argument bound, a decrement for each local
 * destroyed. A tracing collector pays only for clearing the frame. Run the workload over `arity`: the slope
 * is the price of an argument, the intercept is the price of a call. With `acyclic=off` each local that dies
 * makes its object a possible root of a cycle. With `acyclic=on` it does not.
 *
 * The functions of each arity are compiled on their own, with frames of constant size, and do little else.
 * Calls of real applications do more. Conclude nothing about the share of an application's time that counting
 * takes.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

struct calls_options {
    uint64_t calls;
    uint64_t arity;
    uint64_t depth;
    uint64_t objects;
    uint64_t store;
    bool rebind;
    bool acyclic;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct calls_options, calls, 20e6, 1, 1e13, "calls", "calls made in all, in whole chains"),
    OPTION_INTEGER(struct calls_options, arity, 3, 0, 10, "arguments", "arguments of each call"),
    OPTION_INTEGER(struct calls_options, depth, 8, 1, 1000, "calls", "nested calls in a chain"),
    OPTION_INTEGER(struct calls_options, objects, 256, 1, 1e8, "objects",
                   "objects the arguments are taken from"),
    OPTION_INTEGER(struct calls_options, store, 16, 0, 1e9, "calls",
                   "calls between two that store an argument in a container; 0 for none that does"),
    OPTION_SWITCH(struct calls_options, rebind, true, "each call rebinds its first argument to a result"),
    OPTION_SWITCH(struct calls_options, acyclic, false, "the objects passed are of an acyclic shape"),
};
static const struct option_table options = OPTION_TABLE(struct calls_options, option_specs);

enum { ITEM, ACYCLIC_ITEM, POOL };
/* Both items have one layout, so that reading an item need not ask for its shape. */
static const struct gc_shape shapes[] = {
    [ITEM] = {.name = "item", .id = ITEM, .refs = 1, .payload = 8},
    [ACYCLIC_ITEM] =
        {.name = "acyclic-item", .id = ACYCLIC_ITEM, .flags = GC_SHAPE_ACYCLIC, .refs = 1, .payload = 8},
    [POOL] = {.name = "pool", .id = POOL, .flags = GC_SHAPE_REFS_VARY},
};

enum { POOL_GLOBAL, STORE_GLOBAL, GLOBALS };
enum { MOST_ARGUMENTS = 10, STORE_LENGTH = 64 };

struct calls_state {
    const struct calls_options *chosen;
    uint64_t until_store; /* calls until the next one that stores an argument; 0 when no call ever does */
    uint64_t stored;      /* arguments stored so far */
};

typedef void call_function(struct gc_mutator *mutator, struct calls_state *state, struct gc_slot *result,
                           const struct gc_slot *arguments, uint64_t depth);

static uint64_t *item_value(struct gc_ref item)
{
    return gc_payload(item, &shapes[ITEM]);
}

static void item_make(struct gc_mutator *mutator, struct gc_slot *slot, bool acyclic, uint64_t value)
{
    if (acyclic)
        gc_local_new(mutator, slot, &shapes[ACYCLIC_ITEM], 0);
    else
        gc_local_new(mutator, slot, &shapes[ITEM], 0);
    *item_value(gc_local_get(slot)) = value;
}

/* The path is rare, so it stands apart from the body of a call. */
__attribute__((noinline, cold)) static void call_store(struct gc_mutator *mutator, struct calls_state *state,
                                                       const struct gc_slot *argument)
{
    state->until_store = state->chosen->store;
    gc_field_set(mutator, gc_local_get(gc_global(mutator, STORE_GLOBAL)), state->stored++ % STORE_LENGTH,
                 gc_local_get(argument));
}

/* Spelt out: the cost of a loop that is not unrolled would be measured with the arguments. */
#define EACH_ARGUMENT(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9)
#define BIND(i)                                                                                              \
    if (arity > i)                                                                                           \
        gc_local_set(mutator, &frame.slot[i], gc_local_get(&arguments[i]));
#define READ(i)                                                                                              \
    if (arity > i)                                                                                           \
        sum += (i + 1) * *item_value(gc_local_get(&frame.slot[i]));

/* The body of every function here. `arity` is a constant at each place where the body is inlined. */
static inline __attribute__((always_inline)) void call_body(struct gc_mutator *mutator,
                                                            struct calls_state *state, struct gc_slot *result,
                                                            const struct gc_slot *arguments, uint64_t depth,
                                                            const uint64_t arity, call_function *self)
{
    struct gc_frame frame = gc_frame_enter(mutator, arity + 1);
    struct gc_slot *answer = &frame.slot[arity];
    uint64_t sum = depth;
    EACH_ARGUMENT(BIND)
    EACH_ARGUMENT(READ)
    if (depth > 1)
        self(mutator, state, answer, frame.slot, depth - 1);
    else
        item_make(mutator, answer, state->chosen->acyclic, 0);
    *item_value(gc_local_get(answer)) += sum;
    if (arity > 0 && GC_UNLIKELY(state->until_store && --state->until_store == 0))
        call_store(mutator, state, &frame.slot[arity - 1]);
    if (arity > 0 && state->chosen->rebind)
        gc_local_set(mutator, &frame.slot[0], gc_local_get(answer));
    gc_local_move(mutator, result, answer);
    gc_frame_leave(mutator, frame);
}

#define FUNCTION(count)                                                                                      \
    __attribute__((noinline)) static void call_##count(struct gc_mutator *mutator,                           \
                                                       struct calls_state *state, struct gc_slot *result,    \
                                                       const struct gc_slot *arguments, uint64_t depth)      \
    {                                                                                                        \
        call_body(mutator, state, result, arguments, depth, count, call_##count);                            \
    }
EACH_ARGUMENT(FUNCTION)
FUNCTION(10)

static call_function *const functions[] = {call_0, call_1, call_2, call_3, call_4, call_5,
                                           call_6, call_7, call_8, call_9, call_10};
static_assert(sizeof functions / sizeof *functions == MOST_ARGUMENTS + 1, "a function for each arity");

static void pool_make(struct gc_mutator *mutator, const struct calls_options *chosen,
                      struct random_state *random)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *pool = gc_global(mutator, POOL_GLOBAL);
    gc_local_new(mutator, gc_global(mutator, STORE_GLOBAL), &shapes[POOL], STORE_LENGTH);
    gc_local_new(mutator, pool, &shapes[POOL], chosen->objects);
    for (uint64_t i = 0; i < chosen->objects; i++) {
        item_make(mutator, &frame.slot[0], chosen->acyclic, random_next(random) >> 32);
        gc_field_set(mutator, gc_local_get(pool), i, gc_local_get(&frame.slot[0]));
    }
    gc_frame_leave(mutator, frame);
}

/* `name = pool[i]` */
static void argument_take(struct gc_mutator *mutator, struct gc_slot *argument, uint64_t i)
{
    gc_local_set(mutator, argument, gc_field_get(mutator, gc_local_get(gc_global(mutator, POOL_GLOBAL)), i));
}

/* Each chain has one argument that the chain before did not have, so that not all arguments lie on one cache
 * line. */
static uint64_t chains_run(struct gc_mutator *mutator, struct calls_state *state, struct random_state *random)
{
    const struct calls_options *chosen = state->chosen;
    struct gc_frame frame = gc_frame_enter(mutator, MOST_ARGUMENTS + 1);
    struct gc_slot *result = &frame.slot[MOST_ARGUMENTS];
    uint64_t chains = (chosen->calls + chosen->depth - 1) / chosen->depth;
    uint64_t checksum = 0;
    for (uint64_t i = 0; i < chosen->arity; i++)
        argument_take(mutator, &frame.slot[i], random_below(random, chosen->objects));
    for (uint64_t chain = 0; chain < chains; chain++) {
        if (chosen->arity > 0)
            argument_take(mutator, &frame.slot[chain % chosen->arity], random_below(random, chosen->objects));
        functions[chosen->arity](mutator, state, result, frame.slot, chosen->depth);
        checksum = checksum_add(checksum, *item_value(gc_local_get(result)));
        if (chain == chains / 2)
            gc_checkpoint(mutator, "half done");
    }
    gc_frame_leave(mutator, frame);
    return checksum;
}

static uint64_t store_read(struct gc_mutator *mutator)
{
    uint64_t checksum = 0;
    struct gc_ref store = gc_local_get(gc_global(mutator, STORE_GLOBAL));
    for (uint64_t i = 0; i < STORE_LENGTH; i++) {
        struct gc_ref item = gc_field_get(mutator, store, i);
        checksum = checksum_add(checksum, gc_is_null(item) ? 0 : *item_value(item));
    }
    return checksum;
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct calls_options *chosen = values;
    struct calls_state state = {.chosen = chosen, .until_store = chosen->store};
    pool_make(mutator, chosen, random);
    gc_checkpoint(mutator, "pool made");
    uint64_t checksum = chains_run(mutator, &state, random);
    gc_checkpoint(mutator, "all called");
    return checksum_add(checksum, store_read(mutator));
}

const struct workload workload = {
    .name = "call-args",
    .group = "pass",
    .summary = "calls of 0 to 10 arguments that pass the same objects down a chain",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = GLOBALS,
    .run = run,
};
