/* SPDX-License-Identifier: MIT */
#include "harness/campaign/machine/machine-usage.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/campaign/machine/machine-files.h"

struct machine_usage machine_usage_read(const char *root)
{
    struct machine_usage usage = {0};
    uint64_t times[8] = {0}; /* user, nice, system, idle, iowait, irq, softirq, steal: in ticks since boot */
    char *line = machine_line(root, "/proc/stat");
    if (line &&
        sscanf(line,
               "cpu %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
               " %" SCNu64,
               &times[0], &times[1], &times[2], &times[3], &times[4], &times[5], &times[6], &times[7]) == 8) {
        usage.stolen = times[7];
        for (int i = 0; i < 8; i++)
            usage.total += i == 3 || i == 4 ? 0 : times[i];
    }
    free(line);
    return usage;
}

double machine_stolen_share(struct machine_usage before, struct machine_usage now)
{
    uint64_t total = now.total - before.total, stolen = now.stolen - before.stolen;
    return total ? (double)stolen / (double)total : 0;
}
