/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/text.h"
#include "harness/campaign/process/pair-process.h"
#include "harness/campaign/session.h"

/* Fills in the row of a warm process whose rehearsal did not come to its end. The caller frees the reason. */
static char *failure_take(const struct pair_process *process, const struct session *session,
                          struct store_row *row)
{
    const char *said = process->said ? process->said : "it says nothing";
    row->status = "error";
    if (pair_process_is_exhausted(process)) {
        const char *reason = json_string_value(json_object_get(process->record, "reason"));
        row->status = "oom";
        return text_format("%s", reason ? reason : "the collector ran out of memory");
    }
    if (process->end == SUBPROCESS_TIMEOUT) {
        row->status = "timeout";
        return text_format("its rehearsal was not done after %d s", (int)session->spec->timeout_seconds);
    }
    if (process->end == SUBPROCESS_SIGNALLED) {
        row->status = "crash";
        return text_format("its rehearsal was killed by signal %d (%s)", process->code,
                           strsignal(process->code));
    }
    return text_format("its rehearsal ended with status %d: %s", process->code, said);
}

/* Runs the rehearsal, and keeps what it found. Returns as warm_prepare() does. */
static int rehearse(struct session *session, const struct command_request *request, struct store_row *row,
                    char **ret_reason)
{
    struct session_warm *warm = &session->warms[row->cell];
    struct command_request rehearsal = *request;
    struct pair_process process;
    int status = 0;
    rehearsal.memory = "rehearse";
    rehearsal.events = rehearsal.timeline = rehearsal.latencies = NULL;
    pair_process_run(&rehearsal, (int64_t)session->spec->timeout_seconds * 1000000000, &process);
    const char *text = json_string_value(json_object_get(process.record, "warm"));
    if (process.end == SUBPROCESS_INTERRUPTED) {
        status = MESSAGE_INTERRUPTED;
    } else if (!pair_process_succeeded(&process) || !text) {
        *ret_reason = failure_take(&process, session, row);
        status = MESSAGE_FAILED_CELLS;
    } else {
        free(warm->text);
        *warm = (struct session_warm){.text = text_format("%s", text), .seed = row->seed};
    }
    pair_process_free(&process);
    return status;
}

int warm_prepare(struct session *session, struct command_request *request, struct store_row *row,
                 char **ret_reason)
{
    const struct session_warm *warm = &session->warms[row->cell];
    int status = 0;
    *ret_reason = NULL;
    if (strcmp(row->memory, "warm") != 0)
        return 0;
    if (!warm->text || warm->seed != row->seed)
        status = rehearse(session, request, row, ret_reason);
    request->memory = "warm";
    request->warm = warm->text;
    return status;
}
