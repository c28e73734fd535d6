/* SPDX-License-Identifier: MIT */
/* gcmatrix trace: writes the pauses, the phases and the heap of a run's processes for a trace viewer. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/nearest.h"
#include "base/text.h"
#include "base/writing.h"
#include "harness/cli/cli.h"
#include "harness/cli/run-names.h"
#include "harness/report/tables-cell.h"
#include "harness/report/trace-events.h"
#include "harness/results/attempts.h"
#include "harness/results/damage.h"
#include "harness/results/files.h"

enum { CELLS_MAX = 64 };

struct trace_options {
    const char *cells[CELLS_MAX]; /* names of pairs; none: every cell */
    size_t count;
    struct run_names names; /* the other way to say which cells */
    const char *output;     /* NULL: trace.json in the run's folder */
    const bool
        *wanted; /* of the cells of the manifest, those that the names choose; NULL: no name is given */
};

/* ---- which processes ---- */

static bool is_baseline(const struct store *store, const struct store_row *row)
{
    const json_t *cell = json_array_get(json_object_get(store->manifest, "cells"), (size_t)row->cell);
    return json_is_true(json_object_get(cell, "baseline"));
}

/* Whether the row's pair is called so. */
static bool is_pair(const struct store_row *row, const char *name)
{
    char *pair = text_format("%s-%s", row->workload, row->collector);
    bool same = strcmp(pair, name) == 0;
    free(pair);
    return same;
}

/* Whether the options ask for the row's cell. The cells that the harness adds are asked for by name alone. */
static bool is_asked_for(const struct store *store, const struct trace_options *options,
                         const struct store_row *row)
{
    for (size_t i = 0; i < options->count; i++)
        if (is_pair(row, options->cells[i]))
            return true;
    if (options->wanted)
        return options->wanted[row->cell];
    return options->count == 0 && !is_baseline(store, row);
}

static int compare_ids(const void *a, const void *b)
{
    const struct store_row *const *x = a, *const *y = b;
    return ((*x)->id > (*y)->id) - ((*x)->id < (*y)->id);
}

/*
 * Lists the first process of each cell that is asked for, counts in its block and kept its raw pauses, in the order
 * of ids. The caller frees `*ret_rows`. Returns how many there are. O(rows log rows).
 */
static size_t rows_choose(const struct store *store, const struct trace_options *options,
                          const struct store_row ***ret_rows)
{
    size_t cells = json_array_size(json_object_get(store->manifest, "cells")), count = 0, kept = 0;
    const struct store_row **rows = memory_new(store->row_count, sizeof(*rows));
    bool *counts = memory_new(store->row_count, sizeof(*counts)), *seen = memory_new(cells, sizeof(*seen));
    attempts_choose(store->rows, store->row_count, counts);
    for (size_t i = 0; i < store->row_count; i++)
        if (counts[i] && is_asked_for(store, options, &store->rows[i]) &&
            files_has(store->dir, FILES_EVENTS, store->rows[i].id))
            rows[count++] = &store->rows[i];
    qsort(rows, count, sizeof(*rows), compare_ids);
    for (size_t i = 0; i < count; i++) {
        bool first = !seen[rows[i]->cell];
        seen[rows[i]->cell] = true;
        if (first)
            rows[kept++] = rows[i];
    }
    free(counts);
    free(seen);
    *ret_rows = rows;
    return kept;
}

/* Refuses a name that no process of the run has. */
static int cell_check(const struct store *store, const char *name)
{
    struct text_list pairs = {0};
    bool found = false;
    for (size_t i = 0; i < store->row_count && !found; i++) {
        found = is_pair(&store->rows[i], name);
        text_list_take(&pairs, text_format("%s-%s", store->rows[i].workload, store->rows[i].collector));
    }
    const char *near = found ? NULL : nearest_name(name, (const char *const *)pairs.items, pairs.count);
    int status = 0;
    if (near)
        status =
            message_bad_input("trace: %s has no process of '%s'; did you mean '%s'?", store->dir, name, near);
    else if (!found)
        status = message_bad_input("trace: %s has no process of '%s'; --cell takes WORKLOAD-COLLECTOR, as in "
                                   "rings-rc-trial",
                                   store->dir, name);
    text_list_free(&pairs);
    return status;
}

/* ---- the command ---- */

/* Begins the file, which the caller keeps or drops in either case. No link in the run's folder is followed. */
static int file_begin(const struct store *store, const struct trace_options *options,
                      struct writing *ret_file)
{
    struct writing_folder folder;
    *ret_file = (struct writing){0};
    if (options->output)
        return writing_begin_path("trace: --output", options->output, ret_file);
    int status = writing_folder_open(store->dir, &folder);
    if (status == 0)
        status = writing_begin(&folder, "trace.json", ret_file);
    writing_folder_close(&folder);
    return status;
}

static int trace_write(const struct store *store, const struct trace_options *options,
                       const struct store_row *const *rows, size_t count)
{
    struct writing file;
    char *path =
        options->output ? text_format("%s", options->output) : text_format("%s/trace.json", store->dir);
    int status = file_begin(store, options, &file);
    if (status == 0)
        status = trace_events_write(store, rows, count, writing_stream(&file));
    if (status == 0)
        status = writing_keep(&file);
    else
        writing_drop(&file);
    if (status == 0)
        message_say("%s: %zu process%s; open it in ui.perfetto.dev or chrome://tracing", path, count,
                    count == 1 ? "" : "es");
    free(path);
    return status;
}

