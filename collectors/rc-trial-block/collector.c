/* SPDX-License-Identifier: MIT */
/*
 * A collection takes up to four waves over all roots together. After the first wave, the count of every
 * touched object is short by exactly the references that touched objects hold to it. So a touched object with
 * a count left has a reference from outside: it is rescued, with all it reaches. An object that the rescue
 * does not reach is still grey, and is garbage.
 *
 * The later waves look at every grey object. While few objects are touched, a list holds them. When the trial
 * spreads over a good part of the heap, walks in the order of addresses find them. Such walks wait for no
 * cache miss and need no memory.
 */
#include "collectors/collector-api.h"
#include "collectors/gc.h"
#include "collectors/support/count/cascade-cutoff.h"

static const struct option_spec option_specs[] = {
    TRIAL_TRIGGER_OPTIONS(struct wave_options),
    WEIGHT_OPTION(struct wave_options),
};
static const struct option_table options = OPTION_TABLE(struct wave_options, option_specs);

enum {
    FEW = 4,        /* touched objects are few up to 1 / FEW of the objects held */
    FEW_LEAST = 64, /* or so many: a walk costs more, for it looks at every region of a heap block */
    PURGE = 1024,   /* with fewer entries the root buffer is not purged */
};

static const struct gc_boundary own_boundaries[] = {
    GC_BOUNDARY(OBJECTS, FEW_LEAST),
    GC_BOUNDARY(OBJECTS, PURGE),
    GC_BOUNDARY_END,
};
static void bounds(const void *values, struct gc_bounds *ret_bounds)
{
    const struct wave_options *given = values;
    ret_bounds->held = trial_trigger_held_bound(given->roots, given->share);
    ret_bounds->held.weight = (double)given->weight;
    ret_bounds->full = trial_trigger_pace_bound(given->roots);
    ret_bounds->full.bytes = (double)given->roots * (double)given->weight;
    ret_bounds->full.by_references = true;
    ret_bounds->visits = (struct gc_visit_bound){.for_object = 1};
    ret_bounds->tables =
        (struct gc_table_bound){.for_object = 32, .for_byte = 2, .for_name = 8, .besides = 2 << 20};
}

const struct gc_collector gc_collector = {
    .name = "rc-trial-block",
    .group = "counting",
    .summary = "trial deletion in waves on a block heap, triggered in proportion to allocation",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct wave_mutator),
    .options = &options,
    .boundaries =
        (const struct gc_boundary *const[]){block_heap_boundaries, region_table_boundaries,
                                            worklist_boundaries, kernel_boundaries, chunk_stack_boundaries,
                                            leaf_boundaries, cascade_boundaries, trial_trigger_boundaries,
                                            weight_boundaries, own_boundaries, NULL},
    .bounds = bounds,
};

static struct wave_mutator *wave_of(struct gc_mutator *mutator)
{
    return (struct wave_mutator *)mutator;
}

/* ---- between collections ---- */

void suspect_buffer(struct gc_mutator *mutator, struct gc_object *object)
{
    struct wave_mutator *wave = wave_of(mutator);
    if (leaf_is_no_key(mutator->shapes, object))
        return;
    trial_colour_set(object, TRIAL_PURPLE);
    region_table_enter(mutator, &wave->roots, object, TRIAL_BUFFERED);
    if (GC_UNLIKELY(wave->roots.count == wave->look_at)) {
        mutator->clock.poll_at = 0;
        gc_allocation_rearm(mutator);
    }
}

static inline bool cascade_drop(struct gc_mutator *mutator, struct gc_object *child)
{
    return suspect_drop(mutator, child);
}

static inline bool cascade_dispose(struct gc_mutator *mutator, struct gc_object *object, uint64_t bytes)
{
    struct wave_mutator *wave = wave_of(mutator);
    region_table_release(mutator, &wave->heap, &wave->roots, object, bytes, TRIAL_BUFFERED);
    return true;
}

#include "collectors/support/count/cascade-template.h"

void suspect_release(struct gc_mutator *mutator, struct gc_object *object)
{
    if (gc_count_is_dead(object))
        cascade_release(mutator, object);
}

static void object_free(struct wave_mutator *wave, struct gc_object *object)
{
    uint64_t bytes = gc_object_bytes(wave->common.shapes, object);
    block_release(&wave->common, &wave->heap, object, bytes);
    wave->common.account.freed_objects++;
    wave->common.account.freed_bytes += bytes;
}

/* ---- the trigger ---- */

