/* SPDX-License-Identifier: MIT */
/* gcmatrix compare: prints the summary of one run, or compares two runs cell by cell. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/nearest.h"
#include "harness/analysis/compare.h"
#include "harness/cli/cli.h"
#include "harness/report/contrast.h"
#include "harness/report/overview.h"

struct compare_request {
    enum report_form form;
    struct compare_options options;
    double fail_percent; /* NaN: never */
    bool metric_named;
    const char *allocator, *baseline; /* NULL where the option is not there */
};

static int compare_percent(const char *option, const char *text, double *ret_percent)
{
    char *end;
    errno = 0;
    *ret_percent = strtod(text, &end);
    if (end != text && strcmp(end, "%") == 0)
        end++;
    if (end == text || *end || errno || !(*ret_percent >= 0 && *ret_percent <= 1e6))
        return message_bad_input("compare: %s takes a percentage from 0 to 1000000, not '%s'", option, text);
    return 0;
}

static int compare_metric(const char *text, enum run_metric *ret_metric)
{
    const char *names[RUN_METRICS];
    for (int metric = 0; metric < RUN_METRICS; metric++) {
        names[metric] = run_metric_names[metric].name;
        if (strcmp(text, names[metric]) == 0) {
            *ret_metric = (enum run_metric)metric;
            return 0;
        }
    }
    const char *near = nearest_name(text, names, RUN_METRICS);
    return message_bad_input("compare: no metric '%s'; %s '%s'", text,
                             near ? "did you mean" : "the usual one is", near ? near : "wall");
}

static int compare_options_read(int argc, char **argv, struct compare_request *request)
{
    static const struct option options[] = {{"json", no_argument, NULL, 'j'},
                                            {"markdown", no_argument, NULL, 'm'},
                                            {"metric", required_argument, NULL, 'M'},
                                            {"minimum", required_argument, NULL, 'i'},
                                            {"fail-on-regression", required_argument, NULL, 'f'},
                                            {"allocator", required_argument, NULL, 'a'},
                                            {"baseline", required_argument, NULL, 'b'},
                                            {0}};
    int status = 0;
    double percent;
    optind = 0;
    for (int found; status == 0 && (found = cli_option_next(argc, argv, ":", options)) != -1;) {
        if (found == '?')
            return MESSAGE_BAD_INPUT;
        if (found == 'j' || found == 'm')
            request->form = found == 'j' ? REPORT_JSON : REPORT_MARKDOWN;
        else if (found == 'a')
            request->allocator = optarg;
        else if (found == 'b')
            request->baseline = optarg;
        else if (found == 'M') {
            status = compare_metric(optarg, &request->options.metric);
            request->metric_named = true;
        } else if (found == 'f')
            status = compare_percent("--fail-on-regression", optarg, &request->fail_percent);
        else if ((status = compare_percent("--minimum", optarg, &percent)) == 0)
            request->options.minimum = percent / 100;
    }
    return status;
}

/* Finds a name in the measured part of a list, as `what` with its option. */
static int compare_find(const struct run_list *list, const char *option, const char *what, const char *name,
                        size_t *ret_place)
{
    for (size_t i = 0; i < list->measured; i++)
        if (strcmp(list->names[i], name) == 0) {
            *ret_place = i;
            return 0;
        }
    const char *near = nearest_name(name, (const char *const *)list->names, list->measured);
    return message_bad_input("compare: %s: the run has no %s '%s'; %s '%s'", option, what, name,
                             near ? "did you mean" : "it has", near ? near : list->names[0]);
}

static int compare_one_opened(const struct run *run, const struct compare_request *request)
{
    struct overview_options options = {.form = request->form,
                                       .metric =
                                           request->metric_named ? request->options.metric : RUN_METRICS,
                                       .setting = OVERVIEW_ALL,
                                       .baseline = run_baseline(run)};
    int status = 0;
    if (options.baseline == run->configs.count)
        options.baseline = OVERVIEW_NONE;
    if (run->settings.measured == 0)
        return message_bad_input("compare: %s has no cells to show", run->store->dir);
    if (request->allocator)
        status =
            compare_find(&run->settings, "--allocator", "allocator", request->allocator, &options.setting);
    if (status == 0 && request->baseline)
        status = compare_find(&run->configs, "--baseline", "collector", request->baseline, &options.baseline);
    if (status == 0)
        overview_print(run, &options, stdout);
    return status;
}

