/* SPDX-License-Identifier: MIT */
/* gcmatrix compare: prints the summary of one run, or compares two runs cell by cell. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/nearest.h"
#include "base/number.h"
#include "base/patience.h"
#include "harness/analysis/claims.h"
#include "harness/analysis/compare.h"
#include "harness/analysis/regressions.h"
#include "harness/cli/cli.h"
#include "harness/cli/run-names.h"
#include "harness/report/contrast.h"
#include "harness/report/overview.h"
#include "harness/report/picture.h"

struct compare_request {
    enum report_form form;
    struct compare_options options;
    double fail_percent; /* NaN: never */
    bool metric_named;
    const char *allocator, *baseline, *pictures; /* NULL where the option is not there */
};

static int compare_percent(const char *option, const char *text, double *ret_percent)
{
    const char *rest = number_real_read(text, ret_percent);
    bool percent = rest && (!*rest || strcmp(rest, "%") == 0);
    if (!percent || *ret_percent > 1e6)
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
    if (near)
        return message_bad_input("compare: no metric '%s'; did you mean '%s'?", text, near);
    char *all = run_names_join(names, RUN_METRICS);
    message_bad_input("compare: no metric '%s'; there are %s", text, all);
    free(all);
    return MESSAGE_BAD_INPUT;
}

static int compare_options_read(int argc, char **argv, struct compare_request *request)
{
    static const struct option options[] = {{"json", no_argument, NULL, 'j'},
                                            {"markdown", no_argument, NULL, 'm'},
                                            {"metric", required_argument, NULL, 'M'},
                                            {"minimum", required_argument, NULL, 'i'},
                                            {"fail-on-regression", required_argument, NULL, 'f'},
                                            {"between-runs", required_argument, NULL, 'B'},
                                            {"allocator", required_argument, NULL, 'a'},
                                            {"baseline", required_argument, NULL, 'b'},
                                            {"pictures", required_argument, NULL, 'p'},
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
        else if (found == 'p')
            request->pictures = optarg;
        else if (found == 'M') {
            status = compare_metric(optarg, &request->options.metric);
            request->metric_named = true;
        } else if (found == 'f')
            status = compare_percent("--fail-on-regression", optarg, &request->fail_percent);
        else if (found == 'B') {
            if ((status = compare_percent("--between-runs", optarg, &percent)) == 0)
                request->options.between = percent / 100;
        } else if ((status = compare_percent("--minimum", optarg, &percent)) == 0)
            request->options.minimum = percent / 100;
    }
    static const struct cli_exclusion exclusions[] = {{"j", "m", "are two forms of the same: give one"}};
    return status ? status : cli_exclusions_check("compare", options, exclusions, 1);
}

/* Refuses pictures where there is no Markdown to have them, and an address that Markdown could not hold. */
static int compare_pictures_check(const struct compare_request *request)
{
    if (!request->pictures)
        return 0;
    if (request->form != REPORT_MARKDOWN)
        return message_bad_input("compare: --pictures goes with --markdown");
    return picture_address_check("compare: --pictures", request->pictures);
}

/* Refuses an option that is of another number of runs, which would leave it aside. */
static int compare_runs_check(int runs)
{
    static const struct {
        char letter;
        int runs;
        const char *name;
    } of[] = {{'a', 1, "allocator"}, {'b', 1, "baseline"}, {'i', 2, "minimum"}, {'B', 2, "between-runs"}};
    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        if (cli_option_given(of[i].letter) && of[i].runs != runs)
            return message_bad_input("compare: --%s is of %s, and %d %s", of[i].name,
                                     of[i].runs == 1 ? "one run" : "two runs", runs,
                                     runs == 1 ? "is given" : "are given");
    return 0;
}

/* Says what --fail-on-regression found. `more` is what shows the open cells. Returns the exit status. */
static int compare_report_regressions(const struct regressions *found, double percent, const char *more)
{
    const char *cells = found->open == 1 ? "cell" : "cells", *units = found->machines ? "machines" : "blocks";
    if (found->worse + found->lost) {
        message_note("%zu %s more than %g%% worse, and %zu %s no figure any more", found->worse,
                     found->worse == 1 ? "cell is" : "cells are", percent, found->lost,
                     found->lost == 1 ? "has" : "have");
        return MESSAGE_FAILED_CELLS;
    }
    if (found->open == 0)
        return 0;
    if (found->blocks)
        message_note("a difference of %g%% could not have been called in %zu undecided %s: measure %zu %s%s",
                     percent, found->open, cells, found->blocks, units, more);
    else
        message_note(
            "a difference of %g%% could not have been called in %zu undecided %s, however many blocks are "
            "measured%s",
            percent, found->open, cells, more);
    return MESSAGE_UNDECIDED;
}

