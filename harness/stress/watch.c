/* SPDX-License-Identifier: MIT */
#include "harness/stress/watch.h"

#include <time.h>

#include "base/unread.h"

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
    interrupted = number;
}

uint64_t watch_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void watch_begin(struct watch *watch)
{
    struct sigaction action = {.sa_handler = on_interrupt};
    interrupted = 0;
    watch->begin_ns = watch_clock();
    sigaction(SIGINT, &action, &watch->before[0]);
    sigaction(SIGTERM, &action, &watch->before[1]);
}

void watch_end(const struct watch *watch)
{
    sigaction(SIGINT, &watch->before[0], NULL);
    sigaction(SIGTERM, &watch->before[1], NULL);
    if (interrupted)
        unread_end_by(interrupted);
}

uint64_t watch_ns(const struct watch *watch)
{
    return watch_clock() - watch->begin_ns;
}

double watch_seconds(const struct watch *watch)
{
    return (double)watch_ns(watch) / 1e9;
}

bool watch_interrupted(void)
{
    return interrupted != 0;
}
