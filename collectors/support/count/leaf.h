/* SPDX-License-Identifier: MIT */
/*
 * Leaves: objects that hold no reference at the moment. A collector that looks for candidates for cyclic
 * garbage may pass over them.
 *
 * An object that holds no reference lies on no cycle. It may join a cycle later. By then it holds a
 * reference, so the collector meets it as a non-leaf:
 *
 *      as references are stored     The object gets its first reference before it joins the cycle.
 *      as references are dropped    A cycle becomes garbage when its last reference from outside is dropped.
 *                                   That reference leads to a member of the cycle.
 */
#ifndef COLLECTORS_SUPPORT_COUNT_LEAF_H
#define COLLECTORS_SUPPORT_COUNT_LEAF_H

#include "collectors/boundaries.h"
#include "collectors/weak.h"

enum { LEAF_FIELDS = 8 }; /* references of an object that are read, at most */

static const struct gc_boundary leaf_boundaries[] = {
    GC_BOUNDARY(REFERENCES, LEAF_FIELDS),
    GC_BOUNDARY_END,
};

/*
 * Whether an object is a leaf. An object with more than LEAF_FIELDS references may pass for a non-leaf.
 * O(1).
 */
static inline bool leaf_is(const struct gc_shape *shapes, struct gc_object *object)
{
    const struct gc_ref *fields = gc_object_fields(object);
    uint64_t refs = gc_object_refs(shapes, object);
    for (uint64_t i = 0; i < refs; i++) {
        if (fields[i].object || i == LEAF_FIELDS)
            return false;
    }
    return true;
}

/*
 * Whether an object is a leaf to which no weak reference refers. With one it may be the key of an ephemeron, and lie on
 * a cycle through the value. The question is asked where the object has a word in front of its header. O(1).
 */
static inline bool leaf_is_no_key(const struct gc_shape *shapes, struct gc_object *object)
{
    const struct gc_shape *shape = gc_object_shape(shapes, object);
    const struct gc_ref *fields = gc_object_fields(object);
    uint64_t refs = shape->refs;
    if (GC_UNLIKELY(object->bits & GC_BIT_LENGTH) &&
        (shape->flags & (GC_SHAPE_REFS_VARY | GC_SHAPE_REFERENT))) {
        if (shape->flags & GC_SHAPE_REFS_VARY)
            refs = *gc_object_length(object);
        else if (gc_weak_first(object))
            return false;
    }
    for (uint64_t i = 0; i < refs; i++) {
        if (fields[i].object || i == LEAF_FIELDS)
            return false;
    }
    return true;
}

#endif
