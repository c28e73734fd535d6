/* SPDX-License-Identifier: MIT */
#ifndef COLLECTORS_SUPPORT_COUNT_CASCADE_CUTOFF_H
#define COLLECTORS_SUPPORT_COUNT_CASCADE_CUTOFF_H

#include "collectors/boundaries.h"

/*
 * The number of objects that a cascade frees before it reads the clock. To read the clock at each decrement
 * would distort the measurement. The time below the cutoff is estimated, and published beside the figures.
 */
enum { CASCADE_CLOCK_AFTER = 64 };

static const struct gc_boundary cascade_boundaries[] = {
    GC_BOUNDARY(OBJECTS, CASCADE_CLOCK_AFTER),
    GC_BOUNDARY_END,
};

#endif
