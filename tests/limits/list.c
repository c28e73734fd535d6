/* SPDX-License-Identifier: MIT */
/*
 * A list of ten million nodes dropped at once, beside a hand-written loop that frees the same list on malloc,
 * in one process; and the resident memory of an object of two references and 16 bytes.
 *
 * usage: limits-list [NODES]
 */
#include <unistd.h>

#include "collectors/gc.h"
#include "tests/mutator.h"

enum { PASSES = 3 };

static const struct gc_shape shapes[] = {
    {.name = "node", .id = 0, .refs = 1, .payload = 8},
    {.name = "pair", .id = 1, .refs = 2, .payload = 16},
};

static double ns_each(uint64_t begin_ns, uint64_t count)
{
    return (double)(gc_clock() - begin_ns) / (double)count;
}

static double least(double a, double b)
{
    return a < b ? a : b;
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
static void list_make(struct gc_mutator *mutator, const struct gc_shape *shape, uint64_t count)
{
    struct gc_slot *list = gc_global(mutator, 0);
    struct gc_slot *node = gc_global(mutator, 1);
    for (uint64_t i = 0; i < count; i++) {
        gc_local_new(mutator, node, shape, 0);
        gc_field_set(mutator, gc_local_get(node), 0, gc_local_get(list));
        gc_local_move(mutator, list, node);
    }
}

/* A collector that does not free at once collects after the drop. */
static double drop_list(struct gc_mutator *mutator, uint64_t count)
{
    list_make(mutator, &shapes[0], count);
    uint64_t begin = gc_clock();
    gc_local_del(mutator, gc_global(mutator, 0));
    if (!gc_traits.frees_at_once)
        gc_collect(mutator, GC_COLLECT_FULL);
    return ns_each(begin, count);
}

static uint64_t resident_bytes(void)
{
    unsigned long long all = 0;
    unsigned long long resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%llu %llu", &all, &resident) != 2)
        exit(1);
    fclose(file);
    return resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

int main(int argc, char **argv)
{
    uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : 10000000;
    struct gc_mutator *mutator = test_mutator_open(shapes, 2, 2, NULL);
    uint64_t before = resident_bytes();
    list_make(mutator, &shapes[1], count);
    double resident = (double)(resident_bytes() - before) / (double)count;
    gc_local_del(mutator, gc_global(mutator, 0));
    gc_collect(mutator, GC_COLLECT_FULL);

    double dropped = drop_list(mutator, count);
    double by_hand = drop_by_hand(count);
    for (int pass = 1; pass < PASSES; pass++) {
        dropped = least(dropped, drop_list(mutator, count));
        by_hand = least(by_hand, drop_by_hand(count));
    }
    printf("%-17s list of %llu dropped: %6.2f ns/node, by hand %6.2f, %5.2f x (target 2);", gc_collector.name,
           (unsigned long long)count, dropped, by_hand, dropped / by_hand);
    printf("  resident %6.1f bytes/object (target 48)\n", resident);
    gc_collect(mutator, GC_COLLECT_FULL);
    bool none = gc_held_objects(mutator) == 0;
    test_mutator_close(mutator);
    if (!none)
        printf("Bail out! something is still held\n");
    return !none;
}
