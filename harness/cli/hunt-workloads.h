/* SPDX-License-Identifier: MIT */
/* The workloads whose options a hunt evolves: which there are, and how the recorder writes one down. */
#ifndef HARNESS_CLI_HUNT_WORKLOADS_H
#define HARNESS_CLI_HUNT_WORKLOADS_H

#include "harness/campaign/plan/pairs.h"
#include "harness/stress/hunt.h"

struct hunt_workloads {
    struct workload_kind *kinds;
    size_t count;
    size_t unbuilt; /* left out, because a pair of theirs is not built */
    char *missing;  /* the path of the first such pair; NULL: there is none */
    struct pairs *pairs;
    json_t *descriptions; /* the kinds' names and words point into these */
};

/* What is asked for. */
struct hunt_workloads_request {
    const char *collectors[HUNT_SIDES]; /* NAME[:OPTIONS] */
    const char *chosen; /* names between commas, or "none"; NULL: all that both collectors run */
    bool measured;      /* what is found is run under the collectors themselves, too */
};

/*
 * Finds the workloads and their options. Where none was chosen, those are left out that cannot be evolved: what runs
 * a file, what the recorder does not write down, and what has no options. So are those of which a pair is not built that
 * is needed, and a note says it. Returns 0; or MESSAGE_BAD_INPUT, after one line, of a workload that was chosen. The caller
 * calls hunt_workloads_close() in either case. Runs a process for each workload.
 */
int hunt_workloads_open(const struct hunt_workloads_request *request, struct hunt_workloads *ret_workloads);
void hunt_workloads_close(struct hunt_workloads *workloads);

/* Reads a workload line. `request` chooses no names. Returns as hunt_workloads_open(), with the one workload. */
int hunt_workloads_open_line(const struct hunt_workloads_request *request, const char *text,
                             struct hunt_workloads *ret_workloads, struct workload_line *ret_line);

/* A `hunt_record`, without a context. */
void hunt_workloads_record(void *context, const struct workload_kind *kind, const char *options,
                           const char *file, uint64_t most, struct text_list *ret_argv);

#endif
