/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "harness/campaign/slurm/size.h"
#include "harness/campaign/slurm/submit.h"
#include "tests/tap.h"

static void limits_test(void)
{
    tap_ok(slurm_site_limit_read("30") == 1800, "one number is minutes");
    tap_ok(slurm_site_limit_read("30:15") == 1815, "two are minutes and seconds");
    tap_ok(slurm_site_limit_read("1:30:15") == 5415, "three are hours, minutes and seconds");
    tap_ok(slurm_site_limit_read("2-12") == 2.5 * 86400, "behind days come hours");
    tap_ok(slurm_site_limit_read("1-02:03:04") == 86400 + 7384, "and the rest");
    tap_ok(isinf(slurm_site_limit_read("infinite")), "there may be no limit");
    const char *const none[] = {"", "n/a", "1:", "1:2:3:4", "-5", "1-", "5 "};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        tap_ok(isnan(slurm_site_limit_read(none[i])), "\"%s\" is no limit", none[i]);
}

static char *partition_of(const char *a, const char *b)
{
    struct text_list options = {0};
    text_list_take(&options, text_format("%s", a));
    if (b)
        text_list_take(&options, text_format("%s", b));
    char *found = slurm_site_partition(&options);
    text_list_free(&options);
    return found;
}

static void partitions_test(void)
{
    const char *const given[][3] = {{"--partition=long", NULL, "long"},
                                    {"--partition", "long", "long"},
                                    {"-p", "long", "long"},
                                    {"-plong,short", NULL, "long"},
                                    {"--time=5", "-pa", "a"},
                                    {"--partitions=x", NULL, NULL},
                                    {"-p", NULL, NULL}};
    for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++) {
        char *found = partition_of(given[i][0], given[i][1]);
        tap_ok(given[i][2] ? found && strcmp(found, given[i][2]) == 0 : !found, "the partition of %s %s",
               given[i][0], given[i][1] ? given[i][1] : "");
        free(found);
    }
}

static struct slurm_job sized(uint64_t blocks, uint64_t at_once, double seconds, struct slurm_site site)
{
    struct slurm_job job = {.blocks = blocks, .at_once = at_once};
    slurm_size(&job, seconds, &site);
    return job;
}

static void sizes_test(void)
{
    struct slurm_site usual = SLURM_SITE_DEFAULT, hour = {.tasks = 10, .seconds = 3600};
    tap_equal(sized(20, 0, 0, usual).shards, 20, "where nothing is known a shard has one block");
    tap_equal(sized(20, 0, 0, usual).minutes, 0, "and the limit of the site");
    tap_equal(sized(20, 0, 100, usual).shards, 4, "short blocks are taken together, for ten minutes");
    tap_ok(sized(20, 0, 100, usual).seconds == 500, "and evenly");
    tap_equal(sized(20, 0, 100, usual).minutes, 22, "with a limit of twice the time, and some");
    tap_equal(sized(20, 10, 100, usual).shards, 10, "each task that may run at once has a shard");
    tap_equal(sized(20, 99, 1, usual).shards, 20, "if there are as many blocks");
    tap_equal(sized(20, 0, 1e-9, usual).shards, 1, "a short matrix is one shard");
    tap_equal(sized(20, 0, 5000, usual).shards, 20, "a long block is a shard");
    tap_equal(sized(20, 0, 5000, hour).shards, 10, "a site has so many tasks");
    tap_equal(sized(20, 0, 5000, hour).minutes, 60, "and a limit");
    tap_equal(sized(21, 0, 0, hour).shards, 7, "each shard has a block where they do not come out even");
}

static void lines_test(void)
{
    struct slurm_job job = {.name = "m", .dir = (char *)"/a b/50%"};
    text_list_take(&job.options, text_format("--comment=it's"));
    text_list_take(&job.options, text_format("--nice=-5"));
    struct text_list words = submit_merge_words(&job, "7");
    char *line = submit_line(&words);
    tap_same(
        line,
        "sbatch --parsable --job-name=m-merge --output='/a b/50%%/logs/merge.txt' --dependency=afterany:7 "
        "--comment='it'\\''s' --nice=-5 '/a b/50%/merge.sh'",
        "a command is a line that a shell reads");
    free(line);
    text_list_free(&words);
    text_list_free(&job.options);
}

int main(void)
{
    limits_test();
    partitions_test();
    sizes_test();
    lines_test();
    return tap_done();
}
