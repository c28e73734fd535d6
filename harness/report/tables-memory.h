/* SPDX-License-Identifier: MIT */
/*
 * Makes the table `cold_warm`: each cell with cold memory beside the same cell with warm memory. What lies
 * between them is the price of fresh pages on the machine and the day of the run.
 *
 * The pairs are a family of their own, and are decided as claims are, by the last complete look. A run by
 * precision stops a cold cell at the first look where it is as the warm one, within the precision: such a pair
 * is "as_warm".
 */
#ifndef HARNESS_REPORT_TABLES_MEMORY_H
#define HARNESS_REPORT_TABLES_MEMORY_H

#include "harness/analysis/run.h"
#include "harness/report/table.h"
#include "harness/statistics/sequential.h"

extern const struct dictionary_file tables_cold_warm_file;

struct tables_memory {
    const struct run_cell *cold, *warm;
    struct sequential_result result; /* of the wall time: cold / warm */
    bool stopped;                    /* the cold cell stopped: as warm, within the precision */
    double cold_faults, warm_faults; /* medians of minor and major faults; NaN where not counted */
};

/* The setting of the same allocator and tuning with the other memory, or run->settings.count. O(cells). */
size_t tables_memory_other(const struct run *run, size_t setting);

/*
 * Lists the pairs of the run. Returns how many; the caller frees them. `ret_design`, unless NULL, is the design
 * by which they are decided. O(cells^2).
 */
size_t tables_memory_list(const struct run *run, struct tables_memory **ret_pairs,
                          struct sequential_design *ret_design);

/* Whether the whole interval of the pair lies beyond the minimum of interest. */
bool tables_memory_differs(const struct tables_memory *pair);

void tables_make_memory(const struct run *run, struct table_set *set);

#endif
