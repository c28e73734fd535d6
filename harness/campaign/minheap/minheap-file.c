/* SPDX-License-Identifier: MIT */
#include "harness/campaign/minheap/minheap-file.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "base/input.h"
#include "base/message.h"
#include "base/number.h"
#include "base/text.h"
#include "harness/results/json-text.h"

static const char *minimum_text(const json_t *minimum, const char *key)
{
    const char *text = json_string_value(json_object_get(minimum, key));
    return text ? text : "";
}

/* What an entry lacks, or NULL. */
static const char *minimum_check(const json_t *minimum)
{
    static const char *const texts[] = {"workload", "workload_options", "collector", "collector_options"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (!json_is_string(json_object_get(minimum, texts[i])))
            return texts[i];
    const json_t *bytes = json_object_get(minimum, "minimum_bytes");
    if (!json_is_integer(json_object_get(minimum, "seed")))
        return "seed";
    if (!json_is_null(bytes) &&
        (json_integer_value(bytes) <= 0 || json_integer_value(bytes) > MINHEAP_BYTES_MAX))
        return "minimum_bytes";
    return json_is_integer(bytes) && !json_is_boolean(json_object_get(minimum, "monotone")) ? "monotone"
                                                                                            : NULL;
}

int minheap_file_read(const char *path, json_t **ret_minima)
{
    json_error_t error;
    FILE *stream;
    const char *why = input_open(path, &stream);
    if (why && errno == ENOENT)
        return message_bad_input("%s: %s; `gcmatrix minheap --spec MATRIX.yaml -o %s` writes it", path, why,
                                 path);
    if (why)
        return message_bad_input("%s: %s", path, why);
    json_t *file = json_loadf(stream, JSON_REJECT_DUPLICATES, &error);
    fclose(stream);
    if (!file)
        return message_bad_input("%s:%d:%d: %s", path, error.line, error.column, error.text);
    json_t *minima = json_object_get(file, "minima"), *minimum;
    const char *schema = json_string_value(json_object_get(file, "schema")), *lacks = NULL;
    size_t index;
    int status = 0;
    if (!schema || strcmp(schema, MINHEAP_FILE_SCHEMA) != 0)
        status = message_bad_input("%s: schema is '%s'; it must be '%s'", path, schema ? schema : "",
                                   MINHEAP_FILE_SCHEMA);
    else if (!json_is_array(minima))
        status = message_bad_input("%s: there is no array 'minima'", path);
    json_array_foreach(status == 0 ? minima : NULL, index, minimum) {
        if (!lacks && (lacks = minimum_check(minimum)))
            status = message_bad_input("%s: minima[%zu] has no '%s', or not of the right kind", path, index,
                                       lacks);
    }
    if (status == 0)
        *ret_minima = json_incref(minima);
    json_decref(file);
    return status;
}

bool minheap_file_is(const char *path)
{
    FILE *stream;
    if (input_open(path, &stream))
        return false;
    json_t *file = json_loadf(stream, 0, NULL);
    const char *schema = json_string_value(json_object_get(file, "schema"));
    bool is = schema && strcmp(schema, MINHEAP_FILE_SCHEMA) == 0;
    fclose(stream);
    json_decref(file);
    return is;
}

void minheap_file_write(FILE *stream, const char *command, const json_t *minima)
{
    char now[32];
    time_t at = time(NULL);
    strftime(now, sizeof(now), "%Y-%m-%dT%H:%M:%SZ", gmtime(&at));
    json_t *file = json_pack("{ss so ss ss sO}", "schema", MINHEAP_FILE_SCHEMA, "made_by", json_text(command),
                             "version", GCMATRIX_VERSION, "created", now, "minima", minima);
    json_dumpf(file, stream, JSON_INDENT(1));
    json_decref(file);
}

uint64_t minheap_file_find(const json_t *minima, const char *workload, const char *options, uint64_t seed)
{
    uint64_t least = 0;
    const json_t *minimum;
    size_t index;
    json_array_foreach(minima, index, minimum) {
        uint64_t bytes = (uint64_t)json_integer_value(json_object_get(minimum, "minimum_bytes"));
        bool fits = strcmp(minimum_text(minimum, "workload"), workload) == 0 &&
                    strcmp(minimum_text(minimum, "workload_options"), options) == 0 &&
                    (uint64_t)json_integer_value(json_object_get(minimum, "seed")) == seed &&
                    json_is_true(json_object_get(minimum, "monotone"));
        if (fits && bytes > 0 && (least == 0 || bytes < least))
            least = bytes;
    }
    return least;
}

int minheap_multiple_read(const char *place, const char *text, double *ret_multiple)
{
    const char *rest = number_real_read(text, ret_multiple);
    bool plain =
        rest && !*rest && !strpbrk(text, "eE"); /* the text names the setting: 1e3 would be one more name */
    if (plain && *ret_multiple >= 1 && *ret_multiple <= MINHEAP_MULTIPLE_MAX)
        return 0;
    return message_bad_input("%s: heap '%s': it takes a multiple of the minimum heap from 1 to %d, as in 1.5",
                             place, text, MINHEAP_MULTIPLE_MAX);
}

uint64_t minheap_multiple_bytes(double multiple, uint64_t minimum)
{
    return (uint64_t)ceil(multiple * (double)minimum);
}
