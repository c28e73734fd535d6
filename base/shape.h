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
};

/* A type of objects. A workload declares its shapes static and constant, so that sizes fold. `id` is the
 * shape's index in the workload's table. */
struct gc_shape {
    const char *name;
    uint16_t id;
    uint16_t flags;   /* enum gc_shape_flags; the upper byte is reserved for finalisers and weak references */
    uint32_t refs;    /* references in each instance */
    uint64_t payload; /* bytes in each instance that no collector looks at */
};

static_assert(sizeof(struct gc_shape) == 24, "two shapes and a half to a cache line");

static inline bool gc_shape_has_length(const struct gc_shape *shape)
{
    return shape->flags & (GC_SHAPE_REFS_VARY | GC_SHAPE_BYTES_VARY);
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

/* The bytes that such an instance is charged under every collector: its length word and all from the header
 * on, but no collector's prefix. */
static inline uint64_t gc_shape_bytes(const struct gc_shape *shape, uint64_t length)
{
    return gc_shape_body_bytes(shape, length) + (gc_shape_has_length(shape) ? sizeof(uint64_t) : 0);
}

#endif
