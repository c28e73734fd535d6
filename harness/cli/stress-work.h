/* SPDX-License-Identifier: MIT */
/* The part of `gcmatrix stress` that counts work: harness/stress/work.h. */
#ifndef HARNESS_CLI_STRESS_WORK_H
#define HARNESS_CLI_STRESS_WORK_H

#include <jansson.h>

#include "harness/stress/work.h"

struct stress_work {
    struct work_request request;
    struct work_fit *fits;
    bool interrupted;
};

/* The part of a campaign of `seconds` in which work is counted: as long as all patterns take, and a quarter at most. */
double stress_work_share(size_t workers, size_t jobs, double seconds);

/* Measures the standard patterns, or the user's `own` if it is not NULL, under each worker. With `shows` the progress is
 * shown on a terminal. `own` lives as long as `work`. Returns 0 or the status of a message. The caller calls
 * stress_work_free() in any case. */
int stress_work_measure(struct stress_work *work, const struct work_pattern *own, bool shows);
void stress_work_free(struct stress_work *work);

/* How many patterns were measured, and in how many of them something was found. */
size_t stress_work_counted(const struct stress_work *work);
size_t stress_work_findings(const struct stress_work *work);

/* Prints a line for each pattern if there is one collector, else one for each collector. */
void stress_work_print(const struct stress_work *work);

/* Prints what was found, each shrunk within `seconds`. */
int stress_work_print_findings(const struct stress_work *work, double seconds);

/* Appends what was found, as a campaign's findings have it. */
void stress_work_findings_json(const struct stress_work *work, double after_s, json_t *findings);

/* Measures, and prints the result, with findings shrunk within `seconds`, or as JSON. Returns 0, MESSAGE_FAILED_CELLS
 * where something was found, or the status of another message. The caller calls stress_work_free() in any case. */
int stress_work_run(struct stress_work *work, const struct work_pattern *own, bool as_json, double seconds);

#endif
