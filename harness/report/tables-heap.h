/* SPDX-License-Identifier: MIT */
/*
 * Makes the tables of the heap over time, from timelines/ and events/. They hold one typical process of
 * each cell, its collections, a few of these in the middle of it with every sample, and the least that any
 * collector held.
 */
#ifndef HARNESS_REPORT_TABLES_HEAP_H
#define HARNESS_REPORT_TABLES_HEAP_H

#include "harness/report/tables-cell.h"

#define TABLES_HEAP_HEADER                                                                                   \
    TABLES_CELL_HEADER ",time_ns,allocated_bytes,heap_bytes,rss_bytes,process,over_median,kept"
#define TABLES_COLLECTIONS_HEADER TABLES_CELL_HEADER ",kind,time_ns,allocated_bytes,heap_bytes,collections"
#define TABLES_HEAP_WINDOW_HEADER TABLES_CELL_HEADER ",time_ns,allocated_bytes,heap_bytes"
#define TABLES_HEAP_LEAST_HEADER "setting,work,row,allocated_bytes,heap_bytes"

/* The tables `heap`, `collections`, `heap_window` and `heap_least`. */
struct tables_heap {
    struct table *heap, *collections, *window, *least;
};

/*
 * Adds the rows of every config of a work in a setting. Returns 0, or MESSAGE_BAD_INPUT after one line when a
 * file is damaged.
 */
int tables_heap_add(const struct run *run, size_t work, size_t setting, struct tables_heap *tables);

#endif
