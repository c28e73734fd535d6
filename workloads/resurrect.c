/* SPDX-License-Identifier: MIT */
/*
 * resurrect: a pool into which finalisers put back what its users have forgotten. Apache Druid's pool of buffers puts
 * an object back when its holder was not closed (apache/druid, pull request 3631). So do RazorSlices for .NET
 * (DamianEdwards/RazorSlices, pull request 60) and CodeProject.ObjectPool, whose finaliser puts in the object itself
 * (pomma89/objectpool, issue 10).
 *
 * A round takes `count` buffers, writes to each, and drops all. A finaliser puts a share of `back` into the pool, which
 * brings them back. The next round takes those first, and makes the others anew. A finaliser is called once in the life
 * of its object. So a buffer is used twice at most, and its second death is that of any object.
 *
 * A share of `cyclic` lies on a ring with what it holds. Such a buffer is brought back, too. The program drops it
 * unused: collectors that find no rings never bring it back, and all must do the same work.
 *
 * Stresses what resurrection costs: a collection spares what a finaliser reaches, and looks at it again. Each buffer that
 * comes back dies twice. `bytes` is what waits meanwhile. rc-gcrefs took 10 times as long as the best.
 *
 * The program collects after each round, so that all collectors find the same pool. Collectors that count need no
 * collection for it, and pay for it. Conclude nothing about how soon a pool gets its buffers back, nor whether a pool
 * is worth its price.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

struct resurrect_options {
    uint64_t rounds;
    uint64_t count;
    uint64_t bytes;
    double back;
    double cyclic;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct resurrect_options, rounds, 30, 1, 1e9, "", "times that all buffers are used"),
    OPTION_INTEGER(struct resurrect_options, count, 5e4, 1, 1e9, "buffers", "buffers in use at a time"),
    OPTION_INTEGER(struct resurrect_options, bytes, 64, 8, 1e9, "bytes", "what a buffer holds"),
    OPTION_REAL(struct resurrect_options, back, 0.5, 0, 1, "",
                "share of the buffers that finalisers bring back"),
    OPTION_REAL(struct resurrect_options, cyclic, 0.1, 0, 1, "",
                "share of the buffers that lie on a ring with what they hold"),
};
static const struct option_table options = OPTION_TABLE(struct resurrect_options, option_specs);

enum { ARRAY, BUFFER, DATA };
static const struct gc_shape shapes[] = {
    [ARRAY] = {.name = "array", .id = ARRAY, .flags = GC_SHAPE_REFS_VARY},
    [BUFFER] = {.name = "buffer",
                .id = BUFFER,
                .flags = GC_SHAPE_FINALISED,
                .refs = 1,
                .payload = 3 * sizeof(uint64_t)},
    [DATA] = {.name = "data", .id = DATA, .flags = GC_SHAPE_BYTES_VARY, .refs = 1},
};
enum { BUFFER_DATA };
enum { DATA_OWNER };

/* A buffer's payload. */
struct buffer {
    uint64_t number;
    uint32_t place; /* in the pool */
    uint32_t uses;
    bool is_kept; /* its finaliser brings it back */
    bool is_on_ring;
    bool is_finalised;
};
static_assert(sizeof(struct buffer) <= 3 * sizeof(uint64_t), "it fits into the payload");

enum { USED, POOL, GLOBALS }; /* the names of two arrays */

struct resurrect_state {
    const struct resurrect_options *chosen;
    struct random_state *random;
    uint64_t made;
    uint64_t checksum;
};

static struct buffer *buffer_of(struct gc_ref object)
{
    return gc_payload(object, &shapes[BUFFER]);
}

static void finalise(struct gc_mutator *mutator, struct gc_slot *self, enum gc_due due)
{
    struct buffer *buffer = buffer_of(gc_local_get(self));
    struct gc_ref pool = gc_local_get(gc_global(mutator, POOL));
    (void)due;
    if (buffer->is_finalised)
        workload_fail("buffer %llu is finalised twice", (unsigned long long)buffer->number);
    buffer->is_finalised = true;
    if (buffer->is_kept && !gc_is_null(pool))
        gc_field_set(mutator, pool, buffer->place, gc_local_get(self));
}

/* ---- a buffer ---- */

