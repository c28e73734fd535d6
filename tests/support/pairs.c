/* SPDX-License-Identifier: MIT */
#include "tests/support/pairs.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ARGUMENTS = 32 };

__attribute__((noreturn)) static void bail_out(const char *what, const char *why)
{
    printf("Bail out! %s: %s\n", what, why);
    exit(1);
}

json_t *json_read(const char *text)
{
    json_error_t error;
    json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (!value)
        printf("# line %d, column %d: %s\n", error.line, error.column, error.text);
    return value;
}

json_int_t json_number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_integer(value) ? json_integer_value(value) : INT64_MIN;
}

static void pair_describe(struct pair *pair)
{
    struct process process = pair_run(pair, (const char *const[]){"--describe", NULL});
    if (process.status != 0)
        bail_out(pair->name, process.err);
    pair->description = json_read(process.out);
    if (!pair->description)
        bail_out(pair->name, "--describe is not JSON");
    process_free(&process);
}

/* `path` stands relative to the list's own folder. */
static char *path_beside(const char *pairs_json, const char *path)
{
    const char *slash = strrchr(pairs_json, '/');
    size_t folder = slash ? (size_t)(slash - pairs_json) + 1 : 0;
    char *joined = malloc(folder + strlen(path) + 1);
    memcpy(joined, pairs_json, folder);
    strcpy(joined + folder, path);
    return joined;
}

struct pairs pairs_load(const char *pairs_json, const char *workload)
{
    json_error_t error;
    json_t *row;
    size_t i;
    json_t *list = json_load_file(pairs_json, JSON_REJECT_DUPLICATES, &error);
    if (!list)
        bail_out(pairs_json, error.text);
    json_t *rows = json_object_get(list, "pairs");
    struct pairs pairs = {calloc(json_array_size(rows) + 1, sizeof *pairs.pairs), 0};
    json_array_foreach(rows, i, row) {
        struct pair pair = {0};
        const char *path;
        if (json_unpack_ex(row, &error, 0, "{s:s, s:s, s:s, s:s}", "name", &pair.name, "workload",
                           &pair.workload, "collector", &pair.collector, "path", &path) < 0)
            bail_out(pairs_json, error.text);
        if (workload && strcmp(workload, pair.workload) != 0)
            continue;
        pair.path = path_beside(pairs_json, path);
        pair_describe(&pair);
        if (workload && pair_refuses(&pair))
            continue;
        pairs.pairs[pairs.count++] = pair;
    }
    if (pairs.count == 0)
        bail_out(pairs_json, "no pair of this workload");
    return pairs;
}

bool pair_refuses(const struct pair *pair)
{
    json_t *workload = json_object_get(pair->description, "workload");
    return json_is_true(json_object_get(workload, "finalising")) && !pair_is(pair, "finalises");
}

bool pair_is(const struct pair *pair, const char *trait)
{
    json_t *traits = json_object_get(json_object_get(pair->description, "collector"), "traits");
    return json_is_true(json_object_get(traits, trait));
}

struct process pair_run(const struct pair *pair, const char *const *arguments)
{
    const char *all[MOST_ARGUMENTS + 2] = {pair->path};
    for (size_t i = 0; arguments && arguments[i]; i++) {
        if (i == MOST_ARGUMENTS)
            bail_out(pair->name, "too many arguments");
        all[i + 1] = arguments[i];
    }
    return process_run(all);
}
