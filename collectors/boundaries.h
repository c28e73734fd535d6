/* SPDX-License-Identifier: MIT */
/*
 * Boundaries: the numbers at which the code of a collector changes its way. Size classes end there, a table is full, a
 * count has no more bits. Mistakes by one stand there, too. So the stress suite makes objects and structures of these
 * sizes, of one less and one more, and of multiples of them.
 *
 * Each unit lists its boundaries beside its constants, as a table that ends with GC_BOUNDARY_END. Each collector names
 * the tables of its units (struct gc_collector). An entry has the constant itself and never repeats its value.
 */
#ifndef COLLECTORS_BOUNDARIES_H
#define COLLECTORS_BOUNDARIES_H

#include <stdint.h>

#include "collectors/object.h"

/* What is counted. The last column is the word in the output of a stress worker. */
#define GC_BOUNDARY_KINDS(kind)                                                                              \
    kind(BYTES, "bytes")         /* bytes of an object, with its length word */                              \
        kind(REFERENCES, "refs") /* references of an object */                                               \
        kind(FAN_IN, "fan-in")   /* references to an object */                                               \
        kind(OBJECTS, "objects") /* objects or edges that are dealt with together: listed, queued, freed */  \
        kind(FILL, "fill")       /* bytes that objects of one size fill */                                   \
        kind(ROOTS, "roots")     /* names that refer to an object */                                         \
        kind(SLOTS, "slots")     /* names of a frame */                                                      \
        kind(FRAMES, "frames")   /* frames that are open at once */                                          \
        kind(GLOBALS, "globals") /* global names */                                                          \
        kind(SHAPES, "shapes")   /* shapes of a workload */

enum gc_boundary_kind {
#define GC_BOUNDARY_KIND(kind, word) GC_BOUNDARY_##kind,
    GC_BOUNDARY_KINDS(GC_BOUNDARY_KIND)
#undef GC_BOUNDARY_KIND
        GC_BOUNDARY_KIND_COUNT,
};

struct gc_boundary {
    const char *name; /* NULL: the end of the table */
    enum gc_boundary_kind kind;
    uint64_t value;
    uint64_t step; /* 0: one boundary. Else there is one at every `step` from `value` to `last` */
    uint64_t last;
};

#define GC_BOUNDARY(kind_, constant)                                                                         \
    {                                                                                                        \
        .name = #constant, .kind = GC_BOUNDARY_##kind_, .value = constant                                    \
    }
#define GC_BOUNDARY_RUN(kind_, first, step_, last_)                                                          \
    {                                                                                                        \
        .name = #first " and on", .kind = GC_BOUNDARY_##kind_, .value = first, .step = step_, .last = last_  \
    }
#define GC_BOUNDARY_END                                                                                      \
    {                                                                                                        \
        .name = NULL                                                                                         \
    }

/* The boundaries of every collector: of the header (object.h), and of machine numbers, in which code counts. */
static const struct gc_boundary gc_contract_boundaries[] = {
    GC_BOUNDARY(SHAPES, (UINT8_MAX + 1)),
    GC_BOUNDARY(SHAPES, GC_BITS_SHAPE),
    GC_BOUNDARY(BYTES, sizeof(struct gc_object)),
    GC_BOUNDARY(BYTES, UINT16_MAX),
    GC_BOUNDARY(REFERENCES, UINT8_MAX),
    GC_BOUNDARY(REFERENCES, UINT16_MAX),
    GC_BOUNDARY(FAN_IN, INT8_MAX),
    GC_BOUNDARY(FAN_IN, UINT8_MAX),
    GC_BOUNDARY(FAN_IN, INT16_MAX),
    GC_BOUNDARY(FAN_IN, UINT16_MAX),
    GC_BOUNDARY(OBJECTS, UINT8_MAX),
    GC_BOUNDARY(OBJECTS, UINT16_MAX),
    GC_BOUNDARY(ROOTS, UINT8_MAX),
    GC_BOUNDARY(ROOTS, UINT16_MAX),
    GC_BOUNDARY(SLOTS, UINT8_MAX),
    GC_BOUNDARY(SLOTS, UINT16_MAX),
    GC_BOUNDARY(FRAMES, UINT8_MAX),
    GC_BOUNDARY(FRAMES, UINT16_MAX),
    GC_BOUNDARY(GLOBALS, UINT8_MAX),
    GC_BOUNDARY(GLOBALS, UINT16_MAX),
    GC_BOUNDARY_END,
};

#endif
