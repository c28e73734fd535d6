/* SPDX-License-Identifier: MIT */
#include "harness/campaign/plan/spec.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/campaign/plan/spec-schema.h"
#include "harness/campaign/process/hash.h"

static const char *const raw_names[] = {"first", "all", "none"};
static const char *const counter_names[] = {"none", "perf", "instructions"};

static yaml_node_t *node_child(yaml_document_t *document, yaml_node_t *mapping, const char *key)
{
    if (!mapping || mapping->type != YAML_MAPPING_NODE)
        return NULL;
    for (yaml_node_pair_t *pair = mapping->data.mapping.pairs.start; pair < mapping->data.mapping.pairs.top;
         pair++) {
        yaml_node_t *name = yaml_document_get_node(document, pair->key);
        if (name->type == YAML_SCALAR_NODE && strcmp((char *)name->data.scalar.value, key) == 0)
            return yaml_document_get_node(document, pair->value);
    }
    return NULL;
}

static yaml_node_t *node_item(yaml_document_t *document, yaml_node_t *sequence, unsigned index)
{
    if (!sequence || sequence->type != YAML_SEQUENCE_NODE)
        return NULL;
    yaml_node_item_t *item = sequence->data.sequence.items.start + index;
    return item < sequence->data.sequence.items.top ? yaml_document_get_node(document, *item) : NULL;
}

static char *node_place(const struct spec *spec, const yaml_node_t *node)
{
    if (!node)
        return text_format("%s", spec->path);
    return text_format("%s:%zu:%zu", spec->path, node->start_mark.line + 1, node->start_mark.column + 1);
}

char *spec_place(struct spec *spec, unsigned entry, const char *key, unsigned item)
{
    yaml_document_t *document = &spec->document;
    yaml_node_t *cells = node_child(document, yaml_document_get_root_node(document), "cells");
    yaml_node_t *list = node_child(document, node_item(document, cells, entry), key);
    yaml_node_t *node = node_item(document, list, item);
    return node_place(spec, node ? node : list ? list : node_item(document, cells, entry));
}

/*
 * Checks the range of a number; a missing one gets its default. The text is parsed again, because libcyaml
 * takes -1 for 2^64 - 1 and 1.5 for 1.
 */
static int number_take(struct spec *spec, const char *key, const uint64_t *given, uint64_t standard,
                       uint64_t min, uint64_t max, uint64_t *ret_value)
{
    yaml_document_t *document = &spec->document;
    const yaml_node_t *node = node_child(document, yaml_document_get_root_node(document), key);
    const char *text = node ? (const char *)node->data.scalar.value : "";
    *ret_value = given ? *given : standard;
    if (*ret_value >= min && *ret_value <= max && text[strspn(text, "0123456789")] == '\0')
        return 0;
    char *place = node_place(spec, node);
    int status = message_bad_input("%s: %s is '%s'; it takes an integer from %" PRIu64 " to %" PRIu64, place,
                                   key, text, min, max);
    free(place);
    return status;
}

static int name_check(struct spec *spec)
{
    bool fits = strlen(spec->name) <= 80 && isalnum((unsigned char)*spec->name);
    for (const char *c = spec->name; *c; c++)
        fits &= isalnum((unsigned char)*c) || strchr("-_.", *c);
    if (fits)
        return 0;
    yaml_document_t *document = &spec->document;
    char *place = node_place(spec, node_child(document, yaml_document_get_root_node(document), "name"));
    int status = message_bad_input(
        "%s: name '%s' names a folder: it takes up to 80 letters, digits, '-', '_' and '.', "
        "a letter or digit first",
        place, spec->name);
    free(place);
    return status;
}

/* A path in a specification starts from its folder. */
static char *path_in_folder(const char *spec, const char *path)
{
    const char *slash = strrchr(spec, '/');
    if (*path == '/' || !slash)
        return text_format("%s", path);
    return text_format("%.*s%s", (int)(slash + 1 - spec), spec, path);
}

