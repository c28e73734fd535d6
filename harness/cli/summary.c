/* SPDX-License-Identifier: MIT */
#include "harness/cli/summary.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/quantile.h"
#include "base/text.h"
#include "harness/report/textual.h"
#include "harness/results/phases.h"

enum { TEXT_MOST = 400 }; /* characters of a text that is printed */

/* One value of all records: lowest, median and highest. `count` is 0 when no record has it. */
struct spread {
    size_t count;
    int64_t low, median, high;
};

/* `outer` is the name of an object inside the record, or NULL. */
static struct spread spread_make(const json_t *records, const char *outer, const char *key)
{
    struct spread spread = {0};
    int64_t *values = memory_new(json_array_size(records), sizeof(*values));
    size_t index;
    const json_t *record;
    json_array_foreach(records, index, record) {
        const json_t *value = json_object_get(outer ? json_object_get(record, outer) : record, key);
        if (json_is_integer(value))
            values[spread.count++] = json_integer_value(value);
    }
    if (spread.count) {
        quantile_sort_ns(values, spread.count);
        spread.low = values[0];
        spread.median = quantile_rank_of_sorted(values, spread.count, 0.5);
        spread.high = values[spread.count - 1];
    }
    free(values);
    return spread;
}

static void time_format(int64_t ns, char *text, size_t size)
{
    double value = (double)ns;
    if (ns >= 1000000000)
        snprintf(text, size, "%.3f s", value / 1e9);
    else if (ns >= 1000000)
        snprintf(text, size, "%.2f ms", value / 1e6);
    else if (ns >= 1000)
        snprintf(text, size, "%.2f us", value / 1e3);
    else
        snprintf(text, size, "%" PRId64 " ns", ns);
}

static void bytes_format(int64_t bytes, char *text, size_t size)
{
    if (bytes >= 1 << 20)
        snprintf(text, size, "%.1f MiB", (double)bytes / (1 << 20));
    else if (bytes >= 1 << 10)
        snprintf(text, size, "%.1f KiB", (double)bytes / (1 << 10));
    else
        snprintf(text, size, "%" PRId64 " B", bytes);
}

/* Writes an integer with a comma before each three digits. */
static void count_format(int64_t count, char *text, size_t size)
{
    char digits[32];
    size_t length = (size_t)snprintf(digits, sizeof(digits), "%" PRId64, count), at = 0;
    for (size_t i = 0; i < length && at + 2 < size; i++) {
        if (i && (length - i) % 3 == 0 && digits[i - 1] != '-')
            text[at++] = ',';
        text[at++] = digits[i];
    }
    text[at] = '\0';
}

typedef void formatter(int64_t value, char *text, size_t size);

static void value_print(const json_t *records, const char *outer, const char *key, formatter *format,
                        const char *before, const char *after)
{
    char text[48], low[48], high[48];
    struct spread spread = spread_make(records, outer, key);
    if (!spread.count) {
        printf("%sn/a%s", before, after);
        return;
    }
    format(spread.median, text, sizeof(text));
    printf("%s%s", before, text);
    format(spread.low, low, sizeof(low));
    format(spread.high, high, sizeof(high));
    if (strcmp(low, high) != 0)
        printf(" [%s to %s]", low, high);
    fputs(after, stdout);
}

static void pauses_print(const json_t *records)
{
    value_print(records, "pauses", "count", count_format, "  pauses       ", "");
    if (spread_make(records, "pauses", "count").high == 0) {
        puts("");
        return;
    }
    value_print(records, "pauses", "total_ns", time_format, ", in all ", "");
    value_print(records, "pauses", "max_ns", time_format, ", longest ", "\n");
    value_print(records, "pauses", "p50_ns", time_format, "               half within ", "");
    value_print(records, "pauses", "p99_ns", time_format, ", 99% within ", "\n");
}

/* Prints a line for one kind of latency. */
static void latency_print(const json_t *latencies, const char *title, const char *kind)
{
    printf("  %-12s ", title);
    value_print(latencies, kind, "p50_ns", time_format, "half within ", "");
    value_print(latencies, kind, "p99_ns", time_format, ", 99% within ", "");
    value_print(latencies, kind, "max_ns", time_format, ", all within ", "\n");
}

