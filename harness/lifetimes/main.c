/* SPDX-License-Identifier: MIT */
/*
 * A watcher runs a program under the one collector with which it is linked, and watches which object is freed
 * when. It prints the garbage that floated. Its own times mean nothing, so it reads those of an unwatched
 * run.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "collectors/collector-api.h"
#include "harness/lifetimes/watch-report.h"
#include "harness/results/timelines.h"

enum { MEMORY_LIMIT_GIB = 8 };

/* Exit statuses of a watcher; without memory it is MESSAGE_STORAGE. */
enum { EXIT_FAILED = 1, EXIT_USAGE = MESSAGE_BAD_INPUT };

__attribute__((noreturn)) static void usage(const char *what, const char *text)
{
    fprintf(stderr,
            "watch-%s: %s%s\nusage: watch-%s [--options TEXT] [--timeline FILE.csv] FILE.gcp\n"
            "       or --image FILE in place of FILE.gcp: what gcmatrix has read\n",
            gc_collector.name, what, text, gc_collector.name);
    exit(EXIT_USAGE);
}

__attribute__((noreturn)) static void end(int status, const char *line)
{
    fprintf(stderr, "watch-%s: %s\n", gc_collector.name, line);
    exit(status);
}

/* Reports notes of the watch that do not agree. */
__attribute__((noreturn)) static void failed(const char *line)
{
    end(EXIT_FAILED, line);
}

/* The points of a timeline that an unwatched process wrote; the caller frees them. */
static struct lifetimes_tick *ticks_read(const char *path, size_t *ret_count)
{
    struct timeline timeline = {0};
    int status = timelines_read_file(path, &timeline);
    if (status == 0)
        usage(path, ": no such file");
    if (status != 1)
        exit(EXIT_USAGE);
    struct lifetimes_tick *ticks = memory_new(timeline.count + 1, sizeof *ticks);
    for (size_t i = 0; i < timeline.count; i++)
        ticks[i] = (struct lifetimes_tick){
            .clock = (uint64_t)timeline.rows[i].allocated_bytes,
            .time_ns = (uint64_t)timeline.rows[i].time_ns,
        };
    *ret_count = timeline.count;
    free(timeline.rows);
    return ticks;
}

static void report_print(const struct watch_result *result, const uint64_t *clock, const char *timeline)
{
    size_t tick_count = 0;
    struct lifetimes_tick *ticks = timeline ? ticks_read(timeline, &tick_count) : NULL;
    json_t *report = report_make(result, clock, ticks, tick_count);
    if (!report)
        end(MESSAGE_STORAGE, "out of memory for the figures");
    json_dumpf(report, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    putchar('\n');
    json_decref(report);
    free(ticks);
}

/* Reads a program and makes its image, in memory. Returns the image's descriptor. */
static int image_of(const char *path)
{
    struct program program;
    struct image_census census;
    char error[PROGRAM_ERROR_BYTES];
    if (program_read_file(path, (uint64_t)MEMORY_LIMIT_GIB << 30, &program, error) < 0)
        usage(error, "");
    int descriptor = memfd_create("image", MFD_CLOEXEC);
    FILE *stream = descriptor < 0 ? NULL : fdopen(dup(descriptor), "wb");
    if (!stream || image_make(&program, true, stream, &census) < 0 || ferror(stream) || fclose(stream) != 0)
        end(MESSAGE_STORAGE, "out of memory for the deaths");
    return descriptor;
}

static void program_watch(int descriptor, const char *options, const char *timeline)
{
    struct image image;
    struct watch_result result;
    const char *wrong = descriptor < 0 ? strerror(errno) : image_map(descriptor, &image);
    if (wrong)
        usage("the image: ", wrong);
    if (watch_run(&image, options, failed, &result) < 0)
        end(MESSAGE_STORAGE, "out of memory before the start");
    report_print(&result, image.clock, timeline);
    free(result.objects);
}

/* The address sanitizer asks this function, where the process was built with it. Some collectors leak by
 * design. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

/* Ends the process without memory. The JSON library would leave a value out and report nothing. */
static void *json_memory_new(size_t bytes)
{
    return memory_need(malloc(bytes));
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"options", required_argument, NULL, 'o'},
                                            {"timeline", required_argument, NULL, 't'},
                                            {"image", required_argument, NULL, 'i'},
                                            {NULL, 0, NULL, 0}};
    const char *collector_options = "", *timeline = NULL, *image = NULL;
    int found;
    json_set_alloc_funcs(json_memory_new, free);
    opterr = 0;
    while ((found = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (found == 'o')
            collector_options = optarg;
        else if (found == 't')
            timeline = optarg;
        else if (found == 'i')
            image = optarg;
        else
            usage("unknown option, or one without its argument: ", argv[optind - 1]);
    }
    if (optind + !image != argc)
        usage("one program is needed", "");
    program_watch(image ? open(image, O_RDONLY | O_CLOEXEC) : image_of(argv[optind]), collector_options,
                  timeline);
    return 0;
}
