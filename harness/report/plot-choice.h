/* SPDX-License-Identifier: MIT */
/*
 * What charts show of a run: all of its workloads and collectors, or those that the user chose. A chart knows each by
 * its place among those that it shows, and all that is written for gnuplot has these places.
 */
#ifndef HARNESS_REPORT_PLOT_CHOICE_H
#define HARNESS_REPORT_PLOT_CHOICE_H

#include <stdint.h>

#include "harness/analysis/growth.h"
#include "harness/analysis/run.h"

/* The place of what is not shown. */
#define PLOT_NOT_SHOWN SIZE_MAX

/* Those of one list of the run that are shown. */
struct plot_chosen {
    size_t *places; /* in the run, ascending */
    size_t count;
    size_t *at; /* of each measured one of the list: its place among those shown, or PLOT_NOT_SHOWN */
    size_t measured;
};

struct plot_choice {
    struct plot_chosen works, configs;
    bool given; /* the user chose, if only all there is */
};

/*
 * Makes the choice of what is true in `works` and in `configs`, which have an entry for each measured one of the run's
 * lists. NULL: all, because nobody chose. The caller ends with plot_choice_free(). O(works + configs).
 */
void plot_choice_make(const struct run *run, const bool *works, const bool *configs,
                      struct plot_choice *ret_choice);
void plot_choice_free(struct plot_choice *choice);

static inline bool plot_chosen_is_part(const struct plot_chosen *chosen)
{
    return chosen->count < chosen->measured;
}

/* Returns the place of `place` of the run among those shown; PLOT_NOT_SHOWN also beyond the measured ones. O(1). */
static inline size_t plot_chosen_at(const struct plot_chosen *chosen, size_t place)
{
    return place < chosen->measured ? chosen->at[place] : PLOT_NOT_SHOWN;
}

/* Whether all sizes of a family are shown: the exponent of fewer would be another. O(sizes). */
bool plot_choice_has_family(const struct plot_choice *choice, const struct growth_family *family);

/*
 * Writes the places of collectors' lines among those that time over space shows, by their places in the run
 * (tables_curve()): PLOT_NOT_SHOWN where no config of a collector is shown. `ret_at` has room for a place for each measured
 * config. O(configs^3 x cells).
 */
void plot_choice_curves(const struct run *run, const struct plot_choice *choice, size_t *ret_at);

#endif
