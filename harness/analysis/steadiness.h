/* SPDX-License-Identifier: MIT */
/*
 * Whether a process was steady: whether its memory, its collections and the gaps between them changed over the last
 * half of its run. A figure of a process that was not holds for its length alone.
 *
 * Each of the four is a series of points in time:
 *
 *      heap, resident      the highest sample between two collections; without any collection, each sample
 *      pauses              how long each collection took
 *      gaps                how long the program ran before each collection
 *
 * Its change is the slope by Theil and Sen times the length of the half, over the mean of the half. A series is steady
 * where the interval of the slope holds 0, or the change is below 1%. One of few points says nothing.
 */
#ifndef HARNESS_ANALYSIS_STEADINESS_H
#define HARNESS_ANALYSIS_STEADINESS_H

#include "harness/results/events.h"
#include "harness/results/timelines.h"

enum steadiness_series {
    STEADINESS_HEAP,
    STEADINESS_RESIDENT,
    STEADINESS_PAUSES,
    STEADINESS_GAPS,
    STEADINESS_SERIES,
};

enum steadiness_verdict { STEADINESS_UNKNOWN, STEADINESS_STEADY, STEADINESS_RISES, STEADINESS_FALLS };

struct steadiness_change {
    size_t points;            /* of the series in the half, before neighbours are joined */
    double change, low, high; /* shares of the mean: 0.1 where a tenth was added; NaN: not known */
    enum steadiness_verdict verdict;
};

struct steadiness {
    struct steadiness_change series[STEADINESS_SERIES];
};

/*
 * Judges a process by its raw pauses and its samples of the heap, both in the order of time. Cascades and slices are no
 * collections. The run ends with the last sample. Of more than 200 points neighbours are joined, so that each of 200 is
 * a mean. O(events + samples), and the slopes of 200 points.
 */
struct steadiness steadiness_find(const struct events *events, const struct timeline *timeline);

/* The verdict on all series together: steady where one is known, and each that is known is steady; unknown where none is.
 * Otherwise that of the first series that is not steady. */
enum steadiness_verdict steadiness_verdict(const struct steadiness *steadiness);

#endif
