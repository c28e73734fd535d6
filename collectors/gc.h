/* SPDX-License-Identifier: MIT */
/*
 * The contract between workloads and collectors: the words, the invariants, what each operation promises.
 *
 * Glossary
 *
 *     mutator         the thread that runs a workload, as its collector sees it
 *     object          a header, references to other objects, and a payload that no collector looks at
 *     shape           an object's type: how many references, how many bytes, whether it can lie on a cycle
 *     reference       the address of an object's header, wrapped as `struct gc_ref`; or GC_NULL
 *     slot            a word on the mutator's stack that holds one reference; Python calls it a name
 *     frame           the slots of one call, for its local names; the first frame holds the global names
 *     field           a word in an object that holds one reference
 *     edge            a field that is not null: it leads from its object to the one it refers to
 *     root set        all slots of all frames, exactly: the mutator reaches the heap through them alone
 *     reachable       of an object: a slot refers to it, or an edge from a reachable object leads to it. The edge
 *                     from an ephemeron to its value leads there only if the key is reachable, too
 *     garbage         objects that are not reachable and not freed yet
 *     count           of an object: the number of slots and fields that refer to it
 *     drop            to take a reference out of a slot or a field: the object has one reference less
 *     cascade         the frees that one dropped reference sets off
 *     safepoint       an operation marked [collects]: collections run there, and nowhere else
 *     write barrier   the code that a collector runs when the mutator writes a slot or a field
 *     pause           a stretch of time in which the collector holds the mutator's thread
 *     finaliser       a function of the workload, called once with an object that was found dead
 *     weak reference  an object that leads to another one, its referent, and does not keep it alive
 *     callback        a function of the workload, called with a weak reference whose referent has died
 *     due             of a finaliser or a callback: it is called by the next gc_finalise()
 *     attended        of a shape: it has a finaliser, is a weak reference, may be referred to by one, or owns
 *                     external bytes
 *     external bytes  bytes outside of the heap that an object owns, such as a buffer's: a number in its shape
 *     ephemeron       a weak reference with a value, which is held while the ephemeron and its key are reachable
 *     key             the referent of an ephemeron
 *
 * The model of memory is Python's. A new object has a count of one: the slot in which it is made refers to
 * it. Binding another name, passing an argument (which binds a name of the callee) and storing in a field
 * each add one. Rebinding, `del` and the end of a function each take one away. At zero a counting collector
 * frees the object at once, with everything that only this object kept alive.
 *
 * Invariants
 *
 *   1. No collector frees an object that is reachable. A slot or a field refers to the same object until one
 *      of these operations writes it.
 *   2. A `struct gc_ref` in a C variable is borrowed: the variable is no root. The reference is good until
 *      the next operation marked [collects] or [drops]. At [collects] a collector may free or move the
 *      object. At [drops] a counting collector may free it.
 *   3. An operation that takes a new reference and drops an old one takes the new one first. So `x = x` is
 *      safe, and so is `x = x.next`, even when x holds the only reference to the rest of the list.
 *   4. An argument may be any reference obtained since the last operation marked [collects] or [drops].
 *   5. The mutator leaves frames in the reverse order of entering them.
 *   6. No collector calls a finaliser or a callback: gc_finalise() does, between operations. So a finaliser may do
 *      whatever a workload may, and finds every structure of the collector whole.
 *   7. What a finaliser that is due can reach is held, and is as it was when the object was found dead.
 *
 * Finalisers and weak references, in one collection (docs/finalisers.md):
 *
 *   1. The collector finds what is dead: garbage, or an object whose count has reached zero.
 *   2. The weak references to what is dead become null. If the weak reference itself lives, its callback is due.
 *   3. The finalisers of the dead are due, unless they were before. What they can reach is spared.
 *   4. What else is dead is freed.
 *   5. gc_finalise() calls the callbacks, then the finalisers. An object that a finaliser has stored somewhere is
 *      alive again. One that it has not is dead again. It has no finaliser any more, and is freed like any other.
 *
 * The rules are those of Python (PEP 442, and PEP 205 for weak references), with one difference. In Python an object
 * that dies by its count keeps its weak references until its finaliser has run. Here they are null before, as in
 * Python for an object that dies on a ring. So the answer does not depend on the collector.
 *
 * A collector with the trait `finalises` does all this. Workloads with finalisers or weak references run under no
 * other.
 *
 * Binding. There is no table of functions. One executable is one workload with one collector, and each
 * operation is inlined into the workload: a write barrier costs there what it would cost in a language
 * runtime. The collector's folder comes first on the include path, so `#include "collector.h"` below finds
 * its collector.h. That file defines every operation declared here; one that is missing or misdeclared does
 * not compile. Code that need not be inlined is in collector.c, which is compiled once for all workloads.
 *
 * How to add a collector: collectors/README.md.
 */
