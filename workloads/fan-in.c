/* SPDX-License-Identifier: MIT */
/*
 * fan-in: 2^k references to one object, or to a few, are taken and dropped, over and over. No single
 * application is the model: many applications refer this often to interned constants, `None` and class
 * objects.
 *
 * The workload breaks narrow counts: some collectors keep a few bits, with an overflow table or a saturated
 * state. A count that wraps frees a living object. A count that sticks leaks a dead one.
 *
 * Each round fills an array of 2^k places with references to the targets. Function calls of `locals` names
 * each then bind their names to the targets in successive places, and end. In even rounds the array lets go
 * of its places one by one. In odd rounds the array dies, and all of its references go at once. In every
 * fourth round the targets' other references go first, so that the counted references alone keep the targets
 * alive. New targets follow after such a round.
 *
 * Stresses the count and its barrier, on one cache line and with hardly any allocation. A tracing collector
 * has little to do but scan the array. Conclude nothing about anything else.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

struct fan_options {
    uint64_t k;
    uint64_t targets;
    uint64_t locals;
    uint64_t rounds;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct fan_options, k, 20, 0, 32, "", "the array has 2^k references"),
    OPTION_INTEGER(struct fan_options, targets, 1, 1, 1e6, "objects", "what they are spread over"),
    OPTION_INTEGER(struct fan_options, locals, 1024, 1, 1 << 24, "names",
                   "local names a call binds to the targets"),
    OPTION_INTEGER(struct fan_options, rounds, 32, 1, 1e6, "", "times the array is filled and emptied"),
};
static const struct option_table options = OPTION_TABLE(struct fan_options, option_specs);

struct target_payload {
    uint64_t number;
    uint64_t calls; /* calls that have bound the target */
};

enum { TARGET, ARRAY };
static const struct gc_shape shapes[] = {
    [TARGET] = {.name = "target", .id = TARGET, .refs = 1, .payload = sizeof(struct target_payload)},
    [ARRAY] = {.name = "array", .id = ARRAY, .flags = GC_SHAPE_REFS_VARY},
};
enum { COMPANION };
enum { TARGETS_GLOBAL, ARRAY_GLOBAL, GLOBALS };
enum { ROUNDS_PER_TARGETS = 4 };

static struct target_payload *target_payload(struct gc_ref target)
{
    return gc_payload(target, &shapes[TARGET]);
}

/* Makes new targets, each with a companion: an object to which only the target refers. */
static void targets_build(struct gc_mutator *mutator, struct gc_slot *targets, uint64_t count,
                          struct random_state *random)
{
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    gc_local_new(mutator, targets, &shapes[ARRAY], count);
    for (uint64_t i = 0; i < count; i++) {
        for (int j = 0; j < 2; j++) {
            gc_local_new(mutator, &frame.slot[j], &shapes[TARGET], 0);
            target_payload(gc_local_get(&frame.slot[j]))->number = random_next(random);
        }
        gc_field_set(mutator, gc_local_get(&frame.slot[0]), COMPANION, gc_local_get(&frame.slot[1]));
        gc_field_set(mutator, gc_local_get(targets), i, gc_local_get(&frame.slot[0]));
    }
    gc_frame_leave(mutator, frame);
}

static void array_fill(struct gc_mutator *mutator, struct gc_slot *array, struct gc_slot *targets)
{
    uint64_t length = gc_length(gc_local_get(array));
    uint64_t count = gc_length(gc_local_get(targets));
    for (uint64_t i = 0, j = 0; i < length; i++, j = j + 1 < count ? j + 1 : 0)
        gc_field_set(mutator, gc_local_get(array), i, gc_field_get(mutator, gc_local_get(targets), j));
}

/* A call: binds `count` names to the targets in the places from `first` on, and ends. */
static uint64_t bind_locals(struct gc_mutator *mutator, struct gc_slot *array, uint64_t first, uint64_t count)
{
    struct gc_frame frame = gc_frame_enter(mutator, count);
    uint64_t sum = 0;
    for (uint64_t i = 0; i < count; i++) {
        gc_local_set(mutator, &frame.slot[i], gc_field_get(mutator, gc_local_get(array), first + i));
        struct target_payload *payload = target_payload(gc_local_get(&frame.slot[i]));
        sum += payload->number + payload->calls++;
    }
    gc_frame_leave(mutator, frame);
    return sum;
}

static uint64_t bind_all(struct gc_mutator *mutator, struct gc_slot *array, uint64_t locals)
{
    uint64_t length = gc_length(gc_local_get(array));
    uint64_t sum = 0;
    for (uint64_t i = 0; i < length; i += locals)
        sum += bind_locals(mutator, array, i, length - i < locals ? length - i : locals);
    return sum;
}

/* Reads the target in the last place and its companion. The place may hold the last reference to
 * the target. */
static uint64_t last_read(struct gc_mutator *mutator, struct gc_ref array)
{
    struct gc_ref last = gc_field_get(mutator, array, gc_length(array) - 1);
    struct gc_ref companion = gc_field_get(mutator, last, COMPANION);
    return target_payload(last)->calls + target_payload(companion)->number;
}

static void array_empty(struct gc_mutator *mutator, struct gc_slot *array)
{
    uint64_t length = gc_length(gc_local_get(array));
    for (uint64_t i = 0; i < length; i++)
        gc_field_del(mutator, gc_local_get(array), i);
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct fan_options *chosen = values;
    struct gc_slot *targets = gc_global(mutator, TARGETS_GLOBAL);
    struct gc_slot *array = gc_global(mutator, ARRAY_GLOBAL);
    uint64_t checksum = 0;
    for (uint64_t i = 0; i < chosen->rounds; i++) {
        if (i % ROUNDS_PER_TARGETS == 0)
            targets_build(mutator, targets, chosen->targets, random);
        gc_local_new(mutator, array, &shapes[ARRAY], (uint64_t)1 << chosen->k);
        array_fill(mutator, array, targets);
        checksum = checksum_add(checksum, bind_all(mutator, array, chosen->locals));
        if (i == 0)
            gc_checkpoint(mutator, "array filled");
        if (i % ROUNDS_PER_TARGETS == ROUNDS_PER_TARGETS - 1)
            gc_local_del(mutator, targets);
        checksum = checksum_add(checksum, last_read(mutator, gc_local_get(array)));
        if (i % 2 == 0)
            array_empty(mutator, array);
        gc_local_del(mutator, array);
    }
    gc_checkpoint(mutator, "references dropped");
    return checksum;
}

const struct workload workload = {
    .name = "fan-in",
    .group = "share",
    .summary = "a great many references to one object are taken and dropped: counts and their width",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = GLOBALS,
    .run = run,
};
