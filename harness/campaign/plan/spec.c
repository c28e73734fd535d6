/* SPDX-License-Identifier: MIT */
#include "harness/campaign/plan/spec.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/input.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/missing.h"
#include "base/nearest.h"
#include "base/number.h"
#include "base/text.h"
#include "harness/campaign/plan/quantity.h"
#include "harness/campaign/plan/spec-schema.h"
#include "harness/campaign/plan/spec-syntax.h"
#include "harness/campaign/process/hash.h"
#include "harness/statistics/sequential.h"

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

/* The node of a key of the matrix; NULL: there is none. */
static yaml_node_t *key_node(struct spec *spec, const char *key)
{
    yaml_document_t *document = &spec->document;
    return node_child(document, yaml_document_get_root_node(document), key);
}

/* Says what is wrong with the value of a key. Returns MESSAGE_BAD_INPUT. */
static int key_refuse(struct spec *spec, const char *key, const char *text, const char *words)
{
    char *place = node_place(spec, key_node(spec, key));
    int status = message_bad_input("%s: %s is '%s'; %s", place, key, text, words);
    free(place);
    return status;
}

/* Reads a number, of which `given` is the text; a missing one gets its default. */
static int number_take(struct spec *spec, const char *key, const char *given, uint64_t standard, uint64_t min,
                       uint64_t max, uint64_t *ret_value)
{
    *ret_value = standard;
    if (!given || (number_integer_read(given, max, ret_value) == 0 && *ret_value >= min))
        return 0;
    char *words = text_format("it takes an integer from %" PRIu64 " to %" PRIu64, min, max);
    int status = key_refuse(spec, key, given, words);
    free(words);
    return status;
}

static int vary_seed_take(struct spec *spec)
{
    const char *given = spec->file->vary_seed;
    spec->vary_seed = given && strcmp(given, "true") == 0;
    if (!given || spec->vary_seed || strcmp(given, "false") == 0)
        return 0;
    return key_refuse(spec, "vary_seed", given, "it takes true or false");
}

/* Refuses keys that exclude each other. */
static int design_check(struct spec *spec)
{
    const struct spec_file *file = spec->file;
    if (file->precision && file->blocks)
        return key_refuse(spec, "precision", file->precision,
                          "with precision blocks are added until all is decided, so 'blocks' must go");
    if (file->budget && !file->precision)
        return key_refuse(spec, "budget", file->budget,
                          "it limits a run with 'precision', which is missing; 'blocks' fixes their number");
    return 0;
}

/* A fixed design of so many blocks. */
static void design_fix(struct spec *spec, uint64_t blocks)
{
    spec->sequential = false;
    spec->blocks = spec->first = blocks;
    spec->precision = SEQUENTIAL_PRECISION;
    spec->budget_seconds = 0;
}

/* A design that adds blocks until all is decided. */
static void design_extend(struct spec *spec, double precision)
{
    spec->sequential = true;
    spec->blocks = SEQUENTIAL_MOST;
    spec->first = SEQUENTIAL_FIRST;
    spec->precision = precision;
}

/*
 * Takes `minimum`: 1%, or the precision where that is finer. A minimum above the precision would leave
 * differences that can be neither claimed nor called equal.
 */
static int minimum_take(struct spec *spec)
{
    const char *text = spec->file->minimum;
    spec->minimum = spec->precision < SEQUENTIAL_MINIMUM ? spec->precision : SEQUENTIAL_MINIMUM;
    if (text && !quantity_share_read(text, &spec->minimum))
        return key_refuse(spec, "minimum", text, "it takes " QUANTITY_SHARE_TAKES);
    if (spec->minimum > spec->precision)
        return key_refuse(spec, "minimum", text,
                          "it is above the precision, so a difference between them could be neither claimed "
                          "nor called equal");
    return 0;
}

static int design_take(struct spec *spec)
{
    const struct spec_file *file = spec->file;
    double precision;
    int status = design_check(spec);
    if (status == 0 && !file->precision) {
        status = number_take(spec, "blocks", file->blocks, 5, 1, SPEC_BLOCKS_MAX, &spec->blocks);
        design_fix(spec, spec->blocks);
    } else if (status == 0 && quantity_share_read(file->precision, &precision)) {
        design_extend(spec, precision);
    } else if (status == 0) {
        status = key_refuse(spec, "precision", file->precision, "it takes " QUANTITY_SHARE_TAKES);
    }
    if (status == 0 && file->budget && !quantity_span_read(file->budget, &spec->budget_seconds))
        status = key_refuse(spec, "budget", file->budget, "it takes " QUANTITY_SPAN_TAKES);
    return status == 0 ? minimum_take(spec) : status;
}

