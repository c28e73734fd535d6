/* SPDX-License-Identifier: MIT */
/*
 * Checks the verdict whether a process was steady, on processes that are made up.
 *
 * usage: test-steadiness [SEED]
 */
#include <math.h>

#include "base/memory.h"
#include "base/random.h"
#include "harness/analysis/steadiness.h"
#include "tests/tap.h"

enum { COLLECTIONS = 100, SAMPLES_EACH = 7, PROCESSES = 1000 };

/* A process whose heap rises to a peak, falls in a collection, and rises again. All sizes are those of its first
 * collection, and grow by a share of themselves until its last. */
struct process {
    size_t collections;
    double peak, pause, gap; /* how much each grows: 0.1 is a tenth */
    double noise;            /* each varies by so much, up or down */
    double leak;             /* of the level that a collection leaves */
};

static double varied(const struct process *process, double grows, size_t place, struct random_state *random)
{
    double share = (double)place / (double)process->collections;
    return (1 + grows * share) * (1 + process->noise * (2 * random_real(random) - 1));
}

static struct steadiness process_judge(const struct process *process, uint64_t seed)
{
    struct events events = {memory_new(process->collections + 1, sizeof(struct event)), 0};
    struct timeline timeline = {
        memory_new((process->collections + 1) * SAMPLES_EACH + 1, sizeof(struct timeline_point)), 0};
    struct random_state random;
    int64_t now = 0;
    random_seed(&random, seed);
    for (size_t place = 0; place < process->collections; place++) {
        int64_t gap = (int64_t)(1e6 * varied(process, process->gap, place, &random));
        int64_t pause = (int64_t)(1e4 * varied(process, process->pause, place, &random));
        double peak = 1e6 * varied(process, process->peak, place, &random);
        double level = 3e5 * (1 + process->leak * (double)place / (double)process->collections);
        for (int sample = 0; sample < SAMPLES_EACH; sample++) {
            double share = (sample + 1.0) / SAMPLES_EACH;
            int64_t heap = (int64_t)(level + share * peak);
            timeline.rows[timeline.count++] =
                (struct timeline_point){now + (int64_t)(share * (double)gap), 0, heap, 2 * heap};
        }
        now += gap;
        events.rows[events.count++] =
            (struct event){.kind = EVENT_FULL, .begin_ns = now, .end_ns = now + pause};
        now += pause;
    }
    timeline.rows[timeline.count++] = (struct timeline_point){now, 0, 300000, 600000};
    struct steadiness found = steadiness_find(&events, &timeline);
    free(events.rows);
    free(timeline.rows);
    return found;
}

static enum steadiness_verdict verdict_of(const struct process *process, enum steadiness_series series)
{
    struct steadiness found = process_judge(process, 1);
    return found.series[series].verdict;
}

static void test_changes(void)
{
    const struct process steady = {.collections = COLLECTIONS};
    struct steadiness found = process_judge(&steady, 1);
    for (int i = 0; i < STEADINESS_SERIES; i++)
        tap_ok(found.series[i].verdict == STEADINESS_STEADY && fabs(found.series[i].change) < 1e-3,
               "a process that repeats itself is steady in series %d", i);
    tap_ok(steadiness_verdict(&found) == STEADINESS_STEADY, "and so it is steady");
    const struct process peak = {.collections = COLLECTIONS, .peak = 0.5},
                         pause = {.collections = COLLECTIONS, .pause = 0.5},
                         gap = {.collections = COLLECTIONS, .gap = -0.5},
                         leak = {.collections = COLLECTIONS, .leak = 1};
    tap_ok(verdict_of(&peak, STEADINESS_HEAP) == STEADINESS_RISES &&
               verdict_of(&peak, STEADINESS_RESIDENT) == STEADINESS_RISES,
           "higher and higher peaks are memory that rises");
    tap_ok(verdict_of(&pause, STEADINESS_PAUSES) == STEADINESS_RISES &&
               verdict_of(&pause, STEADINESS_HEAP) == STEADINESS_STEADY,
           "longer and longer collections are pauses that rise, and nothing else");
    tap_ok(verdict_of(&gap, STEADINESS_GAPS) == STEADINESS_FALLS,
           "more and more frequent ones are gaps that fall");
    tap_ok(verdict_of(&leak, STEADINESS_HEAP) == STEADINESS_RISES,
           "what each collection leaves counts as memory");
    found = process_judge(&gap, 1);
    tap_ok(steadiness_verdict(&found) == STEADINESS_FALLS,
           "one series is enough for a process that is not steady");
}

