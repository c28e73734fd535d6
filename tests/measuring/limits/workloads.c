/* SPDX-License-Identifier: MIT */
/*
 * Whole workloads at their limits. The figures come from the processor time and the pauses in the records of
 * the pairs, which run by turns:
 *
 *      rings      five million rings of two objects, against `rc` where the program cuts each ring by hand
 *      trees      binary-trees of depth 18, against malloc and free by hand
 *      grow       how the time spent collecting grows with the live set: the exponent of a fitted power
 *      triggers   each trigger that adapts, against the naive one of the same collector
 *
 * usage: limits-workloads PAIRS_JSON EXPLICIT_TREES rings|trees|grow|triggers [--json FILE] [--quick]
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collectors/mutator.h"
#include "tests/measuring/limits/floor-memory.h"
#include "tests/measuring/limits/report.h"
#include "tests/support/pairs.h"

enum { TURNS_MOST = 5, SIZES = 5 };

/* What every mode is given. */
struct run {
    const char *pairs_json;
    const char *explicit_trees;
    struct report report;
    size_t turns;
};

static json_t *record_of(const struct pair *pair, const char *workload_options, const char *collector_options)
{
    struct process process =
        pair_run(pair, (const char *const[]){"--workload-options", workload_options, "--collector-options",
                                             collector_options, NULL});
    json_t *record = process.status == 0 ? json_read(process.out) : NULL;
    if (!record) {
        fprintf(stderr, "%s: exit status %d: %s", pair->name, process.status, process.err);
        exit(1);
    }
    process_free(&process);
    return record;
}

static double processor_ms(const json_t *record)
{
    return (double)(json_number(record, "user_ns") + json_number(record, "sys_ns")) / 1e6;
}

/* In collections: cascades are counting's own. */
static double collecting_ms(const json_t *record)
{
    return (double)json_number(json_object_get(record, "pauses_without_cascades"), "total_ns") / 1e6;
}

