/* SPDX-License-Identifier: MIT */
/*
 * Whole workloads at their limits, from the processor time and the pauses in the records of the pairs, by
 * turns:
 *
 *      rings   five million rings of two objects, against `rc` where the program cuts each ring by hand
 *      trees   binary-trees of depth 18, against malloc and free by hand
 *      grow    how the time spent collecting grows with the live set: the exponent of a fitted power
 *
 * usage: limits-workloads PAIRS_JSON EXPLICIT_TREES rings|trees|grow
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/pairs.h"

enum { TURNS = 5, SIZES = 5 };

struct times {
    double ms[TURNS];
};

static int order(const void *a, const void *b)
{
    double difference = *(const double *)a - *(const double *)b;
    return (difference > 0) - (difference < 0);
}

static double median(struct times times)
{
    qsort(times.ms, TURNS, sizeof *times.ms, order);
    return times.ms[TURNS / 2];
}

static json_t *record_of(const struct pair *pair, const char *options)
{
    struct process process = pair_run(pair, (const char *const[]){"--workload-options", options, NULL});
    json_t *record = process.status == 0 ? json_read(process.out) : NULL;
    if (!record) {
        fprintf(stderr, "%s: exit status %d: %s", pair->name, process.status, process.err);
        exit(1);
    }
    process_free(&process);
    return record;
}

static double run_ms(const struct pair *pair, const char *options)
{
    json_t *record = record_of(pair, options);
    double ms = (double)(json_number(record, "user_ns") + json_number(record, "sys_ns")) / 1e6;
    json_decref(record);
    return ms;
}

static double by_hand_ms(const char *program, const char *depth)
{
    struct process process = process_run((const char *const[]){program, depth, NULL});
    double ms = process.status == 0 ? strtod(process.out, NULL) / 1e6 : 0;
    process_free(&process);
    if (ms <= 0) {
        fprintf(stderr, "%s failed\n", program);
        exit(1);
    }
    return ms;
}

/* Medians of both, and the median of the turns' ratios with their range. */
static void print_ratio(const char *name, struct times first, struct times second, double target)
{
    struct times ratios;
    for (int i = 0; i < TURNS; i++)
        ratios.ms[i] = first.ms[i] / second.ms[i];
    double ratio = median(ratios);
    qsort(ratios.ms, TURNS, sizeof *ratios.ms, order);
    printf("  %-18s %9.1f ms %9.1f ms %7.2f x [%.2f, %.2f]", name, median(first), median(second), ratio,
           ratios.ms[0], ratios.ms[TURNS - 1]);
    if (target > 0)
        printf("  target %.2g%s", target, ratio <= target ? "" : " exceeded");
    putchar('\n');
}

static const struct pair *of(const struct pairs *pairs, const char *collector)
{
    for (size_t i = 0; i < pairs->count; i++) {
        if (strcmp(pairs->pairs[i].collector, collector) == 0)
            return &pairs->pairs[i];
    }
    fprintf(stderr, "no pair with the collector %s\n", collector);
    exit(1);
}

static void rings(const char *pairs_json)
{
    struct pairs pairs = pairs_load(pairs_json, "rings");
    const struct pair *baseline = of(&pairs, "rc");
    puts("five million rings of two objects, against `rc` with each cut by hand");
    for (size_t i = 0; i < pairs.count; i++) {
        const struct pair *pair = &pairs.pairs[i];
        struct times first;
        struct times second;
        if (!pair_is(pair, "reclaims_cycles") || pair_is(pair, "observes"))
            continue;
        for (int turn = 0; turn < TURNS; turn++) {
            first.ms[turn] = run_ms(pair, "count=5e6,size=2,live=0,cyclic=1");
            second.ms[turn] = run_ms(baseline, "count=5e6,size=2,live=0,cyclic=1,cut=on");
        }
        print_ratio(pair->collector, first, second, strncmp(pair->collector, "rc-trial", 8) == 0 ? 2 : 0);
    }
}

static void trees(const char *pairs_json, const char *explicit_trees)
{
    static const struct {
        const char *collector;
        double target;
    } rows[] = {{"rc", 1.3}, {"rc-block", 0.9}, {"leak", 0}, {"mark-sweep-block", 0}, {"semispace", 0}};
    struct pairs pairs = pairs_load(pairs_json, "binary-trees");
    puts("binary-trees of depth 18, against malloc and free by hand");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct pair *pair = of(&pairs, rows[i].collector);
        struct times first;
        struct times second;
        for (int turn = 0; turn < TURNS; turn++) {
            first.ms[turn] = run_ms(pair, "depth=18");
            second.ms[turn] = by_hand_ms(explicit_trees, "18");
        }
        print_ratio(pair->collector, first, second, rows[i].target);
    }
}

/* Milliseconds in collections, cascades apart; the least of a few turns. */
static double collecting_ms(const struct pair *pair, const char *options, int turns)
{
    double least = INFINITY;
    for (int turn = 0; turn < turns; turn++) {
        json_t *record = record_of(pair, options);
        double ms = (double)json_number(json_object_get(record, "pauses"), "total_ns") / 1e6;
        least = ms < least ? ms : least;
        json_decref(record);
    }
    return least;
}

/* Slope of the least-squares line through (log2 size, log2 ms); sizes double. */
static double exponent(const double ms[SIZES])
{
    double products = 0;
    double squares = 0;
    for (int i = 0; i < SIZES; i++) {
        double x = i - (SIZES - 1) / 2.0;
        products += x * log2(ms[i]);
        squares += x * x;
    }
    return products / squares;
}

static void grow(const char *pairs_json)
{
    struct pairs pairs = pairs_load(pairs_json, "grow");
    puts("grow at 1, 2, 4, 8 and 16 million objects: milliseconds spent collecting");
    for (size_t i = 0; i < pairs.count; i++) {
        const struct pair *pair = &pairs.pairs[i];
        double ms[SIZES];
        if (!pair_is(pair, "reclaims_cycles") || pair_is(pair, "observes"))
            continue;
        printf("  %-18s", pair->collector);
        for (int size = 0; size < SIZES; size++) {
            char options[64];
            snprintf(options, sizeof options, "nodes=%d", 1000000 << size);
            ms[size] = collecting_ms(pair, options, 3);
            printf(" %9.1f", ms[size]);
        }
        if (ms[0] > 0)
            printf("  exponent %.3f (target 1.05)%s\n", exponent(ms),
                   exponent(ms) <= 1.05 ? "" : " exceeded");
        else
            puts("  no collection");
        fflush(stdout);
    }
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[3], "rings") == 0)
        rings(argv[1]);
    else if (argc == 4 && strcmp(argv[3], "trees") == 0)
        trees(argv[1], argv[2]);
    else if (argc == 4 && strcmp(argv[3], "grow") == 0)
        grow(argv[1]);
    else
        fprintf(stderr, "usage: %s PAIRS_JSON EXPLICIT_TREES rings|trees|grow\n", argv[0]);
    return argc != 4;
}
