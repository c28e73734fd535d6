/* SPDX-License-Identifier: MIT */
#include "harness/campaign/machine/machine-limits.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/campaign/machine/machine-files.h"
#include "harness/campaign/process/control-group.h"

/* The smallest limit of `file` from the group at `path` up to the mounted root `mount`; INFINITY when none is
 * set. */
static double limit_read(const char *root, const char *mount, const char *path, const char *file)
{
    double least = INFINITY;
    char *group = text_format("%s", path);
    for (;;) {
        char *whole = text_format("%s%s/%s", mount, strcmp(group, "/") == 0 ? "" : group, file);
        char *line = machine_line(root, whole);
        double limit = NAN, period = 1;
        if (line && strcmp(file, "cpu.max") == 0 && sscanf(line, "%lf %lf", &limit, &period) == 2)
            limit /= period;
        else if (line)
            sscanf(line, "%lf", &limit);
        if (limit > 0 && limit < least)
            least = limit;
        free(line);
        free(whole);
        char *slash = strrchr(group, '/');
        if (!slash || strcmp(group, "/") == 0)
            break;
        slash[slash == group] = '\0'; /* the root keeps its slash */
    }
    free(group);
    return least;
}

/* The same in version 2, whose groups are mounted alone, or beside those of version 1. */
static double unified_read(const char *root, const char *path, const char *file)
{
    return fmin(limit_read(root, "/sys/fs/cgroup", path, file),
                limit_read(root, "/sys/fs/cgroup/unified", path, file));
}

struct machine_limits machine_limits_read(const char *root)
{
    char *unified = control_group_of_self(root, ""), *cpu = control_group_of_self(root, "cpu"),
         *memory = control_group_of_self(root, "memory");
    double quota = limit_read(root, "/sys/fs/cgroup/cpu", cpu, "cpu.cfs_quota_us");
    double period = limit_read(root, "/sys/fs/cgroup/cpu", cpu, "cpu.cfs_period_us");
    struct machine_limits limits = {
        fmin(unified_read(root, unified, "cpu.max"), isinf(quota) ? INFINITY : quota / period),
        fmin(fmin(unified_read(root, unified, "memory.max"), unified_read(root, unified, "memory.high")),
             limit_read(root, "/sys/fs/cgroup/memory", memory, "memory.limit_in_bytes"))};
    if (limits.memory_bytes >= 0x1p60) /* version 1 writes "none" as the largest page number */
        limits.memory_bytes = INFINITY;
    free(unified);
    free(cpu);
    free(memory);
    return limits;
}

json_t *machine_limits_describe(const char *root)
{
    struct machine_limits limits = machine_limits_read(root);
    char *processors = machine_value(root, "/proc/self/status", "Cpus_allowed_list");
    json_t *described =
        json_pack("{ss so so}", "processors", processors, "quota_processors",
                  isinf(limits.cpus) ? json_null() : json_real(limits.cpus), "memory_bytes",
                  isinf(limits.memory_bytes) ? json_null() : json_integer((json_int_t)limits.memory_bytes));
    free(processors);
    return described;
}
