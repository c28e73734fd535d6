/* SPDX-License-Identifier: MIT */
#include "harness/campaign/machine/crowd.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "base/text.h"

/* How many are ready to run: the number before the slash in "0.52 0.58 0.59 3/412 29871"; 0 where there is none. */
static uint64_t ready_read(void)
{
    char line[128] = "";
    uint64_t ready = 0;
    FILE *file = fopen("/proc/loadavg", "re");
    if (file && !fgets(line, sizeof(line), file))
        line[0] = '\0';
    if (file)
        fclose(file);
    char *slash = strchr(line, '/');
    if (!slash)
        return 0;
    *slash = '\0';
    char *blank = strrchr(line, ' ');
    return blank && number_integer_read(blank + 1, UINT32_MAX, &ready) == 0 ? ready : 0;
}

char *crowd_describe(void)
{
    uint64_t ready = ready_read();
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors > 0 && ready > (uint64_t)processors
               ? text_format("%" PRIu64 " processes and threads want the %ld processors", ready, processors)
               : NULL;
}
