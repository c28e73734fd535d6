/* SPDX-License-Identifier: MIT */
/*
 * Possible roots in a live cyclic graph of a million objects. A step takes and drops a reference to one of
 * them, which makes it a possible root, and lets one ring of two objects die. There are a hundred thousand
 * steps, and the garbage outstanding is read after each. The same program in the installed CPython
 * (suspects.py) takes turns.
 *
 * The figure is the ratio of the times of all passes together, because a trigger that lets a pass go by pays
 * in a later one. CPython begins each pass in a new process, with the graph just built.
 *
 * usage: limits-suspects SUSPECTS_PY [--json FILE] [--quick]
 */
#include "collectors/gc.h"
#include "tests/measuring/limits/report.h"
#include "tests/mutator.h"

enum { PASSES = 6 };

struct size {
    uint64_t nodes;
    uint64_t steps;
};

static const struct gc_shape shapes[] = {
    {.name = "node", .id = 0, .refs = 2},
    {.name = "table", .id = 1, .flags = GC_SHAPE_REFS_VARY},
};

/* The same numbers as in suspects.py. */
static uint64_t draw(uint64_t *state, uint64_t nodes)
{
    *state = (*state * 1664525 + 1013904223) & 0xffffffff;
    return *state % nodes;
}

static void graph_make(struct gc_mutator *mutator, uint64_t nodes, uint64_t *state)
{
    struct gc_slot *table = gc_global(mutator, 0);
    struct gc_slot *node = gc_global(mutator, 1);
    gc_local_new(mutator, table, &shapes[1], nodes);
    for (uint64_t i = 0; i < nodes; i++) {
        gc_local_new(mutator, node, &shapes[0], 0);
        gc_field_set(mutator, gc_local_get(table), i, gc_local_get(node));
    }
    for (uint64_t i = 0; i < nodes; i++) {
        struct gc_ref from = gc_field_get(mutator, gc_local_get(table), i);
        uint64_t other = draw(state, nodes);
        gc_field_set(mutator, from, 0, gc_field_get(mutator, gc_local_get(table), (i + 1) % nodes));
        gc_field_set(mutator, from, 1, gc_field_get(mutator, gc_local_get(table), other));
    }
    gc_local_del(mutator, node);
}

static void ring_make_and_drop(struct gc_mutator *mutator)
{
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    gc_local_new(mutator, &frame.slot[0], &shapes[0], 0);
    gc_local_new(mutator, &frame.slot[1], &shapes[0], 0);
    gc_field_set(mutator, gc_local_get(&frame.slot[0]), 0, gc_local_get(&frame.slot[1]));
    gc_field_set(mutator, gc_local_get(&frame.slot[1]), 0, gc_local_get(&frame.slot[0]));
    gc_frame_leave(mutator, frame);
}

/* ---- what is found ---- */

/* Counts the collections of a mutator. */
struct observer {
    struct gc_listener listener;
    uint64_t collections;
};

static void observer_pause(struct gc_listener *listener, const struct gc_pause *pause)
{
    struct observer *observer = (struct observer *)listener;
    observer->collections += pause->kind != GC_PAUSE_CASCADE;
}

struct found {
    double seconds[PASSES];
    double python[PASSES]; /* 0: there is no CPython */
    uint64_t most;         /* objects that were dead and held, in any pass */
};

static double sum(const double *values)
{
    double all = 0;
    for (int pass = 0; pass < PASSES; pass++)
        all += values[pass];
    return all;
}

/* Returns seconds; raises `most`. */
static double steps(struct gc_mutator *mutator, struct size size, uint64_t *state, uint64_t *most)
{
    uint64_t begin = gc_clock();
    for (uint64_t i = 0; i < size.steps; i++) {
        struct gc_frame frame = gc_frame_enter(mutator, 1);
        struct gc_ref table = gc_local_get(gc_global(mutator, 0));
        gc_local_set(mutator, &frame.slot[0], gc_field_get(mutator, table, draw(state, size.nodes)));
        gc_frame_leave(mutator, frame);
        ring_make_and_drop(mutator);
        uint64_t dead = gc_held_objects(mutator) - (size.nodes + 1);
        *most = dead > *most ? dead : *most;
    }
    return (double)(gc_clock() - begin) / 1e9;
}

static double cpython_seconds(const char *program, struct size size)
{
    char command[4096];
    double seconds = 0;
    snprintf(command, sizeof command, "python3 '%s' %llu %llu", program, (unsigned long long)size.nodes,
             (unsigned long long)size.steps);
    FILE *output = popen(command, "r");
    if (!output || fscanf(output, "%lf", &seconds) != 1)
        seconds = 0;
    if (output)
        pclose(output);
    return seconds;
}

/* The ratio of the totals, with the range of the passes' ratios. */
static struct figure ratio_of(const struct found *found)
{
    struct figure figure = figure_of_ratios(found->seconds, found->python, PASSES, 1);
    figure.value = sum(found->seconds) / sum(found->python);
    return figure;
}

static void found_report(const struct found *found, struct size size, uint64_t collections,
                         const struct report *report)
{
    struct figure garbage = figure_once((double)found->most / (double)size.nodes, "share", 0);
    printf("%-17s %d x %llu suspects over %llu live objects: %.3f s, %llu collections; at most %llu objects "
           "dead and held, ",
           gc_collector.name, PASSES, (unsigned long long)size.steps, (unsigned long long)size.nodes,
           sum(found->seconds), (unsigned long long)collections, (unsigned long long)found->most);
    figure_print(garbage);
    printf(" of those that live");
    report_figure(report, gc_collector.name, "SGA", garbage);
    if (sum(found->python) > 0) {
        printf("; CPython %.3f s, ", sum(found->python));
        figure_print(ratio_of(found));
        report_figure(report, gc_collector.name, "SCP", ratio_of(found));
    }
    printf("\n  passes, ms:");
    for (int pass = 0; pass < PASSES; pass++)
        printf(" %.1f", found->seconds[pass] * 1e3);
    putchar('\n');
}

int main(int argc, char **argv)
{
    struct report report = report_open(&argc, argv);
    struct size size = report.quick ? (struct size){10000, 5000} : (struct size){1000000, 100000};
    struct observer observer = {.listener.pause = observer_pause};
    struct found found = {0};
    uint64_t state = 1;
    struct gc_mutator *mutator = test_mutator_open(shapes, 2, 2, NULL);
    graph_make(mutator, size.nodes, &state);
    mutator->observer.listener = &observer.listener;
    for (int pass = 0; pass < PASSES; pass++) {
        found.seconds[pass] = steps(mutator, size, &state, &found.most);
        found.python[pass] = argc > 1 ? cpython_seconds(argv[1], size) : 0;
    }
    mutator->observer.listener = NULL;
    found_report(&found, size, observer.collections, &report);
    test_mutator_close(mutator);
    report_close(&report);
    return 0;
}
