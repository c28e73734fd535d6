/* SPDX-License-Identifier: MIT */
/*
 * A run is one execution of a matrix, read from its results folder. The analysis sees it as cells. Each cell has a
 * place in three lists, and for each metric one value per block.
 *
 *   work      a workload with its options
 *   config    a collector with its options, of a build, in a heap of a size if the cell has one
 *   setting   an allocator with its tuning, with cold or with warm memory
 *
 * A merged run may be of several machines. Then ratios are formed within a block, and compared over machines. Each
 * absolute figure, a time, a size or a count, is of the processes of one machine: that which is shown.
 *
 * A cell is whole or blank. It is blank when any of its processes failed: then its figures are left out everywhere,
 * and the reason is shown instead. To keep the processes that survived would flatter the cell.
 */
#ifndef HARNESS_ANALYSIS_RUN_H
#define HARNESS_ANALYSIS_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/campaign/decide.h"
#include "harness/results/shard.h"
#include "harness/results/store.h"
#include "harness/statistics/bootstrap.h"

enum run_metric {
    RUN_WALL,      /* ns, the workload alone */
    RUN_CPU,       /* ns, user and system, the workload alone */
    RUN_PEAK,      /* bytes, max_rss - baseline_rss, at least one page */
    RUN_LEAKED,    /* bytes unreachable and still held at the end */
    RUN_SHARE,     /* leaked bytes per byte of garbage: leaked / (leaked + freed); 0 without garbage */
    RUN_PROCESS,   /* ns, the whole process less its closing accounts */
    RUN_ALLOCATED, /* bytes */
    RUN_COLLECTIONS,
    RUN_PAUSES, /* count, cascades included */
    RUN_PAUSE_TOTAL,
    RUN_PAUSE_P50,
    RUN_PAUSE_P90,
    RUN_PAUSE_P99,
    RUN_PAUSE_P999,
    RUN_PAUSE_MAX,
    RUN_DISTILLED,     /* ns, wall less all pauses */
    RUN_DISTILLED_CPU, /* ns, CPU less the share that pauses have of wall */
    RUN_INSTRUCTIONS,  /* of the workload alone, where counted */
    RUN_OWN,           /* ns, mutator, collecting and cascades, apart from the kernel and from waiting */
    RUN_MUTATOR,       /* ns, the parts of wall time (harness/results/parts.h) */
    RUN_COLLECTING,
    RUN_CASCADES,
    RUN_KERNEL,  /* ns, of all three: faults, and memory mapped and given back */
    RUN_WAITING, /* ns */
    RUN_FAULTS,  /* count, minor and major, of the workload alone */
    RUN_METRICS,
};

/* Name and unit of each metric, as the tables write them. */
struct run_metric_name {
    const char *name;
    const char *unit;
};
extern const struct run_metric_name run_metric_names[RUN_METRICS];

/* A collector that leaves a larger share of its garbage behind has not done the whole job. */
#define RUN_LEAK_ALLOWED 0.1

enum run_role {
    RUN_RECLAIMS, /* did the whole job: a candidate for "best" */
    RUN_LEAKS,    /* left more than a tenth of this workload's garbage behind */
    RUN_FLOOR,    /* freed nothing anywhere in the run: the mutator's cost without a collector */
};

/* What the warm cells of a run came to. */
struct run_warmth {
    size_t cells, processes; /* of warm cells without baselines, those that count */
    size_t lacking_cells, lacking_processes;
    const struct run_cell *worst; /* the cell of the most processes that were not warm; NULL: there is none */
};

struct run_cell {
    size_t work, config, setting; /* places in the lists of struct run */
    bool baseline;                /* a `null` cell the harness added */
    bool observer;                /* its collector only observes: its times mean nothing */
    size_t processes;             /* blocks with a process */
    size_t attempts;              /* rows: more than `processes` where disturbed ones were run again */
    size_t failed;                /* of the processes that count: those whose status is not ok */
    size_t missing;  /* processes that are to come by the next look; of a run that ended, lost ones */
    bool as_warm;    /* cold; it stopped because its warm twin takes the same time */
    size_t not_warm; /* warm: of the processes that count, those that were not (warmth.h) */
    const struct store_row *row; /* its first row, or its first failed one; NULL while it has none */
    const char *status;          /* "ok", "missing" (no row yet), or the status of its first failed process */
    char *reason;                /* why it is blank; NULL when whole */
    enum run_role role;
    double *values;                /* RUN_METRICS x blocks, NaN where there is no process */
    const struct store_row **rows; /* blocks: the process that counts; NULL where there is none */
};

/*
 * One of the three lists. Names are unique: they hold options only where two entries differ in options. They are
 * plain (base/escape.h), of at most 120 characters and a number, and those of settings have no ',', '"' and '\'.
 */
struct run_list {
    char **names;
    char **groups; /* of works: the group of the workload, or "" */
    size_t count;
    size_t measured; /* the first so many have cells that are neither baselines nor of an observer */
};

struct run {
    struct store *store;
    struct run_list works, configs, settings;
    struct run_cell *cells;
    size_t cell_count;
    size_t blocks;
    size_t *layouts;     /* the layout of each block */
    size_t layout_count; /* 1 when layouts are not varied */
    bool ended;     /* no process is to come: the plan is complete, all is decided, or the budget spent */
    size_t missing; /* processes that are to come by the next look, or are lost: the sum over the cells */
    size_t due;     /* blocks in which no process may be missing: up to the next look, or to the run's end */
    struct shard shard;       /* the blocks that the folder has */
    struct decide *decide;    /* what the campaign decided; NULL in a run that was not read from a folder */
    struct machines machines; /* that the blocks ran on; decide's */
    size_t shown; /* the machine of absolute figures: that of most processes, and the first of these */
    double *reference_ns; /* blocks: the time of the reference program in each; NULL where it did not run */
    struct bootstrap bootstrap; /* of the blocks shown */
};

