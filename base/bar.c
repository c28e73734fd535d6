/* SPDX-License-Identifier: MIT */
#include "base/bar.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/terminal.h"

enum sign { FULL, DARK, LIGHT, BLANK, AXIS, BELOW, ABOVE, SIGNS };

static const char *const signs[2][SIGNS] = {
    {"#", "=", "-", " ", "|", "<", ">"},
    {"█", "▓", "░", " ", "│", "←", "→"},
};

/* Columns for each label of an axis, its distance from the next one included. */
enum { LABEL_COLUMNS = 10, LABEL_GAP = 2, LABEL_SIZE = 32 };

const char *const *bar_signs(bool utf8)
{
    return signs[utf8];
}

/* ---- the scale ---- */

/* Where a value stands on a scale of equal steps. */
static double place_of(bool logarithmic, double value)
{
    return !logarithmic ? value : value > 0 ? log(value) : -INFINITY;
}

static double value_at(bool logarithmic, double place)
{
    return logarithmic ? exp(place) : place;
}

/* Makes room for an end of an interval, as far as `most`. */
static void reach_take(double end, double least, double most, double *low, double *high)
{
    if (!isfinite(end))
        return;
    *low = fmin(*low, fmax(end, least));
    *high = fmax(*high, fmin(end, most));
}

/* The length that a scale has at least, by its origin. */
static double length_least(bool logarithmic, double origin)
{
    return logarithmic ? log(1.1) : origin != 0 ? fabs(origin) / 10 : 0;
}

struct bar_scale bar_scale_make(const struct bar *bars, size_t count, double origin, bool logarithmic,
                                size_t columns)
{
    double start = place_of(logarithmic, origin), low = start, high = start;
    for (size_t i = 0; i < count; i++) {
        double place = place_of(logarithmic, bars[i].value);
        low = isfinite(place) ? fmin(low, place) : low;
        high = isfinite(place) ? fmax(high, place) : high;
    }
    double half = fmax(high - low, length_least(logarithmic, origin)) / 2;
    double least = low - half, most = high + half;
    for (size_t i = 0; i < count; i++) {
        reach_take(place_of(logarithmic, bars[i].low), least, most, &low, &high);
        reach_take(place_of(logarithmic, bars[i].high), least, most, &low, &high);
    }
    high = fmax(high, low + length_least(logarithmic, origin));
    if (high <= low)
        high = low + 1;
    return (struct bar_scale){.low = value_at(logarithmic, low),
                              .high = value_at(logarithmic, high),
                              .origin = origin,
                              .logarithmic = logarithmic,
                              .utf8 = terminal_has_utf8(),
                              .columns = columns};
}

/* Returns the column of a value: the nearest one of the scale. */
static long column_of(const struct bar_scale *scale, double value)
{
    double low = place_of(scale->logarithmic, scale->low), high = place_of(scale->logarithmic, scale->high);
    double share = (place_of(scale->logarithmic, value) - low) / (high - low);
    return lround(fmin(fmax(share, 0), 1) * (double)(scale->columns - 1));
}

/* ---- a bar ---- */

/*
 * A bar's columns, counted from where bars begin, and upwards in the direction in which the bar goes. `near` may be
 * negative: the interval holds the origin.
 */
struct extent {
    long origin, direction; /* a column of the scale; 1 or -1 */
    long near, value, far;
    bool drawn;
};

static struct extent extent_of(const struct bar_scale *scale, struct bar bar)
{
    bool up = bar.value >= scale->origin, whole = !isnan(bar.low) && !isnan(bar.high);
    double near = up ? bar.low : bar.high, far = up ? bar.high : bar.low;
    struct extent extent = {.origin = column_of(scale, scale->origin), .direction = up ? 1 : -1};
    if (isnan(bar.value))
        return extent;
    extent.drawn = true;
    extent.value = (column_of(scale, bar.value) - extent.origin) * extent.direction;
    extent.near = whole ? (column_of(scale, near) - extent.origin) * extent.direction : extent.value;
    extent.far = whole ? (column_of(scale, far) - extent.origin) * extent.direction : extent.value;
    return extent;
}

