/* SPDX-License-Identifier: MIT */
/*
 * Both kinds of collection ask two questions. Which objects have a reference from outside the collected
 * generations? And what do those objects reach? A saturated count does not tell, and is taken for a reference
 * from outside.
 *
 * A full collection works on the side. It adds up in a tally how many references each object gets from other
 * objects (support/heap/block-tallies.h). An object with more references than its tally is referred to by a
 * slot. Mark bits say what these objects reach. No count is touched, except for survivors that garbage
 * referred to. Acyclic objects are included.
 *
 * A young collection looks at few objects, which are in the cache, and works on the counts themselves. First
 * it takes every reference that the collected objects hold to each other off the count of its target. So an
 * object that still has a count has a reference from outside. From then on the collection gives a reference
 * back when its holder is known to be reachable. So the count is the mark: 0 means "not reached yet", and the
 * edge that finds 0 is the first to arrive. In the end reachable objects have exact counts and garbage has 0.
 * References of garbage to objects outside the collected generations are dropped by counting.
 */
#include "collectors/collector-api.h"
#include "collectors/gc.h"
#include "collectors/support/check.h"
#include "collectors/support/count/cascade-cutoff.h"
#include "collectors/support/count/recount-block-heap.h"

enum { YOUNGEST = 4000 }; /* regions */

static const struct gc_boundary own_boundaries[] = {
    GC_BOUNDARY(OBJECTS, YOUNGEST),
    GC_BOUNDARY_END,
};

static const struct option_spec option_specs[] = {
    GENERATION_OPTIONS(YOUNGEST, "regions that have come to hold a tracked object", 1, 1.0),
    GENERATION_NET_OPTION, GENERATION_WEIGHT_OPTION};
static const struct option_table options = OPTION_TABLE(struct generation_options, option_specs);

/* An operation enters a region at most, also one of an object that was made long before. And one may be
 * entered after the one that calls for a collection, before the next allocation begins it. */
static void bounds(const void *values, struct gc_bounds *ret_bounds)
{
    struct generation_options late = *(const struct generation_options *)values;
    late.threshold0++;
    double youngs = generation_full_births(values) / generation_young_births(values);
    double full_bytes = youngs * generation_young_bytes(values);
    ret_bounds->held = generation_held_bound(&late);
    ret_bounds->full =
        (struct gc_pace_bound){.operations = generation_full_births(values), .bytes = full_bytes};
    ret_bounds->young = (struct gc_pace_bound){.operations = generation_young_births(values),
                                               .bytes = generation_young_bytes(values)};
    ret_bounds->visits = (struct gc_visit_bound){.for_object = 1, .for_live = 1};
    ret_bounds->tables =
        (struct gc_table_bound){.for_object = 32, .for_byte = 4, .for_name = 8, .besides = 2 << 20};
}

const struct gc_collector gc_collector = {
    .name = "rc-gcrefs-block",
    .group = "counting",
    .summary = "CPython's cyclic collector on a block heap: no lists, and cache misses overlapped",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct block_gcrefs_mutator),
    .options = &options,
    .boundaries =
        (const struct gc_boundary *const[]){
            block_heap_boundaries, chunk_table_boundaries, block_tally_boundaries, region_table_boundaries,
            worklist_boundaries, kernel_boundaries, chunk_stack_boundaries, leaf_boundaries,
            cascade_boundaries, weight_boundaries, own_boundaries, NULL},
    .bounds = bounds,
};

static struct block_gcrefs_mutator *gcrefs_of(struct gc_mutator *mutator)
{
    return (struct block_gcrefs_mutator *)mutator;
}

/* ---- freeing at zero ---- */

/* Takes a dying object off the clock of the generations. */
static inline void forget(struct gc_mutator *mutator, const struct gc_object *object)
{
    if (object->bits & BLOCK_GCREFS_OLD)
        generation_clock_died_old(&gcrefs_of(mutator)->clock);
}

static inline bool cascade_drop(struct gc_mutator *mutator, struct gc_object *child)
{
    if (!gc_count_down_is_dead(child))
        return false;
    forget(mutator, child);
    return true;
}

