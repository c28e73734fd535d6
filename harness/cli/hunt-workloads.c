/* SPDX-License-Identifier: MIT */
#include "harness/cli/hunt-workloads.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/build.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"

#define INTEGERS_END 9007199254740992.0 /* 2^53 */

static const char recorder[] = "recorder";
static const char replay[] = "replay"; /* its options say nothing of what it does */

/* ---- options, as a pair describes them ---- */

static bool type_read(const char *text, enum option_type *ret_type)
{
    static const char *const types[] = {"integer", "real", "switch", "choice", "text"};
    for (size_t i = 0; i < sizeof types / sizeof *types && text; i++)
        if (strcmp(types[i], text) == 0) {
            *ret_type = (enum option_type)i;
            return true;
        }
    return false;
}

static const char *text_of(const json_t *option, const char *key)
{
    const char *text = json_string_value(json_object_get(option, key));
    return text ? text : "";
}

/* The words of a choice, and which of them is its default. */
static void choices_read(const json_t *option, struct option_spec *spec)
{
    const json_t *choices = json_object_get(option, "choices");
    size_t count = json_array_size(choices);
    const char **words = memory_new(count + 1, sizeof *words);
    for (size_t i = 0; i < count; i++) {
        const char *word = json_string_value(json_array_get(choices, i));
        words[i] = word ? word : "";
        if (strcmp(words[i], text_of(option, "default")) == 0)
            spec->standard = (double)i;
    }
    spec->max = count ? (double)count - 1 : 0;
    spec->choices = words;
}

/* Whether the default lies between the bounds, and integers are exact as a double. */
static bool bounds_are_whole(const struct option_spec *spec)
{
    if (spec->type == OPTION_TEXT)
        return true;
    bool is_exact = spec->type != OPTION_INTEGER || spec->max < INTEGERS_END;
    return is_exact && 0 <= spec->min && spec->min <= spec->standard && spec->standard <= spec->max;
}

static bool option_read(const json_t *option, size_t place, struct option_spec *ret_spec)
{
    const json_t *standard = json_object_get(option, "default");
    *ret_spec = (struct option_spec){.name = text_of(option, "name"),
                                     .unit = text_of(option, "unit"),
                                     .help = "",
                                     .offset = place * WORKLOAD_OPTION_BYTES,
                                     .standard = json_number_value(standard),
                                     .min = json_number_value(json_object_get(option, "min")),
                                     .max = json_number_value(json_object_get(option, "max"))};
    if (!*ret_spec->name || !type_read(text_of(option, "type"), &ret_spec->type))
        return false;
    if (ret_spec->type == OPTION_SWITCH) {
        ret_spec->standard = json_is_true(standard);
        ret_spec->max = 1;
    }
    if (ret_spec->type == OPTION_CHOICE)
        choices_read(option, ret_spec);
    return bounds_are_whole(ret_spec);
}

/* Reads the workload of an executable, whose path the kind keeps. */
static int kind_read(const char *path, const char *name, const json_t *workload,
                     struct workload_kind *ret_kind)
{
    const json_t *options = json_object_get(workload, "options"), *option;
    size_t count = json_array_size(options), place;
    struct option_spec *specs = memory_new(count + 1, sizeof *specs);
    bool whole = count <= WORKLOAD_OPTIONS_MAX && strcmp(text_of(workload, "name"), name) == 0;
    *ret_kind = (struct workload_kind){
        .name = text_of(workload, "name"),
        .recorder = path,
        .options = {.options = specs, .count = count, .bytes = count * WORKLOAD_OPTION_BYTES}};
    json_array_foreach(options, place, option)
        whole = whole && option_read(option, place, &specs[place]);
    return whole ? 0
                 : message_bad_input("%s --describe: this is not the workload '%s', or its options cannot be "
                                     "read: build it again",
                                     path, name);
}

static void kind_free(struct workload_kind *kind)
{
    for (size_t i = 0; i < kind->options.count; i++)
        free((void *)kind->options.options[i].choices);
    free((void *)kind->options.options);
    free((void *)kind->recorder);
}

/* ---- one workload ---- */

/* Why a workload cannot be evolved, or NULL. */
static const char *objection_to(const json_t *description)
{
    const json_t *workload = json_object_get(description, "workload");
    const json_t *traits = json_object_get(json_object_get(description, "collector"), "traits");
    if (strcmp(text_of(workload, "name"), replay) == 0)
        return "runs a file, which no option describes";
    if (json_is_true(json_object_get(workload, "finalising")) &&
        !json_is_true(json_object_get(traits, "finalises")))
        return "has finalisers or weak references, which the recorder does not write down";
    return NULL;
}

