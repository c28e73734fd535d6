/* SPDX-License-Identifier: MIT */
#include "harness/report/table-view.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/nearest.h"
#include "base/text.h"
#include "harness/report/page-json.h"
#include "harness/report/table-figure.h"
#include "harness/report/textual.h"
#include "harness/results/csv.h"
#include "harness/results/damage.h"
#include "harness/results/store.h"

/* ---- reading ---- */

static int view_refuse_missing(const char *folder, const struct dictionary_file *file)
{
    char *word = escape_shell(folder);
    message_bad_input("%s/%s is not there; it is written by: gcmatrix plot %s --tables", folder, file->path,
                      word);
    free(word);
    return MESSAGE_BAD_INPUT;
}

/* Reads the file as one text. */
static int view_read_text(const char *folder, const struct dictionary_file *file, char **ret_text,
                          size_t *ret_size)
{
    char *path = text_format("%s/%s", folder, file->path);
    bool made = strchr(file->path, '/') != NULL; /* by plotting, in a folder of its own */
    FILE *stream = NULL;
    int status = 0;
    const char *why = input_open_own(path, made ? 2 : 1, &stream);
    if (why)
        status = errno == ENOENT && made ? view_refuse_missing(folder, file)
                                         : message_bad_input("%s: %s", path, why);
    else if (!(*ret_text = text_read(stream, ret_size)))
        status = message_bad_input("%s: it cannot be read", path);
    if (stream)
        fclose(stream);
    free(path);
    return status;
}

/*
 * Reads a file that measuring wrote. Its checks are looked at, and one line says what is damaged: rows of
 * runs.csv are left out then.
 */
static int view_read_measured(const char *folder, const struct dictionary_file *file, char **ret_text,
                              size_t *ret_size)
{
    struct store *store;
    int status = store_open(folder, &store);
    if (status != 0)
        return status;
    if (file == &dictionary_runs) {
        FILE *stream = memory_stream(ret_text, ret_size);
        store_header_write(stream);
        for (size_t i = 0; i < store->row_count; i++)
            store_row_write(stream, &store->rows[i]);
        memory_stream_close(stream);
    } else {
        damage_files_say(store);
        status = view_read_text(folder, file, ret_text, ret_size);
    }
    store_close(store);
    return status;
}

static void view_take_header(struct table_view *view, const struct csv_reader *reader)
{
    view->width = view->count = view->unit = reader->field_count;
    view->columns = memory_new(view->count, sizeof(*view->columns));
    for (size_t i = 0; i < view->count; i++) {
        escape_clean(reader->fields[i]);
        view->columns[i] = (struct table_view_column){
            .name = reader->fields[i], .about = dictionary_find(view->file, reader->fields[i]), .place = i};
        view->unit = strcmp(reader->fields[i], "unit") == 0 ? i : view->unit;
    }
}

static void view_take_row(struct table_view *view, const struct csv_reader *reader, size_t *capacity)
{
    if (view->rows == *capacity) {
        *capacity = *capacity ? 2 * *capacity : 64;
        view->fields = memory_grow(view->fields, *capacity * view->width, sizeof(*view->fields));
    }
    for (size_t i = 0; i < view->width; i++) {
        escape_clean(reader->fields[i]);
        view->fields[view->rows * view->width + i] = reader->fields[i];
    }
    view->rows++;
}

/* Cuts the text into fields. A torn last row, of a run that goes on, is left out; tables are written whole. */
static int view_cut(struct table_view *view, const char *folder, size_t size)
{
    struct csv_reader reader;
    size_t capacity = 0;
    int status = 0;
    enum csv_outcome outcome;
    csv_reader_start(&reader, view->text, size);
    while (status == 0 && (outcome = csv_record_next(&reader)) != CSV_END &&
           (outcome != CSV_TORN || strchr(view->file->path, '/'))) {
        if (outcome == CSV_TORN)
            status = message_bad_input("%s/%s:%zu: the file ends within a row", folder, view->file->path,
                                       reader.line);
        else if (outcome != CSV_RECORD)
            status = message_bad_input("%s/%s:%zu: %s", folder, view->file->path, reader.line,
                                       csv_outcome_words(outcome));
        else if (!view->columns)
            view_take_header(view, &reader);
        else if (reader.field_count != view->width)
            status = message_bad_input("%s/%s:%zu: %zu fields where the header has %zu", folder,
                                       view->file->path, reader.line, reader.field_count, view->width);
        else
            view_take_row(view, &reader, &capacity);
    }
    csv_reader_stop(&reader);
    return status          ? status
           : view->columns ? 0
                           : message_bad_input("%s/%s is empty", folder, view->file->path);
}

