/* SPDX-License-Identifier: MIT */
#include "harness/report/tables-machine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "harness/results/attempts.h"
#include "harness/results/reference.h"

#define NO_REFERENCE "where the reference program did not run"
#define NOT_RECORDED "where a process did not record it"

static const struct dictionary_column machine_columns[] = {
    COLUMN_ID("block", "the block, from 0", NULL),
    COLUMN_NUMBER("reference_ns", "ns",
                  "median time that the reference program took in the block to allocate and to compute",
                  NO_REFERENCE),
    COLUMN_NUMBER("over_run", "ratio", "the same over its median in the whole run, on the same machine",
                  NO_REFERENCE),
    COLUMN_FLAG("differs", "whether that is more than 5% from 1"),
    COLUMN_COUNT("processes", "count", "processes that ran in the block, every attempt", NULL),
    COLUMN_COUNT("disturbed", "count", "of them those that lost more time to others than the rule allows",
                 NULL),
    COLUMN_COUNT("repeated", "count", "of them those that ran again", NULL),
    COLUMN_NUMBER("queued_ns", "ns",
                  "sum over the processes of the time that they were ready and did not run", NOT_RECORDED),
    COLUMN_NUMBER("stolen_ns", "ns", "sum of the time that a host took from their processor", NOT_RECORDED),
    COLUMN_NUMBER("wall_ns", "ns", "sum of the times of their workloads", NOT_RECORDED),
};

const struct dictionary_file tables_machine_file = {.name = "machine",
                                                    .path = "tables/machine.csv",
                                                    .row = "a block of the run, as the machine was in it",
                                                    .key = "block",
                                                    DICTIONARY_COLUMNS(machine_columns)};

static const struct dictionary_column machine_runs_columns[] = {
    COLUMN_ID("block", "the block, from 0", NULL),
    COLUMN_NUMBER("place", "count", "place in the run: the block, and how far in it", NULL),
    COLUMN_COUNT("reference_ns", "ns", "time that the program took to allocate and to compute", NULL),
    COLUMN_NUMBER("over_run", "ratio", "the same over its median in the whole run, on the same machine",
                  NULL),
    COLUMN_ID("processor", "number of the processor where the program ended", NULL),
};

const struct dictionary_file tables_machine_runs_file = {.name = "machine_runs",
                                                         .path = "tables/machine_runs.csv",
                                                         .row = "a run of the reference program",
                                                         .key = "place",
                                                         DICTIONARY_COLUMNS(machine_runs_columns)};

static void machine_take_row(struct tables_machine *machine, const struct store_row *row)
{
    struct tables_block *block = &machine->blocks[row->block];
    block->processes++;
    block->disturbed += attempts_disturbed(row);
    block->repeated += row->attempt != STORE_MISSING && row->attempt > 0;
    if (strcmp(row->status, "ok") != 0)
        return;
    block->queued_ns += store_number(row->queued_ns);
    block->stolen_ns += store_number(row->stolen_ns);
    block->wall_ns += store_number(row->wall_ns);
}

static void machine_take_rows(const struct run *run, struct tables_machine *machine)
{
    double lost = 0, wall = 0;
    for (size_t i = 0; i < run->store->row_count; i++)
        machine_take_row(machine, &run->store->rows[i]);
    for (size_t block = 0; block < run->blocks; block++) {
        const struct tables_block *taken = &machine->blocks[block];
        if (taken->processes)
            machine->begun = block + 1;
        machine->processes += taken->processes;
        machine->disturbed += taken->disturbed;
        machine->repeated += taken->repeated;
        lost += taken->queued_ns + taken->stolen_ns;
        wall += taken->wall_ns;
    }
    machine->lost_share = wall > 0 ? lost / wall : NAN;
    for (size_t i = 0; i < run->cell_count; i++)
        for (size_t block = 0; block < run->blocks; block++) {
            const struct store_row *row = run->cells[i].rows[block];
            machine->still_disturbed += row && attempts_disturbed(row);
        }
}

static void machine_take_reference(const struct run *run, const struct reference *reference,
                                   struct tables_machine *machine)
{
    double *times = memory_new(run->blocks, sizeof(*times)),
           *wholes = memory_new(run->blocks, sizeof(*wholes));
    reference_block_times(reference, run->blocks, times);
    run_machine_medians(run, times, wholes);
    for (size_t i = 0; i < run->blocks; i++) {
        struct tables_block *block = &machine->blocks[i];
        block->reference_ns = times[i];
        block->whole_ns = wholes[i];
        block->over_run = times[i] / wholes[i];
        block->differs = reference_differs(times[i], wholes[i]);
        machine->differing += block->differs;
        machine->has_reference |= !isnan(times[i]);
    }
    free(times);
    free(wholes);
}

static void machine_write_blocks(const struct tables_machine *machine, struct table *table)
{
    for (size_t i = 0; i < machine->begun; i++) {
        const struct tables_block *block = &machine->blocks[i];
        table_count(table, (int64_t)i);
        table_number(table, block->reference_ns);
        table_number(table, block->over_run);
        table_count(table, block->differs);
        table_count(table, (int64_t)block->processes);
        table_count(table, (int64_t)block->disturbed);
        table_count(table, (int64_t)block->repeated);
        table_number(table, block->queued_ns);
        table_number(table, block->stolen_ns);
        table_number(table, block->wall_ns);
        table_end(table);
    }
}

/* Returns what the block of a row is relative to. A row of a block that the run has not is as one of the first. */
static double machine_whole(const struct run *run, const struct tables_machine *machine, int64_t block)
{
    return machine->blocks[(uint64_t)block < run->blocks ? (size_t)block : 0].whole_ns;
}

/* Writes each run of the program at its place: the block, and how far in it. */
static void machine_write_runs(const struct run *run, const struct reference *reference,
                               const struct tables_machine *machine, struct table *table)
{
    for (size_t first = 0, past; first < reference->count; first = past) {
        for (past = first; past < reference->count; past++)
            if (reference->rows[past].block != reference->rows[first].block)
                break;
        for (size_t i = first; i < past; i++) {
            const struct reference_row *row = &reference->rows[i];
            table_count(table, row->block);
            table_number(table, (double)row->block + ((double)(i - first) + 0.5) / (double)(past - first));
            table_count(table, reference_row_speed(row));
            table_number(table, (double)reference_row_speed(row) / machine_whole(run, machine, row->block));
            table_count(table, row->processor);
            table_end(table);
        }
    }
}

int tables_make_machine(const struct run *run, struct table_set *set, struct tables_machine *ret_machine)
{
    struct table *blocks = table_add_file(set, &tables_machine_file);
    struct table *runs = table_add_file(set, &tables_machine_runs_file);
    struct reference reference = {0};
    *ret_machine = (struct tables_machine){.blocks = memory_new(run->blocks, sizeof(struct tables_block))};
    int status = reference_read(run->store->dir, &reference);
    machine_take_rows(run, ret_machine);
    machine_take_reference(run, &reference, ret_machine);
    machine_write_blocks(ret_machine, blocks);
    machine_write_runs(run, &reference, ret_machine, runs);
    reference_free(&reference);
    return status == 1 ? 0 : status;
}

void tables_machine_fini(struct tables_machine *machine)
{
    free(machine->blocks);
    *machine = (struct tables_machine){0};
}
