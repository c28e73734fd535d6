/* SPDX-License-Identifier: MIT */
/*
 * Foreign text as a string of JSON, and figures as numbers. The library takes no bytes that are no UTF-8, and leaves out
 * the value that they stand in, with all around it.
 */
#ifndef HARNESS_RESULTS_JSON_TEXT_H
#define HARNESS_RESULTS_JSON_TEXT_H

#include <jansson.h>

/*
 * Returns the text, plain (base/escape.h) and of at most 4,000 characters, as a string of JSON: a new reference. NULL
 * gives null. Ends the process when memory is out. O(length).
 */
json_t *json_text(const char *text);

/* Returns the finite value: a whole one without a point, which is exact, below 2^53. A new reference. O(1). */
json_t *json_number(double value);

#endif
