/* SPDX-License-Identifier: MIT */
/* gcmatrix list: shows the workloads, collectors and allocators of this build, with their options. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/build.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/campaign/plan/pairs.h"
#include "harness/campaign/process/allocator.h"
#include "harness/cli/cli.h"

/* Returns the descriptions of every workload, or of every collector. Returns NULL after one line. */
static json_t *kind_describe(const struct pairs *pairs, const char *kind, const char *list)
{
    bool workloads = strcmp(kind, "workload") == 0;
    json_t *all = json_array();
    size_t index;
    const json_t *name;
    json_array_foreach(json_object_get(pairs->list, list), index, name) {
        const char *text = json_string_value(name);
        char *path = pairs_path_any(pairs, workloads ? text : NULL, workloads ? NULL : text);
        if (!path) /* a collector that no pair of this build uses */
            continue;
        json_t *description = pairs_describe(path);
        free(path);
        if (!description) {
            json_decref(all);
            return NULL;
        }
        json_array_append(all, json_object_get(description, kind));
        json_decref(description);
    }
    return all;
}

static json_t *allocators_describe(void)
{
    json_t *all = json_array();
    for (size_t i = 0; i < allocator_kind_count; i++) {
        const struct allocator_kind *kind = &allocator_kinds[i];
        char *object = allocator_object_find(kind);
        json_t *tunings = json_object();
        for (size_t tuning = 0; tuning < 2; tuning++) {
            json_t *settings = json_array();
            for (size_t variable = 0; variable < 3 && kind->tunings[tuning].environment[variable]; variable++)
                json_array_append_new(settings, json_string(kind->tunings[tuning].environment[variable]));
            json_object_set_new(tunings, kind->tunings[tuning].name, settings);
        }
        json_array_append_new(all, json_pack("{ss sb ss* so}", "name", kind->name, "installed",
                                             object || !kind->package, "object", object, "tunings", tunings));
        free(object);
    }
    return all;
}

static json_t *everything_describe(const struct pairs *pairs)
{
    json_t *workloads = kind_describe(pairs, "workload", "workloads");
    json_t *collectors = workloads ? kind_describe(pairs, "collector", "collectors") : NULL;
    if (!collectors) {
        json_decref(workloads);
        return NULL;
    }
    return json_pack("{ss so so so}", "schema", "gcmatrix.list.1", "workloads", workloads, "collectors",
                     collectors, "allocators", allocators_describe());
}

/* Prints "size=2 objects (1 to 1e9): help". An option with choices shows them in place of the range. A text
 * shows its kind: "file=... (file name): help". */
static void option_print(const json_t *option)
{
    const char *type = json_string_value(json_object_get(option, "type"));
    const char *unit = json_string_value(json_object_get(option, "unit"));
    const json_t *choices = json_object_get(option, "choices"),
                 *standard = json_object_get(option, "default");
    printf("      %s=", json_string_value(json_object_get(option, "name")));
    if (type && strcmp(type, "text") == 0) {
        printf("... (%s): %s\n", unit && *unit ? unit : "text",
               json_string_value(json_object_get(option, "help")));
        return;
    }
    if (json_is_string(standard))
        printf("%s", json_string_value(standard));
    else if (json_is_boolean(standard))
        printf("%s", json_is_true(standard) ? "on" : "off");
    else
        printf("%.10g", json_number_value(standard));
    if (unit && *unit)
        printf(" %s", unit);
    printf(" (");
    if (type && strcmp(type, "switch") == 0)
        printf("on, off");
    else if (json_array_size(choices) > 0)
        for (size_t i = 0; i < json_array_size(choices); i++)
            printf("%s%s", i ? ", " : "", json_string_value(json_array_get(choices, i)));
    else
        printf("%.10g to %.10g", json_number_value(json_object_get(option, "min")),
               json_number_value(json_object_get(option, "max")));
    printf("): %s\n", json_string_value(json_object_get(option, "help")));
}

static void kind_print(const char *title, const json_t *all)
{
    size_t index, place;
    const json_t *one, *option;
    printf("%s\n", title);
    json_array_foreach(all, index, one) {
        printf("  %-14s %s\n", json_string_value(json_object_get(one, "name")),
               json_string_value(json_object_get(one, "summary")));
        json_array_foreach(json_object_get(one, "options"), place, option)
            option_print(option);
    }
    putchar('\n');
}

