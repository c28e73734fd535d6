/* SPDX-License-Identifier: MIT */
/*
 * What refers to nothing is on no cycle. It may come to be on one later; but of the references that keep a
 * cycle from being garbage the last is one to a member, which refers to another one by then. So whoever looks
 * for candidates when references are dropped, or when they are stored, may pass over leaves.
 */
#ifndef COLLECTORS_SUPPORT_COUNT_LEAF_H
#define COLLECTORS_SUPPORT_COUNT_LEAF_H

#include "collectors/object.h"

enum { LEAF_FIELDS = 8 }; /* at most so many are looked at */

/* Whether an object refers to nothing now, as far as that is soon seen. O(1). */
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

#endif
