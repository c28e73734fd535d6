/* SPDX-License-Identifier: MIT */
/* gcmatrix hunt: looks for programs on which one collector is much worse than another, and measures them. */
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/number.h"
#include "base/text.h"
#include "base/writing.h"
#include "harness/campaign/process/pair-process.h"
#include "harness/campaign/process/progress.h"
#include "harness/cli/cli.h"
#include "harness/cli/cliffs.h"
#include "harness/cli/contender.h"
#include "harness/statistics/paired.h"
#include "harness/stress/hunt.h"
#include "harness/stress/work.h"

enum {
    DEFAULT_SECONDS = 60,
    DEFAULT_ROUNDS = 12,
    ROUNDS_MAX = 1000,
    SIZE_MAX_N = 1 << 24,
};
#define CONFIRMED_MIN 1.1 /* the interval of a cliff that is confirmed lies above it */

struct hunt_options {
    const char *collector, *against; /* NAME[:OPTIONS] */
    const char *by, *recipe, *write;
    long long seconds, candidates, seed, jobs, rounds, size;
    bool counted, as_json;
};

/* A candidate with what processes say of it. */
struct cliff_found {
    struct hunt_candidate candidate;
    char recipe[RECIPE_TEXT_BYTES];
    struct paired measured; /* no blocks: it was not measured */
    char *failed;           /* why it could not be; NULL: it could */
};

struct session {
    const struct hunt_options *options;
    struct hunt_request request;
    struct hunt_result result;
    char *names[HUNT_SIDES]; /* of the collectors, without options */
    struct contender contenders[HUNT_SIDES];
    bool opened; /* the contenders are */
    struct cliff_found *found;
    size_t found_count;
    struct progress progress;
    bool interrupted;
};

/* ---- the two sides ---- */

static int side_open(struct session *session, const struct workers *workers, size_t side, const char *text)
{
    const char *colon = strchr(text, ':');
    session->names[side] = text_format("%.*s", (int)(colon ? colon - text : (ptrdiff_t)strlen(text)), text);
    const struct worker *worker = workers_named(workers, session->names[side]);
    if (!worker)
        return MESSAGE_BAD_INPUT;
    if (!work_is_built(worker))
        return message_bad_input("hunt: work-%s is not built beside %s", worker->collector, worker->path);
    session->request.sides[side] = (struct hunt_side){.worker = worker, .options = colon ? colon + 1 : ""};
    return 0;
}

/* Finds the replays of the two, for the measuring. */
static int contenders_find(struct session *session)
{
    const char *texts[HUNT_SIDES] = {session->options->collector, session->options->against};
    int status = target_find_unbuilt("hunt", "replay", texts, HUNT_SIDES);
    for (size_t side = 0; side < HUNT_SIDES && status == 0; side++)
        status = contender_open("hunt", NULL, texts[side], "glibc", &session->contenders[side]);
    session->opened = status == 0;
    return status;
}

/* ---- measuring ---- */

static double figure_of(enum hunt_by by, const json_t *record)
{
    const json_t *pauses = json_object_get(record, "pauses");
    double peak = json_number_value(json_object_get(record, "max_rss_bytes")) -
                  json_number_value(json_object_get(record, "baseline_rss_bytes"));
    if (by == HUNT_PAUSE)
        return json_number_value(json_object_get(pauses, "max_ns"));
    if (by == HUNT_MEMORY || by == HUNT_GARBAGE)
        return peak;
    return json_number_value(json_object_get(record, "wall_ns"));
}

/* Runs one process. Returns its figure; NaN where it failed, and then why is in `found`. */
static double process_once(struct session *session, size_t side, const char *workload_options,
                           struct cliff_found *found)
{
    const struct target *target = &session->contenders[side].target;
    struct command_request request = {.pair = target->pair,
                                      .workload_options = workload_options,
                                      .collector_options = target->collector_options,
                                      .allocator = &target->allocator,
                                      .seed = 1};
    struct pair_process process;
    double figure = NAN;
    pair_process_run(&request, 0, &process);
    if (pair_process_succeeded(&process))
        figure = figure_of(session->request.by, process.record);
    else if (process.end == SUBPROCESS_INTERRUPTED)
        session->interrupted = true;
    else if (!found->failed)
        found->failed = text_format("%s: %s", session->names[side],
                                    process.said ? process.said : "the process wrote no record");
    pair_process_free(&process);
    return figure;
}