static int spec_take(struct spec *spec)
{
    const struct spec_file *file = spec->file;
    spec->name = file->name;
    spec->minimum_heaps =
        path_in_folder(spec->path, file->minimum_heaps ? file->minimum_heaps : "minimum-heaps.json");
    spec->cells = file->cells;
    spec->cells_count = file->cells_count;
    spec->vary_seed = file->vary_seed && *file->vary_seed;
    spec->raw = file->raw ? *file->raw : SPEC_RAW_FIRST;
    spec->counter = file->counter ? *file->counter : SPEC_COUNTER_NONE;
    int status = name_check(spec);
    if (status == 0)
        status = number_take(spec, "blocks", file->blocks, 5, 1, SPEC_BLOCKS_MAX, &spec->blocks);
    if (status == 0)
        status = number_take(spec, "seed", file->seed, 1, 0, INT64_MAX / 2, &spec->seed);
    if (status == 0)
        status = number_take(spec, "timeout_seconds", file->timeout_seconds, 300, 1, SPEC_TIMEOUT_MAX,
                             &spec->timeout_seconds);
    if (status == 0)
        status = number_take(spec, "layouts", file->layouts, 1, 1, SPEC_LAYOUTS_MAX, &spec->layouts);
    return status;
}

static int file_read(const char *path, char **ret_text, size_t *ret_size)
{
    struct stat about;
    FILE *file = fopen(path, "re");
    if (!file || fstat(fileno(file), &about) != 0) {
        int status = message_bad_input("%s: %s", path, strerror(errno));
        if (file)
            fclose(file);
        return status;
    }
    char *text = NULL;
    if (!S_ISREG(about.st_mode) || about.st_size > SPEC_BYTES_MAX)
        message_bad_input("%s: not a matrix file: it must be a regular file of 1 MiB or less", path);
    else if (!(text = text_read(file, ret_size)))
        message_bad_input("%s: %s", path, strerror(errno));
    fclose(file);
    *ret_text = text;
    return text ? 0 : MESSAGE_BAD_INPUT;
}

/* Reads the text as nodes, which also checks its syntax. */
static int document_read(struct spec *spec, const char *text, size_t size)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        memory_exhausted();
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
    int status = 0;
    if (!yaml_parser_load(&parser, &spec->document))
        status = message_bad_input("%s:%zu:%zu: not YAML: %s", spec->path, parser.problem_mark.line + 1,
                                   parser.problem_mark.column + 1,
                                   parser.problem ? parser.problem : "out of memory");
    else if (!yaml_document_get_root_node(&spec->document))
        status = message_bad_input("%s: empty; a matrix needs a name and cells", spec->path);
    yaml_parser_delete(&parser);
    return status;
}

int spec_load(const char *path, struct spec **ret_spec)
{
    char *text = NULL;
    size_t size = 0;
    if (file_read(path, &text, &size) != 0)
        return MESSAGE_BAD_INPUT;
    struct spec *spec = memory_new(1, sizeof(*spec));
    spec->path = text_format("%s", path);
    hash_bytes(text, size, spec->sha256);
    int status = document_read(spec, text, size);
    if (status == 0)
        status = spec_schema_load(path, text, size, &spec->document, &spec->file);
    if (status == 0)
        status = spec_take(spec);
    free(text);
    if (status == 0)
        *ret_spec = spec;
    else
        spec_free(spec);
    return status;
}

void spec_free(struct spec *spec)
{
    if (!spec)
        return;
    spec_schema_free(spec->file);
    yaml_document_delete(&spec->document);
    free(spec->path);
    free(spec->minimum_heaps);
    free(spec);
}

/* A list with every default filled in; `standard` is NULL where the default is an empty list. */
static json_t *list_describe(char *const *items, unsigned count, const char *standard)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < count; i++)
        json_array_append_new(list, json_string(items[i]));
    if (count == 0 && standard)
        json_array_append_new(list, json_string(standard));
    return list;
}

json_t *spec_describe(const struct spec *spec)
{
    json_t *cells = json_array();
    for (unsigned i = 0; i < spec->cells_count; i++) {
        const struct spec_cells *entry = &spec->cells[i];
        json_array_append_new(
            cells, json_pack("{so so so so}", "workloads",
                             list_describe(entry->workloads, entry->workloads_count, ""), "collectors",
                             list_describe(entry->collectors, entry->collectors_count, ""), "allocators",
                             list_describe(entry->allocators, entry->allocators_count, "glibc"), "heaps",
                             list_describe(entry->heaps, entry->heaps_count, NULL)));
    }
    return json_pack("{ss sI sI sb sI sI ss ss so}", "name", spec->name, "blocks", (json_int_t)spec->blocks,
                     "seed", (json_int_t)spec->seed, "vary_seed", spec->vary_seed, "timeout_seconds",
                     (json_int_t)spec->timeout_seconds, "layouts", (json_int_t)spec->layouts, "raw",
                     raw_names[spec->raw], "counter", counter_names[spec->counter], "cells", cells);
}
