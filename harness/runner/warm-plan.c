/* SPDX-License-Identifier: MIT */
#include "harness/runner/warm-plan.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/runner/far-memory.h"

static bool runs_open(struct warm_runs *runs)
{
    runs->count = 0;
    runs->runs = far_memory_map(WARM_PLAN_RUNS * sizeof *runs->runs);
    return runs->runs != NULL;
}

bool warm_plan_open(struct warm_plan *plan)
{
    *plan = (struct warm_plan){0};
    bool opened = runs_open(&plan->holes) && runs_open(&plan->spoilt);
    for (int i = 0; i < WARM_PLAN_REGIONS; i++)
        opened = opened && runs_open(&plan->regions[i].touched);
    return opened;
}

/* ---- runs ---- */

bool warm_runs_add(struct warm_runs *runs, uint64_t begin, uint64_t length, uint64_t gap)
{
    struct warm_run *last = runs->count ? &runs->runs[runs->count - 1] : NULL;
    if (last && begin - (last->begin + last->length) < gap) {
        last->length = begin + length - last->begin;
        return true;
    }
    if (runs->count == WARM_PLAN_RUNS)
        return false;
    runs->runs[runs->count++] = (struct warm_run){begin, length};
    return true;
}

bool warm_runs_hold(const struct warm_runs *runs, uint64_t at, uint64_t *cursor)
{
    while (*cursor < runs->count && runs->runs[*cursor].begin + runs->runs[*cursor].length <= at)
        ++*cursor;
    return *cursor < runs->count && runs->runs[*cursor].begin <= at;
}

void warm_runs_drop_short(struct warm_runs *runs, uint64_t shortest)
{
    uint64_t kept = 0;
    for (uint64_t i = 0; i < runs->count; i++)
        if (runs->runs[i].length >= shortest)
            runs->runs[kept++] = runs->runs[i];
    runs->count = kept;
}

void warm_runs_join(struct warm_runs *runs, uint64_t gap)
{
    uint64_t count = runs->count;
    runs->count = 0;
    for (uint64_t i = 0; i < count; i++)
        warm_runs_add(runs, runs->runs[i].begin, runs->runs[i].length, gap);
}

/* ---- printing ---- */

struct printer {
    char *text;
    size_t size;
    size_t length; /* goes on beyond `size`, as snprintf's does */
};

__attribute__((format(printf, 2, 3))) static void print(struct printer *printer, const char *format, ...)
{
    va_list values;
    size_t used = printer->length < printer->size ? printer->length : printer->size;
    va_start(values, format);
    int length = vsnprintf(printer->text + used, printer->size - used, format, values);
    va_end(values);
    printer->length += length > 0 ? (size_t)length : 0;
}

/* The gap before run `i`. */
static uint64_t gap_before(const struct warm_runs *runs, uint64_t i)
{
    return runs->runs[i].begin - (i ? runs->runs[i - 1].begin + runs->runs[i - 1].length : 0);
}

static void runs_print(struct printer *printer, const struct warm_runs *runs)
{
    for (uint64_t i = 0, repeated = 1; i < runs->count; i += repeated, repeated = 1) {
        while (i + repeated < runs->count && gap_before(runs, i + repeated) == gap_before(runs, i) &&
               runs->runs[i + repeated].length == runs->runs[i].length)
            repeated++;
        print(printer, "%s%" PRIu64 "+%" PRIu64, i ? "_" : "", gap_before(runs, i), runs->runs[i].length);
        if (repeated > 1)
            print(printer, "x%" PRIu64, repeated);
    }
}

size_t warm_plan_print(const struct warm_plan *plan, char *text, size_t size)
{
    struct printer printer = {text, size, 0};
    print(&printer, "1.%" PRIu64 ".%" PRIu64 ".%" PRIu64 ".", plan->small_pages, plan->huge_pages,
          plan->stack_bytes);
    runs_print(&printer, &plan->holes);
    print(&printer, ".");
    runs_print(&printer, &plan->spoilt);
    for (uint64_t i = 0; i < plan->region_count; i++) {
        const struct warm_region *region = &plan->regions[i];
        print(&printer, ".%" PRIu64 "=%" PRIu64 "=", region->number, region->pages);
        runs_print(&printer, &region->touched);
    }
    return printer.length;
}

/* ---- reading ---- */

/* Reads a number, and the character `end` after it; with `end` 0 any character may follow. */
static bool number_read(const char **text, char end, uint64_t *ret_number)
{
    char *after;
    if (**text < '0' || **text > '9')
        return false;
    *ret_number = strtoull(*text, &after, 10);
    *text = after + (end != 0);
    return end == 0 || *after == end;
}

static uint64_t runs_end(const struct warm_runs *runs)
{
    const struct warm_run *last = runs->count ? &runs->runs[runs->count - 1] : NULL;
    return last ? last->begin + last->length : 0;
}

static bool run_read(const char **text, struct warm_runs *runs)
{
    uint64_t gap;
    uint64_t length;
    uint64_t repeated = 1;
    if (!number_read(text, '+', &gap) || !number_read(text, 0, &length) || length == 0)
        return false;
    if (**text == 'x') {
        ++*text;
        if (!number_read(text, 0, &repeated))
            return false;
    }
    for (; repeated > 0; repeated--) {
        if (!warm_runs_add(runs, runs_end(runs) + gap, length, 0))
            return false;
    }
    return true;
}

/* Reads runs up to a point or the end. */
static bool runs_read(const char **text, struct warm_runs *runs)
{
    runs->count = 0;
    while (**text != '.' && **text != '\0') {
        if (!run_read(text, runs) || (**text != '_' && **text != '.' && **text != '\0'))
            return false;
        *text += **text == '_';
    }
    return true;
}

static bool region_read(const char **text, struct warm_plan *plan)
{
    struct warm_region *region = &plan->regions[plan->region_count++];
    return plan->region_count <= WARM_PLAN_REGIONS && number_read(text, '=', &region->number) &&
           number_read(text, '=', &region->pages) && runs_read(text, &region->touched);
}

bool warm_plan_parse(const char *text, struct warm_plan *plan)
{
    uint64_t version;
    plan->region_count = 0;
    if (!number_read(&text, '.', &version) || version != 1 || !number_read(&text, '.', &plan->small_pages) ||
        !number_read(&text, '.', &plan->huge_pages) || !number_read(&text, '.', &plan->stack_bytes) ||
        !runs_read(&text, &plan->holes) || *text++ != '.' || !runs_read(&text, &plan->spoilt))
        return false;
    while (*text == '.') {
        text++;
        if (plan->region_count == WARM_PLAN_REGIONS || !region_read(&text, plan))
            return false;
    }
    return *text == '\0';
}