static inline bool cascade_dispose(struct gc_mutator *mutator, struct gc_object *object, uint64_t bytes)
{
    struct block_gcrefs_mutator *gcrefs = gcrefs_of(mutator);
    region_table_release(mutator, &gcrefs->heap, gcrefs->young, object, bytes, BLOCK_GCREFS_YOUNG);
    return true;
}

#include "collectors/support/count/cascade-template.h"

void counting_release(struct gc_mutator *mutator, struct gc_object *object)
{
    if (!gc_count_is_dead(object))
        return;
    forget(mutator, object);
    cascade_release(mutator, object);
}

/* ---- what backup-template.h asks for ---- */

static inline struct block_heap *backup_heap(struct gc_mutator *mutator)
{
    return &gcrefs_of(mutator)->heap;
}

static inline struct kernel *backup_kernel(struct gc_mutator *mutator)
{
    return &gcrefs_of(mutator)->kernel;
}

static inline uint32_t backup_left_out(struct gc_mutator *mutator)
{
    (void)mutator;
    return 0;
}

/* Where something is frozen, counting takes the reference off when the garbage is gone: frozen-template.h. */
static inline void backup_drop(struct gc_mutator *mutator, struct gc_object *object)
{
    struct block_gcrefs_mutator *gcrefs = gcrefs_of(mutator);
    if (GC_UNLIKELY(gcrefs->frozen) && block_marks_has(&gcrefs->heap, object))
        worklist_push(mutator, &gcrefs->orphans, object);
    else
        object->count -= !gc_count_is_stuck(object->count);
}

#include "collectors/support/count/backup-template.h"

/* ---- the tables ---- */

static uint32_t bit_of(int generation)
{
    return (uint32_t)BLOCK_GCREFS_YOUNGEST << generation;
}

/* Whether an object that leaves a table stays tracked. An acyclic object, born into a young region, does not;
 * nor does an object that holds no reference any more. */
static bool stays_tracked(const struct gc_mutator *mutator, struct gc_object *object)
{
    return !(object->bits & GC_BIT_ACYCLIC) && !leaf_is(mutator->shapes, object);
}

/* ---- subtracting, restoring ---- */

/* Whether the young collection looks at `object`. */
static inline bool is_collected(const struct block_gcrefs_mutator *gcrefs, const struct gc_object *object)
{
    return object->bits & gcrefs->collected;
}

static inline void subtract_one(struct gc_object *object)
{
    object->count -= !gc_count_is_stuck(object->count);
}

static inline bool restore_one(struct gc_object *object)
{
    if (gc_count_is_stuck(object->count))
        return false;
    return object->count++ == 0;
}

static inline void subtract_fields_from(struct block_gcrefs_mutator *gcrefs, struct gc_object *object,
                                        uint64_t first)
{
    struct gc_ref *fields = gc_object_fields(object);
    uint64_t refs = gc_object_refs(gcrefs->common.shapes, object);
    for (uint64_t i = first; i < refs; i++) {
        struct gc_object *child = fields[i].object;
        if (child && is_collected(gcrefs, child))
            subtract_one(child);
    }
}

/* ---- a full collection ---- */

#include "collectors/rc-gcrefs-block/tally-template.h"

static inline bool grow_old(struct gc_mutator *mutator, struct gc_object *object)
{
    object->bits |= stays_tracked(mutator, object) ? BLOCK_GCREFS_OLD : 0;
    return false;
}

static void empty_tables(struct block_gcrefs_mutator *gcrefs)
{
    for (int generation = 0; generation < GENERATION_OLDEST; generation++)
        region_table_purge(&gcrefs->common, &gcrefs->heap, &gcrefs->young[generation], bit_of(generation),
                           grow_old);
}

#include "collectors/rc-gcrefs-block/frozen-template.h"

/* Queues the objects that have a reference from outside what is walked. Notes how many are left out: the frozen. */
static void push_external(struct block_gcrefs_mutator *gcrefs)
{
    gcrefs->left_out = 0;
    block_tallies_clear(&gcrefs->heap);
    if (GC_UNLIKELY(gcrefs->frozen))
        tally_beside_frozen(gcrefs);
    else
        block_heap_walk(&gcrefs->common, &gcrefs->heap, tally_block);
    block_tallies_arrive(&gcrefs->common, &gcrefs->tallying);
    block_heap_walk(&gcrefs->common, &gcrefs->heap, push_external_of_block);
    block_tallies_restore(&gcrefs->common, &gcrefs->tallying);
}

