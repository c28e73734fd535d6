/* SPDX-License-Identifier: MIT */
#include "harness/report/claims-text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "harness/analysis/claims-more.h"
#include "harness/campaign/process/progress.h"
#include "harness/report/figure.h"
#include "harness/report/machines-text.h"
#include "harness/report/scene-text.h"
#include "harness/report/textual.h"

const char claims_text_warm[] =
    "A warm process has no peak memory: pages that its workload never needs are there too.";

const char *claims_text_less(enum run_metric metric)
{
    if (metric == RUN_PEAK || metric == RUN_LEAKED || metric == RUN_ALLOCATED)
        return "is smaller";
    if (metric >= RUN_PAUSES && metric <= RUN_PAUSE_MAX)
        return "pauses less";
    return strcmp(run_metric_names[metric].unit, "ns") == 0 ? "is faster" : "is less";
}

static const char *claims_text_verb(size_t count)
{
    return count == 1 ? "is" : "are";
}

void claims_text_counts(const struct claims *claims, const struct claims_counts *counts,
                        char ret_text[CLAIMS_TEXT])
{
    double precision = 100 * fmax(claims->design.precision, claims->design.minimum);
    int length = snprintf(
        ret_text, CLAIMS_TEXT, "of %zu pairs %zu %s claimed, %zu %s equal within %g%% and %zu %s undecided",
        counts->pairs, counts->claims, claims_text_verb(counts->claims), counts->equal,
        claims_text_verb(counts->equal), precision, counts->undecided, claims_text_verb(counts->undecided));
    if (counts->pairs)
        length += snprintf(ret_text + length, CLAIMS_TEXT - (size_t)length, ": %.1f%% are decided",
                           100 * claims_decided(counts));
    if (counts->blank)
        length += snprintf(ret_text + length, CLAIMS_TEXT - (size_t)length, "; %zu more %s no figure",
                           counts->blank, counts->blank == 1 ? "has" : "have");
    if (counts->as_warm)
        length +=
            snprintf(ret_text + length, CLAIMS_TEXT - (size_t)length,
                     "; of %zu more nothing is claimed, as a cold cell stopped as warm", counts->as_warm);
    snprintf(ret_text + length, CLAIMS_TEXT - (size_t)length, ".");
}

/* Counts the undecided pairs of a setting by the blocks of their last look. Returns how many there are. */
static size_t claims_text_count_looks(const struct claims *claims, size_t setting, size_t *counts)
{
    size_t sum = 0;
    for (size_t i = 0; i < claims->count; i++) {
        const struct claims_pair *pair = &claims->pairs[i];
        bool counts_here = pair->a->setting == setting && pair->result.verdict == SEQUENTIAL_UNDECIDED;
        if (!counts_here || pair->result.blocks > claims->run->blocks)
            continue;
        counts[pair->result.blocks]++;
        sum++;
    }
    return sum;
}

/* Says what would bring the pairs that have `last` blocks at most more of them. */
static void claims_text_add_more(const struct claims *claims, size_t last, FILE *stream)
{
    size_t looks[SEQUENTIAL_LOOKS], count = sequential_looks(&claims->design, looks), next = 0;
    while (next < count && looks[next] <= last)
        next++;
    if (next == count)
        fprintf(stream, "No look follows: a new run %s may decide them.",
                machines_are_several(&claims->design.machines) ? "on more machines" : "with more blocks");
    else if (claims->metric != RUN_WALL)
        fputs("A cell stops when its comparisons of time are decided, so a longer run may add no block to "
              "these. "
              "A matrix that names blocks and no precision gives each cell as many.",
              stream);
    else if (next + 1 == count)
        fprintf(stream, "The last look is at %zu blocks. --resume goes on.", looks[next]);
    else
        fprintf(
            stream,
            "The next look is at %zu blocks, the last at %zu. --resume goes on, with a longer --budget where "
            "that ended the run.",
            looks[next], looks[count - 1]);
}

