/* SPDX-License-Identifier: MIT */
/*
 * The invariant of a collection. The count of a grey or white object is short by exactly the references that
 * grey and white objects hold to it. The count of a black object is exact. So a grey object with a count
 * above 0 has a reference from outside. What is still white when every root has been scanned is garbage.
 *
 * Each pass goes over all roots before the next one begins. One root after the other would take quadratic
 * time on chained rings.
 */
#include "collectors/boundaries.h"
#include "collectors/collector-api.h"
#include "collectors/ephemeron.h"
#include "collectors/gc.h"
#include "collectors/support/count/cascade-cutoff.h"
#include "collectors/support/finalise/finalise.h"

enum {
    FEW_COLLECTED = 100, /* PHP's: a collection that frees fewer objects raises the threshold */
    THRESHOLD_MAX = 1000000000,
};

static const struct gc_boundary own_boundaries[] = {
    GC_BOUNDARY(OBJECTS, FEW_COLLECTED),
    GC_BOUNDARY(OBJECTS, THRESHOLD_MAX),
    GC_BOUNDARY_END,
};

static const struct option_spec option_specs[] = {
    TRIAL_TRIGGER_OPTIONS(struct trial_options),
    OPTION_SWITCH(struct trial_options, adapt, false,
                  "after a collection that freed fewer than 100 objects wait for more roots (PHP's rule)"),
};
static const struct option_table options = OPTION_TABLE(struct trial_options, option_specs);

static void bounds(const void *values, struct gc_bounds *ret_bounds)
{
    const struct trial_options *given = values;
    ret_bounds->held = trial_trigger_held_bound(given->roots, given->share);
    if (given->adapt)
        ret_bounds->held.none = "with adapt=on the buffer grows while collections find little";
    ret_bounds->full = trial_trigger_pace_bound(given->roots);
    ret_bounds->visits = (struct gc_visit_bound){.for_object = 1};
    ret_bounds->tables = (struct gc_table_bound){.for_object = 48, .besides = 3 << 16};
}

const struct gc_collector gc_collector = {
    .name = "rc-trial",
    .group = "counting",
    .summary = "reference counting with trial deletion of possible roots (Bacon and Rajan, synchronous)",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct trial_mutator),
    .options = &options,
    .boundaries =
        (const struct gc_boundary *const[]){allocation_boundaries, worklist_boundaries, cascade_boundaries,
                                            trial_trigger_boundaries, own_boundaries, NULL},
    .bounds = bounds,
};

static struct trial_mutator *trial_of(struct gc_mutator *mutator)
{
    return (struct trial_mutator *)mutator;
}

/* ---- between collections ---- */

void suspect_buffer(struct gc_mutator *mutator, struct gc_object *object)
{
    struct trial_mutator *trial = trial_of(mutator);
    object->bits |= TRIAL_PURPLE | TRIAL_BUFFERED;
    worklist_push(mutator, &trial->roots, object);
    if (trial->roots.count == trial->threshold) {
        mutator->clock.poll_at = 0;
        gc_allocation_rearm(mutator);
    }
}

static inline bool cascade_drop(struct gc_mutator *mutator, struct gc_object *child)
{
    return suspect_drop(mutator, child);
}

/* A buffered object stays as an empty shell, black with a count of 0, until the buffer is gone through. */
static inline bool cascade_dispose(struct gc_mutator *mutator, struct gc_object *object, uint64_t bytes)
{
    (void)mutator;
    (void)bytes;
    if (object->bits & TRIAL_BUFFERED)
        return false;
    gc_object_release(object, 0);
    return true;
}

#include "collectors/support/count/cascade-template.h"

void suspect_release(struct gc_mutator *mutator, struct gc_object *object)
{
    if (gc_count_is_dead(object))
        cascade_release(mutator, object);
}

static void object_free(struct gc_mutator *mutator, struct gc_object *object)
{
    mutator->account.freed_objects++;
    mutator->account.freed_bytes += gc_object_bytes(mutator->shapes, object);
    gc_object_release(object, 0);
}

/* ---- the passes ---- */

static void grey_visit(struct trial_mutator *trial, struct gc_object *object)
{
    if (trial_colour(object) == TRIAL_GREY)
        return;
    trial_colour_set(object, TRIAL_GREY);
    worklist_push(&trial->common, &trial->pending, object);
    trial->visited++;
}

