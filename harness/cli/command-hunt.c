/* SPDX-License-Identifier: MIT */
/* gcmatrix hunt: looks for programs on which one collector is much worse than another, and measures them. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/message.h"
#include "harness/campaign/plan/pairs.h"
#include "harness/cli/cli.h"
#include "harness/cli/effort.h"
#include "harness/cli/hunt-measure.h"
#include "harness/cli/hunt-results.h"
#include "harness/cli/hunt-workloads.h"
#include "harness/cli/scratch.h"
#include "harness/stress/work.h"

enum {
    DEFAULT_SECONDS = 60,
    DEFAULT_GROUPS = 8,
    DEFAULT_ROUNDS = 6,
    GROUPS_MAX = 100,
    ROUNDS_MAX = 1000,
    SIZE_MAX_N = 1 << 24,
};

struct hunt_options {
    struct effort effort;
    const char *collectors[HUNT_SIDES]; /* NAME[:OPTIONS] */
    const char *recipe, *workload, *workloads, *write;
    enum hunt_by by;
    long long groups, rounds, size;
    bool counted;
};

struct session {
    const struct hunt_options *options;
    struct hunt_request request;
    struct hunt_results results;
    struct contender contenders[HUNT_SIDES];
    struct hunt_workloads workloads;
    struct workload_line given; /* of --workload */
    struct writing page;        /* of --write */
};

/* ---- what is compared ---- */

static int side_open(const struct workers *workers, const char *text, struct hunt_side *ret_side)
{
    char *name, *options;
    int status = pairs_entry_read("hunt", "collector", text, &name, &options);
    const struct worker *worker = status == 0 ? workers_named(workers, name) : NULL;
    free(name);
    free(options);
    if (!worker)
        return MESSAGE_BAD_INPUT;
    if (!work_is_built(worker))
        return message_bad_input("hunt: work-%s is not built beside %s", worker->collector, worker->path);
    const char *colon = strchr(text, ':');
    *ret_side = (struct hunt_side){.worker = worker, .options = colon ? colon + 1 : ""};
    return hunt_side_check(ret_side);
}

/* Finds the workloads that are evolved, or the one whose line is given. A recipe that is given needs none. */
static int workloads_open(struct session *session)
{
    const struct hunt_options *options = session->options;
    struct hunt_workloads *workloads = &session->workloads;
    struct hunt_workloads_request request = {.collectors = {options->collectors[0], options->collectors[1]},
                                             .chosen = options->recipe ? "none" : options->workloads,
                                             .measured = !options->counted};
    int status = options->workload
                     ? hunt_workloads_open_line(&request, options->workload, workloads, &session->given)
                     : hunt_workloads_open(&request, workloads);
    if (status == 0 && workloads->count)
        status = scratch_check("hunt");
    session->request.workloads = workloads->kinds;
    session->request.workload_count = workloads->count;
    session->request.record = hunt_workloads_record;
    return status;
}

/* Finds the two collectors: their workers, which count, and their replays, which are measured. */
static int session_open(struct session *session, const struct hunt_options *options,
                        const struct workers *workers)
{
    int status = 0;
    session->options = options;
    session->request = (struct hunt_request){.by = options->by,
                                             .seconds = (double)options->effort.seconds,
                                             .candidates = (uint64_t)options->effort.programs,
                                             .seed = (uint64_t)options->effort.seed,
                                             .jobs = (size_t)options->effort.jobs};
    session->results = (struct hunt_results){.request = &session->request, .rounds = (size_t)options->rounds};
    for (size_t side = 0; side < HUNT_SIDES && status == 0; side++) {
        session->results.collectors[side] = options->collectors[side];
        status = side_open(workers, options->collectors[side], &session->request.sides[side]);
    }
    if (status == 0 && !options->counted)
        status = options->workload ? scratch_check("hunt")
                                   : hunt_measure_open(options->collectors, session->contenders);
    if (status == 0)
        status = workloads_open(session);
    if (status == 0 && options->write)
        status = hunt_results_page_begin(options->write, &session->page);
    return status;
}

static void session_close(struct session *session)
{
    writing_drop(&session->page);
    for (size_t i = 0; i < session->results.found_count; i++)
        hunt_found_close(&session->results.found[i]);
    free(session->results.found);
    hunt_workloads_close(&session->workloads);
    for (size_t side = 0; side < HUNT_SIDES; side++)
        contender_close(&session->contenders[side]);
}

/* ---- the phases ---- */