/* Says how long it takes to decide how many of the `open` pairs, as far as the run can tell. */
static void claims_text_add_time(const struct claims *claims, size_t setting, size_t open, FILE *stream)
{
    struct claims_more more = claims_more(claims, setting);
    char span[32];
    progress_span((int64_t)(more.seconds * 1e9), span);
    if (more.known == 0) {
        fputs(" How long that takes is not known: too little is known of how these pairs scatter.", stream);
        return;
    }
    fprintf(stream, " By their scatter so far %s",
            more.in_vain ? "the looks that are left decide none of them, and " : "");
    if (more.pairs == 0) {
        fprintf(stream, "not even %d blocks decide any.", CLAIMS_MORE_BLOCKS);
        return;
    }
    if (more.way == CLAIMS_NEW_RUN)
        fprintf(stream, "a new run of this setting with %zu blocks would decide about %zu of these %zu",
                more.blocks, more.pairs, open);
    else
        fprintf(stream, "going on would decide about %zu of these %zu", more.pairs, open);
    if (more.seconds > 0)
        fprintf(stream, ", in about %s of measuring.", span);
    else
        fputs("; how long that takes is not known.", stream);
}

char *claims_text_undecided(const struct claims *claims, size_t setting)
{
    size_t *counts = memory_new(claims->run->blocks + 1, sizeof(*counts));
    size_t sum = claims_text_count_looks(claims, setting, counts), last = 0, said = 0, size;
    char *text = NULL;
    if (sum && claims->design.first >= 2 && claims->design.blocks >= 2) {
        FILE *stream = memory_stream(&text, &size);
        fputs("The undecided are judged by ", stream);
        for (size_t blocks = 0; blocks <= claims->run->blocks; blocks++) {
            if (counts[blocks] == 0)
                continue;
            fprintf(stream, "%s%zu blocks (%zu pair%s)", said++ ? ", " : "", blocks, counts[blocks],
                    counts[blocks] == 1 ? "" : "s");
            last = blocks;
        }
        fputs(". ", stream);
        claims_text_add_more(claims, last, stream);
        claims_text_add_time(claims, setting, sum, stream);
        memory_stream_close(stream);
    }
    free(counts);
    return text;
}

void claims_text_design(const struct claims *claims, char ret_text[CLAIMS_TEXT])
{
    const struct sequential_design *design = &claims->design;
    size_t looks[SEQUENTIAL_LOOKS], count;
    int length;
    if (design->first < 2 || design->blocks < 2) {
        snprintf(ret_text, CLAIMS_TEXT, "One block claims nothing: measure two at least, better ten.");
        return;
    }
    count = sequential_looks(design, looks);
    if (count > 1)
        length = snprintf(ret_text, CLAIMS_TEXT, "%zu looks, at %zu to %zu blocks", count, looks[0],
                          looks[count - 1]);
    else
        length = snprintf(ret_text, CLAIMS_TEXT, "One look, at %zu blocks", looks[0]);
    snprintf(
        ret_text + length, CLAIMS_TEXT - (size_t)length,
        ". A claim is a difference of %g%% or more. The chance that this run states anything wrong about "
        "its %zu pairs is %g%% at most.%s",
        100 * design->minimum, design->family, 100 * design->alpha,
        machines_are_several(&design->machines)
            ? " It holds over machines: each counts once, and by what they differ is in every interval."
            : "");
}

/* ---- two builds ---- */

static enum textual_tone claims_text_tone(enum sequential_verdict verdict)
{
    return verdict == SEQUENTIAL_LESS   ? TEXTUAL_GOOD
           : verdict == SEQUENTIAL_MORE ? TEXTUAL_BAD
                                        : TEXTUAL_FAINT;
}

/* The build without a name is this one; the other's name stands in the plan. */
static void claims_text_print_builds(const struct claims *claims, size_t setting, enum report_form form,
                                     FILE *stream)
{
    static const char *const header[] = {"workload", "collector", "this build / the other",
                                         "interval", "blocks",    "this build"};
    enum { COLUMNS = sizeof(header) / sizeof(header[0]) };
    struct textual table;
    textual_init(&table, COLUMNS, 2);
    for (size_t i = 0; i < COLUMNS; i++)
        textual_add(&table, TEXTUAL_BOLD, "%s", header[i]);
    for (size_t i = 0; i < claims->count; i++) {
        const struct claims_pair *pair = &claims->pairs[i];
        char ratio[FIGURE_TEXT], interval[FIGURE_TEXT];
        if (pair->a->setting != setting)
            continue;
        figure_fine_ratio(pair->result.ratio, ratio);
        figure_fine_interval((struct bootstrap_interval){pair->result.low, pair->result.high}, interval);
        textual_add(&table, TEXTUAL_PLAIN, "%s", claims->run->works.names[pair->a->work]);
        textual_add(&table, TEXTUAL_PLAIN, "%s", claims->run->configs.names[pair->a->config]);
        textual_add(&table, TEXTUAL_PLAIN, "%s", ratio);
        textual_add(&table, TEXTUAL_FAINT, "%s", interval);
        textual_add(&table, TEXTUAL_PLAIN, "%zu", pair->result.blocks);
        textual_add(&table, claims_text_tone(pair->result.verdict), "%s",
                    claims_text_verdict(pair->result.verdict));
    }
    textual_print_form(&table, form, stream);
    textual_fini(&table);
}

