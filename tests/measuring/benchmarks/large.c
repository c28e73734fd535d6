/* SPDX-License-Identifier: MIT */
/*
 * Large objects: each collector on the block heap against its twin on malloc, by turns.
 *
 *      churn     objects of one size replace each other
 *      chains    chains of two objects die by counting or in a trace
 *      rings     rings of two objects die in a collection
 *
 * Last comes the memory that is resident for each byte held, where objects have from 8 to 24 kilobytes.
 *
 * usage: benchmark-large PAIRS_JSON
 */
#include <stdlib.h>
#include <string.h>

#include "tests/measuring/benchmarks/ratio.h"
#include "tests/support/pairs.h"

enum { TIME_TARGET_PERCENT = 120, MEMORY_TARGET_PERCENT = 115 };

/*
 * A collector on the block heap, and the one on malloc that works most like it. Those that defer free new
 * objects in collections, as one that traces does.
 */
static const char *const twins[][2] = {
    {"rc-block", "rc"},
    {"rc-trial-block", "rc-trial"},
    {"rc-backup-block", "rc-backup"},
    {"rc-gcrefs-block", "rc-gcrefs"},
    {"rc-deferred", "mark-sweep"},
    {"rc-coalescing", "mark-sweep"},
    {"mark-sweep-block", "mark-sweep"},
};
enum { TWINS = sizeof twins / sizeof *twins };

static const struct {
    const char *workload;
    const char *options;
    bool cycles; /* the workload makes cyclic garbage */
} programs[] = {
    {"alloc-churn", "size=fixed,min=1e5,live=100,steps=1e4", false},
    {"alloc-churn", "size=fixed,min=1e6,live=20,steps=1000", false},
    {"alloc-churn", "size=fixed,min=3e6,live=10,steps=300", false},
    {"rings", "count=3000,size=2,payload=1e5,live=20,cyclic=0", false},
    {"rings", "count=300,size=2,payload=1e6,live=5,cyclic=0", false},
    {"rings", "count=100,size=2,payload=3e6,live=2,cyclic=0", false},
    {"rings", "count=3000,size=2,payload=1e5,live=20,cyclic=1", true},
    {"rings", "count=300,size=2,payload=1e6,live=5,cyclic=1", true},
    {"rings", "count=100,size=2,payload=3e6,live=2,cyclic=1", true},
};
enum { PROGRAMS = sizeof programs / sizeof *programs };

static json_t *record_of(const struct pair *pair, const char *options)
{
    struct process process =
        pair_run(pair, (const char *const[]){"--workload-options", options, "--recording", "off", NULL});
    json_t *record = process.status == 0 ? json_read(process.out) : NULL;
    if (!record) {
        fprintf(stderr, "%s: exit status %d: %s", pair->name, process.status, process.err);
        exit(1);
    }
    process_free(&process);
    return record;
}

/* CPU time of the workload's run, that of the system included: pages cost most of it. */
static uint64_t run_ns(const struct pair *pair, const char *options)
{
    json_t *record = record_of(pair, options);
    uint64_t ns = (uint64_t)(json_number(record, "user_ns") + json_number(record, "sys_ns"));
    json_decref(record);
    return ns ? ns : 1;
}

static const struct pair *of(const struct pairs *pairs, const char *collector)
{
    for (size_t i = 0; i < pairs->count; i++) {
        if (strcmp(pairs->pairs[i].collector, collector) == 0)
            return &pairs->pairs[i];
    }
    return NULL; /* it was not built */
}

static void compare(const struct pair *pair, const struct pair *twin, const char *options)
{
    char name[64];
    snprintf(name, sizeof name, "%s, %s", pair->collector, twin->collector);
    struct ratio ratio = {.name = name};
    for (int i = -1; i < RATIO_PAIRS; i++) { /* the first one warms up */
        for (int turn = 0; turn < 2; turn++) {
            int side = turn ^ (i & 1);
            uint64_t ns = run_ns(side == 0 ? pair : twin, options);
            if (i >= 0)
                ratio.ns[i][side] = ns;
        }
    }
    ratio_print(&ratio, TIME_TARGET_PERCENT / 100.0);
}

static void times(const char *pairs_json)
{
    for (size_t program = 0; program < PROGRAMS; program++) {
        char title[96];
        struct pairs pairs = pairs_load(pairs_json, programs[program].workload);
        snprintf(title, sizeof title, "\n%s:%s", programs[program].workload, programs[program].options);
        ratio_print_head(title, "block heap", "malloc");
        for (size_t i = 0; i < TWINS; i++) {
            const struct pair *pair = of(&pairs, twins[i][0]);
            const struct pair *twin = of(&pairs, twins[i][1]);
            if (pair && twin && (!programs[program].cycles || pair_is(pair, "reclaims_cycles")))
                compare(pair, twin, programs[program].options);
        }
    }
}

/* Bytes resident at the peak for each byte of objects at theirs. */
static void memory(const char *pairs_json)
{
    static const char options[] = "size=uniform,min=8192,max=24576,live=2000,steps=4000,survival=1";
    struct pairs pairs = pairs_load(pairs_json, "alloc-churn");
    printf("\nResident bytes for each byte held, alloc-churn:%s\n", options);
    for (size_t i = 0; i < TWINS; i++) {
        const struct pair *pair = of(&pairs, twins[i][0]);
        if (!pair)
            continue;
        json_t *record = record_of(pair, options);
        double each =
            (double)(json_number(record, "max_rss_bytes") - json_number(record, "baseline_rss_bytes")) /
            (double)json_number(record, "heap_peak_bytes");
        printf("%-38s %6.3f  %.2f %s\n", pair->collector, each, MEMORY_TARGET_PERCENT / 100.0,
               each <= MEMORY_TARGET_PERCENT / 100.0 ? "" : "exceeded");
        json_decref(record);
    }
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s PAIRS_JSON\n", argv[0]);
        return 2;
    }
    times(argv[1]);
    memory(argv[1]);
    return 0;
}
