/* SPDX-License-Identifier: MIT */
#include "harness/campaign/process/pair-process.h"

#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "harness/results/records.h"

/* A line without the name of the program, which who says it again puts before it. */
static char *said_by(char *line)
{
    static const char name[] = "gcmatrix: ";
    return line && strncmp(line, name, sizeof(name) - 1) == 0 ? line + sizeof(name) - 1 : line;
}

void pair_process_run(const struct command_request *request, int64_t timeout_ns,
                      struct pair_process *ret_process)
{
    struct command command;
    struct command_request to_output = *request;
    char *output;
    to_output.record = "-";
    *ret_process = (struct pair_process){0};
    command_make(&to_output, &command);
    struct subprocess_request run = {.argv = command.argv.items,
                                     .envp = command.envp.items,
                                     .timeout_ns = timeout_ns,
                                     .fixed_addresses = request->fixed_addresses};
    ret_process->end = subprocess_capture_of(&run, &ret_process->code, &output, &ret_process->error);
    if (ret_process->end == SUBPROCESS_EXITED)
        ret_process->record = json_loads(output, 0, NULL);
    ret_process->said = said_by(subprocess_line_last(ret_process->error, NULL));
    command_free(&command);
    free(output);
}

int pair_process_allocator_refuse(const struct allocator *allocator, enum subprocess_end end, int code,
                                  const char *said, int64_t timeout_ns)
{
    const char *place = allocator->place ? allocator->place : "", *colon = allocator->place ? ": " : "";
    if (end == SUBPROCESS_EXITED && code == RECORDS_EXIT_STORAGE)
        return message_storage("%s%sallocator %s: %s", place, colon, allocator->name,
                               said ? said : "no record");
    if (end == SUBPROCESS_EXITED && said)
        return message_bad_input("%s%sallocator %s: %s", place, colon, allocator->name, said);
    char *how = subprocess_explain(end, code, said, timeout_ns);
    int status = message_bad_input("%s%sallocator %s: a process that preloads it: %s", place, colon,
                                   allocator->name, how);
    free(how);
    return status;
}

int pair_process_preload_try(const char *pair, const struct allocator *allocator)
{
    struct command_request request = {
        .pair = pair, .workload_options = "", .collector_options = "", .allocator = allocator, .seed = 1};
    struct command command;
    char *output, *error;
    int code, status = 0;
    if (!allocator->object)
        return 0;
    command_make(&request, &command);
    text_list_take(&command.argv, text_format("--describe"));
    enum subprocess_end end =
        subprocess_capture(command.argv.items, command.envp.items, SUBPROCESS_ANSWER, &code, &output, &error);
    if (end == SUBPROCESS_INTERRUPTED)
        status = MESSAGE_INTERRUPTED;
    else if (end != SUBPROCESS_EXITED || code != 0)
        status = pair_process_allocator_refuse(allocator, end, code, subprocess_line_last(error, NULL),
                                               SUBPROCESS_ANSWER);
    command_free(&command);
    free(output);
    free(error);
    return status;
}

bool pair_process_succeeded(const struct pair_process *process)
{
    return process->end == SUBPROCESS_EXITED && process->code == 0 && process->record;
}

bool pair_process_is_exhausted(const struct pair_process *process)
{
    const char *status = json_string_value(json_object_get(process->record, "status"));
    return process->end == SUBPROCESS_EXITED && process->code == RECORDS_EXIT_OOM && status &&
           strcmp(status, "oom") == 0;
}

void pair_process_free(struct pair_process *process)
{
    json_decref(process->record);
    free(process->error);
    *process = (struct pair_process){0};
}
