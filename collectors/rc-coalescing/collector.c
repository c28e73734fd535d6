/* SPDX-License-Identifier: MIT */
#include "collectors/collector-api.h"
#include "collectors/gc.h"
#include "collectors/support/reconcile.h"

enum {
    LARGE = BLOCK_CELL_MAX / sizeof(struct gc_ref), /* with more references it is dirty by segments */
    WORD = 64,                                      /* bits */
};
static_assert(LARGE * sizeof(struct gc_ref) + sizeof(struct gc_object) > BLOCK_CELL_MAX,
              "an object that is dirty by segments has a block of its own");

static const struct option_spec option_specs[] = {DEFERRAL_OPTIONS};
static const struct option_table options = OPTION_TABLE(struct deferral_options, option_specs);

const struct gc_collector gc_collector = {
    .name = "rc-coalescing",
    .group = "counting",
    .summary = "coalescing reference counting: of all writes to an object only the first is logged",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct coalescing_mutator),
    .options = &options,
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

/* The bits of an object that is dirty in part. Good until another becomes so. */
static uint64_t *segment_bits(struct gc_mutator *mutator, const struct gc_object *object)
{
    return (uint64_t *)coalescing_of(mutator)->bits.items + (block_of(object)->beside - 1);
}

/* Gives a large object that is clean bits for its segments, all 0: whatever of the table is not in use is. */
static void segments_open(struct gc_mutator *mutator, struct gc_object *object, uint64_t refs)
{
    struct worklist *bits = &coalescing_of(mutator)->bits;
    uint64_t first = bits->count;
    bits->count += segment_words(refs);
    while (bits->count > bits->capacity)
        worklist_grow(mutator, bits);
    block_of(object)->beside = first + 1;
    coalescing_dirty(mutator, object, COALESCING_IN_PART);
}

/* A stretch of references: those of a segment. */
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

/* Calls `visit` for each segment that is dirty, of an object that is so in part. O(those, words of bits). */
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

/* ---- the barrier ---- */

static void log_stretch(struct gc_mutator *mutator, struct stretch refs)
{
    for (; refs.from < refs.to; refs.from++) {
        if (refs.from->object)
            worklist_push(mutator, &coalescing_of(mutator)->logged, refs.from->object);
    }
}

/* The first write to a segment. */
static void log_segment(struct gc_mutator *mutator, struct gc_object *object, uint64_t segment)
{
    segment_bits(mutator, object)[segment / WORD] |= (uint64_t)1 << segment % WORD;
    log_stretch(mutator, segment_of(mutator, object, segment));
    coalescing_of(mutator)->segments++;
}

