/* SPDX-License-Identifier: MIT */
/* The variables of a figure's script, which plots/style.gp lists. */
#include "harness/report/plot-variables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/terminal.h"
#include "base/text.h"
#include "harness/analysis/growth.h"
#include "harness/report/captions.h"
#include "harness/report/gnuplot-define.h"
#include "harness/report/gnuplot.h"
#include "harness/report/plot-axes.h"
#include "harness/report/plot-order.h"
#include "harness/report/tables-cell.h"
#include "harness/report/tables-memory.h"
#include "harness/results/reference.h"

/* A name in a chart has at most so many characters: a longer one loses its middle. */
enum { PLOT_NAME_LENGTH = 30 };

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
static void plot_define_captions(FILE *stream, const struct plot_figure *figure, const struct run *run,
                                 const struct tables *tables)
{
    size_t setting = tables_front_of(run, tables, figure->metric);
    const struct sequential_design *design = &tables->claims[TABLES_CLAIMS_WALL].design;
    struct captions captions;
    char text[CAPTIONS_TEXT];
    captions_make(run, setting, figure->metric, &captions);
    gnuplot_define(stream, "counted", captions.counted);
    gnuplot_define(stream, "medians", captions.medians);
    gnuplot_define(stream, "ratios", captions.ratios);
    captions_untimed(run, &tables->untimed, text);
    gnuplot_define(stream, "untimed", text);
    if (figure->raw != FILES_RECORD) {
        captions_kept(run, setting, figure->raw, text);
        gnuplot_define(stream, "kept", text);
    }
    fprintf(stream, "precision = '%g%%'\nminimum = '%g%%'\ndiffers = %g\n", 100 * design->precision,
            100 * design->minimum, REFERENCE_DIFFERS);
}

/*
 * Defines what each collector did on each work (roles: 0 reclaims, 1 leaks, 2 floor; not_warm: 1 where a process
 * with warm memory was not warm), which configs free nothing anywhere, and on how many works a config leaks.
 */
static void plot_define_roles(FILE *stream, const struct run *run, size_t setting)
{
    size_t works = run->works.measured, configs = run->configs.measured;
    bool not_warm = false;
    fprintf(stream, "array roles[%zu]\narray not_warm[%zu]\narray floors[%zu]\narray leaking[%zu]\n",
            works * configs + 1, works * configs + 1, configs + 1, configs + 1);
    for (size_t config = 0; config < configs; config++) {
        size_t leaking = 0;
        bool floor = false;
        for (size_t i = 0; i < run->cell_count; i++)
            floor |= run->cells[i].config == config && run->cells[i].role == RUN_FLOOR;
        for (size_t work = 0; work < works; work++) {
            const struct run_cell *cell = run_cell_at(run, work, config, setting);
            leaking += cell && cell->role == RUN_LEAKS;
            not_warm |= cell && cell->not_warm;
            fprintf(stream, "roles[%zu] = %d\nnot_warm[%zu] = %d\n", work * configs + config + 1,
                    cell ? (int)cell->role : 0, work * configs + config + 1, cell && cell->not_warm > 0);
        }
        fprintf(stream, "floors[%zu] = %d\nleaking[%zu] = %zu\n", config + 1, floor, config + 1, leaking);
    }
    gnuplot_define(stream, "not_warm_words", not_warm ? " °: a process of it was not warm." : "");
}

static void plot_define_places(FILE *stream, const char *name, const size_t *places, size_t count)
{
    fprintf(stream, "array %s[%zu]\n", name, count + 1);
    for (size_t i = 0; i < count; i++)
        fprintf(stream, "%s[%zu] = %zu\n", name, i + 1, places[i]);
}

/* Defines the works of the chart, and where it stands among those of the figure. */
static void plot_define_part(FILE *stream, const struct plot_part *part, const struct plot_medium *medium)
{
    plot_define_places(stream, "part_works", part->works, part->count);
    fprintf(stream, "part_count = %zu\npart = %zu\nparts = %zu\nacross = %d\nline_groups = %d\n", part->count,
            part->place + 1, part->parts, part->across, part->groups);
    fprintf(stream, "first_config = %zu\nlast_config = %zd\nwidth = %d\npage_height = %d\n", part->first,
            (ssize_t)part->past - 1, medium->width, medium->height);
}

