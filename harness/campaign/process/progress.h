/* SPDX-License-Identifier: MIT */
/*
 * The progress of a run, on standard error. On a terminal it is one line, rewritten in place by blanks and
 * carriage returns alone. Elsewhere it is a plain line every few seconds.
 */
#ifndef HARNESS_CAMPAIGN_PROCESS_PROGRESS_H
#define HARNESS_CAMPAIGN_PROCESS_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
    bool terminal;
    size_t total;             /* processes; 0: not known, and what is shown says how far it is */
    size_t done, done_before; /* processes; done_before: in an earlier session */
    size_t repeated,
        again; /* repetitions beside them: those that ran in this session, and those that are due */
    int64_t begin_ns, shown_ns;
    size_t width; /* columns of the line on the screen */
};

void progress_start(struct progress *progress, size_t total, size_t done_before);

/* The same for a command that mostly takes seconds: where there is no terminal, its first line comes after the
 * first interval alone. */
void progress_start_late(struct progress *progress, size_t total);

/* Shows that `what` is running now. */
void progress_show(struct progress *progress, const char *what);

/* One more process has ended; or one more repetition, which is none of the total. */
void progress_step(struct progress *progress);
void progress_repeat(struct progress *progress);

/* Prints a line that stays, above the moving one. */
void progress_say(struct progress *progress, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Clears the moving line. */
void progress_stop(struct progress *progress);

/*
 * The time that is left, in nanoseconds: what processes took so far, repetitions among them, times those that are to
 * come with their share of repetitions, and the repetitions that are due. -1 before there is a pace.
 */
int64_t progress_left(const struct progress *progress, int64_t now_ns);

/* A span of time for people: "8 s", "4 min 12 s", "2 h 5 min". */
void progress_span(int64_t ns, char ret_text[static 32]);

/* CLOCK_MONOTONIC now, in nanoseconds. */
int64_t progress_clock(void);

#endif
