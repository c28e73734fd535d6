/* SPDX-License-Identifier: MIT */
/* Tests lifetimes worked out by hand: every figure of a few objects is known. */
#include <math.h>

#include "harness/lifetimes/lifetimes.h"
#include "tests/tap.h"

/* The program has 100 operations and allocates 1000 bytes, ten bytes in each operation. */
#define AT(at)                                                                                               \
    {                                                                                                        \
        at, 10 * (at)                                                                                        \
    }

static const struct lifetimes_object objects[] = {
    {20, AT(5), AT(10), AT(10), false, true, false},  /* freed as it dies, dragged for 5 */
    {30, AT(20), AT(20), AT(30), false, true, false}, /* garbage for 10 */
    {40, AT(10), AT(25), AT(45), true, true, false},  /* a ring, garbage for 20 */
    {50, AT(40), AT(60), AT(0), true, false, false},  /* freed at the end */
    {60, AT(50), AT(70), AT(0), true, false, true},   /* not freed even then */
};
enum { OBJECTS = sizeof objects / sizeof *objects };

/* The first half of the program takes 100 ns, the second 900 ns. */
static const struct lifetimes_tick ticks[] = {{0, 0}, {500, 100}, {1000, 1000}};

static struct lifetimes_input input = {
    .objects = objects, .count = OBJECTS, .end = AT(100), .ticks = ticks, .tick_count = 3};
static struct lifetimes_figures figures[LIFETIMES_CLASSES];

static bool is_near(double found, double expected)
{
    return fabs(found - expected) <= 1e-9 * fabs(expected);
}

static void test_acyclic(void)
{
    const struct lifetimes_figures *acyclic = &figures[LIFETIMES_ACYCLIC];
    tap_ok(acyclic->died_objects == 2 && acyclic->died_bytes == 50 && acyclic->freed_objects == 2 &&
               acyclic->final_bytes == 0,
           "what died by counting is counted apart");
    tap_ok(is_near(acyclic->byte_bytes, 30 * 100), "30 bytes float while 100 are allocated");
    tap_ok(is_near(acyclic->average_bytes, 3), "3 on average");
    tap_ok(acyclic->peak_bytes == 30 && acyclic->peak_op == 20, "30 at most, from the death on");
    tap_ok(acyclic->delay_ops.p50 == 0 && acyclic->delay_ops.max == 10 && is_near(acyclic->delay_ops.mean, 5),
           "half are freed at once, and the longest delay is known");
    tap_ok(acyclic->delay_bytes.max == 100 && acyclic->delay_ns.max == 20,
           "in bytes and in nanoseconds, too");
    tap_ok(is_near(acyclic->drag_byte_bytes, 20 * 50) && acyclic->drag_ops.max == 5 &&
               acyclic->drag_ops.p50 == 0,
           "drag is from the last use to death");
}

static void test_cyclic(void)
{
    const struct lifetimes_figures *cyclic = &figures[LIFETIMES_CYCLIC];
    tap_ok(cyclic->died_objects == 3 && cyclic->freed_objects == 1 && cyclic->freed_bytes == 40,
           "rings are counted apart");
    tap_ok(cyclic->final_objects == 2 && cyclic->final_bytes == 110, "two float at the end");
    tap_ok(cyclic->leaked_objects == 1 && cyclic->leaked_bytes == 60, "and one is leaked");
    tap_ok(is_near(cyclic->byte_bytes, 40 * 200 + 50 * 400 + 60 * 300), "those count until the end");
    tap_ok(is_near(cyclic->byte_seconds, (40 * 40 + 50 * 720 + 60 * 540) / 1e9),
           "over time it is by the run's own clock: the second half is slower");
    tap_ok(cyclic->peak_bytes == 110 && cyclic->peak_op == 70, "the most is at the end");
    tap_ok(cyclic->delay_ops.p50 == 20 && cyclic->delay_ops.p99 == 20, "delays are of those that were freed");
}

static void test_all(void)
{
    const struct lifetimes_figures *all = &figures[LIFETIMES_ALL];
    tap_ok(is_near(all->byte_bytes, figures[0].byte_bytes + figures[1].byte_bytes) &&
               all->died_bytes == figures[0].died_bytes + figures[1].died_bytes,
           "both together are the sum");
    tap_ok(all->peak_bytes == 110, "but peaks are not: 70 at 25, 110 at 70");
    tap_ok(all->delay_ops.p50 == 10 && all->delay_ops.p90 == 20,
           "nor are quantiles, which are by the nearest rank");
}

static void test_series(void)
{
    uint64_t clock[100];
    struct lifetimes_sample samples[10];
    for (uint64_t i = 0; i < 100; i++)
        clock[i] = 10 * (i + 1);
    tap_equal(lifetimes_series(&input, clock, 10, samples), 0, "a series is made");
    static const uint64_t most[10] = {0, 0, 70, 40, 40, 0, 50, 110, 110, 110};
    bool right = true;
    for (int i = 0; i < 10; i++)
        right &= samples[i].most[LIFETIMES_ALL] == most[i];
    tap_ok(right, "each stretch has the most that floated in it");
    tap_ok(samples[9].end.op == 100 && samples[9].end.clock == 1000 && samples[4].end.clock == 500,
           "and where it ends");
}

static void test_without(void)
{
    struct lifetimes_input none = {.objects = objects, .end = AT(100), .ticks = ticks, .tick_count = 3};
    lifetimes_compute(&none, figures);
    tap_ok(figures[0].died_objects == 0 && figures[0].byte_bytes == 0 && figures[0].delay_ops.max == 0,
           "without deaths there is nothing");
    struct lifetimes_input timeless = {.objects = objects, .count = OBJECTS, .end = AT(100)};
    lifetimes_compute(&timeless, figures);
    tap_ok(isnan(figures[2].byte_seconds) && figures[2].byte_bytes > 0,
           "without a run's own clock nothing is said of seconds");
}

static void test_time(void)
{
    tap_ok(lifetimes_time(ticks, 3, 250) == 50 && lifetimes_time(ticks, 3, 500) == 100 &&
               lifetimes_time(ticks, 3, 750) == 550 && lifetimes_time(ticks, 3, 1000) == 1000,
           "time is on a straight line between the ticks");
    tap_ok(lifetimes_time(ticks, 3, 5000) == 1000, "and stands still after the last");
}

int main(void)
{
    tap_equal(lifetimes_compute(&input, figures), 0, "figures are made");
    test_acyclic();
    test_cyclic();
    test_all();
    test_series();
    test_without();
    test_time();
    return tap_done();
}
