/* SPDX-License-Identifier: MIT */
/* gcmatrix plot: makes the tables, the charts and the page of a run, or draws a figure on the terminal. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/nearest.h"
#include "base/patience.h"
#include "harness/campaign/process/shares.h"
#include "harness/cli/cli.h"
#include "harness/cli/page-watch.h"
#include "harness/cli/run-names.h"
#include "harness/report/datapackage.h"
#include "harness/report/gnuplot.h"
#include "harness/report/page.h"
#include "harness/report/plot-terminal.h"
#include "harness/report/plot.h"
#include "harness/report/tables.h"

static int plot_refuse_figure(const char *given)
{
    const char *names[32];
    char all[512] = "";
    for (size_t i = 0; i < plot_figure_count; i++) {
        names[i] = plot_figures[i].name;
        strcat(strcat(all, i ? ", " : ""), names[i]);
    }
    const char *near = nearest_name(given, names, plot_figure_count);
    return near ? message_bad_input("plot: no figure '%s'; did you mean '%s'?", given, near)
                : message_bad_input("plot: no figure '%s'; there are %s; --output says where they go", given,
                                    all);
}

/* What the command line asks for. */
struct plot_request {
    const char *baseline, *only, *paper, *output; /* NULL where the option is not there */
    const struct plot_medium *medium;
    struct run_names names; /* of the cells that are drawn */
    bool only_tables, terminal, watch, png;
};

/* What came of a figure. */
struct plot_found {
    size_t charts;
    bool failed; /* gnuplot left it out */
};

/* What is drawn, and what came of each figure, by its place in plot_figures. */
struct plot_drawing {
    struct plot_way way;
    const struct plot_figure *only;
    const struct run *run;
    const struct tables *tables;
    struct plot_found *found; /* of shares_memory() */
};

/* Of so many charts it is said how fewer are had. */
enum { PLOT_MANY = 20 };

/* Whether the figure is of the whole run, so that no cells of it can be chosen. */
static bool plot_is_of_run(const struct plot_figure *figure)
{
    return !figure->lines[0] && !figure->whole[0];
}

/* Says why nothing is drawn of a figure that was asked for. */
static void plot_say_nothing(const struct run *run, const struct plot_figure *figure,
                             const struct plot_choice *choice)
{
    if (choice->given && plot_is_of_run(figure))
        message_note("plot: nothing to draw for '%s' of chosen cells: it is of the whole run", figure->name);
    else if (choice->given)
        message_note("plot: nothing to draw for '%s' of what is chosen; of the whole run there may be",
                     figure->name);
    else if (figure->absent && run->works.measured > 0)
        message_note("plot: nothing to draw for '%s': %s", figure->name, figure->absent);
    else
        message_note("plot: nothing to draw for '%s': this run kept no rows for tables/%s.csv", figure->name,
                     figure->table);
}

/* Draws a figure, or says that the run has no data of it when it was asked for. */
static int plot_draw_one(const struct plot_drawing *drawing, size_t place)
{
    const struct plot_figure *figure = &plot_figures[place];
    const struct run *run = drawing->run;
    const struct plot_choice *choice = drawing->way.choice;
    size_t charts = 0;
    bool has_data =
        plot_has_data(figure, run, drawing->tables, choice) && !(choice->given && plot_is_of_run(figure));
    int status = has_data ? plot_draw(figure, run, drawing->tables, &drawing->way, &charts) : 0;
    if (status == MESSAGE_FAILED_CELLS) {
        drawing->found[place].failed = true;
        return 0;
    }
    if (status == 0 && charts == 0 && drawing->only)
        plot_say_nothing(run, figure, choice);
    else if (status == 0 && charts > PLOT_MANY)
        message_note("plot: %s is %zu charts; --workload and --collector choose what is drawn", figure->name,
                     charts);
    drawing->found[place].charts = status == 0 ? charts : 0;
    return status;
}

static int plot_draw_share(void *context, size_t place)
{
    patience_now("drawing %s",
                 plot_figures[place].name); /* in a fork nothing is said: the process that waits does */
    return plot_draw_one(context, place);
}

/* Draws all figures, or the only one. gnuplot draws one chart at a time on one processor, so each has a figure of its own. */
static int plot_draw_all(struct plot_drawing *drawing)
{
    patience_now("drawing %s", drawing->only ? drawing->only->name : "the charts");
    if (drawing->only)
        return plot_draw_one(drawing, (size_t)(drawing->only - plot_figures));
    return shares_do(plot_figure_count, plot_draw_share, drawing);
}

static int plot_write_tables(const struct run *run, struct tables *tables)
{
    int status = table_set_write(&tables->set, run->store->dir);
    for (size_t i = 0; status == 0 && i < tables->set.count; i++)
        if (!table_stays(&tables->set.tables[i]))
            message_say("%s/tables/%s.csv", run->store->dir, tables->set.tables[i].name);
    status = status ? status : datapackage_write(run, &tables->set);
    if (status == 0)
        message_say("%s/datapackage.json", run->store->dir);
    return status;
}

