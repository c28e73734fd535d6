/* SPDX-License-Identifier: MIT */
/* The record that a process writes about itself: records/<id>.json. The schema is in results/README.md. */
#ifndef HARNESS_RESULTS_RECORDS_H
#define HARNESS_RESULTS_RECORDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define RECORDS_SCHEMA "gcmatrix.record.1"

/* The exit status of a process whose collector ran out of memory; the status in its record is then "oom". */
enum { RECORDS_EXIT_OOM = 3 };

/* The exit status of a process that could not write a file to its end, because the disk is full. */
enum { RECORDS_EXIT_STORAGE = 5 };

/*
 * Reads the record of process `id` of the run in the folder `dir`. Returns 0 and a new reference, which is
 * NULL when the process left none; or MESSAGE_BAD_INPUT and NULL after one line that names file, line and
 * column.
 */
int records_read(const char *dir, int64_t id, json_t **ret_record);

/* Whether the record of process `id` has this key. A damaged record and a missing one have no key. */
bool records_has_key(const char *dir, int64_t id, const char *key);

/*
 * Reads the record that a process was told to write to `path`. Checks its schema, and that it names this
 * seed. Returns a new reference; or NULL and the reason, which the caller frees.
 */
json_t *records_read_checked(const char *path, uint64_t seed, char **ret_reason);

/*
 * Writes a record, or a pair's description, to `path`; "-" is standard output. Returns 0, or -1 with errno
 * set. Takes memory only from stdio and from the functions that the JSON library was given.
 */
int records_write(const json_t *record, const char *path);

#endif
