/* SPDX-License-Identifier: MIT */
#include "harness/report/plot-choice.h"

#include <stdlib.h>

#include "base/memory.h"
#include "harness/report/tables-cell.h"

static void chosen_make(size_t measured, const bool *wanted, struct plot_chosen *ret_chosen)
{
    *ret_chosen = (struct plot_chosen){.places = memory_new(measured + 1, sizeof(size_t)),
                                       .at = memory_new(measured + 1, sizeof(size_t)),
                                       .measured = measured};
    for (size_t place = 0; place < measured; place++) {
        bool shown = !wanted || wanted[place];
        ret_chosen->at[place] = shown ? ret_chosen->count : PLOT_NOT_SHOWN;
        if (shown)
            ret_chosen->places[ret_chosen->count++] = place;
    }
}

void plot_choice_make(const struct run *run, const bool *works, const bool *configs,
                      struct plot_choice *ret_choice)
{
    chosen_make(run->works.measured, works, &ret_choice->works);
    chosen_make(run->configs.measured, configs, &ret_choice->configs);
    ret_choice->given = works || configs;
}

static void chosen_free(struct plot_chosen *chosen)
{
    free(chosen->places);
    free(chosen->at);
    *chosen = (struct plot_chosen){0};
}

void plot_choice_free(struct plot_choice *choice)
{
    chosen_free(&choice->works);
    chosen_free(&choice->configs);
}

bool plot_choice_has_family(const struct plot_choice *choice, const struct growth_family *family)
{
    for (size_t i = 0; i < family->count; i++)
        if (plot_chosen_at(&choice->works, family->sizes[i].work) == PLOT_NOT_SHOWN)
            return false;
    return true;
}

void plot_choice_curves(const struct run *run, const struct plot_choice *choice, size_t *ret_at)
{
    size_t configs = choice->configs.measured, place = 0;
    for (size_t curve = 0; curve < configs; curve++)
        ret_at[curve] = PLOT_NOT_SHOWN;
    for (size_t i = 0; i < choice->configs.count; i++)
        ret_at[tables_curve(run, choice->configs.places[i])] = 0;
    for (size_t curve = 0; curve < configs; curve++)
        if (ret_at[curve] != PLOT_NOT_SHOWN)
            ret_at[curve] = place++;
}
