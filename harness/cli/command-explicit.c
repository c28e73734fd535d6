/* SPDX-License-Identifier: MIT */
/* gcmatrix explicit: compares each collector's cost with that of freeing every object at the moment of its
 * death. */
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/quantile.h"
#include "base/random.h"
#include "base/text.h"
#include "harness/analysis/baseline.h"
#include "harness/campaign/process/pair-process.h"
#include "harness/cli/cli.h"
#include "harness/cli/recorded-program.h"
#include "harness/cli/target.h"
#include "harness/report/textual.h"

enum { COLLECTORS_MAX = 64, COLUMNS = 8 };

struct explicit_options {
    const char *source, *allocator;
    const char *collectors[COLLECTORS_MAX + 1]; /* `explicit` comes first */
    size_t count;
    long long seed, blocks;
    bool as_json;
};

/* One collector: its pair, and the results of its processes. */
struct cell {
    const char *collector;
    struct target target;
    char *reason;         /* the reason why it has no figure, or NULL */
    char checksum[2][20]; /* of its replays, and of its null replays */
    double peak;          /* median of max_rss_bytes - baseline_rss_bytes of the replays */
};

struct campaign {
    const struct explicit_options *options;
    struct recording recording;
    struct cell cells[COLLECTORS_MAX + 1];
    char *workload_options[2]; /* of a replay, and of a null replay */
    double *times[2];          /* ns, cell by cell */
    double *peaks;
    struct baseline_figure figures[COLLECTORS_MAX + 1];
};

/* ---- one process ---- */

static json_int_t integer_of(const json_t *record, const char *key)
{
    return json_integer_value(json_object_get(record, key));
}

static void record_take(struct campaign *campaign, size_t cell, size_t block, bool null, const json_t *record)
{
    size_t place = cell * (size_t)campaign->options->blocks + block;
    json_int_t sampling = integer_of(json_object_get(record, "measuring"), "sampling_ns");
    const char *checksum = json_string_value(json_object_get(record, "checksum"));
    char *known = campaign->cells[cell].checksum[null];
    campaign->times[null][place] = (double)(integer_of(record, "wall_ns") - sampling);
    if (!null)
        campaign->peaks[place] =
            (double)(integer_of(record, "max_rss_bytes") - integer_of(record, "baseline_rss_bytes"));
    snprintf(known, sizeof campaign->cells[cell].checksum[null], "%s", checksum ? checksum : "");
}

/* Runs one process. A cell that fails once gets a reason, and is not run again. Returns 0 or a status. */
static int process_once(struct campaign *campaign, size_t index, size_t block, bool null)
{
    struct cell *cell = &campaign->cells[index];
    struct pair_process process;
    struct command_request request = {.pair = cell->target.pair,
                                      .workload_options = campaign->workload_options[null],
                                      .collector_options = cell->target.collector_options,
                                      .allocator = &cell->target.allocator,
                                      .seed = (uint64_t)campaign->options->seed};
    if (cell->reason)
        return 0;
    pair_process_run(&request, 0, &process);
    if (pair_process_succeeded(&process))
        record_take(campaign, index, block, null, process.record);
    else if (process.end == SUBPROCESS_SIGNALLED)
        cell->reason = text_format("killed by signal %d (%s)", process.code, strsignal(process.code));
    else
        cell->reason = text_format("%s", process.said ? process.said : "the process wrote no record");
    int status = process.end == SUBPROCESS_INTERRUPTED ? MESSAGE_INTERRUPTED : 0;
    pair_process_free(&process);
    return status;
}

/* ---- all processes ---- */

/* Runs every cell's replay and null replay once, in a shuffled order. */
static int block_run(struct campaign *campaign, size_t block, struct random_state *random)
{
    size_t order[2 * (COLLECTORS_MAX + 1)];
    size_t count = 2 * campaign->options->count;
    int status = 0;
    for (size_t i = 0; i < count; i++) {
        size_t other = random_below(random, i + 1);
        order[i] = order[other];
        order[other] = i;
    }
    for (size_t i = 0; i < count && status == 0; i++)
        status = process_once(campaign, order[i] / 2, block, order[i] % 2);
    return status;
}

