/* SPDX-License-Identifier: MIT */
/* Prints the results of one process, or of a few processes of one cell, for people. */
#ifndef HARNESS_CLI_SUMMARY_H
#define HARNESS_CLI_SUMMARY_H

#include <jansson.h>

/* Prints an array of records (results/README.md) of one cell: the medians, and the ranges of several
 * processes. */
void summary_print(const json_t *records, const char *tuning);

/*
 * Prints where the time of their pauses went: a row for each phase, one for cascades, and one for what collections
 * spent in no phase. All are sums over the records, so the rows add up to the last one. O(records).
 */
void summary_phases_print(const json_t *records);

/* Returns 0 if each record's status is "ok" and all checksums agree. Else returns MESSAGE_FAILED_CELLS after
 * one line. */
int summary_status(const json_t *records);

#endif