static void buffer_make(struct gc_mutator *mutator, struct resurrect_state *state, struct gc_slot *result,
                        uint32_t place)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *data = &frame.slot[0];
    struct buffer fresh = {.number = state->made++, .place = place};
    fresh.is_kept = random_real(state->random) < state->chosen->back;
    fresh.is_on_ring = random_real(state->random) < state->chosen->cyclic;
    gc_local_new(mutator, data, &shapes[DATA], state->chosen->bytes);
    gc_local_new(mutator, result, &shapes[BUFFER], 0);
    *buffer_of(gc_local_get(result)) = fresh;
    gc_field_set(mutator, gc_local_get(result), BUFFER_DATA, gc_local_get(data));
    if (fresh.is_on_ring)
        gc_field_set(mutator, gc_local_get(data), DATA_OWNER, gc_local_get(result));
    gc_frame_leave(mutator, frame);
}

/* Takes the buffer of a place out of the pool, or makes one. One that was brought back on a ring is not used. */
static void buffer_take(struct gc_mutator *mutator, struct resurrect_state *state, struct gc_slot *result,
                        uint32_t place)
{
    struct gc_slot *pool = gc_global(mutator, POOL);
    gc_local_set(mutator, result, gc_field_get(mutator, gc_local_get(pool), place));
    gc_field_del(mutator, gc_local_get(pool), place);
    if (gc_is_null(gc_local_get(result)) || buffer_of(gc_local_get(result))->is_on_ring)
        buffer_make(mutator, state, result, place);
}

/* Writes both ends of what the buffer holds, and reads what stood there. */
static void buffer_use(struct gc_mutator *mutator, struct resurrect_state *state, struct gc_ref object)
{
    struct buffer *buffer = buffer_of(object);
    struct gc_ref data = gc_field_get(mutator, object, BUFFER_DATA);
    uint64_t words = gc_length(data) / sizeof(uint64_t);
    uint64_t *word = gc_payload(data, &shapes[DATA]);
    buffer->uses++;
    if (buffer->uses > 1 && word[0] != ~buffer->number)
        workload_fail("buffer %llu came back with what it did not hold", (unsigned long long)buffer->number);
    state->checksum = checksum_add(state->checksum, buffer->number + word[words - 1] + buffer->uses);
    word[words - 1] += state->checksum;
    word[0] = ~buffer->number;
}

/* ---- rounds ---- */

/* Drops what came back on rings: the same is in the pool from here on under all collectors. */
static void pool_clean(struct gc_mutator *mutator, const struct resurrect_options *chosen)
{
    for (uint64_t place = 0; place < chosen->count; place++) {
        struct gc_ref pool = gc_local_get(gc_global(mutator, POOL));
        struct gc_ref buffer = gc_field_get(mutator, pool, place);
        if (!gc_is_null(buffer) && buffer_of(buffer)->is_on_ring)
            gc_field_del(mutator, pool, place);
    }
}

static void round_run(struct gc_mutator *mutator, struct resurrect_state *state)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *buffer = &frame.slot[0], *used = gc_global(mutator, USED);
    gc_local_new(mutator, used, &shapes[ARRAY], state->chosen->count);
    for (uint64_t place = 0; place < state->chosen->count; place++) {
        buffer_take(mutator, state, buffer, (uint32_t)place);
        buffer_use(mutator, state, gc_local_get(buffer));
        gc_field_set(mutator, gc_local_get(used), place, gc_local_get(buffer));
        gc_local_del(mutator, buffer);
        gc_finalise(mutator);
    }
    gc_frame_leave(mutator, frame);
    gc_local_del(mutator, used);
    gc_finalise(mutator);
    gc_collect(mutator, GC_COLLECT_FULL);
    gc_finalise(mutator);
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct resurrect_options *chosen = values;
    struct resurrect_state state = {.chosen = chosen, .random = random};
    gc_local_new(mutator, gc_global(mutator, POOL), &shapes[ARRAY], chosen->count);
    for (uint64_t round = 0; round < chosen->rounds; round++) {
        round_run(mutator, &state);
        pool_clean(mutator, chosen);
        if (round == chosen->rounds / 2)
            gc_checkpoint(mutator, "half of the rounds");
    }
    gc_checkpoint(mutator, "all rounds");
    return checksum_add(state.checksum, state.made);
}

const struct workload workload = {
    .name = "resurrect",
    .group = "pathology",
    .summary = "finalisers bring back a share of the buffers that a program forgets, into a pool",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = GLOBALS,
    .run = run,
    .finalise = finalise,
};
