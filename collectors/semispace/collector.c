/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "collectors/collector-api.h"
#include "collectors/gc.h"
#include "collectors/support/check.h"

enum { SPARE_MOST = 8 }; /* a spare space may be this many times as large as the space in use will be */

static const struct gc_boundary own_boundaries[] = {
    GC_BOUNDARY(FILL, (SPARE_MOST * GROWTH_MINIMUM)),
    GC_BOUNDARY_END,
};

static const struct option_spec option_specs[] = {GROWTH_OPTIONS};
static const struct option_table options = OPTION_TABLE(struct growth_options, option_specs);

/* An object takes whole words, and so up to 16 bytes of the space where it has 9. A spare space may be just
 * large enough for what is held. Then the next collection comes early, and so may the one in the other space
 * after it. */
static void bounds(const void *values, struct gc_bounds *ret_bounds)
{
    const double whole_words = 9.0 / 16;
    const double least = 1.0 / 16; /* of what is held, by growth_room() */
    ret_bounds->held = growth_held_bound(values);
    ret_bounds->full = growth_pace_bound(values);
    ret_bounds->full.left = (ret_bounds->full.left > least ? ret_bounds->full.left : least) * whole_words;
    ret_bounds->full.bytes *= whole_words;
    ret_bounds->full.early = 2;
    ret_bounds->visits = (struct gc_visit_bound){.for_object = 1, .for_live = 1};
}

const struct gc_collector gc_collector = {
    .name = "semispace",
    .group = "tracing",
    .summary = "copying: every collection moves what lives into a new space",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct copy_mutator),
    .options = &options,
    .boundaries = (const struct gc_boundary *const[]){growth_boundaries, own_boundaries, NULL},
    .bounds = bounds,
};

static struct copy_mutator *copy_of(struct gc_mutator *mutator)
{
    return (struct copy_mutator *)mutator;
}

/* ---- the header of a copied object: its low bits stay, the address of the copy replaces the others ---- */

enum { FORWARDED = GC_BIT_KEPT_A, FORWARD_SHIFT = 20 };

static bool is_forwarded(const struct gc_object *object)
{
    return object->bits & FORWARDED;
}

static void forward(struct gc_object *object, struct gc_object *copied)
{
    uint64_t kept = object->bits & ((1u << FORWARD_SHIFT) - 1);
    uint64_t header = (uint64_t)(uintptr_t)copied >> 3 << FORWARD_SHIFT | kept | FORWARDED;
    memcpy(object, &header, sizeof header);
}

static struct gc_object *forwarded_to(const struct gc_object *object)
{
    uint64_t header;
    memcpy(&header, object, sizeof header);
    return (struct gc_object *)(uintptr_t)(header >> FORWARD_SHIFT << 3);
}

/* ---- a collection ---- */

struct survivors {
    uint64_t objects;
    uint64_t bytes;
};

static uint64_t room_of(uint64_t bytes)
{
    return (bytes + 7) & ~(uint64_t)7;
}

/* Makes `ref` refer to the copy of its object. Copies the object first, if it has no copy yet. */
static void copy_ref(struct copy_mutator *copy, struct gc_ref *ref, struct survivors *survivors)
{
    struct gc_object *object = ref->object;
    if (!object)
        return;
    if (is_forwarded(object)) {
        ref->object = forwarded_to(object);
        return;
    }
    uint64_t bytes = gc_object_bytes(copy->common.shapes, object);
    uint64_t before = object->bits & GC_BIT_LENGTH ? sizeof(uint64_t) : 0;
    memcpy(copy->free, (char *)object - before, bytes);
    ref->object = (struct gc_object *)(copy->free + before);
    copy->free += room_of(bytes);
    forward(object, ref->object);
    survivors->objects++;
    survivors->bytes += bytes;
}

/* The object whose memory begins at `memory`. */
static struct gc_object *object_at(char *memory)
{
    struct gc_object *first = (struct gc_object *)memory;
    return first->count & COPY_IS_HEADER ? first : first + 1;
}

