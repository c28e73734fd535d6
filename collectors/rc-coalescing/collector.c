/* SPDX-License-Identifier: MIT */
#include "collectors/boundaries.h"
#include "collectors/collector-api.h"
#include "collectors/gc.h"
#include "collectors/support/count/reconcile-template.h"

enum {
    LARGE = BLOCK_REGION_MAX / sizeof(struct gc_ref), /* more references: dirty by segments */
    WORD = 64,                                        /* bits in a word of segment bits */
    FLAGS = COALESCING_BORN | COALESCING_IN_PART,
};
static_assert(LARGE * sizeof(struct gc_ref) + sizeof(struct gc_object) > BLOCK_REGION_MAX,
              "an object that is dirty by segments has a block of its own");

static const struct gc_boundary own_boundaries[] = {
    GC_BOUNDARY(REFERENCES, LARGE),
    GC_BOUNDARY(REFERENCES, COALESCING_SEGMENT),
    GC_BOUNDARY(REFERENCES, COALESCING_SEGMENT *WORD),
    GC_BOUNDARY_END,
};

static const struct option_spec option_specs[] = {DEFERRAL_OPTIONS};
static const struct option_table options = OPTION_TABLE(struct deferral_options, option_specs);

static void bounds(const void *values, struct gc_bounds *ret_bounds)
{
    const struct deferral_options *given = values;
    ret_bounds->held = growth_held_bound(&given->growth);
    ret_bounds->full = growth_pace_bound(&given->growth);
    ret_bounds->young = deferral_pace_bound(given);
    ret_bounds->visits =
        (struct gc_visit_bound){.for_object = 3, .for_byte = 0.25, .for_name = 1, .for_live = 1};
    ret_bounds->tables =
        (struct gc_table_bound){.for_object = 32, .for_byte = 4, .for_name = 8, .besides = 2 << 20};
}

const struct gc_collector gc_collector = {
    .name = "rc-coalescing",
    .group = "counting",
    .summary = "coalescing reference counting: of all writes to an object only the first is logged",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct coalescing_mutator),
    .options = &options,
    .boundaries =
        (const struct gc_boundary *const[]){block_heap_boundaries, chunk_table_boundaries,
                                            worklist_boundaries, kernel_boundaries, chunk_stack_boundaries,
                                            cascade_boundaries, reconcile_boundaries, growth_boundaries,
                                            deferral_boundaries, own_boundaries, NULL},
    .bounds = bounds,
};

static struct coalescing_mutator *coalescing_of(struct gc_mutator *mutator)
{
    return (struct coalescing_mutator *)mutator;
}

/* ---- segments ---- */

static uint64_t segment_words(uint64_t refs)
{
    uint64_t segments = (refs + COALESCING_SEGMENT - 1) / COALESCING_SEGMENT;
    return (segments + WORD - 1) / WORD;
}

/* The segment bits of an object that is dirty in part. Good until another object becomes dirty in part. */
static uint64_t *segment_bits(struct gc_mutator *mutator, const struct gc_object *object)
{
    return (uint64_t *)coalescing_of(mutator)->bits.items + (block_of_large(object)->collector_word - 1);
}

/* Gives a large clean object bits for its segments. The bits are all 0, because every part of the table that
 * is not in use is 0. */
static void segments_open(struct gc_mutator *mutator, struct gc_object *object, uint64_t refs)
{
    struct worklist *bits = &coalescing_of(mutator)->bits;
    uint64_t first = bits->count;
    bits->count += segment_words(refs);
    while (bits->count > bits->capacity)
        worklist_grow(mutator, bits);
    block_of_large(object)->collector_word = first + 1;
    coalescing_dirty(mutator, &coalescing_of(mutator)->dirty, object, COALESCING_IN_PART);
}

/* A range of references, such as those of a segment. */
struct stretch {
    struct gc_ref *from, *to;
};

static struct stretch segment_of(const struct gc_mutator *mutator, struct gc_object *object, uint64_t segment)
{
    uint64_t refs = gc_object_refs(mutator->shapes, object);
    uint64_t from = segment * COALESCING_SEGMENT;
    uint64_t to = refs - from > COALESCING_SEGMENT ? from + COALESCING_SEGMENT : refs;
    return (struct stretch){gc_object_fields(object) + from, gc_object_fields(object) + to};
}

