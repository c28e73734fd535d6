/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/results/csv.h"
#include "harness/results/manifest.h"
#include "harness/results/order.h"
#include "harness/results/shard.h"
#include "harness/results/store-columns.h"

/* What was met in the rows so far. */
enum { SEEN_ID = 1, SEEN_CELL = 2 };

/* A run's folder that is being read. */
struct loading {
    struct store *store;
    char path[PATH_MAX];
    struct csv_reader reader;
    size_t capacity, damaged_capacity;
    int64_t cells, blocks;
    struct shard shard;  /* the blocks that the folder has */
    struct order order;  /* of the processes */
    unsigned char *seen; /* by id of the plan: SEEN_ID; by attempt, block and cell: SEEN_CELL */
    int version;         /* of the folder's schema */
    size_t field_count;  /* fields of the header */
    const struct store_column *fields[STORE_COLUMN_COUNT]; /* the column of each field */
};

/* ---- fields ---- */

static int field_parse(struct loading *loading, const struct store_column *column, const char *text,
                       struct store_row *row)
{
    int64_t *value = store_integer_at(row, column);
    if (column->is_text)
        *store_text_at(row, column) = text;
    else if (!*text)
        *value = STORE_MISSING;
    else if (!csv_count_parse(text, store_column_most(column), value))
        return message_bad_input("%s:%zu: column %s is '%s'; it is digits of a count up to %" PRId64,
                                 loading->path, loading->reader.line, column->name, text,
                                 store_column_most(column));
    return 0;
}

static int fields_parse(struct loading *loading, struct store_row *row)
{
    const struct csv_reader *reader = &loading->reader;
    if (reader->field_count != loading->field_count)
        return message_bad_input("%s:%zu: %zu fields where the header has %zu", loading->path, reader->line,
                                 reader->field_count, loading->field_count);
    *row = store_row_empty();
    for (size_t i = 0; i < loading->field_count; i++)
        if (field_parse(loading, loading->fields[i], reader->fields[i], row) != 0)
            return MESSAGE_BAD_INPUT;
    return 0;
}

/* ---- what a row says, beside what the manifest says ---- */

