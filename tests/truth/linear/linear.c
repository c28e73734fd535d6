/* SPDX-License-Identifier: MIT */
/*
 * The work of a collection must be linear in the objects that it looks at. The test counts the objects
 * visited, so it needs no clock and has no noise. The workload is chained rings, whose roots come in the
 * order that makes a scan root by root quadratic (Lins; Bacon and Rajan, section 4.5). The cost of a live hub
 * is printed, too.
 *
 * usage: linear PAIRS_JSON
 */
#include <stdlib.h>

#include "tests/support/pairs.h"
#include "tests/tap.h"

/* The record of one run, or NULL after a note. */
static json_t *record_of(const struct pair *pair, const char *options)
{
    struct process process = pair_run(pair, (const char *const[]){"--workload-options", options, NULL});
    json_t *record = process.status == 0 ? json_read(process.out) : NULL;
    if (!record)
        tap_note("%s with %s: exit status %d: %s", pair->name, options, process.status, process.err);
    process_free(&process);
    return record;
}

/* Returns the objects visited per ring made, and the number of collections that visited them. The result is
 * below zero when the run failed or visited nothing. */
static double visits_per_ring(const struct pair *pair, unsigned rings, const char *order,
                              json_int_t *ret_collections)
{
    enum { ROUNDS = 4 };
    char options[96];
    snprintf(options, sizeof options, "rings=%u,rounds=%d,order=%s", rings, ROUNDS, order);
    json_t *record = record_of(pair, options);
    json_int_t visited = json_number(record, "visited_objects");
    *ret_collections = json_number(record, "collections");
    json_decref(record);
    return visited > 0 ? (double)visited / ROUNDS / rings : -1;
}

/*
 * A collector that comes by itself while the longer chain is built, as one with generations does, looks at an
 * object once more in each: that is a factor, and no power. A scan root by root takes ten times as many.
 */
static void chained_rings(const struct pair *pair)
{
    static const char *const orders[] = {"good", "bad", "random"};
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        json_int_t few;
        json_int_t many;
        double small = visits_per_ring(pair, 1000, orders[i], &few);
        double large = visits_per_ring(pair, 10000, orders[i], &many);
        tap_ok(small > 0 && large > 0 && large <= small * (few == many ? 1.02 : 2),
               "%s visits as many objects per ring when there are ten times as many, in %s order", pair->name,
               orders[i]);
        tap_note("%.3f objects visited per ring of a thousand, %.3f of ten thousand", small, large);
    }
}

static void a_live_hub(const struct pair *pair)
{
    json_t *record = record_of(pair, "live=1000,steps=200000");
    json_int_t visited = json_number(record, "visited_objects");
    json_int_t collections = json_number(record, "collections");
    json_int_t collected = json_number(record, "collected_objects");
    tap_ok(collections > 0 && visited > 0 && collected > 0, "%s collects beside a live hub, and finds rings",
           pair->name);
    tap_note("%lld collections, %.1f objects visited for each of %lld collected", (long long)collections,
             collected > 0 ? (double)visited / (double)collected : 0.0, (long long)collected);
    json_decref(record);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s PAIRS_JSON\n", argv[0]);
        return 2;
    }
    struct pairs chains = pairs_load(argv[1], "ring-chain");
    struct pairs hubs = pairs_load(argv[1], "live-hub");
    for (size_t i = 0; i < chains.count; i++) {
        if (pair_is(&chains.pairs[i], "reclaims_cycles"))
            chained_rings(&chains.pairs[i]);
    }
    for (size_t i = 0; i < hubs.count; i++) {
        if (pair_is(&hubs.pairs[i], "reclaims_cycles"))
            a_live_hub(&hubs.pairs[i]);
    }
    return tap_done();
}
