/* SPDX-License-Identifier: MIT */
/*
 * What the page says of a run besides its claims, each sentence a text: whether the machine can be trusted, what
 * failed, how it was measured.
 */
#ifndef HARNESS_REPORT_PAGE_NOTES_H
#define HARNESS_REPORT_PAGE_NOTES_H

#include <jansson.h>

#include "harness/report/tables.h"

/*
 * Returns an object of lists and of texts:
 *
 *   ended      how the run ended, or how much of it is missing
 *   failed     how many cells have no figure
 *   trust      what happened to the machine, and what moved the whole run
 *   memory     how cold and warm memory differ, and whether warm processes were warm
 *   differ     the cells that differ by their memory
 *   counted    how many processes a cell has; medians, ratios: what their intervals are
 *   worth      what these intervals are worth with so few processes; "" where there are enough
 *   layouts    how many layouts were taken, and which; not where there is one
 *   untimed    the cascades that are in no pause
 *   kept       of how many processes the pauses are
 *
 * A new reference. O(cells + blocks^3).
 */
json_t *page_notes_json(const struct run *run, const struct tables *tables);

#endif