/* Sets what the next collection waits for, after one that touched `in_vain` objects in vain. */
static void want_again(struct wave_mutator *wave, uint64_t in_vain)
{
    const struct wave_options *options = wave->options;
    uint64_t objects = (uint64_t)(options->share * (double)in_vain);
    wave->held_wanted = trial_trigger_next(&wave->common, options->share, in_vain);
    wave->bytes_wanted =
        weight_wanted(&wave->common, options->weight, objects > options->roots ? objects : options->roots);
}

static bool is_due(const struct wave_mutator *wave)
{
    if (wave->roots.count > 0 && gc_weighed_bytes(&wave->common) >= wave->bytes_wanted)
        return true;
    return wave->roots.count >= wave->options->roots && gc_held_objects(&wave->common) >= wave->held_wanted;
}

/* The allocation clock at which to look again. A buffer that fills asks for a look by itself. */
static uint64_t poll_next(const struct wave_mutator *wave)
{
    uint64_t by_weight = weight_poll_at(&wave->common, wave->bytes_wanted);
    if (wave->roots.count < wave->options->roots)
        return by_weight;
    uint64_t by_objects = trial_trigger_poll_at(&wave->common, wave->held_wanted);
    return by_objects < by_weight ? by_objects : by_weight;
}

/* ---- the root buffer ---- */

/* Sets when the buffer is looked at again. At `roots` entries a collection may be due. At twice as many
 * entries as the last purge left, a purge is due. */
static void look_again(struct wave_mutator *wave)
{
    uint64_t roots = wave->options->roots;
    wave->look_at = wave->roots.count < roots && roots < wave->purge_at ? roots : wave->purge_at;
}

static void purge_again(struct wave_mutator *wave)
{
    wave->purge_at = wave->roots.count < PURGE / 2 ? PURGE : 2 * wave->roots.count;
    look_again(wave);
}

/* `leaf` is constant: one of the two questions of count/leaf.h. */
static inline __attribute__((always_inline)) bool
is_suspect_by(struct gc_mutator *mutator, struct gc_object *object,
              bool (*leaf)(const struct gc_shape *, struct gc_object *))
{
    if (trial_colour(object) == TRIAL_PURPLE && !leaf(mutator->shapes, object))
        return true;
    trial_colour_set(object, TRIAL_BLACK);
    return false;
}

static inline bool is_suspect(struct gc_mutator *mutator, struct gc_object *object)
{
    return is_suspect_by(mutator, object, leaf_is);
}

static inline bool is_suspect_paired(struct gc_mutator *mutator, struct gc_object *object)
{
    return is_suspect_by(mutator, object, leaf_is_no_key);
}

/* Leaves only entries of suspects in the buffer. */
static void purge_roots(struct wave_mutator *wave)
{
    if (GC_UNLIKELY(wave->common.dues.pairs))
        region_table_purge(&wave->common, &wave->heap, &wave->roots, TRIAL_BUFFERED, is_suspect_paired);
    else
        region_table_purge(&wave->common, &wave->heap, &wave->roots, TRIAL_BUFFERED, is_suspect);
}

/* Purges the buffer between collections. O(1) for each entry that is new since the last purge. */
static void purge_between(struct wave_mutator *wave)
{
    struct gc_pause pause = gc_pause_begin(&wave->common, GC_PAUSE_SLICE);
    gc_phase(&wave->common, GC_PHASE_PURGE);
    purge_roots(wave);
    purge_again(wave);
    gc_pause_end(&wave->common, &pause, 0);
}

/* ---- the waves ---- */

/* How many touched objects a list holds. */
static uint64_t few(const struct gc_mutator *mutator)
{
    uint64_t share = gc_held_objects(mutator) / FEW;
    return share < FEW_LEAST ? FEW_LEAST : share;
}

/* The first visit to a touched object: lists it, while there are few. */
static inline bool grey_visit(struct gc_mutator *mutator, struct gc_object *object)
{
    struct wave_mutator *wave = wave_of(mutator);
    if (GC_LIKELY(wave->touched.count < wave->few))
        worklist_push(mutator, &wave->touched, object);
    return true;
}

/* Follows an edge from a touched object: takes its reference off. Says whether this was the first. */
static inline bool grey_claim(struct gc_mutator *mutator, struct gc_object *object)
{
    if (trial_is_green(object)) {
        wave_of(mutator)->green_touched = true;
        return false;
    }
    bool first = trial_colour(object) != TRIAL_GREY;
    object->count -= !gc_count_is_stuck(object->count);
    trial_colour_set(object, TRIAL_GREY);
    return first;
}