/* Takes off, on trial, the reference of an ephemeron to its value: the ephemeron or its key is grey. */
static inline void grey_pair(struct gc_mutator *mutator, void *context, struct gc_object *ephemeron)
{
    struct gc_object *value = gc_pair_value(ephemeron);
    (void)context;
    if (trial_is_green(value) || !gc_pair_take(ephemeron))
        return;
    value->count -= !gc_count_is_stuck(value->count);
    grey_visit(trial_of(mutator), value);
}

/* Takes off, on trial, every reference that the objects reachable from `root` hold. It follows every edge of
 * an object once. `pairs` is constant, and says whether there are ephemerons. */
static inline __attribute__((always_inline)) void mark_grey(struct trial_mutator *trial,
                                                            struct gc_object *root, bool pairs)
{
    const struct gc_shape *shapes = trial->common.shapes;
    struct gc_object *object;
    grey_visit(trial, root);
    while ((object = worklist_pop(&trial->pending))) {
        struct gc_ref *fields = gc_object_fields(object);
        uint64_t refs = gc_object_refs(shapes, object);
        for (uint64_t i = pairs ? gc_fields_first(shapes, object) : 0; i < refs; i++) {
            struct gc_object *child = fields[i].object;
            if (!child || trial_is_green(child))
                continue;
            child->count -= !gc_count_is_stuck(child->count);
            grey_visit(trial, child);
        }
        if (pairs)
            gc_pairs_each(&trial->common, object, NULL, grey_pair);
    }
}

/* Greys what the suspect roots reach. The other roots leave the buffer; those that died in it are freed. */
static inline __attribute__((always_inline)) void mark_roots(struct trial_mutator *trial, bool pairs)
{
    struct worklist *roots = &trial->roots;
    uint64_t kept = 0;
    for (uint64_t i = 0; i < roots->count; i++) {
        struct gc_object *object = roots->items[i];
        if (trial_colour(object) == TRIAL_PURPLE) {
            mark_grey(trial, object, pairs);
            roots->items[i] = roots->items[kept]; /* keeps all suspects in front, for count_suspects() */
            roots->items[kept++] = object;
            continue;
        }
        object->bits &= ~(uint32_t)TRIAL_BUFFERED;
        /* A grey object at 0 may be alive: the trial of an earlier root has taken its references off. */
        if (trial_colour(object) == TRIAL_BLACK && object->count == 0)
            object_free(&trial->common, object);
    }
    roots->count = kept;
}

/* Gives one reference back, and lets the object that it leads to be black. */
static inline __attribute__((always_inline)) void black_visit(struct trial_mutator *trial,
                                                              struct gc_object *child)
{
    child->count += !gc_count_is_stuck(child->count);
    if (trial_colour(child) != TRIAL_BLACK) {
        trial_colour_set(child, TRIAL_BLACK);
        worklist_push(&trial->common, &trial->pending, child);
    }
}

static bool is_on_trial(struct gc_mutator *mutator, const struct gc_object *object)
{
    (void)mutator;
    return trial_colour(object) == TRIAL_GREY || trial_colour(object) == TRIAL_WHITE;
}

/*
 * Gives the reference of an ephemeron to its value back, if the other of the two is not on trial. If it is, the value may
 * be all that leads to it. Then no pass would come to either again, so the value is looked at as a root is.
 */
static inline void black_pair(struct gc_mutator *mutator, void *context, struct gc_object *ephemeron)
{
    struct trial_mutator *trial = trial_of(mutator);
    struct gc_object *value = gc_pair_value(ephemeron);
    (void)context;
    if (gc_pair_give(mutator, ephemeron, is_on_trial))
        black_visit(trial, value);
    else if (is_on_trial(mutator, value))
        worklist_push(mutator, &trial->strays, value);
}

/* Gives back the references that the trial took off `object` and all it reaches: `object` has a reference
 * from outside. `pairs` is constant. */
static inline __attribute__((always_inline)) void scan_black(struct trial_mutator *trial,
                                                             struct gc_object *object, bool pairs)
{
    const struct gc_shape *shapes = trial->common.shapes;
    uint64_t bottom = trial->pending.count;
    trial_colour_set(object, TRIAL_BLACK);
    worklist_push(&trial->common, &trial->pending, object);
    while (trial->pending.count > bottom) {
        object = worklist_pop(&trial->pending);
        struct gc_ref *fields = gc_object_fields(object);
        uint64_t refs = gc_object_refs(shapes, object);
        for (uint64_t i = pairs ? gc_fields_first(shapes, object) : 0; i < refs; i++) {
            struct gc_object *child = fields[i].object;
            if (child && !trial_is_green(child))
                black_visit(trial, child);
        }
        if (pairs)
            gc_pairs_each(&trial->common, object, NULL, black_pair);
    }
}

