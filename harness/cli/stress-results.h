/* SPDX-License-Identifier: MIT */
/* What `gcmatrix stress` says of a campaign: to a person, as JSON, and as programs that are kept. */
#ifndef HARNESS_CLI_STRESS_RESULTS_H
#define HARNESS_CLI_STRESS_RESULTS_H

#include "base/writing.h"
#include "harness/cli/stress-work.h"
#include "harness/stress/driver.h"
#include "harness/stress/rules.h"
#include "harness/stress/runtimes.h"

struct stress_results {
    const struct driver_request *request;
    const struct runtimes *runtimes;
    struct rules
        *rules; /* of the model, one for each of the request's workers; those not looked at are empty */
    struct driver_result programs;
    struct stress_work work;
};

/* Shows how far the programs are, on one line of a terminal that is rewritten. */
void stress_results_progress(const struct driver_request *request, const struct driver_result *result);

/* Findings of all kinds, and whether the campaign was interrupted. */
size_t stress_results_findings(const struct stress_results *results);
bool stress_results_interrupted(const struct stress_results *results);

/* Prints the table, what was not checked, and the findings. Recipes of work are shrunk within `seconds`. Returns 0, or
 * the status of a message. */
int stress_results_print(const struct stress_results *results, double seconds);

/* The same as JSON, with nothing shrunk. */
void stress_results_json_print(const struct stress_results *results);

/* Shrinks each program that failed, within `seconds`, saves it in the folder, and prints its path to `stream`. Returns 0,
 * or the status of a message. */
int stress_results_keep(const struct stress_results *results, const struct writing_folder *folder,
                        double seconds, FILE *stream);

/* Prints what a process wrote to standard error. A collector's worker says in the first line what is wrong, and most
 * runtimes say it in the last ones. */
void stress_results_detail_print(const struct worker *worker, const char *detail);

#endif
