/* SPDX-License-Identifier: MIT */
/*
 * Lays out tables of text for terminals, Markdown and LaTeX. A column is as wide as its widest field is on the
 * screen, in any script.
 */
#ifndef HARNESS_REPORT_TEXTUAL_H
#define HARNESS_REPORT_TEXTUAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/bar.h"
#include "harness/report/form.h"

enum textual_tone { TEXTUAL_PLAIN, TEXTUAL_BOLD, TEXTUAL_FAINT, TEXTUAL_GOOD, TEXTUAL_BAD };

/* What a field is: a text; or a bar, or the labels above bars, which textual_draw_bars() makes a text of. */
enum textual_kind { TEXTUAL_TEXT, TEXTUAL_BAR, TEXTUAL_AXIS, TEXTUAL_AXIS_OF_RATIOS };

struct textual_field {
    char *text;
    enum textual_tone tone;
    enum textual_kind kind;
    struct bar bar; /* of an axis: the value at which bars begin */
};

struct textual {
    size_t columns;
    size_t left_columns; /* the first so many columns are set to the left, the others to the right */
    struct textual_field *fields;
    size_t count, capacity;
};

/* Returns the columns of a line of text: REPORT_WIDTH, or those of a terminal that is narrower. */
size_t textual_columns(FILE *stream);

/* Returns the columns of a table: REPORT_WIDTH, or those of a terminal, which may be wider. */
size_t textual_room(FILE *stream);

void textual_init(struct textual *table, size_t columns, size_t left_columns);
void textual_fini(struct textual *table);

/* Adds the next field, row by row. The first row is the header. What is not plain (base/escape.h) is a '?'. */
void textual_add(struct textual *table, enum textual_tone tone, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Returns the columns of a row as textual_print_whole() writes it. */
size_t textual_total(const struct textual *table);

/*
 * Prints the table as text, in colours if `stream` takes them. On a terminal that is narrower than the table, the
 * columns that do not fit follow below, beside the first `left_columns` again. O(fields).
 */
void textual_print(const struct textual *table, FILE *stream);

/* Prints all columns side by side, however wide the table is. */
void textual_print_whole(const struct textual *table, FILE *stream, bool colour);
void textual_print_markdown(const struct textual *table, FILE *stream);

/* Prints a tabular of LaTeX with the rules of booktabs. */
void textual_print_latex(const struct textual *table, FILE *stream);

/* Prints the table as Markdown, or as text. */
void textual_print_form(const struct textual *table, enum report_form form, FILE *stream);

/*
 * Prints the pieces with spaces between them, in lines of REPORT_WIDTH columns. The first line begins with
 * `head`, padded to `indent` columns, and the others with as many spaces. A piece longer than a line stands
 * alone.
 */
void textual_print_pieces(const char *head, size_t indent, char *const *pieces, size_t count, FILE *stream);

/*
 * Print the words of a text, which single spaces part, in lines of REPORT_WIDTH columns. Whatever the text holds
 * is shown as it is, in Markdown too; what is not plain is a '?'. A title is bold in Markdown.
 */
void textual_print_sentence(const char *text, enum report_form form, FILE *stream);
void textual_print_title(const char *text, enum report_form form, FILE *stream);

/* Prints such a text on one line, however long it is: a command that a person copies. */
void textual_print_line(const char *text, enum report_form form, FILE *stream);

#endif
