/* SPDX-License-Identifier: MIT */
#include "harness/results/latency.h"

#include <stdlib.h>

static int latency_compare(const void *left, const void *right)
{
    const struct latency_request *a = left, *b = right;
    return (a->begin_ns > b->begin_ns) - (a->begin_ns < b->begin_ns);
}

void latency_sort(struct latency_request *requests, size_t count)
{
    if (count > 1)
        qsort(requests, count, sizeof(*requests), latency_compare);
}

/* The first request from `at` on that begins at or after `moment`, or the last one of all. */
static size_t latency_first(const struct latency_request *sorted, size_t count, size_t at, int64_t moment)
{
    while (at + 1 < count && sorted[at].begin_ns < moment)
        at++;
    return at;
}

void latency_metered(const struct latency_request *sorted, size_t count, int64_t window_ns,
                     int64_t *ret_latencies)
{
    int64_t half = window_ns / 2;
    size_t first = 0, last = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t begin = sorted[i].begin_ns, even = begin;
        first = latency_first(sorted, count, first, begin - half);
        last = latency_first(sorted, count, last, begin + half);
        if (last > first) {
            int64_t span_ns = sorted[last].begin_ns - sorted[first].begin_ns;
            even = sorted[first].begin_ns + (int64_t)((__int128)(i - first) * span_ns / (last - first));
        }
        ret_latencies[i] = sorted[i].end_ns - (even < begin ? even : begin);
    }
}

void latency_response(const struct latency_request *requests, size_t count, int64_t *ret_latencies)
{
    for (size_t i = 0; i < count; i++)
        ret_latencies[i] = requests[i].end_ns - requests[i].arrival_ns;
}

int64_t latency_window_all(int64_t span_ns)
{
    return span_ns < INT64_MAX / 10 ? 10 * span_ns : INT64_MAX;
}

int64_t latency_span(const struct latency_request *sorted, size_t count)
{
    int64_t last = count ? sorted[0].begin_ns : 0;
    for (size_t i = 0; i < count; i++)
        last = sorted[i].end_ns > last ? sorted[i].end_ns : last;
    return count ? last - sorted[0].begin_ns : 0;
}
