/* SPDX-License-Identifier: MIT */
#include "harness/report/plot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "base/writing.h"
#include "harness/report/captions.h"
#include "harness/report/tables-cell.h"
#include "harness/report/tables-memory.h"
#include "harness/results/reference.h"

extern char **environ;

/* The descriptor at which gnuplot finds the file that it draws into, and its name for that. */
enum { PLOT_OUT_FILE = 3 };
#define PLOT_OUT "/proc/self/fd/3"

const struct plot_figure plot_figures[] = {
    {
        .name = "heatmap",
        .heading = "Time at a glance",
        .title = "Wall time relative to the best collector, all cells",
        .label = "Heat map of relative wall time: workloads down, collectors across; hatched where it is "
                 "undecided",
        .table = "normalised",
    },
    {
        .name = "heatmap-baseline",
        .heading = "Time beside the baseline",
        .title = "Wall time relative to the baseline, all cells",
        .label =
            "Heat map of wall time over that of the baseline: workloads down, collectors across; hatched "
            "where it is undecided",
        .table = "baseline",
    },
    {
        .name = "time",
        .heading = "Time",
        .title = "Wall time relative to the best collector of each workload",
        .label = "Dot plot of wall time per workload and collector, relative to the best collector, with "
                 "95% intervals",
        .table = "normalised",
    },
    {
        .name = "parts",
        .heading = "Where the time goes",
        .title = "Parts of the wall time",
        .label =
            "Small multiples, one per workload: stacked bars of mutator, kernel, collecting, cascades and "
            "waiting, one bar per collector",
        .table = "parts",
        .settings = PLOT_MEMORY,
    },
    {
        .name = "cold-warm",
        .heading = "Fresh pages",
        .title = "Wall time with cold memory over the same with warm memory",
        .label = "Dot plot of the ratio of cold to warm wall time per workload and collector, with intervals",
        .table = "cold_warm",
        .settings = PLOT_MEMORY,
    },
    {
        .name = "overhead",
        .heading = "Overhead in wall time",
        .title = "Lower bound of overhead, wall time",
        .label = "Dot plot of wall time per workload and collector, over the least distilled time, with "
                 "95% intervals",
        .table = "normalised",
        .ratios = TABLES_OVERHEAD,
    },
    {
        .name = "overhead-cpu",
        .heading = "Overhead in CPU time",
        .title = "Lower bound of overhead, CPU time",
        .label = "Dot plot of CPU time per workload and collector, over the least distilled time, with 95% "
                 "intervals",
        .table = "normalised",
        .ratios = TABLES_OVERHEAD_CPU,
    },
    {
        .name = "overhead-instructions",
        .heading = "Overhead in instructions",
        .title = "Lower bound of overhead, instructions",
        .label = "Dot plot of instructions per workload and collector, over the least count",
        .table = "normalised",
        .ratios = TABLES_OVERHEAD_INSTRUCTIONS,
    },
    {
        .name = "memory",
        .heading = "Memory",
        .title = "Peak memory of each workload",
        .label = "Dot plot of peak memory per workload and collector, with 95% intervals",
        .table = "cells",
        .metric = RUN_PEAK,
    },
    {
        .name = "leaked",
        .heading = "Leaks",
        .title = "Bytes left unreachable at the end of each workload",
        .label = "Dot plot of bytes unreachable and still held at the end, per workload and collector",
        .table = "cells",
    },
    {
        .name = "pauses",
        .heading = "Pauses",
        .title = "Pause time by percentile",
        .label = "Small multiples, one per workload: pause time over percentile, one line per collector",
        .table = "pause_curve",
    },
    {
        .name = "utilisation",
        .heading = "Utilisation",
        .title = "Minimum mutator utilisation by length of window",
        .label = "Small multiples, one per workload: the smallest share of any window that the program "
                 "had, one line per collector",
        .table = "utilisation",
    },
    {
        .name = "latency",
        .heading = "Latency",
        .title = "Latency of requests by percentile",
        .label = "Small multiples, one per workload that serves requests: latency over percentile, one "
                 "line per collector",
        .table = "latency_curve",
    },
    {
        .name = "time-space",
        .heading = "Time and space",
        .title = "Wall time over memory, relative to the best time and the least heap",
        .label = "Small multiples, one per workload: wall time relative to the best over memory relative "
                 "to the minimum heap, one line per collector",
        .table = "time_space",
    },
    {
        .name = "heap",
        .heading = "Heap",
        .title = "Heap over time, on the allocation clock",
        .label = "Small multiples, one per workload: bytes held over the allocation clock, one line per "
                 "collector, marks at collections",
        .table = "heap",
    },
    {
        .name = "allocators",
        .heading = "Allocators",
        .title = "Wall time under each allocator, relative to the first",
        .label = "Dot plot of wall time per workload under each allocator, one panel per collector",
        .table = "settings",
        .settings = PLOT_ALL,
    },
    {
        .name = "machine",
        .heading = "The machine during the run",
        .title = "The reference program and what processes lost, block by block",
        .label =
            "Two panels over the blocks of the run: time of the reference program over its median, and the "
            "share of time that processes lost to others",
        .table = "machine_runs",
        .settings = PLOT_ALL,
    },
};
const size_t plot_figure_count = sizeof(plot_figures) / sizeof(plot_figures[0]);

