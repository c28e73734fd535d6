/* SPDX-License-Identifier: MIT */
/*
 * The scripts by which git bisect finds the commit at which a cell changed, and the folder that they stand in:
 *
 *      bisect.sh      clones, builds the good commit, and has git bisect run step.sh
 *      step.sh        judges one commit: measures it and the good one in the same blocks, until that is decided
 *      settings.sh    what both know
 *      cell.yaml      the matrix of the cell
 *      good/ tree/    clones, once bisect.sh runs: of the good commit, and of the one that is judged
 *      runs/ logs/    the results folder of each commit that was measured, and what it said
 */
#ifndef HARNESS_HISTORY_BISECT_H
#define HARNESS_HISTORY_BISECT_H

struct bisect {
    const char *dir;            /* absolute path of the folder, where nothing may be yet */
    const char *repository;     /* absolute path */
    const char *good, *bad;     /* names of commits, all digits */
    const char *gcmatrix;       /* absolute path of the program that measures */
    const char *build;          /* command of a shell that builds in a clone; NULL: BISECT_BUILD */
    const char *limit, *budget; /* as a person writes them: "5%", "5m" */
    const char *metric;         /* by its name */
    const char *workload, *collector, *allocator, *memory; /* the cell */
};

/* The command that builds what the matrix of the cell needs, where the user gives none. */
extern const char BISECT_BUILD[];

/* bisect.sh and step.sh, as the build puts them into the program. */
extern const char bisect_driver_text[], bisect_step_text[];

/*
 * Makes the folder, with the scripts. Returns 0; or MESSAGE_BAD_INPUT or MESSAGE_STORAGE after one line, with nothing
 * left behind. O(1).
 */
int bisect_make(const struct bisect *bisect);

#endif
