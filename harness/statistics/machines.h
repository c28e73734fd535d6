/* SPDX-License-Identifier: MIT */
/*
 * Comparisons whose blocks ran on several machines.
 *
 * A machine has an effect of its own on the ratio of two cells: its caches, its kernel, its memory. All of its blocks
 * share that effect, and no number of them averages it away. So d of block b on machine m is
 *
 *      mean + effect of the machine + scatter of the block
 *
 * where effects and scatter have the mean 0, and variances that are not known. The machine is the unit of replication
 * then, as the block is on one machine: it gives one value, the mean of its d. The mean of these values, in which each
 * machine counts once, has Student's interval, with one degree of freedom fewer than there are machines.
 *
 * That is the interval of random-effects meta-analysis by Hartung and Knapp (Statistics in Medicine 2001) and by Sidik
 * and Jonkman (Statistics in Medicine 2002) for machines of equal weight. It estimates no variance between machines that
 * chance might make 0. With equal weights it holds the truth of normal values at least as often as it states, at levels
 * of 92% and more: however few the machines are, and however unequal their numbers of blocks, their scatter and the
 * variances of their effects (Bakirov and Székely, Journal of Mathematical Sciences 2006; Ibragimov and Müller, Journal of
 * Business and Economic Statistics 2010). By chance the machines may lie closer together than their blocks' scatter allows.
 * So the variance is never less than that which this scatter alone makes (Knapp and Hartung, Statistics in Medicine 2003;
 * Röver, Knapp and Friede, BMC Medical Research Methodology 2015).
 *
 * Comparisons lend each other what they know of how far machines differ (prior.h). But a collector may depend on the
 * machine more than the others, and few machines do not show it. So each is lent as many degrees of freedom as it has
 * itself, at most.
 */
#ifndef HARNESS_STATISTICS_MACHINES_H
#define HARNESS_STATISTICS_MACHINES_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/statistics/prior.h"

/* Which machine each block ran on. With fewer than two machines `of_block` is not read. */
struct machines {
    const size_t *of_block; /* below count */
    size_t count;
};

/* Whether the machine is the unit of replication, and not the block. O(1). */
static inline bool machines_are_several(const struct machines *machines)
{
    return machines->count > 1;
}

/* Returns how many units of replication there are: the machines, or of one machine its blocks. O(1). */
static inline size_t machines_units(const struct machines *machines, size_t blocks)
{
    return machines_are_several(machines) ? machines->count : blocks;
}

/* Limits what other comparisons lend, where there are several machines. O(1). */
void machines_limit_prior(const struct machines *machines, struct prior *prior);

/*
 * Writes the value of each unit of replication: of each machine the mean of its values, NaN where it has none. Of one
 * machine they are the values themselves. O(blocks + machines).
 */
void machines_average(const struct machines *machines, const double *values, size_t blocks,
                      double *ret_units);

/*
 * Finds the machines on which the mean of `values` is another one than on the others: by `least` or more, and by more
 * than the scatter of the blocks explains. Sets a flag for each, and returns how many there are.
 *
 * The machine that is furthest from the mean of the others, in standard errors, is tested first. If it is apart, the
 * others are tested without it. With two left, both are apart or none. Scatter is pooled over the machines; without two
 * blocks on any of them nothing is found. Where all are alike one is found with a chance of `level` at most
 * (Bonferroni). Of one machine it returns 0, and sets no flag. O(blocks + machines^3).
 */
size_t machines_find_apart(const struct machines *machines, const double *values, size_t blocks, double level,
                           double least, bool *ret_apart);

#endif
