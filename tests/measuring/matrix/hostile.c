/* SPDX-License-Identifier: MIT */
/*
 * hostile: a workload that ends in every way in which a process can end. The tests of the harness run it. It
 * is linked with real collectors and the real runner, and it is part of the tests alone.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "collectors/gc.h"
#include "workloads/workload.h"

/* Another build of it, with more here, is a program that became slower. */
#ifndef HOSTILE_MORE
#define HOSTILE_MORE 0 /* ms that it sleeps longer */
#endif

enum act { WORK, CRASH, HANG, QUIT, LEAVE, LIE, EXHAUST, BURN, SHARE };

struct hostile_options {
    uint64_t act, milliseconds, drag, jitter, swing;
};

static const char *const acts[] = {"work", "crash",   "hang", "quit",  "leave",
                                   "lie",  "exhaust", "burn", "share", NULL};

static const struct option_spec option_specs[] = {
    OPTION_CHOICE(struct hostile_options, act, WORK, acts, "how the process ends"),
    OPTION_INTEGER(struct hostile_options, milliseconds, 0, 0, 100000, "ms", "sleeps first"),
    OPTION_INTEGER(struct hostile_options, drag, 0, 0, 100000, "ms", "sleeps longer by this, under rc"),
    OPTION_INTEGER(struct hostile_options, jitter, 0, 0, 100000, "ms",
                   "sleeps longer by up to this, at random"),
    OPTION_INTEGER(struct hostile_options, swing, 0, 0, 100000, "ms",
                   "sleeps longer by this, under rc with one half of all seeds, under others with the other"),
};
static const struct option_table options = OPTION_TABLE(struct hostile_options, option_specs);

/* Large, so that what is left when the next one does not fit is enough to write the record with. */
enum { CELL_BYTES = 24 << 20, MORE_BYTES = 70 << 20 };

static const struct gc_shape shapes[] = {{.name = "cell", .id = 0, .refs = 1, .payload = CELL_BYTES}};

/* Keeps everything it allocates, in a process that may have 70 MiB more than it has now. */
static void exhaust(struct gc_mutator *mutator)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%ld", &pages) != 1)
        abort();
    fclose(file);
    rlim_t limit = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + MORE_BYTES;
    setrlimit(RLIMIT_AS, &(struct rlimit){limit, limit});
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    for (;;) {
        gc_local_new(mutator, &frame.slot[0], &shapes[0], 0);
        gc_field_set(mutator, gc_local_get(&frame.slot[0]), 0, gc_local_get(&frame.slot[1]));
        gc_local_move(mutator, &frame.slot[1], &frame.slot[0]);
    }
}

/* Has a processor for a tenth of a second, however long that takes. */
static void burn(void)
{
    struct timespec ran;
    do
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ran);
    while (ran.tv_sec == 0 && ran.tv_nsec < 100000000);
}

/* Touches 256 pages of shared memory, which no warm process has before its clock starts. */
static void share(void)
{
    enum { BYTES = 256 * 4096 };
    char *memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (size_t i = 0; memory != MAP_FAILED && i < BYTES; i += 4096)
        ((volatile char *)memory)[i] = 1;
}

/* Two collectors that take turns, as the seeds of the blocks have it: each is the slower one by far, and neither is. */
static uint64_t swing(const struct hostile_options *chosen, struct random_state *random)
{
    bool first = chosen->swing && random_next(random) >> 63;
    return first != HOSTILE_DRAGS ? chosen->swing : 0;
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct hostile_options *chosen = values;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t milliseconds = chosen->milliseconds + HOSTILE_MORE + (HOSTILE_DRAGS ? chosen->drag : 0) +
                            (uint64_t)now.tv_nsec / 1000 % (chosen->jitter + 1) + swing(chosen, random);
    nanosleep(&(struct timespec){(time_t)milliseconds / 1000, (long)(milliseconds % 1000) * 1000000}, NULL);
    switch (chosen->act) {
    case CRASH:
        signal(SIGSEGV, SIG_DFL);
        raise(SIGSEGV);
        break;
    case HANG:
        for (;;)
            pause();
    case QUIT:
        fprintf(stderr, "a line of no use\nthe disk caught fire\n");
        exit(7);
    case LEAVE:
        exit(0);
    case LIE:
        clock_gettime(CLOCK_REALTIME, &now);
        return (uint64_t)now.tv_nsec * 2 + 1;
    case EXHAUST:
        exhaust(mutator);
        break;
    case BURN:
        burn();
        break;
    case SHARE:
        share();
    }
    return random_next(random);
}

const struct workload workload = {
    .name = "hostile",
    .group = "baseline",
    .summary = "ends in every way a process can end",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .run = run,
};
