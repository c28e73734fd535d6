/* SPDX-License-Identifier: MIT */
/*
 * The object format, one for all collectors:
 *
 *      [collector's prefix] [length] header | reference 0 .. reference n-1 | payload
 *                                    ^ struct gc_object *
 *
 * The header is one word. A shape that leaves a size to each object adds a length word in front of the
 * header. So the references stand at the same place in all objects, and an access to a field never reads the
 * shape. What a collector needs besides the header goes in front of everything else, and counts as that
 * collector's cost. An attended object has the same word for its finaliser and for the weak references to it
 * (collectors/weak.h): its size is fixed. So who frees an object meets it on the way of objects with a length.
 *
 *      bits  0..15   shape: index into the workload's table of shapes
 *      bit   16      the object has a length word, or the word of an attended object
 *      bit   17      acyclic: the object never lies on a cycle
 *      bits 18..19   the collector's own, kept while the object waits on a zero list (cascade-template.h)
 *      bits 20..31   the collector's own
 *      bits 32..63   reference count, under a collector that counts
 */
#ifndef COLLECTORS_OBJECT_H
#define COLLECTORS_OBJECT_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/shape.h"

#define GC_LIKELY(condition) __builtin_expect(!!(condition), 1)
#define GC_UNLIKELY(condition) __builtin_expect(!!(condition), 0)

struct gc_object {
    uint32_t bits;
    uint32_t count; /* above INT32_MAX: saturated, and never freed by counting */
};

/* A reference, wrapped so that no pointer can be mistaken for one. GC_NULL refers to no object. */
struct gc_ref {
    struct gc_object *object;
};

#define GC_NULL ((struct gc_ref){NULL})

enum {
    GC_BITS_SHAPE = 0xffff,
    GC_BIT_LENGTH = 1 << 16,
    GC_BIT_ACYCLIC = 1 << 17,
    GC_BIT_KEPT_A = 1 << 18,
    GC_BIT_KEPT_B = 1 << 19,
};

/* A saturated count. It is the middle of the saturated range: 2^30 stray increments or decrements away from
 * either end. */
#define GC_COUNT_STUCK 0xc0000000u

static_assert(sizeof(struct gc_object) == GC_HEADER_BYTES, "the header is one word");
static_assert(sizeof(struct gc_ref) == GC_REF_BYTES && sizeof(void *) == 8, "a reference is one 64-bit word");

/* The header bits that an instance of `shape` is born with. */
static inline uint32_t gc_shape_bits(const struct gc_shape *shape)
{
    return shape->id | (gc_shape_has_front(shape) ? GC_BIT_LENGTH : 0) |
           (shape->flags & GC_SHAPE_ACYCLIC ? GC_BIT_ACYCLIC : 0);
}

static inline uint64_t *gc_object_length(struct gc_object *object)
{
    return (uint64_t *)object - 1;
}

static inline struct gc_ref *gc_object_fields(struct gc_object *object)
{
    return (struct gc_ref *)(object + 1);
}

static inline const struct gc_shape *gc_object_shape(const struct gc_shape *shapes,
                                                     const struct gc_object *object)
{
    return &shapes[object->bits & GC_BITS_SHAPE];
}

/* The word in front of the header, or 0: the length given at creation, unless the object is attended. */
static inline uint64_t gc_object_length_or_zero(struct gc_object *object)
{
    return object->bits & GC_BIT_LENGTH ? *gc_object_length(object) : 0;
}

/* Whether something is to be done when the object dies. */
static inline bool gc_object_is_attended(const struct gc_shape *shapes, const struct gc_object *object)
{
    return GC_UNLIKELY(object->bits & GC_BIT_LENGTH) && gc_shape_is_attended(gc_object_shape(shapes, object));
}

static inline uint64_t gc_object_refs(const struct gc_shape *shapes, struct gc_object *object)
{
    const struct gc_shape *shape = gc_object_shape(shapes, object);
    if (GC_LIKELY(!(object->bits & GC_BIT_LENGTH)))
        return shape->refs;
    return gc_shape_refs(shape, *gc_object_length(object));
}

static inline uint64_t gc_object_bytes(const struct gc_shape *shapes, struct gc_object *object)
{
    const struct gc_shape *shape = gc_object_shape(shapes, object);
    if (GC_LIKELY(!(object->bits & GC_BIT_LENGTH)))
        return sizeof *object + shape->refs * sizeof(struct gc_ref) + shape->payload;
    return gc_shape_bytes(shape, *gc_object_length(object));
}

#endif
