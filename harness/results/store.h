/* SPDX-License-Identifier: MIT */
/*
 * Reads a run's folder: the manifest and every complete row of runs.csv. The files of single processes are
 * read by records.h, events.h, phases.h, timelines.h and latencies.h. The schemas are in results/README.md.
 */
#ifndef HARNESS_RESULTS_STORE_H
#define HARNESS_RESULTS_STORE_H

#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define STORE_MISSING INT64_MIN /* an integer column whose field is empty: "not applicable" */

/*
 * Of a run: its processes without repetitions, and its blocks, at most. So an id of a first attempt has six
 * digits.
 */
enum { STORE_PROCESSES_MOST = 1000000, STORE_BLOCKS_MOST = 10000 };

/*
 * A process that was disturbed is run again in its block, so often at most. The id of attempt a of the
 * process at a place of a block is (a * blocks + block) * cells + place.
 */
enum { STORE_ATTEMPTS = 3 };

/*
 * THE list of columns of runs.csv, in their order, each with the version of the schema that brought it. TEXT
 * columns are never NULL ("" when empty); INTEGER columns are STORE_MISSING when empty. Times are
 * nanoseconds, sizes bytes. A folder of an earlier version has no column of a later one: its rows have the
 * column empty.
 *
 * From version 3 on a row is one line, whatever its texts hold, and ends in its check:
 *
 *      0,0,82,0,interpreter, ... ,9129158287e88650,record:5e1f00c2,8f33a0c1 LF
 *      |----------------- the bytes that are checked ------------| |check-|
 *
 * The check is the CRC-32 of the bytes before its comma, in eight hexadecimal digits. A line whose check does
 * not fit is damaged. It costs its own process, and no row after it.
 */
#define STORE_COLUMNS(INTEGER, TEXT)                                                                         \
    INTEGER(1, id)                                                                                           \
    INTEGER(1, block)                                                                                        \
    INTEGER(1, cell)                                                                                         \
    INTEGER(2, attempt)                                                                                      \
    TEXT(1, workload)                                                                                        \
    TEXT(1, workload_options)                                                                                \
    TEXT(1, collector)                                                                                       \
    TEXT(1, collector_options)                                                                               \
    TEXT(1, allocator)                                                                                       \
    TEXT(1, tuning)                                                                                          \
    TEXT(2, memory)                                                                                          \
    TEXT(2, build)                                                                                           \
    INTEGER(1, seed)                                                                                         \
    TEXT(1, status)                                                                                          \
    TEXT(1, reason)                                                                                          \
    INTEGER(1, exit_status)                                                                                  \
    INTEGER(1, process_wall_ns)                                                                              \
    INTEGER(1, process_user_ns)                                                                              \
    INTEGER(1, process_sys_ns)                                                                               \
    INTEGER(1, wall_ns)                                                                                      \
    INTEGER(1, user_ns)                                                                                      \
    INTEGER(1, sys_ns)                                                                                       \
    INTEGER(2, collecting_ns)                                                                                \
    INTEGER(2, cascades_ns)                                                                                  \
    INTEGER(2, cascades_untimed_ns)                                                                          \
    INTEGER(2, kernel_collecting_ns)                                                                         \
    INTEGER(2, kernel_cascades_ns)                                                                           \
    INTEGER(2, minor_faults)                                                                                 \
    INTEGER(2, major_faults)                                                                                 \
    INTEGER(2, collecting_faults)                                                                            \
    INTEGER(2, cascades_faults)                                                                              \
    INTEGER(2, voluntary_switches)                                                                           \
    INTEGER(2, involuntary_switches)                                                                         \
    INTEGER(2, queued_ns)                                                                                    \
    INTEGER(2, stolen_ns)                                                                                    \
    INTEGER(2, processor)                                                                                    \
    INTEGER(1, closing_ns)                                                                                   \
    INTEGER(1, max_rss_bytes)                                                                                \
    INTEGER(1, baseline_rss_bytes)                                                                           \
    INTEGER(1, final_rss_bytes)                                                                              \
    INTEGER(2, warmed_bytes)                                                                                 \
    INTEGER(3, short_bytes)                                                                                  \
    INTEGER(1, allocated_objects)                                                                            \
    INTEGER(1, allocated_bytes)                                                                              \
    INTEGER(1, freed_objects)                                                                                \
    INTEGER(1, freed_bytes)                                                                                  \
    INTEGER(1, live_objects)                                                                                 \
    INTEGER(1, live_bytes)                                                                                   \
    INTEGER(1, leaked_objects)                                                                               \
    INTEGER(1, leaked_bytes)                                                                                 \
    INTEGER(1, collections)                                                                                  \
    INTEGER(1, cascades)                                                                                     \
    INTEGER(1, pause_count)                                                                                  \
    INTEGER(1, pause_total_ns)                                                                               \
    INTEGER(1, pause_max_ns)                                                                                 \
    INTEGER(1, pause_p50_ns)                                                                                 \
    INTEGER(1, pause_p90_ns)                                                                                 \
    INTEGER(1, pause_p99_ns)                                                                                 \
    INTEGER(1, pause_p999_ns)                                                                                \
    INTEGER(1, instructions)                                                                                 \
    INTEGER(1, cycles)                                                                                       \
    INTEGER(1, layout)                                                                                       \
    TEXT(1, checksum)                                                                                        \
    TEXT(3, files)                                                                                           \
    TEXT(3, check)

