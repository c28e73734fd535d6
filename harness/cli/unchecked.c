/* SPDX-License-Identifier: MIT */
#include "harness/cli/unchecked.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "harness/results/json-text.h"

void unchecked_read(const struct driver_request *request, const struct runtimes *runtimes,
                    struct unchecked *ret_unchecked)
{
    *ret_unchecked = (struct unchecked){
        .request = request,
        .runtimes = runtimes,
        .lines = memory_new(request->worker_count, sizeof *ret_unchecked->lines),
    };
    for (size_t i = 0; i < request->worker_count; i++)
        if (!request->workers[i]->runtime)
            workers_unchecked(request->workers[i], &ret_unchecked->lines[i]);
}

void unchecked_free(struct unchecked *unchecked)
{
    for (size_t i = 0; i < unchecked->request->worker_count; i++)
        text_list_free(&unchecked->lines[i]);
    free(unchecked->lines);
    *unchecked = (struct unchecked){0};
}

static bool has_line(const struct text_list *list, const char *line)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i], line) == 0)
            return true;
    return false;
}

/* Prints a line of one worker with the names of all that have it, unless an earlier worker has had it. */
static void line_print(const struct unchecked *unchecked, size_t worker, const char *line)
{
    const struct driver_request *request = unchecked->request;
    for (size_t i = 0; i < worker; i++)
        if (has_line(&unchecked->lines[i], line))
            return;
    printf("  %s: %s", line, request->workers[worker]->collector);
    for (size_t i = worker + 1; i < request->worker_count; i++)
        if (has_line(&unchecked->lines[i], line))
            printf(", %s", request->workers[i]->collector);
    putchar('\n');
}

static void collectors_print(const struct unchecked *unchecked)
{
    size_t count = unchecked->request->worker_count;
    bool any = false;
    for (size_t i = 0; i < count; i++)
        any |= unchecked->lines[i].count > 0;
    if (any)
        puts("\nnot checked, because no trait and no bound says it:");
    for (size_t i = 0; i < count; i++)
        for (size_t line = 0; line < unchecked->lines[i].count; line++)
            line_print(unchecked, i, unchecked->lines[i].items[line]);
}

void unchecked_print(const struct unchecked *unchecked)
{
    collectors_print(unchecked);
    runtimes_print_unchecked(unchecked->runtimes, stdout);
}

static json_t *lines_json(const struct text_list *list)
{
    json_t *lines = json_array();
    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(lines, json_text(list->items[i]));
    return lines;
}

json_t *unchecked_json(const struct unchecked *unchecked)
{
    const struct driver_request *request = unchecked->request;
    json_t *all = json_object();
    for (size_t i = 0; i < request->worker_count; i++)
        if (!request->workers[i]->runtime)
            json_object_set_new(all, request->workers[i]->collector, lines_json(&unchecked->lines[i]));
    for (size_t i = 0; i < unchecked->runtimes->count; i++)
        json_object_set_new(all, unchecked->runtimes->items[i].worker.collector,
                            lines_json(&unchecked->runtimes->items[i].unchecked));
    return all;
}
