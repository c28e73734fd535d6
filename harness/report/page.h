/* SPDX-License-Identifier: MIT */
/*
 * report.html: the whole run on one page, which needs no other file.
 *
 * The page is made of files in page/: page.html, page.css, the scripts, and a library that the distribution
 * packages. The build joins them (page/join.py), and this fills in one hole, the data. The data are the tables,
 * what the run claims, and the sentences that go with them: the page shows them and computes nothing but the
 * other way round of a ratio.
 */
#ifndef HARNESS_REPORT_PAGE_H
#define HARNESS_REPORT_PAGE_H

#include "harness/report/tables.h"

/*
 * Writes <folder>/report.html. `drawn` says of each figure by its place in plot_figures how many charts of it this
 * process drew. The page links to the files of the charts, and says of one that lay there before that it was not drawn
 * with it. `renewed` is 0; or the seconds after which a browser loads the page again, because it is renewed by then.
 * Returns 0, or MESSAGE_STORAGE after one line. O(size of the tables).
 */
int page_write(const struct run *run, const struct tables *tables, const size_t *drawn, unsigned renewed);

#endif
