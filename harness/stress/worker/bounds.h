/* SPDX-License-Identifier: MIT */
/*
 * Holds a collector to the bounds that it states (collectors/bounds.h), while a program of phases runs. What
 * lives is found by a walk from the names, when a full collection has ended, and where more is held than the
 * bound allows without what lives now. So a collector's own arithmetic plays no part.
 *
 *      held       at samples, and where a pause begins. After a full collection exactly what lives is held, if the
 *                 collector reclaims cycles. Without rings, a collector that frees at once holds what lives, always.
 *      tables     where a pause ends, and at samples, by the most that was held so far
 *      visits     of each pause, by what was held when it began; of a full one also by what lives when it ends
 *      pace       where a collection begins by itself; over a whole program, where operations can call for one.
 *                 Where no object holds a reference, none that waits for references.
 *      latest     where a pause begins, and at the end of a program that makes no acyclic object
 *      slope      of a collector that collects but states no bound of what is held, or is conservative: all
 *                 quarters of a program do the same, so that they hold at most three times what the first does
 */
#ifndef HARNESS_STRESS_WORKER_BOUNDS_H
#define HARNESS_STRESS_WORKER_BOUNDS_H

#include "collectors/bounds.h"
#include "harness/runner/reach.h"
#include "harness/stress/worker/account.h"

struct bounds_setup {
    account_failure failed;
    void (*measure)(struct reach *ret_reach); /* finds out what lives; does not return when it cannot */
    const struct program *program;
    const void *options; /* the collector's */
    uint64_t structure;  /* objects of the largest structure with a ring that the program drops at once */
    bool ringless;       /* the program makes no ring */
    bool refless;        /* no object of the program ever holds a reference */
    bool leafless;       /* what a ring of the program keeps lies on that ring: a family is one object */
};

struct bounds_amount {
    uint64_t objects, bytes;
};

/* How near a collector came to its bounds. */
struct bounds_worst {
    double held, tables, visits; /* the largest share of the bound; below 0: none was seen */
    /* The shortest distance, as a multiple of the least; or where operations call for collections, the most that a
     * program may have, as a multiple of those that it had. INFINITY: none was seen. */
    double full, young;
};
extern struct bounds_worst bounds_worst; /* of all programs that this process has run */

/* Where the last collections of a kind ended. */
struct bounds_place {
    struct bounds_amount allocated[1 + GC_PACE_EARLY]; /* the clock, the latest first */
    uint64_t left[1 + GC_PACE_EARLY]; /* bytes that the last full collection had left by then */
    uint64_t count;                   /* such collections that began by themselves */
};

struct bounds {
    struct bounds_setup setup;
    struct gc_bounds stated;
    uint64_t ranged;               /* references that the program's RANGEs are of: each may be an operation */
    struct bounds_amount largest;  /* the bytes of the program's largest object, which is one object */
    uint64_t family;               /* objects */
    uint64_t program_bytes;        /* of all objects of the program */
    struct bounds_amount left;     /* what lived when the last full collection ended */
    struct bounds_amount most;     /* the most that was held so far */
    struct bounds_amount at_begin; /* what was held when the open pause began */
    uint64_t names;                /* the most names so far */
    double excused;                /* held: up to here what lives was walked, and explained it */
    uint64_t
        weight_over_at;    /* the clock since which more bytes are held than weights allow; 0: no more are */
    uint64_t walk_at;      /* bytes: the clock at which a program without rings is walked next */
    uint64_t quarter_most; /* bytes: the most held in the first quarter of the program */
    struct bounds_place full, young;
    bool makes_acyclic; /* the program makes an object of an acyclic shape */
    uint64_t
        counted_at_full; /* objects made and not freed by counting, when the last full collection ended */
    uint64_t freed_in_pauses; /* objects, by collections */
    uint64_t freed_at_begin;  /* objects freed when the open pause began */
};

/* What the collector states under `options`. Where it states nothing, the reasons are "". */
void bounds_state(const void *options, struct gc_bounds *ret_bounds);

/* Begins to hold a collector to its bounds, with an empty heap. O(operations). */
void bounds_open(struct bounds *bounds, const struct bounds_setup *setup);

/* What the listener calls. `own`: the collection was not asked for. O(1), and at times a walk of what lives.
 * */
void bounds_pause_begins(struct bounds *bounds, const struct gc_mutator *mutator, bool own);
void bounds_pause_ended(struct bounds *bounds, const struct gc_mutator *mutator, const struct gc_pause *pause,
                        bool own);
void bounds_sample(struct bounds *bounds, const struct gc_mutator *mutator);

/* After a program that came to its end. */
void bounds_end(const struct bounds *bounds, const struct gc_mutator *mutator);

#endif
