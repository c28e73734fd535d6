/* SPDX-License-Identifier: MIT */
#include "harness/report/plot-order.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

/* How far apart two are that have no figure in common: further than any that have. */
#define ORDER_APART 100.0

/* The path is improved so many times at most. A few times are usual. */
enum { ORDER_PASSES = 50 };

struct order {
    const struct normalise_table *table;
    bool of_works;
    size_t count, others;
    double *apart;  /* count x count */
    size_t *places; /* the path so far */
    size_t placed;
};

/* The logarithm of a ratio, or NaN. */
static double order_value(const struct order *order, size_t which, size_t other)
{
    const struct normalise_entry *entry =
        normalise_at(order->table, order->of_works ? which : other, order->of_works ? other : which);
    return entry->cell && entry->ratio > 0 && isfinite(entry->ratio) ? log(entry->ratio) : NAN;
}

/* The mean logarithm; NaN for one without a ratio. */
static double order_level(const struct order *order, size_t which)
{
    double sum = 0;
    size_t count = 0;
    for (size_t other = 0; other < order->others; other++) {
        double value = order_value(order, which, other);
        sum += isnan(value) ? 0 : value;
        count += !isnan(value);
    }
    return count ? sum / (double)count : NAN;
}

static double order_measure(const struct order *order, size_t a, size_t b)
{
    double sum = 0;
    size_t count = 0;
    for (size_t other = 0; other < order->others; other++) {
        double apart = fabs(order_value(order, a, other) - order_value(order, b, other));
        sum += isnan(apart) ? 0 : apart;
        count += !isnan(apart);
    }
    return count ? sum / (double)count : ORDER_APART;
}

/* The distance of two places of the path; 0 where one lies beyond an end. */
static double order_step(const struct order *order, size_t a, size_t b)
{
    return a < order->placed && b < order->placed
               ? order->apart[order->places[a] * order->count + order->places[b]]
               : 0;
}

/* Walks from the one with the smallest ratios always to the nearest that is left. */
static void order_walk(struct order *order)
{
    bool *taken = memory_new(order->count + 1, sizeof(*taken));
    for (size_t step = 0; step < order->count; step++) {
        size_t nearest = order->count;
        double least = INFINITY;
        for (size_t which = 0; which < order->count; which++) {
            double level = order_level(order, which);
            double cost = step ? order->apart[order->places[step - 1] * order->count + which] : level;
            if (taken[which] || isnan(level) || cost >= least)
                continue;
            least = cost;
            nearest = which;
        }
        if (nearest == order->count)
            break;
        taken[nearest] = true;
        order->places[order->placed++] = nearest;
    }
    for (size_t which = 0, past = order->placed; which < order->count; which++)
        if (!taken[which])
            order->places[past++] = which;
    free(taken);
}

static void order_turn(struct order *order, size_t first, size_t last)
{
    for (; first < last; first++, last--) {
        size_t kept = order->places[first];
        order->places[first] = order->places[last];
        order->places[last] = kept;
    }
}

/* Turns each stretch of the path round where that makes it shorter. Returns whether any did. */
static bool order_improve(struct order *order)
{
    bool improved = false;
    for (size_t first = 0; first + 1 < order->placed; first++)
        for (size_t last = first + 1; last < order->placed; last++) {
            double now = order_step(order, first - 1, first) + order_step(order, last, last + 1);
            double turned = order_step(order, first - 1, last) + order_step(order, first, last + 1);
            if (turned >= now - 1e-9)
                continue;
            order_turn(order, first, last);
            improved = true;
        }
    return improved;
}

static void order_make(struct order *order)
{
    order->apart = memory_new(order->count * order->count + 1, sizeof(*order->apart));
    for (size_t a = 0; a < order->count; a++)
        for (size_t b = 0; b < order->count; b++)
            order->apart[a * order->count + b] = order_measure(order, a, b);
    order_walk(order);
    for (int pass = 0; pass < ORDER_PASSES && order_improve(order); pass++)
        ;
    size_t last = order->placed - 1;
    if (order->placed > 1 && order_level(order, order->places[0]) > order_level(order, order->places[last]))
        order_turn(order, 0, last);
    free(order->apart);
}

void plot_order(const struct normalise_table *table, size_t works, size_t configs, size_t *ret_works,
                size_t *ret_configs)
{
    struct order of_works = {
        .table = table, .of_works = true, .count = works, .others = configs, .places = ret_works};
    struct order of_configs = {.table = table, .count = configs, .others = works, .places = ret_configs};
    order_make(&of_works);
    order_make(&of_configs);
}
