/* SPDX-License-Identifier: MIT */
#ifndef COLLECTORS_SUPPORT_COUNT_CASCADE_CUTOFF_H
#define COLLECTORS_SUPPORT_COUNT_CASCADE_CUTOFF_H

/*
 * Objects a cascade frees before the clock is started. A clock at each decrement would distort what is
 * measured; the time below the cutoff is estimated and published beside the figures.
 */
enum { CASCADE_CLOCK_AFTER = 64 };

#endif