#ifndef COLLECTORS_GC_H
#define COLLECTORS_GC_H

#include "collectors/mutator.h"
#include "collectors/traits.h"
#include "collectors/weak.h"

/* ---- slots: local and global names ---- */

/* Calls a function: returns a frame of `count` new slots, all null. When they do not fit, ends the workload
 * through the mutator's `exhausted`. O(count). */
static inline struct gc_frame gc_frame_enter(struct gc_mutator *mutator, uint64_t count);

/* Ends a function: drops what its slots refer to, then gives the slots up. `frame` is the frame entered last.
 * O(count), and the cascades. [drops] */
static inline void gc_frame_leave(struct gc_mutator *mutator, struct gc_frame frame);

/*
 * `x = T()`: makes an object, its references null and its payload zero, and binds `slot` to it. Drops what
 * the slot referred to before. `length` is the number of references or of payload bytes, at most
 * GC_LENGTH_MAX, for a shape that leaves one of them to each object; else 0. When memory is out after a full
 * collection, ends the workload through the mutator's `exhausted`. O(bytes), collections and cascades apart.
 * [collects] [drops]
 */
static inline void gc_local_new(struct gc_mutator *mutator, struct gc_slot *slot,
                                const struct gc_shape *shape, uint64_t length);

/* Reads `x`: returns the slot's reference, borrowed, or GC_NULL. O(1). */
static inline struct gc_ref gc_local_get(const struct gc_slot *slot);

/* `x = y`, and the binding of an argument in the callee's frame. `value` may be GC_NULL. [drops] */
static inline void gc_local_set(struct gc_mutator *mutator, struct gc_slot *slot, struct gc_ref value);

/* `return x`: moves the reference of `from` to `to`, two different slots. `from` is null afterwards. No count
 * changes for the reference that moves. Drops what `to` referred to. [drops] */
static inline void gc_local_move(struct gc_mutator *mutator, struct gc_slot *to, struct gc_slot *from);

/* `del x`: the slot is null afterwards. [drops] */
static inline void gc_local_del(struct gc_mutator *mutator, struct gc_slot *slot);

/* The slot of a global name. A workload states how many it has; their frame is never left. */
static inline struct gc_slot *gc_global(struct gc_mutator *mutator, uint64_t index)
{
    return &mutator->roots.base[index];
}

/* ---- fields ---- */

/* Reads `x.f`: returns the field's reference, borrowed, or GC_NULL. In these three operations `object` is not
 * null, and `index` is below its number of references. */
static inline struct gc_ref gc_field_get(struct gc_mutator *mutator, struct gc_ref object, uint64_t index);

/* `x.f = y`. `value` may be GC_NULL. [drops] */
static inline void gc_field_set(struct gc_mutator *mutator, struct gc_ref object, uint64_t index,
                                struct gc_ref value);

/* `del x.f`: the field is null afterwards. [drops] */
static inline void gc_field_del(struct gc_mutator *mutator, struct gc_ref object, uint64_t index);

/* `x[i:j] = [y] * n`: `count` references from `index` on refer to `value`, which may be GC_NULL. The range is in the
 * object, and has no value of an ephemeron, nor has one that is copied. `value` is taken before anything is dropped.
 * O(count), and the cascades. [drops] */
static inline void gc_fields_fill(struct gc_mutator *mutator, struct gc_ref object, uint64_t index,
                                  uint64_t count, struct gc_ref value);

/* `a[i:j] = b[k:l]`: copies `count` references. The two ranges may overlap, and are in their objects. What is
 * overwritten may hold `from`: what is copied lives. O(count), and the cascades. [drops] */
static inline void gc_fields_copy(struct gc_mutator *mutator, struct gc_ref to, uint64_t to_index,
                                  struct gc_ref from, uint64_t from_index, uint64_t count);

/* ---- objects ---- */

static inline bool gc_is_null(struct gc_ref ref)
{
    return !ref.object;
}

/* `x is y` */
static inline bool gc_is_same(struct gc_ref a, struct gc_ref b)
{
    return a.object == b.object;
}

/* `type(x)`: the object's shape, in the workload's own table. `object` is not null. */
static inline const struct gc_shape *gc_shape_of(const struct gc_mutator *mutator, struct gc_ref object)
{
    return gc_object_shape(mutator->shapes, object.object);
}

/* The length that gc_local_new() was given. Only for a shape that leaves a length to each object. */
static inline uint64_t gc_length(struct gc_ref object)
{
    return *gc_object_length(object.object);
}

/* The payload, 8-aligned: good for as long as a borrowed reference is. `shape` is the object's; if it is
 * constant, the offset folds. */
