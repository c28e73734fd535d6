/* SPDX-License-Identifier: MIT */
#include "harness/campaign/slurm/site.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/number.h"
#include "base/tool.h"
#include "harness/campaign/process/subprocess.h"

/* The path of a command of Slurm, which the caller frees; NULL after one line. */
static char *command_find(const char *name)
{
    char *path = tool_find(name), *why = path ? NULL : tool_missing_explain(name);
    if (!path)
        message_bad_input("slurm: %s; --dry-run writes the scripts without Slurm", why);
    free(why);
    return path;
}

int slurm_command(char *const *words, char **ret_output)
{
    char *path = command_find(words[0]);
    struct text_list argv = {0};
    *ret_output = NULL;
    if (!path)
        return MESSAGE_BAD_INPUT;
    text_list_take(&argv, path);
    for (size_t i = 1; words[i]; i++)
        text_list_take(&argv, text_format("%s", words[i]));
    char *about = text_format("slurm: %s", words[0]);
    int status = subprocess_answer(argv.items, about, ret_output);
    free(about);
    text_list_free(&argv);
    return status;
}

/* Reads one number of a clock, which may have a zero before it. Returns what follows; NULL: there is none. */
static const char *part_read(const char *text, double *ret_number)
{
    return number_real_read(text + (text[0] == '0' && isdigit((unsigned char)text[1])), ret_number);
}

/* Reads the numbers of "1:02:03", three at most. Returns how many there are; 0: the text is no such list. */
static size_t clock_read(const char *text, double *ret_numbers)
{
    for (size_t count = 1; count <= 3; count++) {
        text = part_read(text, &ret_numbers[count - 1]);
        if (!text || !*text)
            return text ? count : 0;
        if (*text++ != ':')
            return 0;
    }
    return 0;
}

double slurm_site_limit_read(const char *text)
{
    if (strcasecmp(text, "infinite") == 0 || strcasecmp(text, "unlimited") == 0)
        return INFINITY;
    double numbers[3], days = 0, seconds = 0;
    const char *rest = part_read(text, &days);
    bool has_days = rest && *rest == '-';
    size_t count = clock_read(has_days ? rest + 1 : text, numbers);
    /* Behind days come hours. Else the last of two or three numbers is seconds, and one alone is minutes. */
    double unit = has_days || count == 3 ? 3600 : 60;
    for (size_t i = 0; i < count; i++, unit /= 60)
        seconds += numbers[i] * unit;
    return count ? seconds + (has_days ? 86400 * days : 0) : NAN;
}

char *slurm_site_partition(const struct text_list *options)
{
    static const char word[] = "--partition";
    const char *found = NULL;
    for (size_t i = 0; i < options->count; i++) {
        const char *option = options->items[i];
        size_t begin = strncmp(option, word, sizeof word - 1) == 0 ? sizeof word - 1
                       : strncmp(option, "-p", 2) == 0             ? 2
                                                                   : 0;
        if (begin == 0)
            continue;
        const char *rest = option + begin;
        if (!*rest)
            found = options->items[i + 1];
        else if (begin == 2 || *rest == '=')
            found = rest + (begin != 2);
    }
    return found ? text_format("%.*s", (int)strcspn(found, ","), found) : NULL;
}

/* Reads MaxArraySize, which is one more than the largest index. */
static int tasks_ask(struct slurm_site *site)
{
    static const char key[] = "MaxArraySize";
    char *const words[] = {"scontrol", "show", "config", NULL};
    char *said;
    int status = slurm_command(words, &said);
    const char *line = status == 0 ? strstr(said, key) : NULL;
    const char *sign = line ? strchr(line, '=') : NULL;
    double size = 0;
    bool read = sign && number_real_read(sign + 1 + strspn(sign + 1, " "), &size);
    free(said);
    if (status == 0 && (!read || size < 2))
        return message_bad_input("slurm: this site has no job arrays: scontrol says no "
                                 "MaxArraySize above 1");
    if (status == 0)
        site->tasks = (uint64_t)size - 1;
    return status;
}

/* Takes the limit of a line "short*|1:00:00" if it is the partition's; NULL stands for the default one. */
static void limit_take(char *line, const char *partition, struct slurm_site *site)
{
    char *bar = strchr(line, '|');
    if (!bar)
        return;
    bool is_default = bar > line && bar[-1] == '*';
    bar[is_default ? -1 : 0] = '\0';
    double seconds = slurm_site_limit_read(bar + 1);
    if ((partition ? strcmp(line, partition) == 0 : is_default) && !isnan(seconds))
        site->seconds = seconds;
}

static int limit_ask(const char *partition, struct slurm_site *site)
{
    char *const words[] = {"sinfo", "--noheader", "--format=%P|%l", NULL};
    char *said, *rest = NULL;
    int status = slurm_command(words, &said);
    for (char *line = status == 0 ? strtok_r(said, "\n", &rest) : NULL; line;
         line = strtok_r(NULL, "\n", &rest))
        limit_take(line, partition, site);
    free(said);
    return status;
}

int slurm_site_ask(const struct text_list *options, struct slurm_site *ret_site)
{
    *ret_site = SLURM_SITE_DEFAULT;
    char *sbatch = command_find("sbatch");
    int status = sbatch ? tasks_ask(ret_site) : MESSAGE_BAD_INPUT;
    free(sbatch);
    if (status != 0)
        return status;
    char *partition = slurm_site_partition(options);
    if (!partition && getenv("SBATCH_PARTITION"))
        partition = text_format("%s", getenv("SBATCH_PARTITION"));
    status = limit_ask(partition, ret_site);
    free(partition);
    return status;
}
