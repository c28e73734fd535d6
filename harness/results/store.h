/* SPDX-License-Identifier: MIT */
/*
 * Reads a run's folder: the manifest and every complete row of runs.csv. The files of single processes are
 * read by records.h, events.h, timelines.h and latencies.h. The schemas are in results/README.md.
 */
#ifndef HARNESS_RESULTS_STORE_H
#define HARNESS_RESULTS_STORE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define STORE_MISSING INT64_MIN /* an integer column whose field is empty: "not applicable" */

/*
 * THE list of columns of runs.csv, in their order. TEXT columns are never NULL ("" when empty); INTEGER
 * columns are STORE_MISSING when empty. Times are nanoseconds, sizes bytes.
 */
#define STORE_COLUMNS(INTEGER, TEXT)                                                                         \
    INTEGER(id)                                                                                              \
    INTEGER(block)                                                                                           \
    INTEGER(cell)                                                                                            \
    TEXT(workload)                                                                                           \
    TEXT(workload_options)                                                                                   \
    TEXT(collector)                                                                                          \
    TEXT(collector_options)                                                                                  \
    TEXT(allocator)                                                                                          \
    TEXT(tuning)                                                                                             \
    INTEGER(seed)                                                                                            \
    TEXT(status)                                                                                             \
    TEXT(reason)                                                                                             \
    INTEGER(exit_status)                                                                                     \
    INTEGER(process_wall_ns)                                                                                 \
    INTEGER(process_user_ns)                                                                                 \
    INTEGER(process_sys_ns)                                                                                  \
    INTEGER(wall_ns)                                                                                         \
    INTEGER(user_ns)                                                                                         \
    INTEGER(sys_ns)                                                                                          \
    INTEGER(closing_ns)                                                                                      \
    INTEGER(max_rss_bytes)                                                                                   \
    INTEGER(baseline_rss_bytes)                                                                              \
    INTEGER(final_rss_bytes)                                                                                 \
    INTEGER(allocated_objects)                                                                               \
    INTEGER(allocated_bytes)                                                                                 \
    INTEGER(freed_objects)                                                                                   \
    INTEGER(freed_bytes)                                                                                     \
    INTEGER(live_objects)                                                                                    \
    INTEGER(live_bytes)                                                                                      \
    INTEGER(leaked_objects)                                                                                  \
    INTEGER(leaked_bytes)                                                                                    \
    INTEGER(collections)                                                                                     \
    INTEGER(cascades)                                                                                        \
    INTEGER(pause_count)                                                                                     \
    INTEGER(pause_total_ns)                                                                                  \
    INTEGER(pause_max_ns)                                                                                    \
    INTEGER(pause_p50_ns)                                                                                    \
    INTEGER(pause_p90_ns)                                                                                    \
    INTEGER(pause_p99_ns)                                                                                    \
    INTEGER(pause_p999_ns)                                                                                   \
    INTEGER(instructions)                                                                                    \
    INTEGER(cycles)                                                                                          \
    INTEGER(layout)                                                                                          \
    TEXT(checksum)

struct store_row {
#define STORE_INTEGER(name) int64_t name;
#define STORE_TEXT(name) const char *name;
    STORE_COLUMNS(STORE_INTEGER, STORE_TEXT)
#undef STORE_INTEGER
#undef STORE_TEXT
};

struct store {
    char *dir;
    json_t *manifest;
    struct store_row *rows; /* in the order in which the processes ended */
    size_t row_count;
    bool torn; /* the file ends inside a row (a run was killed, or is writing): that row is left out */
    int64_t whole_bytes; /* length of runs.csv up to the last complete row */
    char *text;          /* what the rows' texts point into */
};

/*
 * Opens a results folder. Checks the schema of the manifest, the header of runs.csv and every field. Checks
 * that no id occurs twice, and that each names a cell and a block of the manifest. Returns 0 and a store to
 * be closed, or MESSAGE_BAD_INPUT after one line that names the file and line. O(size of runs.csv).
 */
int store_open(const char *dir, struct store **ret_store);

/* Frees the store and all it holds; NULL does nothing. */
void store_close(struct store *store);

/* Writes the header line, and one row with its line feed. For the writer of runs.csv. */
void store_header_write(FILE *file);
void store_row_write(FILE *file, const struct store_row *row);

/* Sets the integer column called `name`; false if there is none of that name. */
bool store_integer_set(struct store_row *row, const char *name, int64_t value);

/*
 * Copies a record's values (harness/results/records.h) into the columns of the same meaning. Columns without
 * a value stay missing. The row's checksum then points into the record.
 */
void store_row_fill(struct store_row *row, const json_t *record);

/* A row in which every integer is missing and every text is "". */
struct store_row store_row_empty(void);

#endif
