/* SPDX-License-Identifier: MIT */
#include "harness/report/page-tables.h"

#include <math.h>

#include "base/escape.h"
#include "harness/report/captions.h"
#include "harness/report/claims-text.h"
#include "harness/report/figure.h"
#include "harness/report/tables-cell.h"
#include "harness/report/tables-layout.h"
#include "harness/report/tables-parts.h"

const char page_note_best[] = "Ratio to the best collector of the row (bold): the geometric mean over "
                              "blocks, in each block to the best of "
                              "the other blocks, with an interval that holds with 95% for the whole row at "
                              "once. ? is undecided: neither "
                              "claimed to be more than the best, nor equal to it (=). † left more than a "
                              "tenth of its garbage behind; ‡ "
                              "frees nothing: neither is ever the best. Blank: not in the matrix. The "
                              "geometric mean is over the workloads "
                              "that every collector finished.";
const char page_note_overhead_cpu[] =
    "As above, in CPU time: of the distilled time the pauses' share of wall time is left out.";
const char page_note_overhead_instructions[] = "As above, in instructions, which do not vary with the "
                                               "machine's load. A pause's are not counted apart, so "
                                               "the smallest count of the row is the divisor.";
const char page_note_overhead[] = "Wall time over the smallest distilled time of the row (its collector in "
                                  "bold): wall time less the pauses "
                                  "that the collector can tell. Counting, barriers and allocation cannot be "
                                  "told apart from the program, so the "
                                  "true overhead is at least this.";

/* Whether a work, or a config, has a cell in the setting. */
static bool tables_has_work(const struct run *run, size_t work, size_t setting)
{
    for (size_t config = 0; config < run->configs.measured; config++)
        if (run_cell_at(run, work, config, setting))
            return true;
    return false;
}

static bool tables_has_config(const struct run *run, size_t config, size_t setting)
{
    for (size_t work = 0; work < run->works.measured; work++)
        if (run_cell_at(run, work, config, setting))
            return true;
    return false;
}

static void page_header_row(FILE *page, const struct run *run, size_t setting)
{
    fputs("<div class=\"scroll\"><table><thead><tr><th scope=\"col\">workload</th>", page);
    for (size_t config = 0; config < run->configs.measured; config++) {
        if (!tables_has_config(run, config, setting))
            continue;
        fputs("<th scope=\"col\">", page);
        escape_html(page, run->configs.names[config]);
        fputs("</th>", page);
    }
    fputs("</tr></thead><tbody>\n", page);
}

static void page_blank(FILE *page, const struct run_cell *cell)
{
    if (!cell) {
        fputs("<td></td>", page);
        return;
    }
    fputs("<td class=\"blank\" title=\"", page);
    escape_html(page, cell->reason);
    fputs("\">n/a<small>", page);
    escape_html(page, cell->status);
    fputs("</small></td>", page);
}

static void page_row_head(FILE *page, const struct run *run, size_t work)
{
    fputs("<tr><th scope=\"row\">", page);
    escape_html(page, run->works.names[work]);
    fputs("</th>", page);
}

/* What a table shows of a cell. */
struct page_grid {
    const struct run *run;
    const struct tables *tables;
    int which;              /* a normalised table */
    enum run_metric metric; /* of a table of medians; of ratios wall time or peak memory */
    void (*cell)(FILE *page, const struct page_grid *grid, size_t work, size_t config, size_t setting);
    void (*foot)(FILE *page, const struct page_grid *grid, size_t setting); /* or NULL */
};

static void page_grid(FILE *page, const struct page_grid *grid, size_t setting)
{
    const struct run *run = grid->run;
    page_header_row(page, run, setting);
    for (size_t work = 0; work < run->works.measured; work++) {
        if (!tables_has_work(run, work, setting))
            continue;
        page_row_head(page, run, work);
        for (size_t config = 0; config < run->configs.measured; config++)
            if (tables_has_config(run, config, setting))
                grid->cell(page, grid, work, config, setting);
        fputs("</tr>\n", page);
    }
    if (grid->foot)
        grid->foot(page, grid, setting);
    fputs("</tbody></table></div>\n", page);
}

/* Writes the heading, and the grid of the setting that stands first where there is one. */
static void page_first_grid(FILE *page, const struct page_grid *grid, const char *title, size_t front)
{
    const struct run *run = grid->run;
    fprintf(page, "<h2>%s", title);
    if (front < run->settings.count && front != grid->tables->front) {
        fputs(", ", page);
        escape_html(page, run->settings.names[front]);
    }
    fputs("</h2>\n", page);
    if (front < run->settings.count)
        page_grid(page, grid, front);
    if (front != grid->tables->front)
        fprintf(page, "<p>%s</p>\n", claims_text_warm);
}

