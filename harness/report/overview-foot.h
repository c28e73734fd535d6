/* SPDX-License-Identifier: MIT */
/* Prints what is to be known of a run besides its figures. */
#ifndef HARNESS_REPORT_OVERVIEW_FOOT_H
#define HARNESS_REPORT_OVERVIEW_FOOT_H

#include <stdio.h>

#include "harness/analysis/run.h"
#include "harness/report/form.h"
#include "harness/report/tables-layout.h"

/* Prints the cells without a figure, the drift of the run, its layouts, and the machine's warnings. */
void overview_foot_print(const struct run *run, enum report_form form, FILE *stream);

/* Returns how far layouts move ratios in the first setting. As normalise_setting(). */
struct tables_layout_sum overview_foot_layouts(const struct run *run);

#endif
