/* SPDX-License-Identifier: MIT */
/*
 * Measures what a hunt found: processes of the two collectors run a program by turns. The program of a recipe is
 * replayed. A workload line is run as its user runs it, and not as it was recorded: what the workload computes takes
 * its time, too.
 *
 * Two calls can differ by more than the rounds of each scatter. What all rounds of a call share, such as where the
 * stack begins or which pages hold the file, is no scatter of rounds. So the rounds come in groups. Each group has a
 * folder, a file of a recipe's program, and a layout of its own (plan/layout.h), and every program has its turn
 * before the next group begins. A ratio is the mean of the groups' medians, with Student's interval over the groups
 * (paired_of_medians()).
 */
#ifndef HARNESS_CLI_HUNT_MEASURE_H
#define HARNESS_CLI_HUNT_MEASURE_H

#include "harness/cli/contender.h"
#include "harness/statistics/paired.h"
#include "harness/stress/hunt.h"

#define HUNT_CONFIRMED_MIN 1.1 /* the interval of a cliff that is confirmed lies above it */

/* A candidate with what processes say of it. */
struct hunt_found {
    struct hunt_candidate candidate;
    char *text;                              /* its recipe, or its workload line */
    struct contender contenders[HUNT_SIDES]; /* of the workload line, once it is measured */
    struct paired measured;                  /* its blocks are groups; 0: it was not measured */
    char *failed;                            /* why it could not be measured; NULL: it could */
};

/* Takes a candidate of a search. The caller calls hunt_found_close(). */
struct hunt_found hunt_found_open(const struct hunt_candidate *candidate);
void hunt_found_close(struct hunt_found *found);

struct hunt_measure_request {
    const char *const *collectors;      /* HUNT_SIDES of them, NAME[:OPTIONS] */
    const struct contender *contenders; /* likewise, which replay recipes */
    enum hunt_by by;
    uint64_t seed; /* of the order in each round */
    size_t groups; /* 2 at least */
    size_t rounds; /* of each group; one process of each collector in each */
};

/* Finds the replays of two collectors, each NAME[:OPTIONS]. Returns 0, or MESSAGE_BAD_INPUT after one line. The
 * caller calls contender_close() of both in either case. */
int hunt_measure_open(const char *const collectors[HUNT_SIDES], struct contender ret_contenders[HUNT_SIDES]);

/*
 * Measures each of `found`. SIGINT, SIGTERM and SIGHUP end it early, and `ret_interrupted` says so: then the groups
 * count that are whole, where there are two. A workload line whose pair is gone has failed, after one line. Returns 0;
 * or after one line MESSAGE_STORAGE where no program could be written. Runs 2 x count x groups x rounds processes.
 */
int hunt_measure(const struct hunt_measure_request *request, struct hunt_found *found, size_t count,
                 bool *ret_interrupted);

/* Whether it was measured, and whether it is a cliff: by processes if there were any, else by counts. */
bool hunt_is_measured(const struct hunt_found *found);
bool hunt_is_cliff(const struct hunt_found *found);

#endif
