/* SPDX-License-Identifier: MIT */
#ifndef COLLECTORS_TRAITS_H
#define COLLECTORS_TRAITS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What a collector promises. Zero is the modest answer to each. Each collector.h defines `static const struct
 * gc_traits gc_traits`, so a question about a trait folds at compile time. Workloads and the harness ask
 * about traits, never about a collector's name. Tests hold a collector to its traits: collectors/README.md.
 */
struct gc_traits {
    bool counts;           /* each header has an exact count: gc_count() tells it at any time */
    bool reclaims;         /* frees objects at all */
    bool reclaims_cycles;  /* a full collection frees all garbage, cycles too */
    bool frees_at_once;    /* the drop of its last reference frees an object that lies on no cycle */
    bool frees_late;       /* what no reference leads to is freed by the next full collection at the latest */
    bool moves;            /* a collection may move objects */
    bool conservative;     /* a word that looks like a reference may keep garbage */
    bool defers;           /* counts fields only between collections, and looks at slots when it collects */
    bool observes;         /* keeps books about the workload: its own times mean nothing */
    bool buffers_roots;    /* buffers possible roots, and counts them if the mutator asks for it */
    bool finalises;        /* calls finalisers, and clears weak references, as gc.h says */
    bool freezes;          /* leaves out of collections what gc_freeze() found, until gc_unfreeze() */
    bool frees_when_told;  /* frees what a program with deaths tells it to, and nothing else */
    uint32_t header_bytes; /* in front of the first reference, the length word not counted */
};

#endif
