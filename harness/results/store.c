/* SPDX-License-Identifier: MIT */
#include "harness/results/store.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/crc32.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "harness/results/store-columns.h"

const struct store_column store_columns[STORE_COLUMN_COUNT] = {
#define STORE_INTEGER(since, name) {#name, offsetof(struct store_row, name), false, since},
#define STORE_TEXT(since, name) {#name, offsetof(struct store_row, name), true, since},
    STORE_COLUMNS(STORE_INTEGER, STORE_TEXT)
#undef STORE_INTEGER
#undef STORE_TEXT
};

struct store_row store_row_empty(void)
{
    struct store_row row = {0};
    for (size_t i = 0; i < STORE_COLUMN_COUNT; i++)
        if (store_columns[i].is_text)
            *store_text_at(&row, &store_columns[i]) = "";
        else
            *store_integer_at(&row, &store_columns[i]) = STORE_MISSING;
    return row;
}

void store_row_forget_texts(struct store_row *row)
{
    for (size_t i = 0; i < STORE_COLUMN_COUNT; i++)
        if (store_columns[i].is_text)
            *store_text_at(row, &store_columns[i]) = "";
}

const char *store_status_of(const char *text)
{
    static const char *const statuses[] = {"ok",       "oom",        "timeout", "crash",
                                           "mismatch", "unmeasured", "error"};
    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
        if (strcmp(text, statuses[i]) == 0)
            return statuses[i];
    return NULL;
}

bool store_integer_set(struct store_row *row, const char *name, int64_t value)
{
    for (size_t i = 0; i < STORE_COLUMN_COUNT; i++)
        if (!store_columns[i].is_text && strcmp(store_columns[i].name, name) == 0) {
            *store_integer_at(row, &store_columns[i]) = value;
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
    integer_copy(json_object_get(record, "warming"), "short_bytes", row, "short_bytes");
    integer_copy(json_object_get(record, "counters"), "instructions", row, "instructions");
    integer_copy(json_object_get(record, "counters"), "cycles", row, "cycles");
    const char *checksum = json_string_value(json_object_get(record, "checksum"));
    row->checksum = checksum ? checksum : "";
}

void store_header_write(FILE *file)
{
    for (size_t i = 0; i < STORE_COLUMN_COUNT; i++)
        fprintf(file, "%s%c", store_columns[i].name, i + 1 < STORE_COLUMN_COUNT ? ',' : '\n');
}

void store_check_write(const char *line, size_t size, char ret_check[static STORE_CHECK_DIGITS + 1])
{
    snprintf(ret_check, STORE_CHECK_DIGITS + 1, "%08" PRIx32, crc32_add(0, line, size));
}

/* Writes a text of plain characters alone, so that a row is one line, and UTF-8. */
static void text_write(FILE *file, const char *text)
{
    char *plain = text_format("%s", text);
    escape_clean(plain);
    csv_field_write(file, plain);
    free(plain);
}

/* Writes a number; nothing where it is missing, or is none that a reader takes. */
static void integer_write(FILE *file, int64_t value, const struct store_column *column)
{
    if (value >= 0 && value <= store_column_most(column))
        fprintf(file, "%" PRId64, value);
}

void store_row_write(FILE *file, const struct store_row *row)
{
    char *line, check[STORE_CHECK_DIGITS + 1];
    size_t size;
    FILE *memory = memory_stream(&line, &size);
    for (size_t i = 0; i + 1 < STORE_COLUMN_COUNT; i++) {
        if (i > 0)
            putc(',', memory);
        if (store_columns[i].is_text)
            text_write(memory, *store_text_at(row, &store_columns[i]));
        else
            integer_write(memory, *store_integer_at(row, &store_columns[i]), &store_columns[i]);
    }
    memory_stream_close(memory);
    store_check_write(line, size, check);
    fprintf(file, "%s,%s\n", line, check);
    free(line);
}

void store_close(struct store *store)
{
    if (!store)
        return;
    json_decref(store->manifest);
    free(store->rows);
    free(store->damaged);
    free(store->text);
    free(store->dir);
    free(store);
}
