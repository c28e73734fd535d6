/* SPDX-License-Identifier: MIT */
/* What every workload is linked with: how it ends early, and where it notes its requests. */
#include "workloads/workload.h"

#include <stdio.h>
#include <stdlib.h>

#include "collectors/collector-api.h"

struct workload_requests workload_requests;

void workload_end(int status, const char *format, va_list values)
{
    fprintf(stderr, "%s-%s: ", workload.name, gc_collector.name);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    exit(status);
}

void workload_fail(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    workload_end(WORKLOAD_EXIT_WRONG, format, values);
}
