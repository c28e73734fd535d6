/* SPDX-License-Identifier: MIT */
/*
 * The resident memory of an object of two references and 16 bytes, while four million of them live in a
 * table, the table itself taken off: its header, what the allocator puts around it, and the collector's own
 * tables.
 *
 * usage: limits-resident [OBJECTS] [--json FILE] [--quick]
 */
#include <string.h>
#include <unistd.h>

#include "collectors/gc.h"
#include "tests/limits/report.h"
#include "tests/mutator.h"

static const struct gc_shape shapes[] = {
    {.name = "pair", .id = 0, .refs = 2, .payload = 16},
    {.name = "table", .id = 1, .flags = GC_SHAPE_REFS_VARY},
};

/* Counting on the block heap, which is meant to stay within the target. */
static const char *const on_block_heap[] = {"rc-block",        "rc-trial-block", "rc-backup-block",
                                            "rc-gcrefs-block", "rc-deferred",    "rc-coalescing"};
enum { TARGET_BYTES = 48 };

static double target_of(const char *collector)
{
    for (size_t i = 0; i < sizeof on_block_heap / sizeof *on_block_heap; i++) {
        if (strcmp(on_block_heap[i], collector) == 0)
            return TARGET_BYTES;
    }
    return 0;
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

/* A table of pairs in global 0, each of which refers to the one before it and to the table's first. */
static void table_make(struct gc_mutator *mutator, uint64_t count)
{
    struct gc_slot *table = gc_global(mutator, 0);
    struct gc_slot *pair = gc_global(mutator, 1);
    gc_local_new(mutator, table, &shapes[1], count);
    for (uint64_t i = 0; i < count; i++) {
        gc_local_new(mutator, pair, &shapes[0], 0);
        gc_field_set(mutator, gc_local_get(table), i, gc_local_get(pair));
        gc_field_set(mutator, gc_local_get(pair), 0,
                     gc_field_get(mutator, gc_local_get(table), i ? i - 1 : 0));
        gc_field_set(mutator, gc_local_get(pair), 1, gc_field_get(mutator, gc_local_get(table), 0));
    }
    gc_local_del(mutator, pair);
}

int main(int argc, char **argv)
{
    struct report report = report_open(&argc, argv);
    uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : report.quick ? 100000 : 4000000;
    uint32_t header = gc_collector.traits->header_bytes;
    struct gc_mutator *mutator = test_mutator_open(shapes, 2, 2, NULL);
    uint64_t before = resident_bytes();
    table_make(mutator, count);
    uint64_t table = gc_object_bytes(shapes, gc_local_get(gc_global(mutator, 0)).object);
    double each = (double)(resident_bytes() - before - table) / (double)count;
    struct figure resident = figure_once(each, "bytes", target_of(gc_collector.name));
    printf("%-17s %llu live objects of two references and 16 bytes, resident bytes of each: ",
           gc_collector.name, (unsigned long long)count);
    figure_print(resident);
    printf("; header %u\n", header);
    report_figure(&report, gc_collector.name, "RSS", resident);
    report_figure(&report, gc_collector.name, "HDR", figure_once(header, "bytes", 0));
    test_mutator_close(mutator);
    report_close(&report);
    return 0;
}