/* Queues the reference of an ephemeron to its value, to be taken off: the ephemeron or its key is grey. */
static inline void grey_pair(struct gc_mutator *mutator, void *kernel, struct gc_object *ephemeron)
{
    if (gc_pair_take(ephemeron))
        kernel_push(mutator, kernel, gc_pair_value(ephemeron));
}

static inline void grey_push_paired(struct gc_mutator *mutator, struct kernel *kernel,
                                    struct gc_object *object)
{
    kernel_push_paired(mutator, kernel, object, grey_pair);
}

/* Greys the roots and all they reach, and takes off the references that these objects hold. The roots leave
 * the buffer. `push` is constant. Returns the number of objects touched. */
static inline __attribute__((always_inline)) uint64_t grey_roots_by(struct wave_mutator *wave,
                                                                    kernel_pusher *push)
{
    struct gc_mutator *mutator = &wave->common;
    uint64_t touched = 0;
    if (mutator->observer.counts_possible_roots)
        mutator->observer.possible_roots_examined += wave->roots.count;
    for (uint64_t i = 0; i < wave->roots.count; i++) {
        struct gc_object *object = wave->roots.items[i];
        region_table_prefetch(&wave->roots, i);
        object->bits &= ~(uint32_t)TRIAL_BUFFERED;
        if (trial_colour(object) == TRIAL_GREY)
            continue;
        trial_colour_set(object, TRIAL_GREY);
        grey_visit(mutator, object);
        touched++;
        push(mutator, &wave->kernel, object);
        if (kernel_has_batch(&wave->kernel))
            touched += kernel_drain_by(mutator, &wave->kernel, grey_claim, grey_visit, push);
    }
    return touched + kernel_drain_by(mutator, &wave->kernel, grey_claim, grey_visit, push);
}

/* Follows an edge from a rescued object: gives its reference back, and rescues the target. Says whether this
 * was the first. */
static inline bool rescue_claim(struct gc_mutator *mutator, struct gc_object *object)
{
    (void)mutator;
    if (trial_is_green(object))
        return false;
    bool first = trial_colour(object) != TRIAL_BLACK;
    object->count += !gc_count_is_stuck(object->count);
    trial_colour_set(object, TRIAL_BLACK);
    return first;
}

static bool is_grey(struct gc_mutator *mutator, const struct gc_object *object)
{
    (void)mutator;
    return trial_colour(object) == TRIAL_GREY;
}

/* Queues the reference of an ephemeron to its value if it is to be given back. */
static inline void rescue_pair(struct gc_mutator *mutator, void *kernel, struct gc_object *ephemeron)
{
    if (gc_pair_give(mutator, ephemeron, is_grey))
        kernel_push(mutator, kernel, gc_pair_value(ephemeron));
}

static inline void rescue_push_paired(struct gc_mutator *mutator, struct kernel *kernel,
                                      struct gc_object *object)
{
    kernel_push_paired(mutator, kernel, object, rescue_pair);
}

/* Rescues a grey object that has references from outside. `push` is constant. */
static inline __attribute__((always_inline)) uint64_t
rescue_if_held_by(struct wave_mutator *wave, struct gc_object *object, kernel_pusher *push)
{
    if (object->count == 0)
        return 0;
    trial_colour_set(object, TRIAL_BLACK);
    push(&wave->common, &wave->kernel, object);
    if (!kernel_has_batch(&wave->kernel))
        return 1;
    return 1 + kernel_drain_by(&wave->common, &wave->kernel, rescue_claim, kernel_follow, push);
}

static inline uint64_t rescue_if_held(struct wave_mutator *wave, struct gc_object *object)
{
    return rescue_if_held_by(wave, object, kernel_push_fields);
}

static inline uint64_t rescue_if_held_paired(struct wave_mutator *wave, struct gc_object *object)
{
    return rescue_if_held_by(wave, object, rescue_push_paired);
}

/* Drops the references that garbage holds to green objects: the trial has not touched them. This takes place
 * while all garbage can still be read. */
static inline uint64_t drop_green_children(struct wave_mutator *wave, struct gc_object *object)
{
    struct gc_ref *fields = gc_object_fields(object);
    uint64_t refs = gc_object_refs(wave->common.shapes, object);
    for (uint64_t i = 0; i < refs; i++) {
        if (fields[i].object && trial_is_green(fields[i].object))
            counting_decrement(&wave->common, fields[i].object);
    }
    return 0;
}

