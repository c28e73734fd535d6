/* SPDX-License-Identifier: MIT */
/*
 * The cost of a full collection of a large cyclic graph, linked at random. The cost is per object, while the
 * graph lives and once it is dropped. Floors stand beside it, measured in the same process over the same
 * graph in plain memory. A collection of the live graph and its floor take turns.
 *
 * An object has 48 bytes: a header, 3 references, of which 2 or 3 are set, and 16 bytes. The first references
 * form one cycle through all objects in random order, so that one name keeps everything alive. The others
 * lead anywhere.
 *
 * usage: limits-graph [OBJECTS [COLLECTOR_OPTIONS]] [--json FILE] [--quick]
 */
#include <string.h>

#include "base/random.h"
#include "collectors/gc.h"
#include "tests/measuring/limits/floor-memory.h"
#include "tests/measuring/limits/report.h"
#include "tests/mutator.h"

enum { REFS = 3, TURNS = 5, RING = 32 };

static const struct gc_shape shapes[] = {
    {.name = "node", .id = 0, .refs = REFS, .payload = 16},
    {.name = "table", .id = 1, .flags = GC_SHAPE_REFS_VARY},
};

/* ---- the links, the same for the heap and for the floors ---- */

struct links {
    uint64_t count;
    uint32_t *order;              /* the cycle */
    uint32_t (*others)[REFS - 1]; /* UINT32_MAX: none */
};

static struct links links_make(uint64_t count)
{
    struct links links = {count, malloc(count * sizeof *links.order), malloc(count * sizeof *links.others)};
    struct random_state random;
    random_seed(&random, 1);
    if (!links.order || !links.others)
        exit(1);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t j = random_below(&random, i + 1);
        links.order[i] = links.order[j];
        links.order[j] = (uint32_t)i;
        links.others[i][0] = (uint32_t)random_below(&random, count);
        links.others[i][1] = i % 2 ? (uint32_t)random_below(&random, count) : UINT32_MAX;
    }
    return links;
}

/* ---- floors: the same graph without a collector ---- */

struct node {
    uint64_t mark;
    struct node *refs[REFS];
    uint64_t payload[2];
};

static struct node *nodes_make(const struct links *links)
{
    struct node *nodes = floor_memory(links->count * sizeof *nodes);
    for (uint64_t i = 0; i < links->count; i++) {
        nodes[links->order[i]].refs[0] = &nodes[links->order[(i + 1) % links->count]];
        for (int j = 1; j < REFS; j++) {
            uint32_t other = links->others[i][j - 1];
            nodes[i].refs[j] = other == UINT32_MAX ? NULL : &nodes[other];
        }
    }
    return nodes;
}

static double ns_each(uint64_t begin_ns, uint64_t count)
{
    return (double)(gc_clock() - begin_ns) / (double)count;
}

static double floor_sequential(struct node *nodes, uint64_t count)
{
    uint64_t begin = gc_clock();
    for (uint64_t i = 0; i < count; i++)
        nodes[i].mark++;
    return ns_each(begin, count);
}

static double floor_chase(struct node *nodes, uint64_t count)
{
    uint64_t begin = gc_clock();
    struct node *node = nodes;
    for (uint64_t i = 0; i < count; i++) {
        node->mark++;
        node = node->refs[0];
    }
    return ns_each(begin, count);
}

/* Depth first with a ring of prefetches in front of the stack, by hand. */
static double floor_mark(struct node *nodes, uint64_t count, uint64_t mark)
{
    struct node **stack = floor_memory(count * REFS * sizeof *stack);
    struct node *ring[RING];
    uint64_t depth = 0;
    uint64_t entered = 0;
    uint64_t taken = 0;
    uint64_t begin = gc_clock();
    stack[depth++] = nodes;
    for (;;) {
        while (entered - taken < RING && depth > 0) {
            __builtin_prefetch(stack[--depth], 1);
            ring[entered++ % RING] = stack[depth];
        }
        if (entered == taken)
            break;
        struct node *node = ring[taken++ % RING];
        if (node->mark == mark)
            continue;
        node->mark = mark;
        for (int j = 0; j < REFS; j++) {
            if (node->refs[j])
                stack[depth++] = node->refs[j];
        }
    }
    double each = ns_each(begin, count);
    free(stack);
    return each;
}

static double floor_free(uint64_t count)
{
    void **blocks = malloc(count * sizeof *blocks);
    if (!blocks)
        exit(1);
    for (uint64_t i = 0; i < count; i++)
        blocks[i] = malloc(sizeof(struct node));
    uint64_t begin = gc_clock();
    for (uint64_t i = 0; i < count; i++)
        free(blocks[i]);
    double each = ns_each(begin, count);
    free(blocks);
    return each;
}

/* Those that nothing is held to. */
static void print_other_floors(struct node *nodes, uint64_t count)
{
    floor_sequential(nodes, count);
    printf("  floors: touched in sequence %.1f, chased %.1f, freed by hand %.1f ns/object\n",
           floor_sequential(nodes, count), floor_chase(nodes, count), floor_free(count));
}

