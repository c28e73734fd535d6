/* SPDX-License-Identifier: MIT */
/*
 * alloc-churn: objects are allocated steadily beside a live set of constant size. Each step makes one object.
 * With probability `survival` the object takes the place of a random one in the live set. Otherwise it dies
 * at once. The model is the synthetic mutators with which allocators and collectors are tuned. Wilson et al.
 * (Dynamic storage allocation: a survey, 1995) warn of them: the dials stand for an application's
 * demographics without being measured from one.
 *
 * The sizes of the payloads are fixed (at `min`), uniform from `min` to `max`, or drawn by a power law. Under
 * the power law many are small and few are large. The density falls with the square of the size: a bounded
 * Pareto distribution with exponent 1, whose mean is about min * ln(max / min).
 *
 * Each object refers to `refs` random members of the live set. An object that leaves the set lets go of its
 * references. So at most live * (1 + refs) objects and a handful live. References lead from younger to older
 * objects only: there are no cycles.
 *
 * Stresses the allocator, the trigger of collections, their cost per live object, and with refs > 0 the
 * counting.
 *
 * Deaths are independent of age and of neighbours, as in no real application. Conclude nothing about
 * generations or locality.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

enum { SIZE_FIXED, SIZE_UNIFORM, SIZE_POWER };
static const char *const size_words[] = {"fixed", "uniform", "power", NULL};
enum { REFS_MAX = 8 };

struct churn_options {
    uint64_t steps;
    uint64_t live;
    uint64_t size;
    uint64_t min;
    uint64_t max;
    uint64_t refs;
    double survival;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct churn_options, steps, 2e6, 0, 1e12, "objects", "objects made beside the live set"),
    OPTION_INTEGER(struct churn_options, live, 1e5, 1, 1e9, "objects", "size of the live set"),
    OPTION_CHOICE(struct churn_options, size, SIZE_POWER, size_words, "how payload sizes are distributed"),
    OPTION_INTEGER(struct churn_options, min, 16, 8, 1e9, "bytes", "smallest payload, and the fixed one"),
    OPTION_INTEGER(struct churn_options, max, 4096, 8, 1e9, "bytes",
                   "largest payload; below min it counts as min"),
    OPTION_INTEGER(struct churn_options, refs, 1, 0, REFS_MAX, "references",
                   "members of the live set each object refers to"),
    OPTION_REAL(struct churn_options, survival, 0.1, 0, 1, "",
                "share of the objects that go into the live set"),
};
static const struct option_table options = OPTION_TABLE(struct churn_options, option_specs);

/* An object of n references has shape n, so that the shape without references can be flagged acyclic. */
#define OBJECT(n) [n] = {.name = "object-" #n, .id = n, .flags = GC_SHAPE_BYTES_VARY, .refs = n}
enum { ARRAY = REFS_MAX + 1 };
static const struct gc_shape shapes[] = {
    [0] = {.name = "object-0", .id = 0, .flags = GC_SHAPE_BYTES_VARY | GC_SHAPE_ACYCLIC},
    OBJECT(1),
    OBJECT(2),
    OBJECT(3),
    OBJECT(4),
    OBJECT(5),
    OBJECT(6),
    OBJECT(7),
    OBJECT(8),
    [ARRAY] = {.name = "array", .id = ARRAY, .flags = GC_SHAPE_REFS_VARY},
};

static uint64_t size_draw(const struct churn_options *chosen, struct random_state *random)
{
    uint64_t min = chosen->min;
    uint64_t max = chosen->max > min ? chosen->max : min;
    if (chosen->size == SIZE_FIXED)
        return min;
    if (chosen->size == SIZE_UNIFORM)
        return min + random_below(random, max - min + 1);
    /* This is the inverse of the distribution function. It costs one division, and gives the same on every
     * machine. */
    double uniform = random_real(random);
    return (uint64_t)((double)min / (1.0 - uniform * (1.0 - (double)min / (double)max)));
}

/* Makes an object that refers to random members of the live set. Its first bytes and its last hold its
 * number. */
