/* SPDX-License-Identifier: MIT */
#include "harness/report/page.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/text.h"
#include "base/writing.h"
#include "harness/report/page-json.h"
#include "harness/report/page-notes.h"
#include "harness/report/page-run.h"
#include "harness/report/page-scenes.h"
#include "harness/report/page-series.h"
#include "harness/report/page-tables.h"
#include "harness/report/page-text.h"
#include "harness/report/plot.h"

/* Whether a chart of that name and format lies in the folder, as a file and no link. */
static bool page_has_file(const struct run *run, const char *name, const char *format)
{
    char *path = text_format("%s/%s/%s.%s", run->store->dir, plot_screen.folder, name, format);
    struct stat about;
    bool found = lstat(path, &about) == 0 && S_ISREG(about.st_mode);
    free(path);
    return found;
}

/* Appends the names of `count` charts of a figure that lie in the folder, up to the first that does not. */
static void page_add_charts(const struct run *run, const struct plot_figure *figure, size_t count,
                            json_t *names)
{
    bool found = true;
    for (size_t place = 0; found && place < count; place++) {
        char *name = plot_chart_name(figure, place, count);
        found = page_has_file(run, name, plot_screen.formats[0]);
        if (found)
            json_array_append_new(names, json_string(name));
        free(name);
    }
}

/* Returns the names of a figure's charts: of those drawn, or of those that lay in the folder, one or several. */
static json_t *page_charts_json(const struct run *run, const struct plot_figure *figure, size_t drawn)
{
    json_t *names = json_array();
    page_add_charts(run, figure, drawn ? drawn : 1, names);
    if (!drawn && json_array_size(names) == 0)
        page_add_charts(run, figure, SIZE_MAX, names);
    return names;
}

/* Returns the formats in which the first of a figure's charts lies in the folder, as all of them do. */
static json_t *page_formats_json(const struct run *run, const json_t *charts)
{
    json_t *formats = json_array();
    const char *name = json_string_value(json_array_get(charts, 0));
    for (size_t i = 0; name && plot_screen.formats[i]; i++)
        if (page_has_file(run, name, plot_screen.formats[i]))
            json_array_append_new(formats, json_string(plot_screen.formats[i]));
    return formats;
}

/* Returns the figures of the run that have charts in its folder, and whether this process drew them. */
static json_t *page_figures_json(const struct run *run, const struct tables *tables, const size_t *drawn)
{
    json_t *array = json_array();
    struct plot_choice all;
    plot_choice_make(run, NULL, NULL, &all);
    for (size_t i = 0; i < plot_figure_count; i++) {
        const struct plot_figure *figure = &plot_figures[i];
        json_t *charts = page_charts_json(run, figure, drawn[i]);
        if (plot_has_data(figure, run, tables, &all) && json_array_size(charts))
            json_array_append_new(array,
                                  json_pack("{ss ss ss sb sO so}", "name", figure->name, "heading",
                                            figure->heading, "label", figure->label, "drawn", drawn[i] > 0,
                                            "charts", charts, "formats", page_formats_json(run, charts)));
        json_decref(charts);
    }
    plot_choice_free(&all);
    return array;
}

/* Writes the tables of one kind: those that are lines, or the others. */
static void page_write_tables(FILE *page, const struct tables *tables, bool lines)
{
    const char *between = "";
    for (size_t i = 0; i < tables->set.count; i++) {
        const struct table *table = &tables->set.tables[i];
        if (page_series_has(table->name) != lines)
            continue;
        fputs(between, page);
        if (lines)
            page_series_write(page, table);
        else
            page_table_write(page, table);
        between = ",\n";
    }
}

static void page_write_value(FILE *page, const char *name, json_t *value)
{
    fprintf(page, "\"%s\":", name);
    page_json_write(page, value);
    fputs(",\n", page);
}

static void page_write_data(FILE *page, const struct run *run, const struct tables *tables,
                            const size_t *drawn, unsigned renewed)
{
    fputs("{\"schema\":\"gcmatrix.page.1\",\n", page);
    if (renewed)
        page_write_value(page, "renewed", json_integer(renewed));
    page_write_value(page, "run", page_run_json(run, tables));
    page_write_value(page, "claims", page_claims_json(run, tables));
    page_write_value(page, "scenes", page_scenes_json(run, tables));
    page_write_value(page, "notes", page_notes_json(run, tables));
    page_write_value(page, "trade", page_trade_json(&tables->trade));
    page_write_value(page, "trades", page_trades_json(run, tables));
    page_write_value(page, "cells", page_cells_json(run));
    page_write_value(page, "figures", page_figures_json(run, tables, drawn));
    fputs("\"tables\":{", page);
    page_write_tables(page, tables, false);
    fputs("},\n\"lines\":{", page);
    page_write_tables(page, tables, true);
    fputs("}}\n", page);
}

int page_write(const struct run *run, const struct tables *tables, const size_t *drawn, unsigned renewed)
{
    struct writing_folder folder;
    struct writing page;
    int status = writing_folder_open(run->store->dir, &folder);
    if (status == 0)
        status = writing_begin(&folder, "report.html", &page);
    writing_folder_close(&folder);
    if (status != 0)
        return status;
    fputs(page_text_before, writing_stream(&page));
    page_write_data(writing_stream(&page), run, tables, drawn, renewed);
    fputs(page_text_after, writing_stream(&page));
    return writing_keep(&page);
}
