/* SPDX-License-Identifier: MIT */
/* Definitions of variables, which a script of plots/ is given, as commands of gnuplot. */
#ifndef HARNESS_REPORT_GNUPLOT_DEFINE_H
#define HARNESS_REPORT_GNUPLOT_DEFINE_H

#include <stddef.h>
#include <stdio.h>

/* Defines what every script is given: the figure's name, the folder of the scripts and the file to draw into. O(1). */
void gnuplot_define_begin(FILE *stream, const char *name);

/* Defines a text, whatever it holds. O(length). */
void gnuplot_define(FILE *stream, const char *name, const char *text);

/*
 * Defines an array of texts, whose places count from 1. A text of more than `most` characters loses its middle. gnuplot
 * has no empty array: one without texts has a place. O(lengths).
 */
void gnuplot_define_list(FILE *stream, const char *name, char *const *texts, size_t count, size_t most);

/* Defines an array of numbers in the same way, whole. One without numbers has a place. O(count). */
void gnuplot_define_numbers(FILE *stream, const char *name, const double *numbers, size_t count);

#endif
