/* SPDX-License-Identifier: MIT */
#include "harness/history/chart.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/terminal.h"
#include "base/text.h"
#include "base/writing.h"
#include "harness/analysis/compare.h"
#include "harness/history/show.h"
#include "harness/report/gnuplot-define.h"
#include "harness/report/gnuplot.h"

/*
 * The chart's width in px; the characters of a panel's title with three panels side by side, and with fewer; digits of
 * a commit; changes of a panel that are named, the largest ones, in so many rows.
 */
enum { WIDTH = 1000, TITLE_SHORT = 44, TITLE_MOST = 70, DIGITS = 7, NAMED = 4, NAME_ROWS = 3 };

/* An axis has this share of its values at least, so that scatter does not look like a change. */
static const double SPAN_LEAST = 0.06;

/* Of the height above the values, for names of changes; and below them. */
static const double ROOM_ABOVE = 0.36, ROOM_BELOW = 0.16;

/* What a metric is called in a title. */
static const char *const titles[HISTORY_METRICS] = {
    [HISTORY_WALL] = "Wall time",          [HISTORY_OWN] = "Own time",
    [HISTORY_PEAK] = "Peak memory",        [HISTORY_PAUSE_P99] = "Pauses, the 99th percentile",
    [HISTORY_PAUSE_MAX] = "Longest pause", [HISTORY_INSTRUCTIONS] = "Instructions",
};

struct panel {
    const struct history_view *view;
    const struct history_series *series;
    size_t *places; /* of each entry of the history: its commit among those of the machine, from 0 */
    size_t commits; /* of the machine */
};

struct chart {
    struct panel *panels;
    size_t count, left_out; /* left out: cells that were asked for */
    bool time;
};

const char *history_chart_format(const char *path)
{
    static const char *const formats[] = {"svg", "png", "pdf"};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof(formats) / sizeof(formats[0]); i++)
        if (strcmp(dot + 1, formats[i]) == 0)
            return formats[i];
    return NULL;
}

/* ---- panels ---- */

/* Numbers the commits of the view's machine. Entries of one commit stand together. */
static size_t *places_make(const struct history_view *view, size_t *ret_commits)
{
    const struct history *history = view->history;
    size_t *places = memory_new(history->count, sizeof(*places)), commits = 0;
    const char *before = NULL;
    for (size_t i = 0; i < history->count; i++) {
        if (history->machines[i] != view->machine)
            continue;
        commits += !before || strcmp(before, history->entries[i].commit) != 0;
        before = history->entries[i].commit;
        places[i] = commits - 1;
    }
    *ret_commits = commits;
    return places;
}

static void panel_add(struct chart *chart, const struct history_view *view,
                      const struct history_series *series)
{
    struct panel *panel = &chart->panels[chart->count++];
    *panel = (struct panel){.view = view, .series = series};
    panel->places = places_make(view, &panel->commits);
}

/* Counts the series that are asked for, and of them those with a change. */
static size_t series_count(const struct history_view *views, size_t count, const char *part,
                           size_t *ret_changed)
{
    size_t asked = 0;
    *ret_changed = 0;
    for (size_t v = 0; v < count; v++)
        for (size_t i = 0; i < views[v].count; i++)
            if (history_series_is(&views[v].series[i], part)) {
                asked++;
                *ret_changed += views[v].series[i].change_count > 0;
            }
    return asked;
}

static void chart_make(const struct history_view *views, size_t count, const char *part,
                       struct chart *ret_chart)
{
    size_t changed, asked = series_count(views, count, part, &changed);
    size_t room = HISTORY_CHART_MOST, first = changed < room ? changed : room;
    size_t rest = asked - changed < room - first ? asked - changed : room - first;
    *ret_chart = (struct chart){.panels = memory_new(first + rest + count, sizeof(struct panel)),
                                .left_out = asked - first - rest,
                                .time = compare_is_time(history_metrics[views[0].metric])};
    for (size_t v = 0; v < count; v++) {
        if (ret_chart->time && views[v].reference.count > 0)
            panel_add(ret_chart, &views[v], &views[v].reference);
        for (size_t i = 0; i < views[v].count; i++) {
            const struct history_series *series = &views[v].series[i];
            size_t *left = series->change_count ? &first : &rest;
            if (*left == 0 || !history_series_is(series, part))
                continue;
            --*left;
            panel_add(ret_chart, &views[v], series);
        }
    }
}

