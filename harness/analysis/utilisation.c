/* SPDX-License-Identifier: MIT */
#include "harness/analysis/utilisation.h"

#include <stdlib.h>

static int utilisation_compare(const void *left, const void *right)
{
    const struct utilisation_pause *a = left, *b = right;
    return (a->begin_ns > b->begin_ns) - (a->begin_ns < b->begin_ns);
}

size_t utilisation_prepare(struct utilisation_pause *pauses, size_t count, int64_t wall_ns)
{
    size_t kept = 0;
    if (count > 1)
        qsort(pauses, count, sizeof(*pauses), utilisation_compare);
    for (size_t i = 0; i < count; i++) {
        struct utilisation_pause pause = pauses[i];
        pause.begin_ns = pause.begin_ns < 0 ? 0 : pause.begin_ns;
        pause.end_ns = pause.end_ns > wall_ns ? wall_ns : pause.end_ns;
        if (pause.begin_ns >= pause.end_ns)
            continue;
        if (kept == 0 || pause.begin_ns > pauses[kept - 1].end_ns)
            pauses[kept++] = pause;
        else if (pause.end_ns > pauses[kept - 1].end_ns)
            pauses[kept - 1].end_ns = pause.end_ns;
    }
    return kept;
}

/*
 * Pause time up to a moment. Each moment asked for is no earlier than the last: `next` and `whole` stand
 * for the pauses that have ended.
 */
struct utilisation_sum {
    const struct utilisation_pause *pauses;
    size_t count, next;
    int64_t whole; /* ns in the pauses before `next` */
};

static int64_t utilisation_until(struct utilisation_sum *sum, int64_t moment)
{
    for (; sum->next < sum->count && sum->pauses[sum->next].end_ns <= moment; sum->next++)
        sum->whole += sum->pauses[sum->next].end_ns - sum->pauses[sum->next].begin_ns;
    if (sum->next < sum->count && sum->pauses[sum->next].begin_ns < moment)
        return sum->whole + moment - sum->pauses[sum->next].begin_ns;
    return sum->whole;
}

/*
 * Windows that begin with a pause are enough. If the left edge lies outside a pause, sliding the window
 * right to the next pause loses no pause time. If it lies inside a pause, sliding the window left to the
 * beginning of the pause gains at the left edge at least what the right edge loses. A window past the end
 * of the wall time holds no more pause time than the last window that fits.
 */
double utilisation_minimum(const struct utilisation_pause *pauses, size_t count, int64_t wall_ns,
                           int64_t window_ns)
{
    struct utilisation_sum from = {pauses, count, 0, 0}, to = from;
    int64_t worst = 0;
    if (wall_ns <= 0 || window_ns <= 0)
        return 1;
    window_ns = window_ns > wall_ns ? wall_ns : window_ns;
    for (size_t i = 0; i < count; i++) {
        int64_t begin = pauses[i].begin_ns;
        int64_t paused = utilisation_until(&to, begin + window_ns) - utilisation_until(&from, begin);
        worst = paused > worst ? paused : worst;
    }
    return 1 - (double)worst / (double)window_ns;
}
