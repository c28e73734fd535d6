/* SPDX-License-Identifier: MIT */
/* gcmatrix bisect: finds the commit at which a cell changed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/message.h"
#include "base/number.h"
#include "base/text.h"
#include "harness/cli/cli.h"
#include "harness/history/bisect.h"
#include "harness/history/entry.h"

struct bisect_request {
    struct bisect bisect;
    const char *dir, *repository;
    bool dry_run;
};

/* ---- options ---- */

static int options_read(int argc, char **argv, struct bisect_request *request)
{
    static const struct option options[] = {
        {"output", required_argument, NULL, 'o'}, {"repository", required_argument, NULL, 'r'},
        {"build", required_argument, NULL, 'B'},  {"limit", required_argument, NULL, 'l'},
        {"budget", required_argument, NULL, 'u'}, {"metric", required_argument, NULL, 'M'},
        {"dry-run", no_argument, NULL, 'n'},      {0}};
    optind = 0;
    for (int found; (found = cli_option_next(argc, argv, ":o:n", options)) != -1;) {
        switch (found) {
        case 'o':
            request->dir = optarg;
            break;
        case 'r':
            request->repository = optarg;
            break;
        case 'B':
            request->bisect.build = optarg;
            break;
        case 'l':
            request->bisect.limit = optarg;
            break;
        case 'u':
            request->bisect.budget = optarg;
            break;
        case 'M':
            request->bisect.metric = optarg;
            break;
        case 'n':
            request->dry_run = true;
            break;
        default:
            return MESSAGE_BAD_INPUT;
        }
    }
    return cli_operands_check(
        argc, argv, 2, 2, "two commits and a cell are needed, as in 'gcmatrix bisect v1 HEAD -- rings rc'");
}

/* Takes the words behind `--`: workload, collector, allocator and memory. */
static int cell_take(int count, char **words, struct bisect *bisect)
{
    if (count < 2 || count > 4)
        return message_bad_input(
            "bisect: a cell is WORKLOAD COLLECTOR [ALLOCATOR [cold|warm]] behind --, as in "
            "'gcmatrix bisect v1 HEAD -- rings:count=1e6 rc glibc warm'");
    for (int i = 0; i < count; i++)
        if (!*words[i])
            return message_bad_input("bisect: a word of the cell is empty");
    bisect->workload = words[0];
    bisect->collector = words[1];
    bisect->allocator = count > 2 ? words[2] : "glibc";
    bisect->memory = count > 3 ? words[3] : "cold";
    if (strcmp(bisect->memory, "cold") != 0 && strcmp(bisect->memory, "warm") != 0)
        return message_bad_input("bisect: memory is cold or warm, not '%s'", bisect->memory);
    return 0;
}

/* A limit is a share that a matrix takes as its precision. */
static int limit_check(const char *limit)
{
    double percent;
    const char *rest = number_real_read(limit, &percent);
    if (!rest || strcmp(rest, "%") != 0 || percent <= 0 || percent >= 100)
        return message_bad_input("bisect: --limit takes a percentage below 100, as in 5%%, not '%s'", limit);
    return 0;
}

/* ---- the folder ---- */

/* The absolute path of a folder that is to be made, for free(); NULL after one line. */
static char *dir_find(const char *dir)
{
    char *here = *dir == '/' ? text_format("%s", "") : getcwd(NULL, 0);
    if (!here)
        message_bad_input("bisect: %s", strerror(errno));
    char *path = here ? text_format("%s%s%s", here, *here ? "/" : "", dir) : NULL;
    free(here);
    return path;
}

/* Runs the script in place of this program, which has said all that it has to. */
static int script_run(const struct bisect *bisect)
{
    char *script = text_format("%s/bisect.sh", bisect->dir);
    fflush(stdout);
    execlp("bash", "bash", script, (char *)NULL);
    int status = message_bad_input("bisect: bash: %s", strerror(errno));
    free(script);
    return status;
}

