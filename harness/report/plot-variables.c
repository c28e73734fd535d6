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

static size_t plot_longest(char *const *texts, const struct plot_chosen *chosen)
{
    size_t longest = 0;
    for (size_t i = 0; i < chosen->count; i++) {
        size_t width = terminal_width(texts[chosen->places[i]]);
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

/* Whether a config frees nothing anywhere in the run. */
static bool plot_is_floor(const struct run *run, size_t config)
{
    for (size_t i = 0; i < run->cell_count; i++)
        if (run->cells[i].config == config && run->cells[i].role == RUN_FLOOR)
            return true;
    return false;
}

/*
 * Defines what each collector did on each work (roles: 0 reclaims, 1 leaks, 2 floor, - did not run; not_warm: 1
 * where a process with warm memory was not warm), which configs free nothing anywhere, and on how many works a config leaks.
 */
static void plot_define_roles(FILE *stream, const struct run *run, size_t setting,
                              const struct plot_choice *choice)
{
    size_t works = choice->works.count, configs = choice->configs.count;
    char *roles = memory_new(works * configs + 1, 1), *not_warm = memory_new(works * configs + 1, 1);
    double *floors = memory_new(configs + 1, sizeof(double)),
           *leaking = memory_new(configs + 1, sizeof(double));
    for (size_t config = 0; config < configs; config++) {
        floors[config] = plot_is_floor(run, choice->configs.places[config]);
        for (size_t work = 0; work < works; work++) {
            const struct run_cell *cell =
                run_cell_at(run, choice->works.places[work], choice->configs.places[config], setting);
            roles[work * configs + config] = cell ? (char)('0' + (int)cell->role) : '-';
            not_warm[work * configs + config] = cell && cell->not_warm > 0 ? '1' : '0';
            leaking[config] += cell && cell->role == RUN_LEAKS;
        }
    }
    gnuplot_define(stream, "roles", roles);
    gnuplot_define(stream, "not_warm", not_warm);
    gnuplot_define_numbers(stream, "floors", floors, configs);
    gnuplot_define_numbers(stream, "leaking", leaking, configs);
    gnuplot_define(stream, "not_warm_words",
                   strchr(not_warm, '1') ? " °: a process of it was not warm." : "");
    free(roles);
    free(not_warm);
    free(floors);
    free(leaking);
}

static void plot_define_places(FILE *stream, const char *name, const size_t *places, size_t count)
{
    double *numbers = memory_new(count + 1, sizeof(*numbers));
    for (size_t i = 0; i < count; i++)
        numbers[i] = (double)places[i];
    gnuplot_define_numbers(stream, name, numbers, count);
    free(numbers);
}

/* The same of places in the run, in their order: of those that are shown, as places among these. */
static void plot_define_shown(FILE *stream, const char *name, const size_t *places,
                              const struct plot_chosen *chosen)
{
    size_t *shown = memory_new(chosen->count + 1, sizeof(*shown)), count = 0;
    for (size_t i = 0; i < chosen->measured; i++)
        if (chosen->at[places[i]] != PLOT_NOT_SHOWN)
            shown[count++] = chosen->at[places[i]];
    plot_define_places(stream, name, shown, count);
    free(shown);
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
static void plot_define_order(FILE *stream, const struct run *run, const struct tables *tables,
                              const struct plot_choice *choice)
{
    const struct normalise_table *table = tables_normalised(tables, TABLES_WALL, tables->front);
    size_t work_count = run->works.measured, config_count = run->configs.measured;
    size_t *works = memory_new(work_count + 1, sizeof(*works));
    size_t *configs = memory_new(config_count + 1, sizeof(*configs));
    plot_order(table, work_count, config_count, works, configs);
    plot_define_shown(stream, "alike_works", works, &choice->works);
    plot_define_shown(stream, "alike_configs", configs, &choice->configs);
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

/*
 * Defines the collectors without their options: time over space has a line for each collector. collector_hues are their
 * places in the run.
 */
static void plot_define_collectors(FILE *stream, const struct run *run, const struct plot_choice *choice)
{
    size_t measured = choice->configs.measured, count = 0;
    char **names = memory_new(measured + 1, sizeof(*names));
    size_t *at = memory_new(measured + 1, sizeof(*at)), *hues = memory_new(measured + 1, sizeof(*hues));
    plot_choice_curves(run, choice, at);
    for (size_t config = 0; config < measured; config++) {
        size_t curve = tables_curve(run, config), place = at[curve];
        if (place == PLOT_NOT_SHOWN)
            continue;
        names[place] = (char *)tables_collector(run, config);
        hues[place] = curve;
        count = place + 1 > count ? place + 1 : count;
    }
    gnuplot_define_list(stream, "collectors", names, count, PLOT_NAME_LENGTH);
    plot_define_places(stream, "collector_hues", hues, count);
    fprintf(stream, "collector_count = %zu\n", count);
    free(names);
    free(at);
    free(hues);
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

/* Defines those of a list of names that are shown. */
static void plot_define_names(FILE *stream, const char *name, char *const *texts,
                              const struct plot_chosen *chosen)
{
    char **names = memory_new(chosen->count + 1, sizeof(*names));
    for (size_t i = 0; i < chosen->count; i++)
        names[i] = texts[chosen->places[i]];
    gnuplot_define_list(stream, name, names, chosen->count, PLOT_NAME_LENGTH);
    free(names);
}

/* Defines the config that the user compares with, which may not be shown. */
static void plot_define_baseline(FILE *stream, const struct run *run, const struct tables *tables,
                                 const struct plot_choice *choice)
{
    bool named = tables->baseline < run->configs.measured;
    size_t place = named ? plot_chosen_at(&choice->configs, tables->baseline) : PLOT_NOT_SHOWN;
    char *name = escape_plain(named ? run->configs.names[tables->baseline] : "", PLOT_NAME_LENGTH);
    fprintf(stream, "baseline = %d\n", place == PLOT_NOT_SHOWN ? -1 : (int)place);
    gnuplot_define(stream, "baseline_name", name);
    free(name);
}

/* Defines what a caption says of a choice: how much of the run is drawn. */
static void plot_define_chosen(FILE *stream, const struct plot_choice *choice)
{
    char *words =
        choice->given
            ? text_format("Drawn: %zu of %zu workloads, %zu of %zu collectors. The best, and what is "
                          "claimed, are those of the whole run, and so are processes and intervals here.",
                          choice->works.count, choice->works.measured, choice->configs.count,
                          choice->configs.measured)
            : text_format("%s", "");
    gnuplot_define(stream, "chosen_words", words);
    free(words);
}

/* Defines the names and the places of all that is shown of the run. */
static void plot_define_run(FILE *stream, const struct run *run, const struct tables *tables, size_t front,
                            const struct plot_choice *choice)
{
    const struct normalise_table *wall = tables_normalised(tables, TABLES_WALL, tables->front);
    gnuplot_define(stream, "setting", run->settings.names[front]);
    plot_define_memory(stream, run, tables->front);
    plot_define_names(stream, "works", run->works.names, &choice->works);
    plot_define_names(stream, "groups", run->works.groups, &choice->works);
    plot_define_names(stream, "configs", run->configs.names, &choice->configs);
    plot_define_places(stream, "hues", choice->configs.places, choice->configs.count);
    gnuplot_define_list(stream, "settings", run->settings.names, run->settings.count, PLOT_NAME_LENGTH);
    plot_define_roles(stream, run, front, choice);
    plot_define_collectors(stream, run, choice);
    plot_define_order(stream, run, tables, choice);
    plot_define_baseline(stream, run, tables, choice);
    plot_define_chosen(stream, choice);
    /* A mean is over all workloads, and stands beside them alone. */
    fprintf(stream,
            "work_count = %zu\nconfig_count = %zu\nsetting_count = %zu\nshared = %zu\nwork_chars = %zu\n",
            choice->works.count, choice->configs.count, run->settings.count,
            plot_chosen_is_part(&choice->works) ? 0 : wall->shared,
            plot_longest(run->works.names, &choice->works));
}

/* Defines how many works the figure leaves out. */
static void plot_define_left_out(FILE *stream, const struct plot_data *data)
{
    size_t count = 0;
    for (size_t work = 0; work < data->works; work++)
        count += data->left_out && data->left_out[work];
    fprintf(stream, "left_out = %zu\n", count);
}

/* Returns the share of the wall time that pauses take in a cell; -1 where it is not known. */
static double plot_paused(const struct run *run, const struct run_cell *cell)
{
    double share = NAN;
    if (cell && !run_cell_is_aside(cell))
        share = run_cell_median(run, cell, RUN_PAUSE_TOTAL) / run_cell_median(run, cell, RUN_WALL);
    return isnan(share) ? -1 : share;
}

/* Defines the shares of the wall time that pauses take of each work and config. */
static void plot_define_paused(FILE *stream, const struct run *run, size_t setting,
                               const struct plot_choice *choice)
{
    size_t works = choice->works.count, configs = choice->configs.count;
    double *paused = memory_new(works * configs + 1, sizeof(*paused));
    for (size_t work = 0; work < works; work++)
        for (size_t config = 0; config < configs; config++)
            paused[work * configs + config] = plot_paused(
                run, run_cell_at(run, choice->works.places[work], choice->configs.places[config], setting));
    gnuplot_define_numbers(stream, "paused", paused, works * configs);
    free(paused);
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

/* What a figure of growth draws. */
struct plot_grown {
    const struct run *run;
    const struct plot_choice *choice;
    size_t setting;
    enum run_metric metric;
};

/* Defines the configs of a family that have a line, in the order in which lines end, and their exponents in words. */
static void plot_define_exponents(FILE *stream, const struct plot_grown *grown,
                                  const struct growth_family *family, size_t place)
{
    const struct plot_chosen *configs = &grown->choice->configs;
    struct plot_growth *lines = memory_new(configs->count + 1, sizeof(*lines));
    for (size_t i = 0; i < configs->count; i++)
        lines[i] = (struct plot_growth){
            i, plot_growth_last(grown->run, family, grown->setting, configs->places[i], grown->metric),
            growth_exponent_of(grown->run, family, grown->setting, configs->places[i], grown->metric)};
    qsort(lines, configs->count, sizeof(*lines), plot_growth_compare);
    for (size_t i = 0; i < configs->count; i++) {
        const struct growth_exponent *found = &lines[i].exponent;
        fprintf(stream, "line_order[%zu] = %d\nexponents[%zu] = '", place * configs->count + i + 1,
                isnan(lines[i].last) ? -1 : (int)lines[i].config, place * configs->count + i + 1);
        if (!isnan(found->exponent))
            fprintf(stream, "%.2f", found->exponent);
        if (!isnan(found->exponent) && !isnan(found->interval.low))
            fprintf(stream, " (%.2f–%.2f)", found->interval.low, found->interval.high);
        fputs("'\n", stream);
    }
    free(lines);
}

/* Defines a family, as the `place`-th that is shown. */
static void plot_define_family(FILE *stream, const struct plot_grown *grown,
                               const struct growth_family *family, size_t place)
{
    const struct plot_chosen *works = &grown->choice->works;
    fprintf(stream, "family_sizes[%zu] = %zu\n", place + 1, family->count);
    for (size_t size = 0; size < family->count; size++) {
        size_t work = works->at[family->sizes[size].work];
        fprintf(stream, "family_works[%zu] = %zu\nsizes[%zu] = %.9g\n", place * works->count + size + 1, work,
                work + 1, family->sizes[size].bytes);
    }
    plot_define_exponents(stream, grown, family, place);
}

/* Defines the workloads that ran at several sizes, the sizes of their works, and how the metric grows with them. */
static void plot_define_growth(FILE *stream, const struct plot_grown *grown)
{
    size_t works = grown->choice->works.count, configs = grown->choice->configs.count, count = 0;
    struct growth growth;
    growth_make(grown->run, grown->setting, &growth);
    char **names = memory_new(growth.count + 1, sizeof(*names));
    for (size_t i = 0; i < growth.count; i++)
        if (plot_choice_has_family(grown->choice, &growth.families[i]))
            names[count++] = (char *)growth.families[i].workload;
    gnuplot_define_list(stream, "families", names, count, PLOT_NAME_LENGTH);
    fprintf(stream,
            "family_count = %zu\narray family_sizes[%zu]\narray family_works[%zu]\narray sizes[%zu]\n", count,
            count + 1, count * works + 1, works + 1);
    fprintf(stream, "array line_order[%zu]\narray exponents[%zu]\n", count * configs + 1,
            count * configs + 1);
    for (size_t i = 0, place = 0; i < growth.count; i++)
        if (plot_choice_has_family(grown->choice, &growth.families[i]))
            plot_define_family(stream, grown, &growth.families[i], place++);
    free(names);
    growth_free(&growth);
}

char *plot_variables_figure(const struct plot_figure *figure, const struct run *run,
                            const struct tables *tables, const struct plot_choice *choice,
                            const struct plot_data *data)
{
    char *text = NULL;
    size_t size = 0, setting = tables_front_of(run, tables, figure->metric);
    FILE *stream = memory_stream(&text, &size);
    gnuplot_define_begin(stream, figure->name);
    gnuplot_define(stream, "tables", GNUPLOT_TABLES);
    plot_define_run(stream, run, tables, setting, choice);
    plot_define_captions(stream, figure, run, tables);
    plot_define_left_out(stream, data);
    plot_axes_write(stream, figure, data);
    if (figure->raw == FILES_EVENTS)
        plot_define_paused(stream, run, setting, choice);
    if (figure->grows) {
        const struct plot_grown grown = {run, choice, setting, figure->metric};
        plot_define_growth(stream, &grown);
    }
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
