/* SPDX-License-Identifier: MIT */
#include "harness/stress/reproduce.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/input.h"
#include "base/message.h"
#include "base/missing.h"
#include "base/text.h"
#include "program/program-text.h"

enum { MEMORY_LIMIT_GIB = 4 }; /* the limit for reading a program */

/* Writes the program to a file of its own. Returns the file's name, which the caller frees, or NULL with
 * errno set. */
static char *file_write(const struct program *program)
{
    char *path = text_scratch("gcmatrix-stress");
    int file = mkstemp(path);
    FILE *stream = file < 0 ? NULL : fdopen(file, "wb");
    int error = !stream || program_write(program, stream) < 0;
    if (stream)
        error |= fclose(stream) != 0;
    if (!error)
        return path;
    if (file >= 0)
        unlink(path);
    free(path);
    return NULL;
}

static int worker_run(const struct worker *worker, const struct worker_task *task,
                      struct worker_outcome *ret_outcome)
{
    struct child child = {0};
    if (workers_start(worker, task, &child) < 0)
        return -1;
    while (!child_wait(&child, 1, 1000, WORKERS_SILENCE_NS))
        ;
    workers_outcome_read(&child, task->seed, ret_outcome);
    child_close(&child);
    return 0;
}

/* Runs the truth too. A difference is a finding. */
static int truth_compare(const struct reproduction *reproduction, const struct worker_task *task,
                         struct worker_outcome *outcome)
{
    struct worker_task truth_task = *task;
    struct worker_outcome truth;
    const char *field;
    truth_task.options = "";
    if (worker_run(reproduction->truth, &truth_task, &truth) < 0)
        return -1;
    size_t same = workers_outcome_compare(&truth, outcome, &field);
    if (!truth.found && same < outcome->count) {
        outcome->found = true;
        outcome->seed = reproduction->seed;
        outcome->at = outcome->lines[same].at;
        strncpy(outcome->kind, field, KIND_BYTES - 1);
        outcome->text = text_format("not as under %s", WORKERS_TRUTH);
        outcome->options = text_format("%s", reproduction->options ? reproduction->options : "");
        outcome->detail = text_format("%s", "");
    }
    workers_outcome_free(&truth);
    return 0;
}

int reproduction_run(const struct reproduction *reproduction, const struct program *program,
                     struct worker_outcome *ret_outcome)
{
    char *path = file_write(program);
    if (!path)
        return -1;
    struct worker_task task = {.seed = reproduction->seed,
                               .programs = 1,
                               .file = path,
                               .conditions = reproduction->conditions,
                               .options = reproduction->options};
    int status = worker_run(reproduction->worker, &task, ret_outcome);
    /* A runtime's worker has compared it with the program's model by itself. */
    if (status == 0 && !ret_outcome->found && reproduction->worker != reproduction->truth &&
        !reproduction->worker->runtime)
        status = truth_compare(reproduction, &task, ret_outcome);
    unlink(path);
    free(path);
    return status;
}

/* Refuses a program that is not there, and names those that are. */
static int missing_refuse(const char *path)
{
    char *remedy = missing_remedy(path, &missing_programs);
    int status = message_bad_input("stress: %s: %s; %s", path, strerror(ENOENT), remedy);
    free(remedy);
    return status;
}

int reproduction_read(const char *path, struct program *ret_program)
{
    char error[PROGRAM_ERROR_BYTES];
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return missing_refuse(path);
    uint64_t limit = (uint64_t)MEMORY_LIMIT_GIB << 30;
    size_t length = strlen(path);
    if (length < 4 || strcmp(path + length - 4, ".txt") != 0)
        return program_read_file(path, limit, ret_program, error) < 0 ? message_bad_input("stress: %s", error)
                                                                      : 0;
    FILE *stream;
    const char *why = input_open(path, &stream);
    if (why)
        return message_bad_input("stress: %s: %s", path, why);
    int status = program_text_read(stream, path, limit, ret_program, error);
    fclose(stream);
    return status < 0 ? message_bad_input("stress: %s", error) : 0;
}
