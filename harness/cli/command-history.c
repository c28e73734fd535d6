/* SPDX-License-Identifier: MIT */
/* gcmatrix history: keeps what runs of many commits say, and shows what changed at which commit. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/nearest.h"
#include "base/number.h"
#include "harness/cli/cli.h"
#include "harness/history/chart.h"
#include "harness/history/export.h"
#include "harness/history/show.h"
#include "harness/report/machines-text.h"
#include "harness/statistics/two-runs.h"

/* Where a history is, unless --history says something else. */
static const char HISTORY_DIR[] = "history";

struct history_request {
    const char *dir;        /* of the history */
    const char *commit;     /* NULL: what is checked out */
    const char *repository; /* a folder of it */
    const char *metric, *between;
    const char *to; /* a format to export */
    struct history_show show;
};

/* ---- the actions ---- */

static int run_add(const struct run *run, const struct history_request *request)
{
    struct history_commit commit;
    int status = history_commit_find(request->repository, request->commit, &commit);
    if (status == 0)
        status = history_add(request->dir, run, &commit);
    history_commit_free(&commit);
    return status;
}

/* Opens a run for an export: of several machines that which is shown, and says which it is. */
static int export_open(const char *folder, struct run *ret_run)
{
    char shown[MACHINES_TEXT];
    int status = run_open(ret_run, folder);
    if (status != 0 || !machines_are_several(&ret_run->machines))
        return status;
    size_t machine = ret_run->shown;
    machines_text_shown(ret_run, shown);
    message_note("history: %s", shown);
    run_close(ret_run);
    return run_open_on(ret_run, folder, machine);
}

static int action_add(const char *folder, const struct history_request *request)
{
    struct run run;
    int status = run_open(&run, folder);
    if (status != 0)
        return status;
    status = run_add(&run, request);
    run_close(&run);
    return status;
}

static int action_show(const char *folder, const struct history_request *request)
{
    struct history history;
    int status = history_open(folder ? folder : request->dir, &history);
    if (status != 0)
        return status;
    status = history_print(&history, &request->show, stdout);
    history_close(&history);
    return status;
}

/* Prints a run in the format. Its commit is no part of any: the service is told it in its own way. */
static int run_export(const struct run *run, const char *to)
{
    const struct history_commit commit = {.id = "0000000", .subject = "", .time = 0};
    struct history_entry entry;
    json_t *lines = history_lines_make(run, &commit);
    int status = history_entry_of(run->store->dir, lines, &entry);
    if (status == 0) {
        cli_json_print(*to == 'b' ? export_bencher(&entry) : export_github_action_benchmark(&entry), 7);
        history_entry_free(&entry);
    }
    json_decref(lines);
    return status;
}

static int action_export(const char *folder, const struct history_request *request)
{
    static const char *const formats[] = {"bencher", "github-action-benchmark"};
    struct run run;
    if (!request->to)
        return message_bad_input("history: --to names a format: bencher or github-action-benchmark");
    if (strcmp(request->to, formats[0]) != 0 && strcmp(request->to, formats[1]) != 0)
        return message_bad_input("history: --to takes bencher or github-action-benchmark, not '%s'",
                                 request->to);
    int status = export_open(folder, &run);
    if (status != 0)
        return status;
    status = run_export(&run, request->to);
    run_close(&run);
    return status;
}

struct history_action {
    const char *name;
    int words_most, words_least; /* after the name */
    const char *options;         /* letters of those that go with it */
    const char *needs;
    int (*run)(const char *folder, const struct history_request *request);
};

static const struct history_action actions[] = {
    {"add", 1, 1, "hcr", "one results folder is needed, as in 'gcmatrix history add results/quick'",
     action_add},
    {"show", 1, 0, "hjmMCbg", "at most a folder of entries is needed, as in 'gcmatrix history show history'",
     action_show},
    {"export", 1, 1, "t",
     "one results folder is needed, as in 'gcmatrix history export results/quick --to bencher'",
     action_export},
};

enum { ACTIONS = sizeof(actions) / sizeof(actions[0]) };

/* ---- options ---- */

static const struct option history_options[] = {{"history", required_argument, NULL, 'h'},
                                                {"commit", required_argument, NULL, 'c'},
                                                {"repository", required_argument, NULL, 'r'},
                                                {"json", no_argument, NULL, 'j'},
                                                {"markdown", no_argument, NULL, 'm'},
                                                {"metric", required_argument, NULL, 'M'},
                                                {"matching", required_argument, NULL, 'C'},
                                                {"between-runs", required_argument, NULL, 'b'},
                                                {"to", required_argument, NULL, 't'},
                                                {"chart", required_argument, NULL, 'g'},
                                                {0}};

static int options_read(int argc, char **argv, struct history_request *request)
{
    optind = 0;
    for (int found; (found = cli_option_next(argc, argv, ":", history_options)) != -1;) {
        switch (found) {
        case 'h':
            request->dir = optarg;
            break;
        case 'c':
            request->commit = optarg;
            break;
        case 'r':
            request->repository = optarg;
            break;
        case 'j':
        case 'm':
            request->show.form = found == 'j' ? REPORT_JSON : REPORT_MARKDOWN;
            break;
        case 'M':
            request->metric = optarg;
            break;
        case 'C':
            request->show.cell = optarg;
            break;
        case 'b':
            request->between = optarg;
            break;
        case 'g':
            request->show.chart = optarg;
            break;
        case 't':
            request->to = optarg;
            break;
        default:
            return MESSAGE_BAD_INPUT;
        }
    }
    static const struct cli_exclusion exclusions[] = {
        {"j", "m", "are two forms of the same: give one"},
        {"j", "C", "do not go together: JSON has every series"}};
    return cli_exclusions_check("history", history_options, exclusions, 2);
}

