/* SPDX-License-Identifier: MIT */
#include "harness/report/captions.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "harness/analysis/claims.h"
#include "harness/results/run-machines.h"

static void captions_count(const struct run *run, size_t setting, enum run_metric metric,
                           struct captions *captions)
{
    captions->least = captions->shown = SIZE_MAX;
    for (size_t i = 0; i < run->cell_count; i++) {
        const struct run_cell *cell = &run->cells[i];
        if (!run_cell_is_whole(cell) || run_cell_is_aside(cell) || cell->setting != setting ||
            claims_stops_as_warm(cell, metric))
            continue;
        captions->least = cell->processes < captions->least ? cell->processes : captions->least;
        captions->most = cell->processes > captions->most ? cell->processes : captions->most;
        size_t shown = run_cell_shown_processes(run, cell);
        captions->shown = shown < captions->shown ? shown : captions->shown;
    }
    captions->least = captions->least > captions->most ? captions->most : captions->least;
    captions->shown = captions->shown > captions->most ? captions->most : captions->shown;
}

static void captions_say_missing(const struct run *run, struct captions *captions)
{
    size_t done = 0;
    for (size_t i = 0; i < run->cell_count; i++)
        done += run->cells[i].processes;
    if (run->missing)
        snprintf(captions->missing, sizeof(captions->missing), "Unfinished: %zu of %zu processes. ", done,
                 done + run->missing);
}

void captions_worth(size_t blocks, char ret_text[static CAPTIONS_TEXT])
{
    if (blocks < 2)
        snprintf(ret_text, CAPTIONS_TEXT, "One process has no interval: intervals need more blocks.");
    else if (blocks < CAPTIONS_SIMULATED)
        snprintf(ret_text, CAPTIONS_TEXT, "Intervals of %zu blocks are a hint.", blocks);
    else if (blocks < CAPTIONS_ENOUGH)
        snprintf(ret_text, CAPTIONS_TEXT, "Intervals of %zu blocks are wide; in simulations 94 of 100 hold.",
                 blocks);
    else
        ret_text[0] = '\0';
}

/* Returns how many of 100 intervals of a median of so many processes hold it, at most. */
static double captions_hold_most(size_t processes)
{
    return floor(100 * (1 - pow(2, 1 - (double)processes)));
}

static void captions_say_worth(struct captions *captions)
{
    if (captions->most == 0)
        return;
    captions_worth(captions->least, captions->worth);
    size_t length = strlen(captions->worth);
    if (length && captions->least >= 2)
        snprintf(captions->worth + length, CAPTIONS_TEXT - length,
                 " Of those of medians at most %.0f in 100 hold.", captions_hold_most(captions->least));
}

static void captions_say_ratios(struct captions *captions)
{
    size_t least = captions->least;
    if (least < 2)
        snprintf(captions->ratios, CAPTIONS_TEXT, "one block has no interval");
    else if (least < CAPTIONS_SIMULATED)
        snprintf(captions->ratios, CAPTIONS_TEXT, "bars: 95%% intervals, which of %zu blocks are a hint",
                 least);
    else if (least < CAPTIONS_ENOUGH)
        snprintf(captions->ratios, CAPTIONS_TEXT,
                 "bars: 95%% intervals, of which with %zu blocks 94 in 100 hold in simulations", least);
    else
        snprintf(captions->ratios, CAPTIONS_TEXT, "bars: 95%% intervals, paired by block");
}

static void captions_say_medians(struct captions *captions)
{
    size_t least = captions->shown;
    if (least < 2)
        snprintf(captions->medians, CAPTIONS_TEXT, "one process has no interval");
    else if (least < CAPTIONS_ENOUGH)
        snprintf(captions->medians, CAPTIONS_TEXT,
                 "bars: bootstrap intervals, of %zu processes no more than a hint: at most %.0f in 100 hold "
                 "the median",
                 least, captions_hold_most(least));
    else
        snprintf(captions->medians, CAPTIONS_TEXT, "bars: 95%% bootstrap intervals");
}

void captions_machines(const struct run *run, char ret_text[static CAPTIONS_TEXT])
{
    ret_text[0] = '\0';
    if (machines_are_several(&run->machines))
        snprintf(ret_text, CAPTIONS_TEXT, "Intervals of ratios are over %zu machines.", run->machines.count);
}

