/* SPDX-License-Identifier: MIT */
#include "harness/cli/recorded-program.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/input.h"
#include "base/message.h"
#include "base/missing.h"
#include "base/text.h"
#include "base/writing.h"
#include "harness/campaign/process/pair-process.h"
#include "harness/cli/scratch.h"
#include "harness/cli/target.h"
#include "program/program-text.h"

/* The limit for reading: room for the model of a program with some 100 million objects. */
enum { MEMORY_LIMIT_GIB = 8 };

static const uint64_t memory_limit = (uint64_t)MEMORY_LIMIT_GIB << 30;

/* ---- files ---- */

static int text_file_read(const char *path, struct program *ret_program, char *ret_error)
{
    FILE *stream;
    const char *why = input_open(path, &stream);
    if (why) {
        snprintf(ret_error, PROGRAM_ERROR_BYTES, "%.80s: %s", path, why);
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
    FILE *stream = NULL;
    input_open(path, &stream);
    bool binary = stream && fread(begin, 1, sizeof begin, stream) == sizeof begin && begin[3] == '\n';
    if (stream)
        fclose(stream);
    return binary && memcmp(begin, "gcp", 3) == 0;
}

/* Refuses a program that is not there, and names those that are. */
static int missing_refuse(const char *command, const char *path)
{
    char *remedy = missing_remedy(path, &missing_programs);
    int status = message_bad_input("%s: %s: %s; %s", command, path, strerror(ENOENT), remedy);
    free(remedy);
    return status;
}

int recording_load(const char *command, const char *path, struct program *ret_program)
{
    char error[PROGRAM_ERROR_BYTES];
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return missing_refuse(command, path);
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

static int recorder_run(const char *command, const struct target *target, uint64_t seed,
                        struct progress *progress)
{
    struct pair_process process;
    struct command_request request = {.pair = target->pair,
                                      .workload_options = target->workload_options,
                                      .collector_options = target->collector_options,
                                      .allocator = &target->allocator,
                                      .seed = seed};
    int status = 0;
    progress_show(progress, "recording the workload");
    pair_process_run(&request, 0, &process);
    progress_stop(progress);
    if (process.end == SUBPROCESS_INTERRUPTED)
        status = MESSAGE_INTERRUPTED;
    else if (process.end != SUBPROCESS_EXITED || process.code != 0)
        status = message_bad_input("%s: it could not be recorded: %s", command,
                                   process.said ? process.said : "it crashed");
    pair_process_free(&process);
    return status;
}

static int workload_record(const char *command, const char *workload, uint64_t seed, const char *file,
                           struct progress *progress)
{
    struct target target;
    char *recorder = text_format("recorder:file=%s", file);
    int status = 0;
    if (strcspn(workload, ":") == strlen("replay") && strncmp(workload, "replay", strlen("replay")) == 0) {
        free(recorder);
        return message_bad_input("%s: name the file itself: gcmatrix %s FILE.gcp", command, command);
    }
    status = target_find(command, workload, recorder, "glibc", &target);
    if (status == 0)
        status = recorder_run(command, &target, seed, progress);
    target_free(&target);
    free(recorder);
    return status;
}

/* ---- memory ---- */

/*
 * Memory that reading takes for each byte of a program's file, at the most: from 10 to 19.4 over recordings of
 * eleven workloads. A line of text has at least twice the bytes of the same operation in binary.
 */
enum { MEMORY_PER_BYTE = 20, MEMORY_PER_BYTE_OF_TEXT = 8 };

/* The memory that programs can have without swapping, in bytes; 0 when the system does not say. */
static uint64_t memory_available(void)
{
    FILE *stream = fopen("/proc/meminfo", "r");
    unsigned long long kib = 0;
    char line[256];
    while (stream && fgets(line, sizeof line, stream))
        if (sscanf(line, "MemAvailable: %llu kB", &kib) == 1)
            break;
    if (stream)
        fclose(stream);
    return kib << 10;
}

/* Says what reading the program will take. Returns 0, or MESSAGE_BAD_INPUT where the machine has too little. */
static int memory_estimate(const char *command, const char *path)
{
    struct stat about;
    uint64_t available = memory_available();
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode))
        return 0; /* who reads it says what is wrong, and a pipe has no size */
    uint64_t needed = (uint64_t)about.st_size * (is_binary(path) ? MEMORY_PER_BYTE : MEMORY_PER_BYTE_OF_TEXT);
    double gib = (double)needed / (1 << 30);
    if (available && needed > available)
        return message_bad_input(
            "%s: reading a program of %.3g MiB may take %.1f GiB of memory, and %.1f are "
            "available: give a shorter one",
            command, (double)about.st_size / (1 << 20), gib, (double)available / (1 << 30));
    if (gib >= 1)
        message_note("%s: reading a program of %.3g MiB may take %.1f GiB of memory", command,
                     (double)about.st_size / (1 << 20), gib);
    return 0;
}

