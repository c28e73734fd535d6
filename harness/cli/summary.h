/* SPDX-License-Identifier: MIT */
/* Prints the results of one process, or of a few processes of one cell, for people. */
#ifndef HARNESS_CLI_SUMMARY_H
#define HARNESS_CLI_SUMMARY_H

#include <jansson.h>

/* Prints an array of records (results/README.md) of one cell: the medians, and the ranges of several
 * processes. */
void summary_print(const json_t *records, const char *tuning);

/* Returns 0 if each record's status is "ok" and all checksums agree. Else returns MESSAGE_FAILED_CELLS after
 * one line. */
int summary_status(const json_t *records);

#endif