static void copy_roots(struct copy_mutator *copy, struct survivors *survivors)
{
    GC_EACH_ROOT(&copy->common, slot)
        copy_ref(copy, &slot->ref, survivors);
}

/* Copies what the copies refer to. The copies are their own work queue: those below `scan` refer only to the
 * new space, those above it still to the old one. */
static void copy_reachable(struct copy_mutator *copy, struct survivors *survivors)
{
    char *scan = copy->space.memory;
    while (scan < copy->free) {
        struct gc_object *object = object_at(scan);
        struct gc_ref *fields = gc_object_fields(object);
        uint64_t refs = gc_object_refs(copy->common.shapes, object);
        for (uint64_t i = 0; i < refs; i++)
            copy_ref(copy, &fields[i], survivors);
        scan += room_of(gc_object_bytes(copy->common.shapes, object));
    }
}

/*
 * The bytes that the options want for a space, at most what one of the two spaces may have of the limit. The
 * objects there are fill whole words, which is more than they are held for.
 */
static uint64_t space_wanted(const struct copy_mutator *copy)
{
    uint64_t filled = (uint64_t)(copy->free - copy->space.memory);
    uint64_t wanted = filled + growth_room(&copy->common, copy->options);
    return room_of(wanted < copy->common.clock.heap_limit ? wanted : copy->common.clock.heap_limit);
}

static void space_close(struct copy_space *space)
{
    free(space->memory);
    *space = (struct copy_space){0};
}

/*
 * A space for `growth` times the bytes held now, in case all objects live: then the survivors have that room
 * at once. When there is no memory for it, a space for `needed` bytes. Pages that no object reaches are never
 * touched.
 */
static struct copy_space space_new(const struct copy_mutator *copy, uint64_t needed)
{
    uint64_t wanted = space_wanted(copy);
    struct copy_space space = {wanted > needed ? malloc(wanted) : NULL, wanted};
    if (!space.memory)
        space = (struct copy_space){malloc(needed), needed};
    return space.memory ? space : (struct copy_space){0};
}

/* Continues in the spare space, or in a new one if the spare is too small. False when memory is out. */
static bool space_open(struct copy_mutator *copy, uint64_t needed)
{
    if (!copy->spare.memory || copy->spare.bytes < needed) {
        space_close(&copy->spare);
        copy->spare = space_new(copy, needed);
        if (!copy->spare.memory)
            return false;
    }
    copy->space = copy->spare;
    copy->spare = (struct copy_space){0};
    copy->free = copy->space.memory;
    return true;
}

/* Sets how far the space may be filled: to `growth` times the live bytes, and by at least `bytes` more. */
static void space_limit(struct copy_mutator *copy, uint64_t bytes)
{
    uint64_t wanted = space_wanted(copy);
    uint64_t needed = (uint64_t)(copy->free - copy->space.memory) + bytes;
    uint64_t limit = wanted > needed ? wanted : needed;
    copy->end = copy->space.memory + (limit < copy->space.bytes ? limit : copy->space.bytes);
}

/*
 * Keeps an old space for the next collection, unless it is far too large, or too small for what the space in
 * use will hold. A new space would come with pages of zeroes, which take longer than copying into old ones.
 */
static void space_retire(struct copy_mutator *copy, struct copy_space space)
{
    uint64_t limit = (uint64_t)(copy->end - copy->space.memory);
    copy->spare = space;
    if (space.bytes < limit || space.bytes / SPARE_MOST > limit || copy->common.test.returns_memory)
        space_close(&copy->spare);
}

/* The external bytes of the objects in the space. O(objects). */
static uint64_t external_bytes(const struct copy_mutator *copy)
{
    const struct gc_shape *shapes = copy->common.shapes;
    uint64_t bytes = 0;
    for (char *memory = copy->space.memory; memory < copy->free;) {
        struct gc_object *object = object_at(memory);
        bytes += gc_object_shape(shapes, object)->external;
        memory += room_of(gc_object_bytes(shapes, object));
    }
    return bytes;
}

