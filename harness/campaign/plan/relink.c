/* SPDX-License-Identifier: MIT */
#include "harness/campaign/plan/relink.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/build.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "base/tool.h"
#include "harness/campaign/process/subprocess.h"

/* The name of a pair as a target of its build: its path from the root, the caller's to free. */
static char *target_name(const struct relink *relink, const char *pair)
{
    char *path = realpath(pair, NULL);
    size_t length = strlen(relink->root);
    bool inside = path && strncmp(path, relink->root, length) == 0 && path[length] == '/';
    char *name = inside ? text_format("%s", path + length + 1) : NULL;
    free(path);
    return name;
}

/* Runs a line in the build's folder. Returns what it wrote, the caller's to free; NULL and why when it
 * failed. */
static char *line_run(const struct relink *relink, const char *line, char **ret_reason)
{
    char *folder = text_shell_quote(relink->root), *whole = text_format("cd %s && %s", folder, line);
    char *argv[] = {(char *)"/bin/sh", (char *)"-c", whole, NULL}, *output, *error;
    int code;
    enum subprocess_end end = subprocess_capture(argv, NULL, SUBPROCESS_QUICK, &code, &output, &error);
    if (end != SUBPROCESS_EXITED || code != 0) {
        char *how = subprocess_explain(end, code, subprocess_line_last(error, NULL), SUBPROCESS_QUICK);
        *ret_reason = text_format("linking failed: %s", how);
        free(how);
        free(output);
        output = NULL;
    }
    free(error);
    free(folder);
    free(whole);
    return output;
}

/* Splits a command at its blanks, except within single quotes, as ninja's commands have them. */
static void words_split(const char *line, struct text_list *words)
{
    while (*line) {
        size_t length = 0;
        bool quoted = false;
        while (line[length] && (quoted || line[length] != ' '))
            quoted ^= line[length++] == '\'';
        if (length)
            text_list_take(words, text_format("%.*s", (int)length, line));
        line += length + (line[length] == ' ');
    }
}

/* The last command that makes the target: its link. */
static int command_read(const struct relink *relink, const char *pair, struct text_list *words,
                        char **ret_reason)
{
    char *target = target_name(relink, pair), *commands = NULL;
    if (!target) {
        *ret_reason = text_format("%s is no part of the build in %s", pair, relink->root);
        return -1;
    }
    char *quoted = text_shell_quote(target), *line = text_format("%s -t commands %s", relink->ninja, quoted);
    commands = line_run(relink, line, ret_reason);
    char *last = commands ? subprocess_line_last(commands, NULL) : NULL;
    if (last)
        words_split(last, words);
    else if (commands)
        *ret_reason = text_format("the build has no command for %s", target);
    free(commands);
    free(line);
    free(quoted);
    free(target);
    return last ? 0 : -1;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length > tail && strcmp(text + length - tail, end) == 0;
}

static bool list_has(const struct text_list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i], text) == 0)
            return true;
    return false;
}

/*
 * Runs the link into `to`, with `objects` in place of its own object files and archives; an empty list leaves
 * them. Returns the linker's trace of the files that it took.
 */
static char *link_run(const struct relink *relink, const struct text_list *words,
                      const struct text_list *objects, const char *to, char **ret_reason)
{
    char *line = NULL, *place = text_shell_quote(to);
    size_t size;
    FILE *stream = memory_stream(&line, &size);
    bool placed = false;
    for (size_t i = 0; i < words->count; i++) {
        const char *word = words->items[i];
        bool input = *word != '/' && *word != '-' && (ends_with(word, ".o") || ends_with(word, ".a"));
        if (objects->count && input) {
            for (size_t o = 0; !placed && o < objects->count; o++)
                fprintf(stream, " %s", objects->items[o]);
            placed = true;
        } else
            fprintf(stream, " %s", i > 0 && strcmp(words->items[i - 1], "-o") == 0 ? place : word);
    }
    fputs(" -Wl,-t", stream);
    memory_stream_close(stream);
    char *trace = line_run(relink, line, ret_reason);
    free(line);
    free(place);
    return trace;
}

