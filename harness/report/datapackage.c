/* SPDX-License-Identifier: MIT */
#include "harness/report/datapackage.h"

#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "base/writing.h"
#include "harness/results/csv.h"
#include "harness/results/dictionary.h"
#include "harness/results/files.h"

/* ---- schemas ---- */

/* Returns the names that blanks part. A new reference. */
static json_t *names_json(const char *names)
{
    json_t *array = json_array();
    for (size_t length; *names; names += length + (names[length] == ' ')) {
        length = strcspn(names, " ");
        json_array_append_new(array, json_stringn(names, length));
    }
    return array;
}

static json_t *constraints_json(const struct dictionary_column *column)
{
    json_t *constraints = json_object();
    if (!column->empty)
        json_object_set_new(constraints, "required", json_true());
    if (column->words)
        json_object_set_new(constraints, "enum", names_json(column->words));
    if (column->type != DICTIONARY_TEXT && column->type != DICTIONARY_NUMBER &&
        column->type != DICTIONARY_FLAG)
        json_object_set_new(constraints, "minimum", json_integer(0));
    return constraints;
}

static json_t *field_json(const struct dictionary_column *column)
{
    static const char *const types[DICTIONARY_TYPES] = {
        [DICTIONARY_TEXT] = "string", [DICTIONARY_COUNT] = "integer", [DICTIONARY_NUMBER] = "number",
        [DICTIONARY_ID] = "integer",  [DICTIONARY_PLACE] = "integer", [DICTIONARY_FLAG] = "boolean"};
    char *description = text_format("%s%s%s", column->meaning, column->empty ? "; empty " : "",
                                    column->empty ? column->empty : "");
    json_t *field = json_pack("{ss ss ss}", "name", column->name, "type", types[column->type], "description",
                              description);
    if (strcmp(column->unit, DICTIONARY_UNIT_OF_ROW) == 0)
        json_object_set_new(field, "unitColumn", json_string("unit"));
    else if (column->unit[0])
        json_object_set_new(field, "unit", json_string(column->unit));
    if (column->type == DICTIONARY_FLAG) {
        json_object_set_new(field, "trueValues", json_pack("[s]", "1"));
        json_object_set_new(field, "falseValues", json_pack("[s]", "0"));
    }
    json_object_set_new(field, "constraints", constraints_json(column));
    free(description);
    return field;
}

/* Returns the schema of all columns of a file. A new reference. */
static json_t *schema_json(const struct dictionary_file *file)
{
    json_t *fields = json_array();
    for (size_t i = 0; i < file->count; i++)
        json_array_append_new(fields, field_json(&file->columns[i]));
    json_t *schema = json_pack("{so s[s]}", "fields", fields, "missingValues", "");
    if (file->key)
        json_object_set_new(schema, "primaryKey", names_json(file->key));
    return schema;
}

/* ---- files ---- */

static json_t *resource_json(const struct dictionary_file *file, json_t *schema)
{
    char *description = text_format("A row is %s.", file->row);
    json_t *dialect = json_pack("{ss ss ss sb sb}", "delimiter", ",", "lineTerminator", "\n", "quoteChar",
                                "\"", "doubleQuote", 1, "header", 1);
    json_t *resource =
        json_pack("{ss ss ss ss ss ss ss so so}", "profile", "tabular-data-resource", "name", file->name,
                  "path", file->path, "description", description, "format", "csv", "mediatype", "text/csv",
                  "encoding", "utf-8", "dialect", dialect, "schema", schema);
    free(description);
    return resource;
}

/* Returns the first line of a file of the run's folder; NULL where there is none. The caller frees it. */
static char *first_line(const char *folder, const char *path, size_t *ret_length)
{
    char whole[PATH_MAX], *line = NULL;
    size_t size = 0;
    FILE *file = NULL;
    snprintf(whole, sizeof(whole), "%s/%s", folder, path);
    if (input_open_own(whole, 1, &file) != NULL)
        return NULL;
    ssize_t length = getline(&line, &size, file);
    fclose(file);
    if (length <= 0) {
        free(line);
        return NULL;
    }
    *ret_length = (size_t)length;
    return line;
}

/* Leaves the fields that a file of an earlier version has, in the order of its header. A new reference. */
static json_t *fields_of_header(const struct dictionary_file *file, const struct csv_reader *reader)
{
    json_t *fields = json_array();
    for (size_t i = 0; i < reader->field_count; i++) {
        const struct dictionary_column *column = dictionary_find(file, reader->fields[i]);
        if (column)
            json_array_append_new(fields, field_json(column));
    }
    return fields;
}

