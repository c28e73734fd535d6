/* SPDX-License-Identifier: MIT */
#include "harness/campaign/process/progress.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/terminal.h"

enum { PLAIN_INTERVAL_SECONDS = 5, LINES_INTERVAL_NS = 200000000 };

int64_t progress_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

void progress_span(int64_t ns, char ret_text[static 32])
{
    int64_t seconds = (ns + 500000000) / 1000000000;
    if (seconds < 60)
        snprintf(ret_text, 32, "%" PRId64 " s", seconds);
    else if (seconds < 3600)
        snprintf(ret_text, 32, "%" PRId64 " min %" PRId64 " s", seconds / 60, seconds % 60);
    else
        snprintf(ret_text, 32, "%" PRId64 " h %" PRId64 " min", seconds / 3600, seconds / 60 % 60);
}

void progress_start(struct progress *progress, size_t total, size_t done_before)
{
    *progress = (struct progress){.terminal = terminal_is(stderr),
                                  .moves = terminal_moves(stderr),
                                  .total = total,
                                  .done = done_before,
                                  .done_before = done_before,
                                  .begin_ns = progress_clock()};
}

void progress_start_late(struct progress *progress, size_t total)
{
    progress_start(progress, total, 0);
    progress->shown_ns = progress->begin_ns;
}

/* Clears what moves, and leaves the cursor where it began. */
static void lines_clear(struct progress *progress)
{
    if (progress->lines == 0)
        return;
    if (progress->width > terminal_size(stderr).columns)
        putc('\n', stderr); /* the terminal has broken them: how many rows they take is not known */
    else if (progress->lines == 1)
        fprintf(stderr, "\r%*s\r", (int)progress->width, "");
    else
        fprintf(stderr, "\r\033[%zuA\033[J", progress->lines - 1);
    progress->lines = progress->width = 0;
}

int64_t progress_left(const struct progress *progress, int64_t now_ns)
{
    size_t measured = progress->done - progress->done_before, ran = measured + progress->repeated;
    double to_come = progress->total > progress->done ? (double)(progress->total - progress->done) : 0;
    if (ran == 0 || progress->total == 0) /* a run that adds blocks has no total */
        return -1;
    double pace = (double)(now_ns - progress->begin_ns) / (double)ran;
    double with_repetitions = measured ? (double)ran / (double)measured : 1;
    return (int64_t)(pace * (to_come * with_repetitions + (double)progress->again));
}

/* What is to run again and the time left, as ", 2 to run again, 3 min 20 s left"; "" before there is a pace. */
static void remaining_describe(const struct progress *progress, int64_t now, char *text, size_t size)
{
    char span[32], again[48] = "";
    int64_t left = progress_left(progress, now);
    *text = '\0';
    if (progress->again)
        snprintf(again, sizeof(again), ", %zu to run again", progress->again);
    if (left < 0)
        return;
    progress_span(left, span);
    snprintf(text, size, "%s, %s left", again, span);
}

void progress_show(struct progress *progress, const char *what)
{
    char line[512], left[96];
    int64_t now = progress_clock();
    if (!progress->terminal && progress->shown_ns &&
        now - progress->shown_ns < PLAIN_INTERVAL_SECONDS * INT64_C(1000000000))
        return;
    progress->shown_ns = now;
    remaining_describe(progress, now, left, sizeof(left));
    if (progress->total)
        snprintf(line, sizeof(line), "%zu of %zu processes%s: %s", progress->done, progress->total, left,
                 what);
    else
        snprintf(line, sizeof(line), "%s", what);
    escape_clean(line);
    if (!progress->terminal) {
        fprintf(stderr, "%s\n", line);
        return;
    }
    lines_clear(progress);
    terminal_clip(line, terminal_size(stderr).columns - 1);
    progress->lines = 1;
    progress->width = terminal_width(line);
    fputs(line, stderr);
    fflush(stderr);
}

void progress_show_lines(struct progress *progress, const struct text_list *lines)
{
    int64_t now = progress_clock();
    if (progress->lines && now - progress->shown_ns < LINES_INTERVAL_NS)
        return;
    progress->shown_ns = now;
    lines_clear(progress);
    char *all;
    size_t size;
    FILE *stream = memory_stream(&all, &size);
    for (size_t i = 0; i < lines->count; i++) {
        size_t width = terminal_width(lines->items[i]);
        progress->width = width > progress->width ? width : progress->width;
        fprintf(stream, "%s%s", i ? "\n" : "", lines->items[i]);
    }
    progress->lines = lines->count;
    memory_stream_close(stream);
    fputs(all, stderr); /* in one call */
    fflush(stderr);
    free(all);
}

void progress_step(struct progress *progress)
{
    progress->done++;
}

void progress_repeat(struct progress *progress)
{
    progress->repeated++;
}

void progress_say(struct progress *progress, const char *format, ...)
{
    char *line;
    va_list arguments;
    lines_clear(progress);
    va_start(arguments, format);
    if (vasprintf(&line, format, arguments) < 0)
        memory_exhausted();
    va_end(arguments);
    escape_clean(line);
    fputs(line, stderr);
    free(line);
    putc('\n', stderr);
}

void progress_stop(struct progress *progress)
{
    lines_clear(progress);
    fflush(stderr);
}
