/* SPDX-License-Identifier: MIT */
#include "harness/stress/keep.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/escape.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/stress/generator.h"
#include "harness/stress/shrink.h"
#include "program/program-text.h"

/* Returns the collector's options as program `seed` drew them: the last column of its line. The caller frees
 * them. */
static char *options_drawn(const struct driver_finding *finding, const char *boundaries)
{
    struct worker_task task = {.seed = finding->line.seed,
                               .programs = 1,
                               .conditions = finding->mix->conditions,
                               .dials = finding->mix->dials,
                               .boundaries = boundaries};
    struct child child = {0};
    char *options = NULL;
    if (workers_start(finding->worker, &task, &child) < 0)
        return text_format("%s", "");
    while (!child_wait(&child, 1, 1000, WORKERS_SILENCE_NS))
        ;
    char *line = child.output.text;
    if (line && strchr(line, '\n')) {
        *strchr(line, '\n') = '\0';
        const char *last = strrchr(line, ' ');
        options = last && strcmp(last, " -") != 0 ? text_format("%s", last + 1) : NULL;
    }
    child_close(&child);
    return options ? options : text_format("%s", "");
}

/* Finds the dials and the conditions of this one program, with every value that was drawn. */
static void mix_resolve(const struct driver_finding *finding, struct dials *ret_dials,
                        char ret_conditions[static OPTIONS_TEXT_BYTES])
{
    char error[OPTION_ERROR_BYTES];
    struct conditions conditions;
    option_table_defaults(&conditions_table, &conditions);
    option_table_parse(&conditions_table, finding->mix->conditions, &conditions, error);
    option_table_defaults(&dials_table, ret_dials);
    option_table_parse(&dials_table, finding->mix->dials, ret_dials, error);
    *ret_dials = generator_dials(finding->line.seed, ret_dials, &conditions);
    conditions.swarm = false;
    conditions.vary = VARY_OFF;
    if (conditions.fault != FAULT_NONE)
        conditions.at = finding->line.at;
    options_print(&conditions_table, &conditions, ret_conditions);
}

/* Writes the program as text. Returns what program_text_write() does. */
static int text_print(const struct driver_finding *finding, const struct dials *dials,
                      const struct program *program, const struct kept *kept, FILE *stream)
{
    char text[OPTIONS_TEXT_BYTES];
    options_print(&dials_table, dials, text);
    fprintf(stream, "# %s: %s: %s\n", finding->worker->collector, finding->kind, finding->text);
    fprintf(stream, "# shrunk from seed %" PRIu64 " with dials %s\n# and boundaries %s\n# %s\n",
            finding->line.seed, *text ? text : "at their defaults", kept->boundaries, kept->command);
    return program_text_write(program, stream);
}

/* Ends a file after `written`, which is below 0 where writing failed. Returns 0, or a status after one line. */
static int file_end(struct writing *file, int written)
{
    if (written >= 0 || ferror(writing_stream(file)))
        return writing_keep(file);
    writing_drop(file);
    return message_storage("stress: out of memory");
}

/* Writes the program and its text, which is called as the program with ".txt" behind it. */
static int files_write(const struct driver_finding *finding, const struct dials *dials,
                       const struct program *program, const struct writing_folder *folder,
                       const struct kept *kept)
{
    struct writing file;
    const char *text_name = kept->path + strlen(folder->path) + strlen("/");
    char *name = text_format("%.*s", (int)(strlen(text_name) - strlen(".txt")), text_name);
    int status = writing_begin(folder, name, &file);
    if (status == 0)
        status = file_end(&file, program_write(program, writing_stream(&file)));
    if (status == 0)
        status = writing_begin(folder, text_name, &file);
    if (status == 0)
        status = file_end(&file, text_print(finding, dials, program, kept, writing_stream(&file)));
    free(name);
    return status;
}

static char *command_make(const struct driver_finding *finding, const struct shrink *shrink, const char *path)
{
    const struct worker *worker = finding->worker;
    char *tested = worker->runtime ? escape_shell(worker->runtime) : text_format("%s", worker->collector);
    char *file = escape_shell(path);
    char *command = text_format("gcmatrix stress --replay %s %s %s --seed %" PRIu64 "%s%s%s%s", file,
                                worker->runtime ? "--runtime" : "-c", tested, finding->line.seed,
                                *shrink->conditions ? " --setting " : "", shrink->conditions,
                                *shrink->options ? " --options " : "", shrink->options);
    free(tested);
    free(file);
    return command;
}

int keep_folder_open(const char *path, struct writing_folder *ret_folder)
{
    struct stat about;
    int error = mkdir(path, 0777) != 0 ? errno : 0;
    if (error == EEXIST && stat(path, &about) == 0)
        error = S_ISDIR(about.st_mode) ? 0 : ENOTDIR;
    if (!error)
        return writing_folder_open(path, ret_folder);
    char *place = text_format("stress: --keep: %s", path);
    int status = writing_refuse(place, error);
    free(place);
    return status;
}

int keep_finding(const struct driver_request *request, const struct driver_finding *finding,
                 const struct writing_folder *folder, double seconds, struct kept *ret_kept)
{
    struct dials dials;
    struct program program;
    char conditions[OPTIONS_TEXT_BYTES];
    mix_resolve(finding, &dials, conditions);
    *ret_kept = (struct kept){.boundaries = boundaries_text(request->boundaries)};
    if (generator_make(finding->line.seed, &dials, request->boundaries, NULL, &program) < 0)
        return message_storage("stress: out of memory");
    char *options =
        finding->options ? text_format("%s", finding->options) : options_drawn(finding, ret_kept->boundaries);
    struct shrink shrink = {.reproduction = {.truth = request->truth,
                                             .worker = finding->worker,
                                             .conditions = conditions,
                                             .options = options,
                                             .seed = finding->line.seed},
                            .kind = finding->kind,
                            .seconds = seconds};
    int status = shrink_program(&shrink, &program);
    if (status < 0) {
        status = message_storage("stress: the program cannot be shrunk: %s", strerror(errno));
    } else {
        ret_kept->reproduced = status == 0;
        ret_kept->operations = program.op_count;
        ret_kept->processes = shrink.processes;
        ret_kept->path = text_format("%s/%s-%s-%" PRIu64 ".gcp.txt", folder->path, finding->worker->collector,
                                     finding->kind, finding->line.seed);
        ret_kept->command = command_make(finding, &shrink, ret_kept->path);
        status = files_write(finding, &dials, &program, folder, ret_kept);
    }
    free(options);
    program_free(&program);
    return status;
}

void kept_free(struct kept *kept)
{
    free(kept->boundaries);
    free(kept->path);
    free(kept->command);
    *kept = (struct kept){0};
}
