/* SPDX-License-Identifier: MIT */
/* Writes what a run claims: the page, the terminal and the JSON of `gcmatrix compare` use the same words. */
#ifndef HARNESS_REPORT_CLAIMS_TEXT_H
#define HARNESS_REPORT_CLAIMS_TEXT_H

#include <jansson.h>

#include "harness/analysis/claims.h"
#include "harness/report/form.h"

enum { CLAIMS_TEXT = 512 }; /* room for any of the sentences */

/* Why nothing is claimed of the peak memory of warm processes: a sentence. */
extern const char claims_text_warm[];

/* Returns "is faster", "is smaller", "pauses less", or "is less", as the metric has it. */
const char *claims_text_less(enum run_metric metric);

/* Returns "less", "more", "equal", "undecided" or "n/a": of a against b. */
const char *claims_text_verdict(enum sequential_verdict verdict);

/*
 * Writes the counts, as in "of 66 pairs 40 are claimed, 6 are equal within 3% and 20 are undecided: 70% are
 * decided."
 */
void claims_text_counts(const struct claims *claims, const struct claims_counts *counts,
                        char ret_text[CLAIMS_TEXT]);

/*
 * Returns by how many blocks the undecided pairs of a setting are judged, what would bring more, and how long that takes
 * as far as it is known (claims-more.h). NULL where none is undecided. The caller frees it. O(rows + pairs x blocks).
 */
char *claims_text_undecided(const struct claims *claims, size_t setting);

/*
 * Writes how the claims were made, and the chance that any is wrong, as in "10 looks, at 6 to 40 blocks. ...".
 */
void claims_text_design(const struct claims *claims, char ret_text[CLAIMS_TEXT]);

/*
 * Returns the answer at a glance, as in "May be the fastest: rc on 3 of 17 workloads, semispace on 2; on none:
 * boehm.". It says on how many works of the setting each collector may be the best, the most first. NULL for two
 * builds, and where nothing may be. The caller frees it. O(cells x pairs).
 */
char *claims_text_leaders(const struct claims *claims, size_t setting);

/* Prints the claims of a setting, or of all with CLAIMS_ANY: a head, and a line for each scene. */
void claims_text_print(const struct claims *claims, size_t setting, enum report_form form, FILE *stream);

/* Returns the claims of a metric as JSON; results/README.md says what is in it. */
json_t *claims_text_json(const struct claims *claims, size_t setting);

#endif
