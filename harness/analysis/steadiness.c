/* SPDX-License-Identifier: MIT */
#include "harness/analysis/steadiness.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "harness/statistics/slope.h"

/* Points from which on a series says something, and points that are compared at most. */
enum { STEADINESS_LEAST = 8, STEADINESS_MOST = 200 };

static const double STEADINESS_LEVEL = 0.95, STEADINESS_CHANGE = 0.01;

/* Points in the order of time. */
struct series {
    double *times, *values;
    size_t count;
};

static struct series series_new(size_t most)
{
    return (struct series){memory_new(most, sizeof(double)), memory_new(most, sizeof(double)), 0};
}

static void series_free(struct series *series)
{
    free(series->times);
    free(series->values);
}

static void series_add(struct series *series, int64_t time_ns, int64_t value)
{
    series->times[series->count] = (double)time_ns;
    series->values[series->count++] = (double)value;
}

static double mean_of(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum / (double)count;
}

/* Joins neighbours where there are more than STEADINESS_MOST points: each that is left is the mean of its stretch. */
static void series_join(struct series *series)
{
    size_t stretches = series->count < STEADINESS_MOST ? series->count : STEADINESS_MOST;
    for (size_t i = 0; i < stretches; i++) {
        size_t first = i * series->count / stretches, past = (i + 1) * series->count / stretches;
        series->times[i] = mean_of(series->times + first, past - first);
        series->values[i] = mean_of(series->values + first, past - first);
    }
    series->count = stretches;
}

static enum steadiness_verdict verdict_of(const struct steadiness_change *change)
{
    if ((change->low <= 0 && change->high >= 0) || fabs(change->change) < STEADINESS_CHANGE)
        return STEADINESS_STEADY;
    return change->change > 0 ? STEADINESS_RISES : STEADINESS_FALLS;
}

/* Judges a series over a half of `length_ns`. A series of zeros is steady. */
static struct steadiness_change series_judge(struct series *series, double length_ns)
{
    struct steadiness_change change = {series->count, NAN, NAN, NAN, STEADINESS_UNKNOWN};
    if (series->count < STEADINESS_LEAST)
        return change;
    series_join(series);
    double mean = mean_of(series->values, series->count);
    struct slope slope = slope_find(series->times, series->values, series->count, STEADINESS_LEVEL);
    double factor = mean > 0 ? length_ns / mean : 0;
    if (isnan(slope.slope))
        return change;
    change.change = slope.slope * factor;
    change.low = slope.low * factor;
    change.high = slope.high * factor;
    change.verdict = verdict_of(&change);
    return change;
}

/* ---- the series of the half that begins at `half_ns` ---- */

static bool is_collection(const struct event *event)
{
    return event->kind == EVENT_FULL || event->kind == EVENT_YOUNG;
}

/* The lengths of the collections that begin in the half, or the times that the program had before them. */
static struct series collections_series(const struct events *events, int64_t half_ns, bool gaps)
{
    struct series series = series_new(events->count);
    int64_t last_end_ns = -1;
    for (size_t i = 0; i < events->count; i++) {
        const struct event *event = &events->rows[i];
        if (!is_collection(event))
            continue;
        if (event->begin_ns >= half_ns && (!gaps || last_end_ns >= 0))
            series_add(&series, event->begin_ns,
                       gaps ? event->begin_ns - last_end_ns : event->end_ns - event->begin_ns);
        last_end_ns = event->end_ns;
    }
    return series;
}

static int64_t level_of(const struct timeline_point *point, bool resident)
{
    return resident ? point->rss_bytes : point->heap_bytes;
}

/* Each sample in the half. */
static struct series samples_series(const struct timeline *timeline, int64_t half_ns, bool resident)
{
    struct series series = series_new(timeline->count);
    for (size_t i = 0; i < timeline->count; i++)
        if (timeline->rows[i].time_ns >= half_ns)
            series_add(&series, timeline->rows[i].time_ns, level_of(&timeline->rows[i], resident));
    return series;
}

/* The highest sample before each collection that begins in the half, since the collection before it. */
static struct series peaks_series(const struct events *events, const struct timeline *timeline,
                                  int64_t half_ns, bool resident)
{
    struct series series = series_new(events->count);
    size_t at = 0;
    for (size_t i = 0; i < events->count; i++) {
        const struct event *event = &events->rows[i];
        int64_t peak = -1;
        if (!is_collection(event))
            continue;
        for (; at < timeline->count && timeline->rows[at].time_ns <= event->begin_ns; at++)
            if (level_of(&timeline->rows[at], resident) > peak)
                peak = level_of(&timeline->rows[at], resident);
        if (peak >= 0 && event->begin_ns >= half_ns)
            series_add(&series, event->begin_ns, peak);
    }
    return series;
}

static bool has_collections(const struct events *events)
{
    for (size_t i = 0; i < events->count; i++)
        if (is_collection(&events->rows[i]))
            return true;
    return false;
}

static struct series memory_series(const struct events *events, const struct timeline *timeline,
                                   int64_t half_ns, bool resident)
{
    return has_collections(events) ? peaks_series(events, timeline, half_ns, resident)
                                   : samples_series(timeline, half_ns, resident);
}

struct steadiness steadiness_find(const struct events *events, const struct timeline *timeline)
{
    struct steadiness steadiness;
    int64_t end_ns = timeline->count ? timeline->rows[timeline->count - 1].time_ns : 0;
    int64_t half_ns = end_ns / 2;
    struct series series[STEADINESS_SERIES] = {
        [STEADINESS_HEAP] = memory_series(events, timeline, half_ns, false),
        [STEADINESS_RESIDENT] = memory_series(events, timeline, half_ns, true),
        [STEADINESS_PAUSES] = collections_series(events, half_ns, false),
        [STEADINESS_GAPS] = collections_series(events, half_ns, true),
    };
    for (int i = 0; i < STEADINESS_SERIES; i++) {
        steadiness.series[i] = series_judge(&series[i], (double)(end_ns - half_ns));
        series_free(&series[i]);
    }
    return steadiness;
}

enum steadiness_verdict steadiness_verdict(const struct steadiness *steadiness)
{
    enum steadiness_verdict verdict = STEADINESS_UNKNOWN;
    for (int i = 0; i < STEADINESS_SERIES; i++) {
        enum steadiness_verdict one = steadiness->series[i].verdict;
        if (one == STEADINESS_RISES || one == STEADINESS_FALLS)
            return one;
        if (one == STEADINESS_STEADY)
            verdict = one;
    }
    return verdict;
}
