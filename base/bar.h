/* SPDX-License-Identifier: MIT */
/*
 * Bars made of characters, each with its interval, on one scale. Two of 24 columns, under their axis:
 *
 *               1        1.5
 *     ░░░▓▓▓████│              0.75, from 0.65 to 0.85: it goes to the left of where bars begin
 *               │███████▓▓▓░░░ 1.5, from 1.35 to 1.7
 *
 * A bar is full up to the near end of its interval, dark from there to its value, and light from its value to the
 * far end. What is narrower than a column does not show. An arrow stands for what lies beyond the scale. Where
 * the locale has no UTF-8, the signs are # = - | < >.
 */
#ifndef BASE_BAR_H
#define BASE_BAR_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

/* A value and its interval. The value is NaN: there is none. An end is NaN: there is no interval. */
struct bar {
    double low, value, high;
};

/* Of a value without an interval. */
#define BAR_OF(number) ((struct bar){NAN, (number), NAN})

struct bar_scale {
    double low, high; /* what stands in the first and in the last column */
    double origin;    /* where bars begin, from low to high */
    bool logarithmic; /* low and origin are above 0 then */
    bool utf8;
    size_t columns;
};

/*
 * Returns a scale with room for all values that are finite and for the origin. It holds their intervals, too, up
 * to half of its length beyond the values on either side: one wide interval must not make all bars short. It is
 * no shorter than a tenth of the origin, so that a difference of a hundredth looks small. A logarithmic scale
 * has an origin above 0; values that are not above 0 lie beyond it. O(count).
 */
struct bar_scale bar_scale_make(const struct bar *bars, size_t count, double origin, bool logarithmic,
                                size_t columns);

/* Returns the bar as a text of `columns` columns, which the caller frees. O(columns). */
char *bar_draw(const struct bar_scale *scale, struct bar bar);

/*
 * Returns the labels of the scale, each above its column, as a text of `columns` columns, which the caller
 * frees. The origin has a label before all others; one that has no room is left out. O(columns).
 */
char *bar_axis(const struct bar_scale *scale);

/* Returns the signs of a bar's three parts, in their order: full, dark and light. */
const char *const *bar_signs(bool utf8);

#endif