static int folder_use(const struct bisect *bisect, bool dry_run)
{
    char *shown = escape_shell(bisect->dir);
    int status = bisect_make(bisect);
    if (status == 0)
        message_say("%s: %.12s to %.12s, by %s of %s x %s on %s %s; start it with: bash %s/bisect.sh",
                    bisect->dir, bisect->good, bisect->bad, bisect->metric, bisect->workload,
                    bisect->collector, bisect->allocator, bisect->memory, shown);
    free(shown);
    return status == 0 && !dry_run ? script_run(bisect) : status;
}

/* ---- the command ---- */

/* Finds paths and commits, makes the folder, and runs what is in it. */
static int request_run(struct bisect_request *request, const char *good, const char *bad)
{
    struct history_commit from = {0}, to = {0};
    char *dir = NULL, *repository = realpath(request->repository, NULL), *gcmatrix = NULL;
    int status = 0;
    if (!repository || !(gcmatrix = realpath("/proc/self/exe", NULL)))
        status = message_bad_input("bisect: %s: %s", repository ? "/proc/self/exe" : request->repository,
                                   strerror(errno));
    if (status == 0)
        status = history_commit_find(repository, good, &from);
    if (status == 0)
        status = history_commit_find(repository, bad, &to);
    char *usual = status == 0 ? text_format("bisect-%.7s-%.7s", from.id, to.id) : NULL;
    if (status == 0 && !(dir = dir_find(request->dir ? request->dir : usual)))
        status = MESSAGE_BAD_INPUT;
    if (status == 0) {
        struct bisect bisect = request->bisect;
        bisect.dir = dir;
        bisect.repository = repository;
        bisect.gcmatrix = gcmatrix;
        bisect.good = from.id;
        bisect.bad = to.id;
        status = folder_use(&bisect, request->dry_run);
    }
    free(usual);
    free(dir);
    free(repository);
    free(gcmatrix);
    history_commit_free(&from);
    history_commit_free(&to);
    return status;
}

/* What stands before `--` is options and commits, and what stands behind it is the cell. */
static int command_run(int argc, char **argv)
{
    struct bisect_request request = {.bisect = {.limit = "5%", .budget = "5m", .metric = "wall"},
                                     .repository = "."};
    int own = 1;
    while (own < argc && strcmp(argv[own], "--") != 0)
        own++;
    int status = options_read(own, argv, &request);
    if (status == 0)
        status = cell_take(own < argc ? argc - own - 1 : 0, argv + own + 1, &request.bisect);
    if (status == 0)
        status = limit_check(request.bisect.limit);
    return status == 0 ? request_run(&request, argv[optind], argv[optind + 1]) : status;
}

const struct cli_command cli_bisect = {
    .name = "bisect",
    .summary = "find the commit at which a cell became slower, faster or larger",
    .usage =
        "usage: gcmatrix bisect [OPTION]... GOOD BAD -- WORKLOAD COLLECTOR [ALLOCATOR [cold|warm]]\n"
        "\n"
        "  -o, --output DIR       the folder for clones, runs and logs, made by this command\n"
        "                         (default: bisect-GOOD-BAD)\n"
        "      --repository DIR   the repository (default: the one of this folder); it stays as it is\n"
        "      --build COMMAND    builds in a clone, so that build/harness/runner holds pairs.json and the\n"
        "                         cell's executables (default: meson and ninja, of what the cell needs)\n"
        "      --limit PCT        a commit is bad that is worse than GOOD by more than this (default 5%)\n"
        "      --budget TIME      for each commit, as in 90s or 10m (default 5m)\n"
        "      --metric NAME      wall (default), own, peak, pause_p99, ...\n"
        "  -n, --dry-run          writes the folder and its scripts, and runs nothing\n"
        "\n"
        "Has git bisect ask for commits between the two. Each is built, and measured in the same blocks as "
        "GOOD\n"
        "('gcmatrix matrix --against'), until it is decided whether it is worse. Where GOOD is worse than "
        "BAD,\n"
        "what made the cell better is found. A commit that does not build, or that cannot be told in its\n"
        "budget, is skipped.\n"
        "\n"
        "Exit status 0 with the commit on standard output; 1 when GOOD does not build; 4 when it cannot be\n"
        "told.\n",
    .run = command_run,
};
