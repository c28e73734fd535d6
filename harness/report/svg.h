/* SPDX-License-Identifier: MIT */
/* Putting several SVG files into one HTML page. */
#ifndef HARNESS_REPORT_SVG_H
#define HARNESS_REPORT_SVG_H

#include <stdio.h>

/*
 * Writes the SVG document `text` into a page: without the XML prolog and document type, every id and every
 * reference to one prefixed with `name` and a hyphen (gnuplot gives the same ids in each file), and with a
 * role and `label` for who cannot see it. O(length).
 */
void svg_inline(FILE *stream, const char *text, const char *name, const char *label);

/* Text with the five characters that HTML reserves written as entities. */
void svg_escape(FILE *stream, const char *text);

#endif