/* Checks that the id is of the row's block and attempt, and that no row has the same id, or cell, there. */
static int row_place_check(struct loading *loading, const struct store_row *row)
{
    size_t line = loading->reader.line;
    int64_t attempt = row->attempt == STORE_MISSING ? 0 : row->attempt;
    if (attempt >= STORE_ATTEMPTS || row->id / loading->cells != attempt * loading->blocks + row->block)
        return message_bad_input("%s:%zu: id %" PRId64 " is not of block %" PRId64 " and attempt %" PRId64
                                 " in the manifest's plan",
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

/* The order of the plan has the row's cell at the row's id. */
static int row_order_check(const struct loading *loading, const struct store_row *row)
{
    int64_t planned = loading->order.cells[row->id % (loading->cells * loading->blocks)];
    return row->cell == planned
               ? 0
               : message_bad_input("%s:%zu: id %" PRId64 " is of cell %" PRId64
                                   " in the manifest's plan, not of cell %" PRId64,
                                   loading->path, loading->reader.line, row->id, planned, row->cell);
}

/* Whether a text is what the writer of rows makes of `whole`: the same, or cleaned. */
static bool text_is_of(const char *text, const char *whole)
{
    if (strcmp(text, whole) == 0)
        return true;
    char *cleaned = text_format("%s", whole);
    escape_clean(cleaned);
    bool same = strcmp(text, cleaned) == 0;
    free(cleaned);
    return same;
}

/* The texts before the seed name the row's cell. The row gets the manifest's own. */
static int row_texts_check(struct loading *loading, struct store_row *row)
{
    const json_t *cells = json_object_get(loading->store->manifest, "cells");
    const json_t *cell = json_array_get(cells, (size_t)row->cell);
    for (const struct store_column *column = store_columns; strcmp(column->name, "seed") != 0; column++) {
        const char *whole = json_string_value(json_object_get(cell, column->name));
        const char **text = store_text_at(row, column);
        if (!column->is_text || column->since > loading->version)
            continue;
        if (!whole || !text_is_of(*text, whole))
            return message_bad_input("%s:%zu: %s is '%s', but cell %" PRId64 " of the manifest has '%s'",
                                     loading->path, loading->reader.line, column->name, *text, row->cell,
                                     whole ? whole : "");
        *text = whole;
    }
    return 0;
}

static int number_check(const struct loading *loading, const char *name, int64_t value, int64_t planned)
{
    if (value == planned || (value == STORE_MISSING && loading->version < 3))
        return 0;
    char given[32] = "empty";
    if (value != STORE_MISSING)
        snprintf(given, sizeof(given), "%" PRId64, value);
    return message_bad_input("%s:%zu: %s is %s, but the manifest makes it %" PRId64, loading->path,
                             loading->reader.line, name, given, planned);
}

/* The seed and the layout are functions of the block. Before version 3 a manifest need not say which. */
static int row_numbers_check(const struct loading *loading, const struct store_row *row)
{
    const json_t *manifest = loading->store->manifest;
    const json_t *vary = json_object_get(json_object_get(manifest, "spec"), "vary_seed");
    const json_t *layouts = json_object_get(json_object_get(manifest, "layouts"), "count");
    int64_t seed = json_integer_value(json_object_get(manifest, "seed"));
    int status = 0;
    if (json_is_boolean(vary))
        status = number_check(loading, "seed", row->seed, seed + (json_is_true(vary) ? row->block : 0));
    if (status == 0 && json_is_integer(layouts) && json_integer_value(layouts) > 0)
        status = number_check(loading, "layout", row->layout, row->block % json_integer_value(layouts));
    return status;
}

static int row_check(struct loading *loading, struct store_row *row)
{
    size_t line = loading->reader.line;
    if (row->cell < 0 || row->cell >= loading->cells || row->block < 0 || row->block >= loading->blocks)
        return message_bad_input("%s:%zu: cell %" PRId64 " of block %" PRId64 " is not in the manifest",
                                 loading->path, line, row->cell, row->block);
    if (row->id < 0 || row->id >= loading->cells * loading->blocks * STORE_ATTEMPTS)
        return message_bad_input("%s:%zu: id %" PRId64 " is not in the plan of %" PRId64 " cells and %" PRId64
                                 " blocks of the manifest",
                                 loading->path, line, row->id, loading->cells, loading->blocks);
    if (!shard_has(loading->shard, (uint64_t)row->block))
        return message_bad_input("%s:%zu: block %" PRId64 " is not of the manifest's shard", loading->path,
                                 line, row->block);
    if (!store_status_of(row->status))
        return message_bad_input("%s:%zu: status is '%s', which is none that a process ends with",
                                 loading->path, line, row->status);
    int status = row_place_check(loading, row);
    if (status == 0)
        status = row_order_check(loading, row);
    if (status == 0)
        status = row_texts_check(loading, row);
    return status == 0 ? row_numbers_check(loading, row) : status;
}

static int row_add(struct loading *loading)
{
    struct store *store = loading->store;
    if (store->row_count == loading->capacity) {
        loading->capacity = loading->capacity ? 2 * loading->capacity : 256;
        store->rows = memory_grow(store->rows, loading->capacity, sizeof(*store->rows));
    }
    struct store_row *row = &store->rows[store->row_count++];
    int status = fields_parse(loading, row);
    return status == 0 ? row_check(loading, row) : status;
}

/* ---- lines ---- */

/* Whether a line of `size` bytes, without its line feed, ends in the check of what is before. */
static bool line_fits(const char *line, size_t size)
{
    char check[STORE_CHECK_DIGITS + 1];
    if (size && line[size - 1] == '\r')
        size--;
    if (size <= STORE_CHECK_DIGITS || line[size - STORE_CHECK_DIGITS - 1] != ',')
        return false;
    size -= STORE_CHECK_DIGITS;
    store_check_write(line, size - 1, check);
    return memcmp(check, line + size, STORE_CHECK_DIGITS) == 0;
}

/* Leaves a line out, up to its line feed, which is at `stop`. */
static void line_leave_out(struct loading *loading, char *stop)
{
    struct store *store = loading->store;
    struct csv_reader *reader = &loading->reader;
    if (store->damaged_count == loading->damaged_capacity) {
        loading->damaged_capacity = loading->damaged_capacity ? 2 * loading->damaged_capacity : 16;
        store->damaged = memory_grow(store->damaged, loading->damaged_capacity, sizeof(*store->damaged));
    }
    store->damaged[store->damaged_count++] = (struct store_damage){
        .line = ++reader->lines_read,
        .offset = (size_t)(reader->next - store->text),
        .size = (size_t)(stop + 1 - reader->next),
    };
    reader->next = stop + 1;
}

/* Reads the next row of a version with checks: the next line whose check fits. */
static enum csv_outcome checked_next(struct loading *loading)
{
    struct csv_reader *reader = &loading->reader;
    char *stop;
    while ((stop = memchr(reader->next, '\n', (size_t)(reader->end - reader->next)))) {
        if (line_fits(reader->next, (size_t)(stop - reader->next))) {
            enum csv_outcome outcome = csv_record_next(reader);
            return outcome == CSV_RECORD && reader->next != stop + 1 ? CSV_OPEN_QUOTE : outcome;
        }
        line_leave_out(loading, stop);
        loading->store->whole_bytes = reader->next - loading->store->text;
    }
    return reader->next < reader->end ? CSV_TORN : CSV_END;
}

/* Finds the column of each field: those that the folder's version of the schema has, in their order. */
static void columns_find(struct loading *loading)
{
    for (size_t i = 0; i < STORE_COLUMN_COUNT; i++)
        if (store_columns[i].since <= loading->version)
            loading->fields[loading->field_count++] = &store_columns[i];
}

/* The first column of the header that is not the schema's, or `field_count` where there is none. */
static size_t header_difference(const struct loading *loading)
{
    const struct csv_reader *reader = &loading->reader;
    size_t field = 0;
    while (field < loading->field_count && field < reader->field_count &&
           strcmp(reader->fields[field], loading->fields[field]->name) == 0)
        field++;
    return field;
}

/* The version of the schema whose header was read; 0 where it is of none. */
static int header_version(const struct csv_reader *reader)
{
    for (int version = 1; version <= MANIFEST_VERSION; version++) {
        size_t field = 0;
        bool is = true;
        for (size_t i = 0; i < STORE_COLUMN_COUNT && is; i++)
            if (store_columns[i].since <= version) {
                is = field < reader->field_count && strcmp(reader->fields[field], store_columns[i].name) == 0;
                field++;
            }
        if (is && field == reader->field_count)
            return version;
    }
    return 0;
}

/*
 * Refuses a header that is not the schema's, of a version whose rows have no checks that would tell whether
 * the columns or the rows are as they were. The manifest states the version, so it may be the one that is wrong.
 */
static int header_check(const struct loading *loading)
{
    const struct csv_reader *reader = &loading->reader;
    const char *dir = loading->store->dir;
    size_t field = header_difference(loading);
    if (field == loading->field_count && field == reader->field_count)
        return 0;
    int version = header_version(reader);
    if (version)
        return message_bad_input(
            "%s:1: the columns are those of schema %d, but %s/manifest.json states schema "
            "%d; one of the two files is damaged: take it from a copy of the run",
            loading->path, version, dir, loading->version);
    if (field < loading->field_count)
        return message_bad_input(
            "%s:1: column %zu should be '%s', not '%s', by the schema that "
            "%s/manifest.json states; rows of this version have no checks, so only a hand "
            "can put the header right",
            loading->path, field + 1, loading->fields[field]->name,
            field < reader->field_count ? reader->fields[field] : "", dir);
    return message_bad_input("%s:1: unexpected column '%s' in the schema that %s/manifest.json states",
                             loading->path, reader->fields[loading->field_count], dir);
}

/* Whether a line of `size` bytes is the header of this version. */
static bool line_is_header(const struct loading *loading, const char *line, size_t size)
{
    const char *end = line + size - (size && line[size - 1] == '\r');
    for (size_t i = 0; i < loading->field_count; i++) {
        size_t length = strlen(loading->fields[i]->name);
        if (i && (line == end || *line++ != ','))
            return false;
        if ((size_t)(end - line) < length || memcmp(line, loading->fields[i]->name, length) != 0)
            return false;
        line += length;
    }
    return line == end;
}

/*
 * Passes over the header of a version with checks. A header says nothing that the schema does not, and each
 * row has a check of its own. So one that is damaged is left out, and none is missed where a row stands in
 * its place.
 */
static enum csv_outcome header_pass(struct loading *loading)
{
    struct csv_reader *reader = &loading->reader;
    struct store *store = loading->store;
    char *stop = memchr(reader->next, '\n', (size_t)(reader->end - reader->next));
    if (!stop)
        return csv_record_next(reader);
    size_t size = (size_t)(stop - reader->next);
    store->header_damaged = !line_is_header(loading, reader->next, size);
    if (store->header_damaged && line_fits(reader->next, size))
        return checked_next(loading);
    reader->next = stop + 1;
    reader->lines_read = 1;
    store->header_bytes = (int64_t)size + 1;
    store->whole_bytes = store->header_bytes;
    return checked_next(loading);
}

/* Reads the header and the first row. Where the header is refused, `*ret_status` is set. */
static enum csv_outcome first_read(struct loading *loading, int *ret_status)
{
    struct csv_reader *reader = &loading->reader;
    if (loading->version >= 3)
        return header_pass(loading);
    enum csv_outcome outcome = csv_record_next(reader);
    if (outcome != CSV_RECORD)
        return outcome;
    loading->store->whole_bytes = reader->next - loading->store->text;
    *ret_status = header_check(loading);
    return *ret_status == 0 ? csv_record_next(reader) : CSV_END;
}

static int rows_read(struct loading *loading)
{
    struct store *store = loading->store;
    struct csv_reader *reader = &loading->reader;
    int status = 0;
    columns_find(loading);
    enum csv_outcome outcome = first_read(loading, &status);
    while (outcome == CSV_RECORD && status == 0) {
        store->whole_bytes = reader->next - store->text;
        status = row_add(loading);
        if (status == 0)
            outcome = loading->version < 3 ? csv_record_next(reader) : checked_next(loading);
    }
    store->torn = outcome == CSV_TORN;
    if (outcome < 0)
        return message_bad_input("%s:%zu: %s", loading->path, reader->line, csv_outcome_words(outcome));
    return status;
}

/* ---- the folder ---- */

static void damage_say(const struct loading *loading)
{
    enum { NAMED = 10 };
    const struct store *store = loading->store;
    char lines[NAMED * 24] = "";
    if (store->header_damaged)
        message_note("%s:1: the header is damaged or gone; it is taken from the schema, and "
                     "`gcmatrix matrix --resume` writes it anew",
                     loading->path);
    size_t length = 0, named = store->damaged_count < NAMED ? store->damaged_count : NAMED;
    for (size_t i = 0; i < named; i++)
        length += (size_t)snprintf(lines + length, sizeof(lines) - length, "%s%zu", i ? ", " : "",
                                   store->damaged[i].line);
    if (store->damaged_count == 1)
        message_note(
            "%s:%s: the row is damaged: its check does not fit; it is left out, and `gcmatrix matrix "
            "--resume` measures its process again",
            loading->path, lines);
    else if (store->damaged_count)
        message_note("%s: %zu rows are damaged: their checks do not fit (lines %s%s); they are left out, and "
                     "`gcmatrix matrix --resume` measures their processes again",
                     loading->path, store->damaged_count, lines,
                     store->damaged_count > named ? ", and more" : "");
}

/* Says how many rows a run has lost that had ended: its manifest counts them then. */
static void loss_say(const struct loading *loading)
{
    const struct store *store = loading->store;
    const json_t *counted = json_object_get(store->manifest, "rows");
    size_t known = store->row_count + store->damaged_count;
    bool ended = json_is_string(json_object_get(store->manifest, "finished"));
    if (ended && json_is_integer(counted) && json_integer_value(counted) > (json_int_t)known)
        message_note(
            "%s: rows are gone: %" JSON_INTEGER_FORMAT " of the %" JSON_INTEGER_FORMAT
            " that the run had as it ended; `gcmatrix matrix --resume` measures their processes again",
            loading->path, json_integer_value(counted) - (json_int_t)known, json_integer_value(counted));
}

static int text_load(struct loading *loading, size_t *ret_size)
{
    FILE *file;
    const char *why = input_open_own(loading->path, 1, &file);
    if (why)
        return message_bad_input("%s: %s", loading->path, why);
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
    loading.shard = shard_of_manifest(store->manifest);
    if (!order_of_manifest(store->manifest, &loading.order))
        return message_bad_input(
            "%s/manifest.json: this version of gcmatrix does not know its \"order\"; take the "
            "version that made it",
            store->dir);
    loading.seen = calloc((size_t)(loading.cells * loading.blocks * STORE_ATTEMPTS), 1);
    manifest_damage_say(store->dir, store->manifest); /* first, for rows may be refused because of it */
    csv_reader_start(&loading.reader, store->text, size);
    status = loading.seen ? rows_read(&loading) : message_bad_input("%s: out of memory", loading.path);
    csv_reader_stop(&loading.reader);
    free(loading.seen);
    order_free(&loading.order);
    if (status == 0) {
        damage_say(&loading);
        loss_say(&loading);
    }
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