static inline bool reach_visit(struct gc_mutator *mutator, struct gc_object *object)
{
    gcrefs_of(mutator)->tracked += (object->bits & BLOCK_GCREFS_OLD) != 0;
    return true;
}

/* Marks what the queued objects reach. Returns the number of objects. */
static uint64_t mark_reachable(struct block_gcrefs_mutator *gcrefs)
{
    gcrefs->tracked = 0;
    block_marks_clear(&gcrefs->heap);
    if (GC_UNLIKELY(gcrefs->common.dues.pairs))
        return kernel_drain_side_marks_by(&gcrefs->common, &gcrefs->kernel, backup_mark_word,
                                          block_mark_claim, reach_visit, backup_push_paired);
    return kernel_drain_side_marks(&gcrefs->common, &gcrefs->kernel, backup_mark_word, block_mark_claim,
                                   reach_visit);
}

static void collect_all(struct block_gcrefs_mutator *gcrefs)
{
    struct gc_mutator *mutator = &gcrefs->common;
    struct gc_pause pause = gc_pause_begin(mutator, GC_PAUSE_FULL);
    gc_phase(mutator, GC_PHASE_PROMOTE);
    uint64_t objects = gc_held_objects(mutator);
    generation_clock_begin(&gcrefs->clock, GENERATION_OLDEST);
    empty_tables(gcrefs);
    gc_phase(mutator, GC_PHASE_SUBTRACT);
    push_external(gcrefs);
    gc_phase(mutator, GC_PHASE_MARK);
    uint64_t reached = gcrefs->left_out + mark_reachable(gcrefs);
    if (GC_UNLIKELY(mutator->dues.attends))
        reached += finalise_garbage(mutator, &backup_attended);
    if (backup_has_garbage(mutator, reached)) {
        backup_drop_garbage(mutator);
        backup_free_garbage(mutator);
    }
    check_that(reached == gc_held_objects(mutator), NULL, "what was not reached was freed");
    if (GC_UNLIKELY(gcrefs->frozen))
        drop_from_garbage(gcrefs);
    gc_phase(mutator, GC_PHASE_TRIM);
    kernel_trim(mutator, &gcrefs->kernel);
    generation_clock_end(&gcrefs->clock, GENERATION_OLDEST, gcrefs->tracked);
    generation_clock_weigh(&gcrefs->clock, mutator, GENERATION_OLDEST);
    if (GC_UNLIKELY(gcrefs->frozen))
        weigh_beside_frozen(gcrefs);
    gc_pause_end(mutator, &pause, objects - gcrefs->left_out);
}

/* ---- ephemerons in a young collection ---- */

static bool is_dead_young(struct gc_mutator *mutator, const struct gc_object *object)
{
    return is_collected(gcrefs_of(mutator), object) && object->count == 0;
}

/* Takes the reference of an ephemeron to its value off: the ephemeron or its key is collected. */
static inline void subtract_pair(struct gc_mutator *mutator, void *context, struct gc_object *ephemeron)
{
    struct gc_object *value = gc_pair_value(ephemeron);
    (void)context;
    if (is_collected(gcrefs_of(mutator), value) && gc_pair_take(ephemeron))
        subtract_one(value);
}

static inline bool subtract_entry_paired(struct gc_mutator *mutator, struct gc_object *object)
{
    subtract_fields_from(gcrefs_of(mutator), object, gc_fields_first(mutator->shapes, object));
    gc_pairs_each(mutator, object, NULL, subtract_pair);
    return true;
}

/* Queues the reference of an ephemeron to its value if it is to be given back. */
static inline void restore_pair(struct gc_mutator *mutator, void *kernel, struct gc_object *ephemeron)
{
    if (gc_pair_give(mutator, ephemeron, is_dead_young))
        kernel_push(mutator, kernel, gc_pair_value(ephemeron));
}

static inline void restore_push_paired(struct gc_mutator *mutator, struct kernel *kernel,
                                       struct gc_object *object)
{
    kernel_push_paired(mutator, kernel, object, restore_pair);
}

/* ---- a collection of the young ---- */

