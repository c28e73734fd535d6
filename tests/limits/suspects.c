/* SPDX-License-Identifier: MIT */
/*
 * A live cyclic graph of a million objects; a hundred thousand times a reference to one of them is taken and
 * dropped, which makes it a possible root, and one ring of two objects dies. The same program in the
 * installed CPython (suspects.py) runs by turns with it; and the garbage outstanding is looked at after each
 * step.
 *
 * usage: limits-suspects SUSPECTS_PY
 */
#include "collectors/gc.h"
#include "tests/mutator.h"

enum { NODES = 1000000, STEPS = 100000, PASSES = 3 };

static const struct gc_shape shapes[] = {
    {.name = "node", .id = 0, .refs = 2},
    {.name = "table", .id = 1, .flags = GC_SHAPE_REFS_VARY},
};

/* The same numbers as in suspects.py. */
static uint64_t draw(uint64_t *state)
{
    *state = (*state * 1664525 + 1013904223) & 0xffffffff;
    return *state % NODES;
}

static void graph_make(struct gc_mutator *mutator, uint64_t *state)
{
    struct gc_slot *table = gc_global(mutator, 0);
    struct gc_slot *node = gc_global(mutator, 1);
    gc_local_new(mutator, table, &shapes[1], NODES);
    for (uint64_t i = 0; i < NODES; i++) {
        gc_local_new(mutator, node, &shapes[0], 0);
        gc_field_set(mutator, gc_local_get(table), i, gc_local_get(node));
    }
    for (uint64_t i = 0; i < NODES; i++) {
        struct gc_ref from = gc_field_get(mutator, gc_local_get(table), i);
        uint64_t other = draw(state);
        gc_field_set(mutator, from, 0, gc_field_get(mutator, gc_local_get(table), (i + 1) % NODES));
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

/* Seconds; `ret_most` is the most objects that were held dead. */
static double steps(struct gc_mutator *mutator, uint64_t *state, uint64_t *ret_most)
{
    uint64_t begin = gc_clock();
    *ret_most = 0;
    for (uint64_t i = 0; i < STEPS; i++) {
        struct gc_frame frame = gc_frame_enter(mutator, 1);
        struct gc_ref table = gc_local_get(gc_global(mutator, 0));
        gc_local_set(mutator, &frame.slot[0], gc_field_get(mutator, table, draw(state)));
        gc_frame_leave(mutator, frame);
        ring_make_and_drop(mutator);
        uint64_t dead = gc_held_objects(mutator) - (NODES + 1);
        *ret_most = dead > *ret_most ? dead : *ret_most;
    }
    return (double)(gc_clock() - begin) / 1e9;
}

static double cpython_seconds(const char *program)
{
    char command[4096];
    double seconds = 0;
    snprintf(command, sizeof command, "python3 '%s' %d %d", program, NODES, STEPS);
    FILE *output = popen(command, "r");
    if (!output || fscanf(output, "%lf", &seconds) != 1)
        seconds = 0;
    if (output)
        pclose(output);
    return seconds;
}

int main(int argc, char **argv)
{
    uint64_t state = 1;
    struct gc_mutator *mutator = test_mutator_open(shapes, 2, 2, NULL);
    double best = 0;
    double python = 0;
    uint64_t most = 0;
    graph_make(mutator, &state);
    for (int pass = 0; pass < PASSES; pass++) {
        uint64_t dead;
        double seconds = steps(mutator, &state, &dead);
        double other = argc > 1 ? cpython_seconds(argv[1]) : 0;
        best = pass == 0 || seconds < best ? seconds : best;
        python = pass == 0 || other < python ? other : python;
        most = dead > most ? dead : most;
    }
    printf("%-17s %d suspects over %d live objects: %.3f s; at most %llu objects dead and held",
           gc_collector.name, STEPS, NODES, best, (unsigned long long)most);
    if (python > 0)
        printf("; CPython %.3f s, %.2f x (target 1)", python, best / python);
    putchar('\n');
    test_mutator_close(mutator);
    return 0;
}