const struct plot_figure *plot_find(const char *name)
{
    for (size_t i = 0; i < plot_figure_count; i++)
        if (strcmp(plot_figures[i].name, name) == 0)
            return &plot_figures[i];
    return NULL;
}

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

bool plot_has_data(const struct plot_figure *figure, const struct run *run, const struct tables *tables)
{
    return run->works.measured > 0 && plot_has_rows(figure, run, tables) &&
           (!figure->ratios || tables_has_ratio(tables_normalised(tables, figure->ratios, tables->front)));
}

int plot_check_gnuplot(void)
{
    const char *path = getenv("PATH");
    char *folders = text_format("%s", path ? path : ""), *rest = NULL, candidate[PATH_MAX];
    bool found = false;
    for (char *folder = strtok_r(folders, ":", &rest); folder && !found;
         folder = strtok_r(NULL, ":", &rest)) {
        snprintf(candidate, sizeof(candidate), "%s/gnuplot", folder);
        found = access(candidate, X_OK) == 0;
    }
    free(folders);
    return found ? 0
                 : message_bad_input(
                       "charts need gnuplot, which is not installed: apt-get install gnuplot-nox");
}

/* A name in a chart has at most so many bytes: a longer one loses its middle. */
enum { PLOT_NAME_LENGTH = 30 };

static void plot_shorten(const char *name, char ret_short[PLOT_NAME_LENGTH + 4])
{
    size_t length = strlen(name), half = (PLOT_NAME_LENGTH - 2) / 2;
    if (length <= PLOT_NAME_LENGTH)
        snprintf(ret_short, PLOT_NAME_LENGTH + 4, "%s", name);
    else
        snprintf(ret_short, PLOT_NAME_LENGTH + 4, "%.*s…%s", (int)half, name, name + length - half);
}

/* Writes a string of gnuplot in single quotes, where only the quote itself is special. */
static void plot_write_string(FILE *stream, const char *text)
{
    putc('\'', stream);
    for (; *text; text++) {
        if (*text == '\'')
            putc('\'', stream);
        putc((unsigned char)*text < ' ' ? ' ' : *text, stream);
    }
    putc('\'', stream);
}

static void plot_define(FILE *stream, const char *name, const char *text)
{
    fprintf(stream, "%s = ", name);
    plot_write_string(stream, text);
    fputs("; ", stream);
}

