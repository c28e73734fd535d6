/* SPDX-License-Identifier: MIT */
#include "harness/report/page-latency.h"

#include <math.h>

#include "base/escape.h"
#include "harness/report/figure.h"

/* Requests on a schedule wait from their arrival: their figure is the response. Others are metered. */
static int page_latency_kind(const struct tables_latency *latency)
{
    bool scheduled = !isnan(latency->ns[TABLES_LATENCY_RESPONSE][TABLES_LATENCY_P50]);
    return scheduled ? TABLES_LATENCY_RESPONSE : TABLES_LATENCY_METERED;
}

/* Writes the line above the collectors of a load. All of them have the same schedule. */
static void page_latency_load(FILE *page, const struct run *run, const struct run_cell *cell,
                              const struct tables_latency *latency)
{
    fputs("<tr class=\"mean\"><th colspan=\"8\" scope=\"rowgroup\">", page);
    escape_html(page, run->works.names[cell->work]);
    if (isnan(latency->offered_per_s))
        fputs(": metered in a window of 100 ms", page);
    else
        fprintf(page, ": response, %.0f requests a second offered", latency->offered_per_s);
    fputs("</th></tr>\n", page);
}

static void page_latency_row(FILE *page, const struct run *run, const struct run_cell *cell,
                             const struct tables_latency *latency)
{
    char text[FIGURE_TEXT];
    int kind = page_latency_kind(latency);
    fputs("<tr><th scope=\"row\">", page);
    escape_html(page, run->configs.names[cell->config]);
    fprintf(page, "%s</th><td>%.0f</td>", figure_cell_mark(cell), latency->achieved_per_s);
    for (int figure = 0; figure < TABLES_LATENCY_FIGURES; figure++) {
        bool few = figure < TABLES_LATENCY_MAX && latency->requests < tables_quantile_needs(figure);
        figure_time(latency->ns[kind][figure], text);
        fprintf(page, "<td>%s%s</td>", text, few ? "*" : "");
    }
    figure_time(latency->ns[TABLES_LATENCY_SIMPLE][TABLES_LATENCY_P99], text);
    fprintf(page, "<td>%s</td></tr>\n", text);
}

static const char page_latency_head[] =
    "<h2>Latency of requests, in figures</h2>\n<div class=\"scroll\"><table><thead><tr>"
    "<th scope=\"col\">collector</th><th scope=\"col\">achieved a second</th><th scope=\"col\">p50</th>"
    "<th scope=\"col\">p90</th><th scope=\"col\">p99</th><th scope=\"col\">p99.9</th>"
    "<th scope=\"col\">max</th><th scope=\"col\">service alone, p99</th></tr></thead><tbody>\n";
static const char page_latency_foot[] =
    "</tbody></table></div>\n<p class=\"quiet\">Response is from a request's arrival on the schedule to its "
    "answer. Without a schedule requests are metered: each counts from when it would have begun had those of "
    "100 ms been spread evenly. Service is from begin to end. Medians over processes; of the maxima the "
    "largest. A quantile of fewer requests than it needs is their longest, and has a *. † left more than a "
    "tenth of its garbage; ‡ frees nothing. Where less is achieved than offered, the queue grew for as long "
    "as the run lasted.</p>\n";

void page_latency(FILE *page, const struct run *run, size_t setting, const struct tables_latency *latencies)
{
    bool begun = false;
    for (size_t work = 0; work < run->works.measured; work++) {
        bool first = true;
        for (size_t config = 0; config < run->configs.measured; config++) {
            const struct run_cell *cell = run_cell_at(run, work, config, setting);
            const struct tables_latency *latency = cell ? &latencies[cell - run->cells] : NULL;
            if (!run_cell_is_whole(cell) || run_cell_is_aside(cell) || latency->processes == 0)
                continue;
            fputs(begun ? "" : page_latency_head, page);
            begun = true;
            if (first)
                page_latency_load(page, run, cell, latency);
            page_latency_row(page, run, cell, latency);
            first = false;
        }
    }
    fputs(begun ? page_latency_foot : "", page);
}
