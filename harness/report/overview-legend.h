/* SPDX-License-Identifier: MIT */
/* What the signs and marks of an overview mean, before its tables. */
#ifndef HARNESS_REPORT_OVERVIEW_LEGEND_H
#define HARNESS_REPORT_OVERVIEW_LEGEND_H

#include "harness/report/overview.h"

/* Prints a line for each sign, and the setting where the tables show one alone. Not for JSON. */
void overview_legend_print(const struct run *run, const struct overview_options *options, FILE *stream);

#endif
