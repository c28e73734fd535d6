/* SPDX-License-Identifier: MIT */
/* gcmatrix matrix: runs a matrix file, or shows what it would run. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/message.h"
#include "harness/campaign/campaign.h"
#include "harness/campaign/plan/targets.h"
#include "harness/cli/cli.h"

struct matrix_options {
    struct campaign_options campaign;
    long long blocks; /* 0: the number in the spec */
    bool dry_run, targets;
};

static void plan_print(const struct spec *spec, const struct plan *plan)
{
    size_t baselines = 0;
    for (size_t i = 0; i < plan->cell_count; i++)
        baselines += plan->cells[i].baseline;
    printf("%s: %zu cells (%zu of them baselines) in %" PRIu64 " blocks: %" PRIu64 " processes, %" PRIu64
           " s at most for each\n",
           spec->name, plan->cell_count, baselines, plan->blocks, plan->blocks * plan->cell_count,
           spec->timeout_seconds);
    for (size_t i = 0; i < plan->cell_count; i++) {
        char *name = campaign_cell_name(&plan->cells[i]);
        printf("%4zu  %s%s\n", i, name, plan->cells[i].baseline ? "  (baseline)" : "");
        free(name);
    }
}

static int spec_run(const char *path, const struct matrix_options *options)
{
    struct spec *spec = NULL;
    struct pairs *pairs = NULL;
    struct plan *plan = NULL;
    int status = spec_load(path, &spec);
    if (status == 0 && options->blocks)
        spec->blocks = (uint64_t)options->blocks;
    if (status == 0)
        status = pairs_load(&pairs);
    if (status == 0)
        status = options->targets ? targets_print(spec, pairs) : plan_make(spec, pairs, NULL, &plan);
    if (status != 0 || options->targets)
        ;
    else if (options->dry_run)
        plan_print(spec, plan);
    else
        status = campaign_run(spec, plan, &options->campaign);
    plan_free(plan);
    pairs_free(pairs);
    spec_free(spec);
    return status;
}

static int options_read(int argc, char **argv, struct matrix_options *ret_options)
{
    static const struct option options[] = {
        {"output", required_argument, NULL, 'o'}, {"blocks", required_argument, NULL, 'b'},
        {"resume", no_argument, NULL, 'r'},       {"dry-run", no_argument, NULL, 'n'},
        {"targets", no_argument, NULL, 't'},      {NULL, 0, NULL, 0}};
    int found;
    optind = 0;
    while ((found = cli_option_next(argc, argv, ":o:b:n", options)) != -1) {
        if (found == '?' || (found == 'b' && cli_integer_read("--blocks", optarg, 1, SPEC_BLOCKS_MAX,
                                                              &ret_options->blocks) != 0))
            return MESSAGE_BAD_INPUT;
        if (found == 'o')
            ret_options->campaign.dir = optarg;
        ret_options->campaign.resume |= found == 'r';
        ret_options->dry_run |= found == 'n';
        ret_options->targets |= found == 't';
    }
    return 0;
}

static int command_run(int argc, char **argv)
{
    struct matrix_options options = {0};
    if (options_read(argc, argv, &options) != 0)
        return MESSAGE_BAD_INPUT;
    if (optind + 1 != argc)
        return message_bad_input(
            "matrix: one matrix file is needed, as in 'gcmatrix matrix matrices/default.yaml'");
    if (options.campaign.dir && !*options.campaign.dir)
        return message_bad_input("matrix: --output takes a folder's name, not an empty one");
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
        "  -b, --blocks N     runs N blocks whatever the file says\n"
        "      --resume       goes on with the folder given by -o: runs the processes that are missing "
        "there;\n"
        "                     starts from the first if the folder is not there\n"
        "  -n, --dry-run      checks everything and shows the cells, and runs nothing\n"
        "      --targets      prints what the build must make for it: the targets of ninja, one on each "
        "line\n\n"
        "Stopped by Ctrl-C, it keeps every process that is complete and says how to go on. The format of "
        "the\n"
        "file is shown in matrices/default.yaml, that of the results folder in results/README.md.\n",
    .run = command_run,
};
