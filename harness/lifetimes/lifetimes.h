/* SPDX-License-Identifier: MIT */
/*
 * Computes what a collector left lying about, from the moments of each object (last used, dead, freed).
 *
 *      drag               last use to death: the mutator keeps the object, whatever collects
 *      reclamation delay  death to free: the collector keeps the object
 *      floating garbage   dead and not yet freed, as a function of time; at the very end it is a leak
 *
 * Time is counted in operations of the program and in bytes allocated. By way of the allocation clock it is
 * also counted in nanoseconds of an unwatched replay. Drag is that of Röjemo and Runciman (ICFP 1996), the
 * moment of death that of Hertz et al. (TOPLAS 2006).
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
    struct lifetimes_moment freed; /* valid where `was_freed` */
    bool cyclic;
    bool was_freed; /* freed before the end of the program */
    bool leaked;    /* not even a last full collection freed it */
};

/* A point of an unwatched replay: the bytes allocated after a number of nanoseconds. Both grow. */
struct lifetimes_tick {
    uint64_t clock;
    uint64_t time_ns;
};

struct lifetimes_input {
    const struct lifetimes_object *objects;
    size_t count;
    /* The end of the program: the number of its operations, and all bytes allocated. */
    struct lifetimes_moment end;
    const struct lifetimes_tick *ticks;
    size_t tick_count; /* 0: the times are unknown */
};

/* The spread of a length over all objects of a class, by the nearest rank. All zero where there are none. */
struct lifetimes_spread {
    double mean;
    uint64_t p50, p90, p99, max;
};

enum lifetimes_class { LIFETIMES_ACYCLIC, LIFETIMES_CYCLIC, LIFETIMES_ALL, LIFETIMES_CLASSES };

struct lifetimes_figures {
    uint64_t died_objects, died_bytes;
    uint64_t freed_objects, freed_bytes;   /* freed before the end of the program */
    uint64_t final_objects, final_bytes;   /* floating at the end of the program */
    uint64_t leaked_objects, leaked_bytes; /* left after a last full collection */
    uint64_t peak_bytes;                   /* the most floating garbage after any operation */
    uint64_t peak_op;                      /* the first operation with so much */
    double byte_bytes;                     /* floating garbage, integrated over bytes allocated */
    double average_bytes; /* byte_bytes / all bytes allocated; 0 of a program that allocates none */
    double byte_seconds;  /* floating garbage, integrated over time; NaN where the times are unknown */
    struct lifetimes_spread delay_ops, delay_bytes, delay_ns; /* of the objects freed */
    double drag_byte_bytes;                                   /* of all objects that died */
    struct lifetimes_spread drag_ops, drag_bytes;
};

/* Computes the figures of each class. Returns 0, or -ENOMEM. O(objects) on average, O(operations) in time
 * and memory. */
int lifetimes_compute(const struct lifetimes_input *input,
                      struct lifetimes_figures ret_figures[static LIFETIMES_CLASSES]);

/* A stretch of the program, with the most garbage of each class that floated after any of its operations. */
struct lifetimes_sample {
    struct lifetimes_moment end;
    uint64_t most[LIFETIMES_CLASSES];
};

/* Cuts the program into `count` stretches of equal numbers of operations. `clock` holds the bytes allocated
 * after each operation. Returns 0, or -ENOMEM. O(objects + operations). */
int lifetimes_series(const struct lifetimes_input *input, const uint64_t *clock, size_t count,
                     struct lifetimes_sample *ret_samples);

/* Returns the time in ns at which the allocation clock stood at `clock`, on a straight line between ticks.
 * O(log ticks). */
uint64_t lifetimes_time(const struct lifetimes_tick *ticks, size_t count, uint64_t clock);

#endif
