/* SPDX-License-Identifier: MIT */
/*
 * The latency of requests, by three definitions:
 *
 *   simple      from begin to end
 *   metered     from the begin that the request would have had at an even pace, or its own if earlier
 *   response    from arrival to end
 *
 * In a closed loop no request begins during a pause, so simple latency shows one pause as one slow request.
 * Metered latency spreads the begins evenly over a window around the request. So the requests after the pause
 * are charged with the wait that it caused (Blackburn et al., "Rethinking Java Performance Analysis", ASPLOS
 * 2025).
 */
#ifndef HARNESS_RESULTS_LATENCY_H
#define HARNESS_RESULTS_LATENCY_H

#include <stddef.h>
#include <stdint.h>

/* Times in ns on one clock; arrival <= begin <= end. */
struct latency_request {
    int64_t arrival_ns; /* when the schedule sent it; equal to the begin where there is no schedule */
    int64_t begin_ns;
    int64_t end_ns;
};

/* A window of metered latency that is reported: 100 ms, in ns. The other is latency_window_all(). */
#define LATENCY_WINDOW_SHORT INT64_C(100000000)

/* Sorts the requests by their begin. O(n log n). */
void latency_sort(struct latency_request *requests, size_t count);

/*
 * Computes the metered latency of each request; they are sorted by begin.
 *
 *   first     the first request that begins at or after begin_i - window/2
 *   last      the first request that begins at or after begin_i + window/2, or the last of all
 *   even_i    begin_first + (i - first) (begin_last - begin_first) / (last - first);
 *             begin_i where last = first
 *   latency   end_i - min(even_i, begin_i)
 *
 * A window of 0 gives simple latency. `first` and `last` only move forward: O(n).
 */
void latency_metered(const struct latency_request *sorted, size_t count, int64_t window_ns,
                     int64_t *ret_latencies);

/* Computes the response latency of each request: the time in the queue counts. O(n). */
void latency_response(const struct latency_request *requests, size_t count, int64_t *ret_latencies);

/* The window that takes in all requests: ten times their span, or all time where that is less. O(1). */
int64_t latency_window_all(int64_t span_ns);

/* The span of sorted requests, from the first begin to the last end; 0 when there are none. O(n). */
int64_t latency_span(const struct latency_request *sorted, size_t count);

#endif
