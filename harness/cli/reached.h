/* SPDX-License-Identifier: MIT */
/* What `gcmatrix stress` says of the boundaries that its programs have reached (harness/stress/coverage.h): of each one
 * below, at it and one above. */
#ifndef HARNESS_CLI_REACHED_H
#define HARNESS_CLI_REACHED_H

#include <jansson.h>

#include "harness/stress/driver.h"

struct reached {
    size_t count;        /* places of boundaries that were reached */
    size_t possible;     /* places that programs can reach */
    size_t small_missed; /* places that short programs can reach, and have not */
};

/* Counts them. `hits` has a byte for each boundary, as in struct coverage. */
struct reached reached_count(const struct boundaries *boundaries, const uint8_t *hits);

/* Prints a line for each kind: what was reached under every collector without a finding, and what was missed. Then a
 * line for each that was out early. */
void reached_print(const struct driver_request *request, const struct driver_result *result);

/* The counts, and the numbers that were missed, by kind. */
json_t *reached_json(const struct boundaries *boundaries, const uint8_t *hits);

#endif
