/* SPDX-License-Identifier: MIT */
/*
 * Whether what a collector does grows faster than what it is asked for. A pattern is a recipe (recipe.h) that is made
 * at sizes that double. The steps that each program takes (worker/work.h) are fitted against its size by least
 * squares, in logarithms: an exponent of 1 is linear, 2 is quadratic. No clock is read. Equal trees give equal
 * exponents on every machine, but for the last digit.
 *
 * Collectors run with their triggers at a WORK_EAGERNESS-th part: each integer of their options that is large enough.
 * So small programs have many collections, and what a collection costs shows soon. Chunks of memory are small, so that
 * there are many.
 *
 * A peak leaves no trace: after many names, or a large structure, have gone, no more is held than if they had never
 * been. This is looked at by the bytes held in the last phase of a recipe, without the peak in front of it and with it.
 */
#ifndef HARNESS_STRESS_WORK_H
#define HARNESS_STRESS_WORK_H

#include "harness/stress/recipe.h"
#include "harness/stress/work-process.h"

enum {
    WORK_FIRST = 1000,  /* the size of the smallest program */
    WORK_DOUBLINGS = 4, /* programs that are fitted: n, 2n, 4n, 8n */
    WORK_MORE = 3,      /* and so many more, if these look superlinear: what grows to a bound ends growing */
    WORK_EAGERNESS = 256,
    WORK_EVENT_OBJECTS = 3, /* the slow path of allocation is for one object in so many at most */
    /*
     * Steps between two objects that lie in no pause: a new chunk, a new free list, empty chunks that are given back.
     * The most of any collector is 1501, as clang counts. A slice of a sweep that is in no pause has above 2,000.
     */
    WORK_UNPAUSED_MAX = 1750,
};

/* Programs with a peak and without. */
enum {
    WORK_PEAK_SIZE = 2000,
    WORK_PEAK_EAGERNESS = 16, /* their triggers are at this part of their defaults */
    WORK_PEAK_TIMES = 2,      /* one may hold so many times as much at its end as the other, */
    WORK_PEAK_BYTES = 16384,  /* and so much more */
};
#define WORK_EXPONENT_MAX 1.1      /* above it a pattern is superlinear */
#define WORK_EXPONENT_LOOK 1.04    /* above it larger programs decide */
#define WORK_STEPS_MAX 1000000000u /* of one program */
#define WORK_PATTERN_SECONDS 0.4   /* what a pattern takes on a slow machine, about */

/* A recipe that is made at sizes that double; or with a peak, one that is run without it and after it. */
struct work_pattern {
    const char *name;
    const char *recipe;
    const char *peak; /* a recipe, too; or NULL */
};
extern const struct work_pattern work_patterns[];
extern const size_t work_pattern_count;

/* What was measured of one pattern under one collector. */
struct work_fit {
    /* By size. With a peak in pairs, first without it: a pair under the defaults, one for each switch among the options
     * put the other way. */
    struct work_line lines[WORK_DOUBLINGS + WORK_MORE];
    size_t count;
    bool has_peak;
    double exponent; /* of the last WORK_DOUBLINGS */
    char *reason;    /* the collector says that it is superlinear here, and why; NULL: it says nothing */
    char *error;     /* what the worker said that could not run; NULL: it could */
};

/* The exponent of the last WORK_DOUBLINGS of `count` lines. 0 with fewer than two. */
double work_exponent(const struct work_line *lines, size_t count);

/* Whether the exponent is above WORK_EXPONENT_MAX, or the last program took WORK_STEPS_MAX steps. */
bool work_is_superlinear(const struct work_fit *fit);

/* Whether the slow path of allocation was taken for more than one object in WORK_EVENT_OBJECTS. */
bool work_is_eventful(const struct work_fit *fit);

/* Whether more steps than WORK_UNPAUSED_MAX between two objects lie in no pause. */
bool work_is_unpaused(const struct work_fit *fit);

/* Returns the first pair of lines of which the second holds more at its end than after no peak; or NULL. */
const struct work_line *work_peak_stays(const struct work_fit *fit);

/* Whether the worker failed, or is eventful, or unpaused; or superlinear, or a peak stays, where its collector does not
 * say so. */
bool work_is_finding(const struct work_fit *fit);

struct work_request {
    const struct worker **workers;
    size_t worker_count;
    const struct work_pattern *patterns;
    size_t pattern_count;
    size_t jobs;
    double seconds; /* after which no new pattern begins; 0: no limit */
    uint64_t seed;  /* of their order; with a limit, only the first have their turn */
};

/* Told after each pattern, and now and then. */
typedef void (*work_progress)(size_t done, size_t count);

/*
 * Measures each pattern under each collector. `ret_fits` has room for `worker_count` x `pattern_count`, by collector.
 * SIGINT, SIGTERM and SIGHUP end it early, and `ret_interrupted` says so: what was not measured has no lines. Returns 0, or
 * MESSAGE_BAD_INPUT after one line when a worker could not be started, or is of another build (same-build.h). The caller
 * calls work_fits_free().
 */
int work_measure(const struct work_request *request, work_progress progress, struct work_fit *ret_fits,
                 bool *ret_interrupted);
void work_fits_free(struct work_fit *fits, size_t count);

/* Measures one pattern as work_measure() does. Returns likewise. The caller frees `error` of the fit. */
int work_run(const struct worker *worker, const struct work_pattern *pattern, struct work_fit *ret_fit);

/* A finding that has been made small, as text. */
struct work_shrunk {
    char recipe[RECIPE_TEXT_BYTES];
    char peak[RECIPE_TEXT_BYTES]; /* "" of a pattern without one */
};

/*
 * Shrinks the recipe of a finding, and then its peak: leaves out phases and steps, and makes numbers smaller, while it
 * stays one. Takes `seconds` at most. Returns 0, or the status of a message.
 */
int work_shrink(const struct worker *worker, const struct work_pattern *pattern, double seconds,
                struct work_shrunk *ret_shrunk);

#endif
