/* SPDX-License-Identifier: MIT */
#include "harness/report/gnuplot.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/message.h"
#include "base/tool.h"

extern char **environ;

/* The descriptor of GNUPLOT_OUT. */
enum { GNUPLOT_OUT_FILE = 3 };

char *gnuplot_find(void)
{
    char *path = tool_find("gnuplot"), *missing = path ? NULL : tool_missing_explain("gnuplot");
    if (missing)
        message_bad_input("charts need gnuplot: %s; apt-get install gnuplot-nox", missing);
    free(missing);
    return path;
}

/* Starts it and waits for it. Its words go to `log`. Returns its exit status, 128 after a signal, or -1. */
static int gnuplot_await(const struct gnuplot_job *job, int definitions, int log)
{
    char *arguments[] = {"gnuplot", "--default-settings", "-", (char *)job->script, NULL};
    posix_spawn_file_actions_t actions;
    pid_t child;
    int status;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, definitions, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, log, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, log, STDERR_FILENO);
    posix_spawn_file_actions_addfchdir_np(&actions, job->folder);
    posix_spawn_file_actions_adddup2(&actions, job->chart, GNUPLOT_OUT_FILE);
    errno = posix_spawn(&child, job->gnuplot, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (errno != 0)
        return -1;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* Reads the last line that gnuplot wrote: the error stands after the lines that show its place. */
static void gnuplot_last_line(FILE *log, char *ret_line)
{
    char line[GNUPLOT_COMPLAINT];
    strcpy(ret_line, "it says nothing");
    rewind(log);
    while (fgets(line, sizeof(line), log)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0])
            strcpy(ret_line, line);
    }
}

/* Returns a file without a name that holds the text, and is read from its start; NULL and errno on failure. */
static FILE *gnuplot_file_of(const char *text)
{
    FILE *file = tmpfile();
    if (file && (fputs(text, file) < 0 || fflush(file) != 0 || fseek(file, 0, SEEK_SET) != 0)) {
        fclose(file);
        return NULL;
    }
    return file;
}

int gnuplot_run(const struct gnuplot_job *job, char ret_complaint[static GNUPLOT_COMPLAINT])
{
    FILE *definitions = gnuplot_file_of(job->definitions), *log = tmpfile();
    int status = definitions && log ? gnuplot_await(job, fileno(definitions), fileno(log)) : -1;
    if (status < 0)
        status = message_storage("%s: %s", job->gnuplot, strerror(errno));
    else if (status > 0) {
        gnuplot_last_line(log, ret_complaint);
        status = 1;
    }
    if (definitions)
        fclose(definitions);
    if (log)
        fclose(log);
    return status;
}
