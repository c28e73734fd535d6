/* SPDX-License-Identifier: MIT */
/* The value of each metric, from the row of a process. */
#include <math.h>

#include "harness/analysis/run-internal.h"
#include "harness/results/parts.h"

const struct run_metric_name run_metric_names[RUN_METRICS] = {
    [RUN_WALL] = {"wall", "ns"},
    [RUN_CPU] = {"cpu", "ns"},
    [RUN_PEAK] = {"peak", "bytes"},
    [RUN_LEAKED] = {"leaked", "bytes"},
    [RUN_SHARE] = {"leaked_share", "share"},
    [RUN_PROCESS] = {"process", "ns"},
    [RUN_ALLOCATED] = {"allocated", "bytes"},
    [RUN_COLLECTIONS] = {"collections", "count"},
    [RUN_PAUSES] = {"pauses", "count"},
    [RUN_PAUSE_TOTAL] = {"pause_total", "ns"},
    [RUN_PAUSE_P50] = {"pause_p50", "ns"},
    [RUN_PAUSE_P90] = {"pause_p90", "ns"},
    [RUN_PAUSE_P99] = {"pause_p99", "ns"},
    [RUN_PAUSE_P999] = {"pause_p999", "ns"},
    [RUN_PAUSE_MAX] = {"pause_max", "ns"},
    [RUN_DISTILLED] = {"distilled", "ns"},
    [RUN_DISTILLED_CPU] = {"distilled_cpu", "ns"},
    [RUN_INSTRUCTIONS] = {"instructions", "count"},
    [RUN_OWN] = {"own", "ns"},
    [RUN_MUTATOR] = {"mutator", "ns"},
    [RUN_COLLECTING] = {"collecting", "ns"},
    [RUN_CASCADES] = {"cascades", "ns"},
    [RUN_KERNEL] = {"kernel", "ns"},
    [RUN_WAITING] = {"waiting", "ns"},
    [RUN_FAULTS] = {"faults", "count"},
};

/* The least peak memory of a workload, one page: a peak of 0 would have no ratio. */
static const double RUN_PAGE = 4096;

/* A figure that is missing stays missing: fmin() and fmax() would return the other one. */
static double run_least(double a, double b)
{
    return isnan(a) || isnan(b) ? NAN : fmin(a, b);
}

static double run_most(double a, double b)
{
    return isnan(a) || isnan(b) ? NAN : fmax(a, b);
}

static double run_share(const struct store_row *row)
{
    double leaked = store_number(row->leaked_bytes), garbage = leaked + store_number(row->freed_bytes);
    return garbage > 0 ? leaked / garbage : isnan(garbage) ? NAN : 0;
}

static double run_cpu(const struct store_row *row)
{
    return store_number(row->user_ns) + store_number(row->sys_ns);
}

/*
 * Only the wall time of a pause is measured. One thread runs, so pauses have the same share of CPU time as of
 * wall time. Subtracting the pauses' whole wall time would lower the bound on a machine that waits.
 */
static double run_distilled_cpu(const struct store_row *row)
{
    double wall = store_number(row->wall_ns);
    return wall > 0 ? run_cpu(row) * (1 - run_least(1, store_number(row->pause_total_ns) / wall)) : NAN;
}

/*
 * A part of the wall time. Rows of the first schema have user and system time alone: the one is the program's
 * and the collector's own, the other the kernel's.
 */
static double run_part(const struct store_row *row, enum run_metric metric)
{
    struct parts parts;
    bool divided = parts_of_row(row, &parts);
    switch (metric) {
    case RUN_OWN:
        return divided ? parts.mutator + parts.collecting + parts.cascades
                       : run_least(store_number(row->user_ns), store_number(row->wall_ns));
    case RUN_KERNEL:
        return divided ? parts.kernel_mutator + parts.kernel_collecting + parts.kernel_cascades
                       : store_number(row->sys_ns);
    case RUN_MUTATOR:
        return divided ? parts.mutator : NAN;
    case RUN_COLLECTING:
        return divided ? parts.collecting : NAN;
    case RUN_CASCADES:
        return divided ? parts.cascades : NAN;
    default:
        return divided ? parts.waiting : NAN;
    }
}

double run_value_of(const struct store_row *row, enum run_metric metric)
{
    switch (metric) {
    case RUN_WALL:
        return store_number(row->wall_ns);
    case RUN_CPU:
        return run_cpu(row);
    case RUN_PEAK:
        return run_most(RUN_PAGE, store_number(row->max_rss_bytes) - store_number(row->baseline_rss_bytes));
    case RUN_LEAKED:
        return store_number(row->leaked_bytes);
    case RUN_SHARE:
        return run_share(row);
    case RUN_PROCESS:
        return store_number(row->process_wall_ns) - store_number(row->closing_ns);
    case RUN_ALLOCATED:
        return store_number(row->allocated_bytes);
    case RUN_COLLECTIONS:
        return store_number(row->collections);
    case RUN_PAUSES:
        return store_number(row->pause_count);
    case RUN_PAUSE_TOTAL:
        return store_number(row->pause_total_ns);
    case RUN_PAUSE_P50:
        return store_number(row->pause_p50_ns);
    case RUN_PAUSE_P90:
        return store_number(row->pause_p90_ns);
    case RUN_PAUSE_P99:
        return store_number(row->pause_p99_ns);
    case RUN_PAUSE_P999:
        return store_number(row->pause_p999_ns);
    case RUN_PAUSE_MAX:
        return row->pause_count == 0 ? 0 : store_number(row->pause_max_ns);
    case RUN_DISTILLED:
        return store_number(row->wall_ns) - store_number(row->pause_total_ns);
    case RUN_DISTILLED_CPU:
        return run_distilled_cpu(row);
    case RUN_INSTRUCTIONS:
        return store_number(row->instructions);
    case RUN_FAULTS:
        return store_number(row->minor_faults) + store_number(row->major_faults);
    case RUN_OWN:
    case RUN_MUTATOR:
    case RUN_COLLECTING:
    case RUN_CASCADES:
    case RUN_KERNEL:
    case RUN_WAITING:
        return run_part(row, metric);
    default:
        return NAN;
    }
}

bool run_cell_measures(const struct run *run, const struct run_cell *cell, enum run_metric metric)
{
    return metric != RUN_PEAK || !run_cell_is_warm(run, cell);
}

bool run_setting_measures(const struct run *run, size_t setting, enum run_metric metric)
{
    for (size_t i = 0; i < run->cell_count; i++)
        if (run->cells[i].setting == setting && run_cell_measures(run, &run->cells[i], metric))
            return true;
    return false;
}
