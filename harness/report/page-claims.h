/* SPDX-License-Identifier: MIT */
/* The first section of the page: what the run has to say, and what stayed undecided. */
#ifndef HARNESS_REPORT_PAGE_CLAIMS_H
#define HARNESS_REPORT_PAGE_CLAIMS_H

#include <stdio.h>

#include "harness/report/tables.h"

/*
 * Writes for each metric and setting the counts, and a line for each workload: the collectors in their order,
 * with a sign between neighbours. The wall time of the front setting stands open; the others fold.
 */
void page_claims(FILE *page, const struct run *run, const struct tables *tables);

#endif