/* Calls `look` for each grey object. Returns the sum of its results. */
static inline __attribute__((always_inline)) uint64_t each_grey(struct wave_mutator *wave, uint64_t touched,
                                                                uint64_t (*look)(struct wave_mutator *,
                                                                                 struct gc_object *))
{
    uint64_t sum = 0;
    struct gc_object *object;
    if (touched > wave->few) {
        BLOCK_HEAP_EACH(&wave->common, &wave->heap, block)
            BLOCK_EACH_OBJECT(block, object)
                sum += trial_colour(object) == TRIAL_GREY ? look(wave, object) : 0;
        return sum;
    }
    for (uint64_t i = 0; i < touched; i++) {
        object = wave->touched.items[i];
        region_table_prefetch(&wave->touched, i);
        sum += trial_colour(object) == TRIAL_GREY ? look(wave, object) : 0;
    }
    return sum;
}

/* The number of possible roots that are garbage, after the rescue. */
static uint64_t roots_grey(const struct wave_mutator *wave)
{
    uint64_t count = 0;
    for (uint64_t i = 0; i < wave->roots.count; i++)
        count += trial_colour(wave->roots.items[i]) == TRIAL_GREY;
    return count;
}

/* Frees the grey objects of a heap block. */
static void sweep_grey(struct wave_mutator *wave, struct heap_block *block)
{
    struct gc_mutator *mutator = &wave->common;
    struct gc_object *object;
    uint64_t freed = mutator->account.freed_objects;
    BLOCK_EACH_OBJECT(block, object) {
        if (trial_colour(object) != TRIAL_GREY)
            continue;
        mutator->account.freed_objects++;
        mutator->account.freed_bytes += gc_object_bytes(mutator->shapes, object);
        block_sweep_free(block, object);
    }
    if (mutator->account.freed_objects != freed)
        block_sweep_end(mutator, &wave->heap, block);
}

static uint64_t free_object(struct wave_mutator *wave, struct gc_object *object)
{
    object_free(wave, object);
    return 1;
}

static void free_garbage(struct wave_mutator *wave, uint64_t touched)
{
    if (wave->green_touched) {
        gc_phase(&wave->common, GC_PHASE_DROP);
        each_grey(wave, touched, drop_green_children);
    }
    gc_phase(&wave->common, touched <= wave->few ? GC_PHASE_FREE : GC_PHASE_SWEEP);
    if (touched <= wave->few) {
        each_grey(wave, touched, free_object);
        return;
    }
    BLOCK_HEAP_EACH(&wave->common, &wave->heap, block)
        sweep_grey(wave, block);
}

/* ---- finalisers and weak references ---- */

static inline bool drop_green_claim(struct gc_mutator *mutator, struct gc_object *object)
{
    counting_decrement(mutator, object);
    return false;
}

/* The step that goes over the garbage: a look at a grey object has no argument for it. */
static uint64_t attend_object(struct wave_mutator *wave, struct gc_object *object)
{
    if (gc_object_is_attended(wave->common.shapes, object))
        wave->attend(&wave->common, wave->attended, object);
    return 0;
}

static void each_attended(struct gc_mutator *mutator, const struct finalise_garbage *garbage,
                          finalise_step *step)
{
    struct wave_mutator *wave = wave_of(mutator);
    wave->attended = garbage;
    wave->attend = step;
    each_grey(wave, wave->touched_count, attend_object);
    kernel_drain(mutator, &wave->kernel, drop_green_claim, kernel_follow);
}

/* The trial has taken the reference off, unless the value is green: the key was grey. A green one may be freed, which the
 * walk through the garbage forbids. */
static void drop_value(struct gc_mutator *mutator, struct gc_object *ephemeron, struct gc_object *value)
{
    (void)ephemeron;
    if (trial_is_green(value))
        kernel_push(mutator, &wave_of(mutator)->kernel, value);
}

/* The queue's reference is one from outside: what it reaches is rescued. */
static uint64_t spare(struct gc_mutator *mutator, uint64_t from)
{
    struct wave_mutator *wave = wave_of(mutator);
    uint64_t rescued = 0;
    for (uint64_t place = from; place < gc_dues_waiting(mutator); place++) {
        struct gc_object *object = gc_due_at(mutator, place);
        bool grey = trial_colour(object) == TRIAL_GREY;
        gc_count_up(object);
        rescued += grey ? rescue_if_held_paired(wave, object) : 0;
    }
    return rescued + kernel_drain_by(mutator, &wave->kernel, rescue_claim, kernel_follow, rescue_push_paired);
}

/* `has` is is_grey(): a weak reference with a callback is not green, so its colour tells. */
static const struct finalise_garbage attended_garbage = {each_attended, is_grey, spare, drop_value};