static int trace_make(const struct store *store, const struct trace_options *options)
{
    const struct store_row **rows;
    int status = 0;
    for (size_t i = 0; i < options->count && status == 0; i++)
        status = cell_check(store, options->cells[i]);
    if (status != 0)
        return status;
    size_t count = rows_choose(store, options, &rows);
    if (count == 0)
        status =
            message_bad_input("trace: %s kept no raw pauses of %s; a matrix keeps them with 'raw: first' or "
                              "'raw: all'",
                              store->dir, options->count || options->wanted ? "these cells" : "any cell");
    else
        status = trace_write(store, options, rows, count);
    free(rows);
    return status;
}

static int cell_take(const char *name, struct trace_options *options)
{
    for (size_t i = 0; i < options->count; i++)
        if (strcmp(options->cells[i], name) == 0)
            return message_bad_input("trace: the cell '%s' is named twice", name);
    if (options->count == CELLS_MAX)
        return message_bad_input("trace: more than %d cells; without --cell the trace has them all",
                                 CELLS_MAX);
    options->cells[options->count++] = name;
    return 0;
}

static int options_read(int argc, char **argv, struct trace_options *ret_options)
{
    int status = 0;
    static const struct option options[] = {{"cell", required_argument, NULL, 'C'},
                                            {"output", required_argument, NULL, 'o'},
                                            RUN_NAMES_OPTIONS,
                                            {0}};
    static const struct cli_exclusion exclusions[] = {
        {"C", "Wc", "do not go together: both say which cells"}};
    optind = 0;
    for (int found; status == 0 &&
                    (found = cli_option_next_of(argc, argv, ":o:c:", options, "C" RUN_NAMES_LISTS)) != -1;) {
        if (found == '?')
            return MESSAGE_BAD_INPUT;
        if (found == 'o')
            ret_options->output = optarg;
        else
            status = found == 'C' ? cell_take(optarg, ret_options)
                                  : run_names_take("trace", found, optarg, &ret_options->names);
    }
    if (status == 0)
        status = cli_exclusions_check("trace", options, exclusions, sizeof exclusions / sizeof *exclusions);
    return status ? status
                  : cli_operands_check(argc, argv, 1, 1,
                                       "give one results folder, as in 'gcmatrix trace results/default'");
}

/* Marks the cells of the manifest that a choice has. Collectors that only observe are left out where others are named. */
static void cells_mark(const struct run *run, const struct plot_choice *choice, const struct run_names *names,
                       bool *wanted)
{
    for (size_t i = 0; i < run->cell_count; i++) {
        const struct run_cell *cell = &run->cells[i];
        if (cell->row && plot_chosen_at(&choice->works, cell->work) != PLOT_NOT_SHOWN &&
            (names->config_count == 0 || plot_chosen_at(&choice->configs, cell->config) != PLOT_NOT_SHOWN))
            wanted[cell->row->cell] = true;
    }
}

/* Refuses a collector that only observes: only measured ones are chosen by name. */
static int observers_refuse(const struct run *run, const struct run_names *names)
{
    for (size_t i = 0; i < names->config_count; i++)
        for (size_t j = 0; j < run->cell_count; j++)
            if (run->cells[j].observer && !run->cells[j].baseline &&
                strcmp(tables_collector(run, run->cells[j].config), names->configs[i]) == 0)
                return message_bad_input(
                    "trace: --collector: '%s' only observes; --cell names its cells, as in "
                    "--cell %s-%s",
                    names->configs[i], tables_workload(run, run->cells[j].work), names->configs[i]);
    return 0;
}

/* The same of a run of which names choose the cells. */
static int trace_of_names(const char *folder, struct trace_options *options)
{
    struct run run;
    struct plot_choice choice;
    int status = run_open(&run, folder);
    if (status != 0)
        return status;
    status = observers_refuse(&run, &options->names);
    status = status ? status : run_names_choose("trace", &run, &options->names, &choice);
    if (status == 0) {
        bool *wanted =
            memory_new(json_array_size(json_object_get(run.store->manifest, "cells")) + 1, sizeof(*wanted));
        cells_mark(&run, &choice, &options->names, wanted);
        options->wanted = wanted;
        status = trace_make(run.store, options);
        plot_choice_free(&choice);
        free(wanted);
    }
    run_close(&run);
    return status;
}

static int trace_run(int argc, char **argv)
{
    struct trace_options options = {0};
    struct store *store;
    int status = options_read(argc, argv, &options);
    if (status != 0)
        return status;
    if (run_names_are_given(&options.names))
        return trace_of_names(argv[optind], &options);
    status = store_open(argv[optind], &store);
    if (status != 0)
        return status;
    damage_files_say(store);
    status = trace_make(store, &options);
    store_close(store);
    return status;
}

const struct cli_command cli_trace = {
    .name = "trace",
    .summary = "writes the pauses of a run, their phases and the heap for a trace viewer",
    .usage =
        "usage: gcmatrix trace RUN [--workload NAME]... [--collector NAME]... [--output FILE]\n"
        "       gcmatrix trace RUN [--cell WORKLOAD-COLLECTOR]... [--output FILE]\n"
        "\n"
        "Writes Trace Event JSON, which ui.perfetto.dev and chrome://tracing open: of each cell the first\n"
        "process that kept its raw pauses. Each pause is a slice with its reason, and has its phases within "
        "it,\n"
        "with the objects and bytes that were freed. Heap and resident size are counters. The file is "
        "written\n"
        "whole or not at all.\n"
        "\n"
        "      --workload NAME            only this workload of the run, with its options or without; may "
        "come\n"
        "                                 again\n"
        "  -c, --collector NAME           the same of collectors; both together choose cells. --cell names\n"
        "                                 those of a collector that only observes, such as census\n"
        "      --cell WORKLOAD-COLLECTOR  only the cells of this pair, as in rings-rc-trial; may come again\n"
        "  -o, --output FILE              where it goes (default: RUN/trace.json)\n",
    .run = trace_run,
};
