/* SPDX-License-Identifier: MIT */
/* What the parts of `simulate` share: how many campaigns they draw, and how they say what came of them. */
#ifndef TESTS_MEASURING_SIMULATIONS_SIMULATE_H
#define TESTS_MEASURING_SIMULATIONS_SIMULATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct simulate {
    size_t campaigns; /* of each row of a table */
    bool brief;       /* the short form: TAP, with fewer kinds of noise and smaller families */
    uint64_t seed;
};

/* Writes a line of a table; in the short form as a remark. */
void simulate_say(const struct simulate *simulate, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Checks that at most `share` of the campaigns did something, allowing for chance once in ten thousand rows.
 * The sentence says what holds. The long form says only what does not.
 */
void simulate_at_most(const struct simulate *simulate, size_t count, size_t campaigns, double share,
                      const char *sentence, ...) __attribute__((format(printf, 5, 6)));

/* Checks that a condition holds. */
void simulate_holds(const struct simulate *simulate, bool holds, const char *sentence, ...)
    __attribute__((format(printf, 3, 4)));

/* The tables. Each draws its campaigns from the seed and a number of its own. */
void simulate_sequential(const struct simulate *simulate); /* claims and power of the sequential design */
void simulate_intervals(const struct simulate *simulate);  /* of single figures, with few blocks */
void simulate_best(const struct simulate *simulate); /* ratios to the best, lower bounds of overhead, means */
void simulate_runs(const struct simulate *simulate); /* two runs with an offset, and replication */
void simulate_confirm(const struct simulate *simulate); /* claims of a run, and what a second makes of them */
void simulate_stopping(const struct simulate *simulate); /* intervals of cells that stop early */
void simulate_drift(const struct simulate *simulate);    /* the null tests */
void simulate_machines(const struct simulate *simulate); /* comparisons over machines */
void simulate_changes(const struct simulate *simulate);  /* changes of a history of commits */

#endif
