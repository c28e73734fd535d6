/* SPDX-License-Identifier: MIT */
/*
 * The phases of a process's pauses: sums over all of them, and the raw ones while there is room. The pause log holds
 * one, maps its memory, and tells it where pauses begin and end. A pause's phases:
 *
 *      phase_log_pause_begin()     the pause begins, and with it its first phase, whichever that will be
 *      phase_log_phase()           a phase begins; the one before it, if any, ends
 *      phase_log_pause_end()       the pause ends, and with it its last phase
 *
 * So the phases of a pause follow each other without a gap, and their times, objects and bytes add up to the pause's.
 * A pause without a phase, such as a cascade, adds nothing.
 */
#ifndef HARNESS_RUNNER_PHASE_LOG_H
#define HARNESS_RUNNER_PHASE_LOG_H

#include "collectors/mutator.h"

struct phase_log_row {
    uint64_t begin_ns; /* readings of gc_clock() */
    uint64_t end_ns;
    uint64_t freed_objects;
    uint64_t freed_bytes;
    uint32_t pause; /* the place of its pause among the raw events */
    enum gc_phase phase;
};

/* Sums over all phases of one kind, whether kept or not. */
struct phase_log_sum {
    uint64_t count;
    uint64_t total_ns;
    uint64_t max_ns;
    uint64_t freed_objects;
    uint64_t freed_bytes;
};

struct phase_log {
    struct phase_log_row *rows; /* `capacity` of them, which the owner maps */
    uint64_t capacity;
    uint64_t count;
    struct phase_log_sum sums[GC_PHASE_KINDS];
    bool in_pause;
    bool in_phase;      /* `open` is under way */
    bool short_of_room; /* a phase of this pause found no room: none of its phases is kept */
    uint64_t first;     /* rows of the pauses before this one */
    struct phase_log_row
        open;               /* the phase under way; its freed_* are what the mutator had freed as it began */
    uint64_t freed_objects; /* in the phases of this pause that have ended */
    uint64_t freed_bytes;
};

/* Begins a pause at `begin_ns`, whose raw event will have the place `place`; not `kept`: none is kept of it. O(1). */
void phase_log_pause_begin(struct phase_log *log, uint64_t begin_ns, uint64_t place, bool kept);

/* Begins a phase. Reads the clock, unless it is the first of its pause. Outside a pause it does nothing. O(1). */
void phase_log_phase(struct phase_log *log, const struct gc_mutator *mutator, enum gc_phase phase);

/* Ends the pause. O(1). */
void phase_log_pause_end(struct phase_log *log, const struct gc_pause *pause);

/* Returns how many rows are whole: a process that ran out of memory may have ended in the midst of a pause. O(1). */
uint64_t phase_log_whole(const struct phase_log *log);

/* Returns how many phases there were, kept or not. O(1). */
uint64_t phase_log_total(const struct phase_log *log);

/* Writes the whole rows as CSV with times counted from `start_ns`. Returns 0, or -1 with errno set. O(n). */
int phase_log_write(const struct phase_log *log, const char *path, uint64_t start_ns);

#endif
