/* SPDX-License-Identifier: MIT */
/*
 * The contract between workloads and collectors.
 *
 * Glossary
 *      object      a header, references to other objects, and a payload that no collector looks at
 *      shape       an object's type: how many references, how many bytes, whether it can lie on a cycle
 *      name, slot  a place that refers to an object; local names live in a frame, global names in the first
 * frame field       a reference inside an object root        a slot of any frame: the exact set of places
 * from which the program can reach the heap mutator     the program, as the collector sees it; one per thread
 *      barrier     what a collector does when a name or a field changes
 *      cascade     the frees set off by one reference going away
 *      pause       a stretch of time in which the collector has the mutator's thread
 *
 * The model is Python's. An object is born with one reference, from the slot it is made in. Binding it to
 * another name, passing it (which binds it to a name of the callee) or storing it in a field adds one.
 * Rebinding, `del` and the end of a function take one away. A collector that counts frees an object at zero,
 * at once, with everything only it kept alive.
 *
 * Invariants
 *   1. An object reachable from a root is never freed, and what it holds changes only by these operations.
 *   2. A `struct gc_ref` in a C variable is borrowed: it is not a root. It is good until the next operation
 * that may collect (a tracing collector may move or free there) or that drops a reference (a counting
 * collector frees there). Those operations are marked [collects] and [drops] below.
 *   3. An operation that takes a new value and drops an old one takes the new one first: `x = x` is safe, and
 * so is `x = x.next` when x holds the only reference to the rest.
 *   4. A reference argument may be the result of any operation made since the last one marked [collects] or
 * [drops].
 *   5. Frames are left in the reverse order of entering them.
 *
 * Binding. There is no table of functions: a collector's folder comes first on the include path, its
 * collector.h defines every operation declared here, and a workload is compiled once against each. A missing
 * or misdeclared operation is a compile error. What a collector needs out of line is in its collector.c,
 * compiled once against the object format alone.
 *
 * Adding a collector: see collectors/README.md.
 */
#ifndef COLLECTORS_GC_H
#define COLLECTORS_GC_H

#include "collectors/mutator.h"
#include "collectors/traits.h"

/* ---- names ---- */

/* Calling a function: `count` new slots, all null. Ends the run when they do not fit. O(count). */
static inline struct gc_frame gc_frame_enter(struct gc_mutator *mutator, uint64_t count);

/* The end of a function: destroys its locals. `frame` is the one entered last. [drops] O(count) and the
 * cascades. */
static inline void gc_frame_leave(struct gc_mutator *mutator, struct gc_frame frame);

/* `x = T()`: makes an object in `slot`, its references null and its payload zero. `length` is the number of
 * references or of payload bytes for a shape in which they vary (at most GC_LENGTH_MAX), else 0. Ends the run
 * when memory is out. [collects] [drops] */
static inline void gc_local_new(struct gc_mutator *mutator, struct gc_slot *slot,
                                const struct gc_shape *shape, uint64_t length);

/* The object a name refers to, borrowed, or GC_NULL. */
static inline struct gc_ref gc_local_get(const struct gc_slot *slot);

/* `x = y`, and binding an argument in the callee's frame. `value` may be GC_NULL. [drops] */
static inline void gc_local_set(struct gc_mutator *mutator, struct gc_slot *slot, struct gc_ref value);

/* `return x`: the reference changes hands, no count changes; `from` is null after it. `from` and `to` differ.
 * Drops what `to` had. [drops] */
static inline void gc_local_move(struct gc_mutator *mutator, struct gc_slot *to, struct gc_slot *from);

/* `del x`: the slot is null after it. [drops] */
static inline void gc_local_del(struct gc_mutator *mutator, struct gc_slot *slot);

/* The `index`th of the module's names, a frame that is never left. A workload states how many it has. */
static inline struct gc_slot *gc_global(struct gc_mutator *mutator, uint64_t index)
{
    return &mutator->base[index];
}

/* ---- fields ---- */

/* `x.f`: borrowed, or GC_NULL. `object` is not null; `index` is below its number of references. */
static inline struct gc_ref gc_field_get(struct gc_mutator *mutator, struct gc_ref object, uint64_t index);

/* `x.f = y`. `value` may be GC_NULL. [drops] */
static inline void gc_field_set(struct gc_mutator *mutator, struct gc_ref object, uint64_t index,
                                struct gc_ref value);

/* `del x.f`. [drops] */
static inline void gc_field_del(struct gc_mutator *mutator, struct gc_ref object, uint64_t index);

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

/* `type(x)`: the workload's own shape. */
static inline const struct gc_shape *gc_shape_of(const struct gc_mutator *mutator, struct gc_ref object)
{
    return gc_object_shape(mutator->shapes, object.object);
}

/* The length given at creation. Only for shapes in which something varies. */
static inline uint64_t gc_length(struct gc_ref object)
{
    return *gc_object_length(object.object);
}

/* The object's own bytes, 8-aligned; `shape` is its shape, stated so that the offset folds. Good as long as a
 * borrowed reference. */
static inline void *gc_payload(struct gc_ref object, const struct gc_shape *shape)
{
    uint64_t refs = shape->flags & GC_SHAPE_REFS_VARY ? gc_length(object) : shape->refs;
    return gc_object_fields(object.object) + refs;
}

/* ---- the collector ---- */

/* gc_collect() and gc_count() are out of line: see collectors/mutator.h. */

/* A place where observers may stop the program and look: they collect fully and count what lives. Costs one
 * predicted branch. [collects] [drops] */
static inline void gc_checkpoint(struct gc_mutator *mutator, const char *label)
{
    if (GC_UNLIKELY(mutator->checkpoint != NULL))
        mutator->checkpoint(mutator, label);
}

#include "collector.h"

#endif
