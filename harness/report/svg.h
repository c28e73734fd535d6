/* SPDX-License-Identifier: MIT */
/* Puts several SVG files into one HTML page. */
#ifndef HARNESS_REPORT_SVG_H
#define HARNESS_REPORT_SVG_H

#include <stdio.h>

/*
 * Writes the SVG document `text` into a page:
 *   - without the XML prolog and the document type;
 *   - with `name` and a hyphen before every id and every reference to an id, because gnuplot gives each file
 *     the same ids;
 *   - with a role and `label`, for readers who cannot see it.
 * O(length).
 */
void svg_inline(FILE *stream, const char *text, const char *name, const char *label);

#endif
