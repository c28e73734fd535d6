/* SPDX-License-Identifier: MIT */
#include "collectors/support/finalise/finalise.h"

#include "collectors/ephemeron.h"
#include "collectors/support/check.h"

/* ---- callbacks ---- */

/* Puts a weak reference that is on no list behind those whose callbacks are due. */
static void callback_append(struct gc_mutator *mutator, struct gc_object *weak)
{
    struct gc_dues *dues = &mutator->dues;
    gc_weak_words(mutator, weak)->previous = dues->callbacks_last;
    if (dues->callbacks_last)
        gc_weak_words(mutator, dues->callbacks_last)->next = weak;
    else
        dues->callbacks = weak;
    dues->callbacks_last = weak;
}

/*
 * Empties an ephemeron whose key has died, if it is one. Its value is no field of it any more. Returns the value, whose
 * reference is yet to be taken off, or NULL.
 */
static struct gc_object *empty(struct gc_mutator *mutator, struct gc_object *weak)
{
    if (!gc_is_ephemeron(mutator->shapes, weak))
        return NULL;
    struct gc_object *value = gc_pair_value(weak);
    gc_object_fields(weak)[GC_EPHEMERON_VALUE] = GC_NULL;
    return value;
}

/* What is done to the values of emptied ephemerons: by a collection, or by a cascade. */
struct dropping {
    const struct finalise_garbage *garbage; /* NULL: a cascade */
    finalise_drop *drop;                    /* of a cascade */
    struct gc_object *list;                 /* of a cascade: what is dead */
};

static void drop(struct gc_mutator *mutator, struct dropping *dropping, struct gc_object *ephemeron,
                 struct gc_object *value)
{
    if (!dropping->garbage)
        dropping->list = dropping->drop(mutator, value, dropping->list);
    else if (dropping->garbage->drop)
        dropping->garbage->drop(mutator, ephemeron, value);
    *gc_object_length(ephemeron) &= ~(uint64_t)GC_FRONT_TAKEN;
}

/*
 * Clears the weak references to an object. Ephemerons among them are empty afterwards. The callbacks of those that are no `garbage` are due, behind those that are
 * due already, the youngest reference first.
 *
 * Without `garbage` the object has died in a cascade, and so may the weak reference have, whose turn has not come. Its
 * header is a link then, and does not tell. So the callbacks of all are due, and a dead one leaves the list of callbacks
 * when its turn comes: its words are whole.
 */
static void clear(struct gc_mutator *mutator, struct gc_object *object, struct dropping *dropping)
{
    const struct finalise_garbage *garbage = dropping->garbage;
    struct gc_object *next;
    if (!(gc_object_shape(mutator->shapes, object)->flags & GC_SHAPE_REFERENT))
        return;
    for (struct gc_object *weak = gc_weak_first(object); weak; weak = next) {
        struct gc_weak *words = gc_weak_words(mutator, weak);
        struct gc_object *value = empty(mutator, weak);
        next = words->next;
        if (value)
            drop(mutator, dropping, weak, value);
        *words = (struct gc_weak){0};
        bool called = gc_object_shape(mutator->shapes, weak)->flags & GC_SHAPE_CALLED;
        if (called && !(garbage && garbage->has(mutator, weak)))
            callback_append(mutator, weak);
    }
    gc_weak_first_set(object, NULL);
}

/* ---- finalisers ---- */

/* Lets the finaliser of an object be due, if it has one that has never been. Says whether it did. */
static bool enqueue(struct gc_mutator *mutator, struct gc_object *object)
{
    uint64_t *front = gc_object_length(object);
    if (!(gc_object_shape(mutator->shapes, object)->flags & GC_SHAPE_FINALISED) ||
        (*front & GC_FRONT_FINALISED))
        return false;
    *front |= GC_FRONT_FINALISED;
    gc_due_add(mutator, object);
    return true;
}

/*
 * Takes an object that is about to be freed off the list of weak references on which it may be, and gives its external
 * bytes back. A collector may pass an object twice: while its memory waits for a sweep, or from two of its tables.
 */
static void forget(struct gc_mutator *mutator, struct gc_object *object)
{
    const struct gc_shape *shape = gc_object_shape(mutator->shapes, object);
    uint64_t *front = gc_object_length(object);
    if (shape->flags & GC_SHAPE_WEAK)
        gc_weak_unlink(mutator, object);
    if (shape->external && !(*front & GC_FRONT_GIVEN)) {
        *front |= GC_FRONT_GIVEN;
        gc_external_give(mutator, shape->external);
    }
}

/* ---- a count reaches zero ---- */

bool finalise_death(struct gc_mutator *mutator, struct gc_object *object, finalise_drop *drop_value,
                    struct gc_object **list)
{
    struct dropping dropping = {.drop = drop_value, .list = *list};
    clear(mutator, object, &dropping);
    *list = dropping.list;
    if (enqueue(mutator, object)) {
        object->count = 1;
        return true;
    }
    forget(mutator, object);
    return false;
}

/* ---- a collection has found garbage ---- */

static void step_clear(struct gc_mutator *mutator, const struct finalise_garbage *garbage,
                       struct gc_object *object)
{
    if (garbage->has(mutator, object))
        clear(mutator, object, &(struct dropping){.garbage = garbage});
}

static void step_enqueue(struct gc_mutator *mutator, const struct finalise_garbage *garbage,
                         struct gc_object *object)
{
    if (garbage->has(mutator, object))
        enqueue(mutator, object);
}

static void step_forget(struct gc_mutator *mutator, const struct finalise_garbage *garbage,
                        struct gc_object *object)
{
    if (garbage->has(mutator, object))
        forget(mutator, object);
}

uint64_t finalise_garbage(struct gc_mutator *mutator, const struct finalise_garbage *garbage)
{
    garbage->each(mutator, garbage, step_clear);
    uint64_t waiting = gc_dues_waiting(mutator);
    garbage->each(mutator, garbage, step_enqueue);
    uint64_t spared = garbage->spare(mutator, waiting);
    garbage->each(mutator, garbage, step_forget);
    return spared;
}

/* ---- the check ---- */

void finalise_check(const struct gc_mutator *mutator, struct gc_object *object)
{
    struct gc_object *previous = NULL;
    if (gc_is_ephemeron(mutator->shapes, object)) {
        check_that(!(*gc_object_length(object) & GC_FRONT_TAKEN), object,
                   "no collection leaves the reference of an ephemeron to its value taken off");
        check_that(!gc_pair_value(object) || gc_pair_key(mutator, object), object,
                   "an ephemeron without a key has no value");
    }
    if (!(gc_object_shape(mutator->shapes, object)->flags & GC_SHAPE_REFERENT))
        return;
    for (struct gc_object *weak = gc_weak_first(object); weak; weak = gc_weak_words(mutator, weak)->next) {
        const struct gc_weak *words = gc_weak_words(mutator, weak);
        check_that(gc_object_shape(mutator->shapes, weak)->flags & GC_SHAPE_WEAK, weak,
                   "only weak references are on the list of an object");
        check_that(words->referent == object, weak,
                   "a weak reference refers to the object on whose list it is");
        check_that(words->previous == previous, weak, "the list of weak references leads forth and back");
        previous = weak;
    }
}