/* Writes the front setting's grid, and folds the others that have the metric. */
static void page_grids(FILE *page, const struct page_grid *grid, const char *title)
{
    size_t front = tables_front_of(grid->run, grid->tables, grid->metric);
    page_first_grid(page, grid, title, front);
    for (size_t setting = 0; setting < grid->run->settings.count; setting++) {
        if (setting == front || !run_setting_measures(grid->run, setting, grid->metric))
            continue;
        fputs("<details><summary>The same, ", page);
        escape_html(page, grid->run->settings.names[setting]);
        fputs("</summary>\n", page);
        page_grid(page, grid, setting);
        fputs("</details>\n", page);
    }
}

/* Returns the sign of the claim about a cell and the best of its work: " ?", " =" or "". */
static const char *page_sign(const struct page_grid *grid, const struct normalise_table *normalised,
                             const struct normalise_entry *entry)
{
    int metric = grid->which == TABLES_WALL   ? TABLES_CLAIMS_WALL
                 : grid->which == TABLES_PEAK ? TABLES_CLAIMS_PEAK
                                              : TABLES_CLAIMS;
    const struct normalise_entry *best = tables_best(normalised, entry->cell->work);
    if (metric == TABLES_CLAIMS || !best || best == entry || isnan(entry->ratio))
        return "";
    switch (claims_between(&grid->tables->claims[metric], entry->cell, best->cell).verdict) {
    case SEQUENTIAL_LESS:
    case SEQUENTIAL_MORE:
        return "";
    case SEQUENTIAL_EQUAL:
        return " =";
    default: /* undecided, or not compared at all, as cells in two heaps */
        return " ?";
    }
}

static void page_ratio_cell(FILE *page, const struct page_grid *grid, size_t work, size_t config,
                            size_t setting)
{
    const struct normalise_table *normalised = tables_normalised(grid->tables, grid->which, setting);
    const struct normalise_entry *entry = normalise_at(normalised, work, config);
    char ratio[FIGURE_TEXT], interval[FIGURE_TEXT];
    if (!run_cell_is_whole(entry->cell)) {
        page_blank(page, entry->cell);
        return;
    }
    if (entry->as_warm) {
        fputs("<td class=\"blank\" title=\"it takes the time of its warm twin, within the precision\">as "
              "warm</td>",
              page);
        return;
    }
    figure_ratio(entry->ratio, ratio);
    figure_interval(entry->interval, interval);
    fprintf(page, "<td%s>%s%s%s<small>%s</small></td>", entry->best ? " class=\"best\"" : "", ratio,
            figure_cell_mark(entry->cell), page_sign(grid, normalised, entry), interval);
}

static void page_means(FILE *page, const struct page_grid *grid, size_t setting)
{
    const struct normalise_table *table = tables_normalised(grid->tables, grid->which, setting);
    char ratio[FIGURE_TEXT], interval[FIGURE_TEXT];
    fprintf(page, "<tr class=\"mean\"><th scope=\"row\">geometric mean<br>(%zu of %zu)</th>", table->shared,
            table->measured);
    for (size_t config = 0; config < grid->run->configs.measured; config++) {
        if (!tables_has_config(grid->run, config, setting))
            continue;
        figure_ratio(table->means[config].ratio, ratio);
        figure_interval(table->means[config].interval, interval);
        fprintf(page, "<td>%s%s<small>%s</small></td>", ratio, figure_mark(table->means[config].role),
                interval);
    }
    fputs("</tr>\n", page);
}

void page_ratios(FILE *page, const struct run *run, const struct tables *tables, int which, const char *title,
                 const char *note)
{
    struct page_grid grid = {.run = run,
                             .tables = tables,
                             .which = which,
                             .metric = which == TABLES_PEAK ? RUN_PEAK : RUN_WALL,
                             .cell = page_ratio_cell,
                             .foot = page_means};
    struct captions captions;
    captions_make(run, tables_front_of(run, tables, grid.metric), grid.metric, &captions);
    page_grids(page, &grid, title);
    fprintf(page, "<p class=\"quiet\">%s", note);
    if (captions.least < CAPTIONS_ENOUGH)
        fprintf(page, " %s; %s.", captions.counted, captions.ratios);
    fputs("</p>\n", page);
}

static void page_bytes_cell(FILE *page, const struct page_grid *grid, size_t work, size_t config,
                            size_t setting)
{
    const struct run_cell *cell = run_cell_at(grid->run, work, config, setting);
    char text[FIGURE_TEXT];
    if (!run_cell_is_whole(cell)) {
        page_blank(page, cell);
        return;
    }
    figure_bytes(run_cell_median(grid->run, cell, grid->metric), text);
    fprintf(page, "<td>%s%s</td>", text, figure_cell_mark(cell));
}

void page_bytes(FILE *page, const struct run *run, const struct tables *tables, enum run_metric metric,
                const char *title)
{
    struct page_grid grid = {.run = run, .tables = tables, .metric = metric, .cell = page_bytes_cell};
    page_grids(page, &grid, title);
}

/* ---- parts ---- */

