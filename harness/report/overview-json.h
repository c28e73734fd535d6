/* SPDX-License-Identifier: MIT */
/* An overview as JSON. */
#ifndef HARNESS_REPORT_OVERVIEW_JSON_H
#define HARNESS_REPORT_OVERVIEW_JSON_H

#include <jansson.h>

#include "harness/report/overview.h"

/* Prints one object: what the run is, its drifts and layouts, with `claims` and `cells`, which the caller keeps. */
void overview_json_print(const struct run *run, const struct overview_options *options, json_t *claims,
                         json_t *cells, FILE *stream);

#endif
