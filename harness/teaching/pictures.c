/* SPDX-License-Identifier: MIT */
#include "harness/teaching/pictures.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/build.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/pause.h"
#include "base/text.h"
#include "harness/campaign/plan/pairs.h"
#include "harness/campaign/process/subprocess.h"
#include "harness/results/json-text.h"
#include "harness/teaching/drawable.h"
#include "program/program-text.h"

/* ---- the process that shows ---- */

static int shower_missing(const char *command, const char *name, char *path)
{
    char *build = build_makes(path) ? build_command(&path, 1) : NULL;
    int status =
        build ? message_bad_input("%s: show-%s is not built; %s", command, name, build)
              : message_bad_input("%s: %s cannot be drawn: the build has no show-%s", command, name, name);
    free(build);
    return status;
}

/* Finds show-<name>: beside the pairs where both are installed, and in a folder of its own in a build. */
static int shower_find(const char *command, const struct pairs *pairs, const char *name, char **ret_path)
{
    int status = pairs_name_check(pairs, command, "collector", name);
    *ret_path = text_format("%s/show-%s", pairs->dir, name);
    if (status != 0 || access(*ret_path, X_OK) == 0)
        return status;
    free(*ret_path);
    *ret_path = text_format("%s/../teaching/show-%s", pairs->dir, name);
    return access(*ret_path, X_OK) == 0 ? 0 : shower_missing(command, name, *ret_path);
}

/* Returns a file without a name that holds the program; -1 with errno set. */
static int program_file(const struct program *program)
{
    int file = memfd_create("program", MFD_CLOEXEC);
    FILE *stream = file < 0 ? NULL : fdopen(dup(file), "wb");
    bool written = stream && program_write(program, stream) == 0;
    if (stream && fclose(stream) != 0)
        written = false;
    if (!written && file >= 0)
        close(file);
    return written ? file : -1;
}

/* Says how a process ended that made no document. */
static int shower_failed(const struct pictures_request *request, enum subprocess_end end, int code,
                         char *said)
{
    const char *last = subprocess_line_last(said, NULL);
    if (end == SUBPROCESS_INTERRUPTED)
        return MESSAGE_INTERRUPTED;
    if (end == SUBPROCESS_EXITED)
        return message_bad_input("%s: %s", request->command, last ? last : "it says nothing");
    char *how = subprocess_explain(end, code, last, SUBPROCESS_QUICK);
    message_note("%s: %s: %s", request->command, request->collector, how);
    free(how);
    return MESSAGE_FAILED_CELLS;
}

static int shower_run(const struct pictures_request *request, char *path, char *options,
                      const struct program *program, json_t **ret_document)
{
    char *argv[] = {path,
                    (char *)"--options",
                    options,
                    (char *)"/dev/stdin",
                    request->changes ? (char *)"--changes" : NULL,
                    NULL};
    int code, file = program_file(program);
    struct subprocess_request run = {.argv = argv,
                                     .input = file,
                                     .output = memfd_create("pictures", MFD_CLOEXEC),
                                     .error = memfd_create("errors", MFD_CLOEXEC),
                                     .timeout_ns = SUBPROCESS_QUICK};
    if (file < 0)
        return message_storage("%s: no memory for the program: %s", request->command, strerror(errno));
    enum subprocess_end end = subprocess_run(&run, &code);
    char *output = subprocess_output(run.output), *said = subprocess_output(run.error);
    close(file);
    int status = 0;
    if (end != SUBPROCESS_EXITED || code != 0)
        status = shower_failed(request, end, code, said);
    else if (!(*ret_document = json_loads(output, 0, NULL)))
        status = message_storage("%s: %s printed no document", request->command, path);
    free(output);
    free(said);
    return status;
}

/* ---- what needs no collector ---- */

/* The lines of a program's operations: those of its text behind the version, the globals and the shapes. */
static json_t *operations_of(const struct program *program)
{
    char *text = NULL, *line;
    size_t size, head = 2 + program->shape_count;
    json_t *operations = json_array();
    FILE *stream = memory_stream(&text, &size);
    if (program_text_write(program, stream) < 0)
        memory_exhausted();
    memory_stream_close(stream);
    for (char *rest = text; (line = strsep(&rest, "\n")) && rest;) {
        if (head > 0)
            head--;
        else
            json_array_append_new(operations, json_string(line));
    }
    json_array_append_new(operations, json_string("the end: frames that are open are left"));
    free(text);
    return operations;
}

#define PHASE_DOES(word, name, does) json_object_set_new(phases, name, json_string(does));

static json_t *phases_all(void)
{
    json_t *phases = json_object();
    GC_PHASES(PHASE_DOES)
    return phases;
}

#undef PHASE_DOES

/* Returns a file's own name. */
static json_t *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return json_text(slash && slash[1] ? slash + 1 : path);
}

int pictures_make(const struct pictures_request *request, const struct program *program,
                  json_t **ret_document)
{
    struct pairs *pairs;
    char *name = NULL, *options = NULL, *path = NULL;
    *ret_document = NULL;
    int status = drawable_check(request->command, request->file, program);
    if (status != 0)
        return status;
    status = pairs_load(&pairs);
    if (status != 0)
        return status;
    status = pairs_entry_read(request->command, "collector", request->collector, &name, &options);
    if (status == 0)
        status = shower_find(request->command, pairs, name, &path);
    if (status == 0)
        status = shower_run(request, path, options, program, ret_document);
    if (status == 0) {
        json_object_set_new(*ret_document, "program", file_name(request->file));
        json_object_set_new(json_object_get(*ret_document, "collector"), "options", json_text(options));
        json_object_set_new(*ret_document, "operations", operations_of(program));
        json_object_set_new(*ret_document, "phases", phases_all());
    }
    pairs_free(pairs);
    free(path);
    free(name);
    free(options);
    return status;
}

/* ---- in words ---- */

char *pictures_heading(const json_t *document, size_t picture)
{
    const json_t *pictures = json_object_get(document, "pictures");
    const json_t *place = json_object_get(json_array_get(pictures, picture), "operation");
    const json_t *line =
        json_array_get(json_object_get(document, "operations"), (size_t)json_integer_value(place));
    return text_format("picture %zu of %zu: %s", picture + 1, json_array_size(pictures),
                       json_string_value(line));
}

char *pictures_phase(const json_t *document, size_t picture)
{
    const json_t *this = json_array_get(json_object_get(document, "pictures"), picture);
    const char *phase = json_string_value(json_object_get(this, "phase"));
    if (!phase)
        return text_format("%s", "");
    const char *does = json_string_value(json_object_get(json_object_get(document, "phases"), phase));
    return text_format("%s %s: %s", json_is_true(json_object_get(this, "within")) ? "within" : "after", phase,
                       does);
}