/* Pushes those children of `object` that have `colour`, and gives each the colour `next`. */
static void push_children(struct trial_mutator *trial, struct worklist *list, struct gc_object *object,
                          uint32_t colour, uint32_t next)
{
    struct gc_ref *fields = gc_object_fields(object);
    uint64_t refs = gc_object_refs(trial->common.shapes, object);
    for (uint64_t i = 0; i < refs; i++) {
        struct gc_object *child = fields[i].object;
        if (!child || trial_is_green(child) || trial_colour(child) != colour)
            continue;
        trial_colour_set(child, next);
        worklist_push(&trial->common, list, child);
    }
}

/* The value of an ephemeron is looked at as a child of its key, too: on trial it has lost the reference by either. */
static inline void scan_pair(struct gc_mutator *mutator, void *context, struct gc_object *ephemeron)
{
    struct gc_object *value = gc_pair_value(ephemeron);
    (void)context;
    if (!trial_is_green(value) && trial_colour(value) == TRIAL_GREY)
        worklist_push(mutator, &trial_of(mutator)->pending, value);
}

static inline void gather_pair(struct gc_mutator *mutator, void *context, struct gc_object *ephemeron)
{
    struct gc_object *value = gc_pair_value(ephemeron);
    (void)context;
    if (trial_is_green(value) || trial_colour(value) != TRIAL_WHITE)
        return;
    trial_colour_set(value, TRIAL_BLACK);
    worklist_push(mutator, &trial_of(mutator)->white, value);
}

/* Colours what one root reaches: black if there is a reference from outside, else white. */
static inline __attribute__((always_inline)) void scan(struct trial_mutator *trial, struct gc_object *root,
                                                       bool pairs)
{
    struct gc_object *object;
    worklist_push(&trial->common, &trial->pending, root);
    while ((object = worklist_pop(&trial->pending))) {
        if (trial_colour(object) != TRIAL_GREY)
            continue;
        if (object->count != 0) {
            scan_black(trial, object, pairs);
            continue;
        }
        trial_colour_set(object, TRIAL_WHITE);
        push_children(trial, &trial->pending, object, TRIAL_GREY, TRIAL_GREY);
        if (pairs)
            gc_pairs_each(&trial->common, object, NULL, scan_pair);
    }
}

static inline __attribute__((always_inline)) void scan_roots(struct trial_mutator *trial, bool pairs)
{
    for (uint64_t i = 0; i < trial->roots.count; i++)
        scan(trial, trial->roots.items[i], pairs);
    for (uint64_t i = 0; pairs && i < trial->strays.count; i++)
        scan(trial, trial->strays.items[i], pairs);
}

static inline void gather_root(struct trial_mutator *trial, struct gc_object *root)
{
    if (trial_colour(root) != TRIAL_WHITE)
        return;
    trial_colour_set(root, TRIAL_BLACK);
    worklist_push(&trial->common, &trial->white, root);
}

/* Empties the buffer, before anything is freed. Then lists all white objects; the list `white` is its own
 * work queue. */
static inline __attribute__((always_inline)) void gather_white(struct trial_mutator *trial, bool pairs)
{
    for (uint64_t i = 0; i < trial->roots.count; i++)
        trial->roots.items[i]->bits &= ~(uint32_t)TRIAL_BUFFERED;
    for (uint64_t i = 0; i < trial->roots.count; i++)
        gather_root(trial, trial->roots.items[i]);
    for (uint64_t i = 0; pairs && i < trial->strays.count; i++)
        gather_root(trial, trial->strays.items[i]);
    if (pairs)
        worklist_empty(&trial->common, &trial->strays);
    worklist_empty(&trial->common, &trial->roots);
    for (uint64_t i = 0; i < trial->white.count; i++) {
        push_children(trial, &trial->white, trial->white.items[i], TRIAL_WHITE, TRIAL_BLACK);
        if (pairs)
            gc_pairs_each(&trial->common, trial->white.items[i], NULL, gather_pair);
    }
}

/* Drops the references that a white object holds to green ones: the trial has not touched them. This takes
 * place while every white object can still be read. */