/* The first write to an object that is clean. */
static void log_object(struct gc_mutator *mutator, struct gc_object *object, uint64_t index)
{
    struct gc_ref *fields = gc_object_fields(object);
    uint64_t refs = gc_object_refs(mutator->shapes, object);
    if (refs > LARGE) {
        segments_open(mutator, object, refs);
        log_segment(mutator, object, index / COALESCING_SEGMENT);
    } else {
        log_stretch(mutator, (struct stretch){fields, fields + refs});
        coalescing_dirty(mutator, object, COALESCING_DIRTY);
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

/* ---- the log ---- */

static inline void count_up_stretch(struct gc_mutator *mutator, struct stretch refs)
{
    (void)mutator;
    for (; refs.from < refs.to; refs.from++) {
        if (refs.to - refs.from > RECONCILE_AHEAD)
            __builtin_prefetch(refs.from[RECONCILE_AHEAD].object, 1);
        if (refs.from->object)
            gc_count_up(refs.from->object);
    }
}

/* What the dirty segments of an object refer to now. It is clean then, and so are its bits. */
static void count_up_segments(struct gc_mutator *mutator, struct gc_object *object)
{
    uint64_t words = segment_words(gc_object_refs(mutator->shapes, object));
    segments_walk(mutator, object, count_up_stretch);
    memset(segment_bits(mutator, object), 0, words * sizeof(uint64_t));
    block_of(object)->beside = 0;
}

/* Fetches what an object that is soon to be settled refers to, of its first fields. */
static inline void prefetch_fields(const struct gc_mutator *mutator, struct gc_object *object)
{
    const struct gc_ref *fields = gc_object_fields(object);
    uint64_t refs = gc_object_refs(mutator->shapes, object);
    for (uint64_t i = 0; i < refs && i < RECONCILE_AHEAD; i++)
        __builtin_prefetch(fields[i].object, 1);
}

/* What the fields of the dirty refer to now. */
static void count_up_current(struct gc_mutator *mutator)
{
    const struct worklist *dirty = &coalescing_of(mutator)->dirty;
    for (uint64_t i = 0; i < dirty->count; i++) {
        struct gc_object *object = dirty->items[i];
        if (i + 2 * RECONCILE_AHEAD < dirty->count)
            __builtin_prefetch(dirty->items[i + 2 * RECONCILE_AHEAD], 1);
        if (i + RECONCILE_AHEAD < dirty->count)
            prefetch_fields(mutator, dirty->items[i + RECONCILE_AHEAD]);
        if (GC_UNLIKELY(object->bits & COALESCING_IN_PART)) {
            count_up_segments(mutator, object);
        } else {
            struct gc_ref *fields = gc_object_fields(object);
            count_up_stretch(mutator,
                             (struct stretch){fields, fields + gc_object_refs(mutator->shapes, object)});
        }
        object->bits &= ~(uint32_t)(COALESCING_DIRTY | COALESCING_IN_PART);
    }
}

/* What they referred to before. What comes to 0 is listed, for a name may have it. */
static void count_down_logged(struct gc_mutator *mutator)
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

/* Newborns that no field refers to. */
static void list_unreferenced(struct gc_mutator *mutator)
{
    struct worklist *dirty = &coalescing_of(mutator)->dirty;
    for (uint64_t i = 0; i < dirty->count; i++) {
        struct gc_object *object = dirty->items[i];
        if (object->count == 0 && !(object->bits & DEFERRAL_LISTED))
            deferral_list(mutator, object);
    }
    worklist_empty(mutator, dirty);
}

/*
 * Makes the counts those of the fields as they are. All increments come before any decrement, or whatever
 * moved from one field to another would be at 0 between and listed in vain; nothing is freed before all is
 * counted. Returns the objects, segments and references looked at.
 */
static uint64_t settle_log(struct gc_mutator *mutator)
{
    struct coalescing_mutator *coalescing = coalescing_of(mutator);
    uint64_t looked_at = coalescing->dirty.count + coalescing->segments + coalescing->logged.count;
    count_up_current(mutator);
    count_down_logged(mutator);
    list_unreferenced(mutator);
    coalescing->segments = 0;
    worklist_empty(mutator, &coalescing->bits);
    return looked_at;
}

void gc_collect(struct gc_mutator *mutator, enum gc_collect_kind kind)
{
    bool full = kind == GC_COLLECT_FULL;
    struct gc_pause pause = gc_pause_begin(mutator, full ? GC_PAUSE_FULL : GC_PAUSE_YOUNG);
    uint64_t words = coalescing_of(mutator)->bits.count;
    uint64_t visited = settle_log(mutator);
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

static void recount_stretch(struct gc_mutator *mutator, struct stretch refs)
{
    for (; refs.from < refs.to; refs.from++)
        recount_object(refs.from->object, deferral_of(mutator)->recount_step);
}

/* Takes what is counted off the counts, or puts it back: the fields of the clean, and what was logged. */
static void recount(struct gc_mutator *mutator, uint32_t step)
{
    const struct worklist *dirty = &coalescing_of(mutator)->dirty;
    const struct worklist *logged = &coalescing_of(mutator)->logged;
    recount_fields(mutator, step, COALESCING_DIRTY);
    deferral_of(mutator)->recount_step = -step; /* of what is dirty in part, all segments were counted */
    for (uint64_t i = 0; i < dirty->count; i++) {
        if (dirty->items[i]->bits & COALESCING_IN_PART)
            segments_walk(mutator, dirty->items[i], recount_stretch);
    }
    for (uint64_t i = 0; i < logged->count; i++)
        recount_object(logged->items[i], step);
}

/* Whether it has bits for its segments, by its block, and so is dirty in part. */
static bool has_bits(const struct gc_mutator *mutator, struct gc_object *object)
{
    return gc_object_refs(mutator->shapes, object) > LARGE && block_of(object)->beside != 0;
}

/* How many dirty segments an object on the list of the dirty has. */
static uint64_t check_segments(struct gc_mutator *mutator, const struct gc_object *object, uint64_t refs)
{
    const uint64_t *bits = segment_bits(mutator, object);
    uint64_t last = (refs - 1) / COALESCING_SEGMENT;
    uint64_t words = segment_words(refs);
    uint64_t segments = 0;
    check_that(block_of(object)->beside - 1 + words <= coalescing_of(mutator)->bits.count, object,
               "the bits of segments are in the table");
    check_that(bits[words - 1] >> last % WORD <= 1, object, "only segments that there are have a bit");
    for (uint64_t i = 0; i < words; i++)
        segments += (uint64_t)__builtin_popcountll(bits[i]);
    check_that(segments > 0, object, "an object that is dirty in part has a dirty segment");
    return segments;
}

/* On the list of the dirty; takes the flags away that say so. Returns its dirty segments. */
static uint64_t check_dirty(struct gc_mutator *mutator, struct gc_object *object)
{
    uint32_t flags = COALESCING_DIRTY | COALESCING_IN_PART;
    bool in_part = has_bits(mutator, object);
    check_that((object->bits & flags) == (in_part ? COALESCING_IN_PART : COALESCING_DIRTY), object,
               "an object on the list of the dirty is flagged so, and on it once");
    object->bits &= ~flags;
    return in_part ? check_segments(mutator, object, gc_object_refs(mutator->shapes, object)) : 0;
}

void gc_collector_check(struct gc_mutator *mutator)
{
    const struct worklist *dirty = &coalescing_of(mutator)->dirty;
    uint64_t segments = 0;
    recount(mutator, -1u);
    check_counts(mutator);
    recount(mutator, 1);
    deferral_check(mutator);
    for (uint64_t i = 0; i < dirty->count; i++)
        segments += check_dirty(mutator, dirty->items[i]);
    check_that(segments == coalescing_of(mutator)->segments, NULL,
               "as many segments are dirty as have a bit");
    block_heap_check(mutator, backup_heap(mutator), COALESCING_DIRTY | COALESCING_IN_PART);
    for (uint64_t i = 0; i < dirty->count; i++)
        dirty->items[i]->bits |= has_bits(mutator, dirty->items[i]) ? COALESCING_IN_PART : COALESCING_DIRTY;
}

void gc_collector_stop(struct gc_mutator *mutator)
{
    deferral_stop(mutator);
    worklist_clear(mutator, &coalescing_of(mutator)->dirty);
    worklist_clear(mutator, &coalescing_of(mutator)->logged);
    worklist_clear(mutator, &coalescing_of(mutator)->bits);
}
