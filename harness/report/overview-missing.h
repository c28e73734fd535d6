/* SPDX-License-Identifier: MIT */
/* Says of an unfinished run what is to come. */
#ifndef HARNESS_REPORT_OVERVIEW_MISSING_H
#define HARNESS_REPORT_OVERVIEW_MISSING_H

#include <stdio.h>

#include "harness/analysis/run.h"
#include "harness/report/form.h"

/*
 * Prints how many processes are missing, each by its name where they are few and by block where they are many, and
 * the command that goes on. Prints nothing of a run that is complete. O(cells x blocks).
 */
void overview_missing_print(const struct run *run, enum report_form form, FILE *stream);

#endif
