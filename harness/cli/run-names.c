/* SPDX-License-Identifier: MIT */
#include "harness/cli/run-names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/nearest.h"
#include "harness/report/tables-cell.h"

char *run_names_join(const char *const *names, size_t count)
{
    char *all = NULL;
    size_t size;
    FILE *stream = memory_stream(&all, &size);
    for (size_t i = 0; i < count; i++)
        fprintf(stream, "%s%s", i ? ", " : "", names[i]);
    memory_stream_close(stream);
    return all;
}

int run_names_refuse(const char *command, const char *option, const char *what, const char *name,
                     const char *const *names, size_t count)
{
    const char *near = nearest_name(name, names, count);
    if (near)
        return message_bad_input("%s: %s: the run has no %s '%s'; did you mean '%s'?", command, option, what,
                                 name, near);
    char *all = run_names_join(names, count);
    message_bad_input("%s: %s: the run has no %s '%s'; it has %s", command, option, what, name, all);
    free(all);
    return MESSAGE_BAD_INPUT;
}

int run_names_find(const char *command, const char *option, const char *what, const char *name,
                   const struct run_list *list, size_t *ret_place)
{
    for (size_t i = 0; i < list->measured; i++)
        if (strcmp(list->names[i], name) == 0) {
            *ret_place = i;
            return 0;
        }
    return run_names_refuse(command, option, what, name, (const char *const *)list->names, list->measured);
}

/* ---- a choice ---- */

static int names_add(const char *command, const char *option, const char *name, const char **names,
                     size_t *count)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp(names[i], name) == 0)
            return message_bad_input("%s: %s names '%s' twice", command, option, name);
    if (*count == RUN_NAMES_MOST)
        return message_bad_input("%s: more than %d names by %s; without it all are chosen", command,
                                 RUN_NAMES_MOST, option);
    names[(*count)++] = name;
    return 0;
}

int run_names_take(const char *command, int found, const char *name, struct run_names *names)
{
    return found == 'W' ? names_add(command, "--workload", name, names->works, &names->work_count)
                        : names_add(command, "--collector", name, names->configs, &names->config_count);
}

/* One kind of what is chosen. */
struct names_kind {
    const char *option, *what;
    const struct run_list *list;
    const char *(*plain)(const struct run *run, size_t place); /* the name without options */
    const char *options;                                       /* the column of a cell that has them */
    size_t (*place)(const struct run_cell *cell);
};

static size_t place_work(const struct run_cell *cell)
{
    return cell->work;
}

static size_t place_config(const struct run_cell *cell)
{
    return cell->config;
}

/* Whether a name is that of one of the kind with all of its options, as a specification has it. */
static bool kind_is_whole(const struct run *run, const struct names_kind *kind, size_t place,
                          const char *name)
{
    const char *plain = kind->plain(run, place);
    size_t length = strlen(plain);
    if (strncmp(name, plain, length) != 0 || name[length] != ':')
        return false;
    for (size_t i = 0; i < run->cell_count; i++)
        if (kind->place(&run->cells[i]) == place)
            return strcmp(name + length + 1, run_cell_text(run, &run->cells[i], kind->options)) == 0;
    return false;
}

/* Marks what a name chooses. Returns whether there is any. */
static bool kind_mark(const struct run *run, const struct names_kind *kind, const char *name, bool *wanted)
{
    bool found = false;
    for (size_t i = 0; i < kind->list->measured; i++)
        if (strcmp(kind->list->names[i], name) == 0)
            return wanted[i] = true;
    for (size_t i = 0; i < kind->list->measured; i++)
        if (strcmp(kind->plain(run, i), name) == 0 || kind_is_whole(run, kind, i, name))
            found = wanted[i] = true;
    return found;
}

/* Refuses a name, by the nearest of those with and those without options. */
static int kind_refuse(const char *command, const struct run *run, const struct names_kind *kind,
                       const char *name)
{
    size_t measured = kind->list->measured, count = 0;
    const char **names = memory_new(2 * measured + 1, sizeof(*names));
    for (size_t i = 0; i < measured; i++)
        names[count++] = kind->list->names[i];
    for (size_t i = 0; i < measured; i++)
        if (strcmp(kind->plain(run, i), kind->list->names[i]) != 0)
            names[count++] = kind->plain(run, i);
    int status = nearest_name(name, names, count)
                     ? run_names_refuse(command, kind->option, kind->what, name, names, count)
                     : run_names_refuse(command, kind->option, kind->what, name, names, measured);
    free(names);
    return status;
}

/* Fills `wanted`, which has an entry for each measured one of the kind. */
static int kind_choose(const char *command, const struct run *run, const struct names_kind *kind,
                       const char *const *names, size_t count, bool *wanted)
{
    for (size_t i = 0; i < count; i++)
        if (!kind_mark(run, kind, names[i], wanted))
            return kind_refuse(command, run, kind, names[i]);
    return 0;
}

/* Whether the run measured a cell of what is wanted. NULL: all. */
static bool names_have_cell(const struct run *run, const bool *works, const bool *configs)
{
    for (size_t i = 0; i < run->cell_count; i++) {
        const struct run_cell *cell = &run->cells[i];
        if (cell->work < run->works.measured && cell->config < run->configs.measured &&
            (!works || works[cell->work]) && (!configs || configs[cell->config]))
            return true;
    }
    return false;
}

int run_names_choose(const char *command, const struct run *run, const struct run_names *names,
                     struct plot_choice *ret_choice)
{
    const struct names_kind works = {"--workload",    "workload",         &run->works,
                                     tables_workload, "workload_options", place_work},
                            configs = {"--collector",    "collector",         &run->configs,
                                       tables_collector, "collector_options", place_config};
    bool *of_works = memory_new(run->works.measured + 1, sizeof(*of_works)),
         *of_configs = memory_new(run->configs.measured + 1, sizeof(*of_configs));
    int status = kind_choose(command, run, &works, names->works, names->work_count, of_works);
    if (status == 0)
        status = kind_choose(command, run, &configs, names->configs, names->config_count, of_configs);
    if (status == 0 && run_names_are_given(names) &&
        !names_have_cell(run, names->work_count ? of_works : NULL, names->config_count ? of_configs : NULL))
        status =
            message_bad_input("%s: no collector that is chosen ran on a workload that is chosen", command);
    if (status == 0)
        plot_choice_make(run, names->work_count ? of_works : NULL, names->config_count ? of_configs : NULL,
                         ret_choice);
    free(of_works);
    free(of_configs);
    return status;
}