/* Calls `visit` for each dirty segment of an object that is dirty in part. O(dirty segments, words of its
 * bits). */
static inline __attribute__((always_inline)) void
segments_walk(struct gc_mutator *mutator, struct gc_object *object,
              void (*visit)(struct gc_mutator *, struct stretch))
{
    uint64_t words = segment_words(gc_object_refs(mutator->shapes, object));
    const uint64_t *bits = segment_bits(mutator, object);
    for (uint64_t i = 0; i < words; i++) {
        for (uint64_t left = bits[i]; left; left &= left - 1)
            visit(mutator, segment_of(mutator, object, i * WORD + (uint64_t)__builtin_ctzll(left)));
    }
}

/* ---- the write barrier ---- */

static void log_stretch(struct gc_mutator *mutator, struct stretch refs)
{
    for (; refs.from < refs.to; refs.from++) {
        if (refs.from->object)
            worklist_push(mutator, &coalescing_of(mutator)->logged, refs.from->object);
    }
}

/* Logs a segment before the first write to it. */
static void log_segment(struct gc_mutator *mutator, struct gc_object *object, uint64_t segment)
{
    segment_bits(mutator, object)[segment / WORD] |= (uint64_t)1 << segment % WORD;
    log_stretch(mutator, segment_of(mutator, object, segment));
    coalescing_of(mutator)->segments++;
}

/* Logs an object before the first write to it. Of a large object, logs the segment of reference `index`. */
static void log_object(struct gc_mutator *mutator, struct gc_object *object, uint64_t index)
{
    struct gc_ref *fields = gc_object_fields(object);
    uint64_t refs = gc_object_refs(mutator->shapes, object);
    if (refs > LARGE) {
        segments_open(mutator, object, refs);
        log_segment(mutator, object, index / COALESCING_SEGMENT);
    } else {
        log_stretch(mutator, (struct stretch){fields, fields + refs});
        coalescing_dirty(mutator, &coalescing_of(mutator)->dirty, object, COALESCING_DIRTY);
    }
}

void coalescing_log(struct gc_mutator *mutator, struct gc_object *object, uint64_t index)
{
    uint64_t segment = index / COALESCING_SEGMENT;
    if (!(object->bits & COALESCING_IN_PART))
        log_object(mutator, object, index);
    else if (!(segment_bits(mutator, object)[segment / WORD] >> segment % WORD & 1))
        log_segment(mutator, object, segment);
}

void coalescing_log_range(struct gc_mutator *mutator, struct gc_object *object, uint64_t index,
                          uint64_t count)
{
    uint64_t end = index + count;
    while (index < end && !(object->bits & COALESCING_DIRTY)) {
        coalescing_log(mutator, object, index);
        index += COALESCING_SEGMENT - index % COALESCING_SEGMENT;
    }
}

/* ---- settling: the counts become those of the fields ---- */

/*
 * Follows an edge that was not counted, and counts it. The first edge to a newborn shows that the newborn
 * lives; then its own edges are counted, too. An older object loses its dirty bit a little early: all dirty
 * objects are clean in the end.
 */
static inline bool count_claim(struct gc_mutator *mutator, struct gc_object *object)
{
    (void)mutator;
    bool lives = object->bits & COALESCING_NEWBORN;
    object->bits &= ~(uint32_t)COALESCING_BORN;
    gc_count_up(object);
    return lives;
}

static inline void count_edges(struct gc_mutator *mutator)
{
    kernel_drain(mutator, backup_kernel(mutator), count_claim, kernel_follow);
}

/* Finds the newborns that a slot refers to. A reference from a slot is not counted. */
static void count_named(struct gc_mutator *mutator)
{
    GC_EACH_ROOT(mutator, slot) {
        struct gc_object *object = slot->ref.object;
        if (object && object->bits & COALESCING_NEWBORN) {
            object->bits &= ~(uint32_t)COALESCING_BORN;
            kernel_push_fields(mutator, backup_kernel(mutator), object);
        }
    }
    count_edges(mutator);
}

static inline void push_stretch(struct gc_mutator *mutator, struct stretch refs)
{
    kernel_push_range(mutator, backup_kernel(mutator), refs.from, refs.to);
}

