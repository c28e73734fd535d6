/* SPDX-License-Identifier: MIT */
/*
 * The invariant of a collection. A copy of each object's count is short by the references that objects of the
 * generation hold to each other. So an object with references left has one from outside: from a slot, or from
 * an older generation. Roots are inferred in this way, and no slot is scanned. While the copies are in place,
 * a list is linked forwards only.
 */
#include "collectors/collector-api.h"
#include "collectors/ephemeron.h"
#include "collectors/gc.h"
#include "collectors/support/check.h"
#include "collectors/support/count/cascade-cutoff.h"
#include "collectors/support/count/recount.h"
#include "collectors/support/finalise/finalise.h"

enum { YOUNGEST = 2000 }; /* objects, CPython's */

static const struct gc_boundary own_boundaries[] = {
    GC_BOUNDARY(OBJECTS, YOUNGEST),
    GC_BOUNDARY_END,
};

static const struct option_spec option_specs[] = {
    GENERATION_OPTIONS(YOUNGEST, "tracked objects made, less those freed,", 10, 0.25)};
static const struct option_table options = OPTION_TABLE(struct generation_options, option_specs);

static void bounds(const void *values, struct gc_bounds *ret_bounds)
{
    ret_bounds->held = generation_held_bound(values);
    ret_bounds->full = generation_full_pace_bound(values);
    ret_bounds->young = (struct gc_pace_bound){.objects = generation_young_births(values)};
    ret_bounds->visits = (struct gc_visit_bound){.for_object = 1};
}

static const struct gc_superlinear superlinear[] = {
    {"wide-released",
     "each of log n full collections reads all cells of the array that is being filled, and its "
     "trigger counts objects alone"},
    {NULL, NULL}};

const struct gc_collector gc_collector = {
    .name = "rc-gcrefs",
    .group = "counting",
    .summary = "reference counting with CPython's cyclic collector: three generations on lists",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct gcrefs_mutator),
    .options = &options,
    .superlinear = superlinear,
    .boundaries = (const struct gc_boundary *const[]){allocation_boundaries, cascade_boundaries,
                                                      worklist_boundaries, own_boundaries, NULL},
    .bounds = bounds,
};

static struct gcrefs_mutator *gcrefs_of(struct gc_mutator *mutator)
{
    return (struct gcrefs_mutator *)mutator;
}

/* ---- lists ---- */

static void list_open(struct gcrefs_list *list)
{
    *list = (struct gcrefs_list){.head = {&list->end, {&list->end}}};
}

static bool list_is_empty(const struct gcrefs_list *list)
{
    return list->head.next == &list->end;
}

static void list_remove(struct gc_object *object)
{
    struct gcrefs_head *head = gcrefs_head(object);
    gcrefs_head(head->previous)->next = head->next;
    gcrefs_head(head->next)->previous = head->previous;
}

/* Moves all objects of `from` to the end of `to`. */
static void list_merge(struct gcrefs_list *to, struct gcrefs_list *from)
{
    if (list_is_empty(from))
        return;
    struct gc_object *last = to->head.previous;
    gcrefs_head(last)->next = from->head.next;
    gcrefs_head(from->head.next)->previous = last;
    gcrefs_head(from->head.previous)->next = &to->end;
    to->head.previous = from->head.previous;
    list_open(from);
}

/* `object` is each object of `list` in turn. The body may add objects to the end. */
#define LIST_EACH(list, object)                                                                              \
    for (struct gc_object *object = (list)->head.next; object != &(list)->end;                               \
         object = gcrefs_head(object)->next)

/* ---- freeing at zero ---- */

static void object_release(struct gc_object *object)
{
    gc_object_release(object, gcrefs_is_tracked(object) ? sizeof(struct gcrefs_head) : 0);
}

static inline bool cascade_dispose(struct gc_mutator *mutator, struct gc_object *object, uint64_t bytes)
{
    (void)bytes;
    if (gcrefs_is_tracked(object)) {
        list_remove(object);
        generation_clock_died(&gcrefs_of(mutator)->clock);
    }
    object_release(object);
    return true;
}

#include "collectors/support/count/release-template.h"

/* ---- the phases ---- */

/* Merges all younger generations into `generation`. Returns its list. */
static struct gcrefs_list *merge_younger(struct gcrefs_mutator *gcrefs, int generation)
{
    for (int younger = 0; younger < generation; younger++)
        list_merge(&gcrefs->generations[generation], &gcrefs->generations[younger]);
    return &gcrefs->generations[generation];
}

/* Copies the counts of all objects on the list. Returns the number of objects. A saturated count is so large
 * that no subtraction brings its copy to 0. */
static uint64_t copy_counts(struct gcrefs_list *young)
{
    uint64_t objects = 0;
    LIST_EACH(young, object) {
        gcrefs_head(object)->references = object->count;
        object->bits |= GCREFS_COLLECTING;
        objects++;
    }
    return objects;
}

