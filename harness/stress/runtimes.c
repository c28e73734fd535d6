/* SPDX-License-Identifier: MIT */
#include "harness/stress/runtimes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "harness/stress/same-build.h"

/* Returns the path of the worker that talks to runtimes: it lies beside those of collectors. The caller frees
 * it. */
static char *path_find(const struct workers *workers)
{
    const char *truth = workers->items[0].path;
    return text_format("%.*sruntime-worker", (int)(strrchr(truth, '/') - truth + 1), truth);
}

/* Says the last line that a process wrote to standard error. What the runtime itself has to say stands in front
 * of it. */
static int refusal_say(const struct child *child)
{
    const char *error = child->error.text ? child->error.text : "";
    size_t length = strlen(error);
    while (length > 0 && error[length - 1] == '\n')
        length--;
    const char *line = memrchr(error, '\n', length);
    line = line ? line + 1 : error;
    return message_bad_input("stress: %.*s", (int)(length - (size_t)(line - error)), line);
}

/* Returns the name, or NAME.2, NAME.3 and so on where runtimes before have it. The caller frees it. */
static char *name_make(const struct runtimes *runtimes, const char *name)
{
    size_t same = 0;
    for (size_t i = 0; i < runtimes->count; i++) {
        const char *other = runtimes->items[i].worker.collector;
        size_t length = strlen(name);
        same += strncmp(other, name, length) == 0 && (!other[length] || other[length] == '.');
    }
    return same ? text_format("%s.%zu", name, same + 1) : text_format("%s", name);
}

/* Reads the name and what is not checked. Returns 0, or MESSAGE_BAD_INPUT after one line. */
static int description_read(const struct runtimes *runtimes, const struct child *child,
                            struct runtime *runtime)
{
    char *rest = child->output.text;
    if (!WIFEXITED(child->status) || WEXITSTATUS(child->status) != 0 || !rest || !*rest)
        return refusal_say(child);
    runtime->worker.collector = name_make(runtimes, strsep(&rest, "\n"));
    for (const char *line; (line = strsep(&rest, "\n"));)
        if (*line)
            text_list_take(&runtime->unchecked, text_format("%s", line));
    return 0;
}

static int runtime_open(const struct runtimes *runtimes, struct runtime *runtime)
{
    struct child child = {0};
    const char *path = runtime->worker.path;
    if (access(path, X_OK) < 0)
        return message_bad_input("stress: %s: %s; 'ninja harness/stress/runtime-worker' builds it", path,
                                 strerror(errno));
    int status = same_build_check("stress", path);
    if (status != 0)
        return status;
    if (workers_describe(&runtime->worker, &child) < 0)
        return message_storage("stress: %s: %s", path, strerror(errno));
    status = description_read(runtimes, &child, runtime);
    child_close(&child);
    return status;
}

static void runtime_close(struct runtime *runtime)
{
    free(runtime->worker.collector);
    free(runtime->worker.path);
    free(runtime->worker.runtime);
    text_list_free(&runtime->unchecked);
}

int runtimes_open(const struct workers *workers, const struct text_list *commands, uint64_t time_limit,
                  struct runtimes *ret_runtimes)
{
    *ret_runtimes = (struct runtimes){.items = memory_new(commands->count, sizeof *ret_runtimes->items)};
    for (size_t i = 0; i < commands->count; i++) {
        struct runtime *runtime = &ret_runtimes->items[i];
        runtime->worker = (struct worker){.path = path_find(workers),
                                          .runtime = text_format("%s", commands->items[i]),
                                          .time_limit = time_limit};
        int status = runtime_open(ret_runtimes, runtime);
        if (status != 0) {
            runtime_close(runtime);
            return status;
        }
        ret_runtimes->count++;
    }
    return 0;
}

void runtimes_close(struct runtimes *runtimes)
{
    for (size_t i = 0; i < runtimes->count; i++)
        runtime_close(&runtimes->items[i]);
    free(runtimes->items);
    *runtimes = (struct runtimes){0};
}

void runtimes_print_unchecked(const struct runtimes *runtimes, FILE *stream)
{
    for (size_t i = 0; i < runtimes->count; i++) {
        const struct runtime *runtime = &runtimes->items[i];
        fprintf(stream, "\nnot checked of %s, because it does not promise it or nothing can:\n",
                runtime->worker.collector);
        for (size_t line = 0; line < runtime->unchecked.count; line++)
            fprintf(stream, "  %s\n", runtime->unchecked.items[line]);
    }
}

bool runtimes_take(const struct conditions *conditions)
{
    return conditions->fault == FAULT_NONE && !conditions->stuck && !conditions->least &&
           !conditions->least_full && !conditions->most && !conditions->bounds;
}
