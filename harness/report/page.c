/* SPDX-License-Identifier: MIT */
#include "harness/report/page.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/escape.h"
#include "base/message.h"
#include "base/text.h"
#include "base/writing.h"
#include "harness/report/captions.h"
#include "harness/report/drift-text.h"
#include "harness/report/page-claims.h"
#include "harness/report/page-latency.h"
#include "harness/report/page-notes.h"
#include "harness/report/page-tables.h"
#include "harness/report/plot.h"
#include "harness/report/svg.h"

static const char page_style[] =
    "body{margin:0 auto;max-width:960px;padding:1.5rem 1rem 4rem;background:#fff;color:#1a1a1a;"
    "font:16px/1.5 -apple-system,'Segoe UI',Helvetica,Arial,'Liberation Sans',sans-serif}\n"
    "h1{font-size:1.7rem;margin:0 0 .2rem}"
    "h2{font-size:1.25rem;margin:2.6rem 0 .6rem;border-bottom:1px solid #ddd}\n"
    "p,ul{max-width:44rem}"
    ".quiet,figcaption{color:#555;font-size:.875rem}\n"
    ".scroll{overflow-x:auto;-webkit-overflow-scrolling:touch}\n"
    ".scroll svg,.scroll img{display:block;min-width:720px;width:100%;height:auto}"
    "figure{margin:0}\n"
    "table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}\n"
    "th,td{padding:.28rem .7rem;text-align:right;white-space:nowrap;border-bottom:1px solid #e6e6e6;"
    "vertical-align:top}\n"
    "th{font-weight:600}"
    "th:first-child,th.text,td.text{text-align:left}"
    "td.wrap{white-space:normal;text-align:left;min-width:16rem}\n"
    "thead th{border-bottom:2px solid #444}"
    "td small{display:block;color:#666;font-size:.75rem}\n"
    "td.best,.lead{font-weight:700}"
    "td.open{color:#8a4b00;font-weight:600}"
    ".claims td.order{text-align:left;white-space:normal;min-width:24rem}"
    ".piece{white-space:nowrap}"
    "details{margin:.5rem 0}details details{margin-left:1.2rem}summary{cursor:pointer}"
    "td.blank{color:#a33}"
    "tr.mean th,tr.mean td{border-top:2px solid #444}\n"
    ".warning{border-left:4px solid #D55E00;padding:.1rem 1rem;background:#fdf3ec}\n"
    "a{color:#0059a0}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;font-size:.875rem}\n"
    "dt{color:#555}"
    "dd{margin:0;overflow-wrap:anywhere}\n"
    "@media (max-width:600px){.claims td.order{min-width:13rem}}\n"
    "@media print{body{max-width:none;padding:0;font-size:11px}.scroll{overflow:visible}"
    ".scroll svg{min-width:0}figure,tr{break-inside:avoid}h2{break-after:avoid}}\n";

/* Writes how the run ended, or how much of it is missing. */
static void page_ended(FILE *page, const struct run *run)
{
    const char *ended = json_string_value(json_object_get(run->store->manifest, "ended"));
    struct captions captions;
    captions_make(run, 0, RUN_WALL, &captions);
    if (captions.missing[0])
        fprintf(page, ". <strong>%s</strong>Cells without a process are blank", captions.missing);
    else if (!run->ended)
        fputs(", <strong>not finished</strong>: cells without a process are blank", page);
    else if (ended && strcmp(ended, "decided") == 0)
        fputs(", ended when all was decided", page);
    else if (ended && strcmp(ended, "budget") == 0)
        fputs(", ended when its budget of time was spent", page);
}

static void page_head(FILE *page, const struct run *run)
{
    const json_t *manifest = run->store->manifest;
    const char *name = json_string_value(json_object_get(manifest, "name"));
    const char *finished = json_string_value(json_object_get(manifest, "finished"));
    fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>gcmatrix: ",
          page);
    escape_html(page, name);
    fprintf(page, "</title>\n<style>\n%s</style></head>\n<body>\n<h1>", page_style);
    escape_html(page, name);
    fprintf(
        page,
        "</h1>\n<p class=\"quiet\">%zu workload%s, %zu collectors, %zu setting%s of allocator and memory; "
        "at most "
        "%zu blocks; "
        "started ",
        run->works.measured, run->works.measured == 1 ? "" : "s", run->configs.measured, run->settings.count,
        run->settings.count == 1 ? "" : "s", run->blocks);
    escape_html(page, json_string_value(json_object_get(manifest, "created")));
    if (finished) {
        fputs(", finished ", page);
        escape_html(page, finished);
    }
    page_ended(page, run);
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
        escape_html(page, json_string_value(warning));
        fputs("</li>\n", page);
    }
    fputs("</ul></div>\n", page);
}

/* Whether a chart of that name lies in the folder, as a file and no link. */
static bool page_has_file(const struct run *run, const char *name)
{
    char *path = text_format("%s/charts/%s.svg", run->store->dir, name);
    struct stat about;
    bool found = lstat(path, &about) == 0 && S_ISREG(about.st_mode);
    free(path);
    return found;
}

/* Writes the chart that this process drew; of one that it did not draw, what the folder has of that name. */
static void page_chart(FILE *page, const struct run *run, const struct tables *tables,
                       const struct plot_figure *figure, const char *chart)
{
    const char *name = figure->name;
    if (!plot_has_data(figure, run, tables) || (!chart && !page_has_file(run, name)))
        return;
    fprintf(page, "<h2 id=\"%s\">%s</h2>\n<figure><div class=\"scroll\">\n", name, figure->heading);
    if (chart)
        svg_inline(page, chart, name, figure->label);
    else
        fprintf(page, "<img src=\"charts/%s.svg\" alt=\"%s\">", name, figure->label);
    fprintf(page,
            "</div><figcaption>%s<a href=\"charts/%s.svg\">SVG</a>, <a "
            "href=\"charts/%s.png\">PNG</a></figcaption></figure>\n",
            chart ? "" : "Not drawn with this page. ", name, name);
}

