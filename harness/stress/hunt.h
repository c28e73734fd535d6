/* SPDX-License-Identifier: MIT */
/*
 * Looks for programs on which one collector is much worse than another. A candidate is a recipe (recipe.h) and its
 * size; or it is a workload line (workload-line.h), of which the recorder makes a program. What a candidate costs is
 * counted, and no clock is read (worker/work.h). The search keeps the worst candidate of each kind of program, so
 * that it finds many cliffs and not one a hundred times: MAP-Elites (Mouret and Clune, "Illuminating search spaces by
 * mapping elites", 2015). A kind is a cell of five dimensions, of the program and not of the collectors. Recipes and
 * workload lines have cells of their own: by far the worst recipe would hide each line that people run.
 *
 *      size            objects alive at once
 *      fan-in          the most references to one object
 *      cyclic share    objects made on rings, of those made
 *      depth           the longest list or chain
 *      lifetime        objects alive at once, of those made
 *
 * character.h says what these are of a recording. New candidates come by chance, from the patterns of work.h, from
 * the defaults of workloads, and from the worst so far: by mutation, by crossover, and by a climb in one number.
 * Equal seeds and numbers of candidates give equal archives. What is kept is equal, too, where time has no limit: then
 * shrinking has a number of questions.
 */
#ifndef HARNESS_STRESS_HUNT_H
#define HARNESS_STRESS_HUNT_H

#include "base/text.h"
#include "harness/stress/recipe.h"
#include "harness/stress/work-process.h"
#include "harness/stress/workload-line.h"

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

enum hunt_form { HUNT_RECIPE, HUNT_WORKLOAD, HUNT_FORMS };

/* Why a candidate is not compared. */
enum hunt_drop {
    HUNT_KEPT,
    HUNT_TOO_LARGE, /* its program or its recording is, or a collector takes too many steps. By steps themselves the
                     * first may: it is the worse one then */
    HUNT_REFUSED, /* by the workload: options that do not go together */
    HUNT_FAILED,  /* the workload or a collector did not come to the end */
    HUNT_DROPS,
};

struct hunt_candidate {
    enum hunt_form form;
    struct recipe recipe;
    uint32_t n;                    /* of the recipe */
    struct workload_line workload; /* instead of the two */
    bool fresh;                    /* it has no parent */
    struct work_line lines[HUNT_SIDES];
    enum hunt_drop drop;
    double ratio; /* of the first side to the second; 0: it was dropped */
};

/*
 * Makes the command that records a workload with these options ("": the defaults) and the seed 1 in `file`. Its
 * objects may have `most` bytes together, and what else the workload allocates has no limit. The process ends as every pair does: with a status of base/message.h or of
 * harness/results/records.h.
 */
typedef void (*hunt_record)(void *context, const struct workload_kind *kind, const char *options,
                            const char *file, uint64_t most, struct text_list *ret_argv);

struct hunt_request {
    struct hunt_side sides[HUNT_SIDES];
    enum hunt_by by;
    double seconds;      /* for search and shrinking together; 0: no limit */
    uint64_t candidates; /* 0: no limit. One of the two is given */
    uint64_t seed;
    size_t jobs;
    const struct workload_kind *workloads; /* whose options are evolved, beside recipes */
    size_t workload_count;                 /* 0: recipes alone */
    hunt_record record;
    void *record_context;
};

struct hunt_result {
    struct hunt_candidate found[HUNT_FOUND_MAX]; /* shrunk, the worst first, each another recipe or line */
    size_t found_count;
    uint64_t candidates;          /* tried */
    uint64_t dropped[HUNT_DROPS]; /* of them */
    size_t cells;                 /* kinds of programs met */
    struct hunt_candidate worst;
    double elapsed; /* seconds */
    bool interrupted;
};

/* Told now and then. */
typedef void (*hunt_progress)(const struct hunt_request *request, const struct hunt_result *result);

/*
 * Hunts. SIGINT, SIGTERM and SIGHUP end the search, and what was found until then is kept, not shrunk. Recordings lie in a
 * folder of their own in TMPDIR, which is removed. Returns 0; or after one line MESSAGE_BAD_INPUT when a worker or a
 * recorder could not be started, or MESSAGE_STORAGE when a recording could not be written.
 */
int hunt_run(const struct hunt_request *request, hunt_progress progress, struct hunt_result *ret_result);

/*
 * Checks that a side's worker is of this program's build, and has it say what is wrong with its options: in a search
 * each candidate would only fail. Returns 0, or MESSAGE_BAD_INPUT after one line.
 */
int hunt_side_check(const struct hunt_side *side);

/* Counts one candidate. Returns as hunt_run(), or MESSAGE_INTERRUPTED. Where the candidate is dropped, `*ret_said`
 * is the line with which a process said why, or NULL; the caller frees it. */
int hunt_count(const struct hunt_request *request, struct hunt_candidate *candidate, char **ret_said);

#endif
