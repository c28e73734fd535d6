/* SPDX-License-Identifier: MIT */
#include "harness/campaign/plan/spec-schema.h"

#include <ctype.h>
#include <cyaml/cyaml.h>
#include <string.h>

#include "base/message.h"
#include "base/nearest.h"
#include "base/number.h"
#include "harness/campaign/plan/quantity.h"

static const cyaml_strval_t raw_words[] = {
    {"first", SPEC_RAW_FIRST}, {"all", SPEC_RAW_ALL}, {"none", SPEC_RAW_NONE}};

static const cyaml_strval_t counter_words[] = {
    {"none", SPEC_COUNTER_NONE}, {"perf", SPEC_COUNTER_PERF}, {"instructions", SPEC_COUNTER_INSTRUCTIONS}};

static const cyaml_schema_value_t name_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, CYAML_UNLIMITED)};

static const cyaml_schema_field_t cells_fields[] = {
    CYAML_FIELD_SEQUENCE("workloads", CYAML_FLAG_POINTER, struct spec_cells, workloads, &name_schema, 1,
                         CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("collectors", CYAML_FLAG_POINTER, struct spec_cells, collectors, &name_schema, 1,
                         CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("allocators", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct spec_cells,
                         allocators, &name_schema, 1, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("heaps", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct spec_cells, heaps,
                         &name_schema, 1, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("memory", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct spec_cells, memory,
                         &name_schema, 1, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("process_limit", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct spec_cells,
                           process_limit, 0, CYAML_UNLIMITED),
    CYAML_FIELD_END};

static const cyaml_schema_value_t cells_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct spec_cells, cells_fields)};

#define OPTIONAL (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)

static const cyaml_schema_field_t file_fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct spec_file, name, 1, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("blocks", OPTIONAL, struct spec_file, blocks, 0, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("precision", OPTIONAL, struct spec_file, precision, 0, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("minimum", OPTIONAL, struct spec_file, minimum, 0, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("budget", OPTIONAL, struct spec_file, budget, 0, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("baseline", OPTIONAL, struct spec_file, baseline, 0, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("seed", OPTIONAL, struct spec_file, seed, 0, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("vary_seed", OPTIONAL, struct spec_file, vary_seed, 0, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("timeout_seconds", OPTIONAL, struct spec_file, timeout_seconds, 0,
                           CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("layouts", OPTIONAL, struct spec_file, layouts, 0, CYAML_UNLIMITED),
    CYAML_FIELD_ENUM_PTR("raw", OPTIONAL | CYAML_FLAG_STRICT, struct spec_file, raw, raw_words, 3),
    CYAML_FIELD_ENUM_PTR("counter", OPTIONAL | CYAML_FLAG_STRICT, struct spec_file, counter, counter_words,
                         3),
    CYAML_FIELD_STRING_PTR("minimum_heaps", OPTIONAL, struct spec_file, minimum_heaps, 1, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("cells", CYAML_FLAG_POINTER, struct spec_file, cells, &cells_schema, 1,
                         CYAML_UNLIMITED),
    CYAML_FIELD_END};

static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct spec_file, file_fields)};

/* Every key, and the values that it takes: said after a complaint about its value. */
static const struct {
    const char *key, *takes;
} keys[] = {
    {"name", "a text"},
    {"blocks", "an integer from 1 to 10000"},
    {"precision", QUANTITY_SHARE_TAKES},
    {"minimum", QUANTITY_SHARE_TAKES},
    {"budget", QUANTITY_SPAN_TAKES},
    {"baseline", "one of the collectors of the matrix, with its options"},
    {"seed", "an integer from 0"},
    {"vary_seed", "true or false"},
    {"timeout_seconds", "an integer from 1 to 86400"},
    {"layouts", "an integer from 1 to 1000"},
    {"raw", "first, all or none"},
    {"counter", "none, perf or instructions"},
    {"minimum_heaps", "the path of a file that 'gcmatrix minheap --spec' wrote"},
    {"cells", "a list of mappings with workloads, collectors, heaps, allocators, memory and process_limit"},
    {"workloads", "a list of names, as in [rings, \"rings:size=2\"]"},
    {"collectors", "a list of names, as in [rc, \"rc-trial:roots=10000\"]"},
    {"heaps", "a list of multiples of the minimum heap, as in [1.25, 1.5, 2, 3, 4]"},
    {"allocators", "a list of names or paths, as in [glibc, \"jemalloc:normalised\"]"},
    {"memory", "a list of cold and warm, as in [cold, warm]"},
    {"process_limit", NUMBER_BYTES_EXPECTED},
};

enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

/* The log of libcyaml: its first complaint, and the innermost and outermost place after it. */
struct complaint {
    char text[256];
    unsigned line, column;
    char field[64]; /* the mapping field the place is in */
};

static void place_take(struct complaint *complaint, const char *line)
{
    char field[64] = "";
    unsigned at_line = 0, at_column = 0;
    const char *place = strstr(line, "(line: ");
    if (!place || sscanf(place, "(line: %u, column: %u)", &at_line, &at_column) != 2)
        return;
    if (complaint->line == 0) {
        complaint->line = at_line;
        complaint->column = at_column;
    }
    if (!*complaint->field && sscanf(line, " in mapping field '%63[^']'", field) == 1)
        strcpy(complaint->field, field);
}

static void log_take(cyaml_log_t level, void *context, const char *format, va_list arguments)
{
    char line[512];
    struct complaint *complaint = context;
    if (level < CYAML_LOG_ERROR)
        return;
    vsnprintf(line, sizeof(line), format, arguments);
    line[strcspn(line, "\n")] = '\0';
    const char *text = strncmp(line, "Load: ", 6) == 0 ? line + 6 : line;
    if (strncmp(text, "Backtrace", 9) == 0)
        return;
    if (strstr(text, "(line: "))
        place_take(complaint, text);
    else if (!*complaint->text)
        snprintf(complaint->text, sizeof(complaint->text), "%.255s", text);
}

/* The last key spelt `name` in the first mapping that has it `times` times. NULL if no mapping has. */
static const yaml_node_t *key_node_find(yaml_document_t *document, const char *name, int times)
{
    for (yaml_node_t *node = document->nodes.start; node < document->nodes.top; node++) {
        int seen = 0;
        if (node->type != YAML_MAPPING_NODE)
            continue;
        for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top;
             pair++) {
            const yaml_node_t *key = yaml_document_get_node(document, pair->key);
            if (key->type == YAML_SCALAR_NODE && strcmp((char *)key->data.scalar.value, name) == 0 &&
                ++seen == times)
                return key;
        }
    }
    return NULL;
}

static int complain_twice(const char *path, const struct complaint *complaint, yaml_document_t *document)
{
    const char *name = strrchr(complaint->text, ' ') + 1;
    const yaml_node_t *node = key_node_find(document, name, 2);
    return message_bad_input("%s:%u:%u: key '%s' is there already", path,
                             node ? (unsigned)node->start_mark.line + 1 : complaint->line,
                             node ? (unsigned)node->start_mark.column + 1 : complaint->column, name);
}

static int complain_key(const char *path, const struct complaint *complaint, yaml_document_t *document)
{
    const char *name = complaint->text + strlen("Unexpected key: ");
    const yaml_node_t *node = key_node_find(document, name, 1);
    unsigned line = node ? (unsigned)node->start_mark.line + 1 : complaint->line;
    unsigned column = node ? (unsigned)node->start_mark.column + 1 : complaint->column;
    const char *names[KEYS];
    for (size_t i = 0; i < KEYS; i++)
        names[i] = keys[i].key;
    const char *near = nearest_name(name, names, KEYS);
    if (near && strcmp(near, name) != 0)
        return message_bad_input("%s:%u:%u: unknown key '%s'; did you mean '%s'?", path, line, column, name,
                                 near);
    return message_bad_input(
        "%s:%u:%u: key '%s' does not belong here; a matrix has name, blocks, precision, minimum, "
        "budget, baseline, seed, vary_seed, timeout_seconds, layouts, raw, counter, minimum_heaps and cells, "
        "and an entry of cells workloads, collectors, heaps, allocators, memory and process_limit",
        path, line, column, name);
}

/* "Invalid uint64_t value: 'many'" becomes "'many' does not fit"; anything else loses its capital and full
 * stop. */
static void complaint_reword(struct complaint *complaint)
{
    char *text = complaint->text, given[200];
    size_t length = strlen(text);
    if (sscanf(text, "Invalid %*s value: %199[^\n]", given) == 1)
        snprintf(text, sizeof(complaint->text), *given == '\'' ? "%s does not fit" : "'%s' does not fit",
                 given);
    else if (isupper((unsigned char)text[0]) && islower((unsigned char)text[1]))
        text[0] = (char)tolower((unsigned char)text[0]);
    if (length && text[length - 1] == '.')
        text[length - 1] = '\0';
}

static int complain(const char *path, struct complaint *complaint, cyaml_err_t error,
                    yaml_document_t *document)
{
    if (strncmp(complaint->text, "Unexpected key: ", 16) == 0)
        return complain_key(path, complaint, document);
    if (strncmp(complaint->text, "Mapping field already seen: ", 28) == 0)
        return complain_twice(path, complaint, document);
    if (!*complaint->text)
        snprintf(complaint->text, sizeof(complaint->text), "%s", cyaml_strerror(error));
    complaint_reword(complaint);
    unsigned line = complaint->line ? complaint->line : 1, column = complaint->column ? complaint->column : 1;
    for (size_t i = 0; error != CYAML_ERR_MAPPING_FIELD_MISSING && i < KEYS; i++)
        if (strcmp(keys[i].key, complaint->field) == 0)
            return message_bad_input("%s:%u:%u: %s: %s; it takes %s", path, line, column, complaint->field,
                                     complaint->text, keys[i].takes);
    return message_bad_input("%s:%u:%u: %s", path, line, column, complaint->text);
}

static const cyaml_config_t plain_config = {
    .log_level = CYAML_LOG_ERROR, .mem_fn = cyaml_mem, .flags = CYAML_CFG_NO_ALIAS};

int spec_schema_load(const char *path, const char *text, size_t size, yaml_document_t *document,
                     struct spec_file **ret_file)
{
    struct complaint complaint = {0};
    cyaml_config_t config = plain_config;
    config.log_fn = log_take;
    config.log_ctx = &complaint;
    cyaml_err_t error =
        cyaml_load_data((const uint8_t *)text, size, &config, &file_schema, (void **)ret_file, NULL);
    return error == CYAML_OK ? 0 : complain(path, &complaint, error, document);
}

void spec_schema_free(struct spec_file *file)
{
    if (file)
        cyaml_free(&plain_config, &file_schema, file, 0);
}
