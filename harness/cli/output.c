/* SPDX-License-Identifier: MIT */
#include "harness/cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/message.h"
#include "base/text.h"

/* Whether the path is there and no plain file: a device, a pipe or a folder. A link leads to what it names. */
static bool is_special(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && !S_ISREG(about.st_mode);
}

/* The file that a link leads to, so that the link stays one; else the path. The caller frees it. */
static char *path_resolve(const char *path)
{
    char *real = realpath(path, NULL);
    return real ? real : text_format("%s", path);
}

/* ---- what a signal removes ---- */

enum { UNFINISHED_MAX = 8 };
static const char *volatile unfinished[UNFINISHED_MAX];

/* Calls what a signal handler may call, and nothing else. */
static void on_signal(int number)
{
    for (int i = 0; i < UNFINISHED_MAX; i++)
        if (unfinished[i])
            unlink(unfinished[i]);
    raise(number); /* which ends the process: the action was reset */
}

static void signals_watch(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESETHAND | SA_NODEFER}, before;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
            sigaction(signals[i], &action, NULL);
}

static void unfinished_add(const char *written)
{
    signals_watch();
    for (int i = 0; i < UNFINISHED_MAX; i++)
        if (!unfinished[i]) {
            unfinished[i] = written;
            return;
        }
}

static void unfinished_remove(const char *written)
{
    for (int i = 0; i < UNFINISHED_MAX; i++)
        if (unfinished[i] == written)
            unfinished[i] = NULL;
}

/* ---- one file ---- */

int output_begin(const char *place, const char *path, struct output *ret_output)
{
    *ret_output = (struct output){.path = path};
    if (!path)
        return 0;
    if (!*path)
        return message_bad_input("%s: it takes the name of a file, not an empty one", place);
    bool special = is_special(path);
    char *real = path_resolve(path);
    char *written = special ? text_format("%s", path) : text_format("%s.%d.part", real, (int)getpid());
    int file = open(written, special ? O_WRONLY | O_NONBLOCK : O_WRONLY | O_CREAT | O_EXCL, 0666);
    free(real);
    if (file < 0 && !(special && errno == ENXIO)) { /* a pipe that nobody reads yet */
        int status = message_bad_input("%s: %s: %s", place, path, strerror(errno));
        free(written);
        return status;
    }
    if (file >= 0)
        close(file);
    ret_output->written = written;
    if (!special)
        unfinished_add(written);
    return 0;
}

static void output_end(struct output *output)
{
    unfinished_remove(output->written);
    free(output->written);
    output->written = NULL;
}

int output_keep(const char *place, struct output *output)
{
    int status = 0;
    if (!output->written)
        return 0;
    if (strcmp(output->written, output->path) != 0) {
        char *real = path_resolve(output->path);
        if (rename(output->written, real) != 0) {
            status = message_storage("%s: %s: %s", place, output->path, strerror(errno));
            unlink(output->written);
        }
        free(real);
    }
    output_end(output);
    return status;
}

void output_drop(struct output *output)
{
    if (output->written && strcmp(output->written, output->path) != 0)
        unlink(output->written);
    output_end(output);
}