/* Judges a run of two builds by --fail-on-regression. */
static int compare_builds(const struct run *run, const struct compare_request *request)
{
    struct claims claims;
    claims_make(run, request->options.metric, &claims);
    struct regressions found = regressions_of_builds(&claims, 1 + request->fail_percent / 100);
    claims_fini(&claims);
    return compare_report_regressions(&found, request->fail_percent, "");
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
    if (!isnan(request->fail_percent) && !claims_of_builds(run))
        return message_bad_input(
            "compare: --fail-on-regression compares two builds or two runs; give a run of "
            "'gcmatrix matrix --against', or a second results folder");
    if (request->allocator)
        status = run_names_find("compare", "--allocator", "allocator", request->allocator, &run->settings,
                                &options.setting);
    if (status == 0 && request->baseline)
        status = run_names_find("compare", "--baseline", "collector", request->baseline, &run->configs,
                                &options.baseline);
    if (status == 0 && request->pictures)
        picture_print(run->store->dir, request->pictures, NULL, stdout);
    if (status == 0)
        overview_print(run, &options, stdout);
    return status == 0 && !isnan(request->fail_percent) ? compare_builds(run, request) : status;
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

static int compare_opened(const struct run *before, const struct run *after,
                          const struct compare_request *request)
{
    struct compare_options options = request->options;
    struct compare compare;
    int status = 0;
    options.precision = claims_design(before).precision;
    compare_runs(before, after, &options, &compare);
    if (compare.two_machines)
        message_note("the runs are from two machines");
    if (request->pictures) {
        picture_print(before->store->dir, request->pictures, "Before:", stdout);
        picture_print(after->store->dir, request->pictures, "After:", stdout);
    }
    contrast_print(before, after, &compare, &options, request->form, stdout);
    if (!isnan(request->fail_percent)) {
        struct regressions found = regressions_of_runs(&compare, &options, 1 + request->fail_percent / 100);
        status = compare_report_regressions(&found, request->fail_percent,
                                            " in each run, or both versions in one run with 'gcmatrix matrix "
                                            "--against'");
    }
    compare_fini(&compare);
    return status;
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
        .form = REPORT_TEXT,
        .options = {.metric = RUN_WALL, .minimum = SEQUENTIAL_MINIMUM, .between = TWO_RUNS_BETWEEN},
        .fail_percent = NAN};
    int status = compare_options_read(argc, argv, &request);
    if (status == 0)
        status = cli_operands_check(
            argc, argv, 1, 2,
            "give one or two results folders, as in 'gcmatrix compare results/before results/after'");
    if (status == 0)
        status = compare_runs_check(argc - optind);
    if (status == 0)
        status = compare_pictures_check(&request);
    if (status != 0)
        return status;
    bool one = argc - optind == 1;
    patience_begin("compare");
    patience_now("reading %s%s%s", argv[optind], one ? "" : " and ", one ? "" : argv[optind + 1]);
    status = one ? compare_one_run(argv[optind], &request)
                 : compare_two_runs(argv[optind], argv[optind + 1], &request);
    patience_end();
    return status;
}

const struct cli_command cli_compare = {
    .name = "compare",
    .summary = "show the figures of a run, or compare two runs cell by cell",
    .usage =
        "usage: gcmatrix compare RUN [OPTION]...\n"
        "       gcmatrix compare BEFORE AFTER [OPTION]...\n"
        "\n"
        "One run: which collector it claims to be faster, smaller or to pause less than which, with an "
        "error\n"
        "rate over all pairs; then time and memory of every collector in every setting. Two runs, A before\n"
        "and B after: which of A's claims B confirms, then the ratio B / A of each cell. A cell is faster,\n"
        "slower, equal within the precision, lost, or undecided. To compare two versions of the programs,\n"
        "measure both in one run: 'gcmatrix matrix SPECIFICATION --against BUILD_DIR'.\n"
        "\n"
        "      --metric NAME             wall (default), own, cpu, peak, leaked, pause_p99, kernel, ...\n"
        "      --json, --markdown        write that instead of a table for the terminal\n"
        "      --pictures ADDRESS        link the heat map of each run in Markdown: ADDRESS is that of the\n"
        "                                folder in which the run's folder lies\n"
        "\n"
        "of one run:\n"
        "      --allocator NAME          show one setting, as 'jemalloc' or 'glibc warm' (default: all)\n"
        "      --baseline NAME           show ratios to this collector too (default: that of the matrix)\n"
        "\n"
        "of two runs:\n"
        "      --minimum PCT             the smallest difference of interest (default 1%)\n"
        "      --between-runs PCT        the standard deviation of what lies between runs (default 1%)\n"
        "      --fail-on-regression PCT  exit with 1 when a cell is worse by more, or lost; with 4 when "
        "none\n"
        "                                is, but a difference of that size could not have been called\n"
        "\n"
        "Tables fit the terminal, and bars fit 80 columns where there is none. Bars are ASCII in a locale "
        "without\n"
        "UTF-8. Colours are left out when the output is no terminal or NO_COLOR is set.\n",
    .run = compare_run,
};
