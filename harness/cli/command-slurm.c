/* SPDX-License-Identifier: MIT */
/* gcmatrix slurm: runs a matrix as a job array of Slurm. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/message.h"
#include "base/patience.h"
#include "base/writing.h"
#include "harness/campaign/campaign.h"
#include "harness/campaign/plan/targets.h"
#include "harness/campaign/process/progress.h"
#include "harness/campaign/slurm/scripts.h"
#include "harness/campaign/slurm/site.h"
#include "harness/campaign/slurm/size.h"
#include "harness/campaign/slurm/submit.h"
#include "harness/cli/cli.h"

struct slurm_options {
    struct spec_overrides overrides;
    const char *dir, *earlier;
    bool dry_run;
};

/* The job that the printed command of the merging job stands behind, before there is a number. */
#define JOB_TO_COME "JOB"

/* The absolute path of a folder that is to be made, for the caller to free; NULL after one line. */
static char *dir_find(const char *dir, int *ret_status)
{
    size_t length = strlen(dir);
    while (length > 1 && dir[length - 1] == '/')
        length--;
    char *path = text_format("%.*s", (int)length, dir), *found = NULL;
    *ret_status = strchr(dir, '\\') ? message_bad_input("slurm: -o: Slurm takes no path with a backslash")
                                    : writing_parents_make(path);
    char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    char *parent = text_format("%.*s", slash ? (int)(slash - path) + (slash == path) : 1, slash ? path : ".");
    char *real = *ret_status == 0 ? realpath(parent, NULL) : NULL;
    if (real)
        found = text_format("%s/%s", strcmp(real, "/") == 0 ? "" : real, name);
    else if (*ret_status == 0)
        *ret_status = writing_refuse(parent, errno);
    free(real);
    free(parent);
    free(path);
    return found;
}

/* Finds the paths of a job. Returns 0 or a status after one line. */
static int job_locate(const struct spec *spec, const struct slurm_options *options, struct slurm_job *job)
{
    int status;
    job->dir = dir_find(options->dir, &status);
    job->spec = realpath(spec->path, NULL);
    job->program = realpath("/proc/self/exe", NULL);
    job->folder = getcwd(NULL, 0);
    if (status == 0 && (!job->spec || !job->program || !job->folder))
        status = message_bad_input("slurm: %s", strerror(errno));
    return status;
}

static void job_free(struct slurm_job *job)
{
    free(job->dir);
    free(job->spec);
    free(job->program);
    free(job->folder);
    text_list_free(&job->options);
}

/* Asks the site. A dry run may be of another site. */
static int site_ask(const struct slurm_job *job, bool dry_run, struct slurm_site *ret_site)
{
    int status = slurm_site_ask(&job->options, ret_site);
    if (status != MESSAGE_BAD_INPUT || !dry_run)
        return status;
    *ret_site = SLURM_SITE_DEFAULT;
    message_note("the scripts are for a site with Slurm's usual limits");
    return 0;
}

static void size_say(const struct slurm_job *job, const struct plan *plan)
{
    char span[32], *time = NULL;
    if (job->seconds > 0) {
        progress_span((int64_t)(job->seconds * 1e9), span);
        time = text_format("about %s each", span);
    }
    message_say("%s: %" PRIu64 " processes in %" PRIu64 " blocks, as %" PRIu64 " shards, %s", job->name,
                plan->blocks * plan->cell_count, job->blocks, job->shards,
                time ? time : "of a time that is not known; --estimate-from names an earlier run");
    free(time);
}

static void line_say(const struct text_list *words)
{
    char *line = submit_line(words);
    message_say("%s", line);
    free(line);
}

/* Says how to watch the jobs, and how to end them. */
static void watch_say(const struct slurm_job *job, const char *array, const char *merge)
{
    char *dir = escape_shell(job->dir);
    message_say("watch: squeue --jobs=%s,%s; tail -f %s/logs/*.txt", array, merge, dir);
    message_say("end: scancel %s %s", array, merge);
    message_say("next, when both have ended: gcmatrix compare %s/run", dir);
    free(dir);
}

static int jobs_submit(const struct slurm_job *job)
{
    char *array = NULL, *merge = NULL;
    struct text_list words = submit_array_words(job), behind = {0};
    line_say(&words);
    int status = submit(&words, &array);
    if (status == 0) {
        behind = submit_merge_words(job, array);
        line_say(&behind);
        status = submit(&behind, &merge);
    }
    if (status == 0)
        watch_say(job, array, merge);
    else if (array)
        message_note("the array is submitted, as job %s, and the job that merges is not", array);
    text_list_free(&words);
    text_list_free(&behind);
    free(array);
    free(merge);
    return status;
}

/* The commands for a person, or a script of the site, to type. */
static void commands_print(const struct slurm_job *job)
{
    struct text_list array = submit_array_words(job), merge = submit_merge_words(job, JOB_TO_COME);
    message_say("to submit it, with the number that the first command prints in place of " JOB_TO_COME ":");
    line_say(&array);
    line_say(&merge);
    text_list_free(&array);
    text_list_free(&merge);
}

static int job_run(const struct spec *spec, const struct plan *plan, const struct pairs *pairs,
                   const struct slurm_options *options, struct slurm_job *job)
{
    struct slurm_site site;
    int status = site_ask(job, options->dry_run, &site);
    if (status == 0)
        status = job_locate(spec, options, job);
    if (status != 0)
        return status;
    job->name = spec->name;
    job->blocks = plan->blocks;
    job->copies = spec->layouts == 1;
    slurm_size(job, campaign_block_seconds(spec, plan, cli_earlier_find(options->earlier)), &site);
    status = scripts_folder_make(job, plan, pairs);
    if (status != 0)
        return status;
    size_say(job, plan);
    if (!options->dry_run)
        return jobs_submit(job);
    commands_print(job);
    return 0;
}

