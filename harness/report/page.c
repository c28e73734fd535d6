/* SPDX-License-Identifier: MIT */
#include "harness/report/page.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/text.h"
#include "harness/analysis/compare.h"
#include "harness/report/figure.h"
#include "harness/report/page-latency.h"
#include "harness/report/plot.h"
#include "harness/report/svg.h"
#include "harness/report/tables-layout.h"

static const char page_style[] =
    "body{margin:0 auto;max-width:960px;padding:1.5rem 1rem 4rem;background:#fff;color:#1a1a1a;"
    "font:16px/1.5 -apple-system,'Segoe UI',Helvetica,Arial,'Liberation Sans',sans-serif}\n"
    "h1{font-size:1.7rem;margin:0 0 .2rem}"
    "h2{font-size:1.25rem;margin:2.6rem 0 .6rem;border-bottom:1px solid #ddd}\n"
    "p,ul{max-width:44rem}"
    ".quiet,figcaption{color:#555;font-size:.875rem}\n"
    ".scroll{overflow-x:auto;-webkit-overflow-scrolling:touch}\n"
    ".scroll svg{display:block;min-width:720px;width:100%;height:auto}"
    "figure{margin:0}\n"
    "table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}\n"
    "th,td{padding:.28rem .7rem;text-align:right;white-space:nowrap;border-bottom:1px solid #e6e6e6;"
    "vertical-align:top}\n"
    "th{font-weight:600}"
    "th:first-child,th.text,td.text{text-align:left}"
    "td.wrap{white-space:normal;text-align:left;min-width:16rem}\n"
    "thead th{border-bottom:2px solid #444}"
    "td small{display:block;color:#666;font-size:.75rem}\n"
    "td.best{font-weight:700}"
    "td.blank{color:#a33}"
    "tr.mean th,tr.mean td{border-top:2px solid #444}\n"
    ".warning{border-left:4px solid #D55E00;padding:.1rem 1rem;background:#fdf3ec}\n"
    "a{color:#0059a0}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;font-size:.875rem}\n"
    "dt{color:#555}"
    "dd{margin:0;overflow-wrap:anywhere}\n"
    "@media print{body{max-width:none;padding:0;font-size:11px}.scroll{overflow:visible}"
    ".scroll svg{min-width:0}figure,tr{break-inside:avoid}h2{break-after:avoid}}\n";

static void page_head(FILE *page, const struct run *run)
{
    const json_t *manifest = run->store->manifest;
    const char *name = json_string_value(json_object_get(manifest, "name"));
    const char *finished = json_string_value(json_object_get(manifest, "finished"));
    fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>gcmatrix: ",
          page);
    svg_escape(page, name);
    fprintf(page, "</title>\n<style>\n%s</style></head>\n<body>\n<h1>", page_style);
    svg_escape(page, name);
    fprintf(page,
            "</h1>\n<p class=\"quiet\">%zu workloads, %zu collectors, %zu allocator settings; %zu blocks; "
            "started ",
            run->works.measured, run->configs.measured, run->settings.count, run->blocks);
    svg_escape(page, json_string_value(json_object_get(manifest, "created")));
    if (finished) {
        fputs(", finished ", page);
        svg_escape(page, finished);
    } else
        fputs(", <strong>not finished</strong>: cells without a process are blank", page);
    fputs(".</p>\n", page);
}

static void page_warnings(FILE *page, const struct run *run)
{
    const json_t *warnings = json_object_get(run->store->manifest, "warnings"), *warning;
    size_t index;
    if (json_array_size(warnings) == 0)
        return;
    fputs("<div class=\"warning\"><p><strong>About this machine as a place to measure</strong></p><ul>\n",
          page);
    json_array_foreach(warnings, index, warning) {
        fputs("<li>", page);
        svg_escape(page, json_string_value(warning));
        fputs("</li>\n", page);
    }
    fputs("</ul></div>\n", page);
}

