/* SPDX-License-Identifier: MIT */
#include "tests/support/child.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

__attribute__((noreturn)) static void bail_out(const char *what)
{
    printf("Bail out! %s\n", what);
    exit(1);
}

/* A file without a name: no pipe can fill up, whatever the order in which the two streams are written. */
static int stream_open(void)
{
    int file = memfd_create("stream", MFD_CLOEXEC);
    if (file < 0)
        bail_out("no file for a program's output");
    return file;
}

static char *stream_take(int file)
{
    struct stat status;
    fstat(file, &status);
    char *text = malloc((size_t)status.st_size + 1);
    if (!text || pread(file, text, (size_t)status.st_size, 0) != status.st_size)
        bail_out("a program's output cannot be read back");
    text[status.st_size] = '\0';
    close(file);
    return text;
}

struct process process_run(const char *const *arguments)
{
    int out = stream_open();
    int err = stream_open();
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
        dup2(out, STDOUT_FILENO);
        dup2(err, STDERR_FILENO);
        execv(arguments[0], (char *const *)arguments);
        perror(arguments[0]);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) < 0)
        bail_out("a program cannot be started");
    return (struct process){
        .status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
        .out = stream_take(out),
        .err = stream_take(err),
    };
}

void process_free(struct process *process)
{
    free(process->out);
    free(process->err);
    *process = (struct process){0};
}
