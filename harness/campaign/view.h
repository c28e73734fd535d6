/* SPDX-License-Identifier: MIT */
/*
 * The live view of a campaign, for a terminal:
 *
 *     block 7 of 24 at most; 4 min 12 s used, 26 min left at most
 *                     # differ = equal - undecided
 *     all comparisons |##########====-------------------- 42 of 91
 *     dom-tree        |###------------------------------- 3 of 21
 *     rings           |###############------------------- 8 of 21
 *     5 workloads more, 4 of them decided
 *     now: rings x rc-trial on glibc
 *
 * It is drawn before a process. While one is measured it is drawn after ten seconds without a word, which says why. Workloads of which most is undecided come first.
 * In a fixed design nothing is decided before the end: the bar is that of its processes.
 */
#ifndef HARNESS_CAMPAIGN_VIEW_H
#define HARNESS_CAMPAIGN_VIEW_H

#include "base/terminal.h"
#include "base/text.h"
#include "harness/campaign/decide.h"
#include "harness/campaign/plan/plan.h"

struct view;

/* Makes a view of these decisions, which must outlive it. For view_free(). O(cells x workloads). */
struct view *view_new(const struct plan *plan, const struct decide *decide);
void view_free(struct view *view);

/* Takes what is decided now. O(pairs). */
void view_count(struct view *view);

/* What is said beside the decisions. */
struct view_now {
    const char *head, *cell; /* how far the run is, and what runs now */
    size_t done, total;      /* processes; total is 0 in a run that adds blocks */
};

/*
 * Adds the lines of the view: plain ones, which fit a terminal of this size and leave two of its rows and two columns
 * free. One line at least. O(workloads log workloads).
 */
void view_lines(const struct view *view, const struct view_now *now, struct terminal_size size,
                struct text_list *ret_lines);

#endif