/* Attends to what is grey after the rescue. Returns how many objects were rescued for a finaliser. */
static uint64_t attend_grey(struct wave_mutator *wave, uint64_t touched)
{
    if (GC_LIKELY(!wave->common.dues.attends))
        return 0;
    wave->touched_count = touched;
    return finalise_garbage(&wave->common, &attended_garbage);
}

/* ---- a collection ---- */

static __attribute__((noinline)) uint64_t grey_roots_paired(struct wave_mutator *wave)
{
    return grey_roots_by(wave, grey_push_paired);
}

static uint64_t grey_roots(struct wave_mutator *wave)
{
    return GC_UNLIKELY(wave->common.dues.pairs) ? grey_roots_paired(wave)
                                                : grey_roots_by(wave, kernel_push_fields);
}

static __attribute__((noinline)) uint64_t rescue_held_paired(struct wave_mutator *wave, uint64_t touched)
{
    uint64_t held = each_grey(wave, touched, rescue_if_held_paired);
    return held +
           kernel_drain_by(&wave->common, &wave->kernel, rescue_claim, kernel_follow, rescue_push_paired);
}

/* Rescues what has references from outside, and all that it reaches. Returns how many objects that are. */
static uint64_t rescue_held(struct wave_mutator *wave, uint64_t touched)
{
    if (GC_UNLIKELY(wave->common.dues.pairs))
        return rescue_held_paired(wave, touched);
    uint64_t held = each_grey(wave, touched, rescue_if_held);
    return held + kernel_drain(&wave->common, &wave->kernel, rescue_claim, kernel_follow);
}

void gc_collect(struct gc_mutator *mutator, enum gc_collect_kind kind)
{
    (void)kind;
    struct wave_mutator *wave = wave_of(mutator);
    struct gc_pause pause = gc_pause_begin(mutator, GC_PAUSE_FULL);
    gc_phase(mutator, GC_PHASE_PURGE);
    wave->few = few(mutator);
    wave->green_touched = false;
    purge_roots(wave);
    gc_phase(mutator, GC_PHASE_GREY);
    uint64_t touched = grey_roots(wave);
    gc_phase(mutator, GC_PHASE_SCAN);
    uint64_t rescued = rescue_held(wave, touched);
    kernel_trim(mutator, &wave->kernel);
    rescued += attend_grey(wave, touched);
    if (mutator->observer.counts_possible_roots)
        mutator->observer.possible_roots_dead += roots_grey(wave);
    worklist_empty(mutator, &wave->roots); /* before anything is freed: a free may add entries */
    if (rescued < touched)
        free_garbage(wave, touched);
    gc_phase(mutator, GC_PHASE_TRIM);
    worklist_empty(mutator, &wave->touched);
    want_again(wave, rescued);
    purge_again(wave);
    gc_pause_end(mutator, &pause, touched);
}

/* ---- what the harness calls ---- */

void gc_collector_start(struct gc_mutator *mutator, const void *values)
{
    struct wave_mutator *wave = wave_of(mutator);
    wave->options = values;
    block_heap_open(&wave->heap, BLOCK_SIDE_NONE);
    want_again(wave, 0);
    purge_again(wave);
    mutator->clock.poll_at = poll_next(wave);
}

uint64_t gc_collector_poll(struct gc_mutator *mutator)
{
    struct wave_mutator *wave = wave_of(mutator);
    if (mutator->clock.poll_at == 0)
        gc_reason(mutator, GC_REASON_TABLE);
    if (is_due(wave))
        gc_collect(mutator, GC_COLLECT_FULL);
    else if (wave->roots.count >= wave->purge_at)
        purge_between(wave);
    else
        look_again(wave);
    return poll_next(wave);
}

void gc_collector_check(struct gc_mutator *mutator)
{
    struct wave_mutator *wave = wave_of(mutator);
    region_table_check(mutator, &wave->heap, &wave->roots, TRIAL_BUFFERED, suspect_check);
    check_that(kernel_is_idle(&wave->kernel) && wave->touched.count == 0, NULL,
               "the work lists are empty between collections");
    block_heap_check(mutator, &wave->heap, 0);
}

void gc_collector_stop(struct gc_mutator *mutator)
{
    struct wave_mutator *wave = wave_of(mutator);
    worklist_clear(mutator, &wave->roots);
    worklist_clear(mutator, &wave->touched);
    kernel_clear(mutator, &wave->kernel);
    block_heap_close(mutator, &wave->heap);
    gc_dues_close(mutator);
}
