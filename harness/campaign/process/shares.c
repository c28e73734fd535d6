/* SPDX-License-Identifier: MIT */
#include "harness/campaign/process/shares.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/patience.h"
#include "harness/campaign/process/subprocess.h"

enum { SHARES_WAIT = 10 }; /* ms, between two looks at the forks */

/* What came of a piece, in memory that all share. The files hold what it printed. */
struct shares_piece {
    bool done;
    int status;
    int output, error;
};

struct shares_board {
    atomic_size_t left; /* pieces that none has begun: the first so many */
    atomic_bool stop;   /* one has failed: no other is begun */
    struct shares_piece pieces[];
};

struct shares {
    struct shares_board *board;
    size_t count;
    shares_work *work;
    void *context;
    pid_t *forks;
    size_t fork_count;
    bool forked, crashed;
};

void *shares_memory(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        memory_exhausted();
    return memory;
}

void shares_memory_free(void *memory, size_t size)
{
    munmap(memory, size);
}

static size_t shares_processors(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof(set), &set) == 0 ? (size_t)CPU_COUNT(&set) : 1;
}

static int shares_do_here(size_t count, shares_work *work, void *context)
{
    int status = 0;
    for (size_t piece = 0; piece < count && status == 0; piece++)
        status = work(context, piece);
    return status;
}

/* ---- a fork ---- */

/* Takes a piece that none has begun. Returns whether there was one. */
static bool shares_take(struct shares_board *board, size_t *ret_piece)
{
    size_t left = atomic_load(&board->left);
    while (left > 0 && !atomic_compare_exchange_weak(&board->left, &left, left - 1))
        ;
    *ret_piece = left - 1;
    return left > 0;
}

__attribute__((noreturn)) static void shares_fork_run(const struct shares *shares, pid_t parent)
{
    struct shares_board *board = shares->board;
    size_t piece;
    patience_end(); /* this process says that it goes on */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(0);
    while (!atomic_load(&board->stop) && !subprocess_interrupted() && shares_take(board, &piece)) {
        struct shares_piece *mine = &board->pieces[piece];
        dup2(mine->output, STDOUT_FILENO);
        dup2(mine->error, STDERR_FILENO);
        mine->status = shares->work(shares->context, piece);
        fflush(NULL);
        mine->done = true;
        if (mine->status != 0)
            atomic_store(&board->stop, true);
    }
    _exit(0);
}

static void shares_forks_begin(struct shares *shares, size_t most)
{
    pid_t parent = getpid();
    fflush(NULL);
    while (shares->fork_count < most) {
        pid_t fork_of_this = fork();
        if (fork_of_this == 0)
            shares_fork_run(shares, parent);
        if (fork_of_this < 0)
            return;
        shares->forks[shares->fork_count++] = fork_of_this;
    }
}

/* ---- their end ---- */

/* Takes the forks that have ended from the list. Returns whether any goes on. */
static bool shares_forks_reap(struct shares *shares)
{
    size_t going = 0;
    for (size_t i = 0; i < shares->fork_count; i++) {
        int status = 0;
        pid_t ended = waitpid(shares->forks[i], &status, WNOHANG);
        if (ended == 0 || (ended < 0 && errno == EINTR))
            shares->forks[going++] = shares->forks[i];
        else if (ended > 0 && status != 0)
            shares->crashed = true;
    }
    shares->fork_count = going;
    return going > 0;
}

static void shares_forks_await(struct shares *shares)
{
    bool told = false;
    while (shares_forks_reap(shares)) {
        bool end = subprocess_interrupted() || shares->crashed;
        for (size_t i = 0; end && !told && i < shares->fork_count; i++)
            kill(shares->forks[i], SIGTERM);
        told |= end;
        subprocess_interrupts_wait(SHARES_WAIT);
    }
}

/* Prints what a piece did, and closes the file. */
static void shares_print(int file, FILE *stream, bool print)
{
    char *text = file >= 0 && lseek(file, 0, SEEK_SET) == 0 ? subprocess_output(file) : NULL;
    if (text && print)
        fputs(text, stream);
    free(text);
    fflush(stream); /* both streams may go to one file */
}

/* Whether a signal ended the piece, which its fork survived. Where this process got none, the fork got it alone, or this
 * process sent it because another fork had crashed. */
static bool shares_was_interrupted(const struct shares_piece *piece)
{
    return piece->done && piece->status == MESSAGE_INTERRUPTED;
}

/* Prints what all did, and what those said on standard error that did not come to their end. Returns the first status that
 * is neither 0 nor that of an interrupt. */
static int shares_pieces_end(const struct shares *shares)
{
    int status = 0;
    for (size_t i = 0; i < shares->count; i++) {
        const struct shares_piece *piece = &shares->board->pieces[i];
        shares_print(piece->output, stdout, piece->done);
        shares_print(piece->error, stderr, status == 0);
        if (piece->done && status == 0 && !shares_was_interrupted(piece))
            status = piece->status;
    }
    return status;
}

/* Says what has come between where no piece has failed, and one is not whole. Where SIGCHLD is ignored, the pieces alone
 * tell that a fork died. */
static int shares_loss_say(const struct shares *shares)
{
    bool done = true, interrupted = false;
    for (size_t i = 0; i < shares->count; i++) {
        done &= shares->board->pieces[i].done;
        interrupted |= shares_was_interrupted(&shares->board->pieces[i]);
    }
    if (!shares->crashed && interrupted)
        return message_storage(
            "a fork of this process got a signal of its own and ended before its work was done; do it again");
    if (shares->crashed || (shares->forked && !done))
        return message_storage("a fork of this process died before its work was done; do it again");
    return 0;
}

/* ---- all of it ---- */

/* Makes the files for what the pieces print. Returns whether there are all. */
static bool shares_files_make(const struct shares *shares)
{
    bool whole = true;
    for (size_t i = 0; i < shares->count; i++) {
        struct shares_piece *piece = &shares->board->pieces[i];
        piece->output = memfd_create("output", MFD_CLOEXEC);
        piece->error = memfd_create("error", MFD_CLOEXEC);
        whole &= piece->output >= 0 && piece->error >= 0;
    }
    return whole;
}

static int shares_end(const struct shares *shares)
{
    int status = shares_pieces_end(shares);
    if (subprocess_interrupted())
        return MESSAGE_INTERRUPTED;
    return status ? status : shares_loss_say(shares);
}

int shares_do(size_t count, shares_work *work, void *context)
{
    size_t processors = shares_processors(), most = processors < count ? processors : count;
    if (most < 2)
        return shares_do_here(count, work, context);
    size_t size = sizeof(struct shares_board) + count * sizeof(struct shares_piece);
    struct shares shares = {.board = shares_memory(size),
                            .count = count,
                            .work = work,
                            .context = context,
                            .forks = memory_new(most, sizeof(*shares.forks))};
    atomic_init(&shares.board->left, count);
    if (shares_files_make(&shares))
        shares_forks_begin(&shares, most);
    shares.forked = shares.fork_count > 0;
    shares_forks_await(&shares);
    int status = shares_end(&shares);
    free(shares.forks);
    shares_memory_free(shares.board, size);
    return shares.forked ? status : shares_do_here(count, work, context);
}