static int compare_one_run(const char *folder, const struct compare_request *request)
{
    struct run run;
    int status = run_open(&run, folder);
    if (status != 0)
        return status;
    status = compare_one_opened(&run, request);
    run_close(&run);
    return status;
}

/* Counts the cells that are slower (or larger) by more than the percentage, and those that were lost. */
static size_t compare_regressions(const struct compare *compare, double percent)
{
    size_t count = 0;
    for (size_t i = 0; i < compare->count; i++)
        count += compare->cells[i].verdict == COMPARE_LOST ||
                 (compare->cells[i].verdict == COMPARE_MORE && compare->cells[i].ratio > 1 + percent / 100);
    return count;
}

static int compare_opened(const struct run *before, const struct run *after,
                          const struct compare_request *request)
{
    struct compare compare;
    compare_runs(before, after, &request->options, &compare);
    if (compare.normalised)
        message_note("the runs are from two machines: comparing ratios to the best collector of each "
                     "workload, not times");
    contrast_print(before, after, &compare, &request->options, request->form, stdout);
    size_t regressions =
        isnan(request->fail_percent) ? 0 : compare_regressions(&compare, request->fail_percent);
    compare_fini(&compare);
    if (regressions == 0)
        return 0;
    message_note("%zu %s more than %g%% worse, or lost", regressions,
                 regressions == 1 ? "cell is" : "cells are", request->fail_percent);
    return MESSAGE_FAILED_CELLS;
}

static int compare_two_runs(const char *before_folder, const char *after_folder,
                            const struct compare_request *request)
{
    struct run before, after;
    int status = run_open(&before, before_folder);
    if (status != 0)
        return status;
    status = run_open(&after, after_folder);
    if (status == 0) {
        status = compare_opened(&before, &after, request);
        run_close(&after);
    }
    run_close(&before);
    return status;
}

static int compare_run(int argc, char **argv)
{
    struct compare_request request = {
        .form = REPORT_TEXT, .options = {.metric = RUN_WALL, .minimum = 0.01}, .fail_percent = NAN};
    int status = compare_options_read(argc, argv, &request);
    if (status != 0)
        return status;
    if (argc - optind == 1 && !isnan(request.fail_percent))
        return message_bad_input(
            "compare: --fail-on-regression compares two runs; give a second results folder");
    if (argc - optind == 1)
        return compare_one_run(argv[optind], &request);
    if (argc - optind == 2)
        return compare_two_runs(argv[optind], argv[optind + 1], &request);
    return message_bad_input(
        "compare: give one or two results folders, as in 'gcmatrix compare results/before results/after'");
}

const struct cli_command cli_compare = {
    .name = "compare",
    .summary = "show the figures of a run, or compare two runs cell by cell",
    .usage =
        "usage: gcmatrix compare RUN [OPTION]...\n"
        "       gcmatrix compare BEFORE AFTER [OPTION]...\n"
        "\n"
        "One run: time and memory of every collector relative to the best of each workload. Two runs: the\n"
        "ratio of medians of each cell, after / before, with its 95% interval. A cell is called faster or\n"
        "slower only when the interval excludes 1, the difference is at least the minimum of interest, and\n"
        "it survives Holm's correction over all cells. Times of two machines are never compared directly.\n"
        "\n"
        "      --metric NAME             compare wall (default), cpu, peak, leaked, pause_p99, ...\n"
        "      --minimum PCT             the smallest difference of interest (default 1%)\n"
        "      --fail-on-regression PCT  exit with 1 when a cell is slower by more, or lost\n"
        "      --json, --markdown        write that instead of a table for the terminal\n"
        "\n"
        "Colours are left out when the output is no terminal or NO_COLOR is set.\n",
    .run = compare_run,
};