/* ---- the recording ---- */

/* The recorder is given its file as an option. */
static int folder_make(const char *command, struct recording *recording)
{
    int status = scratch_check(command);
    if (status == 0)
        status = scratch_make(command, &recording->folder);
    if (status == 0)
        recording->image = text_format("%s/program.image", recording->folder);
    return status;
}

/* What the process that makes the image needs, and what comes back. */
struct making {
    const char *command, *name, *path, *image;
    bool lives;
    int errors; /* a descriptor, for the line that says what is wrong: the parent's progress is on the screen */
    struct image_census census;
};

/* Runs in a process of its own: reads the program and writes its image. Returns a status after one line. */
static int image_process(void *context)
{
    struct making *making = context;
    struct program program;
    dup2(making->errors, STDERR_FILENO);
    int status = recording_load(making->command, making->path, &program);
    if (status != 0)
        return status;
    if (program_is_finalising(&program))
        return message_bad_input("%s: %s has finalisers or weak references, and so no list of deaths",
                                 making->command, making->name);
    FILE *stream = fopen(making->image, "wb");
    if (!stream)
        return message_storage("%s: %s: %s", making->command, making->image, strerror(errno));
    if (image_make(&program, making->lives, stream, &making->census) < 0)
        return message_storage("%s: out of memory for the deaths of %s", making->command, making->name);
    bool failed = ferror(stream);
    if (fclose(stream) != 0 || failed)
        return message_storage("%s: %s: %s", making->command, making->image, strerror(errno));
    return 0;
}

static int recording_make(const char *command, const char *path, bool lives, struct progress *progress,
                          struct recording *recording)
{
    int code, status;
    struct making *making =
        mmap(NULL, sizeof *making, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (making == MAP_FAILED)
        return message_storage("%s: out of memory", command);
    *making = (struct making){.command = command,
                              .name = recording->name,
                              .path = path,
                              .image = recording->image,
                              .lives = lives,
                              .errors = memfd_create("errors", MFD_CLOEXEC)};
    progress_show(progress, "reading the program, and finding when its objects die");
    enum subprocess_end end = subprocess_call(image_process, making, &code);
    progress_stop(progress);
    char *said = subprocess_output(making->errors);
    fputs(said, stderr);
    free(said);
    if (end == SUBPROCESS_INTERRUPTED)
        status = MESSAGE_INTERRUPTED;
    else if (end == SUBPROCESS_EXITED)
        status = code;
    else
        status = message_storage("%s: the process that reads %s was killed: memory may be out", command,
                                 recording->name);
    recording->census = making->census;
    munmap(making, sizeof *making);
    return status;
}

int recording_open(const char *command, const char *source, uint64_t seed, bool lives,
                   struct progress *progress, struct recording *ret_recording)
{
    *ret_recording = (struct recording){.name = text_format("%s", source)};
    int status = folder_make(command, ret_recording);
    if (status != 0)
        return status;
    char *recorded = text_format("%s/program.gcp", ret_recording->folder);
    const char *path = is_file(source) ? source : recorded;
    if (!is_file(source))
        status = workload_record(command, source, seed, recorded, progress);
    progress_step(progress);
    if (status == 0)
        status = memory_estimate(command, path);
    if (status == 0)
        status = recording_make(command, path, lives, progress, ret_recording);
    progress_step(progress);
    unlink(recorded);
    free(recorded);
    return status;
}

void recording_discard(struct recording *recording)
{
    if (recording->folder)
        writing_folder_remove(recording->folder);
    free(recording->image);
    free(recording->folder);
    recording->image = recording->folder = NULL;
}

void recording_close(struct recording *recording)
{
    recording_discard(recording);
    free(recording->name);
    *recording = (struct recording){0};
}

void recording_print(const struct recording *recording)
{
    const struct image_census *census = &recording->census;
    printf("  %" PRIu64 " operations on %" PRIu64 " objects: %" PRIu64 " die by counting, %" PRIu64
           " on cycles or held by them, %" PRIu64 " never\n",
           census->operations, census->objects, census->objects - census->cyclic - census->survivors,
           census->cyclic, census->survivors);
}
