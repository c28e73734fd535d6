/* SPDX-License-Identifier: MIT */
#include "harness/campaign/shown.h"

#include <math.h>
#include <stdio.h>

#include "harness/statistics/recorded-noise.h"

/* Returns the difference in per cent; infinite before the first look. */
static double shown_percent(const struct sequential_design *design, enum recorded_noise noise, size_t blocks)
{
    struct sequential_design lent = *design;
    double deviation = sqrt(2) * recorded_noise_deviation(noise); /* of ln(a / b) */
    lent.prior = (struct prior){design->family < PRIOR_LEAST ? 0 : PRIOR_MOST, deviation};
    return 100 * (sequential_smallest_shown(&lent, deviation, blocks) - 1);
}

void shown_by_recorded_noise(const struct sequential_design *design, size_t least, size_t most)
{
    double quiet = shown_percent(design, RECORDED_NOISE_QUIET, least);
    double busy = shown_percent(design, RECORDED_NOISE_BUSY, least);
    if (!isfinite(quiet)) {
        printf("shows: no difference: %zu block%s too few for a decision\n", least,
               least == 1 ? " is" : "s are");
        return;
    }
    printf("shows: by the noise that was recorded on a quiet machine differences of %.1f%% after %zu blocks",
           quiet, least);
    if (least < most)
        printf(" and of %.1f%% after %zu", shown_percent(design, RECORDED_NOISE_QUIET, most), most);
    printf("; on a busy one of %.1f%%", busy);
    if (least < most)
        printf(" and of %.1f%%", shown_percent(design, RECORDED_NOISE_BUSY, most));
    putchar('\n');
}
