/* SPDX-License-Identifier: MIT */
#include "harness/report/page-notes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "harness/report/captions.h"
#include "harness/report/drift-text.h"
#include "harness/report/figure.h"
#include "harness/report/machines-text.h"
#include "harness/report/page-json.h"
#include "harness/report/tables-layout.h"
#include "harness/report/tables-memory.h"
#include "harness/results/attempts.h"
#include "harness/results/json-text.h"
#include "harness/results/reference.h"

/* Adds a text and frees it. */
static void notes_take(json_t *array, char *text)
{
    if (text[0])
        page_json_add(array, text);
    free(text);
}

/* ---- memory ---- */

struct notes_memory {
    size_t differ, same, stopped, undecided;
};

static struct notes_memory notes_memory_count(const struct tables_memory *pairs, size_t count)
{
    struct notes_memory found = {0};
    for (size_t i = 0; i < count; i++) {
        found.stopped += pairs[i].stopped;
        found.differ += tables_memory_differs(&pairs[i]);
        found.same += !pairs[i].stopped && pairs[i].result.verdict == SEQUENTIAL_EQUAL;
    }
    found.undecided = count - found.stopped - found.differ - found.same;
    return found;
}

/* Orders pairs by their ratio, the largest first; those of collectors that did less than the whole job last. */
static int notes_memory_compare(const void *left, const void *right)
{
    const struct tables_memory *a = left, *b = right;
    int marked = (*figure_mark(a->cold->role) != 0) - (*figure_mark(b->cold->role) != 0);
    return marked ? marked : (a->result.ratio < b->result.ratio) - (a->result.ratio > b->result.ratio);
}

/* Adds a pair as "rings under rc 1.45 (1.36–1.54)". */
static void notes_memory_add(const struct run *run, const struct tables_memory *pair, json_t *list)
{
    char ratio[FIGURE_TEXT], interval[FIGURE_TEXT];
    figure_ratio(pair->result.ratio, ratio);
    figure_interval((struct bootstrap_interval){pair->result.low, pair->result.high}, interval);
    notes_take(list, text_format("%s under %s%s %s (%s)", run->works.names[pair->cold->work],
                                 run->configs.names[pair->cold->config], figure_mark(pair->cold->role), ratio,
                                 interval));
}

/* Returns the pairs that differ, in that order. */
static json_t *notes_memory_list(const struct run *run, const struct tables_memory *pairs, size_t count)
{
    struct tables_memory *differ = memory_new(count + 1, sizeof(*differ));
    json_t *list = json_array();
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (tables_memory_differs(&pairs[i]))
            differ[kept++] = pairs[i];
    qsort(differ, kept, sizeof(*differ), notes_memory_compare);
    for (size_t i = 0; i < kept; i++)
        notes_memory_add(run, &differ[i], list);
    free(differ);
    return list;
}

/* Says how many warm processes were not warm. */
static void notes_warmth(const struct run *run, json_t *list)
{
    struct run_warmth sum = run_warmth(run);
    if (sum.lacking_processes == 0)
        return;
    notes_take(list, text_format("%zu of %zu warm processes were not warm, in %zu of %zu cells (°): they "
                                 "took fresh pages while their clock ran. The most are of %s under %s: %zu "
                                 "of %zu.",
                                 sum.lacking_processes, sum.processes, sum.lacking_cells, sum.cells,
                                 run->works.names[sum.worst->work], run->configs.names[sum.worst->config],
                                 sum.worst->not_warm, sum.worst->processes));
}

static void notes_set_memory(const struct run *run, json_t *notes)
{
    struct tables_memory *pairs;
    struct sequential_design design;
    json_t *list = json_array();
    size_t count = tables_memory_list(run, &pairs, &design);
    struct notes_memory found = notes_memory_count(pairs, count);
    notes_warmth(run, list);
    if (count)
        notes_take(
            list,
            text_format("Of %zu cells that ran with cold and with warm memory, %zu differ by more than "
                        "%g%%, %zu are equal within %g%% and %zu are undecided. The other %zu stopped at "
                        "the first look: cold memory took the time of warm within %g%%. The difference "
                        "is what fresh pages cost on this machine on this day.",
                        count, found.differ, 100 * design.minimum, found.same, 100 * design.precision,
                        found.undecided, found.stopped, 100 * design.precision));
    json_object_set_new(notes, "memory", list);
    json_object_set_new(notes, "differ", notes_memory_list(run, pairs, count));
    free(pairs);
}

