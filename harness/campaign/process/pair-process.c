/* SPDX-License-Identifier: MIT */
#include "harness/campaign/process/pair-process.h"

#include <stdlib.h>
#include <string.h>

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
    ret_process->end = subprocess_capture(command.argv.items, command.envp.items, timeout_ns,
                                          &ret_process->code, &output, &ret_process->error);
    if (ret_process->end == SUBPROCESS_EXITED)
        ret_process->record = json_loads(output, 0, NULL);
    ret_process->said = said_by(subprocess_line_last(ret_process->error, NULL));
    command_free(&command);
    free(output);
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