int table_view_read(const char *folder, const struct dictionary_file *file, struct table_view *ret_view)
{
    size_t size = 0;
    *ret_view = (struct table_view){.file = file};
    bool measured = file == &dictionary_runs || file == &dictionary_reference;
    int status = measured ? view_read_measured(folder, file, &ret_view->text, &size)
                          : view_read_text(folder, file, &ret_view->text, &size);
    return status ? status : view_cut(ret_view, folder, size);
}

void table_view_free(struct table_view *view)
{
    free(view->columns);
    free(view->fields);
    free(view->text);
    *view = (struct table_view){0};
}

/* ---- cutting down ---- */

/* Finds the column whose name has `length` bytes. Returns NULL after one line where there is none. */
static const struct table_view_column *view_find(const struct table_view *view, const char *name,
                                                 size_t length)
{
    const char **names = memory_new(view->count, sizeof(*names));
    const struct table_view_column *found = NULL;
    for (size_t i = 0; i < view->count; i++) {
        names[i] = view->columns[i].name;
        if (!found && strlen(names[i]) == length && strncmp(names[i], name, length) == 0)
            found = &view->columns[i];
    }
    if (!found) {
        char *given = text_format("%.*s", (int)length, name);
        const char *near = nearest_name(given, names, view->count);
        if (near)
            message_bad_input("table: %s has no column '%s'; did you mean '%s'?", view->file->name, given,
                              near);
        else
            message_bad_input("table: %s has no column '%s'; 'gcmatrix table --describe %s' lists them",
                              view->file->name, given, view->file->name);
        free(given);
    }
    free(names);
    return found;
}

int table_view_where(struct table_view *view, const char *condition)
{
    size_t kept = 0, length = strcspn(condition, "=");
    if (!condition[length])
        return message_bad_input("table: --where takes COLUMN=VALUE, not '%s'", condition);
    const struct table_view_column *column = view_find(view, condition, length);
    if (!column)
        return MESSAGE_BAD_INPUT;
    for (size_t row = 0; row < view->rows; row++) {
        if (strcmp(view->fields[row * view->width + column->place], condition + length + 1) != 0)
            continue;
        memmove(view->fields + kept++ * view->width, view->fields + row * view->width,
                view->width * sizeof(*view->fields));
    }
    view->rows = kept;
    return 0;
}

static bool view_is_among(const struct table_view_column *columns, size_t count,
                          const struct table_view_column *column)
{
    for (size_t i = 0; i < count; i++)
        if (columns[i].place == column->place)
            return true;
    return false;
}

int table_view_choose(struct table_view *view, const char *names)
{
    size_t count = 1;
    for (const char *comma = names; (comma = strchr(comma, ',')); comma++)
        count++;
    struct table_view_column *columns = memory_new(count, sizeof(*columns));
    count = 0;
    for (size_t length;; names += length + 1) {
        length = strcspn(names, ",");
        const struct table_view_column *column = view_find(view, names, length);
        if (!column || view_is_among(columns, count, column)) {
            if (column)
                message_bad_input("table: --columns names '%s' twice", column->name);
            free(columns);
            return MESSAGE_BAD_INPUT;
        }
        columns[count++] = *column;
        if (!names[length])
            break;
    }
    free(view->columns);
    view->columns = columns;
    view->count = count;
    view->chosen = true;
    return 0;
}

/* ---- for programs ---- */

static const char *view_at(const struct table_view *view, size_t row, const struct table_view_column *column)
{
    return view->fields[row * view->width + column->place];
}

static void view_print_csv(const struct table_view *view, FILE *stream)
{
    for (size_t i = 0; i < view->count; i++) {
        fputs(i ? "," : "", stream);
        csv_field_write(stream, view->columns[i].name);
    }
    putc('\n', stream);
    for (size_t row = 0; row < view->rows; row++)
        for (size_t i = 0; i < view->count; i++) {
            csv_field_write(stream, view_at(view, row, &view->columns[i]));
            putc(i + 1 < view->count ? ',' : '\n', stream);
        }
}

/* An empty field is null, and so is an infinite number, which JSON has not. */
static void view_write_json(const struct table_view_column *column, const char *text, FILE *stream)
{
    enum dictionary_type type = column->about ? column->about->type : DICTIONARY_TEXT;
    bool infinite = strcmp(text, "inf") == 0 || strcmp(text, "-inf") == 0;
    if (!*text)
        fputs("null", stream);
    else if (type == DICTIONARY_FLAG && (strcmp(text, "0") == 0 || strcmp(text, "1") == 0))
        fputs(*text == '1' ? "true" : "false", stream);
    else if (type != DICTIONARY_TEXT && page_json_is_number(text))
        fputs(infinite ? "null" : text, stream);
    else
        page_json_write_text(stream, text);
}

