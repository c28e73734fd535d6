/* SPDX-License-Identifier: MIT */
/*
 * Makes the tables of the heap over time, from timelines/ and events/. They hold one typical process of
 * each cell, its collections, a few of these in the middle of it with every sample, and the least that any
 * collector held.
 */
#ifndef HARNESS_REPORT_TABLES_HEAP_H
#define HARNESS_REPORT_TABLES_HEAP_H

#include "harness/report/tables-cell.h"

extern const struct dictionary_file tables_heap_file, tables_collections_file, tables_heap_window_file,
    tables_heap_least_file;

/* The tables `heap`, `collections`, `heap_window`, `heap_least`, `steady` and `pause_times`. */
struct tables_heap {
    struct table *heap, *collections, *window, *least, *steady, *pauses;
};

/*
 * Adds the rows of every config of a work in a setting. Returns 0, or MESSAGE_BAD_INPUT after one line when a
 * file is damaged.
 */
int tables_heap_add(const struct run *run, size_t work, size_t setting, struct tables_heap *tables);

#endif
