/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/quantile.h"
#include "base/text.h"
#include "harness/campaign/process/pair-process.h"
#include "harness/campaign/session.h"
#include "harness/results/warmth.h"

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
    rehearsal.events = rehearsal.phases = rehearsal.timeline = rehearsal.latencies = NULL;
    pair_process_run(&rehearsal, (int64_t)session->spec->timeout_seconds * 1000000000, &process);
    const char *text = json_string_value(json_object_get(process.record, "warm"));
    if (process.end == SUBPROCESS_INTERRUPTED) {
        status = MESSAGE_INTERRUPTED;
    } else if (!pair_process_succeeded(&process) || !text) {
        *ret_reason = failure_take(&process, session, row);
        status = MESSAGE_FAILED_CELLS;
    } else {
        free(warm->text);
        warm->text = text_format("%s", text);
        warm->seed = row->seed;
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

/* Whether a cell is the cold twin of a warm one. */
static bool cell_is_twin(const struct plan_cell *cold, const struct plan_cell *warm)
{
    return strcmp(cold->memory, "cold") == 0 && cold->allocator == warm->allocator &&
           strcmp(cold->heap_limit ? cold->heap_limit : "", warm->heap_limit ? warm->heap_limit : "") == 0 &&
           strcmp(cold->build, warm->build) == 0 && strcmp(cold->workload, warm->workload) == 0 &&
           strcmp(cold->workload_options, warm->workload_options) == 0 &&
           strcmp(cold->collector, warm->collector) == 0 &&
           strcmp(cold->collector_options, warm->collector_options) == 0;
}

/* The median number of faults of a warm cell's cold twin so far; NaN where it has none, or no process yet. */
static double cold_faults(const struct session *session, size_t warm)
{
    const struct folder *folder = &session->folder;
    double *faults = memory_new(folder->row_count + 1, sizeof(*faults));
    size_t count = 0;
    for (size_t i = 0; i < folder->row_count; i++)
        if (cell_is_twin(&session->plan->cells[folder->rows[i].cell], &session->plan->cells[warm]) &&
            strcmp(folder->rows[i].status, "ok") == 0)
            faults[count++] = warmth_faults(&folder->rows[i]);
    double median = quantile_median(faults, count);
    free(faults);
    return median;
}

void warm_check(struct session *session, const struct store_row *row, const char *cell)
{
    struct session_warm *warm = &session->warms[row->cell];
    double cold = warm->said ? NAN : cold_faults(session, (size_t)row->cell);
    if (warm->said || !warmth_is_lacking(row, cold))
        return;
    warm->said = true;
    char *twin = isnan(cold) ? text_format("%s", "") : text_format(", where a cold one takes %.0f", cold);
    progress_say(&session->progress,
                 "process %06d, %s: not warm: %.0f faults while its clock ran%s; its figures are marked",
                 (int)row->id, cell, warmth_faults(row), twin);
    free(twin);
}