/* Defines the order of works and configs in which what is alike stands together, by wall time. */
static void plot_define_order(FILE *stream, const struct run *run, const struct tables *tables)
{
    const struct normalise_table *table = tables_normalised(tables, TABLES_WALL, tables->front);
    size_t work_count = run->works.measured, config_count = run->configs.measured;
    size_t *works = memory_new(work_count + 1, sizeof(*works));
    size_t *configs = memory_new(config_count + 1, sizeof(*configs));
    plot_order(table, work_count, config_count, works, configs);
    plot_define_places(stream, "alike_works", works, work_count);
    plot_define_places(stream, "alike_configs", configs, config_count);
    free(works);
    free(configs);
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
    gnuplot_define(stream, "cold", names[warm ? 1 : 0]);
    gnuplot_define(stream, "warm", names[warm ? 0 : 1]);
}

/* Defines the collectors without their options: time over space has a line for each collector. */
static void plot_define_collectors(FILE *stream, const struct run *run)
{
    char **names = memory_new(run->configs.measured, sizeof(*names));
    size_t count = 0;
    for (size_t config = 0; config < run->configs.measured; config++)
        if (tables_curve(run, config) == count)
            names[count++] = (char *)tables_collector(run, config);
    gnuplot_define_list(stream, "collectors", names, count, PLOT_NAME_LENGTH);
    fprintf(stream, "collector_count = %zu\n", count);
    free(names);
}

/* The title of a chart that is one of several says which. */
static void plot_define_title(FILE *stream, const struct plot_figure *figure, const struct plot_part *part)
{
    char *title = part->parts > 1
                      ? text_format("%s (%zu of %zu)", figure->title, part->place + 1, part->parts)
                      : text_format("%s", figure->title);
    gnuplot_define(stream, "title", title);
    free(title);
}

/* Defines the names and the places of all that the run has. */
static void plot_define_run(FILE *stream, const struct run *run, const struct tables *tables, size_t front)
{
    gnuplot_define(stream, "setting", run->settings.names[front]);
    plot_define_memory(stream, run, tables->front);
    gnuplot_define_list(stream, "works", run->works.names, run->works.measured, PLOT_NAME_LENGTH);
    gnuplot_define_list(stream, "groups", run->works.groups, run->works.measured, PLOT_NAME_LENGTH);
    gnuplot_define_list(stream, "configs", run->configs.names, run->configs.measured, PLOT_NAME_LENGTH);
    gnuplot_define_list(stream, "settings", run->settings.names, run->settings.count, PLOT_NAME_LENGTH);
    plot_define_roles(stream, run, front);
    plot_define_collectors(stream, run);
    plot_define_order(stream, run, tables);
    fprintf(stream, "baseline = %d\n", tables->baseline < run->configs.measured ? (int)tables->baseline : -1);
    fprintf(stream,
            "work_count = %zu\nconfig_count = %zu\nsetting_count = %zu\nshared = %zu\nwork_chars = %zu\n",
            run->works.measured, run->configs.measured, run->settings.count,
            tables_normalised(tables, TABLES_WALL, tables->front)->shared,
            plot_longest(run->works.names, run->works.measured));
}

/* Defines how many works the figure leaves out. */
static void plot_define_left_out(FILE *stream, const struct plot_data *data)
{
    size_t count = 0;
    for (size_t work = 0; work < data->works; work++)
        count += data->left_out && data->left_out[work];
    fprintf(stream, "left_out = %zu\n", count);
}

/* Defines the share of the wall time that pauses take of each work and config; -1 where it is not known. */
static void plot_define_paused(FILE *stream, const struct run *run, size_t setting)
{
    size_t works = run->works.measured, configs = run->configs.measured;
    fprintf(stream, "array paused[%zu]\n", works * configs + 1);
    for (size_t work = 0; work < works; work++)
        for (size_t config = 0; config < configs; config++) {
            const struct run_cell *cell = run_cell_at(run, work, config, setting);
            double share = NAN;
            if (cell && !run_cell_is_aside(cell))
                share = run_cell_median(run, cell, RUN_PAUSE_TOTAL) / run_cell_median(run, cell, RUN_WALL);
            fprintf(stream, "paused[%zu] = %.6g\n", work * configs + config + 1, isnan(share) ? -1 : share);
        }
}

/* ---- growth ---- */

/* A config of a family: its exponent, and its cost at the largest size at which it has one. */
struct plot_growth {
    size_t config;
    double last; /* NaN where it has none */
    struct growth_exponent exponent;
};

/* The largest cost first, as lines end from above; those without one last. */
static int plot_growth_compare(const void *left, const void *right)
{
    const struct plot_growth *a = left, *b = right;
    if (isnan(a->last) || isnan(b->last))
        return isnan(a->last) - isnan(b->last);
    return (a->last < b->last) - (a->last > b->last);
}