/* ---- the same graph in the heap ---- */

static struct gc_ref at(struct gc_mutator *mutator, uint64_t index)
{
    return gc_field_get(mutator, gc_local_get(gc_global(mutator, 1)), index);
}

/* Leaves the graph to global 0 alone. */
static void graph_make(struct gc_mutator *mutator, const struct links *links)
{
    struct gc_slot *root = gc_global(mutator, 0);
    struct gc_slot *table = gc_global(mutator, 1);
    gc_local_new(mutator, table, &shapes[1], links->count);
    for (uint64_t i = 0; i < links->count; i++) {
        gc_local_new(mutator, root, &shapes[0], 0);
        gc_field_set(mutator, gc_local_get(table), i, gc_local_get(root));
    }
    for (uint64_t i = 0; i < links->count; i++) {
        uint32_t from = links->order[i];
        gc_field_set(mutator, at(mutator, from), 0, at(mutator, links->order[(i + 1) % links->count]));
        for (int j = 1; j < REFS; j++) {
            if (links->others[i][j - 1] != UINT32_MAX)
                gc_field_set(mutator, at(mutator, i), (uint64_t)j, at(mutator, links->others[i][j - 1]));
        }
    }
    gc_local_set(mutator, root, at(mutator, 0));
    gc_local_del(mutator, table);
    gc_collect(mutator, GC_COLLECT_FULL);
}

/* A full collection after one reference into the graph was taken and dropped, so that counting collectors
 * suspect it. */
static double collect_live(struct gc_mutator *mutator, uint64_t count)
{
    gc_local_set(mutator, gc_global(mutator, 1), gc_local_get(gc_global(mutator, 0)));
    gc_local_del(mutator, gc_global(mutator, 1));
    uint64_t begin = gc_clock();
    gc_collect(mutator, GC_COLLECT_FULL);
    return ns_each(begin, count);
}

static double collect_dropped(struct gc_mutator *mutator, uint64_t count)
{
    uint64_t begin = gc_clock();
    gc_local_del(mutator, gc_global(mutator, 0));
    gc_collect(mutator, GC_COLLECT_FULL);
    return ns_each(begin, count);
}

/* ---- what is found ---- */

struct found {
    double live[TURNS];   /* ns/object */
    double marked[TURNS]; /* by the floor, in the same turn */
    double dropped;
};

static struct found found_take(struct gc_mutator *mutator, struct node *nodes, uint64_t count)
{
    struct found found;
    for (uint64_t turn = 0; turn < TURNS; turn++) {
        found.live[turn] = collect_live(mutator, count);
        found.marked[turn] = floor_mark(nodes, count, (uint64_t)1 << (32 + turn));
    }
    return found;
}

/* What is wanted of the engineered collectors: of a full collection alive, over the mark loop; 0: nothing. */
static double live_target(const char *collector)
{
    static const struct {
        const char *collector;
        double target;
    } targets[] = {
        {"mark-sweep-block", 1.3}, {"rc-backup-block", 1.3}, {"rc-gcrefs-block", 2}, {"rc-trial-block", 2.5}};
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        if (strcmp(collector, targets[i].collector) == 0)
            return targets[i].target;
    }
    return 0;
}

static void found_report(const struct found *found, const struct report *report)
{
    double marked = median_of(found->marked, TURNS);
    double target = live_target(gc_collector.name);
    struct figure live = figure_of_ratios(found->live, found->marked, TURNS, target);
    struct figure dropped = figure_once(found->dropped / marked, "ratio", target > 0 ? 2.5 : 0);
    printf("  mark loop with prefetch %.1f ns/object; full collection: alive %.1f ns/object, ", marked,
           median_of(found->live, TURNS));
    figure_print(live);
    printf("; dropped %.1f ns/object, ", found->dropped);
    figure_print(dropped);
    putchar('\n');
    report_figure(report, gc_collector.name, "GLV", live);
    report_figure(report, gc_collector.name, "GDR", dropped);
}

int main(int argc, char **argv)
{
    struct report report = report_open(&argc, argv);
    struct links links = links_make(argc > 1 ? strtoull(argv[1], NULL, 10) : report.quick ? 20000 : 4000000);
    struct gc_mutator *mutator = test_mutator_open(shapes, 2, 2, argc > 2 ? argv[2] : NULL);
    struct node *nodes = nodes_make(&links);
    graph_make(mutator, &links);
    printf("%s: %llu objects of 48 bytes, linked at random; %u bytes of header\n", gc_collector.name,
           (unsigned long long)links.count, gc_collector.traits->header_bytes);
    struct found found = found_take(mutator, nodes, links.count);
    uint64_t held = gc_held_objects(mutator);
    found.dropped = collect_dropped(mutator, links.count);
    bool all = held == links.count && gc_held_objects(mutator) == 0;
    print_other_floors(nodes, links.count);
    test_mutator_close(mutator);
    if (all)
        found_report(&found, &report);
    else
        printf("Bail out! the collector held %llu and freed the wrong number\n", (unsigned long long)held);
    report_close(&report);
    return !all;
}
