/* SPDX-License-Identifier: MIT */
/*
 * The executables <workload>-<collector> that a build made, as its pairs.json lists them, and what each says
 * of itself with --describe.
 */
#ifndef HARNESS_CAMPAIGN_PAIRS_H
#define HARNESS_CAMPAIGN_PAIRS_H

#include <jansson.h>

struct pairs {
    json_t *list;
    char *dir; /* of pairs.json, which paths are relative to */
};

/*
 * Reads pairs.json: the one named by GCMATRIX_PAIRS, else harness/runner/pairs.json beside this program or in
 * a folder above it, else ../libexec/gcmatrix/pairs.json as installed. Returns 0 and pairs for pairs_free, or
 * MESSAGE_BAD_INPUT after one line.
 */
int pairs_load(struct pairs **ret_pairs);

void pairs_free(struct pairs *pairs);

/* The path of the executable for a workload and a collector, the caller's to free; NULL if the build has
 * none. */
char *pairs_path(const struct pairs *pairs, const char *workload, const char *collector);

/* Any pair that has the given workload, or collector (the other one NULL); its path, or NULL. The caller
 * frees it. */
char *pairs_path_any(const struct pairs *pairs, const char *workload, const char *collector);

/*
 * Says that the build has no executable for a workload and a collector, and which workloads the collector has
 * if they are few. Returns MESSAGE_BAD_INPUT.
 */
int pairs_missing(const struct pairs *pairs, const char *place, const char *workload, const char *collector);

/*
 * Checks that `name` is one of `kind` ("workload" or "collector"). Returns 0, or MESSAGE_BAD_INPUT after one
 * line that opens with `place` and suggests the nearest name.
 */
int pairs_name_check(const struct pairs *pairs, const char *place, const char *kind, const char *name);

/*
 * Has a pair check options of its workload or collector, by running it with --describe. Returns 0, or
 * MESSAGE_BAD_INPUT after one line that opens with `place`.
 */
int pairs_options_check(const struct pairs *pairs, const char *place, const char *kind, const char *name,
                        const char *options);

/* What a pair says of itself; a new reference, or NULL after one line. */
json_t *pairs_describe(const char *path);

/* Splits "NAME:OPTIONS" at the first colon; both results are the caller's to free, the options "" without
 * one. */
void pairs_entry_split(const char *entry, char **ret_name, char **ret_options);

#endif