static double plot_growth_last(const struct run *run, const struct growth_family *family, size_t setting,
                               size_t config, enum run_metric metric)
{
    double last = NAN;
    for (size_t i = 0; i < family->count; i++) {
        const struct run_cell *cell = run_cell_at(run, family->sizes[i].work, config, setting);
        double median = cell && !run_cell_is_aside(cell) ? run_cell_median(run, cell, metric) : NAN;
        last = median > 0 ? median : last;
    }
    return last;
}

/* Defines the configs of a family that have a line, in the order in which lines end, and their exponents in words. */
static void plot_define_exponents(FILE *stream, const struct run *run, const struct growth_family *family,
                                  size_t place, size_t setting, enum run_metric metric)
{
    size_t configs = run->configs.measured;
    struct plot_growth *lines = memory_new(configs + 1, sizeof(*lines));
    for (size_t config = 0; config < configs; config++)
        lines[config] = (struct plot_growth){config, plot_growth_last(run, family, setting, config, metric),
                                             growth_exponent_of(run, family, setting, config, metric)};
    qsort(lines, configs, sizeof(*lines), plot_growth_compare);
    for (size_t i = 0; i < configs; i++) {
        const struct growth_exponent *found = &lines[i].exponent;
        fprintf(stream, "line_order[%zu] = %d\nexponents[%zu] = '", place * configs + i + 1,
                isnan(lines[i].last) ? -1 : (int)lines[i].config, place * configs + i + 1);
        if (!isnan(found->exponent))
            fprintf(stream, "%.2f", found->exponent);
        if (!isnan(found->exponent) && !isnan(found->interval.low))
            fprintf(stream, " (%.2f–%.2f)", found->interval.low, found->interval.high);
        fputs("'\n", stream);
    }
    free(lines);
}

/* Defines the workloads that ran at several sizes, the sizes of their works, and how the metric grows with them. */
static void plot_define_growth(FILE *stream, const struct plot_figure *figure, const struct run *run,
                               const struct tables *tables)
{
    size_t setting = tables_front_of(run, tables, figure->metric), works = run->works.measured,
           configs = run->configs.measured;
    struct growth growth;
    growth_make(run, setting, &growth);
    char **names = memory_new(growth.count + 1, sizeof(*names));
    for (size_t i = 0; i < growth.count; i++)
        names[i] = (char *)growth.families[i].workload;
    gnuplot_define_list(stream, "families", names, growth.count, PLOT_NAME_LENGTH);
    fprintf(stream,
            "family_count = %zu\narray family_sizes[%zu]\narray family_works[%zu]\narray sizes[%zu]\n",
            growth.count, growth.count + 1, growth.count * works + 1, works + 1);
    fprintf(stream, "array line_order[%zu]\narray exponents[%zu]\n", growth.count * configs + 1,
            growth.count * configs + 1);
    for (size_t i = 0; i < growth.count; i++) {
        const struct growth_family *family = &growth.families[i];
        fprintf(stream, "family_sizes[%zu] = %zu\n", i + 1, family->count);
        for (size_t size = 0; size < family->count; size++)
            fprintf(stream, "family_works[%zu] = %zu\nsizes[%zu] = %.9g\n", i * works + size + 1,
                    family->sizes[size].work, family->sizes[size].work + 1, family->sizes[size].bytes);
        plot_define_exponents(stream, run, family, i, setting, figure->metric);
    }
    free(names);
    growth_free(&growth);
}

char *plot_variables_figure(const struct plot_figure *figure, const struct run *run,
                            const struct tables *tables, const struct plot_data *data)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = memory_stream(&text, &size);
    gnuplot_define_begin(stream, figure->name);
    gnuplot_define(stream, "tables", GNUPLOT_TABLES);
    plot_define_run(stream, run, tables, tables_front_of(run, tables, figure->metric));
    plot_define_captions(stream, figure, run, tables);
    plot_define_left_out(stream, data);
    plot_axes_write(stream, figure, data);
    if (figure->raw == FILES_EVENTS)
        plot_define_paused(stream, run, tables_front_of(run, tables, figure->metric));
    if (figure->grows)
        plot_define_growth(stream, figure, run, tables);
    plot_data_write_whole(stream, data);
    memory_stream_close(stream);
    return text;
}

char *plot_variables_chart(const struct plot_figure *figure, const struct plot_data *data,
                           const struct plot_part *part, const struct plot_medium *medium, const char *format)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = memory_stream(&text, &size);
    plot_define_title(stream, figure, part);
    gnuplot_define(stream, "format", format);
    plot_define_part(stream, part, medium);
    plot_axes_write_part(stream, figure, data, part);
    plot_data_write(stream, data, part->works, part->count);
    memory_stream_close(stream);
    return text;
}