/* Defines an array of gnuplot, whose places count from 1. */
static void plot_define_list(FILE *stream, const char *name, char *const *texts, size_t count)
{
    fprintf(stream, "array %s[%zu]; ", name, count ? count : 1);
    for (size_t i = 0; i < count; i++) {
        char brief[PLOT_NAME_LENGTH + 4];
        plot_shorten(texts[i], brief);
        fprintf(stream, "%s[%zu] = ", name, i + 1);
        plot_write_string(stream, brief);
        fputs("; ", stream);
    }
}

static size_t plot_longest(char *const *texts, size_t count)
{
    size_t longest = 0;
    for (size_t i = 0; i < count; i++)
        longest = strlen(texts[i]) > longest ? strlen(texts[i]) : longest;
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
    fprintf(stream, "precision = '%g%%'; minimum = '%g%%'; differs = %g; ", 100 * design->precision,
            100 * design->minimum, REFERENCE_DIFFERS);
}

/*
 * Defines what each collector did on each work (roles: 0 reclaims, 1 leaks, 2 floor), which configs free
 * nothing anywhere, and on how many works a config leaks.
 */
static void plot_define_roles(FILE *stream, const struct run *run, size_t setting)
{
    size_t works = run->works.measured, configs = run->configs.measured;
    fprintf(stream, "array roles[%zu]; array floors[%zu]; array leaking[%zu]; ", works * configs + 1,
            configs + 1, configs + 1);
    for (size_t config = 0; config < configs; config++) {
        size_t leaking = 0;
        bool floor = false;
        for (size_t i = 0; i < run->cell_count; i++)
            floor |= run->cells[i].config == config && run->cells[i].role == RUN_FLOOR;
        for (size_t work = 0; work < works; work++) {
            const struct run_cell *cell = run_cell_at(run, work, config, setting);
            leaking += cell && cell->role == RUN_LEAKS;
            fprintf(stream, "roles[%zu] = %d; ", work * configs + config + 1, cell ? (int)cell->role : 0);
        }
        fprintf(stream, "floors[%zu] = %d; leaking[%zu] = %zu; ", config + 1, floor, config + 1, leaking);
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
    fprintf(stream, "collector_count = %zu; ", count);
    free(names);
}

/* Returns the definitions of all variables of a script, which plots/style.gp lists. */
static char *plot_variables(const struct plot_figure *figure, const struct run *run,
                            const struct tables *tables, const char *format)
{
    char *text = NULL, path[PATH_MAX];
    size_t size = 0, front = tables_front_of(run, tables, figure->metric);
    FILE *stream = memory_stream(&text, &size);
    /* gnuplot takes no '-' in the name that it writes into an SVG. */
    snprintf(path, sizeof(path), "%s", figure->name);
    for (char *dash = path; (dash = strchr(dash, '-'));)
        *dash = '_';
    plot_define(stream, "name", path);
    plot_define(stream, "title", figure->title);
    plot_define(stream, "format", format);
    plot_define(stream, "scripts", PLOT_SCRIPTS);
    plot_define(stream, "out", PLOT_OUT);
    snprintf(path, sizeof(path), "%s/tables/", run->store->dir);
    plot_define(stream, "tables", path);
    plot_define(stream, "setting", run->settings.names[front]);
    plot_define_memory(stream, run, tables->front);
    plot_define_list(stream, "works", run->works.names, run->works.measured);
    plot_define_list(stream, "groups", run->works.groups, run->works.measured);
    plot_define_list(stream, "configs", run->configs.names, run->configs.measured);
    plot_define_list(stream, "settings", run->settings.names, run->settings.count);
    plot_define_roles(stream, run, front);
    plot_define_collectors(stream, run);
    plot_define_captions(stream, run, tables, figure->metric);
    fprintf(stream, "baseline = %d; ", tables->baseline < run->configs.measured ? (int)tables->baseline : -1);
    fprintf(stream,
            "work_count = %zu; config_count = %zu; setting_count = %zu; shared = %zu; work_chars = %zu; ",
            run->works.measured, run->configs.measured, run->settings.count,
            tables_normalised(tables, TABLES_WALL, tables->front)->shared,
            plot_longest(run->works.names, run->works.measured));
    memory_stream_close(stream);
    return text;
}

/*
 * Runs gnuplot and waits for it. Its words go to the open file `log`, and its drawing to the open file
 * `chart`, which it knows as PLOT_OUT. Returns its exit status, or -1.
 */
static int plot_run_gnuplot(char *variables, char *script, int log, int chart)
{
    char *arguments[] = {"gnuplot", "-e", variables, script, NULL};
    posix_spawn_file_actions_t actions;
    pid_t child;
    int status;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, log, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, log, STDERR_FILENO);
    posix_spawn_file_actions_adddup2(&actions, chart, PLOT_OUT_FILE);
    int failed = posix_spawnp(&child, "gnuplot", &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed || waitpid(child, &status, 0) < 0)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Reads the last line that gnuplot wrote: the error stands after the lines that show its place. */
static void plot_last_line(FILE *log, char *ret_line, size_t size)
{
    char line[512];
    ret_line[0] = '\0';
    rewind(log);
    while (fgets(line, sizeof(line), log)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0])
            snprintf(ret_line, size, "%s", line);
    }
}

