/* SPDX-License-Identifier: MIT */
/*
 * request-server: a server answers requests. The models are the latency-sensitive workloads of DaCapo Chopin
 * (Blackburn et al., ASPLOS 2025) and the open-loop load generators of wrk2 and TailBench.
 *
 * Each request is parsed into objects and passes through handlers. They authenticate the request, look its
 * parameters up in a cache that all requests share, and render an answer. A log keeps the latest answers.
 * Some requests open a session. The session and its connection refer to each other: when the session is
 * replaced, a ring dies.
 *
 * The rate and the seed fix the schedule of arrivals in advance. The schedule does not wait for the server.
 * With rate=0 a request arrives when the one before is answered, which finds the server's capacity. The
 * server awaits the next arrival in a loop on the clock: sleeping would add the timer's own lateness. The
 * work, and so the checksum, is the same at every rate.
 *
 * Stresses the latency of requests: the time that a pause adds to all who wait.
 *
 * With a rate, the schedule decides the time of the process and its instructions. Compare latencies then.
 * Compare costs only with rate=0.
 */
#include <math.h>

#include "collectors/gc.h"
#include "workloads/request-server/server.h"
#include "workloads/workload.h"

enum { ARRIVALS_EXPONENTIAL, ARRIVALS_FIXED };
static const char *const arrival_words[] = {"exponential", "fixed", NULL};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct server_options, requests, 1e5, 1, 1e8, "", "requests served"),
    OPTION_REAL(struct server_options, rate, 0, 0, 1e9, "1/s",
                "arrivals; 0: one when the one before is answered"),
    OPTION_CHOICE(struct server_options, arrivals, ARRIVALS_EXPONENTIAL, arrival_words,
                  "how the times between arrivals are distributed"),
    OPTION_INTEGER(struct server_options, entries, 4e4, 1, 1e9, "entries", "of the cache: what lives"),
    OPTION_INTEGER(struct server_options, sessions, 500, 1, 1e8, "", "open at a time"),
    OPTION_INTEGER(struct server_options, history, 200, 1, 1e8, "answers", "the log keeps"),
    OPTION_INTEGER(struct server_options, body, 128, 8, 1e6, "bytes", "mean size of a value"),
    OPTION_REAL(struct server_options, opening, 0.1, 0, 1, "share",
                "of requests that open a session: a ring dies"),
    OPTION_REAL(struct server_options, renewal, 0.2, 0, 1, "share", "of look-ups that renew what they find"),
};
static const struct option_table options = OPTION_TABLE(struct server_options, option_specs);

static uint64_t requests_of(const void *values)
{
    return ((const struct server_options *)values)->requests;
}

/* ---- the schedule ---- */

struct schedule {
    struct random_state random; /* its own state, so that the work does not depend on the rate */
    double mean_ns; /* mean time between arrivals; 0: a request arrives when the one before is answered */
    bool fixed;
    uint64_t begin_ns;
    double offset_ns;
};

/* Waits for the next arrival and returns its time on the clock. Returns at once when that time has passed. */
static uint64_t schedule_await(struct schedule *schedule)
{
    if (schedule->mean_ns == 0)
        return gc_clock();
    uint64_t arrival = schedule->begin_ns + (uint64_t)schedule->offset_ns;
    double gap = schedule->fixed ? 1 : -log(1 - random_real(&schedule->random));
    schedule->offset_ns += gap * schedule->mean_ns;
    while (gc_clock() < arrival)
        ;
    return arrival;
}

static uint64_t serve_all(const struct server *server, struct schedule *schedule)
{
    uint64_t checksum = 0;
    for (uint64_t i = 0; i < server->options->requests; i++) {
        struct workload_request *event = &workload_requests.items[i];
        event->arrival_ns = schedule_await(schedule);
        event->begin_ns = schedule->mean_ns == 0 ? event->arrival_ns : gc_clock();
        checksum = checksum_add(checksum, server_serve(server, i));
        event->end_ns = gc_clock();
        workload_requests.count = i + 1;
        if (i == server->options->requests / 2)
            gc_checkpoint(server->mutator, "half of the requests served");
    }
    return checksum;
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct server_options *chosen = values;
    const struct server server = {.mutator = mutator, .options = chosen, .random = random};
    struct schedule schedule = {.mean_ns = chosen->rate > 0 ? 1e9 / chosen->rate : 0,
                                .fixed = chosen->arrivals == ARRIVALS_FIXED};
    random_seed(&schedule.random, random_next(random));
    server_build(&server);
    gc_checkpoint(mutator, "cache filled");
    schedule.begin_ns = gc_clock();
    uint64_t checksum = serve_all(&server, &schedule);
    gc_checkpoint(mutator, "requests served");
    return server_read(&server, checksum);
}

const struct workload workload = {
    .name = "request-server",
    .group = "latency",
    .summary = "requests on a schedule over a shared cache: what a pause does to those who wait",
    .options = &options,
    WORKLOAD_SHAPES(server_shapes),
    .globals = SERVER_GLOBALS,
    .run = run,
    .requests = requests_of,
};
