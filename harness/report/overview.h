/* SPDX-License-Identifier: MIT */
/* Prints the figures of one run, for `gcmatrix compare RUN`. */
#ifndef HARNESS_REPORT_OVERVIEW_H
#define HARNESS_REPORT_OVERVIEW_H

#include <stdio.h>

#include "harness/analysis/run.h"
#include "harness/report/form.h"

/*
 * Prints wall time, peak memory and leaked bytes of workloads x collectors in the plan's first setting. The
 * cells without a figure and the null test follow.
 */
void overview_print(const struct run *run, enum report_form form, FILE *stream);

#endif
