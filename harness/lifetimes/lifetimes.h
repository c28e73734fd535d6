/* SPDX-License-Identifier: MIT */
/*
 * From the moments of each object (last used, dead, freed) to what a collector left lying about.
 *
 *      drag               last use to death: kept by the program, whatever collects
 *      reclamation delay  death to free: kept by the collector
 *      floating garbage   dead and not yet freed, as a function of time; at the end of all it is a leak
 *
 * Time is counted in operations of the program, in bytes allocated, and in nanoseconds of a run that nobody
 * watched, by way of the allocation clock. (Röjemo and Runciman, ICFP 1996, for drag; Hertz et al., TOPLAS
 * 2006, for the moment of death.)
 */
#ifndef HARNESS_LIFETIMES_LIFETIMES_H
#define HARNESS_LIFETIMES_LIFETIMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A moment: an operation, and the bytes allocated by then. */
struct lifetimes_moment {
    uint64_t op;
    uint64_t clock;
};

/* An object that died while the program ran. */
struct lifetimes_object {
    uint64_t bytes;
    struct lifetimes_moment last_use;
    struct lifetimes_moment death;
    struct lifetimes_moment freed; /* where `was_freed` */
    bool cyclic;
    bool was_freed; /* before the end of the program */
    bool leaked;    /* not even by a last full collection */
};

/* A point of an unwatched run: so many bytes were allocated after so many nanoseconds. Both grow. */
struct lifetimes_tick {
    uint64_t clock;
    uint64_t time_ns;
};

struct lifetimes_input {
    const struct lifetimes_object *objects;
    size_t count;
    struct lifetimes_moment end; /* of the program: the number of its operations, and all it allocated */
    const struct lifetimes_tick *ticks;
    size_t tick_count; /* 0: nothing is known of time */
};

/* Of the lengths of all objects of a class, by the nearest rank; zeroes where there are none. */
struct lifetimes_spread {
    double mean;
    uint64_t p50, p90, p99, max;
};

enum lifetimes_class { LIFETIMES_ACYCLIC, LIFETIMES_CYCLIC, LIFETIMES_ALL, LIFETIMES_CLASSES };

struct lifetimes_figures {
    uint64_t died_objects, died_bytes;
    uint64_t freed_objects, freed_bytes;   /* before the end of the program */
    uint64_t final_objects, final_bytes;   /* floating at its end */
    uint64_t leaked_objects, leaked_bytes; /* and after a last full collection */
    uint64_t peak_bytes;                   /* of floating garbage, after any operation */
    uint64_t peak_op;                      /* the first at which it was so high */
    double byte_bytes;                     /* floating garbage, integrated over bytes allocated */
    double average_bytes; /* that by all bytes allocated; 0 of a program that allocates none */
    double byte_seconds;  /* the same over time; NaN where nothing is known of it */
    struct lifetimes_spread delay_ops, delay_bytes, delay_ns; /* of those that were freed */
    double drag_byte_bytes;                                   /* of all that died */
    struct lifetimes_spread drag_ops, drag_bytes;
};

/*
 * The figures of each class. Returns 0, or -ENOMEM. O(n log n) in the objects, O(operations) in time and
 * memory.
 */
int lifetimes_compute(const struct lifetimes_input *input,
                      struct lifetimes_figures ret_figures[static LIFETIMES_CLASSES]);

/* A stretch of the program and the most garbage that floated at the end of any operation of it, of each
 * class. */
struct lifetimes_sample {
    struct lifetimes_moment end;
    uint64_t most[LIFETIMES_CLASSES];
};

/*
 * Cuts the program into `count` stretches of equal numbers of operations. `clock` is what was allocated after
 * each operation. Returns 0, or -ENOMEM. O(objects + operations).
 */
int lifetimes_series(const struct lifetimes_input *input, const uint64_t *clock, size_t count,
                     struct lifetimes_sample *ret_samples);

/* When the clock stood at `clock`, in ns, between the ticks on a straight line. O(log ticks). */
uint64_t lifetimes_time(const struct lifetimes_tick *ticks, size_t count, uint64_t clock);

#endif
