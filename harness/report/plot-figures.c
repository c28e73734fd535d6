/* SPDX-License-Identifier: MIT */
/* THE list of figures. */
#include <string.h>

#include "harness/report/plot.h"
#include "harness/report/tables-memory.h"

#define FIGURE_NO_SIZES "no workload of this run has three sizes that one option tells apart"

/* Whether a collector ran the work. */
static bool figure_has_cells(const struct run *run, size_t setting, size_t work)
{
    for (size_t config = 0; config < run->configs.measured; config++)
        if (run_cell_at(run, work, config, setting))
            return true;
    return false;
}

/* Whether a collector that frees left anything unreachable, or has no figure. */
static bool figure_has_leaks(const struct run *run, size_t setting, size_t work)
{
    for (size_t config = 0; config < run->configs.measured; config++) {
        const struct run_cell *cell = run_cell_at(run, work, config, setting);
        if (cell && cell->role != RUN_FLOOR &&
            (!run_cell_is_whole(cell) || run_cell_median(run, cell, RUN_LEAKED) > 0))
            return true;
    }
    return false;
}

/* Whether a collector ran the work with cold and with warm memory. */
static bool figure_has_both_memories(const struct run *run, size_t setting, size_t work)
{
    size_t other = tables_memory_other(run, setting);
    for (size_t config = 0; other < run->settings.count && config < run->configs.measured; config++)
        if (run_cell_at(run, work, config, setting) && run_cell_at(run, work, config, other))
            return true;
    return false;
}

/* Whether a cell ran in another setting than its own first one, of the same memory, which it is divided by. */
static bool figure_has_base(const struct run *run, const struct run_cell *cell)
{
    for (size_t first = 0; first < cell->setting; first++) {
        const struct run_cell *base = run_cell_at(run, cell->work, cell->config, first);
        if (base && run_cell_is_warm(run, base) == run_cell_is_warm(run, cell))
            return true;
    }
    return false;
}

/* Whether the work ran under several allocators. */
static bool figure_has_settings(const struct run *run, size_t setting, size_t work)
{
    (void)setting;
    for (size_t i = 0; i < run->cell_count; i++)
        if (run->cells[i].work == work && !run_cell_is_aside(&run->cells[i]) &&
            figure_has_base(run, &run->cells[i]))
            return true;
    return false;
}

