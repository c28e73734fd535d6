/* SPDX-License-Identifier: MIT */
/* manifest.json of a results folder: what was run, on what. The schema is in results/README.md. */
#ifndef HARNESS_RESULTS_MANIFEST_H
#define HARNESS_RESULTS_MANIFEST_H

#include <jansson.h>

#define MANIFEST_SCHEMA "gcmatrix.results.1"

/*
 * Reads <dir>/manifest.json and checks its schema, the types of every key in results/README.md and of each
 * cell. Returns 0 and a new reference, or MESSAGE_BAD_INPUT after one line on standard error.
 */
int manifest_load(const char *dir, json_t **ret_manifest);

/*
 * Writes <dir>/manifest.json whole: into a file beside it, synced, then renamed over it. Returns 0, or
 * MESSAGE_STORAGE after one line.
 */
int manifest_save(const char *dir, const json_t *manifest);

/* Writes any JSON to a path in the same way (temporary file, sync, rename). */
int manifest_file_save(const char *path, const json_t *value);

#endif
