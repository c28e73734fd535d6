/* SPDX-License-Identifier: MIT */
/*
 * Tables of text for terminals and Markdown. Columns are as wide as their widest cell on the screen, whatever
 * script it is in.
 */
#ifndef HARNESS_REPORT_TEXTUAL_H
#define HARNESS_REPORT_TEXTUAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum textual_tone { TEXTUAL_PLAIN, TEXTUAL_BOLD, TEXTUAL_FAINT, TEXTUAL_GOOD, TEXTUAL_BAD };

struct textual_cell {
    char *text;
    enum textual_tone tone;
};

struct textual {
    size_t columns;
    size_t left; /* how many columns, from the first, are set to the left; the others to the right */
    struct textual_cell *cells;
    size_t count, capacity;
};

/*
 * Columns a text takes on a screen: combining marks none, wide characters two, a byte that is no UTF-8 one.
 * O(length).
 */
size_t textual_width(const char *text);

/* Whether to write colours to `stream`: a terminal, with NO_COLOR unset or empty (no-color.org). */
bool textual_has_colour(FILE *stream);

void textual_init(struct textual *table, size_t columns, size_t left);
void textual_fini(struct textual *table);

/*
 * The next cell, row by row; the first row is the header. Control characters are shown as '?'. Aborts when
 * memory runs out.
 */
void textual_add(struct textual *table, enum textual_tone tone, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The width of the whole as textual_print() writes it. */
size_t textual_total(const struct textual *table);

void textual_print(const struct textual *table, FILE *stream, bool colour);
void textual_print_markdown(const struct textual *table, FILE *stream);

#endif
