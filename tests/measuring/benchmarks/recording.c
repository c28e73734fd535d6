/* SPDX-License-Identifier: MIT */
/*
 * The cost of being measured. The same pair runs with recording on and off, by turns. A process that does
 * nothing is also compared with the smallest program of the system.
 *
 * usage: benchmark-recording PAIRS_JSON
 */
#include <stdlib.h>
#include <sys/resource.h>

#include "collectors/mutator.h"
#include "tests/measuring/benchmarks/ratio.h"
#include "tests/support/pairs.h"

/* CPU time of the workload's run alone, as the record has it: other processes are in neither side. */
static uint64_t run_ns(const struct pair *pair, const char *options, const char *recording)
{
    struct process process =
        pair_run(pair, (const char *const[]){"--workload-options", options, "--recording", recording, NULL});
    json_t *record = process.status == 0 ? json_read(process.out) : NULL;
    if (!record) {
        fprintf(stderr, "%s: exit status %d: %s", pair->name, process.status, process.err);
        exit(1);
    }
    uint64_t ns = (uint64_t)(json_number(record, "user_ns") + json_number(record, "sys_ns"));
    json_decref(record);
    process_free(&process);
    return ns;
}

static void compare(const struct pair *pair, const char *options, const char *first, double target)
{
    char name[96];
    snprintf(name, sizeof name, "%s%s", pair->name, first[1] == 'f' ? ", off against off" : "");
    struct ratio ratio = {.name = name};
    for (int i = -1; i < RATIO_PAIRS; i++) { /* the first one warms up */
        for (int turn = 0; turn < 2; turn++) {
            int side = turn ^ (i & 1);
            uint64_t ns = run_ns(pair, options, side == 0 ? first : "off");
            if (i >= 0)
                ratio.ns[i][side] = ns;
        }
    }
    ratio_print(&ratio, target);
}

static uint64_t children_cpu_ns(void)
{
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    return (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000u +
           (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000u;
}

/* CPU time of a whole process, from its start to its end. */
static uint64_t process_ns(const char *const *arguments)
{
    uint64_t begin = children_cpu_ns();
    struct process process = process_run(arguments);
    process_free(&process);
    return children_cpu_ns() - begin;
}

static void null_process(const struct pair *pair)
{
    const char *const smallest[] = {"/bin/true", NULL};
    const char *const nothing[] = {pair->path, "--record", "/dev/null", NULL};
    struct ratio ratio = {.name = pair->name};
    for (int i = -1; i < RATIO_PAIRS; i++) {
        for (int turn = 0; turn < 2; turn++) {
            int side = turn ^ (i & 1);
            uint64_t ns = process_ns(side == 0 ? nothing : smallest);
            if (i >= 0)
                ratio.ns[i][side] = ns ? ns : 1;
        }
    }
    ratio_print(&ratio, 0);
}

/* The first pair whose collector has a trait. */
static const struct pair *first_that(const struct pairs *pairs, const char *trait)
{
    for (size_t i = 0; i < pairs->count; i++) {
        if (pair_is(&pairs->pairs[i], trait))
            return &pairs->pairs[i];
    }
    fprintf(stderr, "no collector of these pairs %s\n", trait);
    exit(1);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s PAIRS_JSON\n", argv[0]);
        return 2;
    }
    struct pairs trees = pairs_load(argv[1], "binary-trees");
    struct pairs rings = pairs_load(argv[1], "rings");
    struct pairs nulls = pairs_load(argv[1], "null");
    ratio_print_head("Recording pauses and heap samples", "on", "off");
    compare(first_that(&trees, "reclaims"), "depth=16", "off", 0);
    compare(first_that(&trees, "reclaims"), "depth=16", "on", 1.01);
    compare(first_that(&rings, "reclaims_cycles"), "count=1e6", "on", 1.01);
    ratio_print_head("\nA process that does nothing", "null", "/bin/true");
    for (size_t i = 0; i < nulls.count; i++) {
        if (!pair_is(&nulls.pairs[i], "observes"))
            null_process(&nulls.pairs[i]);
    }
    return 0;
}
