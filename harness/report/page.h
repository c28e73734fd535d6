/* SPDX-License-Identifier: MIT */
/* report.html: the whole run on one page, which needs no other file. */
#ifndef HARNESS_REPORT_PAGE_H
#define HARNESS_REPORT_PAGE_H

#include "harness/report/tables.h"

/*
 * Writes <folder>/report.html with every chart of <folder>/charts/ inlined. Returns 0, or MESSAGE_STORAGE
 * after one line.
 */
int page_write(const struct run *run, const struct tables *tables);

#endif
