/* SPDX-License-Identifier: MIT */
/* The inside of hunt_run(): what its files share. */
#ifndef HARNESS_STRESS_HUNT_INTERNAL_H
#define HARNESS_STRESS_HUNT_INTERNAL_H

#include "base/random.h"
#include "harness/stress/children.h"
#include "harness/stress/hunt.h"
#include "harness/stress/watch.h"

enum {
    HUNT_OPERATIONS_MAX = 300000, /* of a candidate */
};

/* ---- hunt-count.c: what candidates cost ---- */

struct hunt_counting {
    const struct hunt_request *request;
    struct child *children; /* as many as there are jobs */
    char *folder;           /* of recordings; NULL: there is none yet */
    char *said;             /* by the process for which a candidate was last dropped; NULL: nothing */
};

struct hunt_counting hunt_counting_open(const struct hunt_request *request);
void hunt_counting_close(struct hunt_counting *counting);

/* Records the workloads of candidates, and counts each candidate under both collectors, as many processes at a
 * time as there are jobs. Returns as hunt_run(). */
int hunt_candidates_count(struct hunt_counting *counting, struct hunt_candidate *candidates, size_t count);

/* ---- the search ---- */

/* The cells of one form that are not empty, in the order in which they were met. */
struct hunt_met {
    size_t *cells;
    size_t count;
};

struct hunt {
    const struct hunt_request *request;
    struct hunt_result *result;
    struct random_state random;
    struct watch watch;
    struct hunt_candidate *cells; /* of each form; a ratio of 0: none of this kind has been met */
    struct hunt_met met[HUNT_FORMS];
    uint32_t *halvings; /* of each workload: of the large numbers of its next line that has no parent */
    struct hunt_counting counting;
    hunt_progress progress;
};

/* Tells how far the hunt is. */
void hunt_show(struct hunt *hunt);

/* hunt-make.c: the candidate in the place `place` of a batch, by chance or from what is met. */
struct hunt_candidate hunt_candidate_make(struct hunt *hunt, size_t place);

/* Learns from a candidate without a parent how large the next one of its workload may be. */
void hunt_halvings_learn(struct hunt *hunt, const struct hunt_candidate *candidate);

/* hunt-keep.c: takes the worst candidates of the archive, shrunk, each another recipe or line. Returns as hunt_run(). */
int hunt_keep(struct hunt *hunt);

#endif