/*
 * Checks that the baseline is a collector entry, as written. Says what is wrong at `place`, the file's or the
 * option's.
 */
static int baseline_check(const struct spec *spec, const char *place, const char *baseline)
{
    size_t count = 0;
    for (unsigned i = 0; i < spec->cells_count; i++)
        count += spec->cells[i].collectors_count;
    const char **names = memory_new(count + 1, sizeof(*names));
    bool found = false;
    count = 0;
    for (unsigned i = 0; i < spec->cells_count; i++)
        for (unsigned c = 0; c < spec->cells[i].collectors_count; c++) {
            names[count++] = spec->cells[i].collectors[c];
            found |= strcmp(names[count - 1], baseline) == 0;
        }
    const char *near = found ? NULL : nearest_name(baseline, names, count);
    int status = 0;
    if (near)
        status = message_bad_input("%s: no collector of the matrix is '%s'; did you mean '%s'?", place,
                                   baseline, near);
    else if (!found)
        status = message_bad_input("%s: no collector of the matrix is '%s'; it takes one as the matrix has "
                                   "it, with its options",
                                   place, baseline);
    free(names);
    return status;
}

static int baseline_take(struct spec *spec)
{
    char *place = node_place(spec, key_node(spec, "baseline")), *words = text_format("%s: baseline", place);
    spec->baseline = spec->file->baseline;
    int status = spec->baseline ? baseline_check(spec, words, spec->baseline) : 0;
    free(words);
    free(place);
    return status;
}

static int memory_check(struct spec *spec)
{
    int status = 0;
    for (unsigned i = 0; i < spec->cells_count && status == 0; i++)
        for (unsigned m = 0; m < spec->cells[i].memory_count && status == 0; m++) {
            const char *text = spec->cells[i].memory[m];
            char *place = spec_place(spec, i, "memory", m);
            if (strcmp(text, "cold") != 0 && strcmp(text, "warm") != 0)
                status = message_bad_input("%s: memory is '%s'; it takes cold or warm", place, text);
            free(place);
        }
    return status;
}

static uint64_t items(unsigned count)
{
    return count ? count : 1; /* a list that is missing has its default */
}

/* Refuses a matrix of so many cells before any of them is made, which takes a time in their square. */
static int size_check(struct spec *spec)
{
    uint64_t cells = 0;
    for (unsigned i = 0; i < spec->cells_count; i++) {
        const struct spec_cells *entry = &spec->cells[i];
        uint64_t workloads = items(entry->workloads_count), collectors = items(entry->collectors_count);
        uint64_t rest =
            items(entry->allocators_count) * items(entry->heaps_count) * items(entry->memory_count);
        bool fits = workloads <= SPEC_CELLS_MAX && collectors <= SPEC_CELLS_MAX && rest <= SPEC_CELLS_MAX &&
                    workloads * collectors <= SPEC_CELLS_MAX;
        cells += fits ? workloads * collectors * rest : SPEC_CELLS_MAX;
        cells += !fits;
        if (cells > SPEC_CELLS_MAX) {
            char *place = spec_place(spec, i, "workloads", 0);
            int status = message_bad_input("%s: more than %d cells up to here; a matrix has no more", place,
                                           SPEC_CELLS_MAX);
            free(place);
            return status;
        }
    }
    return 0;
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
    spec->raw = file->raw ? *file->raw : SPEC_RAW_FIRST;
    spec->counter = file->counter ? *file->counter : SPEC_COUNTER_NONE;
    int status = name_check(spec);
    if (status == 0)
        status = design_take(spec);
    if (status == 0)
        status = baseline_take(spec);
    if (status == 0)
        status = size_check(spec);
    if (status == 0)
        status = memory_check(spec);
    if (status == 0)
        status = vary_seed_take(spec);
    if (status == 0)
        status = number_take(spec, "seed", file->seed, 1, 0, INT64_MAX / 2, &spec->seed);
    if (status == 0)
        status = number_take(spec, "timeout_seconds", file->timeout_seconds, 300, 1, SPEC_TIMEOUT_MAX,
                             &spec->timeout_seconds);
    if (status == 0)
        status = number_take(spec, "layouts", file->layouts, 1, 1, SPEC_LAYOUTS_MAX, &spec->layouts);
    return status;
}

