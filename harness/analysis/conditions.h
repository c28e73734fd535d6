/* SPDX-License-Identifier: MIT */
/* Finds what else differs between two runs, besides their figures. */
#ifndef HARNESS_ANALYSIS_CONDITIONS_H
#define HARNESS_ANALYSIS_CONDITIONS_H

#include "base/text.h"
#include "harness/analysis/run.h"

/*
 * Adds a line for each condition in which the runs differ: machine, kernel, settings, versions, allocators,
 * executables and seeds. What workloads computed, and options that no matrix names, are conditions too. A line is as
 * in "compiler: gcc 12 in A, gcc 13 in B". Options are read from the records, where both runs kept them. O(cells x
 * rows).
 */
void conditions_compare(const struct run *a, const struct run *b, struct text_list *ret_lines);

#endif