/* Takes the reference of an ephemeron to its value off: the ephemeron or its key is collecting. */
static inline void subtract_pair(struct gc_mutator *mutator, void *context, struct gc_object *ephemeron)
{
    struct gc_object *value = gc_pair_value(ephemeron);
    (void)mutator;
    (void)context;
    if ((value->bits & GCREFS_COLLECTING) && gc_pair_take(ephemeron))
        gcrefs_head(value)->references--;
}

/* `pairs` is constant, and says whether there are ephemerons. */
static inline __attribute__((always_inline)) void subtract_all(struct gcrefs_mutator *gcrefs,
                                                               struct gcrefs_list *young, bool pairs)
{
    const struct gc_shape *shapes = gcrefs->common.shapes;
    LIST_EACH(young, object) {
        struct gc_ref *fields = gc_object_fields(object);
        uint64_t refs = gc_object_refs(shapes, object);
        for (uint64_t i = pairs ? gc_fields_first(shapes, object) : 0; i < refs; i++) {
            struct gc_object *child = fields[i].object;
            if (child && (child->bits & GCREFS_COLLECTING))
                gcrefs_head(child)->references--;
        }
        if (pairs)
            gc_pairs_each(&gcrefs->common, object, NULL, subtract_pair);
    }
}

static void subtract_references(struct gcrefs_mutator *gcrefs, struct gcrefs_list *young)
{
    if (GC_UNLIKELY(gcrefs->common.dues.pairs))
        subtract_all(gcrefs, young, true);
    else
        subtract_all(gcrefs, young, false);
}

/* Keeps an object to which a reachable object refers. If it has been set aside, it returns to the end of
 * `young`. */
static void rescue(struct gcrefs_list *young, struct gc_object *child)
{
    if (!(child->bits & GCREFS_COLLECTING))
        return;
    if (child->bits & GCREFS_ASIDE) {
        list_remove(child);
        gcrefs_append(young, child);
        child->bits &= ~(uint32_t)GCREFS_ASIDE;
    }
    gcrefs_head(child)->references = 1;
}

static bool is_collecting(struct gc_mutator *mutator, const struct gc_object *object)
{
    (void)mutator;
    return object->bits & GCREFS_COLLECTING;
}

/* Keeps the value of an ephemeron if the ephemeron and its key are reachable. */
static inline void rescue_pair(struct gc_mutator *mutator, void *young, struct gc_object *ephemeron)
{
    if (gc_pair_give(mutator, ephemeron, is_collecting))
        rescue(young, gc_pair_value(ephemeron));
}

/* `pairs` is constant, and says whether there are ephemerons. */
static inline __attribute__((always_inline)) void rescue_children(struct gcrefs_mutator *gcrefs,
                                                                  struct gcrefs_list *young,
                                                                  struct gc_object *object, bool pairs)
{
    struct gc_ref *fields = gc_object_fields(object);
    uint64_t refs = gc_object_refs(gcrefs->common.shapes, object);
    for (uint64_t i = pairs ? gc_fields_first(gcrefs->common.shapes, object) : 0; i < refs; i++) {
        if (fields[i].object)
            rescue(young, fields[i].object);
    }
    if (pairs)
        gc_pairs_each(&gcrefs->common, object, young, rescue_pair);
}

/*
 * Leaves the reachable objects on `young`, and moves the others to `unreachable`. An object with no
 * references left is set aside. It returns to the end of `young` when a reachable object refers to it. So
 * each object is looked at twice at most. Restores the backward links. `pairs` is constant.
 */
static inline __attribute__((always_inline)) void move_all_unreachable(struct gcrefs_mutator *gcrefs,
                                                                       struct gcrefs_list *young,
                                                                       struct gcrefs_list *unreachable,
                                                                       bool pairs)
{
    struct gc_object *previous = &young->end;
    struct gc_object *object;
    while ((object = gcrefs_head(previous)->next) != &young->end) {
        struct gcrefs_head *head = gcrefs_head(object);
        if (head->references == 0) {
            gcrefs_head(previous)->next = head->next;
            object->bits |= GCREFS_ASIDE;
            gcrefs_append(unreachable, object);
            continue;
        }
        /* Before its fields are read: a reference to itself is not followed. */
        object->bits &= ~(uint32_t)GCREFS_COLLECTING;
        rescue_children(gcrefs, young, object, pairs);
        head->previous = previous;
        previous = object;
    }
    young->head.previous = previous;
}

static void move_unreachable(struct gcrefs_mutator *gcrefs, struct gcrefs_list *young,
                             struct gcrefs_list *unreachable)
{
    if (GC_UNLIKELY(gcrefs->common.dues.pairs))
        move_all_unreachable(gcrefs, young, unreachable, true);
    else
        move_all_unreachable(gcrefs, young, unreachable, false);
}