/* ---- all of a metric ---- */

const char *claims_text_verdict(enum sequential_verdict verdict)
{
    static const char *const words[CLAIMS_VERDICTS] = {[SEQUENTIAL_UNDECIDED] = "undecided",
                                                       [SEQUENTIAL_LESS] = "less",
                                                       [SEQUENTIAL_MORE] = "more",
                                                       [SEQUENTIAL_EQUAL] = "equal",
                                                       [SEQUENTIAL_BLANK] = "n/a"};
    return words[verdict];
}

/* Counts the cells of a config in the setting, those that have a process, and those that may be the best. */
static size_t claims_text_leads(const struct claims *claims, size_t config, size_t setting, size_t *ret_tried,
                                size_t *ret_leads)
{
    size_t cells = 0;
    *ret_tried = *ret_leads = 0;
    for (size_t i = 0; i < claims->run->cell_count; i++) {
        const struct run_cell *cell = &claims->run->cells[i];
        if (cell->config != config || cell->setting != setting || run_cell_is_aside(cell) ||
            cell->role == RUN_FLOOR)
            continue;
        cells++;
        *ret_tried += strcmp(cell->status, "missing") != 0;
        *ret_leads += !claims_stops_as_warm(cell, claims->metric) &&
                      !isnan(run_cell_median(claims->run, cell, claims->metric)) &&
                      claims_may_lead(claims, cell);
    }
    return cells;
}

/* Adds the configs that may be the best on `wanted` works. Returns whether there are any. */
static bool claims_text_add_leaders(const struct claims *claims, size_t setting, size_t wanted, bool first,
                                    FILE *stream)
{
    bool any = false;
    for (size_t config = 0; config < claims->run->configs.measured; config++) {
        size_t tried, leads, cells = claims_text_leads(claims, config, setting, &tried, &leads);
        if (tried == 0 || leads != wanted)
            continue;
        if (wanted == 0)
            fprintf(stream, "%s%s", any ? ", " : "; on none: ", claims->run->configs.names[config]);
        else if (first && !any)
            fprintf(stream, "%s on %zu of %zu workloads", claims->run->configs.names[config], leads, cells);
        else
            fprintf(stream, ", %s on %zu", claims->run->configs.names[config], leads);
        any = true;
    }
    return any;
}

char *claims_text_leaders(const struct claims *claims, size_t setting)
{
    const char *less = claims_text_less(claims->metric);
    const char *most = strcmp(less, "is faster") == 0    ? "the fastest"
                       : strcmp(less, "is smaller") == 0 ? "the smallest"
                                                         : "the least";
    char *text = NULL;
    size_t size;
    bool any = false;
    FILE *stream = memory_stream(&text, &size);
    fprintf(stream, "May be %s: ", most);
    for (size_t wanted = claims->run->works.measured + 1; wanted-- > 0;)
        if (wanted > 0 || any)
            any |= claims_text_add_leaders(claims, setting, wanted, !any, stream);
    putc('.', stream);
    memory_stream_close(stream);
    if (any && !claims->builds)
        return text;
    free(text);
    return NULL;
}

/* Says of a setting that its processes have no such figure. */
static void claims_text_print_unmeasured(const struct claims *claims, size_t setting, enum report_form form,
                                         FILE *stream)
{
    char *line =
        text_format("%s: nothing is claimed. %s", claims->run->settings.names[setting], claims_text_warm);
    putc('\n', stream);
    textual_print_sentence(line, form, stream);
    free(line);
}