/*
 * Reads the results folder `folder` and groups its rows. Returns 0; or MESSAGE_BAD_INPUT after one line on
 * standard error, with nothing held. run_close() frees everything. O(rows) and one bootstrap_init().
 */
int run_open(struct run *run, const char *folder);
void run_close(struct run *run);

/*
 * The same of what one machine of a merged run measured, by its place: a run of one machine, which has no process in the
 * blocks of others.
 */
int run_open_on(struct run *run, const char *folder, size_t machine);

/* Returns the number of units of replication: blocks, or machines where there are several. O(1). */
static inline size_t run_units(const struct run *run)
{
    return machines_units(&run->machines, run->blocks);
}

/* Returns the machine of a block, by its place; 0 where there is one. O(1). */
static inline size_t run_machine_of(const struct run *run, size_t block)
{
    return machines_are_several(&run->machines) ? run->machines.of_block[block] : 0;
}

/* Whether the block is of the machine of absolute figures. All are, where there is one. O(1). */
static inline bool run_block_is_shown(const struct run *run, size_t block)
{
    return run_machine_of(run, block) == run->shown;
}

/* Returns the row of the process that counts in a block that is shown; else NULL, as where there is none. O(1). */
static inline const struct store_row *run_cell_shown_row(const struct run *run, const struct run_cell *cell,
                                                         size_t block)
{
    return run_block_is_shown(run, block) ? cell->rows[block] : NULL;
}

/*
 * Returns the cell at a place, or NULL where the matrix has none. Baselines are cells of the work `null`.
 * O(cells).
 */
const struct run_cell *run_cell_at(const struct run *run, size_t work, size_t config, size_t setting);

/*
 * Return the cell as the manifest describes it, and the text that it gives for `key`: "" where it gives
 * none. O(1).
 */
const json_t *run_cell_manifest(const struct run *run, const struct run_cell *cell);
const char *run_cell_text(const struct run *run, const struct run_cell *cell, const char *key);

/* Whether the cell's processes have warm memory. O(1). */
bool run_cell_is_warm(const struct run *run, const struct run_cell *cell);

/* Returns the cell that has cold memory where this one has warm, and is else the same; NULL: there is none. O(cells). */
const struct run_cell *run_cell_cold_twin(const struct run *run, const struct run_cell *cell);

/* Sums up how many warm processes were not warm. O(cells). */
struct run_warmth run_warmth(const struct run *run);

/*
 * Returns the median number of faults, minor and major, of the processes shown; NaN where none counted them. O(blocks
 * log blocks).
 */
double run_cell_faults(const struct run *run, const struct run_cell *cell);

/*
 * Returns the cell of `run` with the workload, collector, allocator, their options, tuning, heap, memory and
 * build of `cell`, which is of the run `from`; NULL where there is none. O(cells).
 */
const struct run_cell *run_cell_same(const struct run *run, const struct run *from,
                                     const struct run_cell *cell);

/*
 * Returns the place in `configs` of the collector that the matrix names as its baseline; configs.count where it
 * names none, or none that it measures. O(configs x cells).
 */
size_t run_baseline(const struct run *run);

/*
 * Returns the cell that the baseline collector `config` has in the work, setting, heap and build of `cell`;
 * NULL where there is none. O(cells).
 */
const struct run_cell *run_cell_baseline(const struct run *run, const struct run_cell *cell, size_t config);

/* Whether a process is to come: the run goes on, and the cell runs in the block by the next look. O(blocks). */
bool run_process_is_missing(const struct run *run, const struct run_cell *cell, size_t block);

/* Whether the cell takes no part in comparisons. */
static inline bool run_cell_is_aside(const struct run_cell *cell)
{
    return cell->baseline || cell->observer;
}

static inline bool run_cell_is_whole(const struct run_cell *cell)
{
    return cell && !cell->reason;
}

/*
 * Whether processes of the cell's kind have the metric, by design: warm ones have no peak memory, as pages that
 * the workload never needs are there too. O(1).
 */
bool run_cell_measures(const struct run *run, const struct run_cell *cell, enum run_metric metric);

/* Whether any cell of the setting is of a kind that has the metric. O(cells). */
bool run_setting_measures(const struct run *run, size_t setting, enum run_metric metric);

/* Returns one value per block; NaN where there is no process, or where it has no such figure. */
static inline const double *run_cell_values(const struct run *run, const struct run_cell *cell,
                                            enum run_metric metric)
{
    return cell->values + (size_t)metric * run->blocks;
}

/* Returns how many of a cell's processes are shown. O(blocks). */
size_t run_cell_shown_processes(const struct run *run, const struct run_cell *cell);

/*
 * Writes for each block the median of the values, one for each block, over the blocks of its machine; NaN where none has
 * a value. O(blocks log blocks), times the machines.
 */
void run_machine_medians(const struct run *run, const double *values, double *ret_medians);

/* Returns the median over the processes of a whole cell that ran on one machine; NaN for a blank one, or without any. */
double run_cell_median_on(const struct run *run, const struct run_cell *cell, enum run_metric metric,
                          size_t machine);

/* Returns the median over the shown processes of a whole cell; NaN for a blank one, or where none has the figure. */
double run_cell_median(const struct run *run, const struct run_cell *cell, enum run_metric metric);

/* Returns the 95% interval of that median, of two processes or more; else NaN at both ends. */
struct bootstrap_interval run_cell_interval(const struct run *run, const struct run_cell *cell,
                                            enum run_metric metric);

#endif
