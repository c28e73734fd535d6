/* SPDX-License-Identifier: MIT */
#include "harness/report/figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/quantile.h"

/*
 * Writes three significant digits, and always the whole part; of what is below a tenth two, as 0.00 would say that it
 * is nothing.
 */
static int figure_digits(char *ret_text, size_t size, double value)
{
    enum { MOST = 6 };
    int decimals = fabs(value) < 9.995 ? 2 : fabs(value) < 99.95 ? 1 : 0;
    if (value != 0 && fabs(value) < 0.0995)
        decimals = (int)fmin(MOST, 1 - floor(log10(fabs(value))));
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

static const char *const figure_sizes[5] = {"B", "kB", "MB", "GB", "TB"};
static const char *const figure_times[5] = {"ns", "µs", "ms", "s", "ks"};

/* Returns the unit, of five that are a thousand apart, in which a value has one to three digits. */
static struct figure_unit figure_unit_scaled(double value, const char *const units[5])
{
    int place = 0;
    double step = 1;
    for (; place < 4 && fabs(value) >= 1000 * step; place++)
        step *= 1000;
    return (struct figure_unit){step, units[place]};
}

static void figure_scaled(double value, const char *const units[5], char ret_text[FIGURE_TEXT])
{
    struct figure_unit unit = figure_unit_scaled(value, units);
    if (isnan(value)) {
        snprintf(ret_text, FIGURE_TEXT, "n/a");
        return;
    }
    value /= unit.step;
    int length = unit.step == 1 && value == floor(value) ? snprintf(ret_text, FIGURE_TEXT, "%.0f", value)
                                                         : figure_digits(ret_text, FIGURE_TEXT, value);
    if (value != 0)
        snprintf(ret_text + length, FIGURE_TEXT - (size_t)length, " %s", unit.name);
}

void figure_bytes(double bytes, char ret_text[FIGURE_TEXT])
{
    figure_scaled(bytes, figure_sizes, ret_text);
}

void figure_time(double ns, char ret_text[FIGURE_TEXT])
{
    figure_scaled(ns, figure_times, ret_text);
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

struct figure_unit figure_unit_of(enum run_metric metric, const double *values, size_t count)
{
    const char *unit = run_metric_names[metric].unit;
    double middle = fabs(quantile_median(values, count));
    if (strcmp(unit, "ns") == 0)
        return figure_unit_scaled(middle, figure_times);
    if (strcmp(unit, "bytes") == 0)
        return figure_unit_scaled(middle, figure_sizes);
    return (struct figure_unit){1, ""};
}

void figure_in_unit(double value, enum run_metric metric, struct figure_unit unit, char ret_text[FIGURE_TEXT])
{
    if (unit.step == 0)
        figure_of_metric(value, metric, ret_text);
    else if (isnan(value))
        snprintf(ret_text, FIGURE_TEXT, "n/a");
    else if (fabs(value) < 0.0995 * unit.step)
        snprintf(ret_text, FIGURE_TEXT, "%.2g", value / unit.step);
    else
        figure_digits(ret_text, FIGURE_TEXT, value / unit.step);
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