static void view_print_json(const struct table_view *view, FILE *stream)
{
    putc('[', stream);
    for (size_t row = 0; row < view->rows; row++) {
        fputs(row ? ",\n {" : "\n {", stream);
        for (size_t i = 0; i < view->count; i++) {
            fputs(i ? ", " : "", stream);
            page_json_write_text(stream, view->columns[i].name);
            fputs(": ", stream);
            view_write_json(&view->columns[i], view_at(view, row, &view->columns[i]), stream);
        }
        putc('}', stream);
    }
    fputs(view->rows ? "\n]\n" : "]\n", stream);
}

/* ---- for people ---- */

/* Returns the unit of a field: that of its column, or what the row's own column says. */
static const char *view_unit(const struct table_view *view, size_t row,
                             const struct table_view_column *column)
{
    const char *unit = column->about ? column->about->unit : "";
    if (strcmp(unit, DICTIONARY_UNIT_OF_ROW) != 0)
        return unit;
    return view->unit < view->width ? view->fields[row * view->width + view->unit] : "";
}

static char *view_shown(const struct table_view *view, size_t row, const struct table_view_column *column)
{
    return table_figure(column->about, view_unit(view, row, column), view_at(view, row, column));
}

static bool view_is_constant(const struct table_view *view, const struct table_view_column *column)
{
    for (size_t row = 1; row < view->rows; row++)
        if (strcmp(view_at(view, row, column), view_at(view, 0, column)) != 0)
            return false;
    return view->rows > 1;
}

/*
 * Whether a column is in the table. One that the user chose is; else none that is the same in all rows or of
 * charts.
 */
static bool view_is_shown(const struct table_view *view, const struct table_view_column *column)
{
    return view->chosen ||
           (!view_is_constant(view, column) && !(column->about && column->about->type == DICTIONARY_PLACE));
}

/*
 * Returns what the columns that are the same in all rows hold, as in "metric: wall; unit: ns"; NULL: none is.
 */
static char *view_said_once(const struct table_view *view)
{
    char *said = NULL;
    size_t size = 0;
    FILE *stream = memory_stream(&said, &size);
    for (size_t i = 0; i < view->count; i++) {
        const struct table_view_column *column = &view->columns[i];
        bool place = column->about && column->about->type == DICTIONARY_PLACE;
        if (view_is_shown(view, column) || place || !*view_at(view, 0, column))
            continue;
        char *shown = view_shown(view, 0, column),
             *heading = table_figure_heading(column->name, column->about);
        fprintf(stream, "%s%s: %s", ftell(stream) > 0 ? "; " : "", heading, shown);
        free(heading);
        free(shown);
    }
    memory_stream_close(stream);
    if (size > 0)
        return said;
    free(said);
    return NULL;
}

static bool column_is_text(const struct table_view_column *column)
{
    return !column->about || column->about->type == DICTIONARY_TEXT;
}

/* Fills a table of texts. Its first columns, as long as they are texts, are set to the left. */
static void view_fill(const struct table_view *view, struct textual *table)
{
    size_t shown = 0, left = 0;
    for (size_t i = 0; i < view->count; i++) {
        if (!view_is_shown(view, &view->columns[i]))
            continue;
        left += left == shown && column_is_text(&view->columns[i]);
        shown++;
    }
    textual_init(table, shown, left);
    for (size_t i = 0; i < view->count; i++) {
        if (!view_is_shown(view, &view->columns[i]))
            continue;
        char *heading = table_figure_heading(view->columns[i].name, view->columns[i].about);
        textual_add(table, TEXTUAL_BOLD, "%s", heading);
        free(heading);
    }
    for (size_t row = 0; row < view->rows; row++)
        for (size_t i = 0; i < view->count; i++) {
            if (!view_is_shown(view, &view->columns[i]))
                continue;
            char *text = view_shown(view, row, &view->columns[i]);
            textual_add(table, TEXTUAL_PLAIN, "%s", text);
            free(text);
        }
}

static void view_print_people(const struct table_view *view, enum table_form form, FILE *stream)
{
    struct textual table;
    char *once = view_said_once(view);
    enum report_form sentence = form == TABLE_MARKDOWN ? REPORT_MARKDOWN : REPORT_TEXT;
    view_fill(view, &table);
    if (form == TABLE_LATEX)
        fputs("% needs \\usepackage[T1]{fontenc} and \\usepackage{booktabs}\n", stream);
    if (once && form == TABLE_LATEX)
        fprintf(stream, "%% %s\n", once);
    else if (once) {
        textual_print_sentence(once, sentence, stream);
        putc('\n', stream);
    }
    if (table.columns && form == TABLE_LATEX)
        textual_print_latex(&table, stream);
    else if (table.columns)
        textual_print_form(&table, sentence, stream);
    textual_fini(&table);
    free(once);
}

void table_view_print(const struct table_view *view, enum table_form form, FILE *stream)
{
    if (form == TABLE_CSV)
        view_print_csv(view, stream);
    else if (form == TABLE_JSON)
        view_print_json(view, stream);
    else
        view_print_people(view, form, stream);
}
