/* SPDX-License-Identifier: MIT */
/*
 * Changes of a history: false alarms, and how soon a step is found. A history has 60 commits, each with a run of 40
 * cells in ten blocks, on a machine that drifts. The reference program shows the drift.
 */
#include "harness/statistics/changes.h"

#include <math.h>

#include "base/quantile.h"
#include "harness/statistics/two-runs.h"
#include "tests/measuring/simulations/noise.h"
#include "tests/measuring/simulations/simulate.h"

enum { COMMITS = 60, CELLS = 40, BLOCKS = 10, STEPS = 4, NEAR = 5 };

/* A history takes milliseconds: the short form has fewer of them, and no form more than there is room for. */
enum { BRIEF_CAMPAIGNS = 60, MOST_CAMPAIGNS = 1000 };

/* How the machine and its runs are. All of it in logarithms. */
struct machine {
    const char *name;
    double between; /* deviation of the offset that a cell has in a run */
    double drift;   /* from the first commit to the last */
    double jump;    /* at the middle commit */
    double unseen;  /* the share of drift and jump that the reference program does not show */
    bool holds;     /* what is stated of false alarms holds for it */
};

static const struct machine machines[] = {
    {"still", 0.01, 0, 0, 0, true},
    {"drifts by 10%, jumps by 8%", 0.01, 0.0953, 0.077, 0, true},
    {"the same, a tenth unseen", 0.01, 0.0953, 0.077, 0.1, false},
    {"runs differ by 2%, not by 1%", 0.02, 0.0953, 0.077, 0, false},
};

enum { MACHINES = sizeof(machines) / sizeof(machines[0]) };

/* The steps of the histories that have any: of the cells 0 to 3. */
static const struct step {
    size_t commit;
    double ratio;
} steps[STEPS] = {{20, 1.03}, {30, 1.05}, {40, 1.10}, {25, 0.95}};

/* What came of the histories of a row. */
struct tally {
    size_t histories, alarmed, alarms;
    size_t found[STEPS], exact[STEPS], covered[STEPS];
    double delays[STEPS][MOST_CAMPAIGNS];
};

static struct changes_point point_draw(const struct machine *machine, double truth, double moved,
                                       const double *reference, struct random_state *random)
{
    double values[BLOCKS], offset = machine->between * noise_normal(random);
    for (size_t block = 0; block < BLOCKS; block++)
        values[block] = exp(truth + offset + moved + 0.03 * noise_normal(random));
    two_runs_normalise(values, reference, BLOCKS);
    struct two_runs_side side = two_runs_side_of(values, BLOCKS);
    return (struct changes_point){.level = side.mean,
                                  .known = log1p(TWO_RUNS_BETWEEN) * log1p(TWO_RUNS_BETWEEN),
                                  .within = side.variance / BLOCKS,
                                  .freedom = BLOCKS - 1};
}

static void history_draw(const struct machine *machine, bool stepped, struct random_state *random,
                         struct changes_point points[CELLS][COMMITS])
{
    for (size_t commit = 0; commit < COMMITS; commit++) {
        double reference[BLOCKS];
        double moved =
            machine->drift * (double)commit / (COMMITS - 1) + (commit >= COMMITS / 2 ? machine->jump : 0);
        for (size_t block = 0; block < BLOCKS; block++)
            reference[block] = exp((1 - machine->unseen) * moved + 0.005 * noise_normal(random));
        for (size_t cell = 0; cell < CELLS; cell++) {
            bool is_after = stepped && cell < STEPS && commit >= steps[cell].commit;
            points[cell][commit] =
                point_draw(machine, is_after ? log(steps[cell].ratio) : 0, moved, reference, random);
        }
    }
}

/* Whether a change is the step of its cell. */
static bool is_step(const struct change *change, size_t cell)
{
    size_t commit = steps[cell].commit;
    bool same_way = (change->shift > 0) == (steps[cell].ratio > 1);
    return same_way && change->at + NEAR >= commit && change->at <= commit + NEAR;
}