/* Prints the latencies of a workload that serves requests. */
static void latencies_print(const json_t *records)
{
    json_t *latencies = json_array(), *record;
    size_t index;
    json_array_foreach(records, index, record) {
        json_t *latency = json_object_get(record, "latency");
        if (json_is_object(latency))
            json_array_append(latencies, latency);
    }
    if (json_array_size(latencies)) {
        value_print(latencies, NULL, "requests", count_format, "  requests     ", "");
        printf(", %.6g a second\n",
               json_number_value(json_object_get(json_array_get(latencies, 0), "achieved_per_s")));
        latency_print(latencies, "simple", "simple");
        latency_print(latencies, "metered", "metered_100ms");
        if (json_is_object(json_object_get(json_array_get(latencies, 0), "response")))
            latency_print(latencies, "response", "response");
    }
    json_decref(latencies);
}

static void objects_print(const json_t *records, const char *title, const char *objects, const char *bytes)
{
    printf("  %-12s ", title);
    value_print(records, NULL, objects, count_format, "", " objects");
    value_print(records, NULL, bytes, bytes_format, ", ", "\n");
}

/* Prints a text of a record so that it drives no terminal. */
static void text_print(const char *text)
{
    char *plain = escape_plain(text ? text : "?", TEXT_MOST);
    fputs(plain, stdout);
    free(plain);
}

static void options_print(const json_t *record, const char *kind)
{
    const char *name, *separator = ":";
    json_t *value;
    text_print(json_string_value(json_object_get(record, kind)));
    json_object_foreach(json_object_get(json_object_get(record, "options"), kind), name, value) {
        printf("%s%s=", separator, name);
        if (json_is_string(value))
            text_print(json_string_value(value));
        else if (json_is_boolean(value))
            printf("%s", json_is_true(value) ? "on" : "off");
        else
            printf("%.15g", json_number_value(value));
        separator = ",";
    }
}

static void title_print(const json_t *records, const char *tuning)
{
    const json_t *first = json_array_get(records, 0);
    const char *allocator = json_string_value(json_object_get(first, "allocator"));
    const char *version = json_string_value(json_object_get(first, "allocator_version"));
    options_print(first, "workload");
    printf(" x ");
    options_print(first, "collector");
    /* jemalloc's version ends with the commit from which it was built */
    printf(" on ");
    text_print(allocator);
    if (version) {
        char *brief = text_format(" %.*s", (int)strcspn(version, "-"), version);
        text_print(brief);
        free(brief);
    }
    printf(" (%s), seed %" JSON_INTEGER_FORMAT, tuning, json_integer_value(json_object_get(first, "seed")));
    if (json_array_size(records) > 1)
        printf("; median [lowest to highest] of %zu processes", json_array_size(records));
    puts("");
}

static int64_t value_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

void summary_print(const json_t *records, const char *tuning)
{
    title_print(records, tuning);
    value_print(records, NULL, "wall_ns", time_format, "  time         wall ", "");
    value_print(records, NULL, "user_ns", time_format, ", user ", "");
    value_print(records, NULL, "sys_ns", time_format, ", system ", "\n");
    latencies_print(records);
    pauses_print(records);
    value_print(records, NULL, "collections", count_format, "  collector    ", " collections");
    value_print(records, NULL, "cascades", count_format, ", ", " cascades of 64 objects or more\n");
    value_print(records, NULL, "max_rss_bytes", bytes_format, "  resident     ", " at most");
    value_print(records, NULL, "baseline_rss_bytes", bytes_format, ", ", " before");
    value_print(records, NULL, "final_rss_bytes", bytes_format, ", ", " after\n");
    if (json_object_get(json_array_get(records, 0), "counters")) {
        value_print(records, "counters", "instructions", count_format, "  instructions ",
                    " of the workload, ");
        value_print(records, "counters", "cycles", count_format, "", " cycles\n");
    }
    if (spread_make(records, NULL, "instructions").count)
        value_print(records, NULL, "instructions", count_format, "  instructions ", " of the workload\n");
    objects_print(records, "allocated", "allocated_objects", "allocated_bytes");
    objects_print(records, "freed", "freed_objects", "freed_bytes");
    objects_print(records, "live", "live_objects", "live_bytes");
    objects_print(records, "leaked", "leaked_objects", "leaked_bytes");
    if (value_of(json_array_get(records, 0), "external_allocated_bytes")) {
        value_print(records, NULL, "external_allocated_bytes", bytes_format, "  external     ", " in all");
        value_print(records, NULL, "external_peak_bytes", bytes_format, ", ", " at most");
        value_print(records, NULL, "external_leaked_bytes", bytes_format, ", ", " leaked\n");
    }
    const json_t *first = json_array_get(records, 0);
    const char *status = json_string_value(json_object_get(first, "status"));
    const char *checksum = json_string_value(json_object_get(first, "checksum"));
    if (!status || strcmp(status, "ok") != 0)
        checksum = NULL; /* the work was not done */
    printf("  checksum     %s\n", checksum ? checksum : "n/a");
}

