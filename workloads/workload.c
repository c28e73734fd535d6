/* SPDX-License-Identifier: MIT */
/* What every workload is linked with: how it ends early, and where it notes its requests. */
#include "workloads/workload.h"

#include <stdio.h>
#include <stdlib.h>

#include "collectors/collector-api.h"

struct workload_requests workload_requests;

const char *const workload_external_words[4] = {
    [GC_EXTERNAL_WEIGHED] = "weighed", [GC_EXTERNAL_NOTED] = "noted", [GC_EXTERNAL_CHARGED] = "charged"};

void workload_end(int status, const char *format, va_list values)
{
    char line[4096];
    vsnprintf(line, sizeof line, format, values);
    for (char *c = line; *c; c++) /* a name that was given may have any character; the line stays one */
        *c = (unsigned char)*c < ' ' || *c == 127 ? '?' : *c;
    fprintf(stderr, "%s-%s: %s\n", workload.name, gc_collector.name, line);
    exit(status);
}

void workload_fail(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    workload_end(WORKLOAD_EXIT_WRONG, format, values);
}