static void claims_text_print_setting(const struct claims *claims, size_t setting, enum report_form form,
                                      FILE *stream)
{
    struct claims_scene *scenes = memory_new(claims->run->cell_count, sizeof(*scenes));
    size_t count = claims_scenes(claims, scenes), kept = 0;
    struct claims_counts counts = claims_count(claims, setting);
    char text[CLAIMS_TEXT];
    for (size_t i = 0; i < count; i++)
        if (scenes[i].setting == setting)
            scenes[kept++] = scenes[i];
    claims_text_counts(claims, &counts, text);
    if (!run_setting_measures(claims->run, setting, claims->metric))
        claims_text_print_unmeasured(claims, setting, form, stream);
    else if (kept) {
        char *line = text_format("%s: %s", claims->run->settings.names[setting], text);
        putc('\n', stream);
        textual_print_sentence(line, form, stream);
        char *leaders = claims_text_leaders(claims, setting);
        if (leaders)
            textual_print_sentence(leaders, form, stream);
        free(leaders);
        machines_text_print(claims, setting, form, stream);
        if (form == REPORT_MARKDOWN)
            putc('\n', stream);
        free(line);
        if (claims->builds)
            claims_text_print_builds(claims, setting, form, stream);
        else
            scene_text_print(claims, scenes, kept, form, stream);
    }
    free(scenes);
}

void claims_text_print(const struct claims *claims, size_t setting, enum report_form form, FILE *stream)
{
    char text[CLAIMS_TEXT];
    char *head =
        text_format(claims->builds ? "Claims: which build %s (%s)" : "Claims: which collector %s (%s)",
                    claims_text_less(claims->metric), run_metric_names[claims->metric].name);
    textual_print_title(head, form, stream);
    if (form == REPORT_MARKDOWN)
        putc('\n', stream);
    claims_text_design(claims, text);
    textual_print_sentence(text, form, stream);
    for (size_t i = 0; i < claims->run->settings.count; i++)
        if (setting == CLAIMS_ANY || setting == i)
            claims_text_print_setting(claims, i, form, stream);
    putc('\n', stream);
    free(head);
}

/* ---- JSON ---- */

static json_t *claims_text_pair_json(const struct claims *claims, const struct claims_pair *pair)
{
    const struct run *run = claims->run;
    const char *heap = run_cell_text(run, pair->a, "heap");
    json_t *object = json_object();
    json_object_set_new(object, "workload", json_string(run->works.names[pair->a->work]));
    json_object_set_new(object, "setting", json_string(run->settings.names[pair->a->setting]));
    json_object_set_new(object, "heap", *heap ? json_string(heap) : json_null());
    json_object_set_new(object, "a", json_string(run->configs.names[pair->a->config]));
    json_object_set_new(object, "b", json_string(run->configs.names[pair->b->config]));
    json_object_set_new(object, "verdict", json_string(claims_text_verdict(pair->result.verdict)));
    json_object_set_new(object, "ratio", figure_json(pair->result.ratio));
    json_object_set_new(object, "low", figure_json(pair->result.low));
    json_object_set_new(object, "high", figure_json(pair->result.high));
    json_object_set_new(object, "blocks", json_integer((json_int_t)pair->result.blocks));
    machines_text_pair_json(claims, pair, object);
    return object;
}

json_t *claims_text_json(const struct claims *claims, size_t setting)
{
    const struct sequential_design *design = &claims->design;
    struct claims_counts counts = claims_count(claims, setting);
    json_t *pairs = json_array();
    for (size_t i = 0; i < claims->count; i++)
        if (setting == CLAIMS_ANY || claims->pairs[i].a->setting == setting)
            json_array_append_new(pairs, claims_text_pair_json(claims, &claims->pairs[i]));
    json_t *object = json_pack(
        "{ss ss sI sf sf sf sI sI ss}", "metric", run_metric_names[claims->metric].name, "less",
        claims_text_less(claims->metric), "family", (json_int_t)design->family, "alpha", design->alpha,
        "minimum", design->minimum, "precision", design->precision, "first_look", (json_int_t)design->first,
        "last_look", (json_int_t)design->blocks, "spending", sequential_spending_names[design->spending]);
    json_object_set_new(object, "counts",
                        json_pack("{sI sI sI sI sI sI}", "pairs", (json_int_t)counts.pairs, "claims",
                                  (json_int_t)counts.claims, "equal", (json_int_t)counts.equal, "undecided",
                                  (json_int_t)counts.undecided, "blank", (json_int_t)counts.blank, "as_warm",
                                  (json_int_t)counts.as_warm));
    json_object_set_new(object, "decided", figure_json(claims_decided(&counts)));
    json_object_set_new(object, "pairs", pairs);
    return object;
}
