/* SPDX-License-Identifier: MIT */
/*
 * How a cost grows with the size of the input, where a run has a workload at several sizes.
 *
 * Works of one workload are a family where one option alone tells them apart, and that is a number. The size of a
 * work is the bytes that it allocates, under the collector under which these are fewest. What a collector adds to an
 * object is no part of the input. A work that allocates the same, and keeps more of it, is no larger: such works are
 * no family.
 *
 * The exponent of a collector is the slope of the least-squares line through ln(cost) over ln(size): 1 where the cost
 * is in proportion to the size. Each block has a slope of its own. The exponent is their mean, with Student's
 * interval.
 */
#ifndef HARNESS_ANALYSIS_GROWTH_H
#define HARNESS_ANALYSIS_GROWTH_H

#include "harness/analysis/run.h"

/* A family has so many sizes at least, and each is so many times the one before at least. */
enum { GROWTH_SIZES = 3 };
#define GROWTH_APART 1.25

struct growth_size {
    size_t work;
    double bytes;
};

struct growth_family {
    const char *workload;      /* the run's */
    struct growth_size *sizes; /* the smallest first */
    size_t count;
};

struct growth {
    struct growth_family *families; /* in the order of the run */
    size_t count;
};

/* Finds the families of a setting, for growth_free(). O(works² x (options + cells)). */
void growth_make(const struct run *run, size_t setting, struct growth *ret_growth);
void growth_free(struct growth *growth);

struct growth_exponent {
    double exponent;                    /* NaN with fewer than GROWTH_SIZES figures in each block */
    struct bootstrap_interval interval; /* 95%; NaN at both ends with fewer than two blocks */
};

/* Returns how a metric of a config grows over the sizes of the family. O(sizes x (cells + blocks)). */
struct growth_exponent growth_exponent_of(const struct run *run, const struct growth_family *family,
                                          size_t setting, size_t config, enum run_metric metric);

#endif
