/* SPDX-License-Identifier: MIT */
#include "harness/results/manifest.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crc32.h"
#include "base/input.h"
#include "base/message.h"
#include "base/missing.h"
#include "harness/results/shard.h"
#include "harness/results/store.h"

enum { MANIFEST_CHECK_DIGITS = 8 };

struct key {
    const char *name;
    json_type type;
    bool nullable;
};

static const struct key manifest_keys[] = {
    {"name", JSON_STRING, false},        {"created", JSON_STRING, false},
    {"finished", JSON_STRING, true},     {"spec", JSON_OBJECT, false},
    {"spec_sha256", JSON_STRING, false}, {"blocks", JSON_INTEGER, false},
    {"seed", JSON_INTEGER, false},       {"cells", JSON_ARRAY, false},
    {"machine", JSON_OBJECT, false},     {"warnings", JSON_ARRAY, false},
    {"versions", JSON_OBJECT, false},    {"binaries", JSON_OBJECT, false},
    {"allocators", JSON_OBJECT, false},  {NULL, JSON_NULL, false},
};

static const struct key cell_keys[] = {
    {"workload", JSON_STRING, false},  {"workload_options", JSON_STRING, false},
    {"collector", JSON_STRING, false}, {"collector_options", JSON_STRING, false},
    {"allocator", JSON_STRING, false}, {"tuning", JSON_STRING, false},
    {"pair", JSON_STRING, false},      {"baseline", JSON_TRUE, false},
    {NULL, JSON_NULL, false},
};

/* What the second version of the schema added. */
static const struct key manifest_keys_2[] = {
    {"ended", JSON_STRING, true},    {"design", JSON_OBJECT, false}, {"baseline", JSON_OBJECT, true},
    {"sessions", JSON_ARRAY, false}, {NULL, JSON_NULL, false},
};

static const struct key design_keys[] = {
    {"kind", JSON_STRING, false},    {"precision", JSON_REAL, false},
    {"minimum", JSON_REAL, false},   {"alpha", JSON_REAL, false},
    {"first", JSON_INTEGER, false},  {"blocks", JSON_INTEGER, false},
    {"looks", JSON_ARRAY, false},    {"budget_seconds", JSON_INTEGER, true},
    {"family", JSON_INTEGER, false}, {"method", JSON_STRING, false},
    {NULL, JSON_NULL, false},
};

static const struct key cell_keys_2[] = {
    {"memory", JSON_STRING, false},
    {"build", JSON_STRING, false},
    {NULL, JSON_NULL, false},
};

/* What the third version added. */
static const struct key manifest_keys_3[] = {
    {"layouts", JSON_OBJECT, false},
    {NULL, JSON_NULL, false},
};

static const struct key layouts_keys[] = {
    {"count", JSON_INTEGER, false},
    {NULL, JSON_NULL, false},
};

static const struct key spec_keys[] = {
    {"vary_seed", JSON_TRUE, false},
    {NULL, JSON_NULL, false},
};

static bool key_fits(const json_t *object, const struct key *key)
{
    const json_t *value = json_object_get(object, key->name);
    if (key->type == JSON_TRUE)
        return json_is_boolean(value);
    return value && (json_typeof(value) == key->type || (key->nullable && json_is_null(value)));
}

/* The first key that is missing or of the wrong type, or NULL. */
static const char *keys_check(const json_t *object, const struct key *keys)
{
    for (; keys->name; keys++)
        if (!key_fits(object, keys))
            return keys->name;
    return NULL;
}

/* The schemas that are read; the last is the one that is written. */
static const char *const schemas[] = {"gcmatrix.results.1", "gcmatrix.results.2", MANIFEST_SCHEMA};

static_assert(sizeof(schemas) / sizeof(schemas[0]) == MANIFEST_VERSION, "each version has its schema");

int manifest_version(const json_t *manifest)
{
    const char *schema = json_string_value(json_object_get(manifest, "schema"));
    for (int i = 0; i < MANIFEST_VERSION; i++)
        if (schema && strcmp(schema, schemas[i]) == 0)
            return i + 1;
    return 0;
}

