/* SPDX-License-Identifier: MIT */
/*
 * Divides a figure of many workloads into charts, none of them taller than a page. Each chart has about as many
 * workloads as the others, in the order of the run. Where lines of many configs would lie on each other, a workload has
 * several panels: each shows some of the configs in colour, and the others in grey. Where the panels of one workload are
 * taller than a page, it has several charts, each of some configs.
 */
#ifndef HARNESS_REPORT_PLOT_PARTS_H
#define HARNESS_REPORT_PLOT_PARTS_H

#include "harness/report/plot-data.h"

struct plot_parts {
    size_t *works; /* those that the figure draws: places among those shown, ascending; or families */
    size_t count;
    size_t parts; /* charts; 0 where there is no work to draw */
    int across;   /* panels side by side */
    int groups;   /* panels of a work, in each of which other configs have their colours */
    size_t pieces,
        configs; /* where one work is taller than a page, so many charts have a share of its configs each */
    bool means;  /* the last chart has room for a row of means */
};

/* One chart. */
struct plot_part {
    const size_t *works;
    size_t count;
    size_t place, parts; /* which, from 0, of how many */
    int across, groups;
    size_t first, past; /* the configs of which it has panels, where it has panels of configs */
};

/* Divides the figure for a medium, for plot_parts_free(). O(works x log rows). */
void plot_parts_make(const struct plot_figure *figure, const struct plot_data *data,
                     const struct plot_medium *medium, struct plot_parts *ret_parts);
void plot_parts_free(struct plot_parts *parts);

struct plot_part plot_parts_at(const struct plot_parts *parts, size_t place);

#endif
