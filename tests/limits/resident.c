/* SPDX-License-Identifier: MIT */
/*
 * The resident memory of an object of two references and 16 bytes, while four million of them live in a
 * chain: its header, what the allocator puts around it, and the collector's own tables. Not in a table:
 * rc-coalescing logs a dirty one whole, which would be a word more for each object.
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

/* Each refers to the one before it, and to the first; global 0 is the last. */
static void chain_make(struct gc_mutator *mutator, uint64_t count)
{
    struct gc_slot *last = gc_global(mutator, 0);
    struct gc_slot *first = gc_global(mutator, 1);
    gc_local_new(mutator, first, &shapes[0], 0);
    gc_local_set(mutator, last, gc_local_get(first));
    for (uint64_t i = 1; i < count; i++) {
        struct gc_frame frame = gc_frame_enter(mutator, 1);
        gc_local_new(mutator, &frame.slot[0], &shapes[0], 0);
        gc_field_set(mutator, gc_local_get(&frame.slot[0]), 0, gc_local_get(last));
        gc_field_set(mutator, gc_local_get(&frame.slot[0]), 1, gc_local_get(first));
        gc_local_set(mutator, last, gc_local_get(&frame.slot[0]));
        gc_frame_leave(mutator, frame);
    }
    gc_local_del(mutator, first);
}

int main(int argc, char **argv)
{
    struct report report = report_open(&argc, argv);
    uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : report.quick ? 100000 : 4000000;
    uint32_t header = gc_collector.traits->header_bytes;
    struct gc_mutator *mutator = test_mutator_open(shapes, 1, 2, NULL);
    uint64_t before = resident_bytes();
    chain_make(mutator, count);
    double each = (double)(resident_bytes() - before) / (double)count;
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
