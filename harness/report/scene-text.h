/* SPDX-License-Identifier: MIT */
/* Writes one scene of a run's claims, the collectors of a workload in their order: the page and the terminal use the same
 * words. */
#ifndef HARNESS_REPORT_SCENE_TEXT_H
#define HARNESS_REPORT_SCENE_TEXT_H

#include "base/text.h"
#include "harness/analysis/claims.h"
#include "harness/analysis/ranking.h"
#include "harness/report/form.h"

/*
 * Add the pieces of a ranking, as in "mark-sweep-block", "< rc 1.31", "(oom: boehm)", and of its exceptions,
 * as in "rc < boehm,", "leak;", "rc-trial ? boehm"; three and more that stand side by side are "a to c". A line
 * is broken between pieces only.
 */
void scene_text_ranking(const struct claims *claims, const struct claims_scene *scene,
                        const struct ranking *ranking, struct text_list *pieces);
void scene_text_exceptions(const struct claims *claims, const struct ranking *ranking,
                           struct text_list *pieces);

/* Prints the scenes: in text a line for each and one for its exceptions, in Markdown a table. */
void scene_text_print(const struct claims *claims, const struct claims_scene *scenes, size_t count,
                      enum report_form form, FILE *stream);

#endif
