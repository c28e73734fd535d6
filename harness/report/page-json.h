/* SPDX-License-Identifier: MIT */
/*
 * JSON inside a page. The text stands in a script element that no browser runs, so nothing in it may end that
 * element: '<', '>' and '&' are written as escapes, and so is what is not ASCII.
 */
#ifndef HARNESS_REPORT_PAGE_JSON_H
#define HARNESS_REPORT_PAGE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* Adds a text as json_text() makes it (harness/results/json-text.h) to an array. The caller keeps its own copy. */
void page_json_add(json_t *array, const char *text);

/* Writes a value and releases it. Reals have nine digits. O(size). */
void page_json_write(FILE *page, json_t *value);

/* Writes a plain text as a string. */
void page_json_write_text(FILE *page, const char *text);

/*
 * Whether the text is a number as JSON writes it, or infinite as C does.
 */
bool page_json_is_number(const char *text);

/* Writes such a number. An infinite one is written as a number that is too large for any reader. */
void page_json_write_number(FILE *page, const char *text);

#endif
