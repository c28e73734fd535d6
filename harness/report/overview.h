/* SPDX-License-Identifier: MIT */
/* Prints what one run says, for `gcmatrix compare RUN`. */
#ifndef HARNESS_REPORT_OVERVIEW_H
#define HARNESS_REPORT_OVERVIEW_H

#include <stdio.h>

#include "harness/analysis/run.h"
#include "harness/report/form.h"

struct overview_options {
    enum report_form form;
    enum run_metric metric; /* RUN_METRICS: wall time, peak memory and the longest pause */
    size_t setting;         /* a place in the run's settings, or OVERVIEW_ALL */
    size_t baseline;        /* a place in the run's configs, or OVERVIEW_NONE */
};

#define OVERVIEW_ALL ((size_t)-1)
#define OVERVIEW_NONE ((size_t)-1)

/*
 * Prints, in this order: what is missing of the run; its claims; the trade that each collector makes, as bars where
 * the form is text; for each setting the ratios to the best and to the baseline, and the medians; the cells without a figure; the null test and what else is to be known.
 */
void overview_print(const struct run *run, const struct overview_options *options, FILE *stream);

#endif