/* Counts the changes of one cell. Returns the false alarms. */
static size_t cell_tally(const struct change *changes, size_t count, size_t cell, bool stepped,
                         struct tally *tally)
{
    bool has_step = stepped && cell < STEPS, found = false;
    size_t alarms = 0;
    for (size_t i = 0; i < count; i++) {
        if (!has_step || found || !is_step(&changes[i], cell)) {
            alarms++;
            continue;
        }
        size_t commit = steps[cell].commit;
        found = true;
        tally->exact[cell] += changes[i].at == commit;
        tally->covered[cell] += changes[i].first <= commit && changes[i].last >= commit;
        double delay = (double)changes[i].found - (double)commit + 1;
        tally->delays[cell][tally->found[cell]++] = fmax(delay, 1);
    }
    return alarms;
}

static void history_tally(const struct machine *machine, bool stepped, struct random_state *random,
                          struct tally *tally)
{
    static struct changes_point points[CELLS][COMMITS];
    const struct changes_design design = {changes_alpha(CELLS), 0.01};
    struct changes_series series[CELLS];
    struct change changes[COMMITS];
    size_t alarms = 0;
    history_draw(machine, stepped, random, points);
    for (size_t cell = 0; cell < CELLS; cell++)
        series[cell] = (struct changes_series){points[cell], COMMITS};
    changes_widen(series, CELLS);
    for (size_t cell = 0; cell < CELLS; cell++) {
        size_t count = changes_find(&design, points[cell], COMMITS, changes);
        alarms += cell_tally(changes, count, cell, stepped, tally);
    }
    tally->histories++;
    tally->alarms += alarms;
    tally->alarmed += alarms > 0;
}

static void steps_say(const struct simulate *simulate, const struct machine *machine, struct tally *tally)
{
    for (size_t i = 0; i < STEPS; i++) {
        double share = 100 / (double)tally->histories, of_found = 100 / fmax((double)tally->found[i], 1);
        quantile_sort(tally->delays[i], tally->found[i]);
        simulate_say(simulate, "  %+6.0f%% %9.1f%% %8.0f %8.0f %11.1f%% %11.1f%%", 100 * (steps[i].ratio - 1),
                     share * (double)tally->found[i],
                     quantile_of_sorted(tally->delays[i], tally->found[i], 0.5),
                     quantile_of_sorted(tally->delays[i], tally->found[i], 0.9),
                     of_found * (double)tally->exact[i], of_found * (double)tally->covered[i]);
        if (machine->holds)
            simulate_at_most(simulate, tally->histories - tally->found[i], tally->histories,
                             fabs(log(steps[i].ratio)) > 0.04 ? 0.01 : 0.05,
                             "a step of %+.0f%% is found within %zu commits: the machine %s",
                             100 * (steps[i].ratio - 1), COMMITS - steps[i].commit, machine->name);
    }
}

static void row(const struct simulate *simulate, const struct machine *machine, bool stepped)
{
    static struct tally tally;
    struct random_state random;
    size_t histories = simulate->brief ? BRIEF_CAMPAIGNS : simulate->campaigns;
    tally = (struct tally){0};
    random_seed(&random, simulate->seed + 80 + (uint64_t)(machine - machines) + 10 * stepped);
    for (size_t i = 0; i < histories && i < MOST_CAMPAIGNS; i++)
        history_tally(machine, stepped, &random, &tally);
    simulate_say(simulate, "%-30s %-9s false alarms in %5.1f%% of histories, %.3f a history", machine->name,
                 stepped ? "four steps" : "no step", 100 * (double)tally.alarmed / (double)tally.histories,
                 (double)tally.alarms / (double)tally.histories);
    if (machine->holds)
        simulate_at_most(simulate, tally.alarmed, tally.histories,
                         stepped ? 0.1 : CHANGES_RISK * COMMITS / CHANGES_HORIZON,
                         "histories of %d commits and %d cells have few false alarms: %s, %s", COMMITS, CELLS,
                         machine->name, stepped ? "four steps" : "no step");
    if (stepped)
        steps_say(simulate, machine, &tally);
}

void simulate_changes(const struct simulate *simulate)
{
    simulate_say(
        simulate,
        "\nHistories of %d commits, %d cells in %d blocks: +3%% at commit 20, -5%% at 25, +5%% at 30 and "
        "+10%% at 40, of one cell each",
        COMMITS, CELLS, BLOCKS);
    simulate_say(simulate, "  %7s %10s %8s %8s %12s %12s", "step", "found", "after", "at 90%",
                 "at its commit", "in its region");
    for (size_t i = 0; i < MACHINES; i++)
        for (int stepped = 0; stepped < 2; stepped++)
            if (!simulate->brief || i == 1)
                row(simulate, &machines[i], stepped);
}
