/* SPDX-License-Identifier: MIT */
/* The records of a cell's processes, each read once for all tables that are made of them. */
#ifndef HARNESS_REPORT_TABLES_RECORDS_H
#define HARNESS_REPORT_TABLES_RECORDS_H

#include <jansson.h>

#include "harness/analysis/run.h"

struct tables_records {
    json_t **records; /* of the processes shown, by block; NULL for one that left none */
    size_t count;
};

/*
 * Reads them. Returns 0, or MESSAGE_BAD_INPUT after one line where one is damaged. The caller ends with
 * tables_records_free() in either case. O(bytes).
 */
int tables_records_read(const struct run *run, const struct run_cell *cell,
                        struct tables_records *ret_records);
void tables_records_free(struct tables_records *records);

#endif
