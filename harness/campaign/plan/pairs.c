/* SPDX-License-Identifier: MIT */
#include "harness/campaign/plan/pairs.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/build.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/nearest.h"
#include "base/text.h"
#include "harness/campaign/process/subprocess.h"

#define SCHEMA "gcmatrix.pairs.1"

static char *executable_folder(void)
{
    char *path = realpath("/proc/self/exe", NULL);
    if (path)
        *strrchr(path, '/') = '\0';
    return path ? path : text_format(".");
}

/* Where pairs.json is, the caller's to free; NULL if it is nowhere. */
static char *pairs_find(void)
{
    static const char *const places[] = {"harness/runner/pairs.json", "../harness/runner/pairs.json",
                                         "../../harness/runner/pairs.json", "../libexec/gcmatrix/pairs.json"};
    if (getenv("GCMATRIX_PAIRS"))
        return text_format("%s", getenv("GCMATRIX_PAIRS"));
    char *folder = executable_folder(), *found = NULL;
    for (size_t i = 0; !found && i < sizeof(places) / sizeof(places[0]); i++) {
        found = text_format("%s/%s", folder, places[i]);
        if (access(found, R_OK) != 0) {
            free(found);
            found = NULL;
        }
    }
    free(folder);
    return found;
}

static bool pairs_check(const json_t *list)
{
    const char *schema = json_string_value(json_object_get(list, "schema"));
    const json_t *pair;
    size_t index;
    if (!schema || strcmp(schema, SCHEMA) != 0 || !json_is_array(json_object_get(list, "workloads")) ||
        !json_is_array(json_object_get(list, "collectors")) || !json_is_array(json_object_get(list, "pairs")))
        return false;
    json_array_foreach(json_object_get(list, "pairs"), index, pair)
        if (!json_is_string(json_object_get(pair, "workload")) ||
            !json_is_string(json_object_get(pair, "collector")) ||
            !json_is_string(json_object_get(pair, "path")))
            return false;
    return true;
}

int pairs_load_file(const char *path, struct pairs **ret_pairs)
{
    json_error_t error;
    FILE *file;
    const char *why = input_open(path, &file);
    int status = 0;
    if (why)
        return message_bad_input("%s: %s", path, why);
    json_t *list = json_loadf(file, JSON_REJECT_DUPLICATES, &error);
    fclose(file);
    if (!list)
        status = message_bad_input("%s:%d:%d: %s", path, error.line, error.column, error.text);
    else if (!pairs_check(list))
        status = message_bad_input("%s: not of schema \"" SCHEMA "\"", path);
    if (status != 0) {
        json_decref(list);
        return status;
    }
    const char *slash = strrchr(path, '/');
    struct pairs *pairs = memory_new(1, sizeof(*pairs));
    pairs->list = list;
    pairs->dir = slash ? text_format("%.*s", (int)(slash - path), path) : text_format(".");
    *ret_pairs = pairs;
    return 0;
}

int pairs_load(struct pairs **ret_pairs)
{
    char *path = pairs_find();
    if (!path)
        return message_bad_input(
            "no harness/runner/pairs.json near this program; build the pairs, or name the file in "
            "GCMATRIX_PAIRS");
    int status = pairs_load_file(path, ret_pairs);
    free(path);
    return status;
}

void pairs_free(struct pairs *pairs)
{
    if (!pairs)
        return;
    json_decref(pairs->list);
    free(pairs->dir);
    free(pairs);
}

static bool member_is(const json_t *pair, const char *key, const char *value)
{
    return !value || strcmp(json_string_value(json_object_get(pair, key)), value) == 0;
}

/* The path that pairs.json gives, whether or not the executable is there. */
static char *path_of(const struct pairs *pairs, const json_t *pair)
{
    const char *path = json_string_value(json_object_get(pair, "path"));
    return *path == '/' ? text_format("%s", path) : text_format("%s/%s", pairs->dir, path);
}

char *pairs_path_any(const struct pairs *pairs, const char *workload, const char *collector)
{
    const json_t *pair;
    size_t index;
    json_array_foreach(json_object_get(pairs->list, "pairs"), index, pair)
        if (member_is(pair, "workload", workload) && member_is(pair, "collector", collector)) {
            char *joined = path_of(pairs, pair), *real = realpath(joined, NULL);
            free(joined);
            if (real) /* a build of some of the targets has some of the pairs */
                return real;
        }
    return NULL;
}

