/* SPDX-License-Identifier: MIT */
#include "harness/runner/ending.h"

#include <stdarg.h>

#include "workloads/workload.h"

void ending_fail(int status, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    workload_end(status, format, values);
}

void *ending_unless_mapped(void *memory)
{
    if (!memory)
        ending_fail(ENDING_OOM, "out of memory before the start");
    return memory;
}

void ending_unless_counted(const struct gc_mutator *mutator, struct reach *ret_reach)
{
    if (reach_count(mutator, ret_reach) < 0)
        ending_fail(ENDING_OOM, "out of memory counting what lives");
}

void ending_unless_walked(const struct gc_mutator *mutator, struct reach_graph *ret_graph)
{
    if (reach_graph(mutator, ret_graph) < 0)
        ending_fail(ENDING_OOM, "out of memory counting what lives");
}
