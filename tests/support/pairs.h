/* SPDX-License-Identifier: MIT */
/* The pairs that were built, as pairs.json lists them, with the descriptions that they give of themselves. */
#ifndef TESTS_SUPPORT_PAIRS_H
#define TESTS_SUPPORT_PAIRS_H

#include <jansson.h>
#include <stdbool.h>

#include "tests/support/child.h"

struct pair {
    const char *name;
    const char *workload;
    const char *collector;
    char *path;
    json_t *description; /* of --describe */
};

struct pairs {
    struct pair *pairs;
    size_t count;
};

/*
 * The pairs of one workload, each described by itself, but for those that refuse it: it has finalisers or weak
 * references, and the collector has not. With `workload` NULL all pairs. Stops the test program, with a line that
 * says why, when the list or a description is not what results/README.md says.
 */
struct pairs pairs_load(const char *pairs_json, const char *workload);

/* Whether the pair refuses to run, whatever its options. */
bool pair_refuses(const struct pair *pair);

/* One trait of a pair's collector. */
bool pair_is(const struct pair *pair, const char *trait);

/* Runs a pair with more arguments, NULL-terminated; `arguments` may be NULL. */
struct process pair_run(const struct pair *pair, const char *const *arguments);

/* The JSON in `text`, or NULL after a note that says what is wrong with it. */
json_t *json_read(const char *text);

/* The integer at `key`; when it is missing, a number that no record has. */
json_int_t json_number(const json_t *object, const char *key);

#endif
