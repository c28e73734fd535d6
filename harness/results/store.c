/* SPDX-License-Identifier: MIT */
#include "harness/results/store.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/results/csv.h"
#include "harness/results/manifest.h"

struct column {
    const char *name;
    size_t offset;
    bool is_text;
    int since; /* the version of the schema that brought it */
};

static const struct column columns[] = {
#define STORE_INTEGER(since, name) {#name, offsetof(struct store_row, name), false, since},
#define STORE_TEXT(since, name) {#name, offsetof(struct store_row, name), true, since},
    STORE_COLUMNS(STORE_INTEGER, STORE_TEXT)
#undef STORE_INTEGER
#undef STORE_TEXT
};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static int64_t *integer_at(const struct store_row *row, const struct column *column)
{
    return (int64_t *)((char *)row + column->offset);
}

static const char **text_at(const struct store_row *row, const struct column *column)
{
    return (const char **)((char *)row + column->offset);
}

struct store_row store_row_empty(void)
{
    struct store_row row = {0};
    for (size_t i = 0; i < COLUMNS; i++)
        if (columns[i].is_text)
            *text_at(&row, &columns[i]) = "";
        else
            *integer_at(&row, &columns[i]) = STORE_MISSING;
    return row;
}

void store_row_forget_texts(struct store_row *row)
{
    for (size_t i = 0; i < COLUMNS; i++)
        if (columns[i].is_text)
            *text_at(row, &columns[i]) = "";
}

bool store_integer_set(struct store_row *row, const char *name, int64_t value)
{
    for (size_t i = 0; i < COLUMNS; i++)
        if (!columns[i].is_text && strcmp(columns[i].name, name) == 0) {
            *integer_at(row, &columns[i]) = value;
            return true;
        }
    return false;
}

static void integer_copy(const json_t *object, const char *key, struct store_row *row, const char *column)
{
    const json_t *value = json_object_get(object, key);
    if (json_is_integer(value) && json_integer_value(value) >= 0) /* no reader takes a negative one */
        store_integer_set(row, column, json_integer_value(value));
}

void store_row_fill(struct store_row *row, const json_t *record)
{
    static const char *const same[] = {"wall_ns",
                                       "user_ns",
                                       "sys_ns",
                                       "collecting_ns",
                                       "cascades_ns",
                                       "cascades_untimed_ns",
                                       "kernel_collecting_ns",
                                       "kernel_cascades_ns",
                                       "minor_faults",
                                       "major_faults",
                                       "collecting_faults",
                                       "cascades_faults",
                                       "voluntary_switches",
                                       "involuntary_switches",
                                       "queued_ns",
                                       "stolen_ns",
                                       "processor",
                                       "warmed_bytes",
                                       "max_rss_bytes",
                                       "baseline_rss_bytes",
                                       "final_rss_bytes",
                                       "allocated_objects",
                                       "allocated_bytes",
                                       "freed_objects",
                                       "freed_bytes",
                                       "live_objects",
                                       "live_bytes",
                                       "leaked_objects",
                                       "leaked_bytes",
                                       "collections",
                                       "cascades"};
    static const char *const pauses[][2] = {{"count", "pause_count"},    {"total_ns", "pause_total_ns"},
                                            {"max_ns", "pause_max_ns"},  {"p50_ns", "pause_p50_ns"},
                                            {"p90_ns", "pause_p90_ns"},  {"p99_ns", "pause_p99_ns"},
                                            {"p999_ns", "pause_p999_ns"}};
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
        integer_copy(record, same[i], row, same[i]);
    for (size_t i = 0; i < sizeof(pauses) / sizeof(pauses[0]); i++)
        integer_copy(json_object_get(record, "pauses"), pauses[i][0], row, pauses[i][1]);
    integer_copy(json_object_get(record, "measuring"), "closing_ns", row, "closing_ns");
    integer_copy(json_object_get(record, "counters"), "instructions", row, "instructions");
    integer_copy(json_object_get(record, "counters"), "cycles", row, "cycles");
    const char *checksum = json_string_value(json_object_get(record, "checksum"));
    row->checksum = checksum ? checksum : "";
}

