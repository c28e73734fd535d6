/* SPDX-License-Identifier: MIT */
#include "harness/report/textual.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/terminal.h"
#include "base/text.h"

enum { TEXTUAL_GAP = 2, TEXTUAL_NARROWEST = 40 };

size_t textual_room(FILE *stream)
{
    struct terminal_size size = terminal_size(stream);
    return terminal_is(stream) && size.columns >= TEXTUAL_NARROWEST ? size.columns : REPORT_WIDTH;
}

size_t textual_columns(FILE *stream)
{
    size_t room = textual_room(stream);
    return room < REPORT_WIDTH ? room : REPORT_WIDTH;
}

void textual_init(struct textual *table, size_t columns, size_t left_columns)
{
    *table = (struct textual){.columns = columns, .left_columns = left_columns};
}

void textual_fini(struct textual *table)
{
    for (size_t i = 0; i < table->count; i++)
        free(table->fields[i].text);
    free(table->fields);
    *table = (struct textual){0};
}

void textual_add(struct textual *table, enum textual_tone tone, const char *format, ...)
{
    va_list arguments;
    if (table->count == table->capacity) {
        table->capacity = table->capacity ? 2 * table->capacity : 64;
        table->fields = memory_grow(table->fields, table->capacity, sizeof(*table->fields));
    }
    struct textual_field *field = &table->fields[table->count++];
    *field = (struct textual_field){.tone = tone};
    va_start(arguments, format);
    if (vasprintf(&field->text, format, arguments) < 0)
        memory_exhausted();
    va_end(arguments);
    escape_clean(field->text);
}

static size_t textual_column_width(const struct textual *table, size_t column)
{
    size_t widest = 0;
    for (size_t i = column; i < table->count; i += table->columns) {
        size_t width = terminal_width(table->fields[i].text);
        widest = width > widest ? width : widest;
    }
    return widest;
}

size_t textual_total(const struct textual *table)
{
    size_t total = 0;
    for (size_t column = 0; column < table->columns; column++)
        total += textual_column_width(table, column) + (column ? TEXTUAL_GAP : 0);
    return total;
}

/* Returns the widths of all columns, for the caller to free. */
static size_t *textual_widths(const struct textual *table)
{
    size_t *widths = memory_new(table->columns, sizeof(*widths));
    for (size_t column = 0; column < table->columns; column++)
        widths[column] = textual_column_width(table, column);
    return widths;
}

/* Writes a field. One that ends the line leaves its blanks out. */
static void textual_write(FILE *stream, const struct textual_field *field, bool colour, bool header,
                          bool last)
{
    static const char *const codes[] = {"", "\033[1m", "\033[2m", "\033[32m", "\033[31m"};
    const char *code = header ? codes[TEXTUAL_BOLD] : codes[field->tone];
    bool coloured = colour && code[0];
    size_t length = strlen(field->text);
    while (last && length > 0 && field->text[length - 1] == ' ')
        length--;
    fprintf(stream, "%s%.*s%s", coloured ? code : "", (int)length, field->text, coloured ? "\033[0m" : "");
}

/* Columns of a table that stand side by side: those on the left, and those from `first` to before `past`. */
struct textual_part {
    const size_t *widths;
    size_t first, past;
    bool colour;
};

/* Returns the column after this one in the part, `past` after the last. */
static size_t textual_next(const struct textual *table, const struct textual_part *part, size_t column)
{
    column++;
    return column >= table->left_columns && column < part->first ? part->first : column;
}

/* Prints the row that begins with the field `row`. */
static void textual_print_row(const struct textual *table, const struct textual_part *part, size_t row,
                              FILE *stream)
{
    for (size_t column = table->left_columns ? 0 : part->first, next; column < part->past; column = next) {
        const struct textual_field *field = &table->fields[row + column];
        size_t padding = part->widths[column] - terminal_width(field->text);
        bool to_left = column < table->left_columns;
        next = textual_next(table, part, column);
        bool last = next >= part->past, leads = column == (table->left_columns ? 0 : part->first);
        fprintf(stream, "%*s", (int)((leads ? 0 : TEXTUAL_GAP) + (to_left ? 0 : padding)), "");
        textual_write(stream, field, part->colour, row == 0, last);
        if (to_left && !last)
            fprintf(stream, "%*s", (int)padding, "");
    }
    putc('\n', stream);
}

static void textual_print_part(const struct textual *table, const struct textual_part *part, FILE *stream)
{
    for (size_t row = 0; row < table->count; row += table->columns)
        textual_print_row(table, part, row, stream);
}

/* Returns the column after those that fit in `room` from `first` on, beside the left ones; at least one does. */
static size_t textual_fit(const struct textual *table, const size_t *widths, size_t first, size_t room)
{
    size_t total = 0, past = first;
    for (size_t column = 0; column < table->left_columns; column++)
        total += widths[column] + TEXTUAL_GAP;
    do
        total += widths[past++] + TEXTUAL_GAP;
    while (past < table->columns && total + widths[past] <= room);
    return past;
}

