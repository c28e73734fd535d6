/* SPDX-License-Identifier: MIT */
/* What one process, or a few of the same cell, did: for people. */
#ifndef HARNESS_CLI_SUMMARY_H
#define HARNESS_CLI_SUMMARY_H

#include <jansson.h>

/* Prints an array of records (results/README.md) of one cell: medians, and the range when there are several.
 */
void summary_print(const json_t *records, const char *tuning);

/* 0 if each record's status is "ok" and all checksums agree, else MESSAGE_FAILED_CELLS after one line. */
int summary_status(const json_t *records);

#endif
