/* SPDX-License-Identifier: MIT */
/*
 * Makes the table `trade` (harness/analysis/trade.h): a collector's mean time, peak memory and longest pause
 * over the workloads that are shared, each alone and over every other collector. A collector that has too few
 * figures for a mean, and a run in which no workload is shared, have rows that say so.
 */
#ifndef HARNESS_REPORT_TABLES_TRADE_H
#define HARNESS_REPORT_TABLES_TRADE_H

#include "harness/report/tables.h"

extern const struct dictionary_file tables_trade_file;

/*
 * Computes tables->trade, each figure in the setting of tables_front_of(), and makes its table. As
 * trade_make().
 */
void tables_make_trade(const struct run *run, struct tables *tables);

#endif
