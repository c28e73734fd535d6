/* SPDX-License-Identifier: MIT */
#include "harness/stress/watch.h"

#include <time.h>

#include "base/unread.h"

static volatile sig_atomic_t interrupted;
static const int signals[WATCH_SIGNALS] = {SIGINT, SIGTERM, SIGHUP};

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
    for (size_t i = 0; i < WATCH_SIGNALS; i++) {
        sigaction(signals[i], NULL, &watch->before[i]);
        if (signals[i] != SIGHUP || watch->before[i].sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
    }
}

void watch_end(const struct watch *watch)
{
    for (size_t i = 0; i < WATCH_SIGNALS; i++)
        sigaction(signals[i], &watch->before[i], NULL);
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
