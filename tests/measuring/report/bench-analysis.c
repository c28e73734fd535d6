/* SPDX-License-Identifier: MIT */
/*
 * The time and memory that one large run takes to analyse, from its folder to its tables. The budget is 2 s
 * of CPU time and 500 MB for 5,000 processes with 1,000,000 raw events. Past the budget the exit status is 1.
 * The budget is CPU time because a benchmark shares its machine; the wall time is printed beside it.
 *
 * usage: bench-analysis FOLDER
 */
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

#include "harness/report/tables.h"

static const double CPU_BUDGET = 2;      /* s */
static const double MEMORY_BUDGET = 500; /* MB */

struct clocks {
    double wall, cpu; /* s */
};

static struct clocks clocks_read(void)
{
    struct timespec wall, cpu;
    clock_gettime(CLOCK_MONOTONIC, &wall);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
    return (struct clocks){(double)wall.tv_sec + (double)wall.tv_nsec / 1e9,
                           (double)cpu.tv_sec + (double)cpu.tv_nsec / 1e9};
}

static struct clocks phase_print(const char *phase, struct clocks since)
{
    struct clocks now = clocks_read();
    printf("%-24s %6.2f s wall  %6.2f s CPU\n", phase, now.wall - since.wall, now.cpu - since.cpu);
    return now;
}

int main(int argc, char **argv)
{
    struct run run;
    struct tables tables;
    struct rusage usage;
    if (argc != 2 || run_open(&run, argv[1]) != 0) {
        fprintf(stderr, "usage: bench-analysis FOLDER, of a run\n");
        return 2;
    }
    struct clocks begin = {0}, now = clocks_read();
    printf("%zu processes, %zu cells, %zu blocks\n", run.store->row_count, run.cell_count, run.blocks);
    printf("%-24s %6s         %6.2f s CPU\n", "reading the rows", "", now.cpu);
    if (tables_make(&run, NULL, &tables) != 0)
        return 1;
    now = phase_print("tables", now);
    for (size_t i = 0; i < tables.set.count; i++)
        printf("  %-22s %8zu rows\n", tables.set.tables[i].name, tables.set.tables[i].rows);
    getrusage(RUSAGE_SELF, &usage);
    double cpu = now.cpu - begin.cpu, memory = (double)usage.ru_maxrss * 1024 / 1e6;
    printf("in all %.2f s of CPU time (budget %g), %.0f MB resident at most (budget %g)\n", cpu, CPU_BUDGET,
           memory, MEMORY_BUDGET);
    tables_fini(&tables);
    run_close(&run);
    return cpu > CPU_BUDGET || memory > MEMORY_BUDGET;
}
