/* SPDX-License-Identifier: MIT */
/*
 * One measured process: hyperfine times it, the process writes a record about itself, and both become one
 * row.
 */
#ifndef HARNESS_CAMPAIGN_MEASURE_H
#define HARNESS_CAMPAIGN_MEASURE_H

#include "harness/campaign/command.h"
#include "harness/campaign/subprocess.h"
#include "harness/results/store.h"

/* The programs that are needed to measure: found once. */
struct run_tools {
    char *hyperfine, *env;
    char *hyperfine_version; /* "1.15.0" */
};

/* Returns 0, or MESSAGE_BAD_INPUT after one line that names the package of what is missing. */
int run_tools_find(struct run_tools *ret_tools);
void run_tools_free(struct run_tools *tools);

enum run_outcome {
    RUN_COMPLETE,    /* the row says how the process ended */
    RUN_INTERRUPTED, /* no row: the process was stopped in flight */
    RUN_NO_SPACE     /* no row: the disk is full, so that what the process wrote cannot be trusted */
};

/*
 * Runs the command under hyperfine with a limit on its time. The process writes its record to
 * `request->record`; hyperfine's files go into the folder `scratch`. Fills status, reason, exit_status,
 * process_* and all that the record says into `row`; `row->reason` and `row->checksum` point into
 * `*ret_reason` and `*ret_record`, which the caller frees.
 * `*ret_record` is NULL when there is no record.
 */
enum run_outcome run_measure(const struct run_tools *tools, const struct command_request *request,
                             const char *scratch, int64_t timeout_ns, struct store_row *row,
                             char **ret_reason, json_t **ret_record);

#endif
