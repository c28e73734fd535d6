/* SPDX-License-Identifier: MIT */
/* The absolute figures of a cell: of the processes of the machine that is shown. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/quantile.h"
#include "harness/analysis/run.h"
#include "harness/results/warmth.h"

/*
 * Returns the values of a machine's blocks, in their order. They are the first `ret_count` of what it points to: the
 * cell's own, or `room`, which has one place for each block.
 */
static const double *run_machine_values(const struct run *run, const struct run_cell *cell,
                                        enum run_metric metric, size_t machine, double *room,
                                        size_t *ret_count)
{
    const double *values = run_cell_values(run, cell, metric);
    *ret_count = run->blocks;
    if (!machines_are_several(&run->machines))
        return values;
    *ret_count = 0;
    for (size_t block = 0; block < run->blocks; block++)
        if (run_machine_of(run, block) == machine)
            room[(*ret_count)++] = values[block];
    return room;
}

double run_cell_median_on(const struct run *run, const struct run_cell *cell, enum run_metric metric,
                          size_t machine)
{
    size_t count;
    if (!run_cell_is_whole(cell))
        return NAN;
    double *room = memory_new(run->blocks, sizeof(*room));
    const double *values = run_machine_values(run, cell, metric, machine, room, &count);
    double median = quantile_median(values, count);
    free(room);
    return median;
}

double run_cell_median(const struct run *run, const struct run_cell *cell, enum run_metric metric)
{
    return run_cell_median_on(run, cell, metric, run->shown);
}

size_t run_cell_shown_processes(const struct run *run, const struct run_cell *cell)
{
    size_t count = 0;
    if (!machines_are_several(&run->machines))
        return cell->processes;
    for (size_t block = 0; block < run->blocks; block++)
        count += run_cell_shown_row(run, cell, block) != NULL;
    return count;
}

struct bootstrap_interval run_cell_interval(const struct run *run, const struct run_cell *cell,
                                            enum run_metric metric)
{
    struct bootstrap_interval interval = {NAN, NAN};
    size_t count;
    if (!run_cell_is_whole(cell) || run_cell_shown_processes(run, cell) < 2)
        return interval;
    double *medians = memory_new(run->bootstrap.resamples, sizeof(*medians)),
           *room = memory_new(run->blocks, sizeof(*room));
    bootstrap_medians(&run->bootstrap, run_machine_values(run, cell, metric, run->shown, room, &count),
                      medians);
    interval = bootstrap_interval_of(medians, run->bootstrap.resamples, 0.95);
    free(medians);
    free(room);
    return interval;
}

double run_cell_faults(const struct run *run, const struct run_cell *cell)
{
    double *faults = memory_new(run->blocks, sizeof(*faults));
    for (size_t block = 0; block < run->blocks; block++)
        faults[block] = run_cell_shown_row(run, cell, block) ? warmth_faults(cell->rows[block]) : NAN;
    double median = quantile_median(faults, run->blocks);
    free(faults);
    return median;
}

void run_machine_medians(const struct run *run, const double *values, double *ret_medians)
{
    double *own = memory_new(run->blocks, sizeof(*own));
    for (size_t machine = 0; machine < (run->machines.count > 1 ? run->machines.count : 1); machine++) {
        size_t count = 0;
        for (size_t block = 0; block < run->blocks; block++)
            if (run_machine_of(run, block) == machine)
                own[count++] = values[block];
        double median = quantile_median(own, count);
        for (size_t block = 0; block < run->blocks; block++)
            if (run_machine_of(run, block) == machine)
                ret_medians[block] = median;
    }
    free(own);
}