static void allocators_print(const json_t *all)
{
    size_t index;
    const json_t *one;
    puts("allocators (and any shared object by its path)");
    json_array_foreach(all, index, one) {
        const char *object = json_string_value(json_object_get(one, "object"));
        bool installed = json_is_true(json_object_get(one, "installed"));
        printf("  %-14s %s\n", json_string_value(json_object_get(one, "name")),
               object      ? object
               : installed ? "the C library's own"
                           : "not installed");
        printf("      tunings: default, normalised (");
        const json_t *settings = json_object_get(json_object_get(one, "tunings"), "normalised");
        for (size_t i = 0; i < json_array_size(settings); i++)
            printf("%s%s", i ? " " : "", json_string_value(json_array_get(settings, i)));
        printf(")\n");
    }
}

/* Prints one bare word per line, for completion. It is cheap, because only options need a pair to run. */
static int names_print(const struct pairs *pairs, const char *what)
{
    if (strcmp(what, "allocators") == 0) {
        for (size_t i = 0; i < allocator_kind_count; i++)
            puts(allocator_kinds[i].name);
        return 0;
    }
    if (strcmp(what, "workloads") != 0 && strcmp(what, "collectors") != 0)
        return message_bad_input("list: --names takes workloads, collectors or allocators, not '%s'", what);
    size_t index;
    const json_t *name;
    json_array_foreach(json_object_get(pairs->list, what), index, name)
        puts(json_string_value(name));
    return 0;
}

/* Says that only what is built can say what it is, where not everything is built. */
static void unbuilt_print(const struct pairs *pairs)
{
    size_t built = pairs_built(pairs), all = json_array_size(json_object_get(pairs->list, "pairs"));
    char *inside = text_format("%s/pairs.json", pairs->dir), *folder = build_folder_shown(inside);
    if (built < all && folder) {
        puts("");
        message_say("%zu of %zu executables are built, and what none of them has is not shown; ninja -C %s",
                    built, all, folder);
    }
    free(folder);
    free(inside);
}

static int everything_print(const struct pairs *pairs, bool as_json)
{
    json_t *all = everything_describe(pairs);
    if (!all)
        return MESSAGE_BAD_INPUT;
    if (as_json) {
        cli_json_print(all, 0);
        return 0;
    }
    kind_print("workloads", json_object_get(all, "workloads"));
    kind_print("collectors", json_object_get(all, "collectors"));
    allocators_print(json_object_get(all, "allocators"));
    unbuilt_print(pairs);
    json_decref(all);
    return 0;
}

static int command_run(int argc, char **argv)
{
    static const struct option options[] = {
        {"json", no_argument, NULL, 'j'}, {"names", required_argument, NULL, 'n'}, {NULL, 0, NULL, 0}};
    int found;
    bool as_json = false;
    const char *names = NULL;
    struct pairs *pairs;
    optind = 0;
    while ((found = cli_option_next(argc, argv, ":", options)) != -1) {
        if (found == '?')
            return MESSAGE_BAD_INPUT;
        as_json |= found == 'j';
        names = found == 'n' ? optarg : names;
    }
    static const struct cli_exclusion exclusions[] = {
        {"n", "j", "print two things, bare names and everything: give one"}};
    int status = cli_exclusions_check("list", options, exclusions, 1);
    if (status == 0)
        status = cli_operands_check(argc, argv, 0, 0, "");
    if (status == 0)
        status = pairs_load(&pairs);
    if (status != 0)
        return status;
    status = names ? names_print(pairs, names) : everything_print(pairs, as_json);
    pairs_free(pairs);
    return status;
}

const struct cli_command cli_list = {
    .name = "list",
    .summary = "shows the workloads, collectors and allocators, and their options",
    .usage = "usage: gcmatrix list [--json | --names KIND]\n\n"
             "      --json         everything, for programs\n"
             "      --names KIND   bare names, one per line: workloads, collectors or allocators\n",
    .run = command_run,
};