static int plot_write_page(const struct plot_drawing *drawing)
{
    const struct run *run = drawing->run;
    size_t *charts = memory_new(plot_figure_count, sizeof(*charts));
    for (size_t i = 0; i < plot_figure_count; i++)
        charts[i] = drawing->found[i].charts;
    patience_now("writing %s/report.html", run->store->dir);
    int status = page_write(run, drawing->tables, charts, 0);
    free(charts);
    if (status == 0)
        message_say("%s/report.html", run->store->dir);
    return status;
}

/* Draws, and writes the page. The page names charts for a screen alone. */
static int plot_draw_and_tell(struct plot_drawing *drawing)
{
    bool is_of_page =
        drawing->way.medium == &plot_screen && !drawing->way.output && !drawing->way.choice->given;
    bool failed = false;
    int status = plot_draw_all(drawing);
    if (status == 0 && is_of_page)
        status = plot_write_page(drawing);
    for (size_t i = 0; i < plot_figure_count; i++)
        failed |= drawing->found[i].failed;
    return status ? status : failed ? MESSAGE_FAILED_CELLS : 0;
}

/* Writes the tables, and draws them if there is a gnuplot to do so. */
static int plot_write(const struct run *run, struct tables *tables, struct plot_drawing *drawing)
{
    size_t size = plot_figure_count * sizeof(*drawing->found);
    int status = plot_write_tables(run, tables);
    if (status != 0 || !drawing->way.gnuplot)
        return status;
    drawing->found = shares_memory(size);
    status = plot_draw_and_tell(drawing);
    shares_memory_free(drawing->found, size);
    return status;
}

static int plot_make(const struct run *run, const struct plot_request *request,
                     const struct plot_choice *choice)
{
    struct tables tables;
    char *gnuplot = NULL;
    int status = request->output ? plot_output_check(run, request->output)
                 : choice->given ? plot_chosen_clear(run)
                                 : 0;
    if (status != 0)
        return status;
    patience_now("making the tables of %s", run->store->dir);
    status = tables_make(run, request->baseline, &tables);
    if (status == 0 && !request->only_tables && !(gnuplot = gnuplot_find()))
        status = MESSAGE_BAD_INPUT;
    struct plot_drawing drawing = {.way = {gnuplot, request->medium, choice, request->output, request->png},
                                   .only = request->only ? plot_find(request->only) : NULL,
                                   .run = run,
                                   .tables = &tables};
    if (status == 0)
        status = plot_write(run, &tables, &drawing);
    free(gnuplot);
    tables_fini(&tables);
    return status;
}

/* Draws a figure on standard output instead. Nothing is written. */
static int plot_show(const struct run *run, const char *name, const struct plot_choice *choice)
{
    const struct plot_terminal_figure *figure = name ? plot_terminal_find(name) : &plot_terminal_figures[0];
    if (run->settings.measured == 0)
        return message_bad_input("plot: %s has no cells to show", run->store->dir);
    plot_terminal_print(run, figure, choice, stdout);
    return 0;
}

/* ---- the command ---- */

/* Finds what charts are drawn for. Returns 0, or MESSAGE_BAD_INPUT after one line. */
static int plot_find_medium(struct plot_request *request)
{
    long long columns;
    request->medium = &plot_screen;
    if (!request->paper)
        return 0;
    int status = cli_integer_read("--paper", request->paper, 1, PLOT_COLUMNS, &columns);
    if (status == 0)
        request->medium = &plot_papers[columns - 1];
    return status;
}

/* Refuses a figure that is not there, or not on a terminal. */
static int plot_check_figure(const struct plot_request *request)
{
    if (!request->only)
        return 0;
    if (!plot_find(request->only))
        return plot_refuse_figure(request->only);
    if (request->terminal && !plot_terminal_find(request->only))
        return message_bad_input("plot: --terminal draws time, memory, leaked or pauses, not '%s'",
                                 request->only);
    return 0;
}

