/* SPDX-License-Identifier: MIT */
#include "harness/runner/processor-share.h"

#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    STAT_BYTES = 1 << 17,
    SCHEDSTAT_BYTES = 128
}; /* /proc/stat: a line for each of a thousand processors */

static char stat_text[STAT_BYTES];

/* Reads the head of a file that stays open in `*file`; -1 there: it is not open yet. False when it cannot. */
static bool head_read(int *file, const char *path, char *text, size_t size)
{
    if (*file < 0)
        *file = open(path, O_RDONLY | O_CLOEXEC);
    size_t length = 0;
    for (ssize_t got = 1; *file >= 0 && got > 0 && length<size - 1; length += got> 0 ? (size_t)got : 0)
        got = pread(*file, text + length, size - 1 - length, (off_t)length);
    text[length] = '\0';
    return length > 0;
}

static int64_t kept_processor(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0 || CPU_COUNT(&set) != 1)
        return PROCESSOR_SHARE_UNKNOWN;
    int64_t processor = 0;
    while (!CPU_ISSET((size_t)processor, &set))
        processor++;
    return processor;
}

/* The second number of /proc/self/schedstat. */
static int64_t queued_ns(void)
{
    static int file = -1;
    char text[SCHEDSTAT_BYTES];
    char *second;
    char *end;
    if (!head_read(&file, "/proc/self/schedstat", text, sizeof text))
        return PROCESSOR_SHARE_UNKNOWN;
    strtoull(text, &second, 10);
    int64_t queued = (int64_t)strtoull(second, &end, 10);
    return end > second ? queued : PROCESSOR_SHARE_UNKNOWN;
}

int64_t processor_share_stolen_ticks(const char *text, int64_t processor)
{
    enum { STOLEN = 8 };
    char label[32];
    snprintf(label, sizeof label, "\ncpu%lld ", (long long)processor);
    const char *line = strstr(text, label);
    char *end = line ? (char *)line + strlen(label) : NULL;
    int64_t ticks = PROCESSOR_SHARE_UNKNOWN;
    for (int i = 0; line && i < STOLEN; i++) {
        const char *start = end;
        ticks = (int64_t)strtoull(start, &end, 10);
        if (end == start || memchr(start, '\n', (size_t)(end - start)))
            return PROCESSOR_SHARE_UNKNOWN;
    }
    return ticks;
}

static int64_t stolen_ns(int64_t processor)
{
    static int file = -1;
    if (processor < 0 || !head_read(&file, "/proc/stat", stat_text, sizeof stat_text))
        return PROCESSOR_SHARE_UNKNOWN;
    int64_t ticks = processor_share_stolen_ticks(stat_text, processor);
    return ticks < 0 ? PROCESSOR_SHARE_UNKNOWN : ticks * (1000000000 / sysconf(_SC_CLK_TCK));
}

void processor_share_read(struct processor_share *ret_share)
{
    ret_share->processor = kept_processor();
    ret_share->queued_ns = queued_ns();
    ret_share->stolen_ns = stolen_ns(ret_share->processor);
}

int64_t processor_share_kept(const struct processor_share *begin, const struct processor_share *end)
{
    return begin->processor == end->processor ? begin->processor : PROCESSOR_SHARE_UNKNOWN;
}

int64_t processor_share_between(int64_t begin, int64_t end)
{
    return begin < 0 || end < begin ? PROCESSOR_SHARE_UNKNOWN : end - begin;
}