static void textual_print_within(const struct textual *table, FILE *stream, bool colour, size_t room)
{
    size_t *widths = textual_widths(table), first = table->left_columns;
    if (first >= table->columns || room >= textual_total(table)) {
        textual_print_part(table, &(struct textual_part){widths, first, table->columns, colour}, stream);
        first = table->columns;
    }
    while (first < table->columns) {
        size_t past = textual_fit(table, widths, first, room);
        textual_print_part(table, &(struct textual_part){widths, first, past, colour}, stream);
        if (past < table->columns)
            putc('\n', stream);
        first = past;
    }
    free(widths);
}

void textual_print(const struct textual *table, FILE *stream)
{
    size_t room = terminal_is(stream) ? textual_room(stream) : (size_t)-1;
    textual_print_within(table, stream, terminal_has_colour(stream), room);
}

void textual_print_whole(const struct textual *table, FILE *stream, bool colour)
{
    textual_print_within(table, stream, colour, (size_t)-1);
}

void textual_print_markdown(const struct textual *table, FILE *stream)
{
    for (size_t i = 0; i < table->count; i++) {
        bool bold = table->fields[i].tone == TEXTUAL_BOLD && i >= table->columns;
        fputs(i % table->columns ? " | " : "| ", stream);
        fputs(bold ? "**" : "", stream);
        escape_markdown(stream, table->fields[i].text);
        fputs(bold ? "**" : "", stream);
        if ((i + 1) % table->columns == 0)
            fputs(" |\n", stream);
        if (i + 1 != table->columns)
            continue;
        for (size_t column = 0; column < table->columns; column++)
            fputs(column < table->left_columns ? "|---" : "|---:", stream);
        fputs("|\n", stream);
    }
}

void textual_print_latex(const struct textual *table, FILE *stream)
{
    fputs("\\begin{tabular}{", stream);
    for (size_t column = 0; column < table->columns; column++)
        putc(column < table->left_columns ? 'l' : 'r', stream);
    fputs("}\n\\toprule\n", stream);
    for (size_t i = 0; i < table->count; i++) {
        bool bold = table->fields[i].tone == TEXTUAL_BOLD && i >= table->columns;
        fputs(i % table->columns ? " & " : "", stream);
        fputs(bold ? "\\textbf{" : "", stream);
        escape_latex(stream, table->fields[i].text);
        fputs(bold ? "}" : "", stream);
        if ((i + 1) % table->columns == 0)
            fputs(" \\\\\n", stream);
        if (i + 1 == table->columns)
            fputs("\\midrule\n", stream);
    }
    fputs("\\bottomrule\n\\end{tabular}\n", stream);
}

void textual_print_form(const struct textual *table, enum report_form form, FILE *stream)
{
    if (form == REPORT_MARKDOWN)
        textual_print_markdown(table, stream);
    else
        textual_print(table, stream);
}

void textual_print_pieces(const char *head, size_t indent, char *const *pieces, size_t count, FILE *stream)
{
    size_t column = terminal_width(head), columns = textual_columns(stream);
    fputs(head, stream);
    for (size_t i = 0; i < count; i++) {
        size_t width = terminal_width(pieces[i]);
        bool begins = column <= indent;
        if (!begins && column + 1 + width > columns) {
            putc('\n', stream);
            column = 0;
            begins = true;
        }
        size_t gap = begins ? indent - column : 1;
        fprintf(stream, "%*s%s", (int)gap, "", pieces[i]);
        column += gap + width;
    }
    putc('\n', stream);
}

/* Returns the text as the form shows it, plain and within `mark`. The caller frees it. */
static char *textual_shown(const char *text, const char *mark, enum report_form form)
{
    char *shown = NULL;
    size_t size = 0;
    FILE *stream = memory_stream(&shown, &size);
    if (form == REPORT_MARKDOWN) {
        fputs(mark, stream);
        escape_markdown(stream, text);
        fputs(mark, stream);
    } else
        fputs(text, stream);
    memory_stream_close(stream);
    escape_clean(shown);
    return shown;
}

static void textual_print_words(char *text, FILE *stream)
{
    struct text_list words = {0};
    for (char *word, *rest = text; (word = strsep(&rest, " "));)
        text_list_take(&words, text_format("%s", word));
    textual_print_pieces("", 0, words.items, words.count, stream);
    text_list_free(&words);
}

void textual_print_sentence(const char *text, enum report_form form, FILE *stream)
{
    char *shown = textual_shown(text, "", form);
    textual_print_words(shown, stream);
    free(shown);
}

void textual_print_title(const char *text, enum report_form form, FILE *stream)
{
    char *shown = textual_shown(text, "**", form);
    textual_print_words(shown, stream);
    free(shown);
}

void textual_print_line(const char *text, enum report_form form, FILE *stream)
{
    char *shown = textual_shown(text, "", form);
    fprintf(stream, "%s\n", shown);
    free(shown);
}