/* ---- finalisers and weak references ---- */

/* Whatever lies on no list is never aside. A weak reference with a callback is tracked. */
static bool is_aside(struct gc_mutator *mutator, const struct gc_object *object)
{
    (void)mutator;
    return object->bits & GCREFS_ASIDE;
}

static void each_unreachable(struct gc_mutator *mutator, const struct finalise_garbage *garbage,
                             finalise_step *step)
{
    LIST_EACH(gcrefs_of(mutator)->unreachable, object) {
        if (gc_object_is_attended(mutator->shapes, object))
            step(mutator, garbage, object);
    }
}

/*
 * The queue's reference is one from outside. So these objects are restored as what a name holds is, with all that they
 * reach. CPython calls the finalisers here, and then looks at the same objects again. Here the spared are in the
 * youngest generation afterwards, so the next collection of any kind looks at them again.
 */
static uint64_t spare(struct gc_mutator *mutator, uint64_t from)
{
    struct gcrefs_mutator *gcrefs = gcrefs_of(mutator);
    struct gcrefs_list spared;
    list_open(&spared);
    for (uint64_t place = from; place < gc_dues_waiting(mutator); place++) {
        gc_count_up(gc_due_at(mutator, place));
        rescue(&spared, gc_due_at(mutator, place));
    }
    move_unreachable(gcrefs, &spared, gcrefs->unreachable);
    list_merge(&gcrefs->generations[0], &spared);
    return 0;
}

/* A value that is no garbage lives on, or is acyclic or older and refers to no garbage. It may be the ephemeron itself, or
 * hold it. So it dies when no weak reference is being cleared. */
static void drop_value(struct gc_mutator *mutator, struct gc_object *ephemeron, struct gc_object *value)
{
    (void)ephemeron;
    if (value->bits & GCREFS_ASIDE)
        value->count--;
    else
        worklist_push(mutator, &gcrefs_of(mutator)->dropped, value);
}

static const struct finalise_garbage attended_garbage = {each_unreachable, is_aside, spare, drop_value};

/* ---- freeing garbage ---- */

/* Takes off every reference that garbage holds. Other objects that die of it, acyclic or older, are released
 * by counting. None of them refers to garbage, or that garbage would have been reachable. */
static void clear_garbage(struct gcrefs_mutator *gcrefs, struct gcrefs_list *garbage)
{
    struct gc_mutator *mutator = &gcrefs->common;
    LIST_EACH(garbage, object) {
        struct gc_ref *fields = gc_object_fields(object);
        uint64_t refs = gc_object_refs(mutator->shapes, object);
        for (uint64_t i = 0; i < refs; i++) {
            struct gc_object *child = fields[i].object;
            if (child && (child->bits & GCREFS_ASIDE))
                child->count--;
            else if (child)
                counting_decrement(mutator, child);
        }
    }
}

static uint64_t free_garbage(struct gcrefs_mutator *gcrefs, struct gcrefs_list *garbage)
{
    struct gc_mutator *mutator = &gcrefs->common;
    struct gc_object *object = garbage->head.next;
    uint64_t freed = 0;
    while (object != &garbage->end) {
        struct gc_object *next = gcrefs_head(object)->next;
        check_that(object->count == 0, object, "only garbage refers to garbage");
        mutator->account.freed_bytes += gc_object_bytes(mutator->shapes, object);
        object_release(object);
        freed++;
        object = next;
    }
    mutator->account.freed_objects += freed;
    return freed;
}

static __attribute__((noinline)) void drop_values(struct gcrefs_mutator *gcrefs)
{
    struct gc_object *value;
    while ((value = worklist_pop(&gcrefs->dropped)))
        counting_decrement(&gcrefs->common, value);
}

static void collect(struct gcrefs_mutator *gcrefs, int generation)
{
    bool oldest = generation == GENERATION_OLDEST;
    struct gc_pause pause = gc_pause_begin(&gcrefs->common, oldest ? GC_PAUSE_FULL : GC_PAUSE_YOUNG);
    gc_phase(&gcrefs->common, GC_PHASE_SUBTRACT);
    struct gcrefs_list unreachable;
    list_open(&unreachable);
    generation_clock_begin(&gcrefs->clock, generation);
    struct gcrefs_list *young = merge_younger(gcrefs, generation);
    uint64_t visited = copy_counts(young);
    subtract_references(gcrefs, young);
    gc_phase(&gcrefs->common, GC_PHASE_RESTORE);
    move_unreachable(gcrefs, young, &unreachable);
    if (!oldest)
        list_merge(&gcrefs->generations[generation + 1], young);
    if (GC_UNLIKELY(gcrefs->common.dues.attends)) {
        gcrefs->unreachable = &unreachable;
        finalise_garbage(&gcrefs->common, &attended_garbage);
        gcrefs->unreachable = NULL;
        drop_values(gcrefs);
    }
    gc_phase(&gcrefs->common, GC_PHASE_DROP);
    clear_garbage(gcrefs, &unreachable);
    gc_phase(&gcrefs->common, GC_PHASE_FREE);
    uint64_t freed = free_garbage(gcrefs, &unreachable);
    generation_clock_end(&gcrefs->clock, generation, visited - freed);
    gc_pause_end(&gcrefs->common, &pause, visited);
}