static enum sign sign_at(const struct extent *extent, long column)
{
    long at = (column - extent->origin) * extent->direction;
    if (at == 0)
        return AXIS;
    if (!extent->drawn)
        return BLANK;
    if (at > 0 && at <= extent->value)
        return at <= extent->near ? FULL : DARK;
    if (at > 0)
        return at <= extent->far ? LIGHT : BLANK;
    return at >= extent->near ? LIGHT : BLANK;
}

/* Whether the bar or its interval ends beyond the scale, by more than rounding. */
static bool is_beyond(const struct bar_scale *scale, struct bar bar, bool above)
{
    double end = above ? fmax(bar.value, bar.high) : fmin(bar.value, bar.low);
    double slack = 1e-9 * (fabs(scale->high) + fabs(scale->low));
    if (isnan(bar.value))
        return false;
    return above ? end > scale->high + slack : end < scale->low - slack;
}

char *bar_draw(const struct bar_scale *scale, struct bar bar)
{
    char *text, *at;
    if (scale->columns == 0)
        return memory_new(1, 1);
    struct extent extent = extent_of(scale, bar);
    text = at = memory_new(scale->columns * strlen("█") + 1, 1);
    for (size_t i = 0; i < scale->columns; i++) {
        enum sign sign = sign_at(&extent, (long)i);
        if (i == 0 && is_beyond(scale, bar, false))
            sign = BELOW;
        if (i + 1 == scale->columns && is_beyond(scale, bar, true))
            sign = ABOVE;
        at = stpcpy(at, signs[scale->utf8][sign]);
    }
    return text;
}

/* ---- the axis ---- */

/* Puts a label above its column, if that and its neighbours are free. Returns whether it did. */
static bool label_put(const struct bar_scale *scale, double value, char *line)
{
    char label[LABEL_SIZE];
    size_t length = (size_t)snprintf(label, sizeof(label), "%g", value + 0.0); /* no "-0" */
    if (length > scale->columns)
        return false;
    size_t column = (size_t)column_of(scale, value), last = scale->columns - length;
    size_t first = column < length / 2 ? 0 : column - length / 2;
    first = first < last ? first : last;
    size_t from = first < LABEL_GAP ? 0 : first - LABEL_GAP, past = first + length + LABEL_GAP;
    for (size_t i = from; i < past && i < scale->columns; i++)
        if (line[i] != ' ')
            return false;
    memcpy(line + first, label, length);
    return true;
}

/* Returns the least of 1, 2, 5 and 10, times a power of ten, that is no less than the number, which is above 0. */
static double step_round(double number)
{
    double power = pow(10, floor(log10(number))), digit = number / power;
    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
}

static void labels_put_evenly(const struct bar_scale *scale, char *line)
{
    double labels = fmax(1, (double)scale->columns / LABEL_COLUMNS);
    double step = step_round((scale->high - scale->low) / labels);
    for (double i = ceil(scale->low / step - 1e-9); i * step <= scale->high * (1 + 1e-9); i++)
        label_put(scale, i * step, line);
}

/* Powers of ten first; then what divides them evenly, as far as there is room. */
static void labels_put_by_powers(const struct bar_scale *scale, char *line)
{
    static const double digits[] = {1, 2, 5, 3, 1.5, 7};
    for (size_t i = 0; i < sizeof(digits) / sizeof(*digits); i++)
        for (double power = floor(log10(scale->low)); power <= ceil(log10(scale->high)); power++) {
            double value = digits[i] * pow(10, power);
            if (value >= scale->low && value <= scale->high)
                label_put(scale, value, line);
        }
}

char *bar_axis(const struct bar_scale *scale)
{
    enum { WIDE = 4 }; /* from this ratio on the labels of a logarithmic scale are not in even steps */
    char *line = memory_new(scale->columns + 1, 1);
    if (scale->columns == 0)
        return line;
    memset(line, ' ', scale->columns);
    label_put(scale, scale->origin, line);
    if (scale->logarithmic && scale->high > WIDE * scale->low)
        labels_put_by_powers(scale, line);
    else
        labels_put_evenly(scale, line);
    return line;
}
