/* SPDX-License-Identifier: MIT */
/* gcmatrix merge: makes one run of the shards of a matrix. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/message.h"
#include "base/patience.h"
#include "base/text.h"
#include "harness/cli/cli.h"
#include "harness/results/merge.h"

/* Blocks that are missing, of which each is named; of more there is a number. */
enum { BLOCKS_NAMED = 20 };

/* Says which blocks lack processes, and of which shard they are. */
static void lacking_say(const struct merge_sum *sum)
{
    size_t blocks = 0, said = 0;
    for (size_t block = 0; block < sum->blocks; block++)
        blocks += sum->lacking[block] > 0;
    message_note("%zu of %zu processes are missing, in %zu of %zu blocks; measure them, and merge again",
                 sum->due - sum->processes, sum->due, blocks, sum->blocks);
    for (size_t block = 0; block < sum->blocks && said < BLOCKS_NAMED; block++) {
        if (sum->lacking[block] == 0)
            continue;
        char *shard = sum->shards ? text_format(" (shard %zu/%zu)", block % sum->shards + 1, sum->shards)
                                  : text_format("%s", "");
        message_note("block %zu%s: %zu missing", block, shard, sum->lacking[block]);
        free(shard);
        said++;
    }
    if (said < blocks)
        message_note("and %zu more blocks", blocks - said);
}

static void sum_say(const struct merge_sum *sum, const char *to)
{
    char *dir = escape_shell(to), *twice = sum->twice
                                               ? text_format("; %zu block%s there more than once", sum->twice,
                                                             sum->twice == 1 ? " was" : "s were")
                                               : text_format("%s", "");
    message_say("%s: %zu processes in %zu blocks, from %zu folder%s of %zu machine%s%s", to, sum->processes,
                sum->blocks, sum->folders, sum->folders == 1 ? "" : "s", sum->machines,
                sum->machines == 1 ? "" : "s", twice);
    if (sum->disagree)
        message_note(
            "%zu processes got another checksum than the same work in another folder; their rows are "
            "`mismatch`",
            sum->disagree);
    if (sum->processes < sum->due)
        lacking_say(sum);
    message_say("next: gcmatrix compare %s", dir);
    free(dir);
    free(twice);
}

static int merge_run(int argc, char **argv)
{
    static const struct option options[] = {{"output", required_argument, NULL, 'o'}, {0}};
    const char *output = NULL;
    optind = 0;
    for (int found; (found = cli_option_next(argc, argv, ":o:", options)) != -1;) {
        if (found == '?')
            return MESSAGE_BAD_INPUT;
        output = optarg;
    }
    int status = cli_operands_check(
        argc, argv, 1, argc, "one results folder or more is needed, as in 'gcmatrix merge shard-* -o whole'");
    if (status == 0 && !output)
        status = message_bad_input("merge: -o names the folder of the merged run");
    if (status != 0)
        return status;
    struct merge_sum sum;
    size_t length = strlen(output);
    while (length > 1 && output[length - 1] == '/')
        length--;
    char *to = text_format("%.*s", (int)length, output);
    patience_begin("merge");
    patience_now("making %s of the rows of %d folders", to, argc - optind);
    status = merge_runs(argv + optind, (size_t)(argc - optind), to, &sum);
    if (status == 0) {
        sum_say(&sum, to);
        status = sum.processes < sum.due ? MESSAGE_UNDECIDED : sum.disagree ? MESSAGE_FAILED_CELLS : 0;
    }
    patience_end();
    merge_sum_free(&sum);
    free(to);
    return status;
}

const struct cli_command cli_merge = {
    .name = "merge",
    .summary = "makes one run of the shards of a matrix",
    .usage =
        "usage: gcmatrix merge DIR... -o RUN\n\n"
        "  -o, --output RUN   the folder of the merged run, made by this command\n\n"
        "Each DIR is the folder of a shard ('gcmatrix matrix --shard I/N'), of the whole run, or of a "
        "merged\n"
        "one. They must be of the same specification and of the same executables, in a fixed number of\n"
        "blocks. A block comes as a whole from the folder that has most of it, or from the first where\n"
        "several have as much. So it was measured on one machine, and its ratios hold. What is\n"
        "missing is said, and merging again after it was measured completes the run. The folders stay as\n"
        "they are.\n\n"
        "Exit status 1 when a checksum disagrees between folders, 4 when processes are missing.\n",
    .run = merge_run,
};
