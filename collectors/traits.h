/* SPDX-License-Identifier: MIT */
#ifndef COLLECTORS_TRAITS_H
#define COLLECTORS_TRAITS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What a collector is. Every field's zero is the modest answer. Workloads and the harness ask for traits,
 * never for a name; each collector.h defines `static const struct gc_traits gc_traits`, so that asking folds
 * at compile time.
 */
struct gc_traits {
    bool counts;          /* keeps an exact reference count in each header */
    bool reclaims;        /* frees at all */
    bool reclaims_cycles; /* a full collection frees every unreachable object */
    bool frees_at_once; /* an object on no cycle is freed by the operation that dropped its last reference */
    bool moves;         /* a collection may move objects */
    bool conservative;  /* a word that looks like a reference may keep an unreachable object */
    bool defers;        /* counts the references of fields alone, and looks at names when it collects */
    bool observes;      /* keeps books for the truth's sake: its times mean nothing */
    bool buffers_roots; /* possible roots wait in a buffer, and are counted when that is asked for */
    bool frees_when_told;  /* by a program that says when each object dies, and never else: runs no other */
    uint32_t header_bytes; /* in front of an object's first reference, a length word not counted */
};

#endif
