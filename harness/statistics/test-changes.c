/* SPDX-License-Identifier: MIT */
/*
 * Checks where changes are found: by hand, against the comparison of two runs, and on series without a change.
 *
 * usage: test-changes [SEED]
 */
#include <math.h>

#include "base/random.h"
#include "harness/statistics/changes.h"
#include "harness/statistics/two-runs.h"
#include "tests/tap.h"

enum { POINTS = 60, SERIES = 4000 };

static const double BETWEEN = 0.01;

static double normal_draw(struct random_state *random)
{
    double radius = sqrt(-2 * log(1 - random_real(random)));
    return radius * cos(2 * M_PI * random_real(random));
}

/* Fills points that scatter by their offset alone, times `scale`. From `step` on they are higher by `shift`. */
static void points_fill(struct changes_point *points, size_t count, size_t step, double shift, double scale,
                        struct random_state *random)
{
    for (size_t i = 0; i < count; i++)
        points[i] =
            (struct changes_point){.level = scale * BETWEEN * normal_draw(random) + (i >= step ? shift : 0),
                                   .known = BETWEEN * BETWEEN};
}

static struct changes_point point_of(const double *values, size_t count)
{
    struct two_runs_side side = two_runs_side_of(values, count);
    return (struct changes_point){side.mean, BETWEEN * BETWEEN, side.variance / (double)side.count,
                                  (double)(side.count - 1)};
}

/* Two points are two runs: the same error, and a change exactly where p is small enough. */
static void test_two_runs(void)
{
    const double a[] = {100, 103, 99, 101}, b[] = {108, 109, 112, 107, 111, 108};
    struct two_runs_design design = {BETWEEN, 0.05, 0, 1, false};
    struct two_runs found = two_runs_compare(&design, a, 4, b, 6);
    struct changes_point points[] = {point_of(a, 4), point_of(b, 6)};
    struct change change;
    struct changes_design more = {found.p * 1.0001, 0}, less = {found.p * 0.9999, 0};
    tap_equal((int64_t)changes_find(&more, points, 2, &change), 1, "two points differ where two runs do");
    tap_ok(fabs(change.error - found.error) < 1e-12 && fabs(exp(change.shift) - found.ratio) < 1e-12 &&
               fabs(change.freedom - found.freedom) < 1e-9,
           "by the ratio, the error and the degrees of freedom of two runs");
    tap_equal((int64_t)changes_find(&less, points, 2, &change), 0, "and not where p is larger");
    struct changes_design wide = {found.p * 1.0001, 0.5};
    tap_equal((int64_t)changes_find(&wide, points, 2, &change), 0, "nor below the minimum");
    tap_equal((int64_t)changes_find(&more, points, 1, &change), 0, "one point has no change");
    tap_equal((int64_t)changes_find(&more, points, 0, &change), 0, "nor has none");
}

static void test_steps(struct random_state *random)
{
    struct changes_point points[POINTS];
    struct change changes[POINTS];
    const struct changes_design design = {changes_alpha(40), 0.01};
    points_fill(points, POINTS, 30, 0.2, 1, random);
    size_t count = changes_find(&design, points, POINTS, changes);
    tap_ok(count == 1 && changes[0].at == 30 && changes[0].found == 30 && changes[0].first == 30 &&
               changes[0].last == 30 && fabs(changes[0].shift - 0.2) < 0.02,
           "a large step is found at its first point, and nowhere else");
    points_fill(points, POINTS, 30, 0.03, 1, random);
    count = changes_find(&design, points, POINTS, changes);
    tap_ok(count == 1 && changes[0].first <= 30 && changes[0].last >= 30 && changes[0].found >= 30,
           "a step of three deviations is found, and lies within its region");
    tap_ok(changes[0].found - 30 < 12, "after some more points");
    points_fill(points, POINTS, 20, 0.2, 1, random);
    for (size_t i = 40; i < POINTS; i++)
        points[i].level -= 0.3;
    count = changes_find(&design, points, POINTS, changes);
    tap_ok(count == 2 && changes[0].at == 20 && changes[1].at == 40 && fabs(changes[1].shift + 0.3) < 0.02,
           "two steps are two changes, each with its own shift");
    points_fill(points, 2, 1, 0, 0, random);
    points[0].known = points[1].known = 0;
    points[1].level = 0.5;
    count = changes_find(&design, points, 2, changes);
    tap_ok(count == 1 && changes[0].at == 1 && changes[0].error == 0, "what does not vary is told exactly");
}

