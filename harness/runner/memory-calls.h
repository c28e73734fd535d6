/* SPDX-License-Identifier: MIT */
/*
 * What the memory calls of a process mean for its pages. Each call is carried out, and an observer is told
 * which fresh pages came and which go.
 */
#ifndef HARNESS_RUNNER_MEMORY_CALLS_H
#define HARNESS_RUNNER_MEMORY_CALLS_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/runner/memory-trap.h"

enum { PAGE_BYTES = 4096 };

/* Addresses and counts are in pages. Each function is called with ranges of writable private memory that has
 * no file. */
struct memory_observer {
    /* Fresh pages came: zeroed, and none is there yet. */
    void (*came)(uint64_t address, uint64_t count);
    /* Pages go with their contents, after this returns. There may be none in the range. */
    void (*go)(uint64_t address, uint64_t count);
    /* The contents go and the range stays. Returns true when it is zeroed already, and the kernel is not
     * asked. */
    bool (*empty)(uint64_t address, uint64_t count);
    /* Huge pages are asked for. Comes before the kernel is asked. */
    void (*huge)(uint64_t address, uint64_t count);
    /* Pages moved, or are to be moved. With `moves` true the observer moves them itself, contents and all. */
    void (*move)(uint64_t from, uint64_t to, uint64_t count);
    /* The range is no plain memory any more. */
    void (*forget)(uint64_t address, uint64_t count);
    bool moves;
};

/* Begins to catch the calls of the process, for an observer that stays. Returns 0, or -1 with errno set. */
int memory_calls_observe(const struct memory_observer *observer);

/* What they cost: calls caught, and the time that the process spent between them and their results, less that
 * of one that is passed on at once. */
struct memory_calls_cost {
    uint64_t calls;
    uint64_t ns;
    uint64_t addresses; /* a digest of the results of mmap, brk and mremap, in their order */
};
struct memory_calls_cost memory_calls_cost(void);

/* Sets them to 0. */
void memory_calls_reset(void);

#endif
