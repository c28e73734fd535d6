/* SPDX-License-Identifier: MIT */
/* Says what moved a whole run while it was measured: the terminal and the page use the same words. */
#ifndef HARNESS_REPORT_DRIFT_TEXT_H
#define HARNESS_REPORT_DRIFT_TEXT_H

#include <jansson.h>

#include "harness/analysis/compare.h"

enum { DRIFT_TEXT = 640 }; /* room for any of the texts */

/* Writes how the second half, the trend and the furthest block differ, and what follows from it. */
void drift_text_run(const struct run *run, char ret_text[DRIFT_TEXT]);

/* Writes the same of the reference program; "" where the run has none. */
void drift_text_reference(const struct run *run, char ret_text[DRIFT_TEXT]);

/* Returns the three tests as JSON; null where there are too few blocks. */
json_t *drift_text_json(struct drift drift);

#endif
