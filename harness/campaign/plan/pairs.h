/* SPDX-License-Identifier: MIT */
/*
 * The pairs: the executables <workload>-<collector> of a build, as its pairs.json lists them, and their
 * descriptions, which they print with --describe.
 */
#ifndef HARNESS_CAMPAIGN_PLAN_PAIRS_H
#define HARNESS_CAMPAIGN_PLAN_PAIRS_H

#include <jansson.h>

struct pairs {
    json_t *list;
    char *dir; /* of pairs.json; its paths are relative to this folder */
};

/*
 * Reads pairs.json. It is the file that GCMATRIX_PAIRS names; else harness/runner/pairs.json in this
 * executable's folder or one above it; else ../libexec/gcmatrix/pairs.json, as installed. Returns 0 and pairs
 * for pairs_free(), or MESSAGE_BAD_INPUT after one line.
 */
int pairs_load(struct pairs **ret_pairs);

/* Reads the pairs.json at `path`. Returns as pairs_load() does. */
int pairs_load_file(const char *path, struct pairs **ret_pairs);

void pairs_free(struct pairs *pairs);

/* The path of the executable for a workload and a collector, the caller's to free; NULL if the build has
 * none. */
char *pairs_path(const struct pairs *pairs, const char *workload, const char *collector);

/*
 * The path of any pair with this workload, or with this collector; the other one is NULL. The caller frees
 * it. NULL if there is none.
 */
char *pairs_path_any(const struct pairs *pairs, const char *workload, const char *collector);

/*
 * The path that pairs.json gives the first such executable, built or not; either name may be NULL. The caller
 * frees it. NULL if none is listed.
 */
char *pairs_path_listed(const struct pairs *pairs, const char *workload, const char *collector);

/* How many of the listed executables are built. O(pairs), a look at a file for each. */
size_t pairs_built(const struct pairs *pairs);

/*
 * Says why there is no executable for a workload and a collector. One that is listed is not built: the line
 * ends with the command that builds it. Otherwise the line names the collector's workloads if they are few.
 * Returns MESSAGE_BAD_INPUT.
 */
int pairs_missing(const struct pairs *pairs, const char *place, const char *workload, const char *collector);

/*
 * Checks that `name` is one of `kind` ("workload" or "collector"). Returns 0, or MESSAGE_BAD_INPUT after one
 * line that begins with `place` and suggests the nearest name.
 */
int pairs_name_check(const struct pairs *pairs, const char *place, const char *kind, const char *name);

/*
 * Runs a pair with --describe, so that it checks options of its workload or collector, and whether the
 * workload has all that it needs, such as the file that it reads. Returns 0, or
 * MESSAGE_BAD_INPUT after one line that begins with `place`.
 */
int pairs_options_check(const struct pairs *pairs, const char *place, const char *kind, const char *name,
                        const char *options);

/* The description of a pair: a new reference, or NULL after one line. */
json_t *pairs_describe(const char *path);

/*
 * Splits an entry of `kind` ("workload" or "collector") as below. Returns 0, or MESSAGE_BAD_INPUT after one
 * line that begins with `place`: an entry such as "rings:" has no options behind its colon. The caller frees
 * both texts in either case.
 */
int pairs_entry_read(const char *place, const char *kind, const char *entry, char **ret_name,
                     char **ret_options);

/* Splits "NAME:OPTIONS" at the first colon. Without a colon the options are "". The caller frees both. */
void pairs_entry_split(const char *entry, char **ret_name, char **ret_options);

#endif
