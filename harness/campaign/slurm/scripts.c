/* SPDX-License-Identifier: MIT */
#include "harness/campaign/slurm/scripts.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"

static void variable_write(FILE *file, const char *name, const char *value)
{
    char *quoted = escape_shell(value);
    fprintf(file, "%s=%s\n", name, quoted);
    free(quoted);
}

/* What both scripts know of the job. */
static void variables_write(FILE *file, const struct slurm_job *job)
{
    fputc('\n', file);
    variable_write(file, "run", job->dir);
    variable_write(file, "gcmatrix", job->program);
    variable_write(file, "folder", job->folder);
}

/* The options of sbatch and the variables of a task. */
static void shard_fill(FILE *file, const struct slurm_job *job)
{
    fprintf(file, "#SBATCH --array=1-%" PRIu64, job->shards);
    if (job->at_once)
        fprintf(file, "%%%" PRIu64, job->at_once);
    fputc('\n', file);
    if (job->exclusive)
        fputs("#SBATCH --exclusive\n", file);
    if (job->minutes)
        fprintf(file, "#SBATCH --time=%" PRIu64 "\n", job->minutes);
    variables_write(file, job);
    variable_write(file, "spec", job->spec);
    fprintf(file, "blocks=%" PRIu64 " shards=%" PRIu64 "\n", job->blocks, job->shards);
    fputs(job->copies ? "programs=$run/programs\n"
                      : "programs= # layouts link the executables again, for which their build is needed\n",
          file);
}

/* Writes a text with what is of this job in place of the line that begins with "#@". */
static void text_write(FILE *file, const char *text, const struct slurm_job *job,
                       void (*fill)(FILE *file, const struct slurm_job *job))
{
    const char *hole = strstr(text, "\n#@");
    assert(hole);
    fprintf(file, "%.*s\n", (int)(hole - text), text);
    fill(file, job);
    fputs(strchr(hole + 1, '\n') + 1, file);
}

void scripts_shard_write(FILE *file, const struct slurm_job *job)
{
    text_write(file, scripts_shard_text, job, shard_fill);
}

void scripts_merge_write(FILE *file, const struct slurm_job *job)
{
    text_write(file, scripts_merge_text, job, variables_write);
}