/*
 * Whether the file ends as a drawing of its format does. gnuplot ends with 0 on a disk that is full, and a
 * gnuplot that draws nothing ends with 0 as well.
 */
static bool plot_is_whole(int file, const char *format)
{
    const char *end = strcmp(format, "svg") == 0 ? "</svg>" : "IEND";
    char tail[16];
    struct stat about;
    ssize_t got = fstat(file, &about) != 0 || about.st_size < (off_t)sizeof(tail)
                      ? 0
                      : pread(file, tail, sizeof(tail), about.st_size - (off_t)sizeof(tail));
    return got > 0 && memmem(tail, (size_t)got, end, strlen(end));
}

/* Draws a figure into a file that has been begun. Returns 0, or a status after one line. */
static int plot_draw_into(const struct plot_figure *figure, char *variables, const char *format,
                          struct writing *chart)
{
    char script[PATH_MAX], complaint[512];
    FILE *log = tmpfile();
    if (!log)
        return message_storage("%s: %s", figure->name, strerror(errno));
    snprintf(script, sizeof(script), "%s/%s.gp", PLOT_SCRIPTS, figure->name);
    int status = 0, file = fileno(writing_stream(chart));
    if (plot_run_gnuplot(variables, script, fileno(log), file) != 0) {
        plot_last_line(log, complaint, sizeof(complaint));
        status = message_bad_input("%s: gnuplot failed: %s", script, complaint);
    } else if (!plot_is_whole(file, format)) {
        status =
            message_storage("%s: gnuplot drew no whole chart; make room on the disk, or install a gnuplot "
                            "that draws",
                            chart->path);
    }
    fclose(log);
    return status;
}

static int plot_draw_as(const struct plot_figure *figure, const struct run *run, const struct tables *tables,
                        const struct writing_folder *charts, const char *format)
{
    struct writing chart;
    char *name = text_format("%s.%s", figure->name, format);
    int status = writing_begin(charts, name, &chart);
    free(name);
    if (status != 0)
        return status;
    char *variables = plot_variables(figure, run, tables, format);
    status = plot_draw_into(figure, variables, format, &chart);
    free(variables);
    if (status == 0)
        return writing_keep(&chart);
    writing_drop(&chart);
    return status;
}

int plot_draw(const struct plot_figure *figure, const struct run *run, const struct tables *tables)
{
    struct writing_folder folder, charts = {.at = -1};
    int status = writing_folder_open(run->store->dir, &folder);
    if (status == 0)
        status = writing_folder_make(&folder, "charts", &charts);
    if (status == 0)
        status = plot_draw_as(figure, run, tables, &charts, "svg");
    if (status == 0)
        status = plot_draw_as(figure, run, tables, &charts, "png");
    writing_folder_close(&charts);
    writing_folder_close(&folder);
    return status;
}
