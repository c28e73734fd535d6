/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/message.h"
#include "base/text.h"
#include "harness/campaign/process/pair-process.h"
#include "harness/campaign/session.h"

/* Fills in the row of a warm process whose rehearsal did not come to its end. The caller frees the reason. */
static char *failure_take(const struct pair_process *process, const struct session *session,
                          struct store_row *row)
{
    if (pair_process_is_exhausted(process)) {
        const char *reason = json_string_value(json_object_get(process->record, "reason"));
        row->status = "oom";
        return text_format("%s", reason ? reason : "the collector ran out of memory");
    }
    static const char *const statuses[] = {
        [SUBPROCESS_EXITED] = "error",    [SUBPROCESS_SIGNALLED] = "crash",
        [SUBPROCESS_TIMEOUT] = "timeout", [SUBPROCESS_INTERRUPTED] = "unmeasured",
        [SUBPROCESS_LOST] = "unmeasured", [SUBPROCESS_NOT_STARTED] = "unmeasured"};
    row->status = statuses[process->end];
    char *how = subprocess_explain(process->end, process->code, process->said,
                                   (int64_t)session->spec->timeout_seconds * 1000000000);
    char *reason = text_format("its rehearsal %s%s", process->end == SUBPROCESS_EXITED ? "" : "was ", how);
    free(how);
    return reason;
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