static bool collect(struct copy_mutator *copy, uint64_t bytes)
{
    struct gc_mutator *mutator = &copy->common;
    struct survivors survivors = {0};
    struct copy_space old = copy->space;
    struct gc_pause pause = gc_pause_begin(mutator, GC_PAUSE_FULL);
    gc_phase(mutator, GC_PHASE_COPY);
    /* The new space must hold all objects, in case all live, and the object that called for the
     * collection. */
    bool opened = space_open(copy, (uint64_t)(copy->free - old.memory) + bytes);
    if (opened) {
        copy_roots(copy, &survivors);
        copy_reachable(copy, &survivors);
        gc_charged_note(mutator, survivors.bytes); /* while the old space still stands */
        mutator->account.freed_objects = mutator->clock.allocated_objects - survivors.objects;
        mutator->account.freed_bytes = mutator->clock.allocated_bytes - survivors.bytes;
        /* Nothing is finalised here, so what is attended has external bytes. */
        if (GC_UNLIKELY(mutator->dues.attends))
            gc_external_keep(mutator, external_bytes(copy));
        gc_phase(mutator, GC_PHASE_TRIM);
        space_limit(copy, bytes);
        space_retire(copy, old);
    }
    gc_pause_end(mutator, &pause, survivors.objects);
    return opened;
}

void gc_collect(struct gc_mutator *mutator, enum gc_collect_kind kind)
{
    (void)kind;
    collect(copy_of(mutator), 0);
}

char *copy_make_room(struct gc_mutator *mutator, uint64_t bytes)
{
    struct copy_mutator *copy = copy_of(mutator);
    gc_reason(mutator, GC_REASON_THRESHOLD);
    bool opened = collect(copy, bytes);
    gc_reason(mutator, GC_REASON_ASKED);
    if (!opened)
        mutator->exhausted(mutator, GC_EXHAUSTED_HEAP);
    return copy->free;
}

/* ---- what the harness calls ---- */

void gc_collector_start(struct gc_mutator *mutator, const void *values)
{
    struct copy_mutator *copy = copy_of(mutator);
    copy->options = values;
    if (mutator->clock.heap_limit != UINT64_MAX)
        mutator->clock.heap_limit /= 2; /* objects may fill one space; a collection needs another as large */
    mutator->clock.poll_at = UINT64_MAX;
    if (!space_open(copy, space_wanted(copy)))
        mutator->exhausted(mutator, GC_EXHAUSTED_HEAP);
    space_limit(copy, 0);
}

/* Never called for: a full space triggers the collection. */
uint64_t gc_collector_poll(struct gc_mutator *mutator)
{
    (void)mutator;
    return UINT64_MAX;
}

static void check_ref(const struct copy_mutator *copy, struct gc_ref ref)
{
    char *place = (char *)ref.object;
    check_that(!place || (place >= copy->space.memory && place < copy->free), NULL,
               "every reference is into the space");
}

void gc_collector_check(struct gc_mutator *mutator)
{
    const struct copy_mutator *copy = copy_of(mutator);
    uint64_t objects = 0;
    char *memory = copy->space.memory;
    GC_EACH_ROOT(mutator, slot)
        check_ref(copy, slot->ref);
    while (memory < copy->free) {
        struct gc_object *object = object_at(memory);
        check_that(object->count == COPY_IS_HEADER, object, "every object has the header's mark");
        check_that(!is_forwarded(object), object, "nothing in the space has been moved out of it");
        check_that((object->bits & GC_BITS_SHAPE) < mutator->shape_count, object, "every object has a shape");
        uint64_t refs = gc_object_refs(mutator->shapes, object);
        for (uint64_t i = 0; i < refs; i++)
            check_ref(copy, gc_object_fields(object)[i]);
        memory += room_of(gc_object_bytes(mutator->shapes, object));
        objects++;
    }
    check_that(memory == copy->free, NULL, "the last object ends where the free room begins");
    check_that(objects == gc_held_objects(mutator), NULL, "the space holds as many objects as are held");
}

void gc_collector_stop(struct gc_mutator *mutator)
{
    struct copy_mutator *copy = copy_of(mutator);
    space_close(&copy->spare);
    space_close(&copy->space);
}