static bool share_fits(const json_t *design, const char *key)
{
    double share = json_real_value(json_object_get(design, key));
    return share > 0 && share <= 1;
}

/* What a manifest may say of how looks share alpha (harness/statistics/sequential.h). It may say nothing. */
static const char *const spendings[] = {"even", "harmonic"};

static bool spending_fits(const json_t *spending)
{
    for (size_t i = 0; i < sizeof(spendings) / sizeof(spendings[0]); i++)
        if (json_is_string(spending) && strcmp(json_string_value(spending), spendings[i]) == 0)
            return true;
    return !spending;
}

/* The first key of a design whose value makes no design of a run of so many blocks, or NULL. */
static const char *design_check(const json_t *design, json_int_t blocks)
{
    static const char *const shares[] = {"precision", "minimum", "alpha"};
    json_int_t first = json_integer_value(json_object_get(design, "first"));
    for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++)
        if (!share_fits(design, shares[i]))
            return shares[i];
    if (json_integer_value(json_object_get(design, "blocks")) != blocks)
        return "blocks";
    if (!spending_fits(json_object_get(design, "spending")))
        return "spending";
    if (json_object_get(design, "figures") && !share_fits(design, "figures"))
        return "figures";
    return first < 1 || first > blocks ? "first" : NULL;
}

/* The first key of the second version that is missing or of the wrong type, or NULL. */
static const char *keys_check_2(const json_t *manifest)
{
    const char *bad = keys_check(manifest, manifest_keys_2);
    return bad ? bad : keys_check(json_object_get(manifest, "design"), design_keys);
}

/* The same for the third version. */
static const char *keys_check_3(const json_t *manifest)
{
    const json_t *layouts = json_object_get(manifest, "layouts");
    const char *bad = keys_check(manifest, manifest_keys_3);
    if (!bad)
        bad = keys_check(layouts, layouts_keys);
    if (!bad && json_integer_value(json_object_get(layouts, "count")) < 1)
        bad = "count";
    return bad ? bad : keys_check(json_object_get(manifest, "spec"), spec_keys);
}

/* Refuses a run whose processes no plan has, a shard of other blocks, and a seed that no specification takes. */
static int size_check(const char *path, const json_t *manifest)
{
    json_int_t blocks = json_integer_value(json_object_get(manifest, "blocks"));
    json_int_t cells = (json_int_t)json_array_size(json_object_get(manifest, "cells"));
    json_int_t seed = json_integer_value(json_object_get(manifest, "seed"));
    if (blocks < 1 || blocks > STORE_BLOCKS_MOST || cells < 1 || cells > STORE_PROCESSES_MOST / blocks)
        return message_bad_input("%s: %" JSON_INTEGER_FORMAT " blocks of %" JSON_INTEGER_FORMAT
                                 " cells make no run; at most %d blocks and %d processes do",
                                 path, blocks, cells, STORE_BLOCKS_MOST, STORE_PROCESSES_MOST);
    if (!shard_fits(manifest, (uint64_t)blocks))
        return message_bad_input("%s: \"shard\" is none of a run of %" JSON_INTEGER_FORMAT " blocks", path,
                                 blocks);
    if (seed < 0 || seed > INT64_MAX / 2)
        return message_bad_input("%s: the seed %" JSON_INTEGER_FORMAT " is none that a specification takes",
                                 path, seed);
    return 0;
}

static int cell_refuse(const char *path, const char *key, size_t index)
{
    return message_bad_input("%s: \"%s\" of cell %zu is missing or of the wrong type", path, key, index);
}

