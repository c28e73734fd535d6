/* SPDX-License-Identifier: MIT */
/*
 * The progress of a run, on standard error. On a terminal it is one line, rewritten in place by blanks and
 * carriage returns alone; or several, on a terminal that can move its cursor. Elsewhere it is a plain line every few
 * seconds.
 *
 * Nothing of the terminal is changed: the cursor stays visible, and no line is beyond its width. So nothing has to be
 * put back, however this process ends. The width is asked for each time. Where lines that were shown have become too
 * wide for it, they stay as the terminal left them, and the next ones begin below.
 */
#ifndef HARNESS_CAMPAIGN_PROCESS_PROGRESS_H
#define HARNESS_CAMPAIGN_PROCESS_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct progress {
    bool terminal;
    bool moves;               /* it is one that can move its cursor */
    size_t total;             /* processes; 0: not known, and what is shown says how far it is */
    size_t done, done_before; /* processes; done_before: in an earlier session */
    size_t repeated,
        again; /* repetitions beside them: those that ran in this session, and those that are due */
    int64_t begin_ns, shown_ns;
    size_t lines, width; /* on the screen now, and the columns of the widest */
};

void progress_start(struct progress *progress, size_t total, size_t done_before);

/* The same for a command that mostly takes seconds: where there is no terminal, its first line comes after the
 * first interval alone. */
void progress_start_late(struct progress *progress, size_t total);

/* Shows that `what` is running now. */
void progress_show(struct progress *progress, const char *what);

/*
 * Shows these lines, which are plain and no wider than the terminal, where `moves` is set. Lines that follow others
 * within a fifth of a second are left out: drawing takes time of a processor, in the terminal's own process.
 */
void progress_show_lines(struct progress *progress, const struct text_list *lines);

/* One more process has ended; or one more repetition, which is none of the total. */
void progress_step(struct progress *progress);
void progress_repeat(struct progress *progress);

/* Prints a line that stays, above the moving ones. */
void progress_say(struct progress *progress, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Clears the moving lines. */
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