/* Queues what the dirty segments of an object refer to now. Then clears their bits. */
static void push_segments(struct gc_mutator *mutator, struct gc_object *object)
{
    uint64_t words = segment_words(gc_object_refs(mutator->shapes, object));
    segments_walk(mutator, object, push_stretch);
    memset(segment_bits(mutator, object), 0, words * sizeof(uint64_t));
    block_of_large(object)->collector_word = 0;
}

/* Increments the counts of what the fields of dirty objects refer to now. */
static void count_dirty(struct gc_mutator *mutator)
{
    struct worklist *dirty = &coalescing_of(mutator)->dirty;
    for (uint64_t i = 0; i < dirty->count; i++) {
        struct gc_object *object = dirty->items[i];
        if (i + RECONCILE_AHEAD < dirty->count)
            __builtin_prefetch(dirty->items[i + RECONCILE_AHEAD], 1);
        if (GC_UNLIKELY(object->bits & COALESCING_IN_PART))
            push_segments(mutator, object);
        else
            kernel_push_fields(mutator, backup_kernel(mutator), object);
        object->bits &= ~(uint32_t)(COALESCING_DIRTY | COALESCING_IN_PART);
        if (kernel_has_batch(backup_kernel(mutator)))
            count_edges(mutator);
    }
    count_edges(mutator);
    worklist_empty(mutator, dirty);
}

/* Decrements the counts of what was logged. An object that comes to 0 is listed: a slot may still refer to
 * it. */
static void count_logged(struct gc_mutator *mutator)
{
    struct worklist *logged = &coalescing_of(mutator)->logged;
    for (uint64_t i = 0; i < logged->count; i++) {
        if (i + RECONCILE_AHEAD < logged->count)
            __builtin_prefetch(logged->items[i + RECONCILE_AHEAD], 1);
        if (deferral_decrement(logged->items[i]))
            deferral_list(mutator, logged->items[i]);
    }
    worklist_empty(mutator, logged);
}

/* Frees the newborns to which no edge leads and no slot refers: nothing that they refer to was counted. A
 * newborn that lives with a count of 0 is listed: only a slot refers to it. */
static void count_newborns(struct gc_mutator *mutator)
{
    struct worklist *newborns = &coalescing_of(mutator)->newborns;
    uint64_t freed = 0;
    uint64_t freed_bytes = 0;
    for (uint64_t i = 0; i < newborns->count; i++) {
        struct gc_object *object = newborns->items[i];
        if (i + RECONCILE_AHEAD < newborns->count)
            __builtin_prefetch(newborns->items[i + RECONCILE_AHEAD], 1);
        if (object->bits & COALESCING_NEWBORN) {
            uint64_t bytes = gc_object_bytes(mutator->shapes, object);
            block_release(mutator, backup_heap(mutator), object, bytes);
            freed++;
            freed_bytes += bytes;
        } else if (object->count == 0) {
            deferral_list(mutator, object);
        }
    }
    mutator->account.freed_objects += freed;
    mutator->account.freed_bytes += freed_bytes;
    worklist_empty(mutator, newborns);
}

/* ---- finalisers and weak references of newborns: those of older objects are the business of what follows ---- */

static bool is_dead_newborn(struct gc_mutator *mutator, const struct gc_object *object)
{
    (void)mutator;
    return object->bits & COALESCING_NEWBORN;
}

static void each_newborn(struct gc_mutator *mutator, const struct finalise_garbage *garbage,
                         finalise_step *step)
{
    const struct worklist *newborns = &coalescing_of(mutator)->newborns;
    for (uint64_t i = 0; i < newborns->count; i++) {
        if (gc_object_is_attended(mutator->shapes, newborns->items[i]))
            step(mutator, garbage, newborns->items[i]);
    }
}

/* The queue counts as a field: what a finaliser can reach lives, and its edges are counted. */
static uint64_t spare_newborns(struct gc_mutator *mutator, uint64_t from)
{
    for (uint64_t place = from; place < gc_dues_waiting(mutator); place++) {
        struct gc_object *object = gc_due_at(mutator, place);
        if (count_claim(mutator, object))
            kernel_push_fields(mutator, backup_kernel(mutator), object);
    }
    count_edges(mutator);
    return 0;
}