static double run_ms(const struct pair *pair, const char *options)
{
    json_t *record = record_of(pair, options, "");
    double ms = processor_ms(record);
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
static void ratio_report(const struct run *run, const char *collector, const char *code, const double *first,
                         const double *second, double target)
{
    struct figure figure = figure_of_ratios(first, second, run->turns, target);
    printf("  %-18s %9.1f ms %9.1f ms  ", collector, median_of(first, run->turns),
           median_of(second, run->turns));
    figure_print(figure);
    putchar('\n');
    fflush(stdout);
    report_figure(&run->report, collector, code, figure);
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

static void rings(const struct run *run)
{
    struct pairs pairs = pairs_load(run->pairs_json, "rings");
    const struct pair *baseline = of(&pairs, "rc");
    char options[64];
    char cut[80];
    snprintf(options, sizeof options, "count=%s,size=2,live=0,cyclic=1", run->report.quick ? "1e4" : "5e6");
    snprintf(cut, sizeof cut, "%s,cut=on", options);
    printf("rings with %s, against `rc` with each cut by hand\n", options);
    for (size_t i = 0; i < pairs.count; i++) {
        const struct pair *pair = &pairs.pairs[i];
        double first[TURNS_MOST];
        double second[TURNS_MOST];
        if (!pair_is(pair, "reclaims_cycles") || pair_is(pair, "observes"))
            continue;
        for (size_t turn = 0; turn < run->turns; turn++) {
            first[turn] = run_ms(pair, options);
            second[turn] = run_ms(baseline, cut);
        }
        ratio_report(run, pair->collector, "RCU", first, second,
                     strncmp(pair->collector, "rc-trial", 8) == 0 ? 2 : 0);
    }
}

static void trees(const struct run *run)
{
    static const struct {
        const char *collector;
        double target;
    } rows[] = {{"rc", 1.3}, {"rc-block", 0.9}, {"leak", 0}, {"mark-sweep-block", 0}, {"semispace", 0}};
    struct pairs pairs = pairs_load(run->pairs_json, "binary-trees");
    const char *depth = run->report.quick ? "10" : "18";
    char options[32];
    snprintf(options, sizeof options, "depth=%s", depth);
    printf("binary-trees of depth %s, against malloc and free by hand\n", depth);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct pair *pair = of(&pairs, rows[i].collector);
        double first[TURNS_MOST];
        double second[TURNS_MOST];
        for (size_t turn = 0; turn < run->turns; turn++) {
            first[turn] = run_ms(pair, options);
            second[turn] = by_hand_ms(run->explicit_trees, depth);
        }
        ratio_report(run, pair->collector, "TRE", first, second, rows[i].target);
    }
}

/* ---- growth ---- */

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

/* A container of the structure of `grow`, and its child behind it. */
struct container {
    uint64_t mark;
    uint64_t *child;
    uint64_t child_mark;
    uint64_t payload;
};

/* Marks the first `count` by hand, with prefetch; `mark` is another one each time. */
static void floor_mark(struct container *const *table, uint64_t count, uint64_t mark)
{
    enum { AHEAD = 16 };
    for (uint64_t i = 0; i < count; i++) {
        if (i + AHEAD < count)
            __builtin_prefetch(table[i + AHEAD], 1);
        if (table[i]->mark == mark)
            continue;
        table[i]->mark = mark;
        *table[i]->child = mark;
    }
}

/* Milliseconds for marking a structure of `nodes` in plain memory each time that it has doubled: what the
 * memory alone makes of a larger heap. */
static double floor_ms(uint64_t nodes)
{
    struct container *containers = floor_memory(nodes * sizeof *containers);
    struct container **table = floor_memory(nodes * sizeof(struct container *));
    for (uint64_t i = 0; i < nodes; i++) {
        containers[i].child = &containers[i].child_mark;
        table[i] = &containers[i];
    }
    uint64_t begin = gc_clock();
    for (uint64_t doublings = 6, mark = 1; doublings-- > 0; mark++)
        floor_mark(table, nodes >> doublings, mark);
    double ms = (double)(gc_clock() - begin) / 1e6;
    free(table);
    free(containers);
    return ms;
}

static double floor_exponent(uint64_t smallest)
{
    double ms[SIZES];
    for (int size = 0; size < SIZES; size++)
        ms[size] = floor_ms(smallest << size);
    return exponent(ms);
}

/* Milliseconds in collections at each size; false: at the smallest there was none. */
static bool grow_turn(const struct pair *pair, uint64_t smallest, double ret_ms[SIZES],
                      double ret_visited[SIZES])
{
    for (int size = 0; size < SIZES; size++) {
        char options[64];
        snprintf(options, sizeof options, "nodes=%llu", (unsigned long long)smallest << size);
        json_t *record = record_of(pair, options, "");
        ret_ms[size] = collecting_ms(record);
        ret_visited[size] = (double)json_number(record, "visited_objects");
        json_decref(record);
    }
    return ret_ms[0] > 0;
}

static void grow_pair(const struct run *run, const struct pair *pair)
{
    enum { TURNS = 3 };
    double ms[TURNS][SIZES];
    double visited[SIZES]; /* the same each turn */
    double exponents[TURNS];
    double floors[TURNS];
    uint64_t smallest = run->report.quick ? 5000 : 1000000;
    bool collected = true;
    for (int turn = 0; turn < TURNS && collected; turn++) {
        collected = grow_turn(pair, smallest, ms[turn], visited);
        floors[turn] = floor_exponent(smallest);
        exponents[turn] = collected ? exponent(ms[turn]) : NAN;
    }
    printf("  %-18s", pair->collector);
    if (!collected) {
        puts(" no collection");
        return;
    }
    for (int size = 0; size < SIZES; size++)
        printf(" %9.1f", median_of((double[]){ms[0][size], ms[1][size], ms[2][size]}, TURNS));
    struct figure figure = figure_of_turns(exponents, TURNS, "exponent", 1.05);
    printf("  exponent ");
    figure_print(figure);
    report_figure(&run->report, pair->collector, "GEX", figure);
    figure = figure_of_turns(floors, TURNS, "exponent", 0);
    printf("; of marking by hand ");
    figure_print(figure);
    report_figure(&run->report, pair->collector, "GFX", figure);
    if (visited[0] > 0) {
        figure = figure_once(exponent(visited), "exponent", 1.05);
        printf("; of objects visited ");
        figure_print(figure);
        report_figure(&run->report, pair->collector, "GVX", figure);
    }
    putchar('\n');
    fflush(stdout);
}

static void grow(const struct run *run)
{
    struct pairs pairs = pairs_load(run->pairs_json, "grow");
    puts("grow at 1, 2, 4, 8 and 16 million objects: milliseconds spent collecting, medians");
    for (size_t i = 0; i < pairs.count; i++) {
        if (pair_is(&pairs.pairs[i], "reclaims_cycles") && !pair_is(&pairs.pairs[i], "observes"))
            grow_pair(run, &pairs.pairs[i]);
    }
}

/* ---- triggers ---- */

/* The options that make a collector's trigger the naive one. Other collectors' triggers are proportional. */
static const struct {
    const char *collector;
    const char *naive;
} triggers_table[] = {
    {"rc-trial", "share=0"},
    {"rc-trial-block", "share=0"},
    {"rc-gcrefs", "share=0"},
    {"rc-gcrefs-block", "share=0,threshold2=10"},
};

/* Modest: a naive trigger is quadratic. The code has a third letter: C collecting, P processor, H heap. */
static const struct {
    const char *workload;
    const char *options;
    const char *quick;
    const char *code;
} floods[] = {
    {"grow", "nodes=1e6", "nodes=2e4", "TG"},
    {"live-hub", "live=2e5,steps=6e5", "live=1e3,steps=2e4", "TH"},
    {"acyclic-flood", "passes=200", "leaves=2e4,passes=5", "TF"},
};

/* Of one side, turn by turn. */
struct trigger_times {
    double collecting_ms[TURNS_MOST];
    double processor_ms[TURNS_MOST];
    double heap_bytes[TURNS_MOST]; /* at most: what lived, and the garbage that was held beside it */
    json_int_t collections;        /* of the last turn */
};

static void trigger_turn(const struct pair *pair, const char *options, const char *trigger, size_t turn,
                         struct trigger_times *times)
{
    json_t *record = record_of(pair, options, trigger);
    times->collecting_ms[turn] = collecting_ms(record);
    times->processor_ms[turn] = processor_ms(record);
    times->heap_bytes[turn] = (double)json_number(record, "heap_peak_bytes");
    times->collections = json_number(record, "collections");
    json_decref(record);
}

static void trigger_ratio(const struct run *run, const char *collector, const char *flood, char what,
                          const double *adapting, const double *naive)
{
    char code[8];
    snprintf(code, sizeof code, "%s%c", flood, what);
    if (!(median_of(naive, run->turns) > 0)) {
        printf(" n/a");
        return;
    }
    struct figure figure = figure_of_ratios(adapting, naive, run->turns, 0);
    figure_print(figure);
    report_figure(&run->report, collector, code, figure);
}

static void trigger_print(const struct trigger_times *times, size_t turns)
{
    printf("%9.1f ms collecting %9.1f ms in all %6lld collections %6.1f MB",
           median_of(times->collecting_ms, turns), median_of(times->processor_ms, turns),
           (long long)times->collections, median_of(times->heap_bytes, turns) / 1e6);
}

static void trigger_pair(const struct run *run, const struct pair *pair, const char *naive_options,
                         const char *options, const char *code)
{
    struct trigger_times adapting = {0};
    struct trigger_times naive = {0};
    for (size_t turn = 0; turn < run->turns; turn++) {
        trigger_turn(pair, options, "", turn, &adapting);
        trigger_turn(pair, options, naive_options, turn, &naive);
    }
    printf("  %-16s %-12s", pair->collector, "");
    trigger_print(&adapting, run->turns);
    printf("\n  %-16s %-12s", "", naive_options);
    trigger_print(&naive, run->turns);
    printf("\n  %-29s", "");
    trigger_ratio(run, pair->collector, code, 'C', adapting.collecting_ms, naive.collecting_ms);
    printf(" collecting; ");
    trigger_ratio(run, pair->collector, code, 'P', adapting.processor_ms, naive.processor_ms);
    printf(" in all; ");
    trigger_ratio(run, pair->collector, code, 'H', adapting.heap_bytes, naive.heap_bytes);
    puts(" largest heap");
    fflush(stdout);
}

static void triggers(const struct run *run)
{
    for (size_t i = 0; i < sizeof floods / sizeof *floods; i++) {
        struct pairs pairs = pairs_load(run->pairs_json, floods[i].workload);
        const char *options = run->report.quick ? floods[i].quick : floods[i].options;
        printf("%s with %s: the trigger as it is, the naive one, and their ratio\n", floods[i].workload,
               options);
        for (size_t j = 0; j < sizeof triggers_table / sizeof *triggers_table; j++)
            trigger_pair(run, of(&pairs, triggers_table[j].collector), triggers_table[j].naive, options,
                         floods[i].code);
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(const struct run *);
    } modes[] = {{"rings", rings}, {"trees", trees}, {"grow", grow}, {"triggers", triggers}};
    struct run run = {.report = report_open(&argc, argv)};
    run.turns = run.report.quick ? 2 : TURNS_MOST;
    for (size_t i = 0; argc == 4 && i < sizeof modes / sizeof *modes; i++) {
        if (strcmp(argv[3], modes[i].name) != 0)
            continue;
        run.pairs_json = argv[1];
        run.explicit_trees = argv[2];
        modes[i].run(&run);
        report_close(&run.report);
        return 0;
    }
    fprintf(stderr, "usage: %s PAIRS_JSON EXPLICIT_TREES rings|trees|grow|triggers [--json FILE] [--quick]\n",
            argv[0]);
    return 1;
}