static void chart_free(struct chart *chart)
{
    for (size_t i = 0; i < chart->count; i++)
        free(chart->panels[i].places);
    free(chart->panels);
}

/* ---- what a panel shows ---- */

/* The place of a point's commit. */
static size_t place_of(const struct panel *panel, size_t point)
{
    return panel->places[panel->series->points[point].entry];
}

/* What the points are drawn over: the first value that is not 0; 1 where there is none. */
static double base_of(const struct history_series *series)
{
    for (size_t i = 0; i < series->count; i++)
        if (series->points[i].value > 0)
            return series->points[i].value;
    return 1;
}

static void points_write(const struct panel *panel, size_t number, FILE *stream)
{
    const struct history_series *series = panel->series;
    double base = base_of(series), least = INFINITY, most = 0;
    fprintf(stream, "$points_%zu << ROWS\nplace,value,low,high\n", number);
    for (size_t i = 0; i < series->count; i++) {
        double value = series->points[i].value / base, reach = history_point_reach(&series->points[i]);
        fprintf(stream, "%zu,%.9g,%.9g,%.9g\n", place_of(panel, i), value, value / reach, value * reach);
        least = fmin(least, value / reach);
        most = fmax(most, value * reach);
    }
    double middle = (least + most) / 2, span = fmax(most - least, SPAN_LEAST * middle);
    if (span == 0)
        span = 1;
    fprintf(stream, "ROWS\nlows[%zu] = %.9g\nhighs[%zu] = %.9g\n", number, middle - (0.5 + ROOM_BELOW) * span,
            number, middle + (0.5 + ROOM_ABOVE) * span);
}

/* The mean between changes, geometric. */
static void levels_write(const struct panel *panel, size_t number, FILE *stream)
{
    const struct history_series *series = panel->series;
    double base = base_of(series);
    size_t from = 0;
    fprintf(stream, "$levels_%zu << ROWS\nfrom,until,level\n", number);
    for (size_t change = 0; change <= series->change_count; change++) {
        size_t until = change < series->change_count ? series->changes[change].change.at : series->count;
        double sum = 0;
        for (size_t i = from; i < until; i++)
            sum += log(series->points[i].value / base);
        fprintf(stream, "%.1f,%.1f,%.9g\n", (double)place_of(panel, from) - 0.5,
                (double)place_of(panel, until - 1) + 0.5, exp(sum / (double)(until - from)));
        from = until;
    }
    fputs("ROWS\n", stream);
}

/* Whether the change is one of the largest of its series. */
static bool change_is_named(const struct history_series *series, size_t change)
{
    size_t larger = 0;
    for (size_t i = 0; i < series->change_count; i++) {
        double own = fabs(series->changes[change].change.shift),
               other = fabs(series->changes[i].change.shift);
        larger += other > own || (other == own && i < change);
    }
    return larger < NAMED;
}

/* Which colour a change has: 0 more, 1 less, 2 not of the code. */
static int change_kind(const struct history_series *series, const struct history_change *change)
{
    if (series->cell && change->cause != HISTORY_CODE)
        return 2;
    return change->ratio > 1 ? 0 : 1;
}

