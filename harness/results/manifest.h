/* SPDX-License-Identifier: MIT */
/*
 * manifest.json of a run's folder: the cells, the machine and the executables. The schema is in
 * results/README.md.
 */
#ifndef HARNESS_RESULTS_MANIFEST_H
#define HARNESS_RESULTS_MANIFEST_H

#include <jansson.h>

#include "base/writing.h"

/* What is written, and its version. Versions from 1 on are read. */
#define MANIFEST_SCHEMA "gcmatrix.results.3"
enum { MANIFEST_VERSION = 3 };

/*
 * Reads <dir>/manifest.json. Checks its schema, and the type of every key that results/README.md lists, in
 * the manifest and in each cell. Refuses a run of more processes than a plan may have, before any memory is
 * taken for them. Returns 0 and a new reference, or MESSAGE_BAD_INPUT after one line.
 */
int manifest_load(const char *dir, json_t **ret_manifest);

/*
 * Refuses a folder that is no run's, and names those that are there. `path` is what is missing: the folder, or its
 * manifest. Returns MESSAGE_BAD_INPUT.
 */
int manifest_refuse_missing(const char *dir, const char *path);

/* Prints one line where a manifest that states its check is not as it was written. O(its length). */
void manifest_damage_say(const char *dir, const json_t *manifest);

/* Returns the version of a checked manifest's schema, from 1 on. */
int manifest_version(const json_t *manifest);

/* Writes manifest.json of a run's folder, whole or not at all; it is in `work` until it is whole. Returns 0, or MESSAGE_STORAGE after one line. */
int manifest_save(const struct writing_folder *work, const struct writing_folder *folder,
                  const json_t *manifest);

#endif
