/* SPDX-License-Identifier: MIT */
#include "harness/stress/work-process.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"

enum { WAIT_MS = 200 };

char *work_path(const struct worker *worker)
{
    const char *slash = strrchr(worker->path, '/');
    return text_format("%.*s/work-%s", (int)(slash - worker->path), worker->path, worker->collector);
}

bool work_is_built(const struct worker *worker)
{
    char *path = work_path(worker);
    bool built = !worker->runtime && access(path, X_OK) == 0;
    free(path);
    return built;
}

/* Starts a process, and frees its words. */
static int command_start(struct text_list *argv, struct child *child)
{
    int status = child_start(child, argv->items) == 0
                     ? 0
                     : message_bad_input("%s cannot be started: %s", argv->items[0], strerror(errno));
    text_list_free(argv);
    return status;
}

/* The sizes between commas. The caller frees them. */
static char *sizes_text(const struct work_task *task)
{
    char *text = NULL;
    size_t size;
    FILE *stream = memory_stream(&text, &size);
    for (size_t i = 0; i < task->size_count; i++)
        fprintf(stream, "%s%" PRIu64, i ? "," : "", task->sizes[i]);
    memory_stream_close(stream);
    return text;
}

int work_start(const struct worker *worker, const struct work_task *task, struct child *child)
{
    struct text_list argv = {0};
    char *sizes = sizes_text(task);
    text_list_take(&argv, work_path(worker));
    text_list_take(&argv, text_format("--options=%s", task->options ? task->options : ""));
    text_list_take(&argv, text_format("--eager=%" PRIu64, task->eagerness));
    text_list_take(&argv, text_format("--most=%" PRIu64, task->most));
    text_list_take(&argv, text_format("--operations=%" PRIu64, task->operations));
    if (task->recipe)
        text_list_take(&argv, text_format("--sizes=%s", sizes));
    if (task->peak)
        text_list_take(&argv, text_format("--peak=%s", task->peak));
    text_list_take(&argv, text_format("%s", task->recipe ? task->recipe : task->file));
    free(sizes);
    return command_start(&argv, child);
}

int work_ask_superlinear(const struct worker *worker, struct child *child)
{
    struct text_list argv = {0};
    text_list_take(&argv, work_path(worker));
    text_list_take(&argv, text_format("--superlinear"));
    int status = command_start(&argv, child);
    if (status == 0)
        work_await(child);
    return status;
}

void work_await(struct child *child)
{
    while (!child_wait(child, 1, WAIT_MS, WORKERS_SILENCE_NS))
        ;
}

bool work_line_read(const char *text, struct work_line *ret_line)
{
    text = line_numbers_read(text, (uint64_t *)ret_line, WORK_COLUMN_COUNT);
    return text && *text == '\n';
}