void store_header_write(FILE *file)
{
    for (size_t i = 0; i < COLUMNS; i++)
        fprintf(file, "%s%c", columns[i].name, i + 1 < COLUMNS ? ',' : '\n');
}

void store_row_write(FILE *file, const struct store_row *row)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        if (columns[i].is_text)
            csv_field_write(file, *text_at(row, &columns[i]));
        else if (*integer_at(row, &columns[i]) != STORE_MISSING)
            fprintf(file, "%" PRId64, *integer_at(row, &columns[i]));
        putc(i + 1 < COLUMNS ? ',' : '\n', file);
    }
}

/* What was met in the rows so far. */
enum { SEEN_ID = 1, SEEN_CELL = 2 };

/* A run's folder that is being read. */
struct loading {
    struct store *store;
    char path[PATH_MAX];
    struct csv_reader reader;
    size_t capacity;
    int64_t cells, blocks;
    unsigned char *seen; /* by id of the plan: SEEN_ID; by attempt, block and cell: SEEN_CELL */
    int version;         /* of the folder's schema */
    size_t field_count;  /* fields of the header */
    const struct column *fields[COLUMNS]; /* the column of each field */
};

static int field_parse(struct loading *loading, const struct column *column, const char *text,
                       struct store_row *row)
{
    if (column->is_text) {
        *text_at(row, column) = text;
        return 0;
    }
    char *end;
    errno = 0;
    int64_t value = *text ? strtoll(text, &end, 10) : STORE_MISSING;
    if (*text && (end == text || *end || errno))
        return message_bad_input("%s:%zu: column %s is '%s', not an integer", loading->path,
                                 loading->reader.line, column->name, text);
    if (*text && value < 0)
        return message_bad_input("%s:%zu: column %s is '%s'; nothing is below 0", loading->path,
                                 loading->reader.line, column->name, text);
    *integer_at(row, column) = value;
    return 0;
}

/* Checks that the id is of the row's block and attempt, and that no row has the same id, or cell, there. */
static int row_place_check(struct loading *loading, const struct store_row *row)
{
    size_t line = loading->reader.line;
    int64_t attempt = row->attempt == STORE_MISSING ? 0 : row->attempt;
    if (attempt >= STORE_ATTEMPTS || row->id / loading->cells != attempt * loading->blocks + row->block)
        return message_bad_input("%s:%zu: id %" PRId64 " is not of block %" PRId64 " and attempt %" PRId64,
                                 loading->path, line, row->id, row->block, attempt);
    if (loading->seen[row->id] & SEEN_ID)
        return message_bad_input("%s:%zu: id %" PRId64 " is there twice", loading->path, line, row->id);
    loading->seen[row->id] |= SEEN_ID;
    int64_t slot = row->id / loading->cells * loading->cells + row->cell;
    if (loading->seen[slot] & SEEN_CELL)
        return message_bad_input("%s:%zu: cell %" PRId64 " is there twice in block %" PRId64, loading->path,
                                 line, row->cell, row->block);
    loading->seen[slot] |= SEEN_CELL;
    return 0;
}

static int row_check(struct loading *loading, const struct store_row *row)
{
    size_t line = loading->reader.line;
    if (row->cell < 0 || row->cell >= loading->cells || row->block < 0 || row->block >= loading->blocks)
        return message_bad_input("%s:%zu: cell %" PRId64 " of block %" PRId64 " is not in the manifest",
                                 loading->path, line, row->cell, row->block);
    if (row->id < 0 || row->id >= loading->cells * loading->blocks * STORE_ATTEMPTS)
        return message_bad_input("%s:%zu: id %" PRId64 " is not in the plan of %" PRId64 " cells and %" PRId64
                                 " blocks",
                                 loading->path, line, row->id, loading->cells, loading->blocks);
    return row_place_check(loading, row);
}

