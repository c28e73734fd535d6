/* SPDX-License-Identifier: MIT */
/*
 * Types of objects, and the other words that a mutator's operations use whoever carries them out: a program in
 * a file, a workload, a collector.
 */
#ifndef BASE_SHAPE_H
#define BASE_SHAPE_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

enum gc_collect_kind { GC_COLLECT_FULL, GC_COLLECT_YOUNG };

/* Bytes of every object's header, and of a reference. */
enum { GC_HEADER_BYTES = 8, GC_REF_BYTES = 8 };

/* The longest per-object length: sizes computed from it cannot overflow. */
#define GC_LENGTH_MAX ((uint64_t)1 << 40)

enum gc_shape_flags {
    GC_SHAPE_ACYCLIC =
        1, /* instances never lie on a cycle: they hold references to acyclic objects only, or none */
    GC_SHAPE_REFS_VARY = 2,  /* the number of references is given at creation, in place of `refs` */
    GC_SHAPE_BYTES_VARY = 4, /* the payload's bytes are given at creation, in place of `payload` */
};

/* A type. Static and constant in the workload, so that sizes fold; `id` is its place in the workload's table.
 */
struct gc_shape {
    const char *name;
    uint16_t id;
    uint16_t flags;   /* enum gc_shape_flags; the upper byte is kept for finalisers and weak references */
    uint32_t refs;    /* references in each instance */
    uint64_t payload; /* bytes in each instance that the collector does not look at */
};

static_assert(sizeof(struct gc_shape) == 24, "two shapes and a half to a cache line");

static inline bool gc_shape_has_length(const struct gc_shape *shape)
{
    return shape->flags & (GC_SHAPE_REFS_VARY | GC_SHAPE_BYTES_VARY);
}

/* The references of an instance of `shape` that was made with `length`. */
static inline uint64_t gc_shape_refs(const struct gc_shape *shape, uint64_t length)
{
    return shape->flags & GC_SHAPE_REFS_VARY ? length : shape->refs;
}

/* The bytes of such an instance from its header to its end. */
static inline uint64_t gc_shape_body_bytes(const struct gc_shape *shape, uint64_t length)
{
    uint64_t payload = shape->flags & GC_SHAPE_BYTES_VARY ? length : shape->payload;
    return GC_HEADER_BYTES + gc_shape_refs(shape, length) * GC_REF_BYTES + payload;
}

/* What such an instance is said to weigh under every collector: length word and body, without a collector's
 * prefix. */
static inline uint64_t gc_shape_bytes(const struct gc_shape *shape, uint64_t length)
{
    return gc_shape_body_bytes(shape, length) + (gc_shape_has_length(shape) ? sizeof(uint64_t) : 0);
}

#endif