static int manifest_check(const char *path, const json_t *manifest)
{
    const char *schema = json_string_value(json_object_get(manifest, "schema"));
    if (!schema)
        return message_bad_input("%s: no \"schema\"; this program reads \"" MANIFEST_SCHEMA "\"", path);
    if (manifest_version(manifest) == 0)
        return message_bad_input("%s: schema \"%s\"; this program reads \"" MANIFEST_SCHEMA "\"", path,
                                 schema);
    bool second = manifest_version(manifest) >= 2;
    const char *bad = keys_check(manifest, manifest_keys);
    if (!bad && second)
        bad = keys_check_2(manifest);
    if (!bad && manifest_version(manifest) >= 3)
        bad = keys_check_3(manifest);
    if (bad)
        return message_bad_input("%s: \"%s\" is missing or of the wrong type", path, bad);
    if (second)
        bad = design_check(json_object_get(manifest, "design"),
                           json_integer_value(json_object_get(manifest, "blocks")));
    if (bad)
        return message_bad_input("%s: \"%s\" of its design makes no design", path, bad);
    size_t index;
    const json_t *cell;
    json_array_foreach(json_object_get(manifest, "cells"), index, cell) {
        bad = keys_check(cell, cell_keys);
        if (!bad && second)
            bad = keys_check(cell, cell_keys_2);
        if (bad)
            return cell_refuse(path, bad, index);
    }
    return size_check(path, manifest);
}

/* The check of a manifest: the CRC-32 of its text without blanks, with its keys in order and without its check. */
static void check_write(const json_t *manifest, char ret_check[static MANIFEST_CHECK_DIGITS + 1])
{
    json_t *checked = json_copy((json_t *)manifest);
    json_object_del(checked, "check");
    char *text = json_dumps(checked, JSON_COMPACT | JSON_SORT_KEYS);
    snprintf(ret_check, MANIFEST_CHECK_DIGITS + 1, "%08" PRIx32, text ? crc32_add(0, text, strlen(text)) : 0);
    free(text);
    json_decref(checked);
}

void manifest_damage_say(const char *dir, const json_t *manifest)
{
    char check[MANIFEST_CHECK_DIGITS + 1];
    const char *written = json_string_value(json_object_get(manifest, "check"));
    check_write(manifest, check);
    if (written && strcmp(written, check) != 0)
        message_note(
            "%s/manifest.json: it is damaged, or was changed by hand: its check does not fit; what is made "
            "of it may be wrong",
            dir);
}

int manifest_refuse_missing(const char *dir, const char *path)
{
    static const struct missing_kind runs = {
        .nouns = "results folders",
        .middle = "",
        .holds = "manifest.json",
        .home = "results",
        .remedy = "`gcmatrix matrix MATRIX.yaml` writes one",
    };
    char *remedy = missing_remedy(dir, &runs);
    int status = message_bad_input("%s: %s; a results folder holds a manifest.json; %s", path,
                                   strerror(ENOENT), remedy);
    free(remedy);
    return status;
}

int manifest_load(const char *dir, json_t **ret_manifest)
{
    char path[PATH_MAX];
    json_error_t error;
    FILE *file;
    snprintf(path, sizeof(path), "%s/manifest.json", dir);
    const char *why = input_open_own(path, 1, &file);
    if (why && errno == ENOENT)
        return manifest_refuse_missing(dir, path);
    if (why)
        return message_bad_input("%s: %s; a results folder holds a manifest.json", path, why);
    json_t *manifest = json_loadf(file, JSON_REJECT_DUPLICATES, &error);
    fclose(file);
    if (!manifest)
        return message_bad_input("%s:%d:%d: %s", path, error.line, error.column, error.text);
    int status = manifest_check(path, manifest);
    if (status != 0)
        json_decref(manifest);
    else
        *ret_manifest = manifest;
    return status;
}

int manifest_save(const struct writing_folder *work, const struct writing_folder *folder,
                  const json_t *manifest)
{
    char check[MANIFEST_CHECK_DIGITS + 1];
    struct writing file;
    int status = writing_begin_by(work, folder, "manifest.json", &file);
    if (status != 0)
        return status;
    FILE *stream = writing_stream(&file);
    json_t *whole = json_copy((json_t *)manifest);
    check_write(manifest, check);
    json_object_set_new(whole, "check", json_string(check));
    bool done = json_dumpf(whole, stream, JSON_INDENT(2)) == 0 && putc('\n', stream) != EOF;
    json_decref(whole);
    if (done || ferror(stream))
        return writing_keep(&file);
    writing_drop(&file);
    return message_storage("%s/manifest.json: out of memory, or a text of it is no UTF-8", folder->path);
}
