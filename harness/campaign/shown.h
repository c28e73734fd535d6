/* SPDX-License-Identifier: MIT */
/* Says which differences a plan can show before anything is known of its own noise. */
#ifndef HARNESS_CAMPAIGN_SHOWN_H
#define HARNESS_CAMPAIGN_SHOWN_H

#include "harness/statistics/sequential.h"

/*
 * Says on standard output the least difference that nine of ten campaigns claim after `least` blocks, and after
 * `most`, where processes scatter as they did on a quiet machine and on a busy one (recorded-noise.h). The two cells of
 * a pair are taken to scatter alike, and pairs to lend each other what they know of it. One line. O(looks).
 */
void shown_by_recorded_noise(const struct sequential_design *design, size_t least, size_t most);

#endif
