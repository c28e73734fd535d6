/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/unread.h"
#include "tests/tap.h"

static const char block[1 << 20]; /* more than a pipe holds */

/* Writes it into a pipe, and ends with status 7. */
__attribute__((noreturn)) static void block_write(int output)
{
    signal(SIGINT, SIG_DFL);
    dup2(output, STDOUT_FILENO);
    unread_end_by(SIGINT);
    size_t left = sizeof block;
    for (ssize_t written; left > 0 && (written = write(STDOUT_FILENO, block, left)) > 0;)
        left -= (size_t)written;
    _exit(left == 0 ? 7 : 1);
}

/* How the writer ends, as waitpid() has it; -1: it does not. */
static int ending_of(bool read_it)
{
    static char taken[1 << 16];
    int ends[2], status = 0;
    assert(pipe(ends) == 0);
    pid_t child = fork(), ended = 0;
    if (child == 0)
        block_write(ends[1]);
    close(ends[1]);
    while (read_it && read(ends[0], taken, sizeof taken) > 0)
        ;
    for (int i = 0; i < 600 && ended == 0; i++) {
        usleep(50000);
        ended = waitpid(child, &status, WNOHANG);
    }
    if (ended == 0)
        kill(child, SIGKILL);
    close(ends[0]);
    return ended == child ? status : -1;
}

int main(void)
{
    int status = ending_of(true);
    tap_ok(WIFEXITED(status) && WEXITSTATUS(status) == 7, "a process whose output is read goes on");
    status = ending_of(false);
    tap_ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT,
           "one whose output nobody reads ends by the signal");
    return tap_done();
}
