/* SPDX-License-Identifier: MIT */
/* Says what a second run makes of the first one's claims and figures. */
#ifndef HARNESS_REPORT_CONTRAST_CLAIMS_H
#define HARNESS_REPORT_CONTRAST_CLAIMS_H

#include <jansson.h>

#include "harness/analysis/run.h"
#include "harness/report/form.h"

/*
 * Prints which of A's claims B confirms, and which it does not, with the reason where one is known. Then it prints
 * how many pairs are decided, how wide the intervals are, and how many figures of A lie where B states that another
 * run's do. `between` is the standard deviation of a run's offset, of ln(value).
 */
void contrast_claims_print(const struct run *a, const struct run *b, double between, enum report_form form,
                           FILE *stream);

/* Returns the same as JSON; results/README.md says what is in it. */
json_t *contrast_claims_json(const struct run *a, const struct run *b, double between);

#endif
