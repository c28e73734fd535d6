/* SPDX-License-Identifier: MIT */
#include "harness/report/plot.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "base/writing.h"
#include "harness/report/gnuplot.h"
#include "harness/report/plot-axes.h"
#include "harness/report/plot-data.h"
#include "harness/report/plot-parts.h"
#include "harness/report/plot-variables.h"
#include "harness/report/tables-memory.h"

/* Whether the figure's table has rows of the settings that are drawn. */
static bool plot_has_rows(const struct plot_figure *figure, const struct run *run,
                          const struct tables *tables)
{
    size_t front = tables_front_of(run, tables, figure->metric);
    if (figure->settings == PLOT_ALL)
        return table_rows(&tables->set, figure->table) > 0;
    if (front == run->settings.count)
        return false;
    size_t other = tables_memory_other(run, front);
    return table_has(&tables->set, figure->table, run->settings.names[front]) ||
           (figure->settings == PLOT_MEMORY && other < run->settings.count &&
            table_has(&tables->set, figure->table, run->settings.names[other]));
}

bool plot_draws(const struct plot_figure *figure, const struct run *run, const struct tables *tables,
                size_t work)
{
    size_t front = tables_front_of(run, tables, figure->metric);
    return !figure->draws || front == run->settings.count || figure->draws(run, front, work);
}

static bool plot_has_works(const struct plot_figure *figure, const struct run *run,
                           const struct tables *tables, const struct plot_choice *choice)
{
    for (size_t i = 0; i < choice->works.count; i++)
        if (plot_draws(figure, run, tables, choice->works.places[i]))
            return true;
    return false;
}

bool plot_has_data(const struct plot_figure *figure, const struct run *run, const struct tables *tables,
                   const struct plot_choice *choice)
{
    return choice->works.count > 0 && plot_has_rows(figure, run, tables) &&
           (!figure->grows || plot_data_families(figure, run, tables, choice) > 0) &&
           (!figure->ratios || tables_has_ratio(tables_normalised(tables, figure->ratios, tables->front))) &&
           (!figure->draws || plot_has_works(figure, run, tables, choice));
}

/* The text of a page of A4 is 245 mm high. */
const struct plot_medium plot_screen = {"charts", 1000, 1520, 190, {"svg", "png"}, true};
const struct plot_medium plot_papers[PLOT_COLUMNS] = {
    {"paper", 340, 980, 356, {"pdf", "svg", "png"}, false}, /* 85 mm */
    {"paper", 712, 980, 220, {"pdf", "svg", "png"}, false}, /* 178 mm */
};

char *plot_chart_name(const struct plot_figure *figure, size_t place, size_t count)
{
    return count == 1 ? text_format("%s", figure->name) : text_format("%s-%zu", figure->name, place + 1);
}

/* What charts of one figure are drawn with. */
struct plot_drawing {
    const struct plot_figure *figure;
    const struct run *run;
    const struct tables *tables;
    const struct plot_way *way;
    struct plot_data data;
    struct plot_parts parts;
    char *definitions;                    /* of the figure: its charts share them */
    struct writing_folder folder, charts; /* of the run, and of the medium in it */
};

/* Every format of every medium. */
static const char *const plot_formats[] = {"pdf", "svg", "png", NULL};

/* Whether the figure's charts are drawn in the format. A PNG takes gnuplot several times as long as an SVG. */
static bool plot_wants(const struct plot_drawing *drawing, const char *format)
{
    return !drawing->way->medium->png_is_asked || drawing->way->png || drawing->figure->shown ||
           strcmp(format, "png") != 0;
}

/* Draws a chart into a file that has been begun. Returns 0, 1 or a status after one line. */
static int plot_draw_into(struct gnuplot_job *job, const char *name, const char *format,
                          struct writing *chart)
{
    char complaint[GNUPLOT_COMPLAINT];
    int status = gnuplot_draw(job, format, chart, complaint);
    if (status == 1)
        message_note("plot: %s is left out: gnuplot failed: %s", name, complaint);
    return status;
}

/* Draws a chart as a file of its name and of the format, and prints the path. */
static int plot_draw_as(const struct plot_drawing *drawing, size_t place, const char *format)
{
    const struct plot_part part = plot_parts_at(&drawing->parts, place);
    char *name = plot_chart_name(drawing->figure, place, drawing->parts.parts);
    char *file = text_format("%s.%s", name, format);
    char *script = gnuplot_script(drawing->figure->name);
    char *chart_definitions =
        plot_variables_chart(drawing->figure, &drawing->data, &part, drawing->way->medium, format);
    char *definitions = text_format("%s%s", drawing->definitions, chart_definitions);
    struct gnuplot_job job = {.gnuplot = drawing->way->gnuplot,
                              .folder = drawing->folder.at,
                              .definitions = definitions,
                              .script = script,
                              .timeout_ns = GNUPLOT_TIMEOUT};
    struct writing chart;
    int status = writing_begin(&drawing->charts, file, &chart);
    if (status == 0 && (status = plot_draw_into(&job, name, format, &chart)) != 0)
        writing_drop(&chart);
    else if (status == 0 && (status = writing_keep(&chart)) == 0)
        message_say("%s/%s", drawing->charts.path, file);
    free(definitions);
    free(chart_definitions);
    free(script);
    free(file);
    free(name);
    return status;
}

/* Removes a chart of a name in every format. Returns whether there was any. */
static bool plot_chart_remove(const struct writing_folder *folder, const char *name)
{
    bool found = false;
    for (size_t i = 0; plot_formats[i]; i++) {
        char *file = text_format("%s.%s", name, plot_formats[i]);
        found |= unlinkat(folder->at, file, 0) == 0;
        free(file);
    }
    return found;
}