const struct plot_figure plot_figures[] = {
    {
        .name = "heatmap",
        .heading = "Time at a glance",
        .title = "Wall time relative to the best collector, all cells",
        .label = "Heat map of relative wall time: workloads down, collectors across; hatched where it is "
                 "undecided",
        .table = "normalised",
        .whole = {"normalised"},
        .of = "wall",
        .shown = true,
    },
    {
        .name = "heatmap-baseline",
        .heading = "Time beside the baseline",
        .title = "Wall time relative to the baseline, all cells",
        .label =
            "Heat map of wall time over that of the baseline: workloads down, collectors across; hatched "
            "where it is undecided",
        .table = "baseline",
        .whole = {"baseline"},
        .of = "wall",
    },
    {
        .name = "time",
        .heading = "Time",
        .title = "Wall time relative to the best collector of each workload",
        .label = "Dot plot of wall time per workload and collector, relative to the best collector, with "
                 "95% intervals",
        .table = "normalised",
        .whole = {"normalised", "means"},
        .of = "wall",
        .draws = figure_has_cells,
        .shape = {.fixed = 8, .each = 9, .keyed = true, .means = true},
    },
    {
        .name = "parts",
        .heading = "Where the time goes",
        .title = "Parts of the wall time",
        .label =
            "Small multiples, one per workload: stacked bars of mutator, kernel, collecting, cascades and "
            "waiting, one bar per collector",
        .table = "parts",
        .settings = PLOT_MEMORY,
        .lines = {"parts", "cells"},
        /* gnuplot reads no empty field at the end of a line: the last of them is in every row. */
        .columns = "series status mutator_ns collecting_ns cascades_ns kernel_mutator_ns "
                   "kernel_collecting_ns kernel_cascades_ns waiting_ns cascades_untimed_ns processes",
        .whole = {"parts"},
        .of = "wall",
        .shape = {.room = 300, .most = 3, .fixed = 62, .each = 31},
    },
    {
        .name = "cold-warm",
        .heading = "Fresh pages",
        .title = "Wall time with cold memory over the same with warm memory",
        .label = "Dot plot of the ratio of cold to warm wall time per workload and collector, with intervals",
        .table = "cold_warm",
        .settings = PLOT_MEMORY,
        .whole = {"cold_warm"},
        .of = "wall",
        .draws = figure_has_both_memories,
        .shape = {.fixed = 8, .each = 9, .keyed = true},
    },
    {
        .name = "overhead",
        .heading = "Overhead in wall time",
        .title = "Lower bound of overhead, wall time",
        .label = "Dot plot of wall time per workload and collector, over the least distilled time, with "
                 "95% intervals",
        .table = "normalised",
        .ratios = TABLES_OVERHEAD,
        .whole = {"normalised", "means"},
        .of = "overhead",
        .draws = figure_has_cells,
        .shape = {.fixed = 8, .each = 9, .keyed = true, .means = true},
    },
    {
        .name = "overhead-cpu",
        .heading = "Overhead in CPU time",
        .title = "Lower bound of overhead, CPU time",
        .label = "Dot plot of CPU time per workload and collector, over the least distilled time, with 95% "
                 "intervals",
        .table = "normalised",
        .ratios = TABLES_OVERHEAD_CPU,
        .whole = {"normalised", "means"},
        .of = "overhead_cpu",
        .draws = figure_has_cells,
        .shape = {.fixed = 8, .each = 9, .keyed = true, .means = true},
    },
    {
        .name = "overhead-instructions",
        .heading = "Overhead in instructions",
        .title = "Lower bound of overhead, instructions",
        .label = "Dot plot of instructions per workload and collector, over the least count",
        .table = "normalised",
        .ratios = TABLES_OVERHEAD_INSTRUCTIONS,
        .whole = {"normalised", "means"},
        .of = "overhead_instructions",
        .draws = figure_has_cells,
        .shape = {.fixed = 8, .each = 9, .keyed = true, .means = true},
    },
    {
        .name = "memory",
        .heading = "Memory",
        .title = "Peak memory of each workload",
        .label = "Dot plot of peak memory per workload and collector, with 95% intervals",
        .table = "cells",
        .metric = RUN_PEAK,
        .whole = {"cells", "normalised"},
        .of = "peak",
        .draws = figure_has_cells,
        .shape = {.fixed = 8, .each = 9, .keyed = true},
    },
    {
        .name = "leaked",
        .heading = "Leaks",
        .title = "Bytes left unreachable at the end of each workload",
        .label = "Dot plot of bytes unreachable and still held at the end, per workload and collector",
        .table = "cells",
        .whole = {"cells"},
        .of = "leaked",
        .draws = figure_has_leaks,
        .absent = "on every workload, each collector that frees gave back all",
        .shape = {.fixed = 8, .each = 9, .keyed = true},
    },
    {
        .name = "pauses",
        .heading = "Pauses",
        .title = "Pause time by percentile",
        .label = "Small multiples, one per workload: pause time over percentile, one line per collector",
        .table = "pause_curve",
        .lines = {"pause_curve"},
        .columns = "x pause_ns",
        .key = "series",
        .kinds = "all without_cascades",
        .raw = FILES_EVENTS,
        .shape = {.room = 290, .most = 3, .fixed = 227, .lines = 8, .keyed = true},
    },
    {
        .name = "utilisation",
        .heading = "Utilisation",
        .title = "Minimum mutator utilisation by length of window",
        .label = "Small multiples, one per workload: the smallest share of any window that the program "
                 "had, one line per collector",
        .table = "utilisation",
        .lines = {"utilisation"},
        .columns = "window_ns utilisation",
        .key = "series",
        .kinds = "pauses with_estimate",
        .raw = FILES_EVENTS,
        .shape = {.room = 290, .most = 3, .fixed = 227, .lines = 8, .keyed = true},
    },
    {
        .name = "latency",
        .heading = "Latency",
        .title = "Latency of requests by percentile",
        .label = "Small multiples, one per workload that serves requests: latency over percentile, one "
                 "line per collector",
        .table = "latency_curve",
        .lines = {"latency_curve"},
        .columns = "x latency_ns",
        .key = "series",
        .kinds = "response metered_100ms simple",
        .raw = FILES_LATENCIES,
        .shape = {.room = 290, .most = 3, .fixed = 227, .lines = 8, .keyed = true},
    },
    {
        .name = "time-space",
        .heading = "Time and space",
        .title = "Wall time over memory, relative to the best time and the least heap",
        .label = "Small multiples, one per workload: wall time relative to the best over memory relative "
                 "to the minimum heap, one line per collector",
        .table = "time_space",
        .lines = {"time_space"},
        .key = "curve",
        .whole = {"time_space"},
        .shape = {.room = 290, .most = 3, .fixed = 227, .keyed = true},
    },
    {
        .name = "growth",
        .heading = "Growth",
        .title = "Wall time over the size of the input",
        .label =
            "Small multiples, one per workload that ran at several sizes: wall time over bytes allocated, "
            "both logarithmic, one line per collector with its exponent",
        .table = "cells",
        .whole = {"cells"},
        .of = "wall",
        .absent = FIGURE_NO_SIZES,
        .grows = true,
        .shape =
            {.room = 340, .most = 2, .fixed = 146, .each = 13, .panels = PLOT_OF_FAMILIES, .keyed = true},
    },
    {
        .name = "growth-memory",
        .heading = "Growth of memory",
        .title = "Peak memory over the size of the input",
        .label = "Small multiples, one per workload that ran at several sizes: peak memory over bytes "
                 "allocated, both logarithmic, one line per collector with its exponent",
        .table = "cells",
        .metric = RUN_PEAK,
        .whole = {"cells"},
        .of = "peak",
        .absent = FIGURE_NO_SIZES,
        .grows = true,
        .shape =
            {.room = 340, .most = 2, .fixed = 146, .each = 13, .panels = PLOT_OF_FAMILIES, .keyed = true},
    },
    {
        .name = "heap",
        .heading = "Heap",
        .title = "Heap over time, on the allocation clock",
        .label = "Small multiples, one per workload and collector: bytes held over the allocation clock, and "
                 "beside it a few collections",
        .table = "heap",
        .lines = {"heap", "collections", "heap_window", "heap_least"},
        .columns = "allocated_bytes heap_bytes collections",
        .key = "series",
        .raw = FILES_TIMELINE,
        .shape = {.room = 300, .most = 3, .fixed = 34, .each = 118, .panels = PLOT_OF_CELLS},
    },
    {
        .name = "allocators",
        .heading = "Allocators",
        .title = "Wall time under each allocator, relative to the first",
        .label = "Dot plot of wall time per workload under each allocator, one panel per collector",
        .table = "settings",
        .settings = PLOT_ALL,
        .whole = {"settings"},
        .of = "wall",
        .draws = figure_has_settings,
        .shape = {.room = 200, .most = 8, .fixed = 64, .each = 14, .panels = PLOT_OF_CONFIGS},
    },
    {
        .name = "machine",
        .heading = "The machine during the run",
        .title = "The reference program and what processes lost, block by block",
        .label =
            "Two panels over the blocks of the run: time of the reference program over its median, and the "
            "share of time that processes lost to others",
        .table = "machine_runs",
        .settings = PLOT_ALL,
    },
};
const size_t plot_figure_count = sizeof(plot_figures) / sizeof(plot_figures[0]);

const struct plot_figure *plot_find(const char *name)
{
    for (size_t i = 0; i < plot_figure_count; i++)
        if (strcmp(plot_figures[i].name, name) == 0)
            return &plot_figures[i];
    return NULL;
}