/*
 * A large step of points of few blocks, which scatter: the split before it has a part of the step on one side, and knows
 * its error better.
 */
static void test_few_blocks(void)
{
    enum { RUNS = 4, BLOCKS = 6 };
    static const double means[RUNS] = {0.117, 0.107, 2.58, 2.24},
                        scatters[RUNS] = {0.119, 0.140, 0.194, 0.291};
    const struct changes_design design = {changes_alpha(2), 0.01};
    struct changes_point points[RUNS];
    struct change changes[RUNS];
    for (size_t i = 0; i < RUNS; i++)
        points[i] = (struct changes_point){log(means[i]), BETWEEN * BETWEEN,
                                           scatters[i] * scatters[i] / BLOCKS, BLOCKS - 1};
    size_t count = changes_find(&design, points, RUNS, changes);
    tap_ok(count == 1 && changes[0].at == 2 && changes[0].found == 2,
           "a large step of few blocks is one change, where it is");
}

/* No change anywhere: alarms are rarer than is said. */
static void test_false_alarms(struct random_state *random)
{
    static const size_t lengths[] = {3, 10, POINTS};
    struct changes_point points[POINTS];
    struct change changes[POINTS];
    const struct changes_design design = {0.05 / POINTS, 0};
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
        size_t alarms = 0, count = lengths[l];
        double bound = 0.05 * (double)count / POINTS, slack = 4 * sqrt(bound / SERIES);
        for (size_t i = 0; i < SERIES; i++) {
            points_fill(points, count, 0, 0, 1, random);
            alarms += changes_find(&design, points, count, changes) > 0;
        }
        double share = (double)alarms / SERIES;
        tap_note("%zu points: alarms in %.2f%% of series, at most %.2f%% stated", count, 100 * share,
                 100 * bound);
        tap_ok(share <= bound + slack, "false alarms in no more series than stated, of %zu points", count);
    }
    tap_ok(fabs(changes_alpha(40) * 40 * CHANGES_HORIZON - CHANGES_RISK) < 1e-12 && changes_alpha(0) > 0,
           "the risk is shared among series and points");
}

/* A scatter that is more than was stated widens the variances, and a step does not. */
static void test_scale(struct random_state *random)
{
    struct changes_point points[3][POINTS];
    struct changes_series series[3];
    for (size_t i = 0; i < 3; i++) {
        points_fill(points[i], POINTS, 30, 0.2, 1, random);
        series[i] = (struct changes_series){points[i], POINTS};
    }
    tap_ok(fabs(changes_scale(points[0], POINTS) - 1) < 0.4, "neighbours differ as their variances say");
    double shared = changes_widen(series, 3);
    tap_ok(shared >= 1 && shared < 1.3, "then nothing is widened by much, whatever the steps are");
    for (size_t i = 0; i < 3; i++)
        points_fill(points[i], POINTS, 0, 0, i == 2 ? 12 : 3, random);
    shared = changes_widen(series, 3);
    tap_ok(fabs(shared - 3) < 1.2, "more scatter widens all series alike");
    tap_ok(points[2][0].known > 2 * points[0][0].known && points[0][0].known > 4 * BETWEEN * BETWEEN,
           "and the series that scatters most by its own");
    points_fill(points[0], 5, 0, 0, 50, random);
    series[0].count = 5;
    tap_ok(changes_widen(series, 1) == 1 && points[0][0].known == BETWEEN * BETWEEN,
           "few differences do not tell");
    tap_ok(isnan(changes_scale(points[0], 1)), "and one point has none");
}

int main(int argc, char **argv)
{
    struct random_state random;
    random_seed(&random, argc > 1 ? strtoull(argv[1], NULL, 10) : 1);
    test_two_runs();
    test_steps(&random);
    test_few_blocks();
    test_false_alarms(&random);
    test_scale(&random);
    return tap_done();
}