/* ---- the machine ---- */

static char *notes_blocks_that_differ(const struct tables_machine *machine)
{
    char *text = NULL;
    size_t size, written = 0;
    FILE *stream = memory_stream(&text, &size);
    for (size_t block = 0; block < machine->begun; block++)
        if (machine->blocks[block].differs)
            fprintf(stream, "%s%zu (%+.0f%%)", written++ ? ", " : "", block,
                    100 * (machine->blocks[block].over_run - 1));
    memory_stream_close(stream);
    return text;
}

static void notes_blocks(const struct tables_machine *machine, json_t *list)
{
    if (machine->differing == 0) {
        notes_take(list,
                   text_format("By the reference program no block differs from the run's median by more "
                               "than %g%%.",
                               100 * REFERENCE_DIFFERS));
        return;
    }
    char *blocks = notes_blocks_that_differ(machine);
    notes_take(list,
               text_format("%zu of %zu blocks differ from the run by more than %g%% by the reference "
                           "program: block %s. Comparisons are within blocks, so a block that is slow as a "
                           "whole moves none.",
                           machine->differing, machine->begun, 100 * REFERENCE_DIFFERS, blocks));
    free(blocks);
}

static void notes_machine(const struct tables_machine *machine, json_t *list)
{
    if (!machine->has_reference && isnan(machine->lost_share))
        return;
    if (machine->has_reference)
        notes_blocks(machine, list);
    notes_take(list, text_format("%zu of %zu processes lost more than %g%% of their time to others, and %zu "
                                 "repetitions were made of them; %zu of the processes that count were "
                                 "disturbed all the same.",
                                 machine->disturbed, machine->processes, 100 * ATTEMPTS_LOST_MOST,
                                 machine->repeated, machine->still_disturbed));
    if (!isnan(machine->lost_share))
        notes_take(list,
                   text_format("In all, %.2f%% of the time of processes was lost to queues and to the host.",
                               100 * machine->lost_share));
}

/* Says of several machines which of them absolute figures are of, and how far ratios depend on them. */
static void notes_machines(const struct run *run, const struct tables *tables, json_t *list)
{
    char shown[MACHINES_TEXT];
    machines_text_shown(run, shown);
    if (shown[0])
        notes_take(list, text_format("%s", shown));
    char *effect = machines_text_effect(&tables->claims[TABLES_CLAIMS_WALL], tables->front);
    if (effect)
        notes_take(list, effect);
}

/* Returns the blocks that show a drift the most: the one that stands out, or else the first and the last. */
static json_t *notes_drift_blocks(const struct run *run, const struct drift *drift)
{
    enum drift_test test;
    if (!drift)
        return json_array();
    drift_most(drift, &test);
    if (test == DRIFT_SHOCK)
        return json_pack("[I]", (json_int_t)drift->shock_block);
    return json_pack("[iI]", 0, (json_int_t)(run->blocks - 1));
}

/* Says how the times moved, the caller's to free. A trend compares no two blocks: it is a fitted line. */
static char *notes_drift_words(const struct drift *drift, enum drift_test test)
{
    if (test == DRIFT_SHOCK)
        return text_format("are that far apart in block %zu and the others", drift->shock_block);
    return text_format("%s", test == DRIFT_HALVES
                                 ? "are that far apart in its first half and its second"
                                 : "changed that much from first block to last, by their trend");
}

/* Says how far absolute times hold, before what it follows from. "" where too few blocks tell. */
static char *notes_steady(const struct drift *cells, const struct drift *found)
{
    if (isnan(cells->halves_p))
        return text_format("%s", "");
    if (!found)
        return text_format("No drift is shown, of cells or of the reference program.");
    enum drift_test test;
    double most = drift_most(found, &test);
    char *words = notes_drift_words(found, test);
    char *text =
        text_format("The run drifted: trust no absolute time to less than %.1f%%. The times of %s %s. "
                    "Ratios are within blocks, and hold.",
                    100 * most, found == cells ? "all cells together" : "the reference program", words);
    free(words);
    return text;
}

