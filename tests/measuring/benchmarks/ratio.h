/* SPDX-License-Identifier: MIT */
/* The ratio of the times of two things that were measured by turns. */
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
 * Prints the medians of both in milliseconds and the median of the pairs' ratios (first by second). Beside
 * that ratio it prints the target and a 95% interval by order statistics. (Conover: ranks 6 and 16 of 21 hold
 * the median at 97.3%.) Returns the median ratio.
 */
double ratio_print(const struct ratio *ratio, double target);

#endif