/*
 * Adds a file that measuring wrote, where the folder has it. Its fields are those of its header: one of an
 * earlier version has fewer columns. One whose header is damaged is left out.
 */
static void measured_add(const char *folder, const struct dictionary_file *file, json_t *resources)
{
    struct csv_reader reader;
    size_t length;
    char *line = first_line(folder, file->path, &length);
    if (!line)
        return;
    csv_reader_start(&reader, line, length);
    if (csv_record_next(&reader) == CSV_RECORD) {
        json_t *fields = fields_of_header(file, &reader), *schema = schema_json(file);
        bool known = json_array_size(fields) == reader.field_count;
        json_object_set_new(schema, "fields", fields);
        if (known)
            json_array_append_new(resources, resource_json(file, schema));
        else
            json_decref(schema);
    }
    csv_reader_stop(&reader);
    free(line);
}

static json_t *resources_json(const char *folder, const struct table_set *set)
{
    json_t *resources = json_array();
    for (size_t i = 0; i < set->count; i++)
        json_array_append_new(resources,
                              resource_json(set->tables[i].file, schema_json(set->tables[i].file)));
    measured_add(folder, &dictionary_runs, resources);
    measured_add(folder, &dictionary_reference, resources);
    return resources;
}

/* Returns the files that each process has, of those kinds that the folder holds. A new reference. */
static json_t *process_files_json(const char *folder)
{
    static const struct {
        enum files_kind kind;
        const struct dictionary_file *file;
    } kinds[] = {{FILES_EVENTS, &dictionary_events},
                 {FILES_PHASES, &dictionary_phases},
                 {FILES_TIMELINE, &dictionary_timelines},
                 {FILES_LATENCIES, &dictionary_latencies}};
    json_t *files = json_array();
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (files_has_any(folder, kinds[i].kind))
            json_array_append_new(files, resource_json(kinds[i].file, schema_json(kinds[i].file)));
    return files;
}

/* ---- the package ---- */

/* Returns the run's name in the characters that a name of a package may have. The caller frees it. */
static char *package_name(const char *run)
{
    char *name = escape_plain(*run ? run : "run", 60);
    for (char *at = name; *at; at++) {
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
        else if (!((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || *at == '.' || *at == '_'))
            *at = '-';
    }
    return name;
}

/* Whether a text is a date as the manifest writes it, such as 2026-11-27T22:10:00Z. */
static bool is_date(const char *text)
{
    static const char form[] = "dddd-dd-ddTdd:dd:ddZ";
    size_t i = 0;
    for (; text[i] && form[i]; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == 'd' ? !digit : text[i] != form[i])
            return false;
    }
    return text[i] == form[i];
}

static json_t *units_json(void)
{
    json_t *units = json_object();
    for (size_t i = 0; i < DICTIONARY_UNITS; i++)
        json_object_set_new(units, dictionary_units[i].unit, json_string(dictionary_units[i].meaning));
    return units;
}

static json_t *package_json(const struct run *run, const struct table_set *set)
{
    const char *given = json_string_value(json_object_get(run->store->manifest, "name"));
    const char *created = json_string_value(json_object_get(run->store->manifest, "created"));
    char *name = package_name(given ? given : ""), *plain = escape_plain(given ? given : "", 120);
    char *title = text_format("A run of gcmatrix: %s", plain);
    json_t *package = json_pack(
        "{ss ss ss ss}", "profile", "tabular-data-package", "name", name, "title", title, "description",
        "Garbage collectors measured against each other: a row for each process, and the tables that the "
        "analysis "
        "made of the rows. docs/data.md and docs/metrics.md of gcmatrix say what each figure is.");
    if (created && is_date(created))
        json_object_set_new(package, "created", json_string(created));
    json_object_set_new(package, "resources", resources_json(run->store->dir, set));
    json_object_set_new(package, "processFiles", process_files_json(run->store->dir));
    json_object_set_new(package, "units", units_json());
    free(title);
    free(plain);
    free(name);
    return package;
}

int datapackage_write(const struct run *run, const struct table_set *set)
{
    struct writing_folder folder;
    json_t *package = package_json(run, set);
    char *text = memory_need(json_dumps(package, JSON_INDENT(1)));
    int status = writing_folder_open(run->store->dir, &folder);
    if (status == 0)
        status = writing_text(&folder, "datapackage.json", text, strlen(text));
    writing_folder_close(&folder);
    free(text);
    json_decref(package);
    return status;
}