static int spec_submit(const char *path, const struct slurm_options *options, struct slurm_job *job)
{
    struct spec *spec = NULL;
    struct pairs *pairs = NULL;
    struct plan *plan = NULL;
    patience_begin("slurm");
    patience_now("making the plan of %s", path);
    int status = spec_load(path, &spec);
    if (status == 0)
        status = spec_override(spec, &options->overrides);
    if (status == 0 && spec->sequential)
        status =
            message_bad_input("slurm: needs a fixed number of blocks, because shards do not know what the "
                              "others decide; give --blocks N");
    if (status == 0)
        status = pairs_load(&pairs);
    if (status == 0)
        status = targets_check(spec, pairs);
    if (status == 0)
        status = plan_make(spec, pairs, NULL, &plan);
    if (status == 0) {
        patience_now("asking Slurm");
        status = job_run(spec, plan, pairs, options, job);
    }
    patience_end();
    plan_free(plan);
    pairs_free(pairs);
    spec_free(spec);
    return status;
}

/* Takes one option with its argument. Returns 0 or MESSAGE_BAD_INPUT. */
static int option_take(int found, struct slurm_options *options, struct slurm_job *job)
{
    long long number = 0;
    int status = 0;
    switch (found) {
    case 'o':
        options->dir = optarg;
        break;
    case 'b':
        status = cli_integer_read("--blocks", optarg, 1, SPEC_BLOCKS_MAX, &number);
        options->overrides.blocks = (uint64_t)number;
        break;
    case 'N':
        status = cli_integer_read("--nodes", optarg, 1, SPEC_BLOCKS_MAX, &number);
        job->at_once = (uint64_t)number;
        break;
    case 'x':
        job->exclusive = true;
        break;
    case 'e':
        options->earlier = optarg;
        break;
    case 'n':
        options->dry_run = true;
        break;
    default:
        status = MESSAGE_BAD_INPUT;
    }
    return status;
}

static int options_read(int argc, char **argv, struct slurm_options *ret_options, struct slurm_job *job)
{
    static const struct option options[] = {{"output", required_argument, NULL, 'o'},
                                            {"blocks", required_argument, NULL, 'b'},
                                            {"nodes", required_argument, NULL, 'N'},
                                            {"exclusive", no_argument, NULL, 'x'},
                                            {"estimate-from", required_argument, NULL, 'e'},
                                            {"dry-run", no_argument, NULL, 'n'},
                                            {NULL, 0, NULL, 0}};
    int found, status = 0;
    optind = 0;
    while (status == 0 && (found = cli_option_next(argc, argv, ":o:b:n", options)) != -1)
        status = option_take(found, ret_options, job);
    if (status == 0)
        status = cli_operands_check(argc, argv, 1, 1,
                                    "one matrix file is needed, as in 'gcmatrix slurm big.yaml -o big'");
    if (status == 0 && !ret_options->dir)
        status =
            message_bad_input("slurm: -o names the folder of the run, on a file system that all nodes have");
    return status;
}

/* What stands before `--` is for this command, and what stands behind it for sbatch. */
static int command_run(int argc, char **argv)
{
    struct slurm_options options = {0};
    struct slurm_job job = {0};
    int own = 1;
    while (own < argc && strcmp(argv[own], "--") != 0)
        own++;
    for (int i = own + 1; i < argc; i++)
        text_list_take(&job.options, text_format("%s", argv[i]));
    int status = options_read(own, argv, &options, &job);
    if (status == 0)
        status = spec_submit(argv[optind], &options, &job);
    job_free(&job);
    return status;
}

const struct cli_command cli_slurm = {
    .name = "slurm",
    .summary = "runs a matrix as a job array of Slurm, and merges its shards",
    .usage =
        "usage: gcmatrix slurm [OPTION]... FILE.yaml [-- SBATCH-OPTION...]\n\n"
        "  -o, --output DIR   the folder of the run, made by this command, on a file system that all nodes "
        "have\n"
        "  -b, --blocks N     runs N blocks, whatever the file says. The number of blocks is fixed\n"
        "      --nodes N      at most N tasks run at once\n"
        "      --exclusive    no other job runs on the node of a task\n"
        "      --estimate-from RUN\n"
        "                     the earlier run that says how long a block takes (default: the reference run)\n"
        "  -n, --dry-run      writes the folder and prints the commands; submits nothing\n\n"
        "Writes two scripts into DIR, and submits them by sbatch. shard.sh is a job array. Each of its tasks "
        "runs\n"
        "a shard of the matrix ('gcmatrix matrix --shard') on two processors of a node, into a folder in\n"
        "DIR/shards. The executables are copied to DIR/programs, and from there to the node's own disk. A "
        "task\n"
        "that is preempted, or whose time is nearly over, is requeued, and goes on. When all tasks have "
        "ended,\n"
        "merge.sh makes the run DIR/run of the shards, and says what is missing. What the tasks say is in\n"
        "DIR/logs. The options behind -- go to both sbatch commands, as in -- -p long.\n\n"
        "A shard has blocks for ten minutes, where it is known how long one takes; else it has one block.\n",
    .run = command_run,
};
