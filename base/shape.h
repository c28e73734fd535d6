/* SPDX-License-Identifier: MIT */
/* Types of objects, and other words of a mutator's operations. All who carry operations out use them: a
 * program in a file, a workload, a collector. */
#ifndef BASE_SHAPE_H
#define BASE_SHAPE_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

enum gc_collect_kind { GC_COLLECT_FULL, GC_COLLECT_YOUNG };

/* Bytes of an object's header, and of a reference. */
enum { GC_HEADER_BYTES = 8, GC_REF_BYTES = 8 };

/* The largest length of an object: no size that is computed from it overflows. */
#define GC_LENGTH_MAX ((uint64_t)1 << 40)

enum gc_shape_flags {
    GC_SHAPE_ACYCLIC = 1,    /* no instance lies on a cycle: it refers to acyclic objects only, or to none */
    GC_SHAPE_REFS_VARY = 2,  /* creation gives the number of references, in place of `refs` */
    GC_SHAPE_BYTES_VARY = 4, /* creation gives the payload's bytes, in place of `payload` */
    /* The upper byte: what is to be done when an instance dies (collectors/gc.h). A shape with one of the first
     * three, or with the last one, is attended, and its instances are of one size. */
    GC_SHAPE_FINALISED = 1 << 8,  /* an instance that has died is handed to the mutator's finaliser, once */
    GC_SHAPE_REFERENT = 1 << 9,   /* weak references may refer to an instance */
    GC_SHAPE_WEAK = 1 << 10,      /* an instance is a weak reference, by the last words of its payload */
    GC_SHAPE_CALLED = 1 << 11,    /* a weak reference that has a callback for the death of its referent */
    GC_SHAPE_EPHEMERON = 1 << 13, /* a weak reference with a value: its first reference (collectors/gc.h) */
    GC_SHAPE_EXTERNAL = 1 << 14,  /* an instance owns `external` bytes outside of the heap */
    GC_SHAPE_FINALISING = GC_SHAPE_FINALISED | GC_SHAPE_REFERENT | GC_SHAPE_WEAK,
    GC_SHAPE_ATTENDED = GC_SHAPE_FINALISING | GC_SHAPE_EXTERNAL,
};

/* The most bytes outside of the heap that one object owns: no sum of what is held overflows. */
#define GC_EXTERNAL_MAX ((uint64_t)1 << 32)

/* The payload of a weak reference ends with so many bytes that belong to the contract (collectors/weak.h). */
enum { GC_WEAK_BYTES = 24 };

/* The reference of an ephemeron that is its value. */
enum { GC_EPHEMERON_VALUE = 0 };

/* A type of objects. A workload declares its shapes static and constant, so that sizes fold. `id` is the
 * shape's index in the workload's table. */
struct gc_shape {
    const char *name;
    uint16_t id;
    uint16_t flags;   /* enum gc_shape_flags */
    uint32_t refs;    /* references in each instance */
    uint64_t payload; /* bytes in each instance that no collector looks at */
    /* Bytes outside of the heap that each instance owns, such as a buffer's; 0 without GC_SHAPE_EXTERNAL. */
    uint64_t external;
};

static_assert(sizeof(struct gc_shape) == 32, "two shapes to a cache line");

static inline bool gc_shape_has_length(const struct gc_shape *shape)
{
    return shape->flags & (GC_SHAPE_REFS_VARY | GC_SHAPE_BYTES_VARY);
}

/* Whether something is to be done when an instance dies. */
static inline bool gc_shape_is_attended(const struct gc_shape *shape)
{
    return shape->flags & GC_SHAPE_ATTENDED;
}

/* Whether only a collector with the trait `finalises` has such objects: they have a finaliser or a weak reference. */
static inline bool gc_shape_is_finalising(const struct gc_shape *shape)
{
    return shape->flags & GC_SHAPE_FINALISING;
}

/* Whether each instance has a word in front of its header: its length, or what is known of its finaliser, of the weak
 * references to it and of its external bytes. */
static inline bool gc_shape_has_front(const struct gc_shape *shape)
{
    return shape->flags & (GC_SHAPE_REFS_VARY | GC_SHAPE_BYTES_VARY | GC_SHAPE_ATTENDED);
}

/* What is wrong with the flags and the sizes of `shape`, or NULL. */
static inline const char *gc_shape_objection(const struct gc_shape *shape)
{
    if ((shape->flags & GC_SHAPE_REFS_VARY) && (shape->flags & GC_SHAPE_BYTES_VARY))
        return "a shape varies in references or in bytes, not in both";
    if (gc_shape_is_attended(shape) && gc_shape_has_length(shape))
        return "a shape with a finaliser, a weak reference, what one refers to or external bytes is of one "
               "size";
    if ((shape->flags & GC_SHAPE_CALLED) && !(shape->flags & GC_SHAPE_WEAK))
        return "only a weak reference is called when its referent dies";
    if ((shape->flags & GC_SHAPE_CALLED) && (shape->flags & GC_SHAPE_ACYCLIC))
        return "a weak reference that is called may lie on a cycle";
    if ((shape->flags & GC_SHAPE_EPHEMERON) && (!(shape->flags & GC_SHAPE_WEAK) || shape->refs == 0))
        return "an ephemeron is a weak reference, and its first reference is its value";
    if ((shape->flags & GC_SHAPE_EPHEMERON) && (shape->flags & GC_SHAPE_ACYCLIC))
        return "an ephemeron may lie on a cycle";
    if ((shape->flags & GC_SHAPE_WEAK) && (shape->payload < GC_WEAK_BYTES || shape->payload % 8))
        return "the payload of a weak reference is a multiple of 8 bytes, and 24 at least";
    if (!(shape->flags & GC_SHAPE_EXTERNAL) != (shape->external == 0))
        return "a shape of objects with external bytes says how many, and no other does";
    if (shape->external > GC_EXTERNAL_MAX)
        return "an object owns at most 4294967296 external bytes";
    return NULL;
}

/* The number of references in an instance of `shape` that was made with `length`. */
static inline uint64_t gc_shape_refs(const struct gc_shape *shape, uint64_t length)
{
    return shape->flags & GC_SHAPE_REFS_VARY ? length : shape->refs;
}

/* The bytes of such an instance, from its header to its end. */
static inline uint64_t gc_shape_body_bytes(const struct gc_shape *shape, uint64_t length)
{
    uint64_t payload = shape->flags & GC_SHAPE_BYTES_VARY ? length : shape->payload;
    return GC_HEADER_BYTES + gc_shape_refs(shape, length) * GC_REF_BYTES + payload;
}

/* The bytes that such an instance is charged under every collector: the word in front of its header and all from
 * the header on, but no collector's prefix. */
static inline uint64_t gc_shape_bytes(const struct gc_shape *shape, uint64_t length)
{
    return gc_shape_body_bytes(shape, length) + (gc_shape_has_front(shape) ? sizeof(uint64_t) : 0);
}

#endif