/* The two take turns: each round has one process of each, in an order that is drawn. */
static void rounds_run(struct session *session, const char *file, struct cliff_found *found)
{
    size_t rounds = (size_t)session->options->rounds;
    double *figures[HUNT_SIDES] = {memory_new(rounds, sizeof(double)), memory_new(rounds, sizeof(double))};
    char *workload_options = text_format("file=%s", file);
    struct random_state random;
    size_t done = 0;
    random_seed(&random, session->request.seed);
    for (; done < rounds && !session->interrupted && !found->failed; done++) {
        size_t first = random_below(&random, HUNT_SIDES);
        for (size_t turn = 0; turn < HUNT_SIDES; turn++) {
            size_t side = (first + turn) % HUNT_SIDES;
            progress_show(&session->progress, session->names[side]);
            figures[side][done] = process_once(session, side, workload_options, found);
            progress_step(&session->progress);
        }
    }
    if (!session->interrupted && !found->failed)
        found->measured = paired_compare(figures[0], figures[1], done, 0.95);
    free(workload_options);
    free(figures[0]);
    free(figures[1]);
}

static int program_save(const struct hunt_candidate *candidate, const struct writing_folder *folder)
{
    struct program program;
    struct writing writing;
    if (recipe_build(&candidate->recipe, candidate->n, RECIPE_OPERATIONS_MAX, &program, NULL) < 0)
        return message_storage("hunt: out of memory");
    int status = writing_begin(folder, "cliff.gcp", &writing);
    if (status == 0) {
        program_write(&program, writing_stream(&writing));
        status = writing_keep(&writing);
    }
    writing_drop(&writing);
    program_free(&program);
    return status;
}

static int found_measure(struct session *session, struct cliff_found *found)
{
    struct writing_folder folder;
    char *scratch = text_scratch("gcmatrix-hunt");
    int status = mkdtemp(scratch) ? writing_folder_open(scratch, &folder)
                                  : message_storage("hunt: %s: %s", scratch, strerror(errno));
    if (status != 0) {
        free(scratch);
        return status;
    }
    status = program_save(&found->candidate, &folder);
    if (status == 0) {
        char *file = text_format("%s/cliff.gcp", scratch);
        rounds_run(session, file, found);
        free(file);
    }
    writing_folder_close(&folder);
    writing_folder_remove(scratch);
    free(scratch);
    return status;
}

static int all_measure(struct session *session)
{
    int status = 0;
    if (!session->opened || session->result.interrupted)
        return 0;
    subprocess_interrupts_hold();
    progress_start_late(&session->progress,
                        session->found_count * HUNT_SIDES * (size_t)session->options->rounds);
    for (size_t i = 0; i < session->found_count && status == 0 && !session->interrupted; i++)
        status = found_measure(session, &session->found[i]);
    progress_stop(&session->progress);
    subprocess_interrupts_release();
    return status;
}

/* ---- results ---- */

static bool is_measured(const struct cliff_found *found)
{
    return found->measured.blocks > 0;
}

/* Whether it is a cliff: by processes if there were any, else by counts. */
static bool is_cliff(const struct cliff_found *found)
{
    if (is_measured(found))
        return found->measured.low > CONFIRMED_MIN;
    return found->candidate.ratio >= HUNT_RATIO_MIN;
}

static char *ratio_text(const struct cliff_found *found)
{
    if (!is_measured(found))
        return text_format("%.3g, counted", found->candidate.ratio);
    return text_format("%.3g [%.3g, %.3g]", found->measured.ratio, found->measured.low, found->measured.high);
}