static void page_failures(FILE *page, const struct run *run)
{
    size_t blanks = 0;
    for (size_t i = 0; i < run->cell_count; i++)
        blanks += run->cells[i].reason != NULL;
    fprintf(page, "<h2>Cells without a figure</h2>\n");
    if (blanks == 0) {
        fprintf(page, "<p>None: no process of the %zu cells failed.</p>\n", run->cell_count);
        return;
    }
    fprintf(page,
            "<p>%zu of %zu cells. A cell is blank when any of its processes failed, or none has run.</p>\n",
            blanks, run->cell_count);
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
            escape_html(page, fields[field]);
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
        escape_html(page, key);
        fputs("</dt><dd>", page);
        escape_html(page, text);
        fputs("</dd>\n", page);
        free(text);
    }
    fputs("</dl>\n", page);
}

static void page_method(FILE *page, const struct run *run, const struct tables *tables)
{
    struct captions captions;
    captions_make(run, tables->front, RUN_WALL, &captions);
    fprintf(
        page,
        "<h2>How it was measured</h2>\n"
        "<p>Every process does a fixed amount of work and its checksum is verified. The run is made of "
        "randomised blocks: in each, every cell that is not yet decided runs once, in an order shuffled from "
        "a recorded seed. The process is the unit of replication. A process that others disturbed is run "
        "again in its block, by a rule fixed before its time is seen.</p>\n"
        "<p>Absolute figures are medians over processes; %s. Ratios are geometric means over blocks, and "
        "their intervals are Student's; one to the best allows for each collector that may be the best. Peak "
        "memory is the process's highest RSS less its RSS just before "
        "the run.</p>\n"
        "<p>Do not read a ratio as a property of a collector alone: it holds for this workload, allocator "
        "and machine.</p>\n",
        captions.medians);
}

/* Writes what moved the whole run while it was measured. */
static void page_drift(FILE *page, const struct run *run)
{
    char text[DRIFT_TEXT];
    fputs("<p>", page);
    drift_text_run(run, text);
    escape_html(page, text);
    putc(' ', page);
    drift_text_reference(run, text);
    escape_html(page, text);
    fputs("</p>\n", page);
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
    page_ratios(page, run, tables, TABLES_OVERHEAD, "Lower bound of overhead, wall time", page_note_overhead);
    page_ratios(page, run, tables, TABLES_OVERHEAD_CPU, "Lower bound of overhead, CPU time",
                page_note_overhead_cpu);
    if (tables_has_ratio(tables_normalised(tables, TABLES_OVERHEAD_INSTRUCTIONS, tables->front)))
        page_ratios(page, run, tables, TABLES_OVERHEAD_INSTRUCTIONS, "Lower bound of overhead, instructions",
                    page_note_overhead_instructions);
}

/* What stands under a chart: figures and sentences. */
static void page_under_chart(FILE *page, const struct run *run, const struct tables *tables, const char *name)
{
    if (strcmp(name, "time") == 0)
        page_ratios(page, run, tables, TABLES_WALL, "Wall time, in figures", page_note_best);
    else if (strcmp(name, "parts") == 0)
        page_parts(page, run, tables);
    else if (strcmp(name, "cold-warm") == 0)
        page_note_memory(page, run);
    else if (strcmp(name, "machine") == 0)
        page_note_machine(page, tables);
}

static void page_figures(FILE *page, const struct run *run, const struct tables *tables)
{
    page_ratios(page, run, tables, TABLES_CPU, "CPU time, in figures", page_note_best);
    page_overheads(page, run, tables);
    page_latency(page, run, tables->front, tables->latencies);
    page_ratios(page, run, tables, TABLES_PEAK, "Peak memory over the smallest, in figures", page_note_best);
    page_bytes(page, run, tables, RUN_PEAK, "Peak memory, in figures");
    page_bytes(page, run, tables, RUN_LEAKED, "Bytes leaked, in figures");
    page_layouts(page, run, tables);
    page_failures(page, run);
}

static void page_body(FILE *page, const struct run *run, const struct tables *tables, char *const *charts)
{
    page_head(page, run);
    page_warnings(page, run);
    page_claims(page, run, tables);
    for (size_t i = 0; i < plot_figure_count; i++) {
        page_chart(page, run, tables, &plot_figures[i], charts[i]);
        page_under_chart(page, run, tables, plot_figures[i].name);
    }
    page_figures(page, run, tables);
    page_method(page, run, tables);
    page_drift(page, run);
    fputs("<h2>Machine and versions</h2>\n", page);
    page_object(page, json_object_get(run->store->manifest, "machine"));
    page_object(page, json_object_get(run->store->manifest, "versions"));
    page_tables(page, tables);
    fputs("</body></html>\n", page);
}

int page_write(const struct run *run, const struct tables *tables, char *const *charts)
{
    struct writing_folder folder;
    struct writing page;
    int status = writing_folder_open(run->store->dir, &folder);
    if (status == 0)
        status = writing_begin(&folder, "report.html", &page);
    writing_folder_close(&folder);
    if (status != 0)
        return status;
    page_body(writing_stream(&page), run, tables, charts);
    return writing_keep(&page);
}
