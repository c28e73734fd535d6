/* SPDX-License-Identifier: MIT */
/* Waits for 21 s of real time: what a person would see. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/patience.h"
#include "tests/tap.h"

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Lets so much time pass. Whether it passes in work or in sleep is the same to a timer, and sleep leaves the processor to
 * others. */
static void work(double time)
{
    for (double end = now() + time, left; (left = end - now()) > 0;)
        nanosleep(&(struct timespec){(time_t)left, (long)((left - (double)(time_t)left) * 1e9)}, NULL);
}

/* What a call writes on standard error, in `said`. */
static void listen(void (*call)(void), char said[static 1024])
{
    FILE *file = tmpfile();
    int before = dup(STDERR_FILENO);
    assert(file && before >= 0 && dup2(fileno(file), STDERR_FILENO) >= 0);
    call();
    assert(dup2(before, STDERR_FILENO) >= 0);
    close(before);
    rewind(file);
    said[fread(said, 1, 1023, file)] = '\0';
    fclose(file);
}

static void long_work(void)
{
    patience_begin("test");
    patience_now("counting %s\n", "sheep");
    pid_t child = fork();
    if (child == 0) {
        work(10.5);
        _exit(0);
    }
    work(10.5);
    patience_now("something else");
    work(0.5);
    patience_now("waiting");
    assert(waitpid(child, NULL, 0) == child);
    work(10.5);
    patience_end();
}

static void no_work(void)
{
    patience_now("none");
    patience_end();
    work(0.1);
}

int main(void)
{
    char said[1024];
    listen(no_work, said);
    tap_same(said, "", "without a beginning nothing is said");
    listen(long_work, said);
    tap_same(said, "gcmatrix: test: counting sheep?, for 10 s\ngcmatrix: test: waiting, for 10 s\n",
             "each ten seconds of one thing have a line, and a child says nothing");
    return tap_done();
}