char *pairs_path(const struct pairs *pairs, const char *workload, const char *collector)
{
    return pairs_path_any(pairs, workload, collector);
}

char *pairs_path_listed(const struct pairs *pairs, const char *workload, const char *collector)
{
    const json_t *pair;
    size_t index;
    json_array_foreach(json_object_get(pairs->list, "pairs"), index, pair)
        if (member_is(pair, "workload", workload) && member_is(pair, "collector", collector))
            return path_of(pairs, pair);
    return NULL;
}

size_t pairs_built(const struct pairs *pairs)
{
    const json_t *pair;
    size_t index, count = 0;
    json_array_foreach(json_object_get(pairs->list, "pairs"), index, pair) {
        char *path = path_of(pairs, pair);
        count += access(path, X_OK) == 0;
        free(path);
    }
    return count;
}

static int unbuilt_say(const char *place, char *path)
{
    char *command = build_command(&path, 1);
    int status = message_bad_input("%s: %s is not built%s%s", place, strrchr(path, '/') + 1,
                                   command ? "; " : "", command ? command : "");
    free(command);
    return status;
}

int pairs_missing(const struct pairs *pairs, const char *place, const char *workload, const char *collector)
{
    enum { FEW = 3 };
    const char *names[FEW];
    const json_t *pair;
    size_t index, count = 0;
    char *listed = pairs_path_listed(pairs, workload, collector);
    if (listed) {
        int status = unbuilt_say(place, listed);
        free(listed);
        return status;
    }
    json_array_foreach(json_object_get(pairs->list, "pairs"), index, pair)
        if (member_is(pair, "collector", collector)) {
            if (count < FEW)
                names[count] = json_string_value(json_object_get(pair, "workload"));
            count++;
        }
    if (count == 0 || count > FEW)
        return message_bad_input("%s: the build has no executable %s-%s", place, workload, collector);
    return message_bad_input("%s: %s does not run %s, but only %s%s%s%s%s", place, collector, workload,
                             names[0],
                             count == 2   ? " and "
                             : count == 3 ? ", "
                                          : "",
                             count > 1 ? names[1] : "", count > 2 ? " and " : "", count > 2 ? names[2] : "");
}

int pairs_name_check(const struct pairs *pairs, const char *place, const char *kind, const char *name)
{
    const json_t *known =
        json_object_get(pairs->list, strcmp(kind, "workload") == 0 ? "workloads" : "collectors");
    size_t count = json_array_size(known);
    const char **names = memory_new(count + 1, sizeof(*names));
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        const char *candidate = json_string_value(json_array_get(known, i));
        names[i] = candidate ? candidate : "";
        found |= strcmp(names[i], name) == 0;
    }
    const char *near = found ? NULL : nearest_name(name, names, count);
    int status = 0;
    if (near)
        status = message_bad_input("%s: unknown %s '%s'; did you mean '%s'?", place, kind, name, near);
    else if (!found)
        status = message_bad_input("%s: unknown %s '%s'; 'gcmatrix list' shows them", place, kind, name);
    free(names);
    return status;
}

json_t *pairs_describe(const char *path)
{
    char *argv[] = {(char *)path, (char *)"--describe", NULL};
    char *output, *error_text;
    int code;
    json_error_t error;
    enum subprocess_end end = subprocess_capture(argv, NULL, SUBPROCESS_QUICK, &code, &output, &error_text);
    json_t *description = NULL;
    if (end != SUBPROCESS_EXITED || code != 0) {
        char *how = subprocess_explain(end, code, subprocess_line_last(error_text, NULL), SUBPROCESS_QUICK);
        message_bad_input("%s --describe: %s", path, how);
        free(how);
    } else if (!(description = json_loads(output, JSON_REJECT_DUPLICATES, &error))) {
        message_bad_input("%s --describe: line %d: %s", path, error.line, error.text);
    }
    free(output);
    free(error_text);
    return description;
}

