/* SPDX-License-Identifier: MIT */
#include "harness/report/tables-parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "harness/report/tables-cell.h"

#define UNCOUNTED "where it was not counted"

static const struct dictionary_column parts_columns[] = {
    TABLES_GROUPED_CELL_COLUMNS,
    COLUMN_NUMBER("wall_ns", "ns", "mean wall time of the workload over the middle half of the processes",
                  NULL),
    COLUMN_NUMBER("mutator_ns", "ns", "user time of the program", NULL),
    COLUMN_NUMBER("collecting_ns", "ns", "user time of collections and their slices", NULL),
    COLUMN_NUMBER("cascades_ns", "ns", "user time of timed cascades", NULL),
    COLUMN_NUMBER("kernel_mutator_ns", "ns", "system time of the program", NULL),
    COLUMN_NUMBER("kernel_collecting_ns", "ns", "system time of collections and their slices", NULL),
    COLUMN_NUMBER("kernel_cascades_ns", "ns", "system time of timed cascades", NULL),
    COLUMN_NUMBER("waiting_ns", "ns", "time that the process did not run", NULL),
    COLUMN_NUMBER("sum_ns", "ns", "sum of the seven parts", NULL),
    COLUMN_NUMBER("residue_ns", "ns", "wall_ns - sum_ns", NULL),
    COLUMN_NUMBER("cascades_untimed_ns", "ns",
                  "estimate of the cascades that no clock saw; a part of mutator_ns",
                  "where it is not known"),
    COLUMN_NUMBER("beyond_ns", "ns",
                  "processor time beyond the wall time, of threads that ran at once; in no part", NULL),
    COLUMN_NUMBER("minor_faults", "count", "mean number of minor page faults", UNCOUNTED),
    COLUMN_NUMBER("major_faults", "count", "mean number of major page faults", UNCOUNTED),
    COLUMN_NUMBER("voluntary_switches", "count", "mean number of voluntary context switches", UNCOUNTED),
    COLUMN_NUMBER("involuntary_switches", "count", "mean number of involuntary context switches", UNCOUNTED),
    COLUMN_COUNT("averaged", "count", "processes that the means are of", NULL),
    COLUMN_COUNT("processes", "count", "processes of the cell", NULL),
};

const struct dictionary_file tables_parts_file = {.name = "parts",
                                                  .path = "tables/parts.csv",
                                                  .row = "a cell, and where its time went",
                                                  .key = TABLES_CELL_KEY,
                                                  DICTIONARY_COLUMNS(parts_columns)};

static int parts_compare_wall(const void *left, const void *right)
{
    const struct store_row *a = *(const struct store_row *const *)left;
    const struct store_row *b = *(const struct store_row *const *)right;
    return (a->wall_ns > b->wall_ns) - (a->wall_ns < b->wall_ns);
}

/* Lists the rows of a cell that can be divided, the fastest first. Returns how many. */
static size_t parts_list_rows(const struct run *run, const struct run_cell *cell,
                              const struct store_row **rows)
{
    struct parts parts;
    size_t count = 0;
    for (size_t block = 0; block < run->blocks; block++) {
        const struct store_row *row = run_cell_shown_row(run, cell, block);
        if (row && strcmp(row->status, "ok") == 0 && parts_of_row(row, &parts))
            rows[count++] = row;
    }
    if (count)
        qsort(rows, count, sizeof(*rows), parts_compare_wall);
    return count;
}

/* Adds `share` of a row. */
static void parts_add(struct tables_parts *sum, const struct store_row *row, double share)
{
    struct parts parts;
    parts_of_row(row, &parts);
    sum->wall_ns += share * (double)row->wall_ns;
    sum->parts.mutator += share * parts.mutator;
    sum->parts.collecting += share * parts.collecting;
    sum->parts.cascades += share * parts.cascades;
    sum->parts.kernel_mutator += share * parts.kernel_mutator;
    sum->parts.kernel_collecting += share * parts.kernel_collecting;
    sum->parts.kernel_cascades += share * parts.kernel_cascades;
    sum->parts.waiting += share * parts.waiting;
    sum->parts.beyond += share * parts.beyond;
    sum->untimed_ns += share * store_number(row->cascades_untimed_ns);
    sum->minor_faults += share * store_number(row->minor_faults);
    sum->major_faults += share * store_number(row->major_faults);
    sum->voluntary_switches += share * store_number(row->voluntary_switches);
    sum->involuntary_switches += share * store_number(row->involuntary_switches);
}

struct tables_parts tables_parts_of(const struct run *run, const struct run_cell *cell)
{
    struct tables_parts sum = {0};
    const struct store_row **rows = memory_new(run->blocks, sizeof(*rows));
    size_t count = run_cell_is_whole(cell) ? parts_list_rows(run, cell, rows) : 0, left_out = count / 4;
    sum.processes = count - 2 * left_out;
    for (size_t i = left_out; i < count - left_out; i++)
        parts_add(&sum, rows[i], 1 / (double)sum.processes);
    free(rows);
    return sum;
}

/* A mean of nanoseconds is written to the nanosecond. */
static void parts_number(struct table *table, double ns)
{
    table_number(table, round(ns));
}

static void parts_write(struct table *table, const struct run *run, const struct run_cell *cell,
                        const struct tables_parts *mean)
{
    const struct parts *parts = &mean->parts;
    tables_grouped_cell(table, run, cell);
    parts_number(table, mean->wall_ns);
    parts_number(table, parts->mutator);
    parts_number(table, parts->collecting);
    parts_number(table, parts->cascades);
    parts_number(table, parts->kernel_mutator);
    parts_number(table, parts->kernel_collecting);
    parts_number(table, parts->kernel_cascades);
    parts_number(table, parts->waiting);
    parts_number(table, parts_sum(parts));
    parts_number(table, mean->wall_ns - parts_sum(parts));
    parts_number(table, mean->untimed_ns);
    parts_number(table, parts->beyond);
    parts_number(table, mean->minor_faults);
    parts_number(table, mean->major_faults);
    parts_number(table, mean->voluntary_switches);
    parts_number(table, mean->involuntary_switches);
    table_count(table, (int64_t)mean->processes);
    table_count(table, (int64_t)cell->processes);
    table_end(table);
}

void tables_make_parts(const struct run *run, struct table_set *set)
{
    struct table *table = table_add_file(set, &tables_parts_file);
    for (size_t i = 0; i < run->cell_count; i++) {
        struct tables_parts mean = tables_parts_of(run, &run->cells[i]);
        if (mean.processes && !run->cells[i].observer)
            parts_write(table, run, &run->cells[i], &mean);
    }
}