static void drop_green_children(struct trial_mutator *trial, struct gc_object *object)
{
    struct gc_ref *fields = gc_object_fields(object);
    uint64_t refs = gc_object_refs(trial->common.shapes, object);
    for (uint64_t i = 0; i < refs; i++) {
        struct gc_object *child = fields[i].object;
        if (child && trial_is_green(child))
            counting_decrement(&trial->common, child);
    }
}

/* Frees the white objects. The trial has already taken off the references that they hold to each other and to
 * live objects. */
static void free_white(struct trial_mutator *trial)
{
    gc_phase(&trial->common, GC_PHASE_DROP);
    for (uint64_t i = 0; i < trial->white.count; i++)
        drop_green_children(trial, trial->white.items[i]);
    gc_phase(&trial->common, GC_PHASE_FREE);
    for (uint64_t i = 0; i < trial->white.count; i++)
        object_free(&trial->common, trial->white.items[i]);
    worklist_empty(&trial->common, &trial->white);
}

/* ---- finalisers and weak references ---- */

/* A weak reference with a callback is not green, so its colour tells. */
static bool is_white(struct gc_mutator *mutator, const struct gc_object *object)
{
    (void)mutator;
    return trial_colour(object) == TRIAL_WHITE;
}

static void each_gathered(struct gc_mutator *mutator, const struct finalise_garbage *garbage,
                          finalise_step *step)
{
    const struct worklist *white = &trial_of(mutator)->white;
    for (uint64_t i = 0; i < white->count; i++) {
        if (gc_object_is_attended(mutator->shapes, white->items[i]))
            step(mutator, garbage, white->items[i]);
    }
}

/* The queue's reference is one from outside. So the trial was wrong about what it reaches, and gives it its references
 * back. */
static uint64_t spare(struct gc_mutator *mutator, uint64_t from)
{
    for (uint64_t place = from; place < gc_dues_waiting(mutator); place++) {
        struct gc_object *object = gc_due_at(mutator, place);
        gc_count_up(object);
        if (trial_colour(object) == TRIAL_WHITE)
            scan_black(trial_of(mutator), object, true);
    }
    return 0;
}

/* The trial has taken the reference off, unless the value is green: the key was grey. */
static void drop_value(struct gc_mutator *mutator, struct gc_object *ephemeron, struct gc_object *value)
{
    (void)ephemeron;
    if (trial_is_green(value))
        counting_decrement(mutator, value);
}

static const struct finalise_garbage attended_garbage = {each_gathered, is_white, spare, drop_value};

/* ---- how well the buffer guesses ---- */

/* Puts the roots that are still suspect in front of the others; marking leaves them there. Returns how many
 * there are. */
static uint64_t suspects_first(struct trial_mutator *trial)
{
    struct gc_object **items = trial->roots.items;
    uint64_t suspects = 0;
    for (uint64_t i = 0; i < trial->roots.count; i++) {
        struct gc_object *object = items[i];
        if (trial_colour(object) == TRIAL_PURPLE) {
            items[i] = items[suspects];
            items[suspects++] = object;
        }
    }
    return suspects;
}

/* Counts the suspects that are garbage and white, after all roots have been scanned. What a finaliser can reach is
 * none. Marking has taken those out of
 * `roots.count` that the trial of an earlier root reached, so `suspects` says how many there were. */
static void count_suspects(struct trial_mutator *trial, uint64_t suspects)
{
    uint64_t dead = 0;
    for (uint64_t i = 0; i < suspects; i++)
        dead += trial_colour(trial->roots.items[i]) == TRIAL_WHITE;
    trial->common.observer.possible_roots_examined += suspects;
    trial->common.observer.possible_roots_dead += dead;
}

/* Attends to the list of garbage, and leaves in it what no finaliser can reach. Gathering has coloured it black; here it
 * is white once more, to be told from what lives. */
static void attend_white(struct trial_mutator *trial, uint64_t suspects)
{
    struct worklist *white = &trial->white;
    uint64_t kept = 0;
    for (uint64_t i = 0; i < white->count; i++)
        trial_colour_set(white->items[i], TRIAL_WHITE);
    finalise_garbage(&trial->common, &attended_garbage);
    worklist_empty(&trial->common, &trial->strays); /* all that is white is on the list of garbage already */
    count_suspects(trial, suspects);
    for (uint64_t i = 0; i < white->count; i++) {
        struct gc_object *object = white->items[i];
        if (trial_colour(object) != TRIAL_WHITE)
            continue;
        trial_colour_set(object, TRIAL_BLACK);
        white->items[kept++] = object;
    }
    white->count = kept;
}