static void object_new(struct gc_mutator *mutator, struct gc_slot *result, const struct churn_options *chosen,
                       struct random_state *random)
{
    const struct gc_shape *shape = &shapes[chosen->refs];
    uint64_t size = size_draw(chosen, random);
    uint64_t number = random_next(random);
    gc_local_new(mutator, result, shape, size);
    unsigned char *bytes = gc_payload(gc_local_get(result), shape);
    *(uint64_t *)bytes = number;
    bytes[size - 1] = (unsigned char)number;
    for (uint64_t i = 0; i < chosen->refs; i++) {
        struct gc_ref array = gc_local_get(gc_global(mutator, 0));
        struct gc_ref other = gc_field_get(mutator, array, random_below(random, chosen->live));
        gc_field_set(mutator, gc_local_get(result), i, other);
    }
}

/* Reads an object and the objects to which it refers. Nothing here collects or drops. */
static uint64_t object_read(struct gc_mutator *mutator, struct gc_ref object,
                            const struct churn_options *chosen)
{
    const struct gc_shape *shape = &shapes[chosen->refs];
    const unsigned char *bytes = gc_payload(object, shape);
    uint64_t size = gc_length(object);
    uint64_t sum = *(const uint64_t *)bytes + size + bytes[size - 1];
    for (uint64_t i = 0; i < chosen->refs; i++) {
        struct gc_ref other = gc_field_get(mutator, object, i);
        if (!gc_is_null(other))
            sum ^= *(const uint64_t *)gc_payload(other, shape);
    }
    return sum;
}

/* Puts the object of `made` into a place of the live set. The old member of the place lets go of its
 * references. */
static void survive(struct gc_mutator *mutator, struct gc_slot *made, const struct churn_options *chosen,
                    uint64_t place)
{
    struct gc_slot *array = gc_global(mutator, 0);
    for (uint64_t i = 0; i < chosen->refs; i++)
        gc_field_del(mutator, gc_field_get(mutator, gc_local_get(array), place), i);
    gc_field_set(mutator, gc_local_get(array), place, gc_local_get(made));
}

/* A function that makes an object and reads it. Mostly the object dies when the function ends. */
static uint64_t step(struct gc_mutator *mutator, const struct churn_options *chosen,
                     struct random_state *random)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    object_new(mutator, &frame.slot[0], chosen, random);
    uint64_t sum = object_read(mutator, gc_local_get(&frame.slot[0]), chosen);
    if (random_real(random) < chosen->survival)
        survive(mutator, &frame.slot[0], chosen, random_below(random, chosen->live));
    gc_frame_leave(mutator, frame);
    return sum;
}

static void live_set_build(struct gc_mutator *mutator, const struct churn_options *chosen,
                           struct random_state *random)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *array = gc_global(mutator, 0);
    gc_local_new(mutator, array, &shapes[ARRAY], chosen->live);
    for (uint64_t i = 0; i < chosen->live; i++) {
        object_new(mutator, &frame.slot[0], chosen, random);
        gc_field_set(mutator, gc_local_get(array), i, gc_local_get(&frame.slot[0]));
    }
    gc_frame_leave(mutator, frame);
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct churn_options *chosen = values;
    uint64_t checksum = 0;
    live_set_build(mutator, chosen, random);
    gc_checkpoint(mutator, "live set built");
    for (uint64_t i = 0; i < chosen->steps; i++) {
        checksum = checksum_add(checksum, step(mutator, chosen, random));
        if (i == chosen->steps / 2)
            gc_checkpoint(mutator, "half of the steps done");
    }
    gc_checkpoint(mutator, "steps done");
    for (uint64_t i = 0; i < chosen->live; i++) {
        struct gc_ref array = gc_local_get(gc_global(mutator, 0));
        checksum = checksum_add(checksum, object_read(mutator, gc_field_get(mutator, array, i), chosen));
    }
    return checksum;
}

const struct workload workload = {
    .name = "alloc-churn",
    .group = "allocate",
    .summary = "objects of many sizes come and go beside a live set: dials for size, survival and references",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = 1,
    .run = run,
};
