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
#include "harness/campaign/process/pair-process.h"
#include "harness/campaign/process/progress.h"
#include "harness/cli/cli.h"
#include "harness/cli/explicit-results.h"

/* ---- one process ---- */

static json_int_t integer_of(const json_t *record, const char *key)
{
    return json_integer_value(json_object_get(record, key));
}

static void record_take(struct explicit_campaign *campaign, size_t index, size_t block, bool null,
                        json_t *record)
{
    struct explicit_cell *cell = &campaign->cells[index];
    size_t place = block * campaign->count + index;
    json_int_t sampling = integer_of(json_object_get(record, "measuring"), "sampling_ns");
    const char *checksum = json_string_value(json_object_get(record, "checksum"));
    campaign->times[null][place] = (double)(integer_of(record, "wall_ns") - sampling);
    if (!null) {
        campaign->peaks[place] =
            (double)(integer_of(record, "max_rss_bytes") - integer_of(record, "baseline_rss_bytes"));
        json_array_append(cell->contender.records, record);
    }
    snprintf(cell->checksum[null], sizeof cell->checksum[null], "%s", checksum ? checksum : "");
}

/* Runs one process. A cell that fails once gets a reason, and is not run again. Returns 0 or a status. */
static int process_once(struct explicit_campaign *campaign, size_t index, size_t block, bool null)
{
    struct contender *contender = &campaign->cells[index].contender;
    struct pair_process process;
    struct command_request request = {.pair = contender->target.pair,
                                      .workload_options = campaign->workload_options[null],
                                      .collector_options = contender->target.collector_options,
                                      .allocator = &contender->target.allocator,
                                      .seed = (uint64_t)campaign->options->subjects.seed};
    if (contender->reason)
        return 0;
    pair_process_run(&request, 0, &process);
    if (pair_process_succeeded(&process))
        record_take(campaign, index, block, null, process.record);
    else if (process.end == SUBPROCESS_INTERRUPTED)
        contender->reason = NULL; /* it is not the process's fault */
    else if (process.end == SUBPROCESS_SIGNALLED)
        contender->reason = text_format("killed by signal %d (%s)", process.code, strsignal(process.code));
    else
        contender->reason = text_format("%s", process.said ? process.said : "the process wrote no record");
    int status = process.end == SUBPROCESS_INTERRUPTED ? MESSAGE_INTERRUPTED : 0;
    pair_process_free(&process);
    return status;
}

/* ---- all processes ---- */

/* Runs every cell's replay and null replay once, in a shuffled order. */
static int block_run(struct explicit_campaign *campaign, size_t block, struct random_state *random)
{
    size_t order[2 * SUBJECTS_MAX];
    size_t count = 2 * campaign->count;
    int status = 0;
    for (size_t i = 0; i < count; i++) {
        size_t other = random_below(random, i + 1);
        order[i] = order[other];
        order[other] = i;
    }
    for (size_t i = 0; i < count && status == 0; i++) {
        progress_show(&campaign->progress, campaign->cells[order[i] / 2].contender.name);
        status = process_once(campaign, order[i] / 2, block, order[i] % 2);
        progress_step(&campaign->progress);
    }
    campaign->blocks += status == 0;
    return status;
}

/* Compares the checksums: every collector must have found the same objects. */
static void checksums_compare(struct explicit_campaign *campaign)
{
    struct explicit_cell *first = campaign->cells;
    for (size_t i = 1; i < campaign->count; i++) {
        struct explicit_cell *cell = &campaign->cells[i];
        if (!cell->contender.reason && !first->contender.reason &&
            strcmp(cell->checksum[0], first->checksum[0]) != 0)
            cell->contender.reason = text_format("checksum %s, under %s %s", cell->checksum[0],
                                                 first->contender.name, first->checksum[0]);
    }
}

