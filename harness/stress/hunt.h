/* SPDX-License-Identifier: MIT */
/*
 * Looks for programs on which one collector is much worse than another. A candidate is a recipe (recipe.h) and its
 * size. What it costs is counted, and no clock is read (worker/work.h). The search keeps the worst candidate of each
 * kind of program, so that it finds many cliffs and not one a hundred times: MAP-Elites (Mouret and Clune,
 * "Illuminating search spaces by mapping elites", 2015). A kind is a cell of five dimensions, of the program and not
 * of the collectors:
 *
 *      size            objects alive at once
 *      fan-in          the most references to one object
 *      cyclic share    objects made on rings, of those made
 *      depth           the longest list or chain
 *      lifetime        objects alive at once, of those made
 *
 * New candidates come by chance, from the patterns of work.h, and from the worst so far: by mutation, by crossover,
 * and by a climb in one number. Equal seeds and numbers of candidates give equal archives.
 */
#ifndef HARNESS_STRESS_HUNT_H
#define HARNESS_STRESS_HUNT_H

#include "harness/stress/recipe.h"
#include "harness/stress/work-process.h"

/* By what one collector is worse than another. */
enum hunt_by {
    HUNT_TIME,    /* steps, as HUNT_WORK; the caller confirms by time */
    HUNT_WORK,    /* steps of the whole program */
    HUNT_PAUSE,   /* steps of the longest pause */
    HUNT_MEMORY,  /* the most bytes charged */
    HUNT_GARBAGE, /* bytes held on average, by the clock of allocation: what lives is the same under both */
    HUNT_WAYS,
};
extern const char *const hunt_words[HUNT_WAYS + 1]; /* the words for these; ends with NULL */

enum {
    HUNT_SIDES = 2,     /* the collector that is to be worse, and the other */
    HUNT_FOUND_MAX = 8, /* cliffs that are kept in the end */
};
#define HUNT_RATIO_MIN 1.25 /* below it there is no cliff */

struct hunt_side {
    const struct worker *worker;
    const char *options; /* of the collector */
};

struct hunt_candidate {
    struct recipe recipe;
    uint32_t n;
    struct work_line lines[HUNT_SIDES];
    double ratio; /* of the first side to the second; 0: it is not comparable */
};

struct hunt_request {
    struct hunt_side sides[HUNT_SIDES];
    enum hunt_by by;
    double seconds;      /* for search and shrinking together; 0: no limit */
    uint64_t candidates; /* 0: no limit. One of the two is given */
    uint64_t seed;
    size_t jobs;
};

struct hunt_result {
    struct hunt_candidate found[HUNT_FOUND_MAX]; /* shrunk, the worst first, each another recipe */
    size_t found_count;
    uint64_t candidates; /* tried */
    size_t cells;        /* kinds of programs met */
    struct hunt_candidate worst;
    double elapsed; /* seconds */
    bool interrupted;
};

/* Told now and then. */
typedef void (*hunt_progress)(const struct hunt_request *request, const struct hunt_result *result);

/*
 * Hunts. SIGINT and SIGTERM end the search, and what was found until then is kept, not shrunk. Returns 0, or
 * MESSAGE_BAD_INPUT after one line when a worker could not be started.
 */
int hunt_run(const struct hunt_request *request, hunt_progress progress, struct hunt_result *ret_result);

/*
 * Checks that a side's worker is of this program's build, and has it say what is wrong with its options: in a search each
 * candidate would only fail. Returns 0, or MESSAGE_BAD_INPUT after one line.
 */
int hunt_side_check(const struct hunt_side *side);

/* Counts one candidate. Returns as hunt_run(). */
int hunt_count(const struct hunt_request *request, struct hunt_candidate *candidate);

#endif