/* The object files of the build that a trace names, each once. Files outside the build are the system's. */
static void objects_take(char *trace, struct text_list *objects)
{
    char *rest = trace, *line;
    while ((line = strsep(&rest, "\n")))
        if (*line && *line != '/' && ends_with(line, ".o") && !list_has(objects, line))
            text_list_take(objects, text_shell_quote(line));
}

static void list_shuffle(struct text_list *list, uint64_t seed)
{
    struct random_state random;
    random_seed(&random, seed);
    for (size_t i = list->count; i > 1; i--) {
        size_t j = random_below(&random, i);
        char *swapped = list->items[i - 1];
        list->items[i - 1] = list->items[j];
        list->items[j] = swapped;
    }
}

int relink_make(const struct relink *relink, const char *pair, uint64_t seed, const char *to,
                char **ret_reason)
{
    struct text_list words = {0}, objects = {0};
    const struct text_list none = {0};
    char *trace = NULL;
    *ret_reason = NULL;
    int status = command_read(relink, pair, &words, ret_reason);
    if (status == 0)
        status = (trace = link_run(relink, &words, &none, to, ret_reason)) ? 0 : -1;
    if (status == 0)
        objects_take(trace, &objects);
    free(trace);
    trace = NULL;
    if (status == 0 && objects.count < 2) {
        *ret_reason = text_format("%s is linked from %zu object files", pair, objects.count);
        status = -1;
    }
    list_shuffle(&objects, seed);
    if (status == 0)
        status = (trace = link_run(relink, &words, &objects, to, ret_reason)) ? 0 : -1;
    free(trace);
    text_list_free(&words);
    text_list_free(&objects);
    return status;
}

/* `ninja -n` of all pairs, the caller's to free; NULL and why when one is of another build. */
static char *dry_run_line(const struct relink *relink, char *const *pairs, size_t count, char **ret_reason)
{
    char *line = NULL;
    size_t size;
    FILE *stream = memory_stream(&line, &size);
    fprintf(stream, "%s -n", relink->ninja);
    for (size_t i = 0; i < count && !*ret_reason; i++) {
        char *target = target_name(relink, pairs[i]), *quoted = target ? text_shell_quote(target) : NULL;
        if (quoted)
            fprintf(stream, " %s", quoted);
        else
            *ret_reason = text_format("%s is no part of the build in %s", pairs[i], relink->root);
        free(target);
        free(quoted);
    }
    memory_stream_close(stream);
    if (!*ret_reason)
        return line;
    free(line);
    return NULL;
}

/* Whether ninja has nothing to do for the pairs. Otherwise their object files are of other code. */
static bool build_is_current(const struct relink *relink, char *const *pairs, size_t count, char **ret_reason)
{
    char *line = dry_run_line(relink, pairs, count, ret_reason);
    char *said = line ? line_run(relink, line, ret_reason) : NULL;
    bool current = said && strstr(said, "no work to do");
    if (said && !current)
        *ret_reason = text_format("the build in %s is not up to date", relink->root);
    free(said);
    free(line);
    return current;
}

/* Tries to link the first pair, into a file that is removed. */
static bool trial_works(const struct relink *relink, const char *pair, char **ret_reason)
{
    char *to = text_scratch("gcmatrix-link");
    int file = mkstemp(to), status = -1;
    if (file < 0) {
        *ret_reason = text_format("%s: %s", to, strerror(errno));
    } else {
        close(file);
        status = relink_make(relink, pair, 1, to, ret_reason);
        unlink(to);
    }
    free(to);
    return status == 0;
}

struct relink *relink_find(char *const *pairs, size_t count, char **ret_reason)
{
    struct relink *relink = memory_new(1, sizeof(*relink));
    *ret_reason = NULL;
    relink->root = build_folder(pairs[0]);
    relink->ninja = tool_find("ninja");
    if (!relink->root)
        *ret_reason = text_format(
            "the executables are not in a build's folder: there is no build.ninja above %s", pairs[0]);
    else if (!relink->ninja)
        *ret_reason = text_format("ninja is not in PATH");
    else if (build_is_current(relink, pairs, count, ret_reason) && trial_works(relink, pairs[0], ret_reason))
        return relink;
    relink_free(relink);
    return NULL;
}

void relink_free(struct relink *relink)
{
    if (!relink)
        return;
    free(relink->root);
    free(relink->ninja);
    free(relink);
}
