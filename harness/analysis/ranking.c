/* SPDX-License-Identifier: MIT */
#include "harness/analysis/ranking.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

const char *ranking_sign(enum sequential_verdict verdict)
{
    static const char *const signs[CLAIMS_VERDICTS] = {[SEQUENTIAL_UNDECIDED] = "?",
                                                       [SEQUENTIAL_LESS] = "<",
                                                       [SEQUENTIAL_MORE] = ">",
                                                       [SEQUENTIAL_EQUAL] = "=",
                                                       [SEQUENTIAL_BLANK] = "n/a"};
    return signs[verdict];
}

/* Returns what the signs between two places tell of them. */
static enum sequential_verdict ranking_told(const struct ranking *ranking, size_t left, size_t right)
{
    bool all_equal = true;
    if (right == left + 1)
        return ranking->signs[left];
    for (size_t i = left; i < right; i++) {
        if (ranking->signs[i] == SEQUENTIAL_LESS)
            return SEQUENTIAL_LESS;
        all_equal &= ranking->signs[i] == SEQUENTIAL_EQUAL;
    }
    return all_equal ? SEQUENTIAL_EQUAL : SEQUENTIAL_UNDECIDED;
}

static void ranking_set_ratios(const struct claims *claims, struct ranking *ranking)
{
    while (ranking->best < ranking->count && ranking->cells[ranking->best]->role != RUN_RECLAIMS)
        ranking->best++;
    for (size_t i = 0; i < ranking->count; i++)
        ranking->ratios[i] = ranking->best < ranking->count
                                 ? claims_estimate(claims->run, ranking->cells[i],
                                                   ranking->cells[ranking->best], claims->metric)
                                 : NAN;
}

/* Changes the places of a cell and the one before it. */
static void ranking_swap(struct ranking *ranking, size_t place)
{
    const struct run_cell *cell = ranking->cells[place];
    double ratio = ranking->ratios[place];
    ranking->cells[place] = ranking->cells[place - 1];
    ranking->ratios[place] = ranking->ratios[place - 1];
    ranking->cells[place - 1] = cell;
    ranking->ratios[place - 1] = ratio;
    if (ranking->best == place || ranking->best + 1 == place)
        ranking->best = ranking->best == place ? place - 1 : place;
}

/* Sorts by the ratios. What has none stays where it is. */
static void ranking_sort(struct ranking *ranking)
{
    for (size_t i = 1; i < ranking->count; i++)
        for (size_t place = i; place > 0 && ranking->ratios[place - 1] > ranking->ratios[place]; place--)
            ranking_swap(ranking, place);
}

/* Lists the exceptions of a place that have the verdict. */
static void ranking_except(const struct claims *claims, struct ranking *ranking, size_t left,
                           enum sequential_verdict verdict)
{
    for (size_t right = left + 2; right < ranking->count; right++) {
        struct sequential_result result = claims_between(claims, ranking->cells[left], ranking->cells[right]);
        if (result.verdict == verdict && verdict != ranking_told(ranking, left, right))
            ranking->exceptions[ranking->exception_count++] =
                (struct ranking_exception){left, right, verdict};
    }
}

void ranking_make(const struct claims *claims, const struct claims_scene *scene, struct ranking *ret_ranking)
{
    struct ranking ranking = {0};
    ranking.cells = memory_new(claims->run->cell_count, sizeof(const struct run_cell *));
    ranking.count = claims_order(claims, scene, ranking.cells);
    ranking.ratios = memory_new(ranking.count, sizeof(*ranking.ratios));
    ranking.signs = memory_new(ranking.count, sizeof(*ranking.signs));
    ranking.exceptions = memory_new(ranking.count * ranking.count, sizeof(*ranking.exceptions));
    ranking_set_ratios(claims, &ranking);
    ranking_sort(&ranking);
    for (size_t i = 0; i + 1 < ranking.count; i++)
        ranking.signs[i] = claims_between(claims, ranking.cells[i], ranking.cells[i + 1]).verdict;
    for (size_t i = 0; i < ranking.count; i++)
        for (int verdict = 0; verdict < CLAIMS_VERDICTS; verdict++)
            ranking_except(claims, &ranking, i, (enum sequential_verdict)verdict);
    *ret_ranking = ranking;
}

void ranking_fini(struct ranking *ranking)
{
    free(ranking->cells);
    free(ranking->ratios);
    free(ranking->signs);
    free(ranking->exceptions);
    *ranking = (struct ranking){0};
}