static int row_add(struct loading *loading)
{
    struct store *store = loading->store;
    struct csv_reader *reader = &loading->reader;
    if (reader->field_count != loading->field_count)
        return message_bad_input("%s:%zu: %zu fields where the header has %zu", loading->path, reader->line,
                                 reader->field_count, loading->field_count);
    if (store->row_count == loading->capacity) {
        loading->capacity = loading->capacity ? 2 * loading->capacity : 256;
        store->rows = memory_grow(store->rows, loading->capacity, sizeof(*store->rows));
    }
    struct store_row *row = &store->rows[store->row_count];
    *row = store_row_empty();
    for (size_t i = 0; i < loading->field_count; i++)
        if (field_parse(loading, loading->fields[i], reader->fields[i], row) != 0)
            return MESSAGE_BAD_INPUT;
    store->row_count++;
    return row_check(loading, row);
}

/* Finds the column of each field: those that the folder's version of the schema has, in their order. */
static int header_check(struct loading *loading)
{
    struct csv_reader *reader = &loading->reader;
    for (size_t i = 0; i < COLUMNS; i++) {
        if (columns[i].since > loading->version)
            continue;
        size_t field = loading->field_count++;
        loading->fields[field] = &columns[i];
        if (field >= reader->field_count || strcmp(reader->fields[field], columns[i].name) != 0)
            return message_bad_input("%s:1: column %zu should be '%s', not '%s'", loading->path, field + 1,
                                     columns[i].name,
                                     field < reader->field_count ? reader->fields[field] : "");
    }
    if (reader->field_count > loading->field_count)
        return message_bad_input("%s:1: unexpected column '%s'", loading->path,
                                 reader->fields[loading->field_count]);
    return 0;
}

static int rows_read(struct loading *loading)
{
    struct store *store = loading->store;
    int status = 0;
    enum csv_outcome outcome = csv_record_next(&loading->reader);
    for (bool header = true; outcome == CSV_RECORD && status == 0; header = false) {
        store->whole_bytes = loading->reader.next - store->text;
        status = header ? header_check(loading) : row_add(loading);
        if (status == 0)
            outcome = csv_record_next(&loading->reader);
    }
    store->torn = outcome == CSV_TORN;
    if (outcome < 0)
        return message_bad_input("%s:%zu: a misplaced quote", loading->path, loading->reader.line);
    return status;
}

static int text_load(struct loading *loading, size_t *ret_size)
{
    FILE *file = fopen(loading->path, "re");
    if (!file)
        return message_bad_input("%s: %s", loading->path, strerror(errno));
    loading->store->text = text_read(file, ret_size);
    int status = loading->store->text ? 0 : message_bad_input("%s: %s", loading->path, strerror(errno));
    fclose(file);
    return status;
}

static int store_load(struct store *store)
{
    struct loading loading = {.store = store};
    size_t size = 0;
    snprintf(loading.path, sizeof(loading.path), "%s/runs.csv", store->dir);
    int status = manifest_load(store->dir, &store->manifest);
    if (status == 0)
        status = text_load(&loading, &size);
    if (status != 0)
        return status;
    loading.version = manifest_version(store->manifest);
    loading.cells = (int64_t)json_array_size(json_object_get(store->manifest, "cells"));
    loading.blocks = json_integer_value(json_object_get(store->manifest, "blocks"));
    if (loading.blocks < 1 || loading.blocks > 1000000 || loading.cells < 1)
        return message_bad_input("%s/manifest.json: %" PRId64 " blocks of %" PRId64 " cells make no run",
                                 store->dir, loading.blocks, loading.cells);
    loading.seen = calloc((size_t)(loading.cells * loading.blocks * STORE_ATTEMPTS), 1);
    csv_reader_start(&loading.reader, store->text, size);
    status = loading.seen ? rows_read(&loading) : message_bad_input("%s: out of memory", loading.path);
    csv_reader_stop(&loading.reader);
    free(loading.seen);
    return status;
}

int store_open(const char *dir, struct store **ret_store)
{
    struct store *store = memory_new(1, sizeof(*store));
    store->dir = text_format("%s", dir);
    int status = store_load(store);
    if (status == 0)
        *ret_store = store;
    else
        store_close(store);
    return status;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    json_decref(store->manifest);
    free(store->rows);
    free(store->text);
    free(store->dir);
    free(store);
}