static int search(struct session *session)
{
    bool shows = effort_shows(&session->options->effort);
    int status = hunt_run(&session->request, shows ? hunt_results_progress : NULL, &session->results.result);
    if (shows)
        fputs("\r\033[K", stderr);
    return status;
}

/* Says why what was given cannot be compared. */
static int given_refuse(const struct hunt_options *options, const struct hunt_candidate *given,
                        const char *said)
{
    const char *place = options->recipe ? "--recipe" : "--workload";
    if (given->drop == HUNT_TOO_LARGE)
        return message_bad_input("hunt: %s: the program is too large to be counted: give it smaller numbers",
                                 place);
    return message_bad_input("hunt: %s: the program cannot be counted: %s", place,
                             said ? said : "a process crashed");
}

/* Counts the one recipe or workload line that was given, in the place of a search. */
static int count_given(struct session *session)
{
    char error[PROGRAM_ERROR_BYTES], *said;
    const struct hunt_options *options = session->options;
    struct hunt_result *result = &session->results.result;
    struct hunt_candidate *given = &result->found[0];
    given->form = options->recipe ? HUNT_RECIPE : HUNT_WORKLOAD;
    given->n = (uint32_t)options->size;
    given->workload = session->given;
    if (options->recipe && recipe_parse(options->recipe, &given->recipe, error) < 0)
        return message_bad_input("hunt: --recipe: %s", error);
    result->found_count = result->candidates = result->cells = 1;
    int status = hunt_count(&session->request, given, &said);
    if (status == 0 && given->ratio <= 0)
        status = given_refuse(options, given, said);
    free(said);
    return status;
}

static void found_take(struct hunt_results *results)
{
    const struct hunt_result *result = &results->result;
    results->interrupted = result->interrupted;
    results->found_count = result->found_count;
    results->found = memory_new(result->found_count + 1, sizeof *results->found);
    for (size_t i = 0; i < result->found_count; i++)
        results->found[i] = hunt_found_open(&result->found[i]);
}

static int measure(struct session *session)
{
    const struct hunt_options *options = session->options;
    struct hunt_results *results = &session->results;
    struct hunt_measure_request request = {.collectors = options->collectors,
                                           .contenders = session->contenders,
                                           .by = options->by,
                                           .seed = session->request.seed,
                                           .groups = (size_t)options->groups,
                                           .rounds = results->rounds};
    if (options->counted || results->interrupted)
        return 0;
    return hunt_measure(&request, results->found, results->found_count, &results->interrupted);
}

static void results_print(const struct session *session)
{
    if (session->options->effort.as_json)
        hunt_results_json_print(&session->results);
    else
        hunt_results_print(&session->results);
}

static int results_show(struct session *session)
{
    const struct hunt_options *options = session->options;
    results_print(session);
    if (session->results.interrupted)
        return MESSAGE_INTERRUPTED;
    return options->write ? hunt_results_write(&session->results, options->write, &session->page) : 0;
}

static int session_run(struct session *session)
{
    const struct hunt_options *options = session->options;
    int status = options->recipe || options->workload ? count_given(session) : search(session);
    if (status != 0)
        return status;
    found_take(&session->results);
    status = measure(session);
    if (status == 0)
        return results_show(session);
    results_print(session); /* what was found is worth more than that it was not measured */
    return status;
}

/* ---- the command ---- */

static int by_read(const char *text, enum hunt_by *ret_by)
{
    for (int by = 0; hunt_words[by]; by++) {
        if (strcmp(hunt_words[by], text) != 0)
            continue;
        *ret_by = (enum hunt_by)by;
        return 0;
    }
    return message_bad_input("hunt: --by takes time, work, pause, memory or garbage, not '%s'", text);
}

static int option_take(int found, struct hunt_options *options)
{
    switch (found) {
    case 'c':
        options->collectors[0] = optarg;
        return 0;
    case 'A':
        options->collectors[1] = optarg;
        return 0;
    case 'b':
        return by_read(optarg, &options->by);
    case 'g':
        return cli_integer_read("--groups", optarg, 2, GROUPS_MAX, &options->groups);
    case 'n':
        return cli_integer_read("--rounds", optarg, 1, ROUNDS_MAX, &options->rounds);
    case 'r':
        options->recipe = optarg;
        return 0;
    case 'z':
        return cli_integer_read("--size", optarg, 1, SIZE_MAX_N, &options->size);
    case 'l':
        options->workload = optarg;
        return 0;
    case 'L':
        options->workloads = optarg;
        return 0;
    case 'w':
        options->write = optarg;
        return 0;
    case 'C':
        options->counted = true;
        return 0;
    default:
        return effort_option_take(found, &options->effort);
    }
}