static inline bool subtract_entry(struct gc_mutator *mutator, struct gc_object *object)
{
    subtract_fields_from(gcrefs_of(mutator), object, 0);
    return true;
}

/* Leaves no free region in the tables. Returns the number of objects collected. */
static inline __attribute__((always_inline)) uint64_t
subtract_young_by(struct block_gcrefs_mutator *gcrefs, int generation,
                  bool (*subtract)(struct gc_mutator *, struct gc_object *))
{
    uint64_t objects = 0;
    for (int younger = 0; younger <= generation; younger++) {
        region_table_purge(&gcrefs->common, &gcrefs->heap, &gcrefs->young[younger], bit_of(younger),
                           subtract);
        objects += gcrefs->young[younger].count;
    }
    return objects;
}

static __attribute__((noinline)) uint64_t subtract_young_paired(struct block_gcrefs_mutator *gcrefs,
                                                                int generation)
{
    return subtract_young_by(gcrefs, generation, subtract_entry_paired);
}

static uint64_t subtract_young(struct block_gcrefs_mutator *gcrefs, int generation)
{
    return GC_UNLIKELY(gcrefs->common.dues.pairs) ? subtract_young_paired(gcrefs, generation)
                                                  : subtract_young_by(gcrefs, generation, subtract_entry);
}

/* `object` is each collected object in turn. */
#define YOUNG_EACH(gcrefs, generation, object)                                                               \
    for (int younger = 0; younger <= (generation); younger++)                                                \
        for (uint64_t entry = 0; entry < (gcrefs)->young[younger].count; entry++)                            \
            if (object = (gcrefs)->young[younger].items[entry], true)

static inline bool restore_young_claim(struct gc_mutator *mutator, struct gc_object *object)
{
    return is_collected(gcrefs_of(mutator), object) && restore_one(object);
}

/* Gives references back, and returns how many of the collected objects are reachable. `push` is constant. */
static inline __attribute__((always_inline)) uint64_t restore_young_by(struct block_gcrefs_mutator *gcrefs,
                                                                       int generation, kernel_pusher *push)
{
    struct gc_object *object;
    uint64_t reached = 0;
    YOUNG_EACH(gcrefs, generation, object) {
        if (object->count == 0)
            continue;
        reached++;
        push(&gcrefs->common, &gcrefs->kernel, object);
    }
    return reached +
           kernel_drain_by(&gcrefs->common, &gcrefs->kernel, restore_young_claim, kernel_follow, push);
}

static __attribute__((noinline)) uint64_t restore_young_paired(struct block_gcrefs_mutator *gcrefs,
                                                               int generation)
{
    return restore_young_by(gcrefs, generation, restore_push_paired);
}

static uint64_t restore_young(struct block_gcrefs_mutator *gcrefs, int generation)
{
    return GC_UNLIKELY(gcrefs->common.dues.pairs) ? restore_young_paired(gcrefs, generation)
                                                  : restore_young_by(gcrefs, generation, kernel_push_fields);
}

/* ---- finalisers and weak references in a young collection ---- */

/* `has` is is_dead_young(). A weak reference that is in no table has a count, and may yet be found dead by it: then it is
 * not called. */
static void each_young(struct gc_mutator *mutator, const struct finalise_garbage *garbage,
                       finalise_step *step)
{
    struct block_gcrefs_mutator *gcrefs = gcrefs_of(mutator);
    int generation = gcrefs->collected == BLOCK_GCREFS_YOUNGEST ? 0 : 1;
    struct gc_object *object;
    YOUNG_EACH(gcrefs, generation, object) {
        if (gc_object_is_attended(mutator->shapes, object))
            step(mutator, garbage, object);
    }
}

/* The queue's reference is one from outside: it restores the object, and all that it reaches. */
static uint64_t spare_young(struct gc_mutator *mutator, uint64_t from)
{
    struct kernel *kernel = &gcrefs_of(mutator)->kernel;
    for (uint64_t place = from; place < gc_dues_waiting(mutator); place++) {
        struct gc_object *object = gc_due_at(mutator, place);
        if (restore_one(object))
            restore_push_paired(mutator, kernel, object);
    }
    return kernel_drain_by(mutator, kernel, restore_young_claim, kernel_follow, restore_push_paired);
}