/* The values of complete blocks, cell by cell. The caller frees them. */
static double *by_cell(const struct explicit_campaign *campaign, const double *values)
{
    double *turned = memory_new(campaign->count * campaign->blocks + 1, sizeof *turned);
    for (size_t cell = 0; cell < campaign->count; cell++)
        for (size_t block = 0; block < campaign->blocks; block++)
            turned[cell * campaign->blocks + block] = values[block * campaign->count + cell];
    return turned;
}

/* Computes the figures of the blocks that are complete. */
static void campaign_conclude(struct explicit_campaign *campaign)
{
    double *replay = by_cell(campaign, campaign->times[0]), *null = by_cell(campaign, campaign->times[1]);
    double *peaks = by_cell(campaign, campaign->peaks);
    for (size_t i = 0; i < campaign->count; i++)
        campaign->cells[i].peak = quantile_median(peaks + i * campaign->blocks, campaign->blocks);
    baseline_compare(replay, null, campaign->count, campaign->blocks, campaign->figures);
    checksums_compare(campaign);
    free(replay);
    free(null);
    free(peaks);
}

static int campaign_run(struct explicit_campaign *campaign)
{
    struct random_state random;
    size_t blocks = (size_t)campaign->options->blocks, places = campaign->count * blocks;
    int status = 0;
    random_seed(&random, (uint64_t)campaign->options->subjects.seed);
    campaign->times[0] = memory_new(places, sizeof(double));
    campaign->times[1] = memory_new(places, sizeof(double));
    campaign->peaks = memory_new(places, sizeof(double));
    for (size_t i = 0; i < places; i++)
        campaign->times[0][i] = campaign->times[1][i] = campaign->peaks[i] = NAN;
    for (size_t block = 0; block < blocks && status == 0; block++)
        status = block_run(campaign, block, &random);
    progress_stop(&campaign->progress);
    return status;
}

/* Looks for the collectors first: a recording is wasted when a name is wrong. */
static int campaign_open(const struct explicit_options *options, struct explicit_campaign *ret_campaign)
{
    const struct subjects *subjects = &options->subjects;
    int status = 0;
    ret_campaign->options = options;
    for (; ret_campaign->count < subjects->count && status == 0; ret_campaign->count++)
        status = contender_open("explicit", NULL, subjects->collectors[ret_campaign->count],
                                subjects->allocator, &ret_campaign->cells[ret_campaign->count].contender);
    if (status != 0)
        return status;
    progress_start_late(&ret_campaign->progress,
                        RECORDING_STEPS + 2 * subjects->count * (size_t)options->blocks);
    status = recording_open("explicit", options->source, (uint64_t)subjects->seed, false,
                            &ret_campaign->progress, &ret_campaign->recording);
    if (status != 0)
        return status;
    ret_campaign->workload_options[0] = text_format("image=%s", ret_campaign->recording.image);
    ret_campaign->workload_options[1] = text_format("image=%s,null=on", ret_campaign->recording.image);
    return 0;
}

static void campaign_close(struct explicit_campaign *campaign)
{
    for (size_t i = 0; i < campaign->count; i++)
        contender_close(&campaign->cells[i].contender);
    for (int null = 0; null < 2; null++) {
        free(campaign->workload_options[null]);
        free(campaign->times[null]);
    }
    free(campaign->peaks);
    recording_close(&campaign->recording);
}

/* Prints the reason of each cell that failed. Returns the status of the command. */
static int status_of(const struct explicit_campaign *campaign)
{
    int status = 0;
    for (size_t i = 0; i < campaign->count; i++) {
        const struct contender *contender = &campaign->cells[i].contender;
        if (contender->reason) {
            message_note("explicit: %s: %s", contender->name, contender->reason);
            status = MESSAGE_FAILED_CELLS;
        }
    }
    return status;
}

/* ---- the command ---- */

