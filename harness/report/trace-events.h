/* SPDX-License-Identifier: MIT */
/*
 * Processes of a run as Trace Event JSON, which Perfetto (ui.perfetto.dev) and chrome://tracing open. Each process of
 * the run is a process of the trace:
 *
 *      mutator     |------------------- the workload --------------------|     slices: X
 *                     |-- full collection --|        |-- cascade --|
 *                     | mark | drop | sweep |
 *      heap        counter of bytes held, garbage included                     counters: C
 *      resident    counter of the process's resident size
 *
 * Slices of a mutator nest. Times are microseconds with three decimals, so that no nanosecond is lost.
 *
 * After "Trace Event Format", Google 2013 to 2016.
 */
#ifndef HARNESS_REPORT_TRACE_EVENTS_H
#define HARNESS_REPORT_TRACE_EVENTS_H

#include <stdio.h>

#include "harness/results/store.h"

/*
 * Writes the trace of these rows of a run, each of which has kept its raw pauses. Without phases the pauses have
 * none, and without a timeline there are no counters. Returns 0, or MESSAGE_BAD_INPUT after one line that names a
 * damaged file. An error of the stream is its owner's to find. O(size of the raw files).
 */
int trace_events_write(const struct store *store, const struct store_row *const *rows, size_t count,
                       FILE *stream);

#endif
