/* SPDX-License-Identifier: MIT */
/*
 * A list of ten million nodes is dropped at once. Beside it a hand-written loop frees the same list on
 * malloc, in the same process, by turns.
 *
 * usage: limits-list [NODES] [--json FILE] [--quick]
 */
#include "collectors/gc.h"
#include "tests/measuring/limits/report.h"
#include "tests/mutator.h"

enum { TURNS = 5 };

static const struct gc_shape shapes[] = {{.name = "node", .id = 0, .refs = 1, .payload = 8}};

static double ns_each(uint64_t begin_ns, uint64_t count)
{
    return (double)(gc_clock() - begin_ns) / (double)count;
}

/* ---- by hand ---- */

struct node {
    uint64_t header;
    struct node *next;
    uint64_t payload;
};

static double drop_by_hand(uint64_t count)
{
    struct node *list = NULL;
    for (uint64_t i = 0; i < count; i++) {
        struct node *node = malloc(sizeof *node);
        if (!node)
            exit(1);
        *node = (struct node){.next = list};
        list = node;
    }
    uint64_t begin = gc_clock();
    while (list) {
        struct node *dead = list;
        list = dead->next;
        free(dead);
    }
    return ns_each(begin, count);
}

/* ---- under the collector ---- */

/* A list in global 0. */
static void list_make(struct gc_mutator *mutator, uint64_t count)
{
    struct gc_slot *list = gc_global(mutator, 0);
    struct gc_slot *node = gc_global(mutator, 1);
    for (uint64_t i = 0; i < count; i++) {
        gc_local_new(mutator, node, &shapes[0], 0);
        gc_field_set(mutator, gc_local_get(node), 0, gc_local_get(list));
        gc_local_move(mutator, list, node);
    }
}

/* A collector that does not free at once collects after the drop. */
static double drop_list(struct gc_mutator *mutator, uint64_t count)
{
    list_make(mutator, count);
    uint64_t begin = gc_clock();
    gc_local_del(mutator, gc_global(mutator, 0));
    if (!gc_traits.frees_at_once)
        gc_collect(mutator, GC_COLLECT_FULL);
    return ns_each(begin, count);
}

int main(int argc, char **argv)
{
    struct report report = report_open(&argc, argv);
    uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : report.quick ? 20000 : 10000000;
    struct gc_mutator *mutator = test_mutator_open(shapes, 1, 2, NULL);
    double dropped[TURNS];
    double by_hand[TURNS];
    for (int turn = 0; turn < TURNS; turn++) {
        dropped[turn] = drop_list(mutator, count);
        by_hand[turn] = drop_by_hand(count);
    }
    struct figure figure = figure_of_ratios(dropped, by_hand, TURNS, 2);
    printf("%-17s list of %llu dropped: %6.2f ns/node, by hand %6.2f, ", gc_collector.name,
           (unsigned long long)count, median_of(dropped, TURNS), median_of(by_hand, TURNS));
    figure_print(figure);
    putchar('\n');
    gc_collect(mutator, GC_COLLECT_FULL);
    bool none = gc_held_objects(mutator) == 0;
    test_mutator_close(mutator);
    if (none)
        report_figure(&report, gc_collector.name, "LFR", figure);
    else
        printf("Bail out! something is still held\n");
    report_close(&report);
    return !none;
}
