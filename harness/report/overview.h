/* SPDX-License-Identifier: MIT */
/* The figures of one run, as `gcmatrix compare RUN` prints them. */
#ifndef HARNESS_REPORT_OVERVIEW_H
#define HARNESS_REPORT_OVERVIEW_H

#include <stdio.h>

#include "harness/analysis/run.h"

enum report_form { REPORT_TEXT, REPORT_MARKDOWN, REPORT_JSON };

enum { REPORT_WIDTH = 100 }; /* columns that text keeps to, where names allow it */

/*
 * Wall time, peak memory and leaked bytes of workloads x collectors in the plan's first setting, the cells
 * without a figure and the null test. Returns 0, or MESSAGE_BAD_INPUT after one line when memory runs out.
 */
int overview_print(const struct run *run, enum report_form form, FILE *stream);

#endif
