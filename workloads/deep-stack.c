/* SPDX-License-Identifier: MIT */
/*
 * deep-stack: a million calls are under way, each with an object, while the innermost one allocates. The
 * model is a report against OCaml (issue 10947). There each minor collection went through the whole stack,
 * and a deep recursion that allocates took quadratic time. Cheng, Harper and Lee (Generational stack
 * collection and profile-driven pretenuring, PLDI 1998) measured the same in Standard ML.
 *
 * Each call has `names` names. The first refers to an object of its own, the others to those of its callers,
 * as arguments that were passed down. With shared=on all calls name the first one's object: the stack is deep
 * and the heap is nearly empty. Then the innermost call makes `steps` objects, each of which dies when the
 * next is made. At last the calls return, and each reads its object once more.
 *
 * Stresses what a collection spends on the root set. A trigger that counts bytes of objects does not know how
 * deep the stack is. Deferred counting looks at all names, too, and counting at none. Both collectors that
 * defer took some 20 times as long as those that count at once.
 *
 * The calls are frames of slots and are entered in a loop: C's own stack stays flat. The deep frames never
 * change meanwhile. Conclude nothing about stacks that grow and shrink, nor about rings.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

struct stack_options {
    uint64_t depth;
    uint64_t names;
    uint64_t steps;
    bool shared;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct stack_options, depth, 1e6, 1, 3e7, "calls",
                   "calls under way; all names together must fit into 256 MiB"),
    OPTION_INTEGER(struct stack_options, names, 2, 1, 1000, "names", "names of each call"),
    OPTION_INTEGER(struct stack_options, steps, 6e7, 0, 1e12, "objects",
                   "objects made by the innermost call"),
    OPTION_SWITCH(struct stack_options, shared, false, "all calls name one object"),
};
static const struct option_table options = OPTION_TABLE(struct stack_options, option_specs);

enum { OBJECT };
static const struct gc_shape shapes[] = {
    [OBJECT] = {.name = "object", .id = OBJECT, .payload = sizeof(uint64_t)},
};

static uint64_t *number_of(struct gc_ref object)
{
    return gc_payload(object, &shapes[OBJECT]);
}

/* `x = Object(number)` */
static void object_make(struct gc_mutator *mutator, struct gc_slot *slot, uint64_t number)
{
    gc_local_new(mutator, slot, &shapes[OBJECT], 0);
    *number_of(gc_local_get(slot)) = number;
}

/* The frame of call `number`, counted from 0. All frames have the same number of slots, and one stands behind
 * the other (collectors/mutator.h). */
static struct gc_frame frame_at(struct gc_frame first, uint64_t number)
{
    return (struct gc_frame){first.slot + number * first.count, first.count};
}

/* Enters a call whose arguments are the caller's names but the last. `caller` is NULL for the first call. */
static struct gc_frame call_enter(struct gc_mutator *mutator, const struct gc_slot *caller,
                                  const struct stack_options *chosen, struct random_state *random)
{
    struct gc_frame frame = gc_frame_enter(mutator, chosen->names);
    if (!caller || !chosen->shared)
        object_make(mutator, &frame.slot[0], random_next(random));
    else
        gc_local_set(mutator, &frame.slot[0], gc_local_get(&caller[0]));
    for (uint64_t i = 1; caller && i < chosen->names; i++)
        gc_local_set(mutator, &frame.slot[i], gc_local_get(&caller[i - 1]));
    return frame;
}

/* Reads the objects that a call names, and counts on in its own. Nothing here collects or drops. */
static uint64_t call_read(struct gc_frame frame)
{
    uint64_t sum = ++*number_of(gc_local_get(&frame.slot[0]));
    for (uint64_t i = 1; i < frame.count; i++) {
        struct gc_ref argument = gc_local_get(&frame.slot[i]);
        sum = 31 * sum + (gc_is_null(argument) ? 0 : *number_of(argument));
    }
    return sum;
}

/* The innermost call: makes objects, each of which takes the place of the one before. */
static uint64_t objects_make(struct gc_mutator *mutator, uint64_t steps)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    uint64_t sum = 0;
    for (uint64_t i = 0; i < steps; i++) {
        object_make(mutator, &frame.slot[0], sum + i);
        sum = checksum_add(sum, *number_of(gc_local_get(&frame.slot[0])));
        if (i == steps / 2)
            gc_checkpoint(mutator, "half of the objects made");
    }
    gc_frame_leave(mutator, frame);
    return sum;
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct stack_options *chosen = values;
    struct gc_frame first = call_enter(mutator, NULL, chosen, random);
    for (uint64_t i = 1; i < chosen->depth; i++)
        call_enter(mutator, frame_at(first, i - 1).slot, chosen, random);
    gc_checkpoint(mutator, "innermost call entered");
    uint64_t checksum = objects_make(mutator, chosen->steps);
    for (uint64_t i = chosen->depth; i > 0; i--) {
        struct gc_frame frame = frame_at(first, i - 1);
        checksum = checksum_add(checksum, call_read(frame));
        gc_frame_leave(mutator, frame);
        if (i == chosen->depth / 2)
            gc_checkpoint(mutator, "half of the calls returned");
    }
    gc_checkpoint(mutator, "all calls returned");
    return checksum;
}

const struct workload workload = {
    .name = "deep-stack",
    .group = "pathology",
    .summary = "a million calls are under way while the innermost allocates: collections that scan all names",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = 0,
    .run = run,
};
