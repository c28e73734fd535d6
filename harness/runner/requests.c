/* SPDX-License-Identifier: MIT */
#include "harness/runner/requests.h"

#include <stdbool.h>

#include "base/quantile.h"
#include "harness/results/latencies.h"
#include "harness/runner/resources.h"
#include "workloads/workload.h"

static struct latency_request request_since(const struct workload_request *request, uint64_t start_ns)
{
    return (struct latency_request){
        .arrival_ns = (int64_t)(request->arrival_ns - start_ns),
        .begin_ns = (int64_t)(request->begin_ns - start_ns),
        .end_ns = (int64_t)(request->end_ns - start_ns),
    };
}

int requests_open(uint64_t count)
{
    workload_requests.items = resources_map_touched(count * sizeof(*workload_requests.items));
    return workload_requests.items ? 0 : -1;
}

int requests_write(const char *path, uint64_t start_ns)
{
    FILE *file = latencies_create(path);
    if (!file)
        return -1;
    for (uint64_t i = 0; i < workload_requests.count; i++) {
        struct latency_request request = request_since(&workload_requests.items[i], start_ns);
        latencies_add(file, &request);
    }
    return latencies_finish(file);
}

static json_t *quantiles_describe(int64_t *latencies, size_t count)
{
    quantile_sort_ns(latencies, count);
    return json_pack("{sI sI sI sI sI}", "p50_ns", (json_int_t)quantile_rank_of_sorted(latencies, count, 0.5),
                     "p90_ns", (json_int_t)quantile_rank_of_sorted(latencies, count, 0.9), "p99_ns",
                     (json_int_t)quantile_rank_of_sorted(latencies, count, 0.99), "p999_ns",
                     (json_int_t)quantile_rank_of_sorted(latencies, count, 0.999), "max_ns",
                     (json_int_t)latencies[count - 1]);
}

static json_t *metered_describe(const struct latency_request *sorted, size_t count, int64_t window_ns,
                                int64_t *scratch)
{
    latency_metered(sorted, count, window_ns, scratch);
    return quantiles_describe(scratch, count);
}

/* Requests in a second: `count` over `span_ns`; null when there is no span. */
static json_t *rate_describe(size_t count, int64_t span_ns)
{
    return span_ns > 0 ? json_real((double)count / (double)span_ns * 1e9) : json_null();
}

static json_t *latency_describe(struct latency_request *requests, size_t count, bool scheduled,
                                int64_t *scratch)
{
    int64_t arrivals_ns = requests[count - 1].arrival_ns - requests[0].arrival_ns;
    latency_sort(requests, count);
    int64_t span_ns = latency_span(requests, count);
    json_t *latency = json_pack("{sI so so}", "requests", (json_int_t)count, "offered_per_s",
                                scheduled ? rate_describe(count - 1, arrivals_ns) : json_null(),
                                "achieved_per_s", rate_describe(count, span_ns));
    json_object_set_new(latency, "simple", metered_describe(requests, count, 0, scratch));
    json_object_set_new(latency, "metered_100ms",
                        metered_describe(requests, count, LATENCY_WINDOW_SHORT, scratch));
    json_object_set_new(latency, "metered_10x",
                        metered_describe(requests, count, latency_window_all(span_ns), scratch));
    latency_response(requests, count, scratch);
    json_object_set_new(latency, "response", scheduled ? quantiles_describe(scratch, count) : json_null());
    return latency;
}

json_t *requests_describe(void)
{
    size_t count = workload_requests.count;
    struct latency_request *requests = resources_map_touched(count * sizeof(*requests));
    int64_t *scratch = resources_map_touched(count * sizeof(*scratch));
    uint64_t start = count ? workload_requests.items[0].arrival_ns : 0;
    bool scheduled = false;
    if (!requests || !scratch || count == 0)
        return count == 0 ? json_null() : NULL;
    for (size_t i = 0; i < count; i++) {
        const struct workload_request *request = &workload_requests.items[i];
        requests[i] = request_since(request, start);
        scheduled |= request->arrival_ns != request->begin_ns;
    }
    return latency_describe(requests, count, scheduled, scratch);
}
