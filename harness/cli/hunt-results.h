/* SPDX-License-Identifier: MIT */
/* What `gcmatrix hunt` says of what it found: to a person, as JSON, and in the page of cliffs. */
#ifndef HARNESS_CLI_HUNT_RESULTS_H
#define HARNESS_CLI_HUNT_RESULTS_H

#include "base/writing.h"
#include "harness/cli/hunt-measure.h"

struct hunt_results {
    const char *collectors[HUNT_SIDES]; /* NAME[:OPTIONS] */
    const struct hunt_request *request;
    struct hunt_result result; /* of the search */
    struct hunt_found *found;  /* one for each that the search kept */
    size_t found_count;
    size_t rounds; /* of each group */
    bool interrupted;
};

/* Shows how far the search is, on one line of a terminal that is rewritten. */
void hunt_results_progress(const struct hunt_request *request, const struct hunt_result *result);

/* Prints what was found, the worst first, and a line on the whole hunt. */
void hunt_results_print(const struct hunt_results *results);

/* The same as JSON. */
void hunt_results_json_print(const struct hunt_results *results);

/*
 * Begins the page at `path`, before anything is searched: it is refused now, and not after hours. Returns 0, or the status
 * of a message. The caller drops what is not written.
 */
int hunt_results_page_begin(const char *path, struct writing *ret_page);

/* Puts the cliffs into the page at `path`, in the place of those of these two that were found before. What people wrote
 * there meanwhile stays. Returns 0, or the status of a message. */
int hunt_results_write(const struct hunt_results *results, const char *path, struct writing *page);

#endif