static int plot_option_take(int found, struct plot_request *request)
{
    const struct {
        char letter;
        const char **text;
    } texts[] = {
        {'o', &request->only}, {'b', &request->baseline}, {'p', &request->paper}, {'O', &request->output}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (found == texts[i].letter)
            *texts[i].text = optarg;
    request->only_tables |= found == 't';
    request->png |= found == 'P';
    request->terminal |= found == 'T';
    request->watch |= found == 'w';
    return found == 'W' || found == 'c' ? run_names_take("plot", found, optarg, &request->names) : 0;
}

static int plot_options_read(int argc, char **argv, struct plot_request *ret_request)
{
    static const struct option options[] = {{"only", required_argument, NULL, 'o'},
                                            {"baseline", required_argument, NULL, 'b'},
                                            {"paper", required_argument, NULL, 'p'},
                                            {"output", required_argument, NULL, 'O'},
                                            {"png", no_argument, NULL, 'P'},
                                            {"tables", no_argument, NULL, 't'},
                                            {"terminal", no_argument, NULL, 'T'},
                                            {"watch", no_argument, NULL, 'w'},
                                            RUN_NAMES_OPTIONS,
                                            {0}};
    static const struct cli_exclusion exclusions[] = {
        {"opP", "t", "do not go together: one draws a figure, the other draws none"},
        {"Wc", "t", "do not go together: tables have all cells"},
        {"T", "tpP", "do not go together: what is drawn on the terminal writes no file"},
        {"O", "tT", "do not go together: charts alone go to that folder"},
        {"p", "P", "do not go together: a paper has PNG anyway"},
        {"T", "b", "do not go together: the terminal shows medians, and no ratios"},
        {"w", "oTtpPOWc", "do not go together: what is renewed is the page alone"}};
    int status = 0;
    optind = 0;
    for (int found; status == 0 &&
                    (found = cli_option_next_of(argc, argv, ":o:b:p:tc:", options, RUN_NAMES_LISTS)) != -1;)
        status = found == '?' ? MESSAGE_BAD_INPUT : plot_option_take(found, ret_request);
    status = status ? status : plot_check_figure(ret_request);
    status = status ? status : plot_find_medium(ret_request);
    return status ? status
                  : cli_exclusions_check("plot", options, exclusions, sizeof exclusions / sizeof *exclusions);
}

/* Draws what is asked for of a run that is open. */
static int plot_opened(const struct run *run, const struct plot_request *request)
{
    struct plot_choice choice;
    int status = run_names_choose("plot", run, &request->names, &choice);
    if (status != 0)
        return status;
    status = request->terminal ? plot_show(run, request->only, &choice) : plot_make(run, request, &choice);
    plot_choice_free(&choice);
    return status;
}

static int plot_run(int argc, char **argv)
{
    struct plot_request request = {0};
    struct run run;
    if (plot_options_read(argc, argv, &request) != 0 ||
        cli_operands_check(argc, argv, 1, 1,
                           "give one results folder, as in 'gcmatrix plot results/default'") != 0)
        return MESSAGE_BAD_INPUT;
    if (request.watch)
        return page_watch(argv[optind], request.baseline);
    patience_begin("plot");
    patience_now("reading %s", argv[optind]);
    int status = run_open(&run, argv[optind]);
    if (status == 0) {
        status = plot_opened(&run, &request);
        run_close(&run);
    }
    patience_end();
    return status;
}

const struct cli_command cli_plot = {
    .name = "plot",
    .other = "report",
    .summary = "draw the tables, the charts and the report of a run",
    .usage =
        "usage: gcmatrix plot RUN [--baseline COLLECTOR] [--only FIGURE] [--paper COLUMNS | --png]\n"
        "                     [--workload NAME]... [--collector NAME]... [--output FOLDER]\n"
        "       gcmatrix plot RUN --tables [--baseline COLLECTOR]\n"
        "       gcmatrix plot RUN --terminal [--only FIGURE] [--workload NAME]... [--collector NAME]...\n"
        "       gcmatrix plot RUN --watch [--baseline COLLECTOR]\n"
        "\n"
        "Writes RUN/tables/*.csv, RUN/datapackage.json, RUN/charts/*.svg and RUN/report.html, and prints\n"
        "their paths. datapackage.json describes the columns of each table for other programs.\n"
        "A figure of many workloads is several charts, such as time-1 and time-2. The heat map, which\n"
        "compare --pictures links, is RUN/charts/heatmap.png, too.\n"
        "A figure that gnuplot cannot draw is left out with a line, and the exit status is 1 then.\n"
        "\n"
        "  -b, --baseline COLLECTOR  also compare each collector with this one of the run, such as rc\n"
        "  -o, --only FIGURE         draw one of: heatmap, heatmap-baseline, time, parts, cold-warm, "
        "memory,\n"
        "                            overhead, overhead-cpu, overhead-instructions, leaked, pauses,\n"
        "                            utilisation, latency, time-space, growth, growth-memory, heap,\n"
        "                            allocators, machine\n"
        "  -p, --paper COLUMNS       draw RUN/paper/*.pdf, *.svg and *.png instead, for a paper: 85 mm wide\n"
        "                            for 1 column of text, 178 mm for 2; the PDFs have their fonts embedded\n"
        "      --workload NAME       draw this workload of the run alone, with its options or without; may "
        "come\n"
        "                            again. Charts go to RUN/chosen/ then, in place of an earlier choice's, "
        "and\n"
        "                            the page stays as it is; the tables are written as ever\n"
        "  -c, --collector NAME      the same of collectors; both together choose cells. Ratios to the "
        "best,\n"
        "                            claims, colours and marks are those of the whole run\n"
        "      --output FOLDER       put the charts there, and write no page; the folder is made if need be\n"
        "      --png                 draw every chart as RUN/charts/*.png, too: takes several times as long\n"
        "  -t, --tables              write the tables and datapackage.json alone, without gnuplot\n"
        "      --terminal            write nothing, and draw bars on the terminal: of FIGURE, which is time\n"
        "                            (default), memory, leaked or pauses\n"
        "      --watch               renew report.html of a run in progress until it has ended: at most "
        "every\n"
        "                            ten seconds, and so seldom that it takes about a twentieth of the\n"
        "                            processor that the run keeps for itself; a browser loads it again\n",
    .run = plot_run,
};
