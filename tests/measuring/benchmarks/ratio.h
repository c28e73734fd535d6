/* SPDX-License-Identifier: MIT */
/*
 * The ratio of the times of two things that were measured by turns.
 */
#ifndef TESTS_MEASURING_BENCHMARKS_RATIO_H
#define TESTS_MEASURING_BENCHMARKS_RATIO_H

#include <stdint.h>

enum { RATIO_PAIRS = 21 };

struct ratio {
    const char *name;
    uint64_t ns[RATIO_PAIRS][2];
};

/* Prints the head of the table. */
void ratio_print_head(const char *title, const char *first, const char *second);

/*
 * Prints the medians of both in milliseconds, the median of the pairs' ratios (first by second), the 95%
 * interval of that median by order statistics (Conover: ranks 6 and 16 of 21 hold it at 97.3%), and the
 * target beside it. Returns the median ratio.
 */
double ratio_print(const struct ratio *ratio, double target);

#endif
