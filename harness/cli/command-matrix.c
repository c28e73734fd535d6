/* SPDX-License-Identifier: MIT */
/* gcmatrix matrix: runs a matrix file, or shows what it would run. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/patience.h"
#include "base/text.h"
#include "harness/campaign/campaign.h"
#include "harness/campaign/plan/targets.h"
#include "harness/cli/cli.h"
#include "harness/results/folder.h"

struct matrix_options {
    struct campaign_options campaign;
    struct spec_overrides overrides;
    const char *against; /* folder of another build; NULL: none */
    const char *earlier; /* folder of a run to estimate from; NULL: the reference run, if it is there */
    const char *shard;   /* as a person writes it; NULL: the whole run */
    bool dry_run, targets;
};

/* Cells that a dry run lists one by one, at most. */
enum { CELLS_IN_FULL = 40 };

/* How many blocks the plan has, and when it decides. */
static void design_print(const struct spec *spec, const struct plan *plan)
{
    if (!spec->sequential) {
        printf(" in %" PRIu64 " blocks: %" PRIu64 " processes", plan->blocks,
               plan->blocks * plan->cell_count);
        return;
    }
    printf(" in %" PRIu64 " to %" PRIu64 " blocks: %" PRIu64 " to %" PRIu64 " processes", spec->first,
           plan->blocks, spec->first * plan->cell_count, plan->blocks * plan->cell_count);
}

static void plan_sum_up(const struct spec *spec, const struct plan *plan)
{
    size_t baselines = 0;
    for (size_t i = 0; i < plan->cell_count; i++)
        baselines += plan->cells[i].baseline;
    printf("%s: %zu cells (%zu of them baselines)", spec->name, plan->cell_count, baselines);
    design_print(spec, plan);
    printf(", %" PRIu64 " s at most for each\n", spec->timeout_seconds);
}

/* A line for each cell. */
static void cells_print(const struct plan *plan)
{
    for (size_t i = 0; i < plan->cell_count; i++) {
        char *name = plan_cell_name(&plan->cells[i]);
        printf("%4zu  %s%s\n", i, name, plan->cells[i].baseline ? "  (baseline)" : "");
        free(name);
    }
}

static void collector_print(const struct plan_cell *cell, bool first)
{
    printf("%s%s%s%s", first ? "" : ", ", cell->collector, *cell->collector_options ? ":" : "",
           cell->collector_options);
}

/*
 * A line for each workload and setting, with the number of its cells and their collectors. It begins with two
 * blanks and a number, as a cell's line does. O(cells²).
 */
static void cells_print_briefly(const struct plan *plan)
{
    char **places = memory_new(plan->cell_count + 1, sizeof(*places));
    for (size_t i = 0; i < plan->cell_count; i++)
        places[i] = plan_place_name(&plan->cells[i]);
    for (size_t first = 0; first < plan->cell_count; first++) {
        size_t count = 0, before = 0;
        for (size_t i = 0; i < plan->cell_count; i++) {
            bool same = strcmp(places[i], places[first]) == 0;
            before += same && i < first;
            count += same;
        }
        if (before > 0)
            continue;
        printf("%4zu  %s%s: ", count, places[first], plan->cells[first].baseline ? "  (baselines)" : "");
        for (size_t i = first; i < plan->cell_count; i++)
            if (strcmp(places[i], places[first]) == 0)
                collector_print(&plan->cells[i], i == first);
        putchar('\n');
    }
    for (size_t i = 0; i < plan->cell_count; i++)
        free(places[i]);
    free(places);
}

/* Says which part of the plan a shard is. */
static void shard_print(const struct plan *plan, const struct matrix_options *options)
{
    uint64_t blocks = shard_blocks(options->campaign.shard, plan->blocks);
    printf("shard %s has %" PRIu64 " of %" PRIu64 " blocks: %" PRIu64
           " processes, and as large a part of the time\n",
           options->shard, blocks, plan->blocks, blocks * plan->cell_count);
}

static int plan_show(const struct spec *spec, const struct plan *plan, const struct matrix_options *options)
{
    int status = options->campaign.dir ? folder_check(options->campaign.dir) : 0;
    if (status != 0)
        return status;
    plan_sum_up(spec, plan);
    status = campaign_estimate(spec, plan, cli_earlier_find(options->earlier));
    if (status != 0)
        return status;
    if (options->shard)
        shard_print(plan, options);
    putchar('\n');
    if (plan->cell_count <= CELLS_IN_FULL)
        cells_print(plan);
    else
        cells_print_briefly(plan);
    return 0;
}