static int options_read(int argc, char **argv, struct hunt_options *ret_options)
{
    static const struct option options[] = {EFFORT_OPTIONS,
                                            {"collector", required_argument, NULL, 'c'},
                                            {"against", required_argument, NULL, 'A'},
                                            {"by", required_argument, NULL, 'b'},
                                            {"groups", required_argument, NULL, 'g'},
                                            {"rounds", required_argument, NULL, 'n'},
                                            {"recipe", required_argument, NULL, 'r'},
                                            {"size", required_argument, NULL, 'z'},
                                            {"workload", required_argument, NULL, 'l'},
                                            {"workloads", required_argument, NULL, 'L'},
                                            {"write", required_argument, NULL, 'w'},
                                            {"counted", no_argument, NULL, 'C'},
                                            {NULL, 0, NULL, 0}};
    static const struct cli_exclusion exclusions[] = {
        {"rl", "tpL", "do not go together: one program is measured, and none is looked for"},
        {"l", "rz", "do not go together: one program is measured"},
        {"C", "gn", "do not go together: nothing is measured"},
    };
    int found, status = 0;
    optind = 0;
    while (status == 0 && (found = cli_option_next(argc, argv, ":c:" EFFORT_SHORTS, options)) != -1)
        status = option_take(found, ret_options);
    if (status == 0)
        status = cli_exclusions_check("hunt", options, exclusions, sizeof exclusions / sizeof *exclusions);
    if (status == 0)
        status = cli_operands_check(argc, argv, 0, 0, "");
    if (status == 0 && (!ret_options->collectors[0] || !ret_options->collectors[1]))
        status = message_bad_input(
            "hunt: two collectors are needed, as in 'gcmatrix hunt -c rc-trial --against rc'");
    if (status == 0 && !ret_options->recipe != !ret_options->size)
        status = message_bad_input("hunt: --recipe and --size go together");
    if (!ret_options->effort.seconds && !ret_options->effort.programs)
        ret_options->effort.seconds = DEFAULT_SECONDS;
    return status;
}

static int command_run(int argc, char **argv)
{
    struct hunt_options options = {
        .effort = effort_standard(1), .by = HUNT_TIME, .groups = DEFAULT_GROUPS, .rounds = DEFAULT_ROUNDS};
    struct workers workers = {0};
    struct session session = {0};
    int status = options_read(argc, argv, &options);
    if (status == 0)
        status = workers_find(&workers);
    if (status == 0)
        status = session_open(&session, &options, &workers);
    if (status == 0)
        status = session_run(&session);
    session_close(&session);
    workers_free(&workers);
    return status;
}

const struct cli_command cli_hunt = {
    .name = "hunt",
    .summary = "looks for programs on which one collector is much worse than another",
    .usage =
        "usage: gcmatrix hunt -c COLLECTOR --against COLLECTOR [OPTION]...\n\n"
        "  -c, --collector NAME[:OPTIONS]  that is to be worse\n"
        "      --against NAME[:OPTIONS]    than this one\n"
        "      --by WAY           time, work, pause, memory or garbage (default: time)\n"
        "      --seconds T        that the search takes (default: 60)\n"
        "      --programs N       as many are tried, instead of as many as come in the time\n"
        "  -s, --seed N           of the search (default: 1)\n"
        "      --groups N         of rounds that measure what is found, each in a layout of its own "
        "(default: "
        "8)\n"
        "      --rounds N         of each group; one process of each collector in each (default: 6)\n"
        "      --counted          measures nothing: what is found is said by counts alone\n"
        "      --workloads NAMES  whose options are evolved, as in rings,splay, or none (default: all)\n"
        "      --recipe TEXT      measures this program instead of a search\n"
        "      --size N           of that program\n"
        "      --workload LINE    measures this workload instead of a search, as in rings:count=2000\n"
        "      --write FILE       puts the cliffs into a page such as docs/cliffs.md\n"
        "      --jobs N           processes of the search at a time (default: one for each processor)\n"
        "  -j, --json             prints the result for programs\n\n"
        "The search evolves recipes, and the options of workloads. It counts what collectors do, and\n"
        "reads no clock. What it finds is made small, and measured in processes that take turns. A ratio\n"
        "is the mean of the groups' medians, with Student's interval over the groups: two calls differ by\n"
        "more than their rounds do. A cliff is confirmed where the whole interval of 95% lies above 1.1.\n",
    .run = command_run,
};