static int options_read(int argc, char **argv, struct explicit_options *ret_options)
{
    static const struct option options[] = {
        SUBJECTS_OPTIONS, {"blocks", required_argument, NULL, 'b'}, {NULL, 0, NULL, 0}};
    int found, status = 0;
    optind = 0;
    while (status == 0 &&
           (found = cli_option_next_of(argc, argv, ":b:" SUBJECTS_SHORTS, options, SUBJECTS_LISTS)) != -1)
        status = found == 'b' ? cli_integer_read("--blocks", optarg, 1, 1000, &ret_options->blocks)
                              : subjects_option_take("explicit", found, &ret_options->subjects);
    return status;
}

/* Shows the blocks that are complete. */
static int campaign_show(struct explicit_campaign *campaign)
{
    campaign_conclude(campaign);
    if (campaign->options->subjects.as_json)
        explicit_results_json_print(campaign);
    else
        explicit_results_print(campaign);
    return status_of(campaign);
}

static int command_run(int argc, char **argv)
{
    struct explicit_options options = {.subjects = SUBJECTS_NONE, .blocks = 10};
    struct explicit_campaign campaign = {0};
    subjects_add("explicit", "explicit", &options.subjects);
    int status = options_read(argc, argv, &options);
    if (status == 0)
        status =
            subjects_operand_check(argc, argv, &options.subjects, 2,
                                   "one workload, or the file of a program, and -c COLLECTOR are needed, "
                                   "as in 'gcmatrix explicit rings -c rc-trial -c mark-sweep'");
    if (status != 0)
        return status;
    options.source = argv[optind];
    subprocess_interrupts_hold();
    status = campaign_open(&options, &campaign);
    if (status == 0)
        status = campaign_run(&campaign);
    recording_discard(&campaign.recording);
    subprocess_interrupts_release();
    if (status == 0 || (status == MESSAGE_INTERRUPTED && campaign.blocks > 0)) {
        int failed = campaign_show(&campaign);
        status = status ? status : failed;
    }
    if (status == MESSAGE_INTERRUPTED)
        message_note("explicit: interrupted after %zu of %lld blocks", campaign.blocks, options.blocks);
    campaign_close(&campaign);
    return status;
}

const struct cli_command cli_explicit = {
    .name = "explicit",
    .summary = "compares collectors with freeing each object at the moment of its death",
    .usage =
        "usage: gcmatrix explicit WORKLOAD[:OPTIONS] -c COLLECTOR[:OPTIONS]... [OPTION]...\n"
        "       gcmatrix explicit FILE -c COLLECTOR[:OPTIONS]... [OPTION]...\n\n"
        "Records the workload, or reads a program (.gcp or .gcp.txt), and finds when each of its objects "
        "dies.\n"
        "Then it replays the program under explicit, which frees each object at that moment, and under "
        "every\n"
        "collector that is named.\n\n"
        "  -c, --collector NAME[:OPTIONS]   as in mark-sweep:growth=4; once for each collector\n"
        "  -a, --allocator NAME[:TUNING]    glibc, jemalloc, mimalloc or tcmalloc, in the tuning default or\n"
        "                                   normalised; or the path of a shared object (default: glibc)\n"
        "  -s, --seed N                     of the workload and of the order of processes (default: 1)\n"
        "  -b, --blocks N                   in each block every collector replays it once, and reads it "
        "once\n"
        "                                   without doing anything, in shuffled order (default: 10)\n"
        "  -j, --json                       prints the figures, and each process's time, as JSON\n\n"
        "A collector's cost is its replay less its null replay, which reads the recording and does nothing.\n"
        "The ratio is to the cost under explicit, with a 95% interval. † marks a collector that left more "
        "than\n"
        "a tenth of its garbage, ‡ one that frees nothing. Where the cost under explicit is not above 0 "
        "beyond\n"
        "its noise there is no ratio: the program is too short. All must find the same objects. The "
        "recording\n"
        "is read once; Ctrl-C shows the blocks that are complete. Exit status 1 when a collector fails.\n",
    .run = command_run,
};