/* The options of the design, as the line that says how to go on repeats them; the caller frees it. */
static char *again_describe(const struct matrix_options *options)
{
    char *text, blocks[32] = "";
    size_t size;
    FILE *file = memory_stream(&text, &size);
    if (options->overrides.blocks)
        snprintf(blocks, sizeof(blocks), "%" PRIu64, options->overrides.blocks);
    const char *const given[][2] = {{"--blocks", *blocks ? blocks : NULL},
                                    {"--precision", options->overrides.precision},
                                    {"--baseline", options->overrides.baseline},
                                    {"--shard", options->shard},
                                    {"--against", options->against}};
    for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++)
        if (given[i][1]) {
            char *quoted = escape_shell(given[i][1]);
            fprintf(file, " %s %s", given[i][0], quoted);
            free(quoted);
        }
    memory_stream_close(file);
    return text;
}

static int plan_run(const struct spec *spec, const struct plan *plan, const struct matrix_options *options)
{
    struct campaign_options campaign = options->campaign;
    char *again = again_describe(options);
    const char *budget = options->overrides.budget;
    char *more = text_format("%s%s", budget ? " --budget " : "", budget ? budget : "");
    campaign.again = again;
    campaign.budget = more;
    int status = campaign_run(spec, plan, &campaign);
    free(again);
    free(more);
    return status;
}

/* Shards do not know what the others have found. So how many blocks there are is fixed, and each has some. */
static int shard_check(const struct spec *spec, const struct matrix_options *options)
{
    if (spec->sequential)
        return message_bad_input(
            "matrix: --shard needs a fixed number of blocks, because shards do not know what the "
            "others decide; give --blocks N");
    if (options->campaign.shard.count > spec->blocks)
        return message_bad_input("matrix: --shard %s: the matrix has %" PRIu64
                                 " blocks, and each shard needs one; "
                                 "give --blocks N, or fewer shards",
                                 options->shard, spec->blocks);
    return 0;
}

static int spec_run(const char *path, const struct matrix_options *options)
{
    struct spec *spec = NULL;
    struct pairs *pairs = NULL;
    struct plan *plan = NULL;
    struct plan_build other = {0};
    patience_begin("matrix");
    patience_now("making the plan of %s", path);
    int status = spec_load(path, &spec);
    if (status == 0)
        status = spec_override(spec, &options->overrides);
    if (status == 0 && options->shard)
        status = shard_check(spec, options);
    if (status == 0)
        status = pairs_load(&pairs);
    if (status == 0 && options->against)
        status = plan_build_open(options->against, &other);
    if (status == 0)
        status = options->targets ? targets_print(spec, pairs)
                                  : plan_make(spec, pairs, options->against ? &other : NULL, &plan);
    if (!options->dry_run)
        patience_end(); /* a run says how far it is */
    if (plan)
        status = options->dry_run ? plan_show(spec, plan, options) : plan_run(spec, plan, options);
    patience_end();
    plan_free(plan);
    plan_build_close(&other);
    pairs_free(pairs);
    spec_free(spec);
    return status;
}

/* Takes one option with its argument. Returns 0 or MESSAGE_BAD_INPUT. */
static int option_take(int found, struct matrix_options *options)
{
    long long blocks = 0;
    int status = 0;
    switch (found) {
    case 'o':
        options->campaign.dir = optarg;
        break;
    case 'b':
        status = cli_integer_read("--blocks", optarg, 1, SPEC_BLOCKS_MAX, &blocks);
        options->overrides.blocks = (uint64_t)blocks;
        break;
    case 'p':
        options->overrides.precision = optarg;
        break;
    case 'u':
        options->overrides.budget = optarg;
        break;
    case 'l':
        options->overrides.baseline = optarg;
        break;
    case 'a':
        options->against = optarg;
        break;
    case 'e':
        options->earlier = optarg;
        break;
    case 's':
        options->shard = optarg;
        if (!shard_read(optarg, &options->campaign.shard))
            status = message_bad_input("--shard takes " SHARD_EXPECTED ", not '%s'", optarg);
        break;
    case 'r':
        options->campaign.resume = true;
        break;
    case 'n':
        options->dry_run = true;
        break;
    case 't':
        options->targets = true;
        break;
    default:
        status = MESSAGE_BAD_INPUT;
    }
    return status;
}