static void peaks_take(struct campaign *campaign)
{
    size_t blocks = (size_t)campaign->options->blocks;
    for (size_t i = 0; i < campaign->options->count; i++)
        campaign->cells[i].peak = quantile_median(campaign->peaks + i * blocks, blocks);
}

/* Compares the checksums: every collector must have found the same objects. */
static void checksums_compare(struct campaign *campaign)
{
    struct cell *first = campaign->cells;
    for (size_t i = 1; i < campaign->options->count; i++) {
        struct cell *cell = &campaign->cells[i];
        if (!cell->reason && !first->reason && strcmp(cell->checksum[0], first->checksum[0]) != 0)
            cell->reason = text_format("checksum %s, under %s %s", cell->checksum[0], first->collector,
                                       first->checksum[0]);
    }
}

static int campaign_run(struct campaign *campaign)
{
    struct random_state random;
    size_t blocks = (size_t)campaign->options->blocks, places = campaign->options->count * blocks;
    int status = 0;
    random_seed(&random, (uint64_t)campaign->options->seed);
    campaign->times[0] = memory_new(places, sizeof(double));
    campaign->times[1] = memory_new(places, sizeof(double));
    campaign->peaks = memory_new(places, sizeof(double));
    for (size_t i = 0; i < places; i++)
        campaign->times[0][i] = campaign->times[1][i] = campaign->peaks[i] = NAN;
    for (size_t block = 0; block < blocks && status == 0; block++)
        status = block_run(campaign, block, &random);
    if (status != 0)
        return status;
    checksums_compare(campaign);
    peaks_take(campaign);
    baseline_compare(campaign->times[0], campaign->times[1], campaign->options->count, blocks,
                     campaign->figures);
    return 0;
}

/* Looks for the collectors first: a recording is wasted when a name is wrong. */
static int campaign_open(const struct explicit_options *options, struct campaign *ret_campaign)
{
    int status = 0;
    ret_campaign->options = options;
    for (size_t i = 0; i < options->count && status == 0; i++) {
        ret_campaign->cells[i].collector = options->collectors[i];
        status = target_find("explicit", "replay", options->collectors[i], options->allocator,
                             &ret_campaign->cells[i].target);
    }
    if (status == 0)
        status =
            recording_open("explicit", options->source, (uint64_t)options->seed, &ret_campaign->recording);
    const char *file = ret_campaign->recording.file ? ret_campaign->recording.file : "";
    ret_campaign->workload_options[0] = text_format("file=%s", file);
    ret_campaign->workload_options[1] = text_format("file=%s,null=on", file);
    return status;
}

static void campaign_close(struct campaign *campaign)
{
    for (size_t i = 0; i < campaign->options->count; i++) {
        target_free(&campaign->cells[i].target);
        free(campaign->cells[i].reason);
    }
    for (int null = 0; null < 2; null++) {
        free(campaign->workload_options[null]);
        free(campaign->times[null]);
    }
    free(campaign->peaks);
    recording_close(&campaign->recording);
}

/* ---- results ---- */

static void ratio_print(struct textual *table, double ratio, struct bootstrap_interval interval)
{
    if (isnan(ratio))
        textual_add(table, TEXTUAL_FAINT, "n/a");
    else
        textual_add(table, TEXTUAL_BOLD, "%.2f", ratio);
    if (isnan(ratio) || isnan(interval.low))
        textual_add(table, TEXTUAL_FAINT, "%s", "");
    else
        textual_add(table, TEXTUAL_FAINT, "[%.2f, %.2f]", interval.low, interval.high);
}