struct store_row {
#define STORE_INTEGER(since, name) int64_t name;
#define STORE_TEXT(since, name) const char *name;
    STORE_COLUMNS(STORE_INTEGER, STORE_TEXT)
#undef STORE_INTEGER
#undef STORE_TEXT
};

/* A line of runs.csv whose check does not fit. */
struct store_damage {
    size_t line;         /* its number in the file, from 1 */
    size_t offset, size; /* its bytes there, with the line feed */
};

struct store {
    char *dir;
    json_t *manifest;
    struct store_row *rows; /* in the order in which the processes ended */
    size_t row_count;
    struct store_damage *damaged; /* lines that are left out, in their order */
    size_t damaged_count;
    bool torn; /* the file ends inside a row (a run was killed, or is writing): that row is left out */
    int64_t whole_bytes;  /* length of runs.csv up to its last line feed */
    int64_t header_bytes; /* of them the header's, which is the first line; 0 where there is none */
    bool header_damaged;  /* the header is not the schema's, or is gone: the columns are the schema's */
    char *text;           /* what the rows' texts point into */
};

/*
 * Opens a results folder. Checks the schema of the manifest, the header of runs.csv and every field. Checks
 * that no id occurs twice, and that each row is what the manifest says of its cell and block: workload,
 * collector, allocator, memory, build, seed and layout. Returns 0 and a store to be closed, or
 * MESSAGE_BAD_INPUT after one line that names the file and line. Damaged lines are left out, and one line
 * says so. O(size of runs.csv).
 */
int store_open(const char *dir, struct store **ret_store);

/* Frees the store and all it holds; NULL does nothing. */
void store_close(struct store *store);

/*
 * Writes the header line, and one row with its check and its line feed. For the writer of runs.csv. What is
 * no plain character (escape.h) in a text becomes `?`.
 */
void store_header_write(FILE *file);
void store_row_write(FILE *file, const struct store_row *row);

/* Returns the status that a row states, as a text that lives on; NULL where no process ends so. */
const char *store_status_of(const char *text);

/* Sets the integer column called `name`; false if there is none of that name. */
bool store_integer_set(struct store_row *row, const char *name, int64_t value);

/*
 * Copies a record's values (harness/results/records.h) into the columns of the same meaning. Columns without
 * a value stay missing. The row's checksum then points into the record.
 */
void store_row_fill(struct store_row *row, const json_t *record);

/* Returns the value of an integer column; NaN where it is missing. */
static inline double store_number(int64_t value)
{
    return value == STORE_MISSING ? NAN : (double)value;
}

/* Makes every text of the row "", for a row that outlives what they point into. */
void store_row_forget_texts(struct store_row *row);

/* A row in which every integer is missing and every text is "". */
struct store_row store_row_empty(void);

#endif