/* From place 50 to 99 of 100 a peak that grows by half goes from 1.25 to 1.495 of itself, on a level of 0.3. */
static void test_size(void)
{
    const struct process peak = {.collections = COLLECTIONS, .peak = 0.5};
    struct steadiness_change change = process_judge(&peak, 1).series[STEADINESS_HEAP];
    double expected = (1.495 - 1.25) / (0.3 + (1.495 + 1.25) / 2);
    tap_ok(fabs(change.change - expected) < 0.01, "a change is what was added, over the mean");
    tap_note("%.4f, expected %.4f", change.change, expected);
    tap_ok(change.points == COLLECTIONS / 2, "it is that of the last half");
}

static void test_little(void)
{
    const struct process few = {.collections = 14, .peak = 5};
    struct steadiness found = process_judge(&few, 1);
    tap_ok(found.series[STEADINESS_HEAP].verdict == STEADINESS_UNKNOWN &&
               isnan(found.series[STEADINESS_HEAP].change),
           "seven collections in the half say nothing");
    tap_ok(steadiness_verdict(&found) == STEADINESS_UNKNOWN, "nor does the process then");
    const struct process slow = {.collections = COLLECTIONS, .peak = 0.01};
    tap_ok(verdict_of(&slow, STEADINESS_HEAP) == STEADINESS_STEADY, "a change below 1%% is none");
    struct events none = {0};
    struct timeline timeline = {memory_new(40, sizeof(struct timeline_point)), 40};
    for (size_t i = 0; i < timeline.count; i++)
        timeline.rows[i] = (struct timeline_point){(int64_t)i * 1000, 0, 100 + (int64_t)i, 100};
    found = steadiness_find(&none, &timeline);
    tap_ok(found.series[STEADINESS_HEAP].verdict == STEADINESS_RISES &&
               found.series[STEADINESS_RESIDENT].verdict == STEADINESS_STEADY &&
               found.series[STEADINESS_PAUSES].verdict == STEADINESS_UNKNOWN,
           "without a collection each sample counts");
    free(timeline.rows);
    timeline = (struct timeline){0};
    found = steadiness_find(&none, &timeline);
    tap_ok(steadiness_verdict(&found) == STEADINESS_UNKNOWN, "a process without samples says nothing");
}

/* Of processes that only vary, few may be called unsteady in a series: 5 in 100, and those by 1% or more. */
static void test_noise(uint64_t seed)
{
    const struct process noisy = {.collections = COLLECTIONS, .noise = 0.3};
    size_t wrong[STEADINESS_SERIES] = {0};
    for (int i = 0; i < PROCESSES; i++) {
        struct steadiness found = process_judge(&noisy, seed + (uint64_t)i);
        for (int series = 0; series < STEADINESS_SERIES; series++)
            wrong[series] += found.series[series].verdict != STEADINESS_STEADY;
    }
    for (int series = 0; series < STEADINESS_SERIES; series++) {
        tap_note("series %d: %zu of %d", series, wrong[series], PROCESSES);
        tap_ok(wrong[series] <= 70,
               "of %d processes that only vary, 7%% at most are called unsteady in series %d", PROCESSES,
               series);
    }
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    tap_note("seed %" PRIu64, seed);
    test_changes();
    test_size();
    test_little();
    test_noise(seed);
    return tap_done();
}
