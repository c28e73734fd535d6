/* SPDX-License-Identifier: MIT */
#include "harness/results/records.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/input.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/results/files.h"

/* ---- reading ---- */

/* Reads a record from an open file. It is read whole first: json_loadf() would ask stdio for each byte. */
static json_t *record_load(FILE *file, size_t flags, json_error_t *ret_error)
{
    size_t size = 0;
    char *text = text_read(file, &size);
    if (!text)
        return json_loadf(file, flags, ret_error); /* which says what is wrong with the file */
    json_t *record = json_loadb(text, size, flags, ret_error);
    free(text);
    return record;
}

int records_read(const char *dir, int64_t id, json_t **ret_record)
{
    char path[PATH_MAX];
    json_error_t error;
    FILE *file;
    files_path(dir, FILES_RECORD, id, path);
    *ret_record = NULL;
    const char *why = input_open_own(path, FILES_OWN, &file);
    if (why)
        return errno == ENOENT ? 0 : message_bad_input("%s: %s", path, why);
    *ret_record = record_load(file, JSON_REJECT_DUPLICATES, &error);
    fclose(file);
    if (!*ret_record)
        return message_bad_input("%s:%d:%d: %s", path, error.line, error.column, error.text);
    return 0;
}

bool records_has_key(const char *dir, int64_t id, const char *key)
{
    char path[PATH_MAX];
    FILE *file;
    files_path(dir, FILES_RECORD, id, path);
    if (input_open_own(path, FILES_OWN, &file))
        return false;
    json_t *record = record_load(file, 0, NULL);
    fclose(file);
    bool has = json_object_get(record, key) != NULL;
    json_decref(record);
    return has;
}

/* What is wrong with a record, the caller's to free; NULL when nothing is. */
static char *record_check(const json_t *record, uint64_t seed)
{
    const char *schema = json_string_value(json_object_get(record, "schema"));
    const char *status = json_string_value(json_object_get(record, "status"));
    const char *checksum = json_string_value(json_object_get(record, "checksum"));
    const json_t *used = json_object_get(record, "seed");
    if (!schema || strcmp(schema, RECORDS_SCHEMA) != 0)
        return text_format("its record is of schema '%s', not " RECORDS_SCHEMA, schema ? schema : "(none)");
    if (!status || (strcmp(status, "ok") == 0 && !checksum))
        return text_format("its record has no status or no checksum");
    if (!json_is_integer(used) || (uint64_t)json_integer_value(used) != seed)
        return text_format("its record names another seed than %" PRIu64, seed);
    return NULL;
}

json_t *records_read_checked(const char *path, uint64_t seed, char **ret_reason)
{
    json_error_t error;
    FILE *file = NULL;
    const char *why = input_open(path, &file);
    json_t *record = file ? record_load(file, JSON_REJECT_DUPLICATES, &error) : NULL;
    if (record)
        *ret_reason = record_check(record, seed);
    else if (file)
        *ret_reason = text_format("its record is damaged at line %d: %s", error.line, error.text);
    else
        *ret_reason = errno == ENOENT ? text_format("it wrote no record")
                                      : text_format("its record cannot be read: %s", why);
    if (file)
        fclose(file);
    if (!*ret_reason)
        return record;
    json_decref(record);
    return NULL;
}

/* ---- writing ---- */

int records_write(const json_t *record, const char *path)
{
    FILE *file = strcmp(path, "-") == 0 ? stdout : fopen(path, "w");
    if (!file)
        return -1;
    int failed =
        json_dumpf(record, file, JSON_INDENT(2) | JSON_REAL_PRECISION(17)) < 0 || fputc('\n', file) == EOF;
    failed |= fflush(file) != 0;
    if (file != stdout)
        failed |= fclose(file) != 0;
    return failed ? -1 : 0;
}