static void notes_set_steady(const struct run *run, json_t *notes)
{
    struct drift cells = compare_drift(run), machine = compare_reference_drift(run);
    const struct drift *found = NULL;
    if (!isnan(machine.halves_p) && drift_found(&machine))
        found = &machine;
    if (!isnan(cells.halves_p) && drift_found(&cells))
        found = &cells;
    char *steady = notes_steady(&cells, found);
    json_object_set_new(notes, "steady", json_text(steady));
    json_object_set_new(notes, "unsteady", notes_drift_blocks(run, isnan(cells.halves_p) ? NULL : found));
    free(steady);
}

static void notes_set_trust(const struct run *run, const struct tables *tables, json_t *notes)
{
    json_t *list = json_array();
    char text[DRIFT_TEXT];
    notes_set_steady(run, notes);
    notes_machine(&tables->machine, list);
    notes_machines(run, tables, list);
    drift_text_run(run, text);
    notes_take(list, text_format("%s", text));
    drift_text_reference(run, text);
    notes_take(list, text_format("%s", text));
    json_object_set_new(notes, "trust", list);
}

/* ---- the run ---- */

static const char *notes_ending(const struct run *run)
{
    const char *ended = json_string_value(json_object_get(run->store->manifest, "ended"));
    if (!run->ended)
        return "Not finished: cells without a process are blank.";
    if (ended && strcmp(ended, "decided") == 0)
        return "It ended when all was decided.";
    if (ended && strcmp(ended, "budget") == 0)
        return "It ended when its budget of time was spent.";
    return "";
}

static void notes_set_ended(const struct run *run, json_t *notes)
{
    struct captions captions;
    captions_make(run, 0, RUN_WALL, &captions);
    char *text = captions.missing[0] ? text_format("%sCells without a process are blank.", captions.missing)
                                     : text_format("%s", notes_ending(run));
    json_object_set_new(notes, "ended", json_text(text));
    free(text);
}

static void notes_set_failed(const struct run *run, json_t *notes)
{
    size_t blanks = 0;
    for (size_t i = 0; i < run->cell_count; i++)
        blanks += run->cells[i].reason != NULL;
    char *text = blanks == 0 ? text_format("No process of the %zu cells failed.", run->cell_count)
                             : text_format("%zu of %zu cells have no figure. A cell is blank when any of "
                                           "its processes failed, or none has run.",
                                           blanks, run->cell_count);
    json_object_set_new(notes, "failed", json_text(text));
    json_object_set_new(notes, "blanks", json_integer((json_int_t)blanks));
    free(text);
}

/* Says what figures are worth with as many processes as there are. */
static void notes_set_method(const struct run *run, const struct tables *tables, json_t *notes)
{
    struct captions captions;
    captions_make(run, tables->front, RUN_WALL, &captions);
    json_object_set_new(notes, "counted", json_text(captions.counted));
    json_object_set_new(notes, "medians", json_text(captions.medians));
    json_object_set_new(notes, "ratios", json_text(captions.ratios));
    json_object_set_new(notes, "worth", json_text(captions.worth));
}

static void notes_set_layouts(const struct run *run, json_t *notes)
{
    char words[512];
    if (run->layout_count < 2)
        return;
    tables_layout_words(run, words, sizeof(words));
    char *text = text_format("%zu layouts were taken in turn, block by block: %s.", run->layout_count, words);
    json_object_set_new(notes, "layouts", json_text(text));
    free(text);
}

json_t *page_notes_json(const struct run *run, const struct tables *tables)
{
    json_t *notes = json_object();
    char text[CAPTIONS_TEXT];
    notes_set_ended(run, notes);
    notes_set_failed(run, notes);
    notes_set_trust(run, tables, notes);
    notes_set_memory(run, notes);
    notes_set_method(run, tables, notes);
    notes_set_layouts(run, notes);
    captions_untimed(run, &tables->untimed, text);
    json_object_set_new(notes, "untimed", json_text(text));
    captions_kept(run, tables->front, FILES_EVENTS, text);
    json_object_set_new(notes, "kept", json_text(text));
    return notes;
}