static inline void *gc_payload(struct gc_ref object, const struct gc_shape *shape)
{
    uint64_t refs = shape->flags & GC_SHAPE_REFS_VARY ? gc_length(object) : shape->refs;
    return gc_object_fields(object.object) + refs;
}

/* ---- finalisers and weak references ---- */

/*
 * Calls the callbacks and the finalisers that are due, and those that become due meanwhile. A workload that has any
 * calls this where its language would: after each statement for Python, or from time to time. Inside of a finaliser
 * or a callback it does nothing: what has become due there is called after it.
 *
 * An object is finalised once in its life. Of objects that were found dead together, the order is the collector's.
 * What a finaliser did not bring back is freed when its name goes, if the collector frees at once and the object lies
 * on no ring; else by the next full collection. With nothing due this costs two loads and two branches.
 * [collects] [drops]
 */
static inline void gc_finalise(struct gc_mutator *mutator)
{
    if (GC_UNLIKELY(mutator->dues.first != mutator->dues.count || mutator->dues.callbacks))
        gc_finalise_due(mutator);
}

/*
 * `w = weakref.ref(x)`: lets a weak reference refer to `referent`, an object of a shape with GC_SHAPE_REFERENT, or to
 * nothing for GC_NULL. What it referred to before, and a callback that was due for that, are forgotten. No count
 * changes. O(1).
 */
static inline void gc_weak_set(struct gc_mutator *mutator, struct gc_ref weak, struct gc_ref referent)
{
    gc_weak_unlink(mutator, weak.object);
    if (referent.object)
        gc_weak_link(mutator, weak.object, referent.object);
}

/*
 * `w()`: returns the referent, borrowed, or GC_NULL. Between the moment at which the last reference to the referent
 * is dropped and the next full collection the answer is the collector's. O(1).
 */
static inline struct gc_ref gc_weak_get(const struct gc_mutator *mutator, struct gc_ref weak)
{
    return (struct gc_ref){gc_weak_words(mutator, weak.object)->referent};
}

/*
 * Lets an ephemeron hold `value` for as long as the ephemeron and `key` are both reachable. As in an entry of
 * Python's WeakKeyDictionary, the value holds the key no longer than others do; and unlike there, also if it refers to
 * the key. `key` is an object of a shape with GC_SHAPE_REFERENT that is not acyclic. With GC_NULL for the key, the
 * value is null, too. A key that is found dead leaves the ephemeron empty, at the moment at which weak references to it
 * become null; gc_weak_get() returns the key. gc_weak_set() is not for ephemerons. A name holds `ephemeron`: what it
 * held before may hold all else. O(1), and the cascades. [drops]
 */
static inline void gc_ephemeron_set(struct gc_mutator *mutator, struct gc_ref ephemeron, struct gc_ref key,
                                    struct gc_ref value)
{
    gc_weak_set(mutator, ephemeron, key);
    gc_field_set(mutator, ephemeron, GC_EPHEMERON_VALUE, key.object ? value : GC_NULL);
}

/*
 * Returns the value of an ephemeron, borrowed, or GC_NULL. Where the last reference to the key has been dropped, the
 * answer is the collector's until the next full collection. O(1).
 */
static inline struct gc_ref gc_ephemeron_value(struct gc_mutator *mutator, struct gc_ref ephemeron)
{
    return gc_field_get(mutator, ephemeron, GC_EPHEMERON_VALUE);
}

/* ---- the collector ---- */

/* gc_collect(), gc_count(), gc_freeze() and gc_unfreeze() are functions out of line: see collectors/mutator.h. */

/*
 * A place in the workload where an observer may look at the heap: it collects fully and counts the objects
 * that are reachable. `label` names the place. Without an observer this costs one predicted branch.
 * [collects] [drops]
 */
static inline void gc_checkpoint(struct gc_mutator *mutator, const char *label)
{
    if (GC_UNLIKELY(mutator->observer.checkpoint != NULL))
        mutator->observer.checkpoint(mutator, label);
}

#include "collector.h"

/* ---- external bytes ---- */

/*
 * `x = T()` for a T that owns memory outside of the heap, such as a buffer: gc_local_new() of a shape with
 * GC_SHAPE_EXTERNAL. Every object of such a shape is made by this. The new object owns `external` bytes of its shape
 * until it is freed. Nobody allocates them. They are a figure of the mutator (struct gc_external), which triggers weigh
 * and the limit is charged with as gc_external_use() says. [collects] [drops]
 */
static inline void gc_local_new_external(struct gc_mutator *mutator, struct gc_slot *slot,
                                         const struct gc_shape *shape)
{
    gc_external_room(mutator, shape);
    gc_local_new(mutator, slot, shape, 0);
    gc_external_take(mutator, shape->external);
}

#endif
