/* SPDX-License-Identifier: MIT */
#include "harness/results/again.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "harness/results/shard.h"

/* Whether a cell is of another build, which --against named. */
static bool has_builds(const json_t *manifest)
{
    const json_t *cell;
    size_t index;
    json_array_foreach(json_object_get(manifest, "cells"), index, cell) {
        const char *build = json_string_value(json_object_get(cell, "build"));
        if (build && *build)
            return true;
    }
    return false;
}

/* A run of the first schema has no design: its number of blocks was fixed. */
static void design_write(const json_t *manifest, FILE *file)
{
    const json_t *design = json_object_get(manifest, "design");
    const char *kind = json_string_value(json_object_get(design, "kind"));
    json_int_t budget = json_integer_value(json_object_get(design, "budget_seconds"));
    if (!kind || strcmp(kind, "precision") != 0) {
        fprintf(file, " --blocks %" JSON_INTEGER_FORMAT,
                json_integer_value(json_object_get(manifest, "blocks")));
        return;
    }
    fprintf(file, " --precision %.12g%%", 100 * json_number_value(json_object_get(design, "precision")));
    if (budget > 0)
        fprintf(file, " --budget %" JSON_INTEGER_FORMAT "s", budget);
}

static void baseline_write(const json_t *manifest, FILE *file)
{
    const json_t *baseline = json_object_get(manifest, "baseline");
    const char *collector = json_string_value(json_object_get(baseline, "collector"));
    const char *options = json_string_value(json_object_get(baseline, "options"));
    if (!collector)
        return;
    char *entry = text_format("%s%s%s", collector, options && *options ? ":" : "", options ? options : "");
    char *word = escape_shell(entry);
    fprintf(file, " --baseline %s", word);
    free(word);
    free(entry);
}

char *again_command(const json_t *manifest, const char *dir)
{
    char *text, *folder = escape_shell(dir);
    size_t size;
    FILE *file = memory_stream(&text, &size);
    fprintf(file, "gcmatrix matrix SPECIFICATION -o %s", folder);
    design_write(manifest, file);
    baseline_write(manifest, file);
    struct shard shard = shard_of_manifest(manifest);
    if (shard.count > 1)
        fprintf(file, " --shard %" PRIu64 "/%" PRIu64, shard.index, shard.count);
    if (has_builds(manifest))
        fputs(" --against BUILD_DIR", file);
    fputs(" --resume", file);
    memory_stream_close(file);
    free(folder);
    return text;
}
