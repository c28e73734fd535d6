/* SPDX-License-Identifier: MIT */
#include "harness/campaign/minheap/minheap.h"

#include <stdlib.h>

#include "base/random.h"

enum { LIMIT_MAX_BITS = 46, FIRST_LIMIT = 256 << 10 };

/* One trial in progress. */
struct search {
    const struct minheap_process *process;
    struct minheap_trial *trial;
    uint64_t small; /* the largest limit known to be too small; 0 without one */
    uint64_t fits;  /* the smallest limit known to fit */
    char **ret_reason;
};

static enum minheap_verdict search_run(struct search *search, uint64_t bytes)
{
    search->trial->runs++;
    return search->process->run(search->process->context, bytes, search->ret_reason);
}

static uint64_t resolution(uint64_t bytes)
{
    uint64_t share = bytes / 100 * MINHEAP_PERCENT;
    return share > MINHEAP_STEP ? share : MINHEAP_STEP;
}

/* Doubles `bytes` until the process fits. */
static enum minheap_verdict search_upwards(struct search *search, uint64_t bytes)
{
    for (; bytes < (uint64_t)1 << LIMIT_MAX_BITS; bytes *= 2) {
        enum minheap_verdict verdict = search_run(search, bytes);
        if (verdict == MINHEAP_FITS)
            search->fits = bytes;
        if (verdict != MINHEAP_TOO_SMALL)
            return verdict;
        search->small = bytes;
    }
    *search->ret_reason = text_format("it does not fit into 64 TiB");
    return MINHEAP_BROKEN;
}

/* Bisects between the largest limit that is too small and the smallest that fits, down to the resolution. */
static enum minheap_verdict search_between(struct search *search)
{
    while (search->fits - search->small > resolution(search->fits)) {
        uint64_t middle = search->small + (search->fits - search->small) / 2;
        enum minheap_verdict verdict = search_run(search, middle);
        if (verdict == MINHEAP_FITS)
            search->fits = middle;
        else if (verdict == MINHEAP_TOO_SMALL)
            search->small = middle;
        else
            return verdict;
    }
    return MINHEAP_FITS;
}

/*
 * Runs the limit that fitted once more. One that does not hold is too small, and the search goes on above it.
 */
static enum minheap_verdict search_twice(struct search *search)
{
    for (;;) {
        enum minheap_verdict verdict = search_between(search);
        if (verdict == MINHEAP_FITS)
            verdict = search_run(search, search->fits);
        if (verdict != MINHEAP_TOO_SMALL)
            return verdict;
        search->trial->refused++;
        search->small = search->fits;
        verdict = search_upwards(search, search->fits + resolution(search->fits));
        if (verdict != MINHEAP_FITS)
            return verdict;
    }
}

static enum minheap_verdict search_larger(struct search *search)
{
    static const unsigned percents[MINHEAP_LARGER] = {110, 150, 250};
    for (size_t i = 0; i < MINHEAP_LARGER; i++) {
        uint64_t bytes = search->fits / 100 * percents[i];
        enum minheap_verdict verdict = search_run(search, bytes);
        if (verdict == MINHEAP_TOO_SMALL && !search->trial->not_monotone)
            search->trial->not_monotone = bytes;
        else if (verdict != MINHEAP_FITS && verdict != MINHEAP_TOO_SMALL)
            return verdict;
    }
    return MINHEAP_FITS;
}

static enum minheap_verdict trial_run(const struct minheap_process *process, uint64_t first,
                                      struct minheap_trial *trial, char **ret_reason)
{
    struct search search = {.process = process, .trial = trial, .ret_reason = ret_reason};
    *trial = (struct minheap_trial){0};
    enum minheap_verdict verdict = search_upwards(&search, first);
    if (verdict == MINHEAP_FITS)
        verdict = search_twice(&search);
    if (verdict == MINHEAP_FITS)
        verdict = search_larger(&search);
    trial->bytes = search.fits;
    return verdict;
}

static int bytes_compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void result_conclude(struct minheap_result *result)
{
    uint64_t sorted[MINHEAP_TRIALS_MAX];
    result->monotone = true;
    for (unsigned i = 0; i < result->count; i++) {
        sorted[i] = result->trials[i].bytes;
        result->monotone &= result->trials[i].not_monotone == 0;
    }
    qsort(sorted, result->count, sizeof(*sorted), bytes_compare);
    result->low = sorted[0];
    result->median = sorted[result->count / 2];
    result->high = sorted[result->count - 1];
}

enum minheap_verdict minheap_search(const struct minheap_process *process, unsigned trials, uint64_t seed,
                                    struct minheap_result *ret_result, char **ret_reason)
{
    struct random_state random;
    random_seed(&random, seed);
    *ret_result = (struct minheap_result){0};
    *ret_reason = NULL;
    enum minheap_verdict verdict = MINHEAP_FITS;
    while (ret_result->count < trials && verdict == MINHEAP_FITS) {
        uint64_t first = FIRST_LIMIT + random_below(&random, FIRST_LIMIT);
        verdict = trial_run(process, first, &ret_result->trials[ret_result->count], ret_reason);
        ret_result->count += verdict == MINHEAP_FITS;
        if (verdict == MINHEAP_FITS && process->trial_end)
            process->trial_end(process->context);
    }
    if (ret_result->count)
        result_conclude(ret_result);
    return verdict;
}