/* ---- phases ---- */

/* A row of the table: what the pauses of all records were spent on. */
struct spent {
    int64_t count, total_ns, max_ns, freed_objects, freed_bytes;
};

static void spent_add(struct spent *spent, const json_t *phase)
{
    int64_t max_ns = value_of(phase, "max_ns");
    spent->count += value_of(phase, "count");
    spent->total_ns += value_of(phase, "total_ns");
    spent->max_ns = max_ns > spent->max_ns ? max_ns : spent->max_ns;
    spent->freed_objects += value_of(phase, "freed_objects");
    spent->freed_bytes += value_of(phase, "freed_bytes");
}

static void field_add(struct textual *table, int64_t value, formatter *format)
{
    char text[48] = "";
    if (value)
        format(value, text, sizeof(text));
    textual_add(table, TEXTUAL_PLAIN, "%s", text);
}

/* A row; what is 0 is left empty. */
static void spent_row_add(struct textual *table, const char *name, const struct spent *spent, int64_t all_ns)
{
    textual_add(table, TEXTUAL_PLAIN, "  %s", name);
    field_add(table, spent->count, count_format);
    field_add(table, spent->total_ns, time_format);
    textual_add(table, TEXTUAL_PLAIN, "%.1f%%", all_ns ? 100 * (double)spent->total_ns / (double)all_ns : 0);
    field_add(table, spent->max_ns, time_format);
    field_add(table, spent->freed_objects, count_format);
    field_add(table, spent->freed_bytes, bytes_format);
}

void summary_phases_print(const json_t *records)
{
    static const char *const heads[] = {"  phase", "times",         "in all",     "share",
                                        "longest", "objects freed", "bytes freed"};
    enum { COLUMNS = sizeof(heads) / sizeof(heads[0]) };
    struct spent phases[GC_PHASE_KINDS] = {0}, cascades = {0}, all = {0}, rest = {0};
    struct textual table;
    size_t index;
    const json_t *record;
    json_array_foreach(records, index, record) {
        for (int phase = 0; phase < GC_PHASE_KINDS; phase++)
            spent_add(&phases[phase], json_object_get(json_object_get(record, "phases"), phase_names[phase]));
        spent_add(&all, json_object_get(record, "pauses"));
        cascades.count += value_of(record, "cascades");
        cascades.total_ns += value_of(record, "cascades_ns");
    }
    textual_init(&table, COLUMNS, 1);
    for (int column = 0; column < COLUMNS; column++)
        textual_add(&table, TEXTUAL_FAINT, "%s", heads[column]);
    rest.total_ns = all.total_ns - cascades.total_ns;
    for (int phase = 0; phase < GC_PHASE_KINDS; phase++) {
        rest.total_ns -= phases[phase].total_ns;
        if (phases[phase].count)
            spent_row_add(&table, phase_names[phase], &phases[phase], all.total_ns);
    }
    if (rest.total_ns)
        spent_row_add(&table, "no phase", &rest, all.total_ns);
    if (cascades.count)
        spent_row_add(&table, "cascades", &cascades, all.total_ns);
    spent_row_add(&table, "all pauses", &all, all.total_ns);
    textual_print(&table, stdout);
    textual_fini(&table);
}

int summary_status(const json_t *records)
{
    size_t index;
    const json_t *record, *first = json_object_get(json_array_get(records, 0), "checksum");
    json_array_foreach(records, index, record) {
        const char *status = json_string_value(json_object_get(record, "status"));
        const char *reason = json_string_value(json_object_get(record, "reason"));
        if (!status || strcmp(status, "ok") != 0) {
            message_note("process %zu: %s: %s", index + 1, status ? status : "no status",
                         reason ? reason : "");
            return MESSAGE_FAILED_CELLS;
        }
        if (!json_equal(json_object_get(record, "checksum"), first)) {
            message_note("process %zu has another checksum than the first", index + 1);
            return MESSAGE_FAILED_CELLS;
        }
    }
    return 0;
}