static int options_read(int argc, char **argv, struct matrix_options *ret_options)
{
    static const struct option options[] = {{"output", required_argument, NULL, 'o'},
                                            {"blocks", required_argument, NULL, 'b'},
                                            {"precision", required_argument, NULL, 'p'},
                                            {"budget", required_argument, NULL, 'u'},
                                            {"baseline", required_argument, NULL, 'l'},
                                            {"against", required_argument, NULL, 'a'},
                                            {"estimate-from", required_argument, NULL, 'e'},
                                            {"shard", required_argument, NULL, 's'},
                                            {"resume", no_argument, NULL, 'r'},
                                            {"dry-run", no_argument, NULL, 'n'},
                                            {"targets", no_argument, NULL, 't'},
                                            {NULL, 0, NULL, 0}};
    int found, status = 0;
    optind = 0;
    while (status == 0 && (found = cli_option_next(argc, argv, ":o:b:n", options)) != -1)
        status = option_take(found, ret_options);
    static const struct cli_exclusion exclusions[] = {
        {"t", "n", "print two things: give one"},
        {"t", "or", "do not go together: what is printed is of no run"},
        {"r", "n", "do not go together: a dry run goes on with nothing"},
        {"e", "t", "do not go together: what is printed takes no time"},
        {"s", "t", "do not go together: every shard needs all executables"},
        {"s", "p", "do not go together: shards do not know what the others decide; give --blocks N"},
    };
    return status
               ? status
               : cli_exclusions_check("matrix", options, exclusions, sizeof exclusions / sizeof *exclusions);
}

static int command_run(int argc, char **argv)
{
    struct matrix_options options = {0};
    if (options_read(argc, argv, &options) != 0 ||
        cli_operands_check(argc, argv, 1, 1,
                           "one matrix file is needed, as in 'gcmatrix matrix matrices/default.yaml'") != 0)
        return MESSAGE_BAD_INPUT;
    if (options.earlier && !options.dry_run)
        return message_bad_input(
            "matrix: --estimate-from goes with --dry-run, which says how long a run takes");
    if (options.campaign.resume && !options.campaign.dir)
        return message_bad_input("matrix: --resume needs -o with the folder to go on with");
    return spec_run(argv[optind], &options);
}

const struct cli_command cli_matrix = {
    .name = "matrix",
    .summary = "runs a matrix file: every cell in every block, into a results folder",
    .usage =
        "usage: gcmatrix matrix [OPTION]... FILE.yaml\n\n"
        "  -o, --output DIR   the results folder, made by this command (default: results/<name>-<time>)\n"
        "  -b, --blocks N     runs N blocks, whatever the file says\n"
        "      --precision P  adds blocks until each two cells of a workload differ, or are equal within P, "
        "as in\n"
        "                     3%; whatever the file says\n"
        "      --budget TIME  with a precision: ends after so much time, as in 90s, 30m or 2h\n"
        "      --baseline C   the collector of the matrix that the others are compared with\n"
        "      --against DIR  runs each cell of another build, too, in the same blocks, and compares the two "
        "builds\n"
        "      --shard I/N    runs shard I of N: every Nth block of the matrix, from the Ith on. Each "
        "machine "
        "runs\n"
        "                     one, and 'gcmatrix merge' makes a run of them. The number of blocks is fixed\n"
        "      --resume       goes on with the folder given by -o: runs the processes that are missing "
        "there,\n"
        "                     and those whose rows are damaged; starts from the first if there is no folder\n"
        "  -n, --dry-run      checks everything, says how long it takes and what it can show, and lists "
        "the\n"
        "                     cells; runs nothing\n"
        "      --estimate-from RUN\n"
        "                     the earlier run by which --dry-run estimates (default: the reference run)\n"
        "      --targets      prints what the build must make for it: the targets of ninja, one on each "
        "line\n\n"
        "Where two processors may be used, what is measured has the faster one to itself. A process that "
        "lost "
        "more\n"
        "than 2% of its time to others runs again in the same block, at most twice; every attempt is "
        "kept.\n"
        "Exit status 1 when a process crashed, broke, timed out, disagreed, or ran out of memory without a "
        "heap limit.\n\n"
        "On a terminal it shows what is decided and what is not. Nothing is drawn while a process is "
        "measured,\n"
        "unless that takes more than ten seconds: then it is said how long it may take, and what is in its "
        "way.\n"
        "Stopped by Ctrl-C, it keeps every process that is complete and says how to go on. The format of "
        "the\n"
        "file is shown in matrices/default.yaml, that of the results folder in results/README.md.\n",
    .run = command_run,
};
