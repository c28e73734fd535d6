/* SPDX-License-Identifier: MIT */
#include "harness/campaign/slurm/submit.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/message.h"
#include "harness/campaign/slurm/site.h"

/* Writes a path in which Slurm replaces nothing: a percent sign is one that stands twice. */
static void pattern_write(FILE *file, const char *path)
{
    for (; *path; path++)
        fputs(*path == '%' ? "%%" : (const char[]){*path, '\0'}, file);
}

/* sbatch with what both jobs have: their name, where they write what they say, and the options that were given. */
static struct text_list words_begin(const struct slurm_job *job, const char *kind, const char *log)
{
    struct text_list words = {0};
    char *output;
    size_t size;
    FILE *file = memory_stream(&output, &size);
    fputs("--output=", file);
    pattern_write(file, job->dir);
    fprintf(file, "/logs/%s.txt", log);
    memory_stream_close(file);
    text_list_take(&words, text_format("sbatch"));
    text_list_take(&words, text_format("--parsable"));
    text_list_take(&words, text_format("--job-name=%s%s", job->name, kind));
    text_list_take(&words, output);
    return words;
}

static void words_end(const struct slurm_job *job, const char *script, struct text_list *words)
{
    for (size_t i = 0; i < job->options.count; i++)
        text_list_take(words, text_format("%s", job->options.items[i]));
    text_list_take(words, text_format("%s/%s", job->dir, script));
}

struct text_list submit_array_words(const struct slurm_job *job)
{
    struct text_list words = words_begin(job, "", "%a");
    words_end(job, "shard.sh", &words);
    return words;
}

struct text_list submit_merge_words(const struct slurm_job *job, const char *after)
{
    struct text_list words = words_begin(job, "-merge", "merge");
    text_list_take(&words, text_format("--dependency=afterany:%s", after));
    words_end(job, "merge.sh", &words);
    return words;
}

/* How much of an option stands as it is: "--output=" of one whose value may need quotes, else its dashes. */
static size_t option_plain(const char *option)
{
    size_t dashes = strspn(option, "-"), name = strspn(option, "abcdefghijklmnopqrstuvwxyz-");
    return dashes && option[name] == '=' && option[name + 1] != '-' ? name + 1 : dashes;
}

char *submit_line(const struct text_list *words)
{
    char *line;
    size_t size;
    FILE *file = memory_stream(&line, &size);
    for (size_t i = 0; i < words->count; i++) {
        /* escape_shell() takes what begins with '-' for the name of a file. */
        size_t plain = option_plain(words->items[i]);
        char *quoted = escape_shell(words->items[i] + plain);
        fprintf(file, "%s%.*s%s", i ? " " : "", (int)plain, words->items[i], quoted);
        free(quoted);
    }
    memory_stream_close(file);
    return line;
}

int submit(const struct text_list *words, char **ret_number)
{
    *ret_number = NULL;
    char *said;
    int status = slurm_command(words->items, &said);
    if (status != 0)
        return status;
    said[strcspn(said, ";\n")] = '\0'; /* a number, and the cluster behind it where there are several */
    if (!*said || said[strspn(said, "0123456789")]) {
        status = message_bad_input("slurm: sbatch names no job, but says '%s'", said);
        free(said);
        return status;
    }
    *ret_number = said;
    return 0;
}