/* An option in `text` that the description does not have, with the nearest name it has. */
static bool option_unknown_find(const json_t *known, const char *text, char *ret_name, size_t size,
                                const char **ret_near)
{
    const char *names[256];
    size_t count = 0;
    for (; count < json_array_size(known) && count < 256; count++) {
        const char *name = json_string_value(json_object_get(json_array_get(known, count), "name"));
        names[count] = name ? name : "";
    }
    while (*text) {
        size_t length = strcspn(text, ","), name_length = strcspn(text, "=,");
        bool found = false;
        snprintf(ret_name, size, "%.*s", (int)name_length, text);
        for (size_t i = 0; i < count; i++)
            found |= strcmp(names[i], ret_name) == 0;
        *ret_near = nearest_name(ret_name, names, count);
        if (!found)
            return true;
        text += length + (text[length] == ',');
    }
    return false;
}

static int options_complain(const char *place, const char *kind, const char *name, const char *path,
                            const char *options, const char *line)
{
    char unknown[64];
    const char *near = NULL;
    json_t *description = pairs_describe(path);
    if (!description)
        return MESSAGE_BAD_INPUT;
    const json_t *known = json_object_get(json_object_get(description, kind), "options");
    int status;
    if (option_unknown_find(known, options, unknown, sizeof(unknown), &near) && near)
        status =
            message_bad_input("%s: %s has no option '%s'; did you mean '%s'?", place, name, unknown, near);
    else
        status = message_bad_input("%s: %s%s%s: %s", place, name, *options ? ":" : "", options,
                                   line ? line : "refused");
    json_decref(description);
    return status;
}

/* Returns the pair's complaint without the executable's own name in front of it. */
static const char *prefix_skip(const char *line, const char *path)
{
    const char *executable = strrchr(path, '/') + 1;
    size_t length = strlen(executable);
    return line && strncmp(line, executable, length) == 0 && strncmp(line + length, ": ", 2) == 0
               ? line + length + 2
               : line;
}

/* Nothing of this workload or collector is built, so that nothing can say which options it has. */
static int kind_unbuilt_say(const struct pairs *pairs, const char *place, const char *kind, const char *name)
{
    bool is_workload = strcmp(kind, "workload") == 0;
    char *path = pairs_path_listed(pairs, is_workload ? name : NULL, is_workload ? NULL : name);
    if (!path)
        return message_bad_input("%s: the build has no executable with %s %s", place, kind, name);
    int status = unbuilt_say(place, path);
    free(path);
    return status;
}

int pairs_options_check(const struct pairs *pairs, const char *place, const char *kind, const char *name,
                        const char *options)
{
    bool is_workload = strcmp(kind, "workload") == 0;
    char *path = pairs_path_any(pairs, is_workload ? name : NULL, is_workload ? NULL : name);
    if (!path)
        return kind_unbuilt_say(pairs, place, kind, name);
    char *argv[] = {path, (char *)(is_workload ? "--workload-options" : "--collector-options"),
                    (char *)options, (char *)"--describe", NULL};
    char *output, *error;
    int code, status = 0;
    enum subprocess_end end = subprocess_capture(argv, NULL, SUBPROCESS_QUICK, &code, &output, &error);
    if (end == SUBPROCESS_INTERRUPTED)
        status = MESSAGE_INTERRUPTED;
    else if (end != SUBPROCESS_EXITED || code != 0)
        status = options_complain(place, kind, name, path, options,
                                  prefix_skip(subprocess_line_last(error, NULL), path));
    free(output);
    free(error);
    free(path);
    return status;
}

int pairs_entry_read(const char *place, const char *kind, const char *entry, char **ret_name,
                     char **ret_options)
{
    pairs_entry_split(entry, ret_name, ret_options);
    if (**ret_options || !strchr(entry, ':'))
        return 0;
    return message_bad_input(
        "%s: %s '%s' has a colon and no options behind it; it takes NAME or NAME:OPTIONS", place, kind,
        entry);
}

void pairs_entry_split(const char *entry, char **ret_name, char **ret_options)
{
    size_t length = strcspn(entry, ":");
    *ret_name = text_format("%.*s", (int)length, entry);
    *ret_options = text_format("%s", entry[length] ? entry + length + 1 : "");
}
