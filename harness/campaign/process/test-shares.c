/* SPDX-License-Identifier: MIT */
/* Shares of a work: what forks print, how they end, and that none is left. */
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
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
    bool together; /* no piece goes on before a second one is begun */
};

/* As a failed assertion does: the reason, and the end. */
static void die(size_t piece)
{
    message_note("piece %zu dies", piece);
    abort();
}

static void piece_begin(struct work *work, size_t piece)
{
    work->by[piece] = getpid();
    work->when[piece] = __atomic_add_fetch(&work->clock, 1, __ATOMIC_SEQ_CST);
    for (int waits = 0; work->together && waits < 1000 && __atomic_load_n(&work->clock, __ATOMIC_SEQ_CST) < 2;
         waits++)
        usleep(10000);
}

static int piece_do(void *context, size_t piece)
{
    struct work *work = context;
    piece_begin(work, piece);
    if (piece == work->dies)
        die(piece);
    usleep(work->fails < PIECES && piece < work->fails ? 200000 : 20000); /* so the failure is seen first */
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
static int work_do_by(shares_work *piece, struct work *work, char **ret_output, char **ret_error)
{
    struct printed output = printed_begin(STDOUT_FILENO), error = printed_begin(STDERR_FILENO);
    int status = shares_do(PIECES, piece, work);
    *ret_error = printed_end(error);
    *ret_output = printed_end(output);
    return status;
}

static int work_do(struct work *work, char **ret_output, char **ret_error)
{
    return work_do_by(piece_do, work, ret_output, ret_error);
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
    *work = (struct work){.fails = PIECES, .dies = PIECES, .together = forks};
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

/* Both streams in one file, as `2>&1` has them. */
static void check_one_file(struct work *work)
{
    struct printed printed = printed_begin(STDOUT_FILENO);
    int saved = dup(STDERR_FILENO);
    *work = (struct work){.fails = PIECES, .dies = PIECES};
    dup2(STDOUT_FILENO, STDERR_FILENO);
    int status = shares_do(PIECES, piece_do, work);
    dup2(saved, STDERR_FILENO);
    close(saved);
    char *text = printed_end(printed);
    tap_ok(status == 0 && strstr(text, "piece 0\ngcmatrix: note 0\npiece 1\ngcmatrix: note 1\n"),
           "in one file both streams keep the order of the pieces");
    free(text);
}

static void check_death(struct work *work, shares_work *piece, size_t dies, const char *where)
{
    char *output, *error;
    *work = (struct work){.fails = PIECES, .dies = dies};
    tap_ok(work_do_by(piece, work, &output, &error) == MESSAGE_STORAGE, "a fork that dies is no success%s",
           where);
    tap_ok(strstr(error, "a fork of this process died"), "and this is said%s", where);
    char *last = text_format("gcmatrix: piece %zu dies\n", dies);
    tap_ok(strstr(error, last), "after what the fork said%s", where);
    free(last);
    free(output);
    free(error);
}

/* Goes on until this process is interrupted, or dies. */
static int piece_wait(void *context, size_t piece)
{
    struct work *work = context;
    if (piece == work->dies)
        die(piece);
    return subprocess_interrupts_wait(20000) ? MESSAGE_INTERRUPTED : 0;
}

/* Does as piece_do(), but in one piece its fork gets a signal that nobody else gets, as by a `kill` with its number. */
static int piece_alone(void *context, size_t piece)
{
    struct work *work = context;
    if (piece != work->dies)
        return piece_do(context, piece);
    piece_begin(work, piece);
    kill(getpid(), SIGTERM);
    return subprocess_interrupts_wait(20000) ? MESSAGE_INTERRUPTED : 0;
}

static void check_signal_alone(struct work *work)
{
    char *output, *error;
    *work = (struct work){.fails = PIECES, .dies = 2};
    tap_equal(work_do_by(piece_alone, work, &output, &error), MESSAGE_STORAGE,
              "a fork that alone is interrupted is no interrupt of this process, and no success");
    tap_ok(strstr(error, "a fork of this process got a signal of its own"), "and this is said");
    tap_ok(strstr(output, "piece 3\n") && !strstr(error, "died"),
           "other pieces are done, and no fork has died");
    *work = (struct work){.fails = PIECES - 2, .dies = PIECES - 1, .together = true};
    free(output);
    free(error);
    tap_equal(work_do_by(piece_alone, work, &output, &error), MESSAGE_BAD_INPUT,
              "where a piece fails besides, that is the status");
    tap_ok(work->by[PIECES - 1] && work->by[0] == 0 && !strstr(error, "got a signal"),
           "and its line is the only one");
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
    tap_equal(shares_do(PIECES, piece_sleep, work), MESSAGE_INTERRUPTED, "an interrupt ends the work");
    tap_ok(time(NULL) - begun < 20, "and what the forks run");
    bool gone = true;
    for (size_t i = 0; i < PIECES; i++)
        gone &= work->by[i] == 0 || kill(work->by[i], 0) != 0;
    tap_ok(gone, "no fork is left");
}

/* This process may use so many processors from now on, of those that it could use. Returns whether there are so many. */
static bool processors_use(const cpu_set_t *all, int count)
{
    cpu_set_t some;
    CPU_ZERO(&some);
    for (size_t i = 0; i < CPU_SETSIZE && CPU_COUNT(&some) < count; i++)
        if (CPU_ISSET(i, all))
            CPU_SET(i, &some);
    return CPU_COUNT(&some) == count && sched_setaffinity(0, sizeof(some), &some) == 0;
}

static void check_forks(struct work *work)
{
    check_order(work, true);
    check_one_file(work);
    check_failure(work);
    check_death(work, piece_do, 4, "");
    signal(SIGCHLD, SIG_IGN);
    check_death(work, piece_do, 4, ", where SIGCHLD is ignored");
    signal(SIGCHLD, SIG_DFL);
    subprocess_interrupts_hold();
    check_death(work, piece_wait, PIECES - 1, ", where interrupts are held");
    check_signal_alone(work);
    check_interrupt(work);
}

int main(void)
{
    struct work *work = shares_memory(sizeof(*work));
    cpu_set_t all;
    sched_getaffinity(0, sizeof(all), &all);
    processors_use(&all, 1);
    check_order(work, false);
    if (processors_use(&all, 2))
        check_forks(work);
    else
        tap_skip("forks that share a work", "there is one processor");
    shares_memory_free(work, sizeof(*work));
    return tap_done();
}