/* Defines the changes of a panel, from the place `from` on in arrays of all. Returns the place behind them. */
static size_t changes_write(const struct panel *panel, size_t from, FILE *stream)
{
    const struct history_series *series = panel->series;
    size_t named = 0;
    for (size_t i = 0; i < series->change_count; i++) {
        const struct history_change *change = &series->changes[i];
        const struct history_point *point = &series->points[change->change.at];
        bool names = change_is_named(series, i);
        char percent[FIGURE_TEXT];
        history_percent(change->ratio, percent);
        char *text = text_format("%.*s %s", DIGITS, history_point_entry(panel->view, point)->commit, percent);
        fprintf(stream,
                "change_place[%zu] = %zu\nchange_first[%zu] = %zu\nchange_last[%zu] = %zu\nchange_kind[%zu] "
                "= %d\nchange_row[%zu] = %d\nchange_text[%zu] = ",
                from, place_of(panel, change->change.at), from, place_of(panel, change->change.first), from,
                place_of(panel, change->change.last), from, change_kind(series, change), from,
                names ? (int)(named++ % NAME_ROWS) : -1, from);
        escape_gnuplot(stream, text);
        putc('\n', stream);
        from++;
        free(text);
    }
    return from;
}

/* Defines the commits of a panel's machine in the same way: those that its ticks name. */
static size_t commits_write(const struct panel *panel, size_t from, FILE *stream)
{
    const struct history *history = panel->view->history;
    for (size_t i = 0; i < history->count; i++) {
        if (history->machines[i] != panel->view->machine)
            continue;
        char *text = text_format("%.*s", DIGITS, history->entries[i].commit);
        fprintf(stream, "commit_text[%zu] = ", from + panel->places[i]);
        escape_gnuplot(stream, text);
        putc('\n', stream);
        free(text);
    }
    return from + panel->commits;
}

/* ---- the chart ---- */

static char *panel_title(const struct panel *panel)
{
    char *name = panel->series->cell ? history_cell_name(panel->series->cell)
                                     : text_format("%s", "the machine: its reference program");
    char *title = panel->view->history->machine_count > 1
                      ? text_format("machine %zu: %s", panel->view->machine + 1, name)
                      : text_format("%s", name);
    free(name);
    return title;
}

/* The medians of the first and of the last commit. */
static char *panel_note(const struct panel *panel)
{
    const struct history_series *series = panel->series;
    enum run_metric metric = history_metrics[panel->view->metric];
    char first[FIGURE_TEXT], last[FIGURE_TEXT];
    figure_of_metric(series->points[0].median, metric, first);
    figure_of_metric(series->points[series->count - 1].median, metric, last);
    return text_format("median: first %s, last %s", first, last);
}

/* Defines the titles and the notes of panels, and how many stand side by side. */
static void titles_write(const struct chart *chart, FILE *stream)
{
    char **names = memory_new(chart->count, sizeof(*names)),
         **notes = memory_new(chart->count, sizeof(*notes));
    size_t longest = 0;
    for (size_t i = 0; i < chart->count; i++) {
        names[i] = panel_title(&chart->panels[i]);
        notes[i] = panel_note(&chart->panels[i]);
        size_t width = terminal_width(names[i]);
        longest = width > longest ? width : longest;
    }
    size_t across = longest > TITLE_SHORT ? 2 : 3;
    gnuplot_define_list(stream, "panel_titles", names, chart->count, TITLE_MOST);
    gnuplot_define_list(stream, "panel_notes", notes, chart->count, TITLE_MOST);
    fprintf(stream, "panels = %zu\nacross = %zu\nwidth = %d\n", chart->count,
            chart->count < across ? chart->count : across, WIDTH);
    for (size_t i = 0; i < chart->count; i++) {
        free(names[i]);
        free(notes[i]);
    }
    free(names);
    free(notes);
}

/* Defines what all panels share: the title, with the days of the first commit and the last, and words for the caption. */
static void chart_write(const struct chart *chart, FILE *stream)
{
    const struct history_view *view = chart->panels[0].view;
    char *first = history_date(&view->history->entries[0]),
         *last = history_date(&view->history->entries[view->history->count - 1]);
    char *title = text_format("%s over commits, from %s to %s", titles[view->metric], first, last);
    char *left_out =
        chart->left_out
            ? text_format("%zu more cells are not drawn, those without a change first.", chart->left_out)
            : text_format("%s", "");
    gnuplot_define(stream, "title", title);
    gnuplot_define(stream, "left_out", left_out);
    gnuplot_define(stream, "over",
                   chart->time ? "Each time is divided by that of the reference program in its block." : "");
    free(left_out);
    free(title);
    free(first);
    free(last);
}

