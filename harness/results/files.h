/* SPDX-License-Identifier: MIT */
/*
 * The files that one process leaves in a run's folder beside its row in runs.csv, and their names:
 *
 *      kind        file                    written to, while the process is in flight
 *      record      records/<id>.json       in-flight/<flight>-record.json
 *      events      events/<id>.csv         in-flight/<flight>-events.csv
 *      phases      phases/<id>.csv         in-flight/<flight>-phases.csv
 *      timeline    timelines/<id>.csv      in-flight/<flight>-timeline.csv
 *      latencies   latencies/<id>.csv      in-flight/<flight>-latencies.csv
 *
 * <id> is the row's id in six digits, and <flight> the id with a random number (folder_flight_begin()). Every
 * run keeps the records; the other files are kept as the specification's `raw` says.
 */
#ifndef HARNESS_RESULTS_FILES_H
#define HARNESS_RESULTS_FILES_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

enum files_kind { FILES_RECORD, FILES_EVENTS, FILES_TIMELINE, FILES_LATENCIES, FILES_PHASES, FILES_KINDS };

struct files_name {
    const char *kind; /* the word in the column `files` of runs.csv */
    const char *folder, *extension;
    const char *in_flight; /* how the file's name ends in the folder of the process in flight */
};

extern const struct files_name files_names[FILES_KINDS];

/* Writes the path of a file of process `id` in the run's folder `dir`. A path that is too long is cut. */
void files_path(const char *dir, enum files_kind kind, int64_t id, char ret_path[static PATH_MAX]);

/* Of the names of such a path, so many are the run's folder's own (base/input.h). */
enum { FILES_OWN = 2 };

/* Digits of a file's check. */
enum { FILES_CHECK_DIGITS = 8 };

/* Bytes of the longest `files` of a row. */
enum { FILES_TEXT = 128 };

/*
 * Writes the check of an open file: the CRC-32 of its bytes, in hexadecimal digits. Returns false with errno
 * set when it cannot be read. O(bytes).
 */
bool files_check(int file, char ret_check[static FILES_CHECK_DIGITS + 1]);

/* Returns the check of a kind in a row's `files`, where its digits begin; NULL where there is none. */
const char *files_check_of(const char *files, enum files_kind kind);

/* Whether the run kept that file. */
bool files_has(const char *dir, enum files_kind kind, int64_t id);

/*
 * Whether the folder holds a file of this kind, of any process. A run can be handed on without its raw files.
 */
bool files_has_any(const char *dir, enum files_kind kind);

#endif
