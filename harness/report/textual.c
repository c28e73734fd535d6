/* SPDX-License-Identifier: MIT */
#include "harness/report/textual.h"

#include <locale.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"

enum { TEXTUAL_GAP = 2, TEXTUAL_NARROWEST = 40 };

size_t textual_width(const char *text)
{
    /* Widths are those of UTF-8 in any locale of the user. */
    static locale_t utf8;
    mbstate_t state = {0};
    size_t width = 0, bytes = strlen(text);
    if (!utf8)
        utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    locale_t before = uselocale(utf8 ? utf8 : (locale_t)0);
    while (bytes > 0) {
        wchar_t character;
        size_t length = mbrtowc(&character, text, bytes, &state);
        if (length == (size_t)-1 || length == (size_t)-2 || length == 0) {
            memset(&state, 0, sizeof(state));
            length = 1;
            character = L'?';
        }
        int columns = wcwidth(character);
        width += columns < 0 ? 1 : (size_t)columns;
        text += length;
        bytes -= length;
    }
    uselocale(before);
    return width;
}

bool textual_has_colour(FILE *stream)
{
    const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return !(no_colour && no_colour[0]) && isatty(fileno(stream)) &&
           !(terminal && strcmp(terminal, "dumb") == 0);
}

size_t textual_columns(FILE *stream)
{
    struct winsize size;
    bool narrow = isatty(fileno(stream)) && ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 &&
                  size.ws_col >= TEXTUAL_NARROWEST && size.ws_col < REPORT_WIDTH;
    return narrow ? size.ws_col : REPORT_WIDTH;
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
    field->tone = tone;
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
        size_t width = textual_width(table->fields[i].text);
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

static void textual_write(FILE *stream, const struct textual_field *field, bool colour, bool header)
{
    static const char *const codes[] = {"", "\033[1m", "\033[2m", "\033[32m", "\033[31m"};
    const char *code = header ? codes[TEXTUAL_BOLD] : codes[field->tone];
    bool coloured = colour && code[0];
    fprintf(stream, "%s%s%s", coloured ? code : "", field->text, coloured ? "\033[0m" : "");
}

void textual_print(const struct textual *table, FILE *stream, bool colour)
{
    for (size_t i = 0; i < table->count; i++) {
        size_t column = i % table->columns;
        size_t padding = textual_column_width(table, column) - textual_width(table->fields[i].text);
        bool last = column + 1 == table->columns, to_left = column < table->left_columns;
        fprintf(stream, "%*s", (int)((column ? TEXTUAL_GAP : 0) + (to_left ? 0 : padding)), "");
        textual_write(stream, &table->fields[i], colour, i < table->columns);
        if (to_left && !last)
            fprintf(stream, "%*s", (int)padding, "");
        if (last)
            putc('\n', stream);
    }
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

void textual_print_form(const struct textual *table, enum report_form form, FILE *stream)
{
    if (form == REPORT_MARKDOWN)
        textual_print_markdown(table, stream);
    else
        textual_print(table, stream, textual_has_colour(stream));
}

void textual_print_pieces(const char *head, size_t indent, char *const *pieces, size_t count, FILE *stream)
{
    size_t column = textual_width(head), columns = textual_columns(stream);
    fputs(head, stream);
    for (size_t i = 0; i < count; i++) {
        size_t width = textual_width(pieces[i]);
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