/* Adds a workload. One that cannot be evolved is refused by a line that begins with `place`, or left out where
 * that is NULL. */
static int workload_add(struct hunt_workloads *workloads, const char *place, const char *name)
{
    char *path = pairs_path(workloads->pairs, name, recorder);
    json_t *description = pairs_describe(path);
    int status = description ? 0 : MESSAGE_BAD_INPUT;
    const char *objection = description ? objection_to(description) : NULL;
    if (objection && place)
        status = message_bad_input("%s: %s %s", place, name, objection);
    if (description)
        json_array_append_new(workloads->descriptions, description);
    if (status == 0 && !objection) {
        workloads->kinds = memory_grow(workloads->kinds, workloads->count + 1, sizeof *workloads->kinds);
        status = kind_read(path, name, json_object_get(description, "workload"),
                           &workloads->kinds[workloads->count++]);
        path = NULL;
    }
    free(path);
    return status;
}

/* Whether the build knows the name of a collector. A worker outside it is only counted. */
static bool is_known(const struct pairs *pairs, const char *collector)
{
    char *path = pairs_path_listed(pairs, NULL, collector);
    free(path);
    return path != NULL;
}

enum presence { THERE, UNBUILT, ABSENT };

static enum presence pair_look(const struct pairs *pairs, const char *workload, const char *collector,
                               char **ret_missing)
{
    char *built = pairs_path(pairs, workload, collector);
    char *listed = built ? NULL : pairs_path_listed(pairs, workload, collector);
    enum presence presence = built ? THERE : listed ? UNBUILT : ABSENT;
    if (listed && !*ret_missing) {
        *ret_missing = listed;
        listed = NULL;
    }
    free(listed);
    free(built);
    return presence;
}

/* Whether a workload is recorded and runs under both collectors. What is only counted needs no pairs of theirs
 * that are built. */
static enum presence workload_look(const struct hunt_workloads_request *request, const char *workload,
                                   struct hunt_workloads *workloads, char **ret_missing)
{
    enum presence presence = pair_look(workloads->pairs, workload, recorder, ret_missing);
    for (size_t side = 0; side < HUNT_SIDES && presence != ABSENT; side++) {
        char *name, *options, *unneeded = NULL;
        pairs_entry_split(request->collectors[side], &name, &options);
        if (is_known(workloads->pairs, name)) {
            enum presence own =
                pair_look(workloads->pairs, workload, name, request->measured ? ret_missing : &unneeded);
            if (own == ABSENT || (request->measured && own == UNBUILT))
                presence = own;
        }
        free(unneeded);
        free(name);
        free(options);
    }
    return presence;
}

/* ---- all that there are ---- */

static int all_add(const struct hunt_workloads_request *request, struct hunt_workloads *workloads)
{
    const json_t *name;
    size_t index;
    int status = 0;
    json_array_foreach(json_object_get(workloads->pairs->list, "workloads"), index, name) {
        const char *text = json_string_value(name);
        char *missing = NULL;
        if (!text || strcmp(text, replay) == 0 || status != 0)
            continue;
        enum presence presence = workload_look(request, text, workloads, &missing);
        if (presence == THERE)
            status = workload_add(workloads, NULL, text);
        workloads->unbuilt += presence == UNBUILT;
        if (presence == UNBUILT && !workloads->missing) {
            workloads->missing = missing;
            missing = NULL;
        }
        free(missing);
    }
    return status;
}

/* Leaves out those without an option to change. */
static void geneless_drop(struct hunt_workloads *workloads)
{
    size_t kept = 0;
    for (size_t i = 0; i < workloads->count; i++)
        if (workload_kind_genes(&workloads->kinds[i]))
            workloads->kinds[kept++] = workloads->kinds[i];
        else
            kind_free(&workloads->kinds[i]);
    workloads->count = kept;
}

/* The command that builds what is missing: one pair by its name, or several with all the rest. The caller frees it. */
static char *unbuilt_command(const struct hunt_workloads *workloads)
{
    if (workloads->unbuilt == 1)
        return build_command(&workloads->missing, 1);
    char *folder = build_folder_shown(workloads->missing);
    char *command = folder ? text_format("ninja -C %s", folder) : NULL;
    free(folder);
    return command;
}

static void unbuilt_note(const struct hunt_workloads *workloads)
{
    if (!workloads->unbuilt)
        return;
    bool is_one = workloads->unbuilt == 1;
    char *command = unbuilt_command(workloads);
    message_note("hunt: %zu workload%s not evolved, because %s not built, such as %s%s%s", workloads->unbuilt,
                 is_one ? " is" : "s are", is_one ? "a pair of it is" : "pairs of them are",
                 strrchr(workloads->missing, '/') + 1, command ? "; " : "", command ? command : "");
    free(command);
}

