/* SPDX-License-Identifier: MIT */
/* Each misuse of memory in a process of its own, and that it is caught by its name. */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collectors/mutator.h"
#include "harness/stress/guard.h"
#include "tests/tap.h"

enum { CAUGHT = 7, LARGE = 100000 };

static int report_pipe[2];

__attribute__((noreturn)) static void on_failure(const char *line)
{
    if (write(report_pipe[1], line, strlen(line)) < 0)
        _exit(CAUGHT + 1);
    _exit(CAUGHT);
}

/* Keeps the compiler from knowing what it is about. */
static void *hidden(void *pointer)
{
    __asm__ volatile("" : "+r"(pointer));
    return pointer;
}

/* Neither does it know that this is free. */
static void (*volatile give_back)(void *) = free;

static void write_after_free(void)
{
    char *piece = hidden(malloc(40));
    give_back(piece);
    ((char *)hidden(piece))[8] = 1;
    guard_verify();
}

/* Found when the piece leaves quarantine, without being looked for. */
static void write_after_free_later(void)
{
    char *piece = hidden(malloc(40));
    give_back(piece);
    ((char *)hidden(piece))[8] = 1;
    for (int i = 0; i < 100000; i++)
        give_back(hidden(malloc(40)));
}

static void follow_after_free(void)
{
    char **piece = hidden(malloc(40));
    give_back(piece);
    char *followed = ((char **)hidden(piece))[1];
    *(volatile char *)followed;
}

static void read_large_after_free(void)
{
    char *piece = hidden(malloc(LARGE));
    give_back(piece);
    *(volatile char *)((char *)hidden(piece) + LARGE / 2);
}

static void write_behind(void)
{
    char *piece = hidden(malloc(43));
    ((char *)hidden(piece))[43] = 1;
    give_back(piece);
}

static void write_in_front(void)
{
    char *piece = hidden(malloc(40));
    ((char *)hidden(piece))[-1] = 1;
    give_back(piece);
}

static void double_free(void)
{
    char *piece = hidden(malloc(40));
    give_back(piece);
    give_back(hidden(piece));
}

static void inner_free(void)
{
    char *piece = hidden(malloc(64));
    give_back(hidden(piece + 16));
}

static void wild_free(void)
{
    static char elsewhere[64];
    give_back(hidden(elsewhere));
}

/* Runs it in a child under the guard. Returns the status; the line is in `ret_line`. */
static int run(void (*misuse)(void), char *ret_line, size_t size)
{
    assert(pipe(report_pipe) == 0);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL);
        signal(SIGBUS, SIG_DFL);
        guard_begin(&(struct guard_faults){0});
        guard_on();
        misuse();
        _exit(0);
    }
    close(report_pipe[1]);
    ssize_t got = read(report_pipe[0], ret_line, size - 1);
    ret_line[got > 0 ? got : 0] = '\0';
    close(report_pipe[0]);
    int status;
    waitpid(child, &status, 0);
    return status;
}