static const struct missing_kind matrix_files = {
    .nouns = "matrix files",
    .middle = ".yaml",
    .home = "matrices",
    .remedy = "a matrix is a file such as matrices/quick.yaml of the tree of gcmatrix",
};

/* Refuses a matrix file that cannot be opened. One that is not there is told with those that are. */
static int file_refuse(const char *path, const char *why)
{
    if (errno != ENOENT)
        return message_bad_input("%s: %s", path, why);
    char *remedy = missing_remedy(path, &matrix_files);
    int status = message_bad_input("%s: %s; %s", path, why, remedy);
    free(remedy);
    return status;
}

static int file_read(const char *path, char **ret_text, size_t *ret_size)
{
    struct stat about;
    FILE *file;
    char *text = NULL;
    const char *why = input_open(path, &file);
    if (why)
        return file_refuse(path, why);
    if (fstat(fileno(file), &about) != 0 || about.st_size > SPEC_BYTES_MAX)
        message_bad_input("%s: not a matrix file: it must be of 1 MiB or less", path);
    else if (!(text = text_read(file, ret_size)))
        message_bad_input("%s: %s", path, strerror(errno));
    fclose(file);
    *ret_text = text;
    return text ? 0 : MESSAGE_BAD_INPUT;
}

/* Reads the text, whose syntax was checked, as nodes. */
static int document_read(struct spec *spec, const char *text, size_t size)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        memory_exhausted();
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
    if (!yaml_parser_load(&parser, &spec->document))
        memory_exhausted();
    yaml_parser_delete(&parser);
    return yaml_document_get_root_node(&spec->document)
               ? 0
               : message_bad_input("%s: empty; a matrix needs a name and cells", spec->path);
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
    int status = spec_syntax_check(path, text, size);
    if (status == 0)
        status = document_read(spec, text, size);
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

/* Takes what the command line says of the design. */
static int design_override(struct spec *spec, const struct spec_overrides *overrides)
{
    double precision;
    if (overrides->blocks && overrides->precision)
        return message_bad_input("--blocks fixes the number of blocks, and --precision adds blocks until all "
                                 "is decided; give one of them");
    if (overrides->blocks)
        design_fix(spec, overrides->blocks);
    if (overrides->precision && !quantity_share_read(overrides->precision, &precision))
        return message_bad_input("--precision takes %s, not '%s'", QUANTITY_SHARE_TAKES,
                                 overrides->precision);
    if (overrides->precision)
        design_extend(spec, precision);
    if (overrides->budget && !spec->sequential)
        return message_bad_input("--budget limits a run with a precision; give --precision too");
    if (overrides->budget && !quantity_span_read(overrides->budget, &spec->budget_seconds))
        return message_bad_input("--budget takes %s, not '%s'", QUANTITY_SPAN_TAKES, overrides->budget);
    return minimum_take(spec);
}

int spec_override(struct spec *spec, const struct spec_overrides *overrides)
{
    int status = design_override(spec, overrides);
    if (status == 0 && overrides->baseline) {
        spec->baseline = overrides->baseline;
        status = baseline_check(spec, "--baseline", overrides->baseline);
    }
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
            cells, json_pack("{so so so so so ss*}", "workloads",
                             list_describe(entry->workloads, entry->workloads_count, ""), "collectors",
                             list_describe(entry->collectors, entry->collectors_count, ""), "allocators",
                             list_describe(entry->allocators, entry->allocators_count, "glibc"), "heaps",
                             list_describe(entry->heaps, entry->heaps_count, NULL), "memory",
                             list_describe(entry->memory, entry->memory_count, "cold"), "process_limit",
                             entry->process_limit));
    }
    json_t *blocks = spec->sequential ? json_null() : json_integer((json_int_t)spec->blocks);
    json_t *precision = spec->sequential ? json_real(spec->precision) : json_null();
    json_t *budget = spec->budget_seconds ? json_integer((json_int_t)spec->budget_seconds) : json_null();
    return json_pack("{ss so so sf so ss? sI sb sI sI ss ss so}", "name", spec->name, "blocks", blocks,
                     "precision", precision, "minimum", spec->minimum, "budget_seconds", budget, "baseline",
                     spec->baseline, "seed", (json_int_t)spec->seed, "vary_seed", spec->vary_seed,
                     "timeout_seconds", (json_int_t)spec->timeout_seconds, "layouts",
                     (json_int_t)spec->layouts, "raw", raw_names[spec->raw], "counter",
                     counter_names[spec->counter], "cells", cells);
}
