/* SPDX-License-Identifier: MIT */
#include "harness/stress/runtimes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/message.h"

/* The worker that talks to runtimes lies beside those of collectors. */
static char *path_find(const struct workers *workers)
{
    const char *truth = workers->items[0].path;
    return text_format("%.*sruntime-worker", (int)(strrchr(truth, '/') - truth + 1), truth);
}

/* Reads the name and what is not checked. Returns 0, or MESSAGE_BAD_INPUT after the line that the worker
 * has. */
static int description_read(const struct child *child, struct runtime *runtime)
{
    char *rest = child->output.text;
    if (!WIFEXITED(child->status) || WEXITSTATUS(child->status) != 0 || !rest || !*rest) {
        const char *error = child->error.text ? child->error.text : "";
        /* What the runtime itself has to say stands in front of the worker's line. */
        size_t length = strlen(error);
        while (length > 0 && error[length - 1] == '\n')
            length--;
        const char *line = memrchr(error, '\n', length);
        line = line ? line + 1 : error;
        return message_bad_input("stress: %.*s", (int)(length - (size_t)(line - error)), line);
    }
    runtime->worker.collector = text_format("%s", strsep(&rest, "\n"));
    for (const char *line; (line = strsep(&rest, "\n"));)
        if (*line)
            text_list_take(&runtime->unchecked, text_format("%s", line));
    return 0;
}

int runtime_open(const struct workers *workers, const char *command, uint64_t time_limit,
                 struct runtime *ret_runtime)
{
    struct child child = {0};
    *ret_runtime = (struct runtime){.worker = {.path = path_find(workers),
                                               .runtime = text_format("%s", command),
                                               .time_limit = time_limit}};
    if (access(ret_runtime->worker.path, X_OK) < 0) {
        int status = message_bad_input("stress: %s: %s; 'ninja harness/stress/runtime-worker' builds it",
                                       ret_runtime->worker.path, strerror(errno));
        runtime_close(ret_runtime);
        return status;
    }
    int status = workers_describe(&ret_runtime->worker, &child);
    if (status == 0)
        status = description_read(&child, ret_runtime);
    else
        status = message_storage("stress: %s: %s", ret_runtime->worker.path, strerror(errno));
    child_close(&child);
    if (status != 0)
        runtime_close(ret_runtime);
    return status;
}

void runtime_close(struct runtime *runtime)
{
    free(runtime->worker.collector);
    free(runtime->worker.path);
    free(runtime->worker.runtime);
    text_list_free(&runtime->unchecked);
    *runtime = (struct runtime){0};
}

bool runtime_takes(const struct conditions *conditions)
{
    return conditions->fault == FAULT_NONE && !conditions->stuck && !conditions->least && !conditions->most;
}