/* ---- those that are chosen ---- */

static int chosen_check(const struct hunt_workloads_request *request, const char *place, const char *name,
                        struct hunt_workloads *workloads)
{
    char *missing = NULL;
    int status = pairs_name_check(workloads->pairs, place, "workload", name);
    for (size_t i = 0; i < workloads->count && status == 0; i++)
        if (strcmp(workloads->kinds[i].name, name) == 0)
            status = message_bad_input("%s: the workload '%s' is named twice", place, name);
    if (status == 0 && workload_look(request, name, workloads, &missing) != THERE) {
        const char *collectors[] = {recorder, request->collectors[0], request->collectors[1]};
        for (size_t i = 0; i <= HUNT_SIDES && status == 0; i++) {
            char *collector, *options, *built;
            pairs_entry_split(collectors[i], &collector, &options);
            built = pairs_path(workloads->pairs, name, collector);
            if (!built)
                status = pairs_missing(workloads->pairs, place, name, collector);
            free(built);
            free(collector);
            free(options);
        }
    }
    free(missing);
    return status;
}

static int chosen_add(const struct hunt_workloads_request *request, struct hunt_workloads *workloads)
{
    static const char place[] = "hunt: --workloads";
    char *copy = text_format("%s", request->chosen), *rest = copy;
    int status = 0;
    for (char *name; status == 0 && (name = strsep(&rest, ","));) {
        status = chosen_check(request, place, name, workloads);
        if (status == 0)
            status = workload_add(workloads, place, name);
        if (status == 0 && !workload_kind_genes(&workloads->kinds[workloads->count - 1]))
            status = message_bad_input("%s: %s has no option to change", place, name);
    }
    free(copy);
    return status;
}

/* ---- from outside ---- */

int hunt_workloads_open(const struct hunt_workloads_request *request, struct hunt_workloads *ret_workloads)
{
    *ret_workloads = (struct hunt_workloads){.descriptions = json_array()};
    if (request->chosen && strcmp(request->chosen, "none") == 0)
        return 0;
    int status = pairs_load(&ret_workloads->pairs);
    if (status != 0)
        return status;
    if (request->chosen)
        return chosen_add(request, ret_workloads);
    status = all_add(request, ret_workloads);
    if (status == 0) {
        geneless_drop(ret_workloads);
        unbuilt_note(ret_workloads);
    }
    return status;
}

int hunt_workloads_open_line(const struct hunt_workloads_request *request, const char *text,
                             struct hunt_workloads *ret_workloads, struct workload_line *ret_line)
{
    static const char place[] = "hunt: --workload";
    char *name, *options, error[OPTION_ERROR_BYTES];
    *ret_workloads = (struct hunt_workloads){.descriptions = json_array()};
    int status = pairs_entry_read(place, "workload", text, &name, &options);
    if (status == 0)
        status = pairs_load(&ret_workloads->pairs);
    if (status == 0)
        status = chosen_check(request, place, name, ret_workloads);
    if (status == 0)
        status = workload_add(ret_workloads, place, name);
    if (status == 0)
        status = pairs_options_check(ret_workloads->pairs, place, "workload", name, options);
    if (status == 0) {
        *ret_line = workload_line_standard(&ret_workloads->kinds[0]);
        if (option_table_parse(&ret_line->kind->options, options, ret_line->values, error) < 0)
            status = message_bad_input("%s: %s: %s", place, name, error);
    }
    free(name);
    free(options);
    return status;
}

void hunt_workloads_close(struct hunt_workloads *workloads)
{
    for (size_t i = 0; i < workloads->count; i++)
        kind_free(&workloads->kinds[i]);
    free(workloads->kinds);
    free(workloads->missing);
    json_decref(workloads->descriptions);
    pairs_free(workloads->pairs);
    *workloads = (struct hunt_workloads){0};
}

void hunt_workloads_record(void *context, const struct workload_kind *kind, const char *options,
                           const char *file, uint64_t most, struct text_list *ret_argv)
{
    (void)context;
    text_list_take(ret_argv, text_format("%s", kind->recorder));
    text_list_take(ret_argv, text_format("--seed=1"));
    if (*options)
        text_list_take(ret_argv, text_format("--workload-options=%s", options));
    text_list_take(ret_argv, text_format("--collector-options=file=%s", file));
    text_list_take(ret_argv, text_format("--heap-limit=%" PRIu64, most));
}
