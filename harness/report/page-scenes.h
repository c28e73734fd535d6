/* SPDX-License-Identifier: MIT */
/* What a run claims, in words, and the order of the collectors in each place where they are compared, as JSON. */
#ifndef HARNESS_REPORT_PAGE_SCENES_H
#define HARNESS_REPORT_PAGE_SCENES_H

#include <jansson.h>

#include "harness/report/tables.h"

/*
 * Returns a list with an object for each metric that has claims: its question and words, the design, and for
 * each setting the counts and who may lead. A new reference. O(settings x cells x pairs).
 */
json_t *page_claims_json(const struct run *run, const struct tables *tables);

/*
 * Returns a list with an object for each scene of each metric:
 *
 *   metric, setting, row, heap    where
 *   order, but                    the pieces of the ranking and of its exceptions (scene-text.h)
 *   strong                        the piece that names the best; none where none did the whole job
 *   members, ratios               configs in that order, and their ratios to the best
 *   lead                          configs that may be the best
 *   claimed, equal, undecided     pairs
 *
 * A new reference. O(cells² x (pairs + blocks)).
 */
json_t *page_scenes_json(const struct run *run, const struct tables *tables);

#endif