static void test_misuse(void)
{
    static const struct {
        void (*misuse)(void);
        const char *line; /* NULL: traps */
        const char *sentence;
    } cases[] = {
        {write_after_free, "write to a freed block", "a write to freed memory is caught"},
        {write_after_free_later, "write to a freed block", "at the latest when the memory is used again"},
        {follow_after_free, NULL, "an address read from freed memory traps"},
        {read_large_after_free, NULL, "a read of a large freed block traps"},
        {write_behind, "write behind a block", "a write behind a block is caught"},
        {write_in_front, "write in front of a block", "a write in front of a block is caught"},
        {double_free, "double free", "a double free is caught"},
        {inner_free, "inside a block", "a free inside a block is caught"},
        {wild_free, "never allocated", "a free of what is no memory of malloc's is caught"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char line[256];
        int status = run(cases[i].misuse, line, sizeof line);
        bool caught = cases[i].line
                          ? WIFEXITED(status) && WEXITSTATUS(status) == CAUGHT && strstr(line, cases[i].line)
                          : WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
        tap_ok(caught, "%s", cases[i].sentence);
        if (!caught)
            tap_note("status %x, \"%s\"", (unsigned)status, line);
    }
}

/* A freed object as it looks under variant `poison`. */
static struct gc_object freed_object(uint64_t poison)
{
    guard_begin(&(struct guard_faults){.poison = poison});
    guard_on();
    struct gc_object *object = hidden(malloc(48));
    give_back(object);
    struct gc_object seen = *(struct gc_object *)hidden(object);
    guard_off();
    return seen;
}

/* What follows a poisoned header as an object has to leave the road at once, whatever it takes it for. */
static void test_poison(void)
{
    bool foreign = true, counted = true;
    unsigned colours = 0, acyclic = 0;
    for (uint64_t poison = 0; poison < 8; poison++) {
        struct gc_object seen = freed_object(poison);
        foreign &= (seen.bits & GC_BITS_SHAPE) > 1000;
        counted &= (int32_t)seen.count > 1;
        colours |= 1u << (seen.bits >> 20 & 3);
        acyclic |= 1u << !(seen.bits & GC_BIT_ACYCLIC);
    }
    tap_ok(foreign, "a freed object's shape is one that no program has");
    tap_ok(counted, "its count is neither zero nor saturated");
    tap_ok(colours == 0xf, "it has each colour in turn");
    tap_ok(acyclic == 3, "and is acyclic and not");
}

static void test_faults(void)
{
    void *pieces[6];
    guard_begin(&(struct guard_faults){.one = 2, .from = 5});
    guard_on();
    for (int i = 0; i < 6; i++)
        pieces[i] = hidden(malloc(24));
    guard_faults_end();
    void *after = hidden(malloc(24));
    struct guard_totals totals = guard_totals();
    guard_off();
    tap_ok(pieces[0] && !pieces[1] && pieces[2] && pieces[3], "the one that is to fail does, and no other");
    tap_ok(!pieces[4] && !pieces[5], "and all from a given one on");
    tap_ok(after != NULL, "until that is ended");
    tap_equal((int64_t)totals.pieces, 4, "what is outstanding is counted");
    tap_equal((int64_t)totals.bytes, 96, "in bytes");
    tap_equal((int64_t)totals.failed, 3, "and what failed");
}

static void test_budget(void)
{
    guard_begin(&(struct guard_faults){.budget = 100});
    guard_on();
    void *first = hidden(malloc(60));
    void *second = hidden(malloc(41));
    uint64_t refused = guard_totals().refused;
    void *third = hidden(malloc(40));
    give_back(first);
    void *fourth = hidden(malloc(60));
    struct guard_totals totals = guard_totals();
    guard_off();
    tap_ok(first && !second && third, "what takes the bytes outstanding past a budget fails");
    tap_equal((int64_t)refused, 41, "and says how many were asked for");
    tap_ok(fourth != NULL && totals.failed == 1, "what was given back is there to be had again");
    tap_equal((int64_t)totals.bytes, 100, "up to the last byte");
}

static void test_content(void)
{
    guard_begin(&(struct guard_faults){0});
    guard_on();
    uint64_t *fresh = hidden(malloc(64));
    uint64_t *zeroed = hidden(calloc(8, 8));
    uint64_t *large = hidden(calloc(1, LARGE));
    fresh[0] = 42;
    bool zero = true;
    for (int i = 0; i < 8; i++)
        zero &= zeroed[i] == 0;
    for (int i = 0; i < LARGE / 8; i++)
        zero &= large[i] == 0;
    bool junk = fresh[1] != 0;
    uint64_t *moved = hidden(realloc(fresh, 640));
    bool kept = moved[0] == 42;
    free(moved);
    free(zeroed);
    free(large);
    struct guard_totals totals = guard_totals();
    guard_verify();
    guard_off();
    tap_ok(junk, "malloc's memory is not zero by chance");
    tap_ok(zero, "calloc's memory is zero");
    tap_ok(kept, "realloc keeps what was there");
    tap_equal((int64_t)totals.pieces, 0, "everything was given back");
}

int main(void)
{
    assert(guard_open(on_failure) == 0);
    test_misuse();
    test_poison();
    test_faults();
    test_budget();
    test_content();
    return tap_done();
}
