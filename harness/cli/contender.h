/* SPDX-License-Identifier: MIT */
/* One collector of a workload that several run side by side, and what they are compared by. */
#ifndef HARNESS_CLI_CONTENDER_H
#define HARNESS_CLI_CONTENDER_H

#include <jansson.h>
#include <stddef.h>

#include "harness/analysis/run.h"
#include "harness/cli/target.h"

struct contender {
    const char *name; /* the collector, NAME[:OPTIONS] */
    struct target target;
    bool reclaims;   /* the collector frees anything at all */
    json_t *records; /* of its processes, one for each round */
    char *reason;    /* why it is not run any more, or NULL */
};

/* A ratio of two contenders' times, paired by the round: a geometric mean, with its interval of 95%. */
struct contender_ratio {
    double ratio;                       /* NaN without a round */
    struct bootstrap_interval interval; /* NaN below two rounds */
};

/* Rounds below this number tell little of how ratios scatter, so that the interval trusts that they do so
 * normally. */
enum { CONTENDER_ROUNDS_FEW = 8 };

/*
 * Finds a contender's pair as target_find() does, and asks the pair whether the collector frees anything. Returns 0, or
 * MESSAGE_BAD_INPUT after one line. The caller calls contender_close() in either case.
 */
int contender_open(const char *command, const char *workload, const char *collector, const char *allocator,
                   struct contender *ret_contender);
void contender_close(struct contender *contender);

/* The interval is Student's, on the logarithms of the ratios of wall times by round. O(rounds). */
struct contender_ratio contender_ratio_of(const struct contender *contender, const struct contender *first);

/*
 * RUN_LEAKS where more than a tenth of the garbage was left in the median process, RUN_FLOOR where the
 * collector frees nothing ever: neither time is that of the whole work.
 */
enum run_role contender_role(const struct contender *contender);

/* The role as a word of JSON: "reclaims", "leaks" or "floor"; "unknown" without a record. */
const char *contender_role_name(const struct contender *contender);

/* Says in one line what the marks of the roles mean, if `marks` has any of them (1 << role). */
void contender_marks_explain(unsigned marks);

/*
 * Prints the contenders' times as bars, and then a table with a row for each. The first is what the others' times are
 * relative to. On a terminal the units stand in the table's header alone.
 */
void contenders_print(const struct contender *contenders, size_t count);

#endif