static void adapt_threshold(struct trial_mutator *trial, uint64_t collected)
{
    uint64_t step = trial->options->roots;
    if (!trial->options->adapt)
        return;
    if (collected < FEW_COLLECTED && trial->threshold + step <= THRESHOLD_MAX)
        trial->threshold += step;
    else if (collected >= FEW_COLLECTED && trial->threshold > step)
        trial->threshold -= step;
}

/* The passes of a collection. They leave the garbage on the list `white`. `pairs` is constant. */
static inline __attribute__((always_inline)) void find_white(struct trial_mutator *trial, uint64_t suspects,
                                                             bool pairs)
{
    struct gc_mutator *mutator = &trial->common;
    mark_roots(trial, pairs);
    gc_phase(mutator, GC_PHASE_SCAN);
    scan_roots(trial, pairs);
    if (GC_LIKELY(!mutator->dues.attends))
        count_suspects(trial, suspects);
    gc_phase(mutator, GC_PHASE_GATHER);
    gather_white(trial, pairs);
}

/* Apart, so that the passes of other collections are compiled as if it were not there. */
static __attribute__((noinline)) void find_white_paired(struct trial_mutator *trial, uint64_t suspects)
{
    find_white(trial, suspects, true);
}

void gc_collect(struct gc_mutator *mutator, enum gc_collect_kind kind)
{
    (void)kind;
    struct trial_mutator *trial = trial_of(mutator);
    struct gc_pause pause = gc_pause_begin(mutator, GC_PAUSE_FULL);
    gc_phase(mutator, GC_PHASE_GREY);
    trial->visited = 0;
    uint64_t suspects = mutator->observer.counts_possible_roots ? suspects_first(trial) : 0;
    if (GC_UNLIKELY(mutator->dues.pairs))
        find_white_paired(trial, suspects);
    else
        find_white(trial, suspects, false);
    if (GC_UNLIKELY(mutator->dues.attends))
        attend_white(trial, suspects);
    uint64_t collected = trial->white.count;
    free_white(trial);
    adapt_threshold(trial, collected);
    trial->held_wanted = trial_trigger_next(mutator, trial->options->share, trial->visited - collected);
    gc_pause_end(mutator, &pause, trial->visited);
}

/* ---- what the harness calls ---- */

void gc_collector_start(struct gc_mutator *mutator, const void *values)
{
    struct trial_mutator *trial = trial_of(mutator);
    trial->options = values;
    trial->threshold = trial->options->roots;
    mutator->clock.poll_at = UINT64_MAX;
}

uint64_t gc_collector_poll(struct gc_mutator *mutator)
{
    struct trial_mutator *trial = trial_of(mutator);
    if (trial->roots.count < trial->threshold)
        return UINT64_MAX;
    if (gc_held_objects(mutator) < trial->held_wanted)
        return trial_trigger_poll_at(mutator, trial->held_wanted);
    if (mutator->clock.poll_at == 0)
        gc_reason(mutator, GC_REASON_TABLE);
    gc_collect(mutator, GC_COLLECT_FULL);
    return UINT64_MAX;
}

/* Traps unless every object in the buffer is in it once. */
static void roots_check(const struct worklist *roots)
{
    for (uint64_t i = 0; i < roots->count; i++) {
        struct gc_object *object = roots->items[i];
        check_that(object->bits & TRIAL_BUFFERED, object,
                   "an object in the root buffer is flagged as buffered, once");
        suspect_check(object);
        /* So that a second entry of the object fails the first check. */
        object->bits &= ~(uint32_t)TRIAL_BUFFERED;
    }
    for (uint64_t i = 0; i < roots->count; i++)
        roots->items[i]->bits |= TRIAL_BUFFERED;
}

void gc_collector_check(struct gc_mutator *mutator)
{
    struct trial_mutator *trial = trial_of(mutator);
    roots_check(&trial->roots);
    check_that(trial->pending.count + trial->white.count + trial->strays.count == 0, NULL,
               "the work lists are empty between collections");
}

void gc_collector_stop(struct gc_mutator *mutator)
{
    struct trial_mutator *trial = trial_of(mutator);
    worklist_clear(mutator, &trial->roots);
    worklist_clear(mutator, &trial->pending);
    worklist_clear(mutator, &trial->white);
    worklist_clear(mutator, &trial->strays);
    gc_dues_close(mutator);
}
