/* SPDX-License-Identifier: MIT */
/* The variables of a figure's script, which plots/style.gp lists. */
#include "harness/report/plot-variables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/terminal.h"
#include "base/text.h"
#include "harness/report/captions.h"
#include "harness/report/gnuplot.h"
#include "harness/report/tables-cell.h"
#include "harness/report/tables-memory.h"
#include "harness/results/reference.h"

/* A name in a chart has at most so many characters: a longer one loses its middle. */
enum { PLOT_NAME_LENGTH = 30 };

static void plot_define(FILE *stream, const char *name, const char *text)
{
    fprintf(stream, "%s = ", name);
    escape_gnuplot(stream, text);
    putc('\n', stream);
}

/* Defines an array of gnuplot, whose places count from 1. */
static void plot_define_list(FILE *stream, const char *name, char *const *texts, size_t count)
{
    fprintf(stream, "array %s[%zu]\n", name, count ? count : 1);
    for (size_t i = 0; i < count; i++) {
        char *brief = escape_plain(texts[i], PLOT_NAME_LENGTH);
        fprintf(stream, "%s[%zu] = ", name, i + 1);
        escape_gnuplot(stream, brief);
        putc('\n', stream);
        free(brief);
    }
}

static size_t plot_longest(char *const *texts, size_t count)
{
    size_t longest = 0;
    for (size_t i = 0; i < count; i++) {
        size_t width = terminal_width(texts[i]);
        longest = width > longest ? width : longest;
    }
    return longest < PLOT_NAME_LENGTH ? longest : PLOT_NAME_LENGTH;
}

/* Defines how many processes a cell has, and what intervals are worth, as captions write it. */
static void plot_define_captions(FILE *stream, const struct run *run, const struct tables *tables,
                                 enum run_metric metric)
{
    size_t setting = tables_front_of(run, tables, metric);
    const struct sequential_design *design = &tables->claims[TABLES_CLAIMS_WALL].design;
    struct captions captions;
    char text[CAPTIONS_TEXT];
    captions_make(run, setting, metric, &captions);
    plot_define(stream, "counted", captions.counted);
    plot_define(stream, "medians", captions.medians);
    plot_define(stream, "ratios", captions.ratios);
    captions_untimed(run, &tables->untimed, text);
    plot_define(stream, "untimed", text);
    captions_kept(run, setting, FILES_EVENTS, text);
    plot_define(stream, "kept_pauses", text);
    captions_kept(run, setting, FILES_LATENCIES, text);
    plot_define(stream, "kept_latencies", text);
    captions_kept(run, setting, FILES_TIMELINE, text);
    plot_define(stream, "kept_samples", text);
    fprintf(stream, "precision = '%g%%'\nminimum = '%g%%'\ndiffers = %g\n", 100 * design->precision,
            100 * design->minimum, REFERENCE_DIFFERS);
}

/*
 * Defines what each collector did on each work (roles: 0 reclaims, 1 leaks, 2 floor), which configs free
 * nothing anywhere, and on how many works a config leaks.
 */
static void plot_define_roles(FILE *stream, const struct run *run, size_t setting)
{
    size_t works = run->works.measured, configs = run->configs.measured;
    fprintf(stream, "array roles[%zu]\narray floors[%zu]\narray leaking[%zu]\n", works * configs + 1,
            configs + 1, configs + 1);
    for (size_t config = 0; config < configs; config++) {
        size_t leaking = 0;
        bool floor = false;
        for (size_t i = 0; i < run->cell_count; i++)
            floor |= run->cells[i].config == config && run->cells[i].role == RUN_FLOOR;
        for (size_t work = 0; work < works; work++) {
            const struct run_cell *cell = run_cell_at(run, work, config, setting);
            leaking += cell && cell->role == RUN_LEAKS;
            fprintf(stream, "roles[%zu] = %d\n", work * configs + config + 1, cell ? (int)cell->role : 0);
        }
        fprintf(stream, "floors[%zu] = %d\nleaking[%zu] = %zu\n", config + 1, floor, config + 1, leaking);
    }
}

/* Defines the settings of the front allocator with cold and with warm memory; "" where one is not there. */
static void plot_define_memory(FILE *stream, const struct run *run, size_t front)
{
    size_t other = tables_memory_other(run, front);
    const char *names[2] = {run->settings.names[front],
                            other < run->settings.count ? run->settings.names[other] : ""};
    bool warm = false;
    for (size_t i = 0; i < run->cell_count; i++)
        warm |= run->cells[i].setting == front && run_cell_is_warm(run, &run->cells[i]);
    plot_define(stream, "cold", names[warm ? 1 : 0]);
    plot_define(stream, "warm", names[warm ? 0 : 1]);
}

/* Defines the collectors without their options: time over space has a line for each collector. */
static void plot_define_collectors(FILE *stream, const struct run *run)
{
    char **names = memory_new(run->configs.measured, sizeof(*names));
    size_t count = 0;
    for (size_t config = 0; config < run->configs.measured; config++)
        if (tables_curve(run, config) == count)
            names[count++] = (char *)tables_collector(run, config);
    plot_define_list(stream, "collectors", names, count);
    fprintf(stream, "collector_count = %zu\n", count);
    free(names);
}

/* gnuplot takes no '-' in the name that it writes into an SVG. */
static void plot_define_name(FILE *stream, const char *name)
{
    char *taken = text_format("%s", name);
    for (char *dash = taken; (dash = strchr(dash, '-'));)
        *dash = '_';
    plot_define(stream, "name", taken);
    free(taken);
}

char *plot_variables(const struct plot_figure *figure, const struct run *run, const struct tables *tables,
                     const char *format)
{
    char *text = NULL;
    size_t size = 0, front = tables_front_of(run, tables, figure->metric);
    FILE *stream = memory_stream(&text, &size);
    fputs("set encoding utf8\nset datafile commentschars ''\n", stream);
    plot_define_name(stream, figure->name);
    plot_define(stream, "title", figure->title);
    plot_define(stream, "format", format);
    plot_define(stream, "scripts", PLOT_SCRIPTS);
    plot_define(stream, "out", GNUPLOT_OUT);
    plot_define(stream, "tables", GNUPLOT_TABLES);
    plot_define(stream, "setting", run->settings.names[front]);
    plot_define_memory(stream, run, tables->front);
    plot_define_list(stream, "works", run->works.names, run->works.measured);
    plot_define_list(stream, "groups", run->works.groups, run->works.measured);
    plot_define_list(stream, "configs", run->configs.names, run->configs.measured);
    plot_define_list(stream, "settings", run->settings.names, run->settings.count);
    plot_define_roles(stream, run, front);
    plot_define_collectors(stream, run);
    plot_define_captions(stream, run, tables, figure->metric);
    fprintf(stream, "baseline = %d\n", tables->baseline < run->configs.measured ? (int)tables->baseline : -1);
    fprintf(stream,
            "work_count = %zu\nconfig_count = %zu\nsetting_count = %zu\nshared = %zu\nwork_chars = %zu\n",
            run->works.measured, run->configs.measured, run->settings.count,
            tables_normalised(tables, TABLES_WALL, tables->front)->shared,
            plot_longest(run->works.names, run->works.measured));
    memory_stream_close(stream);
    return text;
}