static void row_print(struct textual *table, const struct campaign *campaign, size_t index)
{
    const struct cell *cell = &campaign->cells[index];
    const struct baseline_figure *figure = &campaign->figures[index];
    textual_add(table, TEXTUAL_PLAIN, "%s", cell->collector);
    if (cell->reason) {
        for (int i = 1; i < COLUMNS; i++)
            textual_add(table, TEXTUAL_FAINT, "n/a");
        return;
    }
    textual_add(table, TEXTUAL_PLAIN, "%.2f", figure->replay / 1e6);
    textual_add(table, TEXTUAL_PLAIN, "%.2f", figure->null / 1e6);
    textual_add(table, TEXTUAL_PLAIN, "%.2f", figure->cost / 1e6);
    ratio_print(table, figure->ratio, figure->ratio_interval);
    textual_add(table, TEXTUAL_PLAIN, "%.2f", cell->peak / (1 << 20));
    double peak = campaign->cells[0].peak;
    if (peak > 0)
        textual_add(table, TEXTUAL_BOLD, "%.2f", cell->peak / peak);
    else
        textual_add(table, TEXTUAL_FAINT, "n/a");
}

static void result_print(const struct campaign *campaign)
{
    static const char *const header[] = {"collector",  "replay ms", "reading ms", "cost ms",
                                         "x explicit", "95%",       "peak MiB",   "x explicit"};
    const struct explicit_options *options = campaign->options;
    struct textual table;
    printf("%s on %s, seed %lld: %lld block%s\n", campaign->recording.name, options->allocator, options->seed,
           options->blocks, options->blocks == 1 ? "" : "s");
    recording_print(&campaign->recording);
    puts("");
    textual_init(&table, COLUMNS, 1);
    for (size_t i = 0; i < COLUMNS; i++)
        textual_add(&table, TEXTUAL_BOLD, "%s", header[i]);
    for (size_t i = 0; i < options->count; i++)
        row_print(&table, campaign, i);
    textual_print(&table, stdout, textual_has_colour(stdout));
    textual_fini(&table);
    puts(
        "\ncost = replay less the null replay, which reads the recording and does nothing; medians over the\n"
        "blocks, the interval by resampling them. peak = resident memory above the empty process.");
}

static json_t *number_json(double number)
{
    return isnan(number) ? json_null() : json_real(number);
}

static json_t *cell_json(const struct campaign *campaign, size_t index)
{
    const struct cell *cell = &campaign->cells[index];
    const struct baseline_figure *figure = &campaign->figures[index];
    size_t blocks = (size_t)campaign->options->blocks;
    json_t *raw[2] = {json_array(), json_array()};
    for (int null = 0; null < 2; null++)
        for (size_t block = 0; block < blocks; block++)
            json_array_append_new(raw[null], number_json(campaign->times[null][index * blocks + block]));
    return json_pack(
        "{ss so so so so so so so so so so so}", "collector", cell->collector, "reason",
        cell->reason ? json_string(cell->reason) : json_null(), "replay_ns", number_json(figure->replay),
        "null_ns", number_json(figure->null), "cost_ns", number_json(figure->cost), "cost_ns_low",
        number_json(figure->cost_interval.low), "cost_ns_high", number_json(figure->cost_interval.high),
        "ratio", number_json(figure->ratio), "ratio_low", number_json(figure->ratio_interval.low),
        "ratio_high", number_json(figure->ratio_interval.high), "peak_bytes", number_json(cell->peak),
        "blocks", json_pack("{so so}", "replay_ns", raw[0], "null_ns", raw[1]));
}

