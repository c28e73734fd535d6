/* SPDX-License-Identifier: MIT */
/*
 * The figures of the limits benchmarks. Each benchmark prints lines for people, and appends its figures to a
 * file as lines of JSON, which tools/limits.py collects. docs/metrics.md says what each figure is.
 */
#ifndef TESTS_MEASURING_LIMITS_REPORT_H
#define TESTS_MEASURING_LIMITS_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* One number, with what is needed to judge it. */
struct figure {
    double value;     /* the median where turns were taken */
    double low, high; /* the range of the turns; NAN where there was one */
    double target;    /* it is meant to be this at most; 0: there is no target */
    const char *unit; /* "ratio", "share", "bytes" or "exponent" */
};

struct report {
    FILE *json; /* NULL: for people only */
    bool quick; /* small sizes and few turns, to test the machinery: the figures mean nothing */
};

/*
 * Takes `--json FILE` and `--quick` out of the arguments, wherever they stand; what is left is argv[0] to
 * argv[*argc - 1]. Ends the program with status 2 when the file cannot be opened.
 */
struct report report_open(int *argc, char **argv);

/* The line that the figure is in the file: {"collector": ..., "code": ..., "value": ...}. None for what is no
 * number: a ratio to nothing. */
void report_figure(const struct report *report, const char *collector, const char *code,
                   struct figure figure);

/* Ends the program with status 1 when not all could be written. */
void report_close(struct report *report);

/* The median of `count` numbers, at most 16. */
double median_of(const double *values, size_t count);

/* A number that was found once. */
struct figure figure_once(double value, const char *unit, double target);

/* The median of the turns' values, with their range. */
struct figure figure_of_turns(const double *values, size_t count, const char *unit, double target);

/* The same of the turns' ratios, first / second. */
struct figure figure_of_ratios(const double *first, const double *second, size_t count, double target);

/* "1.23 x [1.20, 1.31] (target 1: above)", without a new line. */
void figure_print(struct figure figure);

#endif
