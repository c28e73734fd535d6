/* SPDX-License-Identifier: MIT */
#ifndef HARNESS_REPORT_PLOT_ORDER_H
#define HARNESS_REPORT_PLOT_ORDER_H

#include "harness/analysis/normalise.h"

/*
 * Orders the first works and configs of a table for a heat map, so that what is alike stands together. Two are as far
 * apart as the logarithms of their ratios differ on average, where both have one. The order is a short path over all
 * of them, from the end that has the smaller ratios. Those without a ratio follow, as they are in the run.
 * The arrays have room for each of them. O(n^2 x m + n^3) for n of the one over m of the other.
 */
void plot_order(const struct normalise_table *table, size_t works, size_t configs, size_t *ret_works,
                size_t *ret_configs);

#endif