static void found_print(const struct session *session, const struct cliff_found *found)
{
    const struct hunt_options *options = session->options;
    char *ratio = ratio_text(found);
    printf("\n%s times as much%s, %.3g by counting: n=%u, '%s'\n", ratio,
           is_cliff(found) ? "" : ", which is not confirmed", found->candidate.ratio, found->candidate.n,
           found->recipe);
    if (found->failed)
        printf("  %s\n", found->failed);
    printf("  gcmatrix hunt -c %s --against %s --by %s --recipe '%s' --size %u\n", options->collector,
           options->against, hunt_words[session->request.by], found->recipe, found->candidate.n);
    free(ratio);
}

static size_t cliffs_count(const struct session *session)
{
    size_t cliffs = 0;
    for (size_t i = 0; i < session->found_count; i++)
        cliffs += is_cliff(&session->found[i]);
    return cliffs;
}

static void session_print(const struct session *session)
{
    const struct hunt_result *result = &session->result;
    size_t cliffs = cliffs_count(session);
    for (size_t i = 0; i < session->found_count; i++)
        found_print(session, &session->found[i]);
    printf("\n%s against %s by %s: %zu cliff%s; %llu programs of %zu kinds in %.1f s%s\n",
           session->options->collector, session->options->against, hunt_words[session->request.by], cliffs,
           cliffs == 1 ? "" : "s", (unsigned long long)result->candidates, result->cells, result->elapsed,
           session->interrupted || result->interrupted ? ", interrupted" : "");
}

static json_t *found_json(const struct cliff_found *found)
{
    json_t *json = json_pack("{ss sI sf sb}", "recipe", found->recipe, "size", (json_int_t)found->candidate.n,
                             "counted_ratio", found->candidate.ratio, "cliff", is_cliff(found));
    if (is_measured(found))
        json_object_set_new(json, "measured",
                            json_pack("{sf sf sf sI}", "ratio", found->measured.ratio, "low",
                                      found->measured.low, "high", found->measured.high, "rounds",
                                      (json_int_t)found->measured.blocks));
    if (found->failed)
        json_object_set_new(json, "failed", json_string(found->failed));
    return json;
}

