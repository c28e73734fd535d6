/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/message.h"
#include "base/writing.h"
#include "collectors/collector-api.h"
#include "collectors/gc.h"

struct recorder_options {
    const char *file;
};

static const struct option_spec option_specs[] = {
    OPTION_TEXT(struct recorder_options, file, "file name",
                "where the program is written; nowhere unless given"),
};
static const struct option_table options = OPTION_TABLE(struct recorder_options, option_specs);

struct recorder_mutator {
    struct gc_mutator common;
    struct program_writer writer;
    struct writing file; /* gets its name when the recording is whole */
};

/* The exit statuses of a process whose file could not be written to its end, and of one that had no room, as
 * harness/runner has them. */
enum { RECORDER_EXIT_NO_ROOM = 3, RECORDER_EXIT_STORAGE = 5 };

static void bounds(const void *values, struct gc_bounds *ret_bounds)
{
    (void)values;
    ret_bounds->held.none = "nothing is ever freed";
}

const struct gc_collector gc_collector = {
    .name = "recorder",
    .group = "truth",
    .summary = "writes the mutator's operations as a program, and frees nothing",
    .traits = &gc_traits,
    .mutator_bytes = sizeof(struct recorder_mutator),
    .options = &options,
    .boundaries = (const struct gc_boundary *const[]){allocation_boundaries, NULL},
    .bounds = bounds,
};

static struct program_writer *writer_of(struct gc_mutator *mutator)
{
    return &((struct recorder_mutator *)mutator)->writer;
}

/* The file of the recording that goes on, for a process that ends in the middle of it. */
static struct writing *unfinished;

static void on_exit_drop(void)
{
    if (unfinished)
        writing_drop(unfinished);
}

__attribute__((noreturn)) static void fail(const char *what)
{
    fprintf(stderr, "recorder: %s\n", what);
    exit(2);
}

/* A program with such an object would be refused by its reader. */
__attribute__((noreturn)) static void fail_of_length(uint32_t length)
{
    fprintf(stderr, "recorder: a program has no object of the length %" PRIu32 ": it is %d at most\n", length,
            PROGRAM_LENGTH_MAX);
    exit(RECORDER_EXIT_NO_ROOM);
}

void recorder_write(struct gc_mutator *mutator, struct program_op op)
{
    if (op.code == PROGRAM_NEW && op.c > PROGRAM_LENGTH_MAX)
        fail_of_length(op.c);
    if (!mutator->observer.workload_returned && program_writer_add(writer_of(mutator), op) < 0)
        fail("out of memory following the frames");
}

static void on_checkpoint(struct gc_mutator *mutator, const char *label)
{
    (void)label;
    recorder_write(mutator, (struct program_op){.code = PROGRAM_CHECKPOINT});
}

void gc_collector_start(struct gc_mutator *mutator, const void *values)
{
    const struct recorder_options *chosen = values;
    struct writing *file = &((struct recorder_mutator *)mutator)->file;
    static bool watched;
    int status = writing_begin_path("recorder", *chosen->file ? chosen->file : "/dev/null", file);
    if (status != 0)
        exit(status == MESSAGE_STORAGE ? RECORDER_EXIT_STORAGE : 2);
    if (!watched && atexit(on_exit_drop) == 0)
        watched = true;
    unfinished = file;
    FILE *stream = writing_stream(file);
    uint32_t shape_count = (uint32_t)mutator->shape_count;
    program_writer_begin(writer_of(mutator), stream, program_shapes_version(mutator->shapes, shape_count),
                         mutator->shapes, shape_count, (uint32_t)mutator->roots.global_count);
    mutator->observer.checkpoint = on_checkpoint;
    mutator->clock.poll_at = UINT64_MAX;
}

uint64_t gc_collector_poll(struct gc_mutator *mutator)
{
    (void)mutator;
    return UINT64_MAX;
}

void gc_collect(struct gc_mutator *mutator, enum gc_collect_kind kind)
{
    recorder_write(mutator, (struct program_op){PROGRAM_COLLECT, kind, 0, 0});
}

void gc_collector_check(struct gc_mutator *mutator)
{
    (void)mutator;
}

void gc_collector_stop(struct gc_mutator *mutator)
{
    if (program_writer_end(writer_of(mutator)) < 0)
        fail("ranges, freeze and unfreeze need a file that can seek, and not a pipe");
    unfinished = NULL;
    if (writing_keep(&((struct recorder_mutator *)mutator)->file) != 0)
        exit(RECORDER_EXIT_STORAGE);
}
