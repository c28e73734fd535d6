/* SPDX-License-Identifier: MIT */
/* Shares of a work: what forks print, how they end, and that none is left. */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/message.h"
#include "base/text.h"
#include "harness/campaign/process/shares.h"
#include "harness/campaign/process/subprocess.h"
#include "tests/tap.h"

enum { PIECES = 6 };

/* What all pieces share. */
struct work {
    size_t fails, dies; /* these pieces do; PIECES: none */
    pid_t by[PIECES];   /* who did a piece */
    size_t when[PIECES], clock;
};

static int piece_do(void *context, size_t piece)
{
    struct work *work = context;
    work->by[piece] = getpid();
    work->when[piece] = __atomic_add_fetch(&work->clock, 1, __ATOMIC_SEQ_CST);
    if (piece == work->dies)
        abort();
    usleep(20000);
    message_say("piece %zu", piece);
    if (piece == work->fails)
        return message_bad_input("piece %zu fails", piece);
    message_note("note %zu", piece);
    return 0;
}

/* Has all printed into a file instead, from when it is begun until it is ended. */
struct printed {
    int stream, saved, file;
};

static struct printed printed_begin(int stream)
{
    struct printed printed = {stream, dup(stream), memfd_create("printed", MFD_CLOEXEC)};
    fflush(NULL);
    dup2(printed.file, stream);
    return printed;
}

static char *printed_end(struct printed printed)
{
    fflush(NULL);
    dup2(printed.saved, printed.stream);
    close(printed.saved);
    lseek(printed.file, 0, SEEK_SET);
    return subprocess_output(printed.file);
}

/* Does the work, and takes what came out. */
static int work_do(struct work *work, char **ret_output, char **ret_error)
{
    struct printed output = printed_begin(STDOUT_FILENO), error = printed_begin(STDERR_FILENO);
    int status = shares_do(PIECES, piece_do, work);
    *ret_error = printed_end(error);
    *ret_output = printed_end(output);
    return status;
}

static char *lines_of(const char *word)
{
    char *text = text_format("%s", "");
    for (size_t i = 0; i < PIECES; i++) {
        char *longer = text_format("%s%s %zu\n", text, word, i);
        free(text);
        text = longer;
    }
    return text;
}

static void check_order(struct work *work, bool forks)
{
    char *output, *error, *expected = lines_of("piece"), *notes = lines_of("gcmatrix: note");
    bool mine = true, other = true, two = false;
    *work = (struct work){.fails = PIECES, .dies = PIECES};
    tap_equal(work_do(work, &output, &error), 0,
              forks ? "all pieces are done" : "all pieces are done on one processor, too");
    tap_same(output, expected, "what they print comes in their order");
    tap_same(error, notes, "as does what they say on standard error");
    for (size_t i = 0; i < PIECES; i++) {
        mine &= work->by[i] == getpid();
        other &= work->by[i] != getpid();
        two |= work->by[i] != work->by[0];
    }
    if (forks)
        tap_ok(other && two && work->when[PIECES - 1] <= 2, "by more than one fork, from the last piece");
    else
        tap_ok(mine && work->when[0] == 1, "by this process, from the first piece");
    free(output);
    free(error);
    free(expected);
    free(notes);
}

static void check_failure(struct work *work)
{
    char *output, *error;
    *work = (struct work){.fails = 3, .dies = PIECES};
    tap_equal(work_do(work, &output, &error), MESSAGE_BAD_INPUT,
              "the status is that of the piece that failed");
    tap_ok(strstr(error, "piece 3 fails") && !strstr(error, "note 4"),
           "its line is the last on standard error");
    tap_ok(work->by[0] == 0, "what none had begun is left out");
    free(output);
    free(error);
}

static void check_death(struct work *work)
{
    char *output, *error;
    *work = (struct work){.fails = PIECES, .dies = 4};
    tap_equal(work_do(work, &output, &error), MESSAGE_STORAGE, "a fork that dies is no success");
    tap_ok(strstr(error, "a fork of this process died"), "and this is said");
    free(output);
    free(error);
}

/* Runs a program that would take a minute. The last piece interrupts this process. */
static int piece_sleep(void *context, size_t piece)
{
    char *argv[] = {(char *)"/bin/sleep", (char *)"60", NULL};
    struct subprocess_request request = {.argv = argv, .output = -1, .error = -1};
    struct work *work = context;
    int code;
    work->by[piece] = getpid();
    if (piece == PIECES - 1)
        kill(getppid(), SIGINT);
    return subprocess_run(&request, &code) == SUBPROCESS_INTERRUPTED ? MESSAGE_INTERRUPTED : 0;
}

static void check_interrupt(struct work *work)
{
    time_t begun = time(NULL);
    memset(work, 0, sizeof(*work));
    subprocess_interrupts_hold();
    tap_equal(shares_do(PIECES, piece_sleep, work), MESSAGE_INTERRUPTED, "an interrupt ends the work");
    tap_ok(time(NULL) - begun < 20, "and what the forks run");
    bool gone = true;
    for (size_t i = 0; i < PIECES; i++)
        gone &= work->by[i] == 0 || kill(work->by[i], 0) != 0;
    tap_ok(gone, "no fork is left");
}

int main(void)
{
    struct work *work = shares_memory(sizeof(*work));
    cpu_set_t all, one;
    sched_getaffinity(0, sizeof(all), &all);
    size_t first = 0;
    while (!CPU_ISSET(first, &all))
        first++;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    sched_setaffinity(0, sizeof(one), &one);
    check_order(work, false);
    sched_setaffinity(0, sizeof(all), &all);
    if (CPU_COUNT(&all) < 2) {
        tap_skip("forks that share a work", "there is one processor");
    } else {
        check_order(work, true);
        check_failure(work);
        check_death(work);
        check_interrupt(work);
    }
    shares_memory_free(work, sizeof(*work));
    return tap_done();
}