/* The reference to a value that is collected has been taken off: the key is collected. The one to another value is
 * dropped with those of garbage. */
static void drop_value_young(struct gc_mutator *mutator, struct gc_object *ephemeron, struct gc_object *value)
{
    (void)ephemeron;
    if (!is_collected(gcrefs_of(mutator), value))
        worklist_push(mutator, &gcrefs_of(mutator)->orphans, value);
}

static const struct finalise_garbage attended_young = {each_young, is_dead_young, spare_young,
                                                       drop_value_young};

#include "collectors/rc-gcrefs-block/garbage-template.h"

static void collect_young(struct block_gcrefs_mutator *gcrefs, int generation)
{
    struct gc_pause pause = gc_pause_begin(&gcrefs->common, GC_PAUSE_YOUNG);
    gc_phase(&gcrefs->common, GC_PHASE_SUBTRACT);
    generation_clock_begin(&gcrefs->clock, generation);
    gcrefs->collected = generation == 0 ? BLOCK_GCREFS_YOUNGEST : BLOCK_GCREFS_YOUNG;
    uint64_t objects = subtract_young(gcrefs, generation);
    gc_phase(&gcrefs->common, GC_PHASE_RESTORE);
    if (restore_young(gcrefs, generation) < objects) {
        gc_phase(&gcrefs->common, GC_PHASE_GATHER);
        if (GC_UNLIKELY(gcrefs->common.dues.attends))
            finalise_garbage(&gcrefs->common, &attended_young);
        gather_garbage(gcrefs, generation);
    }
    gc_phase(&gcrefs->common, GC_PHASE_PROMOTE);
    uint64_t survivors = promote_survivors(gcrefs, generation);
    gc_phase(&gcrefs->common, GC_PHASE_FREE);
    free_garbage(gcrefs);
    generation_clock_end(&gcrefs->clock, generation, survivors);
    generation_clock_weigh(&gcrefs->clock, &gcrefs->common, generation);
    gc_pause_end(&gcrefs->common, &pause, objects);
}

static void collect(struct block_gcrefs_mutator *gcrefs, int generation)
{
    if (generation == GENERATION_OLDEST)
        collect_all(gcrefs);
    else
        collect_young(gcrefs, generation);
}

void gc_collect(struct gc_mutator *mutator, enum gc_collect_kind kind)
{
    collect(gcrefs_of(mutator), kind == GC_COLLECT_FULL ? GENERATION_OLDEST : 0);
}

/* ---- what the harness calls ---- */

void block_gcrefs_arm(struct gc_mutator *mutator)
{
    mutator->clock.poll_at = 0;
    gc_allocation_rearm(mutator);
}

void gc_collector_start(struct gc_mutator *mutator, const void *values)
{
    struct block_gcrefs_mutator *gcrefs = gcrefs_of(mutator);
    gcrefs->clock.options = values;
    block_heap_open(&gcrefs->heap, BLOCK_SIDE_TALLIES);
    generation_clock_weigh(&gcrefs->clock, mutator, GENERATION_OLDEST);
    mutator->clock.poll_at = generation_clock_poll_at(&gcrefs->clock, mutator);
}

uint64_t gc_collector_poll(struct gc_mutator *mutator)
{
    struct block_gcrefs_mutator *gcrefs = gcrefs_of(mutator);
    generation_clock_look(&gcrefs->clock, mutator);
    int generation = generation_due(&gcrefs->clock);
    if (generation >= 0)
        collect(gcrefs, generation);
    return generation_clock_poll_at(&gcrefs->clock, mutator);
}

#include "collectors/rc-gcrefs-block/check-template.h"

void gc_collector_stop(struct gc_mutator *mutator)
{
    struct block_gcrefs_mutator *gcrefs = gcrefs_of(mutator);
    gc_dues_close(mutator);
    block_heap_close(mutator, &gcrefs->heap);
    kernel_clear(mutator, &gcrefs->kernel);
    for (int generation = 0; generation < GENERATION_OLDEST; generation++)
        worklist_clear(mutator, &gcrefs->young[generation]);
    worklist_clear(mutator, &gcrefs->garbage);
    worklist_clear(mutator, &gcrefs->orphans);
    worklist_clear(mutator, &gcrefs->tallying.carried);
}