static void page_header_row(FILE *page, const struct run *run, const char *corner)
{
    fprintf(page, "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">%s</th>", corner);
    for (size_t config = 0; config < run->configs.measured; config++) {
        fputs("<th scope=\"col\">", page);
        svg_escape(page, run->configs.names[config]);
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
    svg_escape(page, cell->reason);
    fputs("\">n/a<small>", page);
    svg_escape(page, cell->status);
    fputs("</small></td>", page);
}

static void page_ratio_cell(FILE *page, const struct normalise_entry *entry)
{
    char ratio[FIGURE_TEXT], interval[FIGURE_TEXT];
    if (!run_cell_is_whole(entry->cell)) {
        page_blank(page, entry->cell);
        return;
    }
    figure_ratio(entry->ratio, ratio);
    figure_interval(entry->interval, interval);
    fprintf(page, "<td%s>%s%s<small>%s</small></td>", entry->best ? " class=\"best\"" : "", ratio,
            figure_mark(entry->cell->role), interval);
}

static void page_means(FILE *page, const struct run *run, const struct normalise_table *table)
{
    char ratio[FIGURE_TEXT], interval[FIGURE_TEXT];
    fprintf(page, "<tr class=\"mean\"><th scope=\"row\">geometric mean<br>(%zu of %zu)</th>", table->shared,
            table->measured);
    for (size_t config = 0; config < run->configs.measured; config++) {
        figure_ratio(table->means[config].ratio, ratio);
        figure_interval(table->means[config].interval, interval);
        fprintf(page, "<td>%s%s<small>%s</small></td>", ratio, figure_mark(table->means[config].role),
                interval);
    }
    fputs("</tr>\n", page);
}

static void page_row_head(FILE *page, const struct run *run, size_t work)
{
    fputs("<tr><th scope=\"row\">", page);
    svg_escape(page, run->works.names[work]);
    fputs("</th>", page);
}

/* The notes under the tables. */
static const char page_note_best[] =
    "Ratio of medians to the best collector of the row (bold), and its 95% bootstrap interval. † left "
    "more than a tenth of its garbage behind; ‡ frees nothing: neither is ever the best. Blank: not in "
    "the matrix. The geometric mean is over the workloads that every collector finished.";
static const char page_note_overhead_cpu[] =
    "As above, in CPU time: of the distilled time the pauses' share of wall time is left out.";
static const char page_note_overhead_instructions[] =
    "As above, in instructions, which do not vary with the machine's load. A pause's are not counted "
    "apart, so the smallest count of the row is the divisor.";
static const char page_note_overhead[] =
    "Wall time over the smallest distilled time of the row (its collector in bold): wall time less the "
    "pauses that the collector can tell. Counting, barriers and allocation cannot be told apart from the "
    "program, so the true overhead is at least this.";

static void page_ratio_table(FILE *page, const struct run *run, const struct normalise_table *table,
                             const char *title, const char *note)
{
    fprintf(page, "<h2>%s</h2>\n", title);
    page_header_row(page, run, "workload");
    for (size_t work = 0; work < run->works.measured; work++) {
        page_row_head(page, run, work);
        for (size_t config = 0; config < run->configs.measured; config++)
            page_ratio_cell(page, normalise_at(table, work, config));
        fputs("</tr>\n", page);
    }
    page_means(page, run, table);
    fprintf(page, "</tbody></table></div>\n<p class=\"quiet\">%s</p>\n", note);
}

static void page_bytes_table(FILE *page, const struct run *run, enum run_metric metric, const char *title)
{
    char text[FIGURE_TEXT];
    fprintf(page, "<h2>%s</h2>\n", title);
    page_header_row(page, run, "workload");
    for (size_t work = 0; work < run->works.measured; work++) {
        page_row_head(page, run, work);
        for (size_t config = 0; config < run->configs.measured; config++) {
            const struct run_cell *cell = run_cell_at(run, work, config, 0);
            if (!run_cell_is_whole(cell)) {
                page_blank(page, cell);
                continue;
            }
            figure_bytes(run_cell_median(run, cell, metric), text);
            fprintf(page, "<td>%s</td>", text);
        }
        fputs("</tr>\n", page);
    }
    fputs("</tbody></table></div>\n", page);
}

static char *page_slurp(const char *path)
{
    size_t size;
    FILE *file = fopen(path, "re");
    if (!file)
        return NULL;
    char *text = text_read(file, &size);
    fclose(file);
    return text;
}

static void page_chart(FILE *page, const struct run *run, const struct plot_figure *figure)
{
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/charts/%s.svg", run->store->dir, figure->name);
    char *text = page_slurp(path);
    if (!text)
        return;
    fprintf(page, "<h2 id=\"%s\">%s</h2>\n<figure><div class=\"scroll\">\n", figure->name, figure->heading);
    svg_inline(page, text, figure->name, figure->label);
    fprintf(page,
            "</div><figcaption><a href=\"charts/%s.svg\">SVG</a>, <a "
            "href=\"charts/%s.png\">PNG</a></figcaption></figure>\n",
            figure->name, figure->name);
    free(text);
}

static void page_failures(FILE *page, const struct run *run)
{
    size_t blanks = 0;
    for (size_t i = 0; i < run->cell_count; i++)
        blanks += run->cells[i].reason != NULL;
    fprintf(page, "<h2>Cells without a figure</h2>\n");
    if (blanks == 0) {
        fprintf(page, "<p>None: all %zu cells finished in every block.</p>\n", run->cell_count);
        return;
    }
    fprintf(page, "<p>%zu of %zu cells. A cell is blank when any of its processes failed.</p>\n", blanks,
            run->cell_count);
    fputs("<div class=\"scroll\"><table><thead><tr><th>workload</th><th>collector</th><th>allocator</th>"
          "<th>status</th><th class=\"text\">reason</th></tr></thead><tbody>\n",
          page);
    for (size_t i = 0; i < run->cell_count; i++) {
        const struct run_cell *cell = &run->cells[i];
        if (!cell->reason)
            continue;
        const char *fields[] = {run->works.names[cell->work], run->configs.names[cell->config],
                                run->settings.names[cell->setting], cell->status, cell->reason};
        fputs("<tr>", page);
        for (int field = 0; field < 5; field++) {
            fprintf(page, "<td class=\"%s\">", field < 4 ? "text" : "wrap");
            svg_escape(page, fields[field]);
            fputs("</td>", page);
        }
        fputs("</tr>\n", page);
    }
    fputs("</tbody></table></div>\n", page);
}

/* Writes an object's keys and values as a list; nested objects as JSON. */
static void page_object(FILE *page, json_t *object)
{
    const char *key;
    json_t *value;
    fputs("<dl>\n", page);
    json_object_foreach(object, key, value) {
        char *text = json_is_string(value) ? text_format("%s", json_string_value(value))
                     : json_is_null(value) ? text_format("n/a")
                                           : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
        fputs("<dt>", page);
        svg_escape(page, key);
        fputs("</dt><dd>", page);
        svg_escape(page, text);
        fputs("</dd>\n", page);
        free(text);
    }
    fputs("</dl>\n", page);
}

static void page_method(FILE *page, const struct run *run)
{
    fprintf(page,
            "<h2>How it was measured</h2>\n"
            "<p>Every process does a fixed amount of work and its checksum is verified. The run is made of "
            "%zu randomised blocks: in each, every cell runs once, in an order shuffled from a recorded "
            "seed. The process is the unit of replication. Figures are medians over processes; intervals "
            "are 95%% percentile intervals of %d bootstrap resamples of whole blocks, so ratios are paired "
            "by block, and the best of a row is chosen again in each resample. Peak memory is the "
            "process's highest RSS less its RSS just before the run.</p>\n"
            "<p>Do not read a ratio as a property of a collector alone: it holds for this workload, "
            "allocator and machine.</p>\n",
            run->blocks, run->bootstrap.resamples ? (int)run->bootstrap.resamples : 0);
}

static void page_layout_cell(FILE *page, const struct run *run, const struct normalise_table *walls,
                             size_t work, size_t config)
{
    const struct run_cell *cell = run_cell_at(run, work, config, 0);
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

static void page_layouts(FILE *page, const struct run *run, const struct tables *tables)
{
    const struct normalise_table *walls = tables_normalised(tables, TABLES_WALL, 0);
    char words[512];
    if (run->layout_count < 2)
        return;
    tables_layout_words(run, words, sizeof(words));
    fprintf(
        page,
        "<h2>How much of a difference is layout</h2>\n<p>%zu layouts were taken in turn, block by block: ",
        run->layout_count);
    svg_escape(page, words);
    fputs(".</p>\n", page);
    page_header_row(page, run, "workload");
    for (size_t work = 0; work < run->works.measured; work++) {
        page_row_head(page, run, work);
        for (size_t config = 0; config < run->configs.measured; config++)
            page_layout_cell(page, run, walls, work, config);
        fputs("</tr>\n", page);
    }
    fputs("</tbody></table></div>\n"
          "<p class=\"quiet\">Standard deviation of the ratio to the best collector of the row that comes "
          "from the layout alone, and its 95% interval; of the best itself (bold) that of its time. A "
          "difference of this size is no property of a collector.</p>\n",
          page);
}

static void page_null_test(FILE *page, const struct run *run)
{
    struct compare_null null = compare_null(run, RUN_WALL);
    if (null.tested)
        fprintf(page,
                "<p>Null test, each cell's even blocks against its odd ones: %zu of %zu cells differ from "
                "themselves (about 5%% do by chance).</p>\n",
                null.different, null.tested);
    else
        fputs("<p>Null test: n/a with fewer than 8 blocks.</p>\n", page);
}

static void page_tables(FILE *page, const struct tables *tables)
{
    fputs("<h2>Data</h2>\n<p>", page);
    for (size_t i = 0; i < tables->set.count; i++)
        fprintf(page, "<a href=\"tables/%s.csv\">%s.csv</a>, ", tables->set.tables[i].name,
                tables->set.tables[i].name);
    fputs("<a href=\"runs.csv\">runs.csv</a>, <a href=\"manifest.json\">manifest.json</a></p>\n", page);
}

static void page_overheads(FILE *page, const struct run *run, const struct tables *tables)
{
    page_ratio_table(page, run, tables_normalised(tables, TABLES_OVERHEAD, 0),
                     "Lower bound of overhead, wall time", page_note_overhead);
    page_ratio_table(page, run, tables_normalised(tables, TABLES_OVERHEAD_CPU, 0),
                     "Lower bound of overhead, CPU time", page_note_overhead_cpu);
    if (tables_has_ratio(tables_normalised(tables, TABLES_OVERHEAD_INSTRUCTIONS, 0)))
        page_ratio_table(page, run, tables_normalised(tables, TABLES_OVERHEAD_INSTRUCTIONS, 0),
                         "Lower bound of overhead, instructions", page_note_overhead_instructions);
}

static void page_body(FILE *page, const struct run *run, const struct tables *tables)
{
    page_head(page, run);
    page_warnings(page, run);
    page_chart(page, run, plot_find("time"));
    page_ratio_table(page, run, tables_normalised(tables, TABLES_WALL, 0), "Wall time, in figures",
                     page_note_best);
    for (size_t i = 0; i < plot_figure_count; i++)
        if (strcmp(plot_figures[i].name, "time") != 0)
            page_chart(page, run, &plot_figures[i]);
    page_ratio_table(page, run, tables_normalised(tables, TABLES_CPU, 0), "CPU time, in figures",
                     page_note_best);
    page_overheads(page, run, tables);
    page_latency(page, run, tables->latencies);
    page_bytes_table(page, run, RUN_PEAK, "Peak memory, in figures");
    page_bytes_table(page, run, RUN_LEAKED, "Bytes leaked, in figures");
    page_layouts(page, run, tables);
    page_failures(page, run);
    page_method(page, run);
    page_null_test(page, run);
    fputs("<h2>Machine and versions</h2>\n", page);
    page_object(page, json_object_get(run->store->manifest, "machine"));
    page_object(page, json_object_get(run->store->manifest, "versions"));
    page_tables(page, tables);
    fputs("</body></html>\n", page);
}

int page_write(const struct run *run, const struct tables *tables)
{
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/report.html", run->store->dir);
    FILE *page = fopen(path, "we");
    if (!page)
        return message_storage("%s: %s", path, strerror(errno));
    page_body(page, run, tables);
    bool failed = ferror(page) != 0;
    if ((fclose(page) != 0) | failed)
        return message_storage("%s: %s", path, strerror(errno));
    return 0;
}