/* An emptied ephemeron that lives has counted its value. The count is settled when no newborn is left that could be
 * listed for it twice. */
static void drop_value_later(struct gc_mutator *mutator, struct gc_object *ephemeron, struct gc_object *value)
{
    if (!is_dead_newborn(mutator, ephemeron))
        worklist_push(mutator, &coalescing_of(mutator)->emptied, value);
}

static void count_emptied(struct gc_mutator *mutator)
{
    struct worklist *emptied = &coalescing_of(mutator)->emptied;
    for (uint64_t i = 0; i < emptied->count; i++) {
        if (deferral_decrement(emptied->items[i]))
            deferral_list(mutator, emptied->items[i]);
    }
    worklist_empty(mutator, emptied);
}

static const struct finalise_garbage attended_newborns = {each_newborn, is_dead_newborn, spare_newborns,
                                                          drop_value_later};

/*
 * Makes the counts equal to the fields as they are now, and frees the dead newborns. All increments come
 * before any decrement: otherwise an object that moved from one field to another would be at 0 in between,
 * and listed in vain. No older object is freed before all references are counted. Returns the number of
 * objects, segments and logged references that were looked at. O(those, slots, and references of dirty
 * objects and of newborns that live).
 */
static uint64_t count_changes(struct gc_mutator *mutator)
{
    struct coalescing_mutator *coalescing = coalescing_of(mutator);
    uint64_t looked_at = coalescing->newborns.count + coalescing->dirty.count + coalescing->segments +
                         coalescing->logged.count;
    count_named(mutator);
    count_dirty(mutator);
    if (GC_UNLIKELY(mutator->dues.attends))
        finalise_garbage(mutator, &attended_newborns);
    count_logged(mutator);
    count_newborns(mutator);
    if (GC_UNLIKELY(mutator->dues.pairs))
        count_emptied(mutator);
    coalescing->segments = 0;
    worklist_empty(mutator, &coalescing->bits);
    return looked_at;
}

void gc_collect(struct gc_mutator *mutator, enum gc_collect_kind kind)
{
    bool full = kind == GC_COLLECT_FULL;
    struct gc_pause pause = gc_pause_begin(mutator, full ? GC_PAUSE_FULL : GC_PAUSE_YOUNG);
    gc_phase(mutator, GC_PHASE_UPDATE);
    uint64_t words = coalescing_of(mutator)->bits.count;
    uint64_t visited = count_changes(mutator);
    visited += full ? trace(mutator) : reconcile(mutator);
    deferral_rest(mutator, words);
    gc_pause_end(mutator, &pause, visited);
}

/* ---- what the harness calls ---- */

void gc_collector_start(struct gc_mutator *mutator, const void *values)
{
    deferral_start(mutator, values);
}

/* ---- the check ---- */

static void recount_stretch(struct stretch refs, enum recount_step step)
{
    for (; refs.from < refs.to; refs.from++)
        recount_object(refs.from->object, step);
}

static void stretch_off(struct gc_mutator *mutator, struct stretch refs)
{
    (void)mutator;
    recount_stretch(refs, RECOUNT_OFF);
}

static void stretch_back(struct gc_mutator *mutator, struct stretch refs)
{
    (void)mutator;
    recount_stretch(refs, RECOUNT_BACK);
}

/* Adds `step` for each reference that is counted: the fields of clean objects, the clean segments of objects
 * that are dirty in part, and the log. */
static void recount(struct gc_mutator *mutator, enum recount_step step)
{
    const struct worklist *dirty = &coalescing_of(mutator)->dirty;
    const struct worklist *logged = &coalescing_of(mutator)->logged;
    recount_block_heap(mutator, backup_heap(mutator), step, COALESCING_DIRTY);
    /* recount_block_heap() has stepped for all segments; this undoes the dirty ones. */
    for (uint64_t i = 0; i < dirty->count; i++) {
        if (dirty->items[i]->bits & COALESCING_IN_PART)
            segments_walk(mutator, dirty->items[i], step == RECOUNT_OFF ? stretch_back : stretch_off);
    }
    for (uint64_t i = 0; i < logged->count; i++)
        recount_object(logged->items[i], step);
}

