/* SPDX-License-Identifier: MIT */
/*
 * A watcher: runs a program under the one collector it is linked with, watches what is freed when, and prints
 * what floated. Its times mean nothing; it is told those of an unwatched run.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collectors/collector-api.h"
#include "harness/lifetimes/watch-report.h"

enum { MEMORY_LIMIT_GIB = 8, EXIT_USAGE = 2, EXIT_FAILED = 1 };

__attribute__((noreturn)) static void usage(const char *what, const char *text)
{
    fprintf(stderr, "watch-%s: %s%s\nusage: watch-%s [--options TEXT] [--timeline FILE.csv] FILE.gcp\n",
            gc_collector.name, what, text, gc_collector.name);
    exit(EXIT_USAGE);
}

__attribute__((noreturn)) static void failed(const char *line)
{
    fprintf(stderr, "watch-%s: %s\n", gc_collector.name, line);
    exit(EXIT_FAILED);
}

/* A timeline as a pair writes it (results/README.md); to be freed. */
static struct lifetimes_tick *timeline_read(const char *path, size_t *ret_count)
{
    char line[256];
    unsigned long long time_ns, clock;
    size_t capacity = 0;
    struct lifetimes_tick *ticks = NULL;
    FILE *stream = fopen(path, "r");
    if (!stream)
        usage(path, strerror(errno));
    *ret_count = 0;
    while (fgets(line, sizeof line, stream)) {
        if (sscanf(line, "%llu,%llu,", &time_ns, &clock) != 2)
            continue; /* the header */
        if (*ret_count == capacity) {
            capacity = capacity ? capacity * 2 : 1024;
            ticks = realloc(ticks, capacity * sizeof *ticks);
            if (!ticks)
                failed("out of memory for the timeline");
        }
        ticks[(*ret_count)++] = (struct lifetimes_tick){clock, time_ns};
    }
    fclose(stream);
    return ticks;
}

static void report_print(const struct watch_result *result, const uint64_t *clock, const char *timeline)
{
    size_t tick_count = 0;
    struct lifetimes_tick *ticks = timeline ? timeline_read(timeline, &tick_count) : NULL;
    json_t *report = report_make(result, clock, ticks, tick_count);
    if (!report)
        failed("out of memory for the figures");
    json_dumpf(report, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    putchar('\n');
    json_decref(report);
    free(ticks);
}

static void program_watch(const char *path, const char *options, const char *timeline)
{
    struct program program, plain;
    struct deaths deaths;
    struct watch_result result;
    char error[PROGRAM_ERROR_BYTES];
    if (program_read_file(path, (uint64_t)MEMORY_LIMIT_GIB << 30, &program, error) < 0)
        usage(error, "");
    if (deaths_plain(&program, &plain) < 0 || deaths_find(&plain, &deaths) < 0)
        failed("out of memory for the deaths");
    uint64_t *clock = deaths_clock(&plain);
    if (!clock || watch_run(&plain, &deaths, clock, options, failed, &result) < 0)
        failed("out of memory before the start");
    report_print(&result, clock, timeline);
    free(result.objects);
    free(clock);
    deaths_free(&deaths);
    program_free(&plain);
    program_free(&program);
}

/* Asked by the address sanitizer, where the process was built with it: some collectors leak by design. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"options", required_argument, NULL, 'o'},
                                            {"timeline", required_argument, NULL, 't'},
                                            {NULL, 0, NULL, 0}};
    const char *collector_options = "", *timeline = NULL;
    int found;
    opterr = 0;
    while ((found = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (found == 'o')
            collector_options = optarg;
        else if (found == 't')
            timeline = optarg;
        else
            usage("unknown option, or one without its argument: ", argv[optind - 1]);
    }
    if (optind + 1 != argc)
        usage("one program is needed", "");
    program_watch(argv[optind], collector_options, timeline);
    return 0;
}
