/* SPDX-License-Identifier: MIT */
/* Structures that are frozen: what lives, what has died just before, what dies later, and what they hold. */
#ifndef HARNESS_STRESS_FROZEN_H
#define HARNESS_STRESS_FROZEN_H

#include "harness/stress/patterns.h"

enum { FROZEN_SLOTS = 5 };

/* Freezes, or ends a freeze. */
void frozen_turn(struct generator *generator);

/* Builds such a structure, in a frame of at least FROZEN_SLOTS slots from `first` on. Something may be frozen before, and
 * may still be afterwards. */
void frozen_build(struct generator *generator, slot_t first);

#endif