/* Whether the block of an object has bits for its segments, so that the object is dirty in part. */
static bool has_bits(const struct gc_mutator *mutator, struct gc_object *object)
{
    return gc_object_refs(mutator->shapes, object) > LARGE && block_of_large(object)->collector_word != 0;
}

/* Checks the segments of an object that is dirty in part. Returns how many are dirty. */
static uint64_t check_segments(struct gc_mutator *mutator, const struct gc_object *object, uint64_t refs)
{
    const uint64_t *bits = segment_bits(mutator, object);
    uint64_t last = (refs - 1) / COALESCING_SEGMENT;
    uint64_t words = segment_words(refs);
    uint64_t segments = 0;
    check_that(block_of_large(object)->collector_word - 1 + words <= coalescing_of(mutator)->bits.count,
               object, "the bits of segments are in the table");
    check_that(bits[words - 1] >> last % WORD <= 1, object, "only segments that there are have a bit");
    for (uint64_t i = 0; i < words; i++)
        segments += (uint64_t)__builtin_popcountll(bits[i]);
    check_that(segments > 0, object, "an object that is dirty in part has a dirty segment");
    return segments;
}

/* Checks an object on the list of dirty objects, and clears its flags. Returns its dirty segments. */
static uint64_t check_dirty(struct gc_mutator *mutator, struct gc_object *object)
{
    bool in_part = has_bits(mutator, object);
    check_that((object->bits & FLAGS) == (in_part ? COALESCING_IN_PART : COALESCING_DIRTY), object,
               "an object on the list of the dirty is flagged so, and on it once");
    object->bits &= ~(uint32_t)FLAGS;
    return in_part ? check_segments(mutator, object, gc_object_refs(mutator->shapes, object)) : 0;
}

/* Checks an object on the list of newborns, and clears its flags. */
static void check_newborn(struct gc_object *object)
{
    check_that((object->bits & FLAGS) == COALESCING_BORN, object,
               "an object on the list of newborns is flagged so, and on it once");
    check_that(object->count == 0 && !(object->bits & DEFERRAL_LISTED), object,
               "nothing of a newborn is counted, and it is not in the zero count table");
    object->bits &= ~(uint32_t)FLAGS;
}

/* Checks that exactly the objects on the two lists have flags. */
static void check_flags(struct gc_mutator *mutator)
{
    const struct worklist *newborns = &coalescing_of(mutator)->newborns;
    const struct worklist *dirty = &coalescing_of(mutator)->dirty;
    uint64_t segments = 0;
    for (uint64_t i = 0; i < newborns->count; i++)
        check_newborn(newborns->items[i]);
    for (uint64_t i = 0; i < dirty->count; i++)
        segments += check_dirty(mutator, dirty->items[i]);
    check_that(segments == coalescing_of(mutator)->segments, NULL,
               "as many segments are dirty as have a bit");
    block_heap_check(mutator, backup_heap(mutator), FLAGS);
    for (uint64_t i = 0; i < newborns->count; i++)
        newborns->items[i]->bits |= COALESCING_BORN;
    for (uint64_t i = 0; i < dirty->count; i++)
        dirty->items[i]->bits |= has_bits(mutator, dirty->items[i]) ? COALESCING_IN_PART : COALESCING_DIRTY;
}

void gc_collector_check(struct gc_mutator *mutator)
{
    recount(mutator, RECOUNT_OFF);
    recount_dues(mutator, RECOUNT_OFF, 0);
    check_counts(mutator);
    recount_dues(mutator, RECOUNT_BACK, 0);
    recount(mutator, RECOUNT_BACK);
    deferral_check(mutator, COALESCING_DIRTY);
    check_flags(mutator);
}

void gc_collector_stop(struct gc_mutator *mutator)
{
    deferral_stop(mutator);
    worklist_clear(mutator, &coalescing_of(mutator)->newborns);
    worklist_clear(mutator, &coalescing_of(mutator)->dirty);
    worklist_clear(mutator, &coalescing_of(mutator)->logged);
    worklist_clear(mutator, &coalescing_of(mutator)->emptied);
    worklist_clear(mutator, &coalescing_of(mutator)->bits);
}
