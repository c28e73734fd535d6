/* SPDX-License-Identifier: MIT */
#include "harness/history/show.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/terminal.h"
#include "base/text.h"
#include "harness/analysis/compare.h"
#include "harness/history/chart.h"
#include "harness/report/textual.h"

/* Digits of a commit where a line has little room; columns of a series in a table. */
enum { COMMIT_FEW = 7, SPARK_COLUMNS = 24 };

const char *history_cause_word(enum history_cause cause)
{
    static const char *const words[] = {
        [HISTORY_CODE] = "code", [HISTORY_MACHINE] = "machine", [HISTORY_PROGRAM] = "same program"};
    return words[cause];
}

char *history_date(const struct history_entry *entry)
{
    char date[32] = "";
    time_t time = (time_t)entry->committed;
    struct tm parts;
    if (gmtime_r(&time, &parts))
        strftime(date, sizeof(date), "%Y-%m-%d", &parts);
    return text_format("%s", date);
}

/* ---- a series in a line ---- */

char *history_spark(const struct history_series *series, size_t most, bool utf8)
{
    static const char *const signs[2][8] = {{"_", ".", ":", "-", "=", "+", "*", "#"},
                                            {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"}};
    size_t first = series->count > most ? series->count - most : 0;
    double low = INFINITY, high = -INFINITY;
    char *text = memory_new(series->count - first + 1, sizeof("▁")), *at = text;
    for (size_t i = first; i < series->count; i++) {
        low = fmin(low, series->points[i].value);
        high = fmax(high, series->points[i].value);
    }
    for (size_t i = first; i < series->count; i++) {
        double share = high > low ? (series->points[i].value - low) / (high - low) : 0;
        at = stpcpy(at, signs[utf8][share > 0 ? (size_t)lround(7 * fmin(share, 1)) : 0]);
    }
    return text;
}

/* ---- what changed ---- */

/* A change with its series. */
struct shown_change {
    const struct history_series *series;
    const struct history_change *change;
    size_t entry, order;
};

static int shown_compare(const void *a, const void *b)
{
    const struct shown_change *left = a, *right = b;
    if (left->entry != right->entry)
        return left->entry < right->entry ? -1 : 1;
    return left->order < right->order ? -1 : left->order > right->order;
}

/* Lists the changes of all series by their commits. Returns them for free(). */
static struct shown_change *changes_list(const struct history_view *view, size_t *ret_count)
{
    size_t count = 0;
    for (size_t i = 0; i < view->count; i++)
        count += view->series[i].change_count;
    struct shown_change *list = memory_new(count, sizeof(*list));
    *ret_count = 0;
    for (size_t i = 0; i < view->count; i++)
        for (size_t c = 0; c < view->series[i].change_count; c++) {
            const struct history_change *change = &view->series[i].changes[c];
            list[*ret_count] = (struct shown_change){.series = &view->series[i],
                                                     .change = change,
                                                     .entry = view->series[i].points[change->change.at].entry,
                                                     .order = *ret_count};
            ++*ret_count;
        }
    qsort(list, count, sizeof(*list), shown_compare);
    return list;
}

/* The range of git in which the change lies, as in "1a2b3c4..2b17f19"; "" where its commit is known. For free(). */
static char *range_of(const struct history_view *view, const struct history_series *series,
                      const struct change *change)
{
    if (change->first == change->last)
        return text_format("%s", "");
    return text_format("%.*s..%.*s", COMMIT_FEW,
                       history_point_entry(view, &series->points[change->first - 1])->commit, COMMIT_FEW,
                       history_point_entry(view, &series->points[change->last])->commit);
}

void history_percent(double ratio, char ret_text[FIGURE_TEXT])
{
    if (isfinite(ratio))
        snprintf(ret_text, FIGURE_TEXT, "%+.3g%%", 100 * (ratio - 1));
    else
        snprintf(ret_text, FIGURE_TEXT, "from 0");
}

static void change_row(const struct history_view *view, const struct shown_change *shown,
                       struct textual *table)
{
    const struct history_change *change = shown->change;
    const struct history_entry *entry = &view->history->entries[shown->entry];
    const char *const *names = shown->series->cell->names;
    char percent[FIGURE_TEXT], low[FIGURE_TEXT], high[FIGURE_TEXT];
    char *date = history_date(entry), *range = range_of(view, shown->series, &change->change);
    char *spark = history_spark(shown->series, SPARK_COLUMNS, terminal_has_utf8());
    history_percent(change->ratio, percent);
    history_percent(change->low, low);
    history_percent(change->high, high);
    textual_add(table, TEXTUAL_PLAIN, "%.*s", HISTORY_COMMIT_DIGITS, entry->commit);
    textual_add(table, TEXTUAL_FAINT, "%s", date);
    textual_add(table, TEXTUAL_PLAIN, "%s", names[HISTORY_WORKLOAD]);
    textual_add(table, TEXTUAL_PLAIN, "%s", names[HISTORY_COLLECTOR]);
    textual_add(table, TEXTUAL_PLAIN, "%s %s%s%s", names[HISTORY_ALLOCATOR], names[HISTORY_MEMORY],
                *names[HISTORY_HEAP] ? " heap " : "", names[HISTORY_HEAP]);
    textual_add(table,
                change->cause != HISTORY_CODE ? TEXTUAL_FAINT
                : change->ratio > 1           ? TEXTUAL_BAD
                                              : TEXTUAL_GOOD,
                "%s", percent);
    if (change->exact)
        textual_add(table, TEXTUAL_FAINT, "exact");
    else
        textual_add(table, TEXTUAL_FAINT, "%s to %s", low, high);
    textual_add(table, TEXTUAL_FAINT, "%zu", change->change.found - change->change.at + 1);
    textual_add(table, TEXTUAL_PLAIN, "%s", history_cause_word(change->cause));
    textual_add(table, TEXTUAL_FAINT, "%s", range);
    textual_add(table, TEXTUAL_PLAIN, "%s", spark);
    free(date);
    free(range);
    free(spark);
}

/*
 * Says where most series changed the same way, from the change `from` on in the list. One commit of a collector seldom
 * moves all others. Returns the place of the first change of another commit.
 */
static size_t crowd_say(const struct history_view *view, const struct shown_change *list, size_t count,
                        size_t from, enum report_form form, FILE *stream)
{
    enum { SERIES_LEAST = 4 };
    size_t up = 0, down = 0, at = from;
    for (; at < count && list[at].entry == list[from].entry; at++) {
        up += list[at].change->ratio > 1;
        down += list[at].change->ratio < 1;
    }
    size_t most = up > down ? up : down;
    if (view->count >= SERIES_LEAST && 2 * most > view->count) {
        char *line = text_format(
            "At %.*s %zu of %zu series changed the same way: that is rather a compiler's, a "
            "library's or the machine's doing than a collector's.",
            HISTORY_COMMIT_DIGITS, view->history->entries[list[from].entry].commit, most, view->count);
        textual_print_sentence(line, form, stream);
        free(line);
    }
    return at;
}

/* The subjects of the commits at which something changed, each once. */
static void subjects_print(const struct history_view *view, const struct shown_change *list, size_t count,
                           enum report_form form, FILE *stream)
{
    for (size_t i = 0; i < count; i++) {
        const struct history_entry *entry = &view->history->entries[list[i].entry];
        if (i > 0 && strcmp(view->history->entries[list[i - 1].entry].commit, entry->commit) == 0)
            continue;
        char *line = text_format("- %.*s %s", HISTORY_COMMIT_DIGITS, entry->commit, entry->subject);
        textual_print_line(line, form, stream);
        free(line);
    }
}

static void changes_print(const struct history_view *view, enum report_form form, FILE *stream)
{
    static const char *const header[] = {"commit",    "date",    "workload",     "collector",
                                         "allocator", "change",  "95% interval", "found after",
                                         "of",        "lies in", "series"};
    enum { COLUMNS = sizeof(header) / sizeof(header[0]), LEFT = 5 };
    size_t count;
    struct shown_change *list = changes_list(view, &count);
    struct textual table;
    textual_init(&table, COLUMNS, LEFT);
    for (size_t i = 0; i < COLUMNS; i++)
        textual_add(&table, TEXTUAL_BOLD, "%s", header[i]);
    for (size_t i = 0; i < count; i++)
        change_row(view, &list[i], &table);
    putc('\n', stream);
    textual_print_title("What changed", form, stream);
    putc('\n', stream);
    if (count == 0)
        textual_print_sentence("Nothing is shown to have changed.", form, stream);
    else {
        textual_print_form(&table, form, stream);
        putc('\n', stream);
        subjects_print(view, list, count, form, stream);
        for (size_t at = 0; at < count;)
            at = crowd_say(view, list, count, at, form, stream);
    }
    textual_fini(&table);
    free(list);
}

/* ---- the machine ---- */

static void machine_say(const struct history_view *view, enum report_form form, FILE *stream)
{
    size_t runs = 0, first = view->history->count;
    for (size_t i = 0; i < view->history->count; i++) {
        if (view->history->machines[i] != view->machine)
            continue;
        first = runs++ ? first : i;
    }
    const json_t *machine = view->history->entries[first].machine;
    const char *host = json_string_value(json_object_get(machine, "hostname_hash"));
    const char *cpu = json_string_value(json_object_get(machine, "cpu"));
    char *text = text_format("Machine %zu of %zu: host %.8s, %s, %lld cores; %zu run%s", view->machine + 1,
                             view->history->machine_count, host ? host : "unknown", cpu ? cpu : "unknown",
                             (long long)json_integer_value(json_object_get(machine, "cores")), runs,
                             runs == 1 ? "" : "s");
    textual_print_title(text, form, stream);
    free(text);
}

/* Says where the machine itself changed. */
static void reference_say(const struct history_view *view, enum report_form form, FILE *stream)
{
    const struct history_series *reference = &view->reference;
    for (size_t i = 0; i < reference->change_count; i++) {
        const struct history_change *change = &reference->changes[i];
        const struct history_entry *entry = history_point_entry(view, &reference->points[change->change.at]);
        char percent[FIGURE_TEXT], *date = history_date(entry);
        history_percent(change->ratio, percent);
        char *text = text_format("The machine changed at %.*s (%s): the time of the reference program by %s.",
                                 HISTORY_COMMIT_DIGITS, entry->commit, date, percent);
        textual_print_sentence(text, form, stream);
        free(text);
        free(date);
    }
}

/* Whether two objects of JSON have another value of a key. */
static bool differs(const json_t *a, const json_t *b, const char *key)
{
    const json_t *left = json_object_get(a, key), *right = json_object_get(b, key);
    return (left || right) && !(left && right && json_equal(left, right));
}

/* Names the parts of the system that are others than at the run before. */
static void conditions_say_of(const struct history_entry *before, const struct history_entry *entry,
                              enum report_form form, FILE *stream)
{
    static const char *const machine[] = {"kernel", "memory_bytes", "thp", "governor"};
    char *names;
    size_t size;
    const char *key;
    json_t *value;
    FILE *text = memory_stream(&names, &size);
    for (size_t i = 0; i < sizeof(machine) / sizeof(machine[0]); i++)
        if (differs(before->machine, entry->machine, machine[i]))
            fprintf(text, ", %s", machine[i]);
    json_object_foreach((json_t *)entry->versions, key, value)
        if (differs(before->versions, entry->versions, key))
            fprintf(text, ", %s", key);
    memory_stream_close(text);
    if (size > 0) {
        char *line = text_format("From %.*s on these are others than before: %s.", HISTORY_COMMIT_DIGITS,
                                 entry->commit, names + 2);
        textual_print_sentence(line, form, stream);
        free(line);
    }
    free(names);
}

/* Says where the system under the programs changed: kernel, compiler, libraries, tools. */
static void conditions_say(const struct history_view *view, enum report_form form, FILE *stream)
{
    const struct history_entry *before = NULL;
    for (size_t i = 0; i < view->history->count; i++) {
        if (view->history->machines[i] != view->machine)
            continue;
        if (before)
            conditions_say_of(before, &view->history->entries[i], form, stream);
        before = &view->history->entries[i];
    }
}

/* ---- all of it ---- */

bool history_series_is(const struct history_series *series, const char *part)
{
    char *name = history_cell_name(series->cell);
    bool is = !part || strstr(name, part);
    free(name);
    return is;
}

static void foot_say(const struct history_view *view, const struct history_show *show, FILE *stream)
{
    bool time = compare_is_time(history_metrics[view->metric]);
    char *text = text_format(
        "%zu series of %s. %sA standard deviation of %.1f%% between runs is added%s. A change has a small p, "
        "corrected over %zu series: %d runs without a change give a false alarm in 5%% of histories at most. "
        "Counts that do not vary are compared exactly. \"found after\" counts commits from the change on. "
        "A change \"of machine\" is one at which the reference program's time moved by half as much or more. "
        "One \"of same program\" has the same executable before and after.",
        view->count, run_metric_names[history_metrics[view->metric]].name,
        time ? "Each time is divided by that of the reference program in its block. " : "",
        100 * expm1(show->between * view->widened),
        view->widened > 1 ? ", more than stated, as the history shows it" : " (--between-runs)", view->family,
        CHANGES_HORIZON);
    putc('\n', stream);
    textual_print_sentence(text, show->form, stream);
    free(text);
}

static void view_print(const struct history_view *view, const struct history_show *show, FILE *stream)
{
    if (view->machine > 0)
        putc('\n', stream);
    machine_say(view, show->form, stream);
    putc('\n', stream);
    reference_say(view, show->form, stream);
    conditions_say(view, show->form, stream);
    changes_print(view, show->form, stream);
    history_print_claims(view, show->form, stream);
    for (size_t i = 0; i < view->count; i++)
        if (show->cell && history_series_is(&view->series[i], show->cell))
            history_print_series(view, &view->series[i], show->form, stream);
    foot_say(view, show, stream);
}

static size_t series_count_of(const struct history_view *view, const char *part)
{
    size_t count = 0;
    for (size_t i = 0; i < view->count; i++)
        count += history_series_is(&view->series[i], part);
    return count;
}

static void views_print_json(const struct history *history, const struct history_view *views, FILE *stream)
{
    enum { DIGITS = 7 };
    json_t *machines = json_array();
    for (size_t i = 0; i < history->machine_count; i++)
        json_array_append_new(machines, history_view_json(&views[i]));
    json_t *answer = json_pack("{ss so}", "schema", "gcmatrix.history-view.1", "machines", machines);
    json_dumpf(answer, stream, JSON_INDENT(2) | JSON_REAL_PRECISION(DIGITS));
    putc('\n', stream);
    json_decref(answer);
}

/* Prints what the views show in the form that is asked for. */
static void views_print(const struct history *history, const struct history_view *views,
                        const struct history_show *show, FILE *stream)
{
    if (show->form == REPORT_JSON)
        views_print_json(history, views, stream);
    else
        for (size_t i = 0; i < history->machine_count; i++)
            view_print(&views[i], show, stream);
}

int history_print(const struct history *history, const struct history_show *show, FILE *stream)
{
    struct history_view *views = memory_new(history->machine_count, sizeof(*views));
    size_t shown = 0;
    int status = 0;
    for (size_t i = 0; i < history->machine_count; i++) {
        history_view_make(history, show->metric, i, show->between, &views[i]);
        shown += series_count_of(&views[i], show->cell);
    }
    if (show->cell && shown == 0)
        status = message_bad_input("history: no cell of %s has '%s' in its name, as in 'rings x rc on glibc'",
                                   history->dir, show->cell);
    else if (show->chart && shown == 0)
        status = message_bad_input("history: no run of %s has %s, so there is no chart of it", history->dir,
                                   run_metric_names[history_metrics[show->metric]].name);
    else if (show->chart)
        status = history_chart_draw(views, history->machine_count, show->cell, show->chart);
    if (status == 0)
        views_print(history, views, show, stream);
    for (size_t i = 0; i < history->machine_count; i++)
        history_view_free(&views[i]);
    free(views);
    return status;
}
