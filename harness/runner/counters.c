/* SPDX-License-Identifier: MIT */
#include "harness/runner/counters.h"

#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const uint64_t configs[COUNTERS] = {
    [COUNTERS_INSTRUCTIONS] = PERF_COUNT_HW_INSTRUCTIONS, [COUNTERS_CYCLES] = PERF_COUNT_HW_CPU_CYCLES};

/* Each by itself: a group cannot be inherited and read as one. */
void counters_open(struct counters *counters)
{
    for (int i = 0; i < COUNTERS; i++) {
        struct perf_event_attr attribute = {
            .type = PERF_TYPE_HARDWARE,
            .size = sizeof attribute,
            .config = configs[i],
            .disabled = 1,
            .inherit = 1,
            .exclude_kernel = 1,
            .exclude_hv = 1,
            .read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
        };
        counters->files[i] = (int)syscall(SYS_perf_event_open, &attribute, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
        counters->values[i] = -1;
    }
}

static void counters_tell(struct counters *counters, unsigned long request)
{
    for (int i = 0; i < COUNTERS; i++)
        if (counters->files[i] >= 0)
            ioctl(counters->files[i], request, 0);
}

void counters_start(struct counters *counters)
{
    counters_tell(counters, PERF_EVENT_IOC_ENABLE);
}

void counters_stop(struct counters *counters)
{
    counters_tell(counters, PERF_EVENT_IOC_DISABLE);
}

int64_t counters_value(const uint64_t reading[3])
{
    return reading[1] > 0 && reading[1] == reading[2] ? (int64_t)reading[0] : -1;
}

void counters_close(struct counters *counters)
{
    for (int i = 0; i < COUNTERS; i++) {
        uint64_t reading[3];
        if (counters->files[i] < 0)
            continue;
        if (read(counters->files[i], reading, sizeof reading) == sizeof reading)
            counters->values[i] = counters_value(reading);
        close(counters->files[i]);
        counters->files[i] = -1;
    }
}