/* Removes all charts of a figure, however it was divided. */
static void plot_figure_remove(const struct writing_folder *folder, const char *figure)
{
    plot_chart_remove(folder, figure);
    for (size_t part = 1, found = 1; found; part++) {
        char *name = text_format("%s-%zu", figure, part);
        found = plot_chart_remove(folder, name);
        free(name);
    }
}

/*
 * Removes what an earlier drawing left of a chart; where it is drawn now, that in formats that are not wanted. Returns
 * whether there was anything.
 */
static bool plot_remove(const struct plot_drawing *drawing, const char *name, bool drawn)
{
    const char *const *formats = drawing->way->medium->formats;
    bool found = false;
    for (size_t i = 0; formats[i]; i++) {
        if (drawn && plot_wants(drawing, formats[i]))
            continue;
        char *file = text_format("%s.%s", name, formats[i]);
        found |= unlinkat(drawing->charts.at, file, 0) == 0;
        free(file);
    }
    return found;
}

/*
 * Removes what was not drawn now: of the figure's charts the formats that are not wanted, and the charts of another
 * division, which are the whole one of several, and those beyond the last. Only of a folder of the run: in another one, a
 * file of such a name may be somebody's.
 */
static void plot_remove_others(const struct plot_drawing *drawing)
{
    size_t parts = drawing->parts.parts;
    if (drawing->way->output)
        return;
    for (size_t place = 0; place < parts; place++) {
        char *name = plot_chart_name(drawing->figure, place, parts);
        plot_remove(drawing, name, true);
        free(name);
    }
    if (parts > 1)
        plot_remove(drawing, drawing->figure->name, false);
    for (size_t place = parts > 1 ? parts : 0, found = 1; found; place++) {
        char *name = plot_chart_name(drawing->figure, place, SIZE_MAX);
        found = plot_remove(drawing, name, false);
        free(name);
    }
}

static int plot_draw_parts(const struct plot_drawing *drawing)
{
    const char *const *formats = drawing->way->medium->formats;
    int status = 0;
    for (size_t place = 0; place < drawing->parts.parts; place++)
        for (size_t i = 0; status == 0 && formats[i]; i++)
            if (plot_wants(drawing, formats[i]))
                status = plot_draw_as(drawing, place, formats[i]);
    if (status == 0)
        plot_remove_others(drawing);
    return status;
}

/* Opens the folder that the user named. Returns 0, or a status after one line. */
static int plot_output_open(const char *output, struct writing_folder *ret_folder)
{
    char *within = text_format("%s/any", output);
    int status = writing_parents_make(within);
    free(within);
    return status ? status : writing_folder_open(output, ret_folder);
}

/* Opens the folder of the run, and that where the charts go. Returns 0, or a status after one line. */
static int plot_folders_open(struct plot_drawing *drawing)
{
    const struct plot_way *way = drawing->way;
    const char *name = way->choice->given ? PLOT_CHOSEN_FOLDER : way->medium->folder;
    int status = writing_folder_open(drawing->run->store->dir, &drawing->folder);
    if (status != 0)
        return status;
    return way->output ? plot_output_open(way->output, &drawing->charts)
                       : writing_folder_make(&drawing->folder, name, &drawing->charts);
}

/* Whether two folders are one. */
static bool folders_are_same(int a, int b)
{
    struct stat of_a, of_b;
    return fstat(a, &of_a) == 0 && fstat(b, &of_b) == 0 && of_a.st_dev == of_b.st_dev &&
           of_a.st_ino == of_b.st_ino;
}

int plot_output_check(const struct run *run, const char *output)
{
    char *page_charts = text_format("%s/%s", run->store->dir, plot_screen.folder);
    struct writing_folder folder;
    int status = plot_output_open(output, &folder);
    int own = open(run->store->dir, O_PATH | O_DIRECTORY | O_CLOEXEC),
        charts = open(page_charts, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (status == 0 && (folders_are_same(folder.at, own) || folders_are_same(folder.at, charts)))
        status = message_bad_input("plot: --output: %s has what the run's page shows; name another folder",
                                   output);
    if (own >= 0)
        close(own);
    if (charts >= 0)
        close(charts);
    writing_folder_close(&folder);
    free(page_charts);
    return status;
}

int plot_chosen_clear(const struct run *run)
{
    struct writing_folder folder, chosen = {.at = -1};
    int status = writing_folder_open(run->store->dir, &folder);
    if (status == 0 && (status = writing_folder_make(&folder, PLOT_CHOSEN_FOLDER, &chosen)) == 0)
        for (size_t i = 0; i < plot_figure_count; i++)
            plot_figure_remove(&chosen, plot_figures[i].name);
    writing_folder_close(&chosen);
    writing_folder_close(&folder);
    return status;
}

int plot_draw(const struct plot_figure *figure, const struct run *run, const struct tables *tables,
              const struct plot_way *way, size_t *ret_charts)
{
    struct plot_drawing drawing = {
        .figure = figure, .run = run, .tables = tables, .way = way, .charts = {.at = -1}};
    plot_data_make(figure, run, tables, way->choice, &drawing.data);
    plot_axes_make(&drawing.data);
    plot_parts_make(figure, &drawing.data, way->medium, &drawing.parts);
    drawing.definitions = plot_variables_figure(figure, run, tables, way->choice, &drawing.data);
    int status = plot_folders_open(&drawing);
    if (status == 0)
        status = plot_draw_parts(&drawing);
    *ret_charts = drawing.parts.parts;
    writing_folder_close(&drawing.charts);
    writing_folder_close(&drawing.folder);
    free(drawing.definitions);
    plot_parts_free(&drawing.parts);
    plot_data_free(&drawing.data);
    return status;
}