void gc_collect(struct gc_mutator *mutator, enum gc_collect_kind kind)
{
    collect(gcrefs_of(mutator), kind == GC_COLLECT_FULL ? GENERATION_OLDEST : 0);
}

/* ---- freezing: as CPython, by moving whole lists ---- */

void gcrefs_freeze(struct gc_mutator *mutator)
{
    struct gcrefs_mutator *gcrefs = gcrefs_of(mutator);
    for (int generation = 0; generation < GENERATIONS; generation++)
        list_merge(&gcrefs->frozen, &gcrefs->generations[generation]);
    generation_clock_freeze(&gcrefs->clock, mutator);
}

/* The clock is as it was, as in CPython: deaths of old objects are taken off nothing that has come. */
void gcrefs_unfreeze(struct gc_mutator *mutator)
{
    struct gcrefs_mutator *gcrefs = gcrefs_of(mutator);
    list_merge(&gcrefs->generations[GENERATION_OLDEST], &gcrefs->frozen);
}

/* ---- what the harness calls ---- */

void gcrefs_arm(struct gc_mutator *mutator)
{
    mutator->clock.poll_at = 0;
    gc_allocation_rearm(mutator);
}

void gc_collector_start(struct gc_mutator *mutator, const void *values)
{
    struct gcrefs_mutator *gcrefs = gcrefs_of(mutator);
    gcrefs->clock.options = values;
    for (int generation = 0; generation < GENERATIONS; generation++)
        list_open(&gcrefs->generations[generation]);
    list_open(&gcrefs->frozen);
    mutator->clock.poll_at = UINT64_MAX;
}

uint64_t gc_collector_poll(struct gc_mutator *mutator)
{
    struct gcrefs_mutator *gcrefs = gcrefs_of(mutator);
    int generation = generation_due(&gcrefs->clock);
    if (generation >= 0)
        collect(gcrefs, generation);
    return UINT64_MAX;
}

/* List `place` of all: those of the generations, then that of what is frozen. */
static struct gcrefs_list *list_at(struct gcrefs_mutator *gcrefs, int place)
{
    return place < GENERATIONS ? &gcrefs->generations[place] : &gcrefs->frozen;
}

/* Adds `step` for each reference to a tracked object, from a slot or a field of a tracked object. */
static void recount(struct gcrefs_mutator *gcrefs, enum recount_step step)
{
    recount_roots(&gcrefs->common, step, GC_BIT_ACYCLIC);
    for (int place = 0; place <= GENERATIONS; place++) {
        LIST_EACH(list_at(gcrefs, place), object)
            recount_fields(&gcrefs->common, object, step, GC_BIT_ACYCLIC);
    }
}

static void check_object(struct gc_mutator *mutator, struct gc_object *object)
{
    struct gcrefs_head *head = gcrefs_head(object);
    check_that(gcrefs_is_tracked(object), object, "no acyclic object is on a list");
    check_that(gcrefs_head(head->next)->previous == object, object, "links lead forth and back");
    check_that(!(object->bits & (GCREFS_COLLECTING | GCREFS_ASIDE)), object, "no mark outlives a collection");
    recount_check(object, "a count is the number of names and fields that refer to the object");
    if (gc_object_is_attended(mutator->shapes, object))
        finalise_check(mutator, object);
}

/* Only the counts of tracked objects are checked. All references to them are known: acyclic objects, which
 * are on no list, hold none. */
void gc_collector_check(struct gc_mutator *mutator)
{
    struct gcrefs_mutator *gcrefs = gcrefs_of(mutator);
    uint64_t objects = 0;
    recount(gcrefs, RECOUNT_OFF);
    for (int place = 0; place <= GENERATIONS; place++) {
        LIST_EACH(list_at(gcrefs, place), object) {
            check_object(mutator, object);
            objects++;
        }
    }
    recount(gcrefs, RECOUNT_BACK);
    check_that(objects <= gc_held_objects(mutator), NULL, "the lists hold no more objects than are held");
}

void gc_collector_stop(struct gc_mutator *mutator)
{
    gc_dues_close(mutator);
    worklist_clear(mutator, &gcrefs_of(mutator)->dropped);
}
