/* SPDX-License-Identifier: MIT */
/*
 * The minimum heap of a process: the smallest limit it was seen to do its work under, twice. Time-space
 * curves measure heaps in multiples of it (Blackburn et al., OOPSLA 2006).
 */
#ifndef HARNESS_CAMPAIGN_MINHEAP_H
#define HARNESS_CAMPAIGN_MINHEAP_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "harness/campaign/command.h"

enum minheap_verdict {
    MINHEAP_FITS,      /* the work was done */
    MINHEAP_TOO_SMALL, /* out of memory, or not done in time */
    MINHEAP_BROKEN,    /* a crash, a wrong result: the search ends as an error */
    MINHEAP_STOPPED,   /* interrupted by the person */
};

/* Something that can be run under a limit. */
struct minheap_process {
    /* Runs under a limit of `bytes`. When broken, `*ret_reason` says why and is the search's to free. */
    enum minheap_verdict (*run)(void *context, uint64_t bytes, char **ret_reason);
    void *context;
};

enum { MINHEAP_TRIALS_MAX = 99, MINHEAP_LARGER = 3 };

/* How finely is searched: to 1% of the answer or 64 KiB, whichever is more. */
enum { MINHEAP_PERCENT = 1, MINHEAP_STEP = 64 << 10 };

struct minheap_trial {
    uint64_t bytes;         /* did twice; MINHEAP_STEP, or 1%, less did not or was not tried */
    uint64_t not_monotone;  /* a larger limit that was too small, or 0 */
    unsigned runs, refused; /* processes; answers that did not hold when they were rerun */
};

struct minheap_result {
    struct minheap_trial trials[MINHEAP_TRIALS_MAX];
    unsigned count;
    uint64_t median, low, high; /* of the trials; the median is one of them, the upper of the middle two */
    bool monotone;              /* no trial met a larger limit that was too small */
};

/*
 * Searches `trials` times, each time on a grid of its own that `seed` decides, so that the range of the
 * answers shows the resolution as well as the noise. A trial doubles a limit until the process fits, bisects
 * between the largest that was too small and the smallest that fits, runs the answer once more, and tries
 * three larger limits (1.1, 1.5 and 2.5 times). An answer that does not hold the second time is too small.
 * Every answer is a limit that was run. Returns MINHEAP_FITS, or how it ended otherwise, with `*ret_reason`
 * the caller's to free when broken. O(log(answer)) runs for each trial.
 */
enum minheap_verdict minheap_search(const struct minheap_process *process, unsigned trials, uint64_t seed,
                                    struct minheap_result *ret_result, char **ret_reason);

/* A pair on an allocator as a struct minheap_process. */
struct minheap_pair {
    struct command_request request; /* without heap limit and record */
    int64_t timeout_ns;             /* for each process; 0 before minheap_pair_open: set by it */
    char *checksum;                 /* of the work, run without a limit */
    int64_t wall_ns;                /* of that run */
};

/*
 * Runs the pair without a limit, to learn the checksum that every other run must have and, where
 * `pair->timeout_ns` is 0, to set it to ten times what this took and at least two seconds. Returns 0, or a
 * status (message.h) after one line when the pair does not do its work even so.
 */
int minheap_pair_open(struct minheap_pair *pair);
void minheap_pair_close(struct minheap_pair *pair);

/* Runs a pair under a limit: `run` of a process whose context is a struct minheap_pair. */
enum minheap_verdict minheap_pair_run(void *context, uint64_t bytes, char **ret_reason);

/*
 * All of it: opens the pair, searches, closes it. Returns 0, or a status after one line that opens with
 * `place`.
 */
int minheap_find(const char *place, struct minheap_pair *pair, unsigned trials,
                 struct minheap_result *ret_result);

/* `{minimum_bytes, low_bytes, high_bytes, monotone, timeout_ns, trials: [{bytes, runs, ...}]}`; a new
 * reference. */
json_t *minheap_describe(const struct minheap_result *result, const struct minheap_pair *pair);

#endif