static int metric_read(const char *text, enum history_metric *ret_metric)
{
    const char *names[HISTORY_METRICS];
    for (int metric = 0; metric < HISTORY_METRICS; metric++) {
        names[metric] = run_metric_names[history_metrics[metric]].name;
        if (strcmp(names[metric], text) == 0) {
            *ret_metric = (enum history_metric)metric;
            return 0;
        }
    }
    const char *near = nearest_name(text, names, HISTORY_METRICS);
    if (near)
        return message_bad_input("history: no metric '%s'; did you mean '%s'?", text, near);
    return message_bad_input(
        "history: no metric '%s'; a history has wall, own, peak, pause_p99, pause_max and "
        "instructions",
        text);
}

/* Reads the values of options, once it is known that they belong to the action. */
static int values_read(struct history_request *request)
{
    double percent = 100 * TWO_RUNS_BETWEEN;
    int status = request->metric ? metric_read(request->metric, &request->show.metric) : 0;
    const char *rest = request->between ? number_real_read(request->between, &percent) : "";
    if (status == 0 && (!rest || (*rest && strcmp(rest, "%") != 0) || percent > 1e6))
        status = message_bad_input("history: --between-runs takes a percentage from 0 to 1000000, not '%s'",
                                   request->between);
    request->show.between = log1p(percent / 100);
    if (status == 0 && request->show.chart && !history_chart_format(request->show.chart))
        status = message_bad_input("history: --chart takes a file that ends in .svg, .png or .pdf, not '%s'",
                                   request->show.chart);
    return status;
}

/* Refuses options of another action. */
static int options_check(const struct history_action *action)
{
    for (const struct option *option = history_options; option->name; option++)
        if (cli_option_given(option->val) && !strchr(action->options, option->val))
            return message_bad_input("history: --%s does not go with '%s'", option->name, action->name);
    return 0;
}

/* ---- the command ---- */

static int action_find(const char *name, const struct history_action **ret_action)
{
    const char *names[ACTIONS];
    for (size_t i = 0; i < ACTIONS; i++) {
        names[i] = actions[i].name;
        if (strcmp(name, names[i]) == 0) {
            *ret_action = &actions[i];
            return 0;
        }
    }
    const char *near = nearest_name(name, names, ACTIONS);
    if (near)
        return message_bad_input("history: no action '%s'; did you mean '%s'?", name, near);
    return message_bad_input("history: no action '%s'; there are add, show and export", name);
}

static int history_run(int argc, char **argv)
{
    struct history_request request = {.dir = HISTORY_DIR, .repository = ".", .show = {.form = REPORT_TEXT}};
    const struct history_action *action = NULL;
    int status = options_read(argc, argv, &request);
    if (status == 0 && (optind == argc || !*argv[optind]))
        status = message_bad_input("history: an action is needed: add, show or export");
    if (status == 0)
        status = action_find(argv[optind], &action);
    if (status != 0)
        return status;
    optind++;
    status = cli_operands_check(argc, argv, action->words_least, action->words_most, action->needs);
    if (status == 0)
        status = options_check(action);
    if (status == 0)
        status = values_read(&request);
    return status == 0 ? action->run(argv[optind], &request) : status;
}

const struct cli_command cli_history = {
    .name = "history",
    .summary = "keep what runs of many commits say, and show what changed at which commit",
    .usage =
        "usage: gcmatrix history add RUN [--commit COMMIT] [--repository DIR] [--history DIR]\n"
        "       gcmatrix history show [DIR] [OPTION]...\n"
        "       gcmatrix history export RUN --to FORMAT\n"
        "\n"
        "A history is a folder of plain files for git to hold: one for each run, some hundred bytes for "
        "each\n"
        "cell. 'add' writes that of a run. 'show' names the commits at which a cell changed, for each "
        "machine\n"
        "by itself, and says whether the machine changed there too. 'export' prints a run for a service.\n"
        "\n"
        "      --history DIR      the folder of the history (default: history)\n"
        "\n"
        "of add:\n"
        "      --commit COMMIT    the commit that was measured (default: what is checked out, without "
        "changes)\n"
        "      --repository DIR   a folder of the repository that has it (default: this one)\n"
        "\n"
        "of show:\n"
        "      --metric NAME      wall (default), own, peak, pause_p99, pause_max or instructions\n"
        "      --matching TEXT    draw the cells whose names have the text commit by commit, as 'rings x rc "
        "on'\n"
        "      --between-runs PCT the standard deviation of what lies between runs (default 1%)\n"
        "      --chart FILE       draw the cells over commits as well: those of --matching, or all; as SVG, "
        "PNG "
        "or\n"
        "                         PDF, by the file's ending\n"
        "      --json, --markdown write that instead of tables for the terminal\n"
        "\n"
        "of export:\n"
        "      --to FORMAT        bencher (Bencher Metric Format), or github-action-benchmark (for its tool\n"
        "                         customSmallerIsBetter)\n"
        "\n"
        "A time is divided by that of the reference program in its block, as 'gcmatrix compare' does. "
        "Counts\n"
        "that do not vary, as instructions, are compared exactly. docs/history.md has the method, and how\n"
        "often it errs.\n",
    .run = history_run,
};
