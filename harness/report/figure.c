/* SPDX-License-Identifier: MIT */
#include "harness/report/figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Writes three significant digits, and always the whole part. */
static int figure_digits(char *ret_text, size_t size, double value)
{
    int decimals = fabs(value) < 9.995 ? 2 : fabs(value) < 99.95 ? 1 : 0;
    return snprintf(ret_text, size, "%.*f", decimals, value);
}

void figure_ratio(double ratio, char ret_text[FIGURE_TEXT])
{
    if (isnan(ratio))
        snprintf(ret_text, FIGURE_TEXT, "n/a");
    else if (isinf(ratio))
        snprintf(ret_text, FIGURE_TEXT, "n/a (over 0)");
    else
        figure_digits(ret_text, FIGURE_TEXT, ratio);
}

static void figure_scaled(double value, double step, const char *const units[5], char ret_text[FIGURE_TEXT])
{
    int unit = 0;
    if (isnan(value)) {
        snprintf(ret_text, FIGURE_TEXT, "n/a");
        return;
    }
    while (unit < 4 && fabs(value) >= step) {
        value /= step;
        unit++;
    }
    int length = unit == 0 && value == floor(value) ? snprintf(ret_text, FIGURE_TEXT, "%.0f", value)
                                                    : figure_digits(ret_text, FIGURE_TEXT, value);
    if (value != 0)
        snprintf(ret_text + length, FIGURE_TEXT - (size_t)length, " %s", units[unit]);
}

void figure_bytes(double bytes, char ret_text[FIGURE_TEXT])
{
    static const char *const units[5] = {"B", "kB", "MB", "GB", "TB"};
    figure_scaled(bytes, 1000, units, ret_text);
}

void figure_time(double ns, char ret_text[FIGURE_TEXT])
{
    static const char *const units[5] = {"ns", "µs", "ms", "s", "ks"};
    figure_scaled(ns, 1000, units, ret_text);
}

/* Writes the end of an interval that has one. */
static void figure_end(double high, void (*write)(double, char *), char ret_text[FIGURE_TEXT])
{
    if (isinf(high))
        snprintf(ret_text, FIGURE_TEXT, "no end");
    else
        write(high, ret_text);
}

void figure_interval(struct bootstrap_interval interval, char ret_text[FIGURE_TEXT])
{
    char low[FIGURE_TEXT], high[FIGURE_TEXT];
    ret_text[0] = '\0';
    if (!isfinite(interval.low) || isnan(interval.high) || (interval.low == 1 && interval.high == 1))
        return;
    figure_ratio(interval.low, low);
    figure_end(interval.high, figure_ratio, high);
    snprintf(ret_text, FIGURE_TEXT, "%.28s–%.28s", low, high);
}

void figure_fine_ratio(double ratio, char ret_text[FIGURE_TEXT])
{
    if (fabs(ratio) < 9.9995)
        snprintf(ret_text, FIGURE_TEXT, "%.3f", ratio);
    else
        figure_ratio(ratio, ret_text);
}

void figure_fine_interval(struct bootstrap_interval interval, char ret_text[FIGURE_TEXT])
{
    char low[FIGURE_TEXT], high[FIGURE_TEXT];
    ret_text[0] = '\0';
    if (!isfinite(interval.low) || isnan(interval.high))
        return;
    figure_fine_ratio(interval.low, low);
    figure_end(interval.high, figure_fine_ratio, high);
    snprintf(ret_text, FIGURE_TEXT, "%.28s–%.28s", low, high);
}

void figure_of_metric(double value, enum run_metric metric, char ret_text[FIGURE_TEXT])
{
    const char *unit = run_metric_names[metric].unit;
    if (strcmp(unit, "ns") == 0)
        figure_time(value, ret_text);
    else if (strcmp(unit, "bytes") == 0)
        figure_bytes(value, ret_text);
    else if (isnan(value))
        snprintf(ret_text, FIGURE_TEXT, "n/a");
    else
        snprintf(ret_text, FIGURE_TEXT, "%.6g", value);
}

json_t *figure_json(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

const char *figure_mark(enum run_role role)
{
    return role == RUN_FLOOR ? "‡" : role == RUN_LEAKS ? "†" : "";
}

const char *figure_cell_mark(const struct run_cell *cell)
{
    static const char *const not_warm[] = {[RUN_RECLAIMS] = "°", [RUN_LEAKS] = "†°", [RUN_FLOOR] = "‡°"};
    return cell->not_warm ? not_warm[cell->role] : figure_mark(cell->role);
}
