/* SPDX-License-Identifier: MIT */
/* report.html: the whole run on one page, which needs no other file once all charts are drawn. */
#ifndef HARNESS_REPORT_PAGE_H
#define HARNESS_REPORT_PAGE_H

#include "harness/report/tables.h"

/*
 * Writes <folder>/report.html. `charts` holds the SVG of each figure by its place in plot_figures, as this
 * process drew it: those are inlined. One that is NULL may lie in <folder>/charts/ from an earlier call, or from
 * anybody: the page names it as an image, in which a browser runs nothing. Returns 0, or MESSAGE_STORAGE after
 * one line.
 */
int page_write(const struct run *run, const struct tables *tables, char *const *charts);

#endif
