/* SPDX-License-Identifier: MIT */
/*
 * The minimum heap of a process: the smallest limit under which it was seen to do its work twice. Time-space
 * curves measure heaps in multiples of it (Blackburn et al., OOPSLA 2006).
 */
#ifndef HARNESS_CAMPAIGN_MINHEAP_MINHEAP_H
#define HARNESS_CAMPAIGN_MINHEAP_MINHEAP_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "harness/campaign/process/command.h"
#include "harness/campaign/process/progress.h"

enum minheap_verdict {
    MINHEAP_FITS,      /* the work was done */
    MINHEAP_TOO_SMALL, /* out of memory, or not done in time */
    MINHEAP_BROKEN,    /* a crash, a wrong result: the search ends as an error */
    MINHEAP_STOPPED,   /* interrupted by the user */
};

/* A process that can be run under a limit. */
struct minheap_process {
    /* Runs under a limit of `bytes`. When broken, `*ret_reason` says why and is the search's to free. */
    enum minheap_verdict (*run)(void *context, uint64_t bytes, char **ret_reason);
    void *context;
    /* NULL, or is told when another trial is complete. */
    void (*trial_end)(void *context);
};

enum { MINHEAP_TRIALS_MAX = 99, MINHEAP_LARGER = 3 };

/* The resolution of the search: 1% of the answer or 64 KiB, whichever is more. */
enum { MINHEAP_PERCENT = 1, MINHEAP_STEP = 64 << 10 };

struct minheap_trial {
    uint64_t bytes;         /* fitted twice; less by the resolution was too small, or was not tried */
    uint64_t not_monotone;  /* a larger limit that was too small, or 0 */
    unsigned runs, refused; /* processes; answers that did not hold when they were rerun */
};

struct minheap_result {
    struct minheap_trial trials[MINHEAP_TRIALS_MAX];
    unsigned count;             /* complete: fewer than were asked for after an interrupt */
    uint64_t median, low, high; /* of the trials; the median is one of them, the upper of the middle two */
    bool monotone;              /* no trial met a larger limit that was too small */
};

/*
 * Searches `trials` times. Each trial has a grid of its own, which `seed` decides. So the range of the
 * answers shows the resolution as well as the noise. A trial goes through four steps:
 *
 *   1. It doubles a limit until the process fits.   2. It bisects between the largest limit that was too
 * small and the smallest that fits.   3. It runs the answer once more. An answer that does not hold the
 * second time is too small.   4. It tries three larger limits: 1.1, 1.5 and 2.5 times the answer.
 *
 * Every answer is a limit that was run. Returns MINHEAP_FITS, or the verdict that ended the search. The result
 * is of the trials that were complete by then. When broken, `*ret_reason` is the caller's to free.
 * O(log(answer)) runs for each trial.
 */
enum minheap_verdict minheap_search(const struct minheap_process *process, unsigned trials, uint64_t seed,
                                    struct minheap_result *ret_result, char **ret_reason);

/* The progress of searches: trials that are to come are expected to take as many processes as those before. */
struct minheap_progress {
    struct progress progress;
    size_t trials, trials_done; /* of all pairs */
    size_t processes_each;      /* of a trial, as expected */
};

/* Starts the progress of so many trials. Until one is complete it is taken to need twenty processes. */
void minheap_progress_start(struct minheap_progress *shown, size_t trials);

/* A pair on an allocator as a struct minheap_process. */
struct minheap_pair {
    struct command_request request; /* without heap limit and record */
    int64_t timeout_ns;             /* for each process; 0: minheap_pair_open() sets it */
    struct minheap_progress *shown; /* NULL: no progress is shown */
    const char *name;               /* for the progress */
    char *checksum;                 /* of the work without a limit */
    int64_t wall_ns;                /* of the work without a limit */
};

/*
 * Runs the pair without a limit, to learn the checksum that every other process must have. Where
 * `pair->timeout_ns` is 0, sets it to ten times the time that this took, and at least two seconds. Returns 0,
 * or a status (message.h) after one line when the pair does not do its work even without a limit.
 */
int minheap_pair_open(struct minheap_pair *pair);
void minheap_pair_close(struct minheap_pair *pair);

/* Runs a pair under a limit: `run` of a process whose context is a struct minheap_pair. */
enum minheap_verdict minheap_pair_run(void *context, uint64_t bytes, char **ret_reason);

/*
 * Opens the pair, searches, and closes it. Returns 0, or a status after one line that begins with `place`. The
 * result is that of minheap_search() in either case.
 */
int minheap_find(const char *place, struct minheap_pair *pair, unsigned trials,
                 struct minheap_result *ret_result);

/* `{minimum_bytes, low_bytes, high_bytes, monotone, timeout_ns, trials: [{bytes, runs, ...}]}`; a new
 * reference. */
json_t *minheap_describe(const struct minheap_result *result, const struct minheap_pair *pair);

#endif
