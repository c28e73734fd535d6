/* SPDX-License-Identifier: MIT */
#include "harness/cli/recorded-program.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "base/text.h"
#include "harness/campaign/process/pair-process.h"
#include "harness/cli/target.h"
#include "program/program-text.h"

/* The limit for reading: room for the model of a program with some 100 million objects. */
enum { MEMORY_LIMIT_GIB = 8 };

static const uint64_t memory_limit = (uint64_t)MEMORY_LIMIT_GIB << 30;

/* ---- files ---- */

static int text_file_read(const char *path, struct program *ret_program, char *ret_error)
{
    FILE *stream = fopen(path, "r");
    if (!stream) {
        snprintf(ret_error, PROGRAM_ERROR_BYTES, "%.80s: %s", path, strerror(errno));
        return -1;
    }
    int result = program_text_read(stream, path, memory_limit, ret_program, ret_error);
    fclose(stream);
    return result;
}

/* Returns whether a file begins as the binary form does. Text begins with "gcp 1". */
static bool is_binary(const char *path)
{
    char begin[4] = {0};
    FILE *stream = fopen(path, "rb");
    bool binary = stream && fread(begin, 1, sizeof begin, stream) == sizeof begin && begin[3] == '\n';
    if (stream)
        fclose(stream);
    return binary && memcmp(begin, "gcp", 3) == 0;
}

int recording_load(const char *command, const char *path, struct program *ret_program)
{
    char error[PROGRAM_ERROR_BYTES];
    int result = is_binary(path) ? program_read_file(path, memory_limit, ret_program, error)
                                 : text_file_read(path, ret_program, error);
    return result < 0 ? message_bad_input("%s: %s", command, error) : 0;
}

static bool ends_in(const char *text, const char *end)
{
    size_t length = strlen(text), wanted = strlen(end);
    return length >= wanted && strcmp(text + length - wanted, end) == 0;
}

/* Returns whether the source is a path, or a name that ends as a program's does. A workload whose options
 * hold such a name is no file. */
static bool is_file(const char *source)
{
    size_t name = strcspn(source, ":");
    return memchr(source, '/', name) ||
           (!source[name] && (ends_in(source, ".gcp") || ends_in(source, ".gcp.txt")));
}

/* ---- recording a workload ---- */

static int recorder_run(const char *command, const struct target *target, uint64_t seed)
{
    struct pair_process process;
    struct command_request request = {.pair = target->pair,
                                      .workload_options = target->workload_options,
                                      .collector_options = target->collector_options,
                                      .allocator = &target->allocator,
                                      .seed = seed};
    int status = 0;
    pair_process_run(&request, 0, &process);
    if (process.end == SUBPROCESS_INTERRUPTED)
        status = MESSAGE_INTERRUPTED;
    else if (process.end != SUBPROCESS_EXITED || process.code != 0)
        status = message_bad_input("%s: it could not be recorded: %s", command,
                                   process.said ? process.said : "it crashed");
    pair_process_free(&process);
    return status;
}

static int workload_record(const char *command, const char *workload, uint64_t seed, const char *file)
{
    struct target target;
    char *recorder = text_format("recorder:file=%s", file);
    int status = target_find(command, workload, recorder, "glibc", &target);
    if (status == 0 && strcmp(target.workload, "replay") == 0)
        status = message_bad_input("%s: name the file itself: gcmatrix %s FILE.gcp", command, command);
    if (status == 0)
        status = recorder_run(command, &target, seed);
    target_free(&target);
    free(recorder);
    return status;
}

/* ---- the recording ---- */

static int folder_make(const char *command, struct recording *recording)
{
    recording->folder = text_scratch("gcmatrix");
    recording->file = text_format("%s/program.gcp", recording->folder);
    if (mkdtemp(recording->folder)) {
        free(recording->file);
        recording->file = text_format("%s/program.gcp", recording->folder);
        return 0;
    }
    int status = message_storage("%s: %s: %s", command, recording->folder, strerror(errno));
    free(recording->folder);
    recording->folder = NULL;
    return status;
}

static int deaths_make(const char *command, const struct program *program, struct recording *recording)
{
    struct program marked;
    if (deaths_plain(program, &recording->plain) < 0 ||
        deaths_find(&recording->plain, &recording->deaths) < 0 ||
        deaths_insert(&recording->plain, &recording->deaths, &marked) < 0)
        return message_bad_input("%s: out of memory for the deaths of %s", command, recording->name);
    int status = 0;
    if (program_write_file(&marked, recording->file) < 0)
        status = message_storage("%s: %s: %s", command, recording->file, strerror(errno));
    program_free(&marked);
    return status;
}

int recording_open(const char *command, const char *source, uint64_t seed, struct recording *ret_recording)
{
    struct program program;
    *ret_recording = (struct recording){.name = text_format("%s", source)};
    int status = folder_make(command, ret_recording);
    if (status == 0 && !is_file(source))
        status = workload_record(command, source, seed, ret_recording->file);
    if (status == 0)
        status = recording_load(command, is_file(source) ? source : ret_recording->file, &program);
    if (status != 0)
        return status;
    status = deaths_make(command, &program, ret_recording);
    program_free(&program);
    return status;
}

void recording_close(struct recording *recording)
{
    deaths_free(&recording->deaths);
    program_free(&recording->plain);
    if (recording->folder) {
        unlink(recording->file);
        rmdir(recording->folder);
    }
    free(recording->file);
    free(recording->folder);
    free(recording->name);
    *recording = (struct recording){0};
}

void recording_print(const struct recording *recording)
{
    uint32_t cyclic = 0, survivors = 0;
    for (uint32_t i = 0; i < recording->deaths.count; i++) {
        cyclic += recording->deaths.objects[i].cyclic;
        survivors += recording->deaths.objects[i].death == DEATHS_NEVER;
    }
    printf("  %" PRIu64 " operations on %" PRIu32 " objects: %" PRIu32 " die by counting, %" PRIu32
           " on cycles or held by them, %" PRIu32 " never\n",
           recording->plain.op_count, recording->deaths.count, recording->deaths.count - cyclic - survivors,
           cyclic, survivors);
}
