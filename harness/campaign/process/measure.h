/* SPDX-License-Identifier: MIT */
/*
 * One measured process. hyperfine times it, the process writes a record about itself, and both make one row.
 */
#ifndef HARNESS_CAMPAIGN_PROCESS_MEASURE_H
#define HARNESS_CAMPAIGN_PROCESS_MEASURE_H

#include "harness/campaign/process/command.h"
#include "harness/campaign/process/control-group.h"
#include "harness/campaign/process/subprocess.h"
#include "harness/results/store.h"

/* The commands that measuring needs. They are found once. */
struct measure_tools {
    char *hyperfine, *env;
    char *hyperfine_version;     /* "1.15.0" */
    const cpu_set_t *processors; /* for hyperfine and what it times, the caller's; NULL: as this process */
    struct control_group_place limits; /* in which processes with a limit run; none before it is asked for */
};

/* Returns 0, or MESSAGE_BAD_INPUT after one line that names the package of a missing command. */
int measure_tools_find(struct measure_tools *ret_tools);
/*
 * Has hyperfine time `env`, which ends at once, as it is to time each process. One that is too old for this, that
 * writes no figures or that has gone would make a whole run of nothing. Returns 0, or MESSAGE_BAD_INPUT or
 * MESSAGE_INTERRUPTED after one line. measure_tools_find() has tried them.
 */
int measure_tools_try(const struct measure_tools *tools);

void measure_tools_free(struct measure_tools *tools);

enum measure_outcome {
    MEASURE_COMPLETE,    /* the row says how the process ended */
    MEASURE_INTERRUPTED, /* no row: the process was stopped in flight */
    MEASURE_NO_SPACE /* no row: a file could not be written, so none can be trusted; the reason says why */
};

/*
 * Runs the command under hyperfine, with a limit on its time, and on the memory of both where the request has one: then
 * `limits` of the tools was found. The process writes its record to
 * `request->record`; hyperfine writes to the folder `scratch`. When hyperfine or its guard is killed, the process
 * has ended as well when this returns, and the row is unmeasured. Fills status, reason, exit_status, process_*
 * and the record's values into `row`. `row->reason` and `row->checksum` point into `*ret_reason` and
 * `*ret_record`, which the caller frees. `*ret_record` is NULL when there is no record.
 */
enum measure_outcome measure_process(const struct measure_tools *tools, const struct command_request *request,
                                     const char *scratch, int64_t timeout_ns, struct store_row *row,
                                     char **ret_reason, json_t **ret_record);

/* Returns why no file can be written in the folder `path`, in words that need no freeing; NULL where one can be. */
const char *measure_space_lacking(const char *path);

#endif