/* Defines arrays for all panels, with a place more than is needed: gnuplot has none of no place. */
static void arrays_write(const struct chart *chart, FILE *stream)
{
    static const char *const of_panels[] = {"lows",         "highs",        "change_begin",
                                            "change_count", "commit_begin", "commit_count"};
    static const char *const of_changes[] = {"change_place", "change_first", "change_last",
                                             "change_kind",  "change_row",   "change_text"};
    size_t changes = 0, commits = 0;
    for (size_t i = 0; i < chart->count; i++) {
        changes += chart->panels[i].series->change_count;
        commits += chart->panels[i].commits;
    }
    for (size_t i = 0; i < sizeof(of_panels) / sizeof(of_panels[0]); i++)
        fprintf(stream, "array %s[%zu]\n", of_panels[i], chart->count + 1);
    for (size_t i = 0; i < sizeof(of_changes) / sizeof(of_changes[0]); i++)
        fprintf(stream, "array %s[%zu]\n", of_changes[i], changes + 1);
    fprintf(stream, "array commit_text[%zu]\n", commits + 1);
}

/* Returns the variables and the data of the script, as commands of gnuplot, for free(). */
static char *definitions_make(const struct chart *chart, const char *format)
{
    char *text = NULL;
    size_t size = 0, change = 1, commit = 1;
    FILE *stream = memory_stream(&text, &size);
    gnuplot_define_begin(stream, "history");
    gnuplot_define(stream, "format", format);
    chart_write(chart, stream);
    titles_write(chart, stream);
    arrays_write(chart, stream);
    for (size_t i = 0; i < chart->count; i++) {
        const struct panel *panel = &chart->panels[i];
        fprintf(stream, "change_begin[%zu] = %zu\nchange_count[%zu] = %zu\n", i + 1, change, i + 1,
                panel->series->change_count);
        fprintf(stream, "commit_begin[%zu] = %zu\ncommit_count[%zu] = %zu\n", i + 1, commit, i + 1,
                panel->commits);
        points_write(panel, i + 1, stream);
        levels_write(panel, i + 1, stream);
        change = changes_write(panel, change, stream);
        commit = commits_write(panel, commit, stream);
    }
    memory_stream_close(stream);
    return text;
}

/* Draws the chart into a file that has been begun. */
static int chart_draw_into(const struct chart *chart, const char *gnuplot, const char *format,
                           struct writing *file)
{
    char complaint[GNUPLOT_COMPLAINT], *definitions = definitions_make(chart, format),
                                       *script = gnuplot_script("history");
    struct gnuplot_job job = {.gnuplot = gnuplot,
                              .folder = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC), /* it reads no file */
                              .definitions = definitions,
                              .script = script,
                              .timeout_ns = GNUPLOT_TIMEOUT};
    int status = gnuplot_draw(&job, format, file, complaint);
    if (status == 1)
        status = message_storage("history: gnuplot failed: %s; install a gnuplot that draws", complaint);
    close(job.folder);
    free(script);
    free(definitions);
    return status;
}

int history_chart_draw(const struct history_view *views, size_t count, const char *part, const char *path)
{
    struct chart chart;
    struct writing file;
    char *gnuplot = gnuplot_find();
    if (!gnuplot)
        return MESSAGE_BAD_INPUT;
    chart_make(views, count, part, &chart);
    int status = writing_begin_path("history: --chart", path, &file);
    if (status == 0)
        status = chart_draw_into(&chart, gnuplot, history_chart_format(path), &file);
    if (status == 0)
        status = writing_keep(&file);
    else
        writing_drop(&file);
    chart_free(&chart);
    free(gnuplot);
    return status;
}