static void session_json_print(const struct session *session)
{
    json_t *found = json_array();
    for (size_t i = 0; i < session->found_count; i++)
        json_array_append_new(found, found_json(&session->found[i]));
    json_t *all =
        json_pack("{ss ss ss ss sI sI sI sf sb so}", "schema", "gcmatrix.hunt.1", "collector",
                  session->options->collector, "against", session->options->against, "by",
                  hunt_words[session->request.by], "seed", (json_int_t)session->request.seed, "programs",
                  (json_int_t)session->result.candidates, "kinds", (json_int_t)session->result.cells,
                  "seconds", session->result.elapsed, "interrupted",
                  session->interrupted || session->result.interrupted, "found", found);
    json_dumpf(all, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(all);
}

/* Puts the cliffs into the page, in the place of those that were found before. */
static int page_write(const struct session *session)
{
    const struct hunt_options *options = session->options;
    struct cliffs cliffs;
    size_t count = 0;
    struct cliff *rows = memory_new(session->found_count + 1, sizeof *rows);
    int status = cliffs_read(options->write, &cliffs);
    for (size_t i = 0; i < session->found_count && status == 0; i++) {
        const struct cliff_found *found = &session->found[i];
        if (is_cliff(found))
            rows[count++] = (struct cliff){.collector = text_format("%s", options->collector),
                                           .against = text_format("%s", options->against),
                                           .by = text_format("%s", hunt_words[session->request.by]),
                                           .ratio = ratio_text(found),
                                           .size = text_format("%u", found->candidate.n),
                                           .recipe = text_format("%s", found->recipe),
                                           .reason = text_format("%s", "")};
    }
    if (status == 0) {
        cliffs_replace(&cliffs, options->collector, options->against, hunt_words[session->request.by], rows,
                       count);
        status = cliffs_write(options->write, &cliffs);
    }
    cliffs_free(&cliffs);
    free(rows);
    return status;
}

/* ---- progress ---- */

static void show_progress(const struct hunt_request *request, const struct hunt_result *result)
{
    static double shown;
    char left[32] = "", recipe[RECIPE_TEXT_BYTES];
    if (result->elapsed >= shown && result->elapsed < shown + 0.2)
        return;
    shown = result->elapsed;
    if (request->seconds > 0)
        progress_span((int64_t)(fmax(request->seconds - result->elapsed, 0) * 1e9), left);
    recipe_print(&result->worst.recipe, recipe);
    fprintf(stderr, "\rhunt: %s%s%llu programs of %zu kinds, at worst %.3g times as much: %.60s \033[K", left,
            *left ? " left, " : "", (unsigned long long)result->candidates, result->cells,
            result->worst.ratio, recipe);
}

/* ---- the command ---- */

static void found_take(struct session *session)
{
    session->found_count = session->result.found_count;
    session->found = memory_new(session->found_count + 1, sizeof *session->found);
    for (size_t i = 0; i < session->found_count; i++) {
        session->found[i].candidate = session->result.found[i];
        recipe_print(&session->result.found[i].recipe, session->found[i].recipe);
    }
}

static int search(struct session *session)
{
    bool shows = isatty(STDERR_FILENO) && !session->options->as_json;
    int status = hunt_run(&session->request, shows ? show_progress : NULL, &session->result);
    if (shows)
        fputs("\r\033[K", stderr);
    return status;
}

/* Counts the one recipe that was given, in the place of a search. */
static int count_given(struct session *session)
{
    char error[PROGRAM_ERROR_BYTES];
    struct hunt_candidate *given = &session->result.found[0];
    given->n = (uint32_t)session->options->size;
    if (recipe_parse(session->options->recipe, &given->recipe, error) < 0)
        return message_bad_input("hunt: --recipe: %s", error);
    session->result.found_count = session->result.candidates = session->result.cells = 1;
    int status = hunt_count(&session->request, given);
    if (status == 0 && given->ratio <= 0)
        return message_bad_input("hunt: --recipe: the program is too large, or one of the two cannot run it");
    return status;
}

static int session_run(struct session *session)
{
    const struct hunt_options *options = session->options;
    int status = options->counted ? 0 : contenders_find(session);
    if (status == 0)
        status = options->recipe ? count_given(session) : search(session);
    if (status != 0)
        return status;
    found_take(session);
    status = all_measure(session);
    if (status == 0 && options->as_json)
        session_json_print(session);
    else if (status == 0)
        session_print(session);
    bool interrupted = session->interrupted || session->result.interrupted;
    if (status == 0 && options->write && !interrupted)
        status = page_write(session);
    return status == 0 && interrupted ? MESSAGE_INTERRUPTED : status;
}

static void session_close(struct session *session)
{
    for (size_t i = 0; i < session->found_count; i++)
        free(session->found[i].failed);
    for (size_t side = 0; side < HUNT_SIDES; side++) {
        free(session->names[side]);
        if (session->opened)
            contender_close(&session->contenders[side]);
    }
    free(session->found);
}

static int option_take(int found, struct hunt_options *options)
{
    switch (found) {
    case 'c':
        options->collector = optarg;
        return 0;
    case 'A':
        options->against = optarg;
        return 0;
    case 'b':
        options->by = optarg;
        return 0;
    case 't':
        return cli_integer_read("--seconds", optarg, 1, 10000000, &options->seconds);
    case 'p':
        return cli_integer_read("--programs", optarg, 1, INT64_MAX / 2, &options->candidates);
    case 's':
        return cli_integer_read("--seed", optarg, 0, INT64_MAX / 2, &options->seed);
    case 'J':
        return cli_integer_read("--jobs", optarg, 1, 256, &options->jobs);
    case 'n':
        return cli_integer_read("--rounds", optarg, 2, ROUNDS_MAX, &options->rounds);
    case 'r':
        options->recipe = optarg;
        return 0;
    case 'z':
        return cli_integer_read("--size", optarg, 1, SIZE_MAX_N, &options->size);
    case 'w':
        options->write = optarg;
        return 0;
    case 'C':
        options->counted = true;
        return 0;
    case 'j':
        options->as_json = true;
        return 0;
    default:
        return MESSAGE_BAD_INPUT;
    }
}

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

static int options_read(int argc, char **argv, struct hunt_options *ret_options)
{
    static const struct option options[] = {{"collector", required_argument, NULL, 'c'},
                                            {"against", required_argument, NULL, 'A'},
                                            {"by", required_argument, NULL, 'b'},
                                            {"seconds", required_argument, NULL, 't'},
                                            {"programs", required_argument, NULL, 'p'},
                                            {"seed", required_argument, NULL, 's'},
                                            {"jobs", required_argument, NULL, 'J'},
                                            {"rounds", required_argument, NULL, 'n'},
                                            {"recipe", required_argument, NULL, 'r'},
                                            {"size", required_argument, NULL, 'z'},
                                            {"write", required_argument, NULL, 'w'},
                                            {"counted", no_argument, NULL, 'C'},
                                            {"json", no_argument, NULL, 'j'},
                                            {NULL, 0, NULL, 0}};
    static const struct cli_exclusion exclusions[] = {
        {"r", "tp", "do not go together: one program is measured, and none is looked for"},
        {"C", "n", "do not go together: nothing is measured"},
    };
    int found, status = 0;
    optind = 0;
    while (status == 0 && (found = cli_option_next(argc, argv, ":c:s:j", options)) != -1)
        status = option_take(found, ret_options);
    if (status == 0)
        status = cli_exclusions_check("hunt", options, exclusions, sizeof exclusions / sizeof *exclusions);
    if (status == 0)
        status = cli_operands_check(argc, argv, 0, 0, "");
    if (status == 0 && (!ret_options->collector || !ret_options->against))
        status = message_bad_input(
            "hunt: two collectors are needed, as in 'gcmatrix hunt -c rc-trial --against rc'");
    if (status == 0 && !ret_options->recipe != !ret_options->size)
        status = message_bad_input("hunt: --recipe and --size go together");
    if (!ret_options->seconds && !ret_options->candidates)
        ret_options->seconds = DEFAULT_SECONDS;
    return status;
}

static int command_run(int argc, char **argv)
{
    struct hunt_options options = {
        .by = "time", .seed = 1, .jobs = sysconf(_SC_NPROCESSORS_ONLN), .rounds = DEFAULT_ROUNDS};
    struct workers workers = {0};
    struct session session = {.options = &options};
    int status = options_read(argc, argv, &options);
    if (status == 0)
        status = by_read(options.by, &session.request.by);
    if (status == 0)
        status = workers_find(&workers);
    if (status == 0)
        status = side_open(&session, &workers, 0, options.collector);
    if (status == 0)
        status = side_open(&session, &workers, 1, options.against);
    session.request.seconds = (double)options.seconds;
    session.request.candidates = (uint64_t)options.candidates;
    session.request.seed = (uint64_t)options.seed;
    session.request.jobs = (size_t)options.jobs;
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
        "      --rounds N         processes of each collector that measure what is found (default: 12)\n"
        "      --counted          measures nothing: what is found is said by counts alone\n"
        "      --recipe TEXT      measures this program instead of a search\n"
        "      --size N           of that program\n"
        "      --write FILE       puts the cliffs into a page such as docs/cliffs.md\n"
        "      --jobs N           processes of the search at a time (default: one for each processor)\n"
        "  -j, --json             prints the result for programs\n\n"
        "The search counts what collectors do, and reads no clock. What it finds is made small, and measured "
        "in\n"
        "processes that take turns. A cliff is confirmed where the whole interval of 95% lies above 1.1.\n",
    .run = command_run,
};
