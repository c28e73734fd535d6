/* SPDX-License-Identifier: MIT */
/* The clock of a search, and the interrupt that ends it early. Of searches one goes on at a time. */
#ifndef HARNESS_STRESS_WATCH_H
#define HARNESS_STRESS_WATCH_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

enum { WATCH_SIGNALS = 3 }; /* SIGINT, SIGTERM and SIGHUP */

struct watch {
    uint64_t begin_ns;
    struct sigaction before[WATCH_SIGNALS]; /* what they did */
};

/* CLOCK_MONOTONIC now, in nanoseconds. */
uint64_t watch_clock(void);

/* Starts the clock. From now on SIGINT, SIGTERM and SIGHUP do not end this process: watch_interrupted() says that one
 * came. A SIGHUP that is ignored, as under nohup, stays so. */
void watch_begin(struct watch *watch);

/* Lets the signals do what they did before. One that has come ends this process, too, once nobody reads its standard
 * output (base/unread.h): what comes now is the result. */
void watch_end(const struct watch *watch);

/* The time since the beginning. */
uint64_t watch_ns(const struct watch *watch);
double watch_seconds(const struct watch *watch);

/* Whether a signal has come since the last watch_begin(); false before the first. */
bool watch_interrupted(void);

#endif