static void result_print_json(const struct campaign *campaign)
{
    const struct explicit_options *options = campaign->options;
    json_t *cells = json_array();
    for (size_t i = 0; i < options->count; i++)
        json_array_append_new(cells, cell_json(campaign, i));
    json_t *answer = json_pack("{ss ss ss sI sI ss so}", "schema", "gcmatrix.explicit.1", "source",
                               campaign->recording.name, "allocator", options->allocator, "seed",
                               (json_int_t)options->seed, "blocks", (json_int_t)options->blocks, "checksum",
                               campaign->cells[0].checksum[0], "collectors", cells);
    json_dumpf(answer, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    putchar('\n');
    json_decref(answer);
}

/* Prints the reason of each cell that failed. Returns the status of the command. */
static int status_of(const struct campaign *campaign)
{
    int status = 0;
    for (size_t i = 0; i < campaign->options->count; i++) {
        if (campaign->cells[i].reason) {
            message_note("explicit: %s: %s", campaign->cells[i].collector, campaign->cells[i].reason);
            status = MESSAGE_FAILED_CELLS;
        }
    }
    return status;
}

/* ---- the command ---- */

static int collector_add(struct explicit_options *options, const char *collector)
{
    if (options->count > COLLECTORS_MAX)
        return message_bad_input("explicit: at most %d collectors", COLLECTORS_MAX);
    options->collectors[options->count++] = collector;
    return 0;
}

static int options_read(int argc, char **argv, struct explicit_options *ret_options)
{
    static const struct option options[] = {{"collector", required_argument, NULL, 'c'},
                                            {"allocator", required_argument, NULL, 'a'},
                                            {"seed", required_argument, NULL, 's'},
                                            {"blocks", required_argument, NULL, 'b'},
                                            {"json", no_argument, NULL, 'j'},
                                            {NULL, 0, NULL, 0}};
    int found, status = 0;
    optind = 0;
    while (status == 0 && (found = cli_option_next_of(argc, argv, ":c:a:s:b:j", options, "c")) != -1) {
        if (found == 'c')
            status = collector_add(ret_options, optarg);
        else if (found == 'a')
            ret_options->allocator = optarg;
        else if (found == 's')
            status = cli_integer_read("--seed", optarg, 0, INT64_MAX, &ret_options->seed);
        else if (found == 'b')
            status = cli_integer_read("--blocks", optarg, 1, 1000, &ret_options->blocks);
        else if (found == 'j')
            ret_options->as_json = true;
        else
            status = MESSAGE_BAD_INPUT;
    }
    return status;
}

static int command_run(int argc, char **argv)
{
    struct explicit_options options = {
        .collectors = {"explicit"}, .count = 1, .allocator = "glibc", .seed = 1, .blocks = 10};
    struct campaign campaign = {0};
    int status = options_read(argc, argv, &options);
    if (status != 0)
        return status;
    if (optind + 1 != argc || options.count < 2)
        return message_bad_input(
            "explicit: one workload, or the file of a program, and -c COLLECTOR are needed, "
            "as in 'gcmatrix explicit rings -c rc-trial -c mark-sweep'");
    options.source = argv[optind];
    subprocess_interrupts_hold();
    status = campaign_open(&options, &campaign);
    if (status == 0)
        status = campaign_run(&campaign);
    if (status == 0 && options.as_json)
        result_print_json(&campaign);
    else if (status == 0)
        result_print(&campaign);
    if (status == 0)
        status = status_of(&campaign);
    campaign_close(&campaign);
    return status;
}

const struct cli_command cli_explicit = {
    .name = "explicit",
    .summary = "compares collectors with freeing each object at the moment of its death",
    .usage =
        "usage: gcmatrix explicit WORKLOAD[:OPTIONS] -c COLLECTOR[:OPTIONS]... [OPTION]...\n"
        "       gcmatrix explicit FILE -c COLLECTOR[:OPTIONS]... [OPTION]...\n\n"
        "Records the workload, or reads a program (.gcp or .gcp.txt), finds when each of its objects dies, "
        "and\n"
        "replays it under explicit, which frees each at that moment, and under every collector named.\n\n"
        "  -c, --collector NAME[:OPTIONS]   as in mark-sweep:growth=4; once for each collector\n"
        "  -a, --allocator NAME[:TUNING]    glibc, jemalloc, mimalloc or tcmalloc, in the tuning default or\n"
        "                                   normalised; or the path of a shared object (default: glibc)\n"
        "  -s, --seed N                     of the workload and of the order of processes (default: 1)\n"
        "  -b, --blocks N                   in each block every collector replays it once, and reads it "
        "once\n"
        "                                   without doing anything, in shuffled order (default: 10)\n"
        "  -j, --json                       prints the figures, and each process's time, as JSON\n\n"
        "A collector's cost is its replay less its null replay, which reads the recording and does nothing;\n"
        "the ratio is to the cost under explicit, with a 95% interval. All must find the same objects. Exit\n"
        "status 1 when a collector fails.\n",
    .run = command_run,
};
