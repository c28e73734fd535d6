/* SPDX-License-Identifier: MIT */
/*
 * The resident memory of an object of two references and 16 bytes, while four million of them live. It
 * includes the object's header, what the allocator puts around it, and the collector's own tables. The
 * objects form a chain; a second time, each stands in a table too, an array whose own references are taken
 * off. Each measurement has a process of its own, because an allocator keeps the memory that it once had.
 *
 * usage: limits-resident [OBJECTS] [--json FILE] [--quick]
 */
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collectors/gc.h"
#include "tests/measuring/limits/report.h"
#include "tests/mutator.h"

enum { PAIR, ARRAY, SHAPES };
static const struct gc_shape shapes[] = {
    {.name = "pair", .id = PAIR, .refs = 2, .payload = 16},
    {.name = "table", .id = ARRAY, .flags = GC_SHAPE_REFS_VARY},
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

/* The names: the object made last, the first, and the table. */
enum { LAST, FIRST, TABLE, GLOBALS };

/* Each refers to the one before it, and to the first. */
static void chain_make(struct gc_mutator *mutator, uint64_t count, bool in_table)
{
    struct gc_slot *last = gc_global(mutator, LAST);
    struct gc_slot *first = gc_global(mutator, FIRST);
    struct gc_slot *table = gc_global(mutator, TABLE);
    if (in_table)
        gc_local_new(mutator, table, &shapes[ARRAY], count);
    for (uint64_t i = 0; i < count; i++) {
        struct gc_frame frame = gc_frame_enter(mutator, 1);
        gc_local_new(mutator, &frame.slot[0], &shapes[PAIR], 0);
        if (i == 0)
            gc_local_set(mutator, first, gc_local_get(&frame.slot[0]));
        gc_field_set(mutator, gc_local_get(&frame.slot[0]), 0, gc_local_get(last));
        gc_field_set(mutator, gc_local_get(&frame.slot[0]), 1, gc_local_get(first));
        if (in_table)
            gc_field_set(mutator, gc_local_get(table), i, gc_local_get(&frame.slot[0]));
        gc_local_set(mutator, last, gc_local_get(&frame.slot[0]));
        gc_frame_leave(mutator, frame);
    }
    gc_local_del(mutator, first);
}

/* Bytes that each object has taken, in a mutator of its own. */
static double bytes_of_each(uint64_t count, bool in_table)
{
    struct gc_mutator *mutator = test_mutator_open(shapes, SHAPES, GLOBALS, NULL);
    uint64_t before = resident_bytes();
    chain_make(mutator, count, in_table);
    uint64_t taken = resident_bytes() - before;
    test_mutator_close(mutator);
    return (double)taken / (double)count - (in_table ? sizeof(struct gc_ref) : 0);
}

__attribute__((noreturn)) static void child_failed(void)
{
    fprintf(stderr, "%s: the process that makes the objects failed\n", gc_collector.name);
    exit(1);
}

static double bytes_in_process(uint64_t count, bool in_table)
{
    int ends[2];
    int status;
    double each;
    pid_t child = pipe(ends) < 0 ? -1 : fork();
    if (child < 0)
        child_failed();
    if (child == 0) {
        each = bytes_of_each(count, in_table);
        _exit(write(ends[1], &each, sizeof each) != sizeof each);
    }
    close(ends[1]);
    bool told = read(ends[0], &each, sizeof each) == sizeof each;
    close(ends[0]);
    if (waitpid(child, &status, 0) != child || status != 0 || !told)
        child_failed();
    return each;
}

static void measure(const struct report *report, const char *code, uint64_t count, bool in_table)
{
    struct figure resident =
        figure_once(bytes_in_process(count, in_table), "bytes", target_of(gc_collector.name));
    printf("%-17s %llu live objects of two references and 16 bytes in a %s, resident bytes of each: ",
           gc_collector.name, (unsigned long long)count, in_table ? "table" : "chain");
    figure_print(resident);
    putchar('\n');
    fflush(stdout);
    report_figure(report, gc_collector.name, code, resident);
}

int main(int argc, char **argv)
{
    struct report report = report_open(&argc, argv);
    uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : report.quick ? 100000 : 4000000;
    uint32_t header = gc_collector.traits->header_bytes;
    measure(&report, "RSS", count, false);
    measure(&report, "RST", count, true);
    printf("%-17s header %u\n", gc_collector.name, header);
    report_figure(&report, gc_collector.name, "HDR", figure_once(header, "bytes", 0));
    report_close(&report);
    return 0;
}
