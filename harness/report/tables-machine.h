/* SPDX-License-Identifier: MIT */
/*
 * Makes the tables of the machine while the run went on: `machine`, a row for each block, and `machine_runs`, a
 * row for each run of the reference program (harness/results/reference.h). A run without the program has no
 * rows in `machine_runs`, and no times in `machine`.
 */
#ifndef HARNESS_REPORT_TABLES_MACHINE_H
#define HARNESS_REPORT_TABLES_MACHINE_H

#include "harness/analysis/run.h"
#include "harness/report/table.h"

extern const struct dictionary_file tables_machine_file, tables_machine_runs_file;

/* One block. */
struct tables_block {
    double reference_ns; /* median time of the reference program in it; NaN where it did not run */
    double whole_ns;     /* its median over the blocks of the same machine */
    double over_run;     /* the first over the second */
    bool differs;        /* by more than REFERENCE_DIFFERS */
    size_t processes;    /* that ran in it, every attempt */
    size_t disturbed;    /* attempts that lost more than the rule allows (harness/results/attempts.h) */
    size_t repeated;     /* attempts after the first */
    double queued_ns, stolen_ns, wall_ns; /* sums over every attempt; NaN where not recorded */
};

struct tables_machine {
    struct tables_block *blocks; /* run->blocks */
    size_t begun;                /* blocks in which a process ran */
    bool has_reference;          /* the reference program ran */
    size_t differing;            /* blocks */
    size_t disturbed, repeated, processes;
    size_t still_disturbed; /* processes that count although they were disturbed */
    double lost_share;      /* queued and stolen, over the wall time of all processes; NaN if not recorded */
};

/* Returns 0, or MESSAGE_BAD_INPUT after one line where reference.csv is damaged. For tables_machine_fini(). */
int tables_make_machine(const struct run *run, struct table_set *set, struct tables_machine *ret_machine);
void tables_machine_fini(struct tables_machine *machine);

#endif
