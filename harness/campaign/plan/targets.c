/* SPDX-License-Identifier: MIT */
#include "harness/campaign/plan/targets.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/build.h"
#include "base/escape.h"
#include "base/message.h"

enum { FEW = 3 }; /* so many are named in a message; of more, it says how many */

/* Takes `path`, unless the list has it. */
static void path_take(struct text_list *paths, char *path)
{
    for (size_t i = 0; i < paths->count; i++)
        if (strcmp(paths->items[i], path) == 0) {
            free(path);
            return;
        }
    text_list_take(paths, path);
}

static int pair_take(const struct pairs *pairs, const char *place, const char *workload,
                     const char *collector, struct text_list *paths)
{
    char *path = pairs_path_listed(pairs, workload, collector);
    if (!path)
        return pairs_missing(pairs, place, workload, collector);
    path_take(paths, path);
    return 0;
}

/* Takes the file that an option `file=` names, where a build makes it. */
static void file_take(const char *options, struct text_list *paths)
{
    static const char key[] = "file=";
    for (; *options; options += strcspn(options, ","), options += *options == ',') {
        if (strncmp(options, key, sizeof key - 1) != 0)
            continue;
        char *path =
            text_format("%.*s", (int)strcspn(options, ",") - (int)(sizeof key - 1), options + sizeof key - 1);
        if (build_makes(path))
            path_take(paths, path);
        else
            free(path);
    }
}

static int name_check(struct spec *spec, const struct pairs *pairs, unsigned index, const char *key,
                      unsigned item, const char *name)
{
    char kind[16], *place = spec_place(spec, index, key, item);
    snprintf(kind, sizeof kind, "%.*s", (int)strlen(key) - 1, key);
    int status = pairs_name_check(pairs, place, kind, name);
    free(place);
    return status;
}

/* One workload of an entry, with each of the entry's collectors. */
static int workload_take(struct spec *spec, const struct pairs *pairs, unsigned index, unsigned item,
                         struct text_list *paths)
{
    const struct spec_cells *list = &spec->cells[index];
    char *workload, *options, *collector, *ignored;
    char *at = spec_place(spec, index, "workloads", item);
    int status = pairs_entry_read(at, "workload", list->workloads[item], &workload, &options);
    free(at);
    if (status == 0)
        status = name_check(spec, pairs, index, "workloads", item, workload);
    if (status == 0)
        file_take(options, paths);
    for (unsigned i = 0; i < list->collectors_count && status == 0; i++) {
        char *place = spec_place(spec, index, "collectors", i);
        status = pairs_entry_read(place, "collector", list->collectors[i], &collector, &ignored);
        if (status == 0)
            status = name_check(spec, pairs, index, "collectors", i, collector);
        if (status == 0)
            status = pair_take(pairs, place, "null", collector, paths);
        if (status == 0)
            status = pair_take(pairs, place, workload, collector, paths);
        free(collector);
        free(ignored);
        free(place);
    }
    free(workload);
    free(options);
    return status;
}

int targets_list(struct spec *spec, const struct pairs *pairs, struct text_list *ret_paths)
{
    int status = 0;
    *ret_paths = (struct text_list){0};
    for (unsigned i = 0; i < spec->cells_count && status == 0; i++)
        for (unsigned w = 0; w < spec->cells[i].workloads_count && status == 0; w++)
            status = workload_take(spec, pairs, i, w, ret_paths);
    return status;
}

/* The command that builds these; NULL where they lie in no build. Many names are too long for a line: there
 * the command asks for them. The caller frees it. */
static char *command_make(const char *spec_path, const struct text_list *unbuilt)
{
    char *folder = build_folder_shown(unbuilt->items[0]);
    if (!folder || unbuilt->count <= FEW) {
        free(folder);
        return build_command(unbuilt->items, unbuilt->count);
    }
    char *spec = escape_shell(spec_path);
    char *command = text_format("ninja -C %s $(%s/gcmatrix matrix %s --targets)", folder, folder, spec);
    free(spec);
    free(folder);
    return command;
}

static int unbuilt_say(const char *spec_path, size_t all, const struct text_list *unbuilt)
{
    char *command = command_make(spec_path, unbuilt);
    int status = message_bad_input("%s: %zu of %zu files it needs are not built%s%s", spec_path,
                                   unbuilt->count, all, command ? "; " : "", command ? command : "");
    free(command);
    return status;
}

int targets_check(struct spec *spec, const struct pairs *pairs)
{
    struct text_list paths, unbuilt = {0};
    int status = targets_list(spec, pairs, &paths);
    for (size_t i = 0; i < paths.count && status == 0; i++)
        if (access(paths.items[i], R_OK) != 0)
            text_list_take(&unbuilt, text_format("%s", paths.items[i]));
    if (status == 0 && unbuilt.count)
        status = unbuilt_say(spec->path, paths.count, &unbuilt);
    text_list_free(&unbuilt);
    text_list_free(&paths);
    return status;
}

/* Takes the reference program, which runs in each block, where the build of the pairs makes it. */
static void reference_take(const struct pairs *pairs, struct text_list *paths)
{
    char *inside = text_format("%s/pairs.json", pairs->dir), *folder = build_folder(inside);
    char *path = folder ? text_format("%s/harness/campaign/reference-program", folder) : NULL;
    if (path && build_makes(path))
        path_take(paths, path);
    else
        free(path);
    free(folder);
    free(inside);
}

int targets_print(struct spec *spec, const struct pairs *pairs)
{
    struct text_list paths;
    int status = targets_list(spec, pairs, &paths);
    if (status == 0)
        reference_take(pairs, &paths);
    for (size_t i = 0; i < paths.count && status == 0; i++) {
        char *target = build_target(paths.items[i]);
        if (target)
            printf("%s\n", target);
        else
            status = message_bad_input("%s: no target of a build: no build.ninja above it", paths.items[i]);
        free(target);
    }
    text_list_free(&paths);
    return status;
}
