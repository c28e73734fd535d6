/* SPDX-License-Identifier: MIT */
#include "harness/statistics/machines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "harness/statistics/distributions.h"

/* The values of one machine. */
struct machine {
    size_t count;
    double mean, squares; /* the sum of squares is around the mean */
    bool apart;
};

void machines_limit_prior(const struct machines *machines, struct prior *prior)
{
    if (machines_are_several(machines))
        prior->freedom = fmin(prior->freedom, (double)machines->count - 1);
}

void machines_average(const struct machines *machines, const double *values, size_t blocks, double *ret_units)
{
    if (!machines_are_several(machines)) {
        memcpy(ret_units, values, blocks * sizeof(*values));
        return;
    }
    double *counts = memory_new(machines->count, sizeof(*counts));
    for (size_t i = 0; i < machines->count; i++)
        ret_units[i] = 0;
    for (size_t block = 0; block < blocks; block++)
        if (!isnan(values[block])) {
            ret_units[machines->of_block[block]] += values[block];
            counts[machines->of_block[block]]++;
        }
    for (size_t i = 0; i < machines->count; i++)
        ret_units[i] /= counts[i]; /* NaN where both are 0 */
    free(counts);
}

/* Sums up the values of each machine. The result is for free(). */
static struct machine *machines_sum(const struct machines *machines, const double *values, size_t blocks)
{
    struct machine *found = memory_new(machines->count, sizeof(*found));
    for (size_t block = 0; block < blocks; block++) {
        struct machine *machine = &found[machines->of_block[block]];
        if (isnan(values[block]))
            continue;
        double distance = values[block] - machine->mean;
        machine->mean += distance / (double)++machine->count;
        machine->squares += distance * (values[block] - machine->mean);
    }
    return found;
}

/* Whether the machine has values, and is not yet known to be apart. */
static bool is_among(const struct machine *machine)
{
    return machine->count > 0 && !machine->apart;
}

/*
 * Returns how far a machine lies from the mean of `others` more machines. Sets what the standard error of that is, in
 * units of the blocks' standard deviation.
 */
static double machine_distance(const struct machine *found, size_t count, size_t place, double others,
                               double *ret_error)
{
    double mean = 0, variance = 1 / (double)found[place].count;
    for (size_t i = 0; i < count; i++) {
        if (i == place || !is_among(&found[i]))
            continue;
        mean += found[i].mean / others;
        variance += 1 / (double)found[i].count / others / others;
    }
    *ret_error = sqrt(variance);
    return fabs(found[place].mean - mean);
}

/* Returns the machine that is furthest from the others, in standard errors, where it is apart; else `count`. */
static size_t machine_furthest(const struct machine *found, size_t count, double others, double reach,
                               double least)
{
    double most = 0;
    size_t furthest = count;
    for (size_t i = 0; i < count; i++) {
        double error, distance;
        if (!is_among(&found[i]))
            continue;
        distance = machine_distance(found, count, i, others, &error);
        if (distance >= least && distance > reach * error && (furthest == count || distance / error > most)) {
            most = distance / error;
            furthest = i;
        }
    }
    return furthest;
}

/* Returns the number of machines that are not apart. */
static size_t machines_among(const struct machine *found, size_t count)
{
    size_t among = 0;
    for (size_t i = 0; i < count; i++)
        among += is_among(&found[i]);
    return among;
}

/* Marks the machines that are apart; `reach` is how far in units of errors is too far for chance. */
static void machines_mark(struct machine *found, size_t count, double reach, double least)
{
    for (size_t among; (among = machines_among(found, count)) > 1;) {
        size_t furthest = machine_furthest(found, count, (double)(among - 1), reach, least);
        if (furthest == count)
            return;
        for (size_t i = 0; i < count; i++)
            found[i].apart = found[i].apart || i == furthest || (among == 2 && found[i].count > 0);
    }
}

size_t machines_find_apart(const struct machines *machines, const double *values, size_t blocks, double level,
                           double least, bool *ret_apart)
{
    double freedom = 0, squares = 0;
    size_t apart = 0;
    if (!machines_are_several(machines))
        return 0;
    struct machine *found = machines_sum(machines, values, blocks);
    for (size_t i = 0; i < machines->count; i++) {
        freedom += found[i].count ? (double)found[i].count - 1 : 0;
        squares += found[i].squares;
    }
    if (freedom > 0)
        machines_mark(found, machines->count,
                      distributions_t_quantile(level / (2 * (double)machines->count), freedom) *
                          sqrt(squares / freedom),
                      least);
    for (size_t i = 0; i < machines->count; i++) {
        ret_apart[i] = found[i].apart;
        apart += found[i].apart;
    }
    free(found);
    return apart;
}
