/* SPDX-License-Identifier: MIT */
#include "harness/results/integer-rows.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/input.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/results/csv.h"

/* ---- reading ---- */

/* A file that is being read. */
struct integer_rows {
    const struct integer_rows_schema *schema;
    size_t column_count; /* of this file */
    const char *path;
    struct csv_reader reader;
    char *text;
    char *rows;
    size_t count, capacity;
};

static int text_load(struct integer_rows *file, unsigned own, size_t *ret_size)
{
    FILE *stream;
    const char *why = input_open_own(file->path, own, &stream);
    if (why)
        return errno == ENOENT ? 0 : message_bad_input("%s: %s", file->path, why);
    file->text = text_read(stream, ret_size);
    int status = file->text ? 1 : message_bad_input("%s: %s", file->path, strerror(errno));
    fclose(stream);
    return status;
}

static int header_check(struct integer_rows *file)
{
    const struct csv_reader *reader = &file->reader;
    const struct integer_rows_schema *schema = file->schema;
    file->column_count =
        reader->field_count == schema->earlier_count ? schema->earlier_count : schema->column_count;
    for (size_t i = 0; i < file->column_count; i++)
        if (i >= reader->field_count || strcmp(reader->fields[i], schema->columns[i]) != 0)
            return message_bad_input("%s:1: column %zu should be '%s', not '%s'", file->path, i + 1,
                                     schema->columns[i], i < reader->field_count ? reader->fields[i] : "");
    return 0;
}

static int word_parse(const struct integer_rows *file, size_t column, const char *text, int64_t *ret_value)
{
    const struct integer_rows_words *words = &file->schema->words[column];
    char all[256] = "";
    for (size_t i = 0; i < words->count; i++) {
        size_t length = strlen(all);
        if (strcmp(text, words->words[i]) == 0) {
            *ret_value = (int64_t)i;
            return 0;
        }
        snprintf(all + length, sizeof(all) - length, "%s%s", i ? ", " : "", words->words[i]);
    }
    return message_bad_input("%s:%zu: %s is '%s'; it is one of %s", file->path, file->reader.line,
                             file->schema->columns[column], text, all);
}

static int field_parse(const struct integer_rows *file, size_t column, int64_t *ret_value)
{
    const char *text = file->reader.fields[column];
    if (file->schema->words[column].words)
        return word_parse(file, column, text, ret_value);
    if (!csv_count_parse(text, CSV_COUNT_MOST, ret_value))
        return message_bad_input("%s:%zu: column %s is '%s', not a count from 0", file->path,
                                 file->reader.line, file->schema->columns[column], text);
    return 0;
}

/* Room for one more row, which is not counted yet. */
static void *row_make(struct integer_rows *file)
{
    if (file->count == file->capacity) {
        file->capacity = file->capacity ? 2 * file->capacity : 1024;
        file->rows = memory_grow(file->rows, file->capacity, file->schema->row_bytes);
    }
    return file->rows + file->count * file->schema->row_bytes;
}

static int row_read(struct integer_rows *file)
{
    const struct integer_rows_schema *schema = file->schema;
    int64_t values[INTEGER_ROWS_COLUMNS];
    if (file->reader.field_count != file->column_count)
        return message_bad_input("%s:%zu: %zu fields where the header has %zu", file->path, file->reader.line,
                                 file->reader.field_count, file->column_count);
    for (size_t column = 0; column < schema->column_count; column++) {
        values[column] = INTEGER_ROWS_MISSING;
        if (column < file->column_count && field_parse(file, column, &values[column]) != 0)
            return MESSAGE_BAD_INPUT;
    }
    const char *wrong = schema->take(values, row_make(file));
    if (wrong)
        return message_bad_input("%s:%zu: %s", file->path, file->reader.line, wrong);
    file->count++;
    return 0;
}

static int rows_read(struct integer_rows *file)
{
    int status = 0;
    enum csv_outcome outcome = csv_record_next(&file->reader);
    if (outcome == CSV_END && !file->schema->appended)
        return message_bad_input("%s:1: no header line", file->path);
    for (bool header = true; outcome == CSV_RECORD && status == 0; header = false) {
        status = header ? header_check(file) : row_read(file);
        if (status == 0)
            outcome = csv_record_next(&file->reader);
    }
    if (status == 0 && outcome == CSV_TORN && file->schema->appended)
        return 0;
    if (status == 0 && outcome != CSV_END)
        return message_bad_input("%s:%zu: %s", file->path, file->reader.line, csv_outcome_words(outcome));
    return status;
}

int integer_rows_read(const struct integer_rows_schema *schema, const char *path, unsigned own,
                      void **ret_rows, size_t *ret_count)
{
    struct integer_rows file = {.schema = schema, .path = path};
    size_t size = 0;
    int status = text_load(&file, own, &size);
    if (status == 1) {
        csv_reader_start(&file.reader, file.text, size);
        int wrong = rows_read(&file);
        csv_reader_stop(&file.reader);
        if (wrong)
            status = wrong;
    }
    free(file.text);
    if (status == 1) {
        *ret_rows = file.rows;
        *ret_count = file.count;
    } else {
        free(file.rows);
    }
    return status;
}

/* ---- writing ---- */

FILE *integer_rows_create(const struct integer_rows_schema *schema, const char *path)
{
    FILE *file = fopen(path, "w");
    for (size_t i = 0; file && i < schema->column_count; i++)
        fprintf(file, "%s%c", schema->columns[i], i + 1 < schema->column_count ? ',' : '\n');
    return file;
}

void integer_rows_add(const struct integer_rows_schema *schema, FILE *file, const int64_t *values)
{
    for (size_t i = 0; i < schema->column_count; i++) {
        if (schema->words[i].words)
            fputs(schema->words[i].words[values[i]], file);
        else
            fprintf(file, "%" PRId64, values[i]);
        putc(i + 1 < schema->column_count ? ',' : '\n', file);
    }
}

int integer_rows_finish(FILE *file)
{
    bool failed = ferror(file);
    return fclose(file) == 0 && !failed ? 0 : -1;
}
