/* SPDX-License-Identifier: MIT */
/*
 * What a collector does about the finalisers and the weak references of dead objects (collectors/gc.h).
 *
 *      a count reaches zero       finalise_death(), by count/cascade-template.h. The object is freed, or lives on
 *                                 because its finaliser is due.
 *      a collection has found     finalise_garbage(), before anything of the garbage is freed. The collector says in
 *      garbage                    struct finalise_garbage how it goes through its garbage, and how it spares some.
 *
 * A collector that traces has the second alone. All of this is left out while no shape of the workload is attended:
 * `dues.attends` of the mutator, which is asked once in a collection. An object that is not attended is never passed
 * to these functions.
 */
#ifndef COLLECTORS_SUPPORT_FINALISE_FINALISE_H
#define COLLECTORS_SUPPORT_FINALISE_FINALISE_H

#include "collectors/mutator.h"

/* Takes the reference of an emptied ephemeron off `value`. If the value is dead now, puts it in front of `list`, the
 * dead of a cascade. Returns the new list. */
typedef struct gc_object *finalise_drop(struct gc_mutator *mutator, struct gc_object *value,
                                        struct gc_object *list);

/*
 * The count of an attended object has reached zero. Clears the weak references to it. Ephemerons among them are empty
 * then: `drop` is called for each of their values, with the dead of the cascade, `*list`. If it has a finaliser that has
 * never been due, that is due now: the object has a count of one, and the result is true. Otherwise the object is to
 * be freed, and the result is false. O(weak references to it).
 */
bool finalise_death(struct gc_mutator *mutator, struct gc_object *object, finalise_drop *drop,
                    struct gc_object **list);

struct finalise_garbage;

/* A step of finalise_garbage(), for one object of the garbage. */
typedef void finalise_step(struct gc_mutator *mutator, const struct finalise_garbage *garbage,
                           struct gc_object *object);

/* The garbage of a collector, between the moment at which it has found it and the one at which it frees it. */
struct finalise_garbage {
    /* Calls `step` for each attended object that may be garbage. */
    void (*each)(struct gc_mutator *mutator, const struct finalise_garbage *garbage, finalise_step *step);
    /* Whether an object is garbage, and has not been spared. Asked of those objects, and of any weak reference that has a
     * callback. */
    bool (*has)(struct gc_mutator *mutator, const struct gc_object *object);
    /*
     * Spares the objects in the queue of finalisers from the place `from` on, and all that they reach: they are no
     * garbage any more. A collector that counts also counts the reference of the queue to each of them. Returns how many
     * objects it has marked for it, if it marks; else 0.
     */
    uint64_t (*spare)(struct gc_mutator *mutator, uint64_t from);
    /*
     * Takes the reference of an emptied ephemeron off its value, in step 1. The ephemeron still has its key, which is
     * garbage, and GC_FRONT_TAKEN. It may be garbage itself, and so may the value. Ends before `each` returns. NULL: the
     * collector does not count.
     */
    void (*drop)(struct gc_mutator *mutator, struct gc_object *ephemeron, struct gc_object *value);
};

/*
 * Attends to garbage, in three steps. Each goes over all of it before the next one begins:
 *
 *      1. clear      The weak references to garbage become null, and ephemerons with such a key are empty. The callbacks
 *                    of those that live are due.
 *      2. spare      The finalisers of garbage are due that never were. The collector spares what they can reach.
 *      3. forget     Weak references that are still garbage leave their lists.
 *
 * Step 1 comes before step 2 because what is spared counts as alive: a weak reference to it must not lead into it. Step
 * 3 comes after it because a weak reference may be spared, too. Afterwards the rest of the garbage can be freed in
 * any order: nothing that lives refers to it, and no list leads through it.
 *
 * Returns what `spare` returned. It calls `each` three times.
 */
uint64_t finalise_garbage(struct gc_mutator *mutator, const struct finalise_garbage *garbage);

/* Traps unless the list of weak references to an attended object is whole. O(weak references to it). */
void finalise_check(const struct gc_mutator *mutator, struct gc_object *object);

#endif