/* Says of several machines which of them medians are of, and what intervals of ratios are. */
static void captions_say_machines(const struct run *run, struct captions *captions)
{
    char name[RUN_MACHINES_NAME];
    size_t length = strlen(captions->counted);
    if (!machines_are_several(&run->machines))
        return;
    run_machines_name(run->store->manifest, run->shown, name);
    snprintf(captions->counted + length, CAPTIONS_TEXT - length,
             " on %zu machines; times, sizes and counts are of machine %s alone", run->machines.count, name);
    snprintf(captions->ratios, CAPTIONS_TEXT, "bars: 95%% intervals, over %zu machines", run->machines.count);
    captions_machines(run, captions->worth);
}

void captions_make(const struct run *run, size_t setting, enum run_metric metric,
                   struct captions *ret_captions)
{
    struct captions captions = {0};
    captions_count(run, setting, metric, &captions);
    captions_say_missing(run, &captions);
    if (captions.least == captions.most)
        snprintf(captions.counted, CAPTIONS_TEXT, "%s%zu process%s a cell", captions.missing, captions.most,
                 captions.most == 1 ? "" : "es");
    else
        snprintf(captions.counted, CAPTIONS_TEXT, "%s%zu to %zu processes a cell", captions.missing,
                 captions.least, captions.most);
    captions_say_medians(&captions);
    captions_say_ratios(&captions);
    captions_say_worth(&captions);
    captions_say_machines(run, &captions);
    *ret_captions = captions;
}

/* Says how many cells have much such time, and where it is most. */
static void captions_most_untimed(const struct run *run, const struct tables_untimed *untimed,
                                  char ret_text[static CAPTIONS_TEXT])
{
    enum { NAME_MOST = 40 };
    char *work = escape_plain(run->works.names[untimed->where->work], NAME_MOST);
    char *config = escape_plain(run->configs.names[untimed->where->config], NAME_MOST);
    snprintf(ret_text, CAPTIONS_TEXT,
             "Cascades of fewer than 64 frees are in no pause: in %zu cell%s more than 1%% of the time by "
             "estimate, at most %.0f%% (%s, %s).",
             untimed->noticeable, untimed->noticeable == 1 ? "" : "s", 100 * untimed->most, work, config);
    free(work);
    free(config);
}

void captions_untimed(const struct run *run, const struct tables_untimed *untimed,
                      char ret_text[static CAPTIONS_TEXT])
{
    if (!untimed->known)
        snprintf(
            ret_text, CAPTIONS_TEXT,
            "Cascades of fewer than 64 frees are in no pause; this folder has no estimate of their time.");
    else if (untimed->most < 0.01 || !untimed->where)
        snprintf(ret_text, CAPTIONS_TEXT,
                 "Cascades of fewer than 64 frees are in no pause: less than 1%% of any cell's time, as "
                 "estimated.");
    else
        captions_most_untimed(run, untimed, ret_text);
}

void captions_kept(const struct run *run, size_t setting, enum files_kind kind,
                   char ret_text[static CAPTIONS_TEXT])
{
    size_t least = SIZE_MAX, most = 0, processes = 0;
    for (size_t i = 0; i < run->cell_count; i++) {
        const struct run_cell *cell = &run->cells[i];
        size_t kept = 0;
        if (!run_cell_is_whole(cell) || run_cell_is_aside(cell) || cell->setting != setting)
            continue;
        for (size_t block = 0; block < run->blocks; block++) {
            const struct store_row *row = run_cell_shown_row(run, cell, block);
            kept += row && files_has(run->store->dir, kind, row->id);
        }
        least = kept && kept < least ? kept : least; /* a cell without pauses or requests has no file */
        most = kept > most ? kept : most;
        size_t shown = run_cell_shown_processes(run, cell);
        processes = shown > processes ? shown : processes;
    }
    if (most == 0)
        snprintf(ret_text, CAPTIONS_TEXT, "%s", "");
    else if (least == most)
        snprintf(ret_text, CAPTIONS_TEXT, "Raw data: %zu of %zu process%s a cell.", most, processes,
                 processes == 1 ? "" : "es");
    else
        snprintf(ret_text, CAPTIONS_TEXT, "Raw data: %zu to %zu of %zu processes a cell.", least, most,
                 processes);
}
