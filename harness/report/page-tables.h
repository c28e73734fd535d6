/* SPDX-License-Identifier: MIT */
/*
 * The tables of the page: workloads down, collectors across. Each is there for every setting. That of the
 * front setting stands open, and the others fold.
 */
#ifndef HARNESS_REPORT_PAGE_TABLES_H
#define HARNESS_REPORT_PAGE_TABLES_H

#include <stdio.h>

#include "harness/report/tables.h"

/* Writes one of the normalised tables under a heading, with its means and a note. */
void page_ratios(FILE *page, const struct run *run, const struct tables *tables, int which, const char *title,
                 const char *note);

/* Writes the medians of a metric in bytes under a heading. */
void page_bytes(FILE *page, const struct run *run, const struct tables *tables, enum run_metric metric,
                const char *title);

/* Writes the parts of the time of every cell. Nothing where the run has none. */
void page_parts(FILE *page, const struct run *run, const struct tables *tables);

/* Writes how far layouts move the ratios. Nothing for a run of one layout. */
void page_layouts(FILE *page, const struct run *run, const struct tables *tables);

/* The notes under the normalised tables. */
extern const char page_note_best[], page_note_overhead[], page_note_overhead_cpu[],
    page_note_overhead_instructions[];

#endif
