/* SPDX-License-Identifier: MIT */
/* What `gcmatrix explicit` has measured, and what it says of it: to a person and as JSON. */
#ifndef HARNESS_CLI_EXPLICIT_RESULTS_H
#define HARNESS_CLI_EXPLICIT_RESULTS_H

#include "harness/analysis/baseline.h"
#include "harness/campaign/process/progress.h"
#include "harness/cli/contender.h"
#include "harness/cli/recorded-program.h"
#include "harness/cli/subjects.h"

struct explicit_options {
    const char *source;
    struct subjects subjects; /* `explicit` comes first */
    long long blocks;
};

/* One collector and the results of its processes. The records are of its replays alone. */
struct explicit_cell {
    struct contender contender;
    char checksum[2][20]; /* of its replays, and of its null replays */
    double peak;          /* median of max_rss_bytes - baseline_rss_bytes of the replays */
};

struct explicit_campaign {
    const struct explicit_options *options;
    struct recording recording;
    struct progress progress;
    struct explicit_cell cells[SUBJECTS_MAX];
    size_t count;
    size_t blocks;             /* complete */
    char *workload_options[2]; /* of a replay, and of a null replay */
    double *times[2];          /* ns, block by block: a row of all cells for each */
    double *peaks;
    struct baseline_figure figures[SUBJECTS_MAX];
};

/* Prints a table of the blocks that are complete, with what its figures and marks mean. The campaign is concluded. */
void explicit_results_print(const struct explicit_campaign *campaign);

/* The same as JSON, with the times of each block. */
void explicit_results_json_print(const struct explicit_campaign *campaign);

#endif