static void page_part(FILE *page, double ns, double wall_ns)
{
    if (isnan(ns))
        fputs("<td>n/a</td>", page);
    else
        fprintf(page, "<td>%.1f%%</td>", 100 * ns / wall_ns);
}

static void page_parts_row(FILE *page, const struct run *run, const struct run_cell *cell,
                           const struct tables_parts *mean)
{
    const struct parts *parts = &mean->parts;
    char text[FIGURE_TEXT];
    fputs("<tr><th scope=\"row\">", page);
    escape_html(page, run->works.names[cell->work]);
    fputs("</th><td class=\"text\">", page);
    escape_html(page, run->configs.names[cell->config]);
    fprintf(page, "%s</td><td class=\"text\">", figure_cell_mark(cell));
    escape_html(page, run->settings.names[cell->setting]);
    figure_time(mean->wall_ns, text);
    fprintf(page, "</td><td>%s</td>", text);
    page_part(page, parts->mutator, mean->wall_ns);
    page_part(page, parts->kernel_mutator, mean->wall_ns);
    page_part(page, parts->collecting, mean->wall_ns);
    page_part(page, parts->cascades, mean->wall_ns);
    page_part(page, parts->kernel_collecting + parts->kernel_cascades, mean->wall_ns);
    page_part(page, parts->waiting, mean->wall_ns);
    page_part(page, mean->untimed_ns, mean->wall_ns);
    if (isnan(mean->minor_faults + mean->major_faults))
        fputs("<td>n/a</td></tr>\n", page);
    else
        fprintf(page, "<td>%.0f</td></tr>\n", mean->minor_faults + mean->major_faults);
}

static const char page_parts_head[] =
    "<details><summary>The parts of every cell, in figures</summary>\n<div "
    "class=\"scroll\"><table><thead><tr>"
    "<th scope=\"col\">workload</th><th class=\"text\">collector</th><th "
    "class=\"text\">setting</th><th>wall</th>"
    "<th>mutator</th><th>kernel in it</th><th>collecting</th><th>cascades</th><th>kernel in pauses</th>"
    "<th>waiting</th><th>untimed cascades</th><th>faults</th></tr></thead><tbody>\n";
static const char page_parts_foot[] = "</tbody></table></div>\n<p class=\"quiet\">Means over the middle half "
                                      "of a cell's processes by wall time. The "
                                      "six parts from mutator to waiting add up to the wall time. Untimed "
                                      "cascades are an estimate, and lie in the "
                                      "mutator's part.</p></details>\n";

void page_parts(FILE *page, const struct run *run, const struct tables *tables)
{
    bool begun = false;
    for (size_t work = 0; work < run->works.measured; work++)
        for (size_t config = 0; config < run->configs.measured; config++)
            for (size_t setting = 0; setting < tables->settings; setting++) {
                const struct run_cell *cell = run_cell_at(run, work, config, setting);
                if (!run_cell_is_whole(cell) || run_cell_is_aside(cell))
                    continue;
                struct tables_parts mean = tables_parts_of(run, cell);
                if (mean.processes == 0)
                    continue;
                fputs(begun ? "" : page_parts_head, page);
                page_parts_row(page, run, cell, &mean);
                begun = true;
            }
    fputs(begun ? page_parts_foot : "", page);
}

/* ---- layouts ---- */

static void page_layout_cell(FILE *page, const struct page_grid *grid, size_t work, size_t config,
                             size_t setting)
{
    const struct run *run = grid->run;
    const struct normalise_table *walls = tables_normalised(grid->tables, TABLES_WALL, setting);
    const struct run_cell *cell = run_cell_at(run, work, config, setting);
    const struct run_cell *base = cell ? tables_layout_base(run, walls, cell) : NULL;
    struct variance variance = variance_of_layouts(run, cell, base, RUN_WALL);
    if (!run_cell_is_whole(cell))
        page_blank(page, cell);
    else if (isnan(variance.between))
        fputs("<td>n/a</td>", page);
    else
        fprintf(page, "<td%s>%.1f%%<small>%.1f–%.1f</small></td>", base ? "" : " class=\"best\"",
                100 * variance.between, 100 * variance.between_interval.low,
                100 * variance.between_interval.high);
}

void page_layouts(FILE *page, const struct run *run, const struct tables *tables)
{
    struct page_grid grid = {.run = run, .tables = tables, .cell = page_layout_cell};
    char words[512];
    if (run->layout_count < 2)
        return;
    tables_layout_words(run, words, sizeof(words));
    page_grids(page, &grid, "How much of a difference is layout");
    fprintf(page, "<p>%zu layouts were taken in turn, block by block: ", run->layout_count);
    escape_html(page, words);
    fputs(".</p>\n"
          "<p class=\"quiet\">Standard deviation of the ratio to the best collector of the row that comes "
          "from the layout alone, and its 95% interval; of the best itself (bold) that of its time. A "
          "difference of this size is no property of a collector.</p>\n",
          page);
}
