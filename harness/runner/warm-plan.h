/* SPDX-License-Identifier: MIT */
/*
 * What a rehearsal found out, as one word for the command line: how much memory a warm process needs, and
 * where.
 *
 *      1.SMALL.HUGE.STACK.HOLES.SPOILT{.NUMBER=PAGES=RUNS}
 *
 *      SMALL    small pages that the process holds at once, at most, of those that it maps while it is measured
 *      HUGE     huge pages, likewise
 *      STACK    bytes of the C stack
 *      HOLES    pages that are mapped and never touched. All that the process maps while it is measured, page
 *               by page, makes one sequence, and these are runs in it
 *      SPOILT   huge pages that the process asks for where small ones are already: runs in the sequence of all
 *               that it asks for
 *      NUMBER   a region of memory that is mapped before: its place among them, its size, and the runs of its
 *               pages that the process touches
 *
 * Runs are GAP+LENGTH, from the end of the last, joined by `_`; `xN` repeats one N times.
 */
#ifndef HARNESS_RUNNER_WARM_PLAN_H
#define HARNESS_RUNNER_WARM_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WARM_PLAN_RUNS = 1 << 16, WARM_PLAN_REGIONS = 64, WARM_PLAN_TEXT = 4096 };

struct warm_run {
    uint64_t begin;
    uint64_t length;
};

struct warm_runs {
    struct warm_run *runs; /* ascending; room for WARM_PLAN_RUNS */
    uint64_t count;
};

struct warm_region {
    uint64_t number;
    uint64_t pages;
    struct warm_runs touched;
};

struct warm_plan {
    uint64_t small_pages;
    uint64_t huge_pages;
    uint64_t stack_bytes;
    struct warm_runs holes;
    struct warm_runs spoilt;
    struct warm_region regions[WARM_PLAN_REGIONS];
    uint64_t region_count;
};

/*
 * Adds a run that begins at or after the last one's end; less than `gap` away, it is joined to the last. False
 * when there are too many.
 */
bool warm_runs_add(struct warm_runs *runs, uint64_t begin, uint64_t length, uint64_t gap);

/* Whether `at` is in a run. `*cursor` is 0 at first, and `at` ascends from call to call. */
bool warm_runs_hold(const struct warm_runs *runs, uint64_t at, uint64_t *cursor);

/* Takes the runs shorter than `shortest` out. */
void warm_runs_drop_short(struct warm_runs *runs, uint64_t shortest);

/* Joins the runs that are less than `gap` apart. */
void warm_runs_join(struct warm_runs *runs, uint64_t gap);

/* Writes the plan to `text` with a NUL. Returns its length, or `size` or more when it does not fit. */
size_t warm_plan_print(const struct warm_plan *plan, char *text, size_t size);

/* Reads a plan into one whose runs have room. False when it is none. */
bool warm_plan_parse(const char *text, struct warm_plan *plan);

/* Gives every list of runs its room; false when there is no memory. */
bool warm_plan_open(struct warm_plan *plan);

#endif
