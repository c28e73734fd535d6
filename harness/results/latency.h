/* SPDX-License-Identifier: MIT */
/*
 * Latency of requests: simple, from begin to end; and metered (Blackburn et al., "Rethinking Java Performance
 * Analysis", ASPLOS 2025), which charges a request also with what a pause before it made it wait. A closed
 * loop begins no request during a pause, so one pause shows as one slow request; metered latency asks when
 * the requests would have begun had they been spread evenly over a window, and counts from there.
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

/* Windows of metered latency that are reported, in ns: 100 ms; and ten times the run, which takes all. */
#define LATENCY_WINDOW_SHORT INT64_C(100000000)
enum { LATENCY_WINDOW_RUNS = 10 };

/* Sorts by begin. O(n log n). */
void latency_sort(struct latency_request *requests, size_t count);

/*
 * The metered latency of each of the requests, sorted by begin. With s the first that begins at or after
 * begin_i - window/2 and e the first at or after begin_i + window/2, both within the run, request i would
 * have begun at begin_s + (i - s) (begin_e - begin_s) / (e - s), or where e = s at begin_i; its latency is
 * its end less the earlier of that and its begin. A window of 0 gives simple latency. Both edges only move
 * forward: O(n).
 */
void latency_metered(const struct latency_request *sorted, size_t count, int64_t window_ns,
                     int64_t *ret_latencies);

/* From arrival to end, with the time spent in the queue. */
void latency_response(const struct latency_request *requests, size_t count, int64_t *ret_latencies);

/* From the first begin to the last end of sorted requests; 0 without any. O(n). */
int64_t latency_span(const struct latency_request *sorted, size_t count);

#endif
