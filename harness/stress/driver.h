/* SPDX-License-Identifier: MIT */
/* Runs workers on ranges of seeds, as many at a time as there are processors. Compares their results with
 * those of the truth on the same seeds. */
#ifndef HARNESS_STRESS_DRIVER_H
#define HARNESS_STRESS_DRIVER_H

#include "harness/stress/workers.h"

/* A way of running programs. A campaign takes its mixes in turn, so that each kind of bug has
 * its turn early. */
struct driver_mix {
    const char *conditions;
    const char *dials;
    uint64_t programs; /* programs in a batch, about a quarter of a second's work */
};
extern const struct driver_mix driver_mixes[];
extern const size_t driver_mix_count;

struct driver_request {
    const struct worker *truth;
    const struct worker **workers; /* the workers to be tested; the truth may be among them */
    size_t worker_count;
    const struct driver_mix *mixes;
    size_t mix_count;
    const struct boundaries *boundaries; /* from which all programs are made */
    uint64_t seed;
    uint64_t programs; /* the most programs under each collector; 0: no limit */
    double seconds;    /* the time after which no new batch begins; 0: no limit */
    size_t jobs;
};

/* The work of one collector so far. */
struct driver_tally {
    uint64_t programs;
    struct line sums; /* sums of the columns that can be summed */
    uint8_t *hits;    /* which boundaries its programs reached (coverage.h), a byte for each */
    uint64_t findings;
};

struct driver_finding {
    const struct worker *worker;
    const struct driver_mix *mix;
    struct line line;      /* of the program that failed: its seed and `at` */
    char kind[KIND_BYTES]; /* a worker's kind; or the field that differs: digest, counted, exhausted */
    char *options;
    char *text;
    char *detail;
    uint64_t after_ns; /* time since the beginning */
};

struct driver_result {
    struct driver_tally *tallies; /* one for each of the request's workers */
    struct driver_finding *findings;
    size_t finding_count;
    uint64_t elapsed_ns;
    bool interrupted;
};

/* The caller's function that is called now and then. */
typedef void (*driver_progress)(const struct driver_request *request, const struct driver_result *result);

/*
 * Checks that the truth and the collectors that are tested are of this program's build (same-build.h); runtimes_open() has
 * checked the worker of runtimes. Returns 0, or MESSAGE_BAD_INPUT after one line. Some milliseconds for each.
 */
int driver_check(const struct driver_request *request);

/*
 * Runs until the time, the programs or the collectors are used up. A collector with a finding takes no
 * further part. SIGINT, SIGTERM and SIGHUP end the campaign early. Returns 0, or MESSAGE_BAD_INPUT after one line
 * when a worker could not be started, or was found to be of another build (same-build.h).
 */
int driver_run(const struct driver_request *request, driver_progress progress,
               struct driver_result *ret_result);
void driver_result_free(const struct driver_request *request, struct driver_result *result);

#endif
