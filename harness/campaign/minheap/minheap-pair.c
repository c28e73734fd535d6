/* SPDX-License-Identifier: MIT */
/* The search for the minimum heap of a real pair. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "harness/campaign/minheap/minheap.h"
#include "harness/campaign/process/pair-process.h"

enum { TIMES_LONGER = 10, PROCESSES_OF_FIRST = 20 };
static const int64_t shortest_timeout_ns = 2000000000;

static struct pair_process pair_once(const struct minheap_pair *pair, const char *limit, int64_t timeout_ns)
{
    struct pair_process process;
    struct command_request request = pair->request;
    request.heap_limit = limit;
    pair_process_run(&request, timeout_ns, &process);
    return process;
}

static const char *record_text(const json_t *record, const char *key)
{
    const char *text = json_string_value(json_object_get(record, key));
    return text ? text : "";
}

/*
 * The reason why a process is broken, for the caller to free. It neither did its work nor ran out of
 * anything.
 */
static char *ending_reason(const struct pair_process *ending)
{
    if (ending->end == SUBPROCESS_SIGNALLED)
        return text_format("killed by signal %d (%s)", ending->code, strsignal(ending->code));
    return text_format("exit status %d: %s", ending->code,
                       ending->said ? ending->said : "it wrote no record");
}

static enum minheap_verdict ending_judge(const struct minheap_pair *pair, const struct pair_process *ending,
                                         char **ret_reason)
{
    const char *status = record_text(ending->record, "status");
    if (ending->end == SUBPROCESS_INTERRUPTED)
        return MINHEAP_STOPPED;
    if (ending->end == SUBPROCESS_TIMEOUT)
        return MINHEAP_TOO_SMALL;
    if (pair_process_is_exhausted(ending))
        return MINHEAP_TOO_SMALL;
    if (ending->end != SUBPROCESS_EXITED || ending->code != 0 || strcmp(status, "ok") != 0) {
        *ret_reason = ending_reason(ending);
        return MINHEAP_BROKEN;
    }
    const char *checksum = record_text(ending->record, "checksum");
    if (strcmp(checksum, pair->checksum) == 0)
        return MINHEAP_FITS;
    *ret_reason = text_format("checksum %s, but %s without a limit", checksum, pair->checksum);
    return MINHEAP_BROKEN;
}

/* Expects as many processes of each trial that is to come as of those before. */
static void runs_expect(struct minheap_progress *shown)
{
    struct progress *progress = &shown->progress;
    progress->total = shown->processes_each * shown->trials;
    if (progress->total <= progress->done)
        progress->total = progress->done + 1;
}

void minheap_progress_start(struct minheap_progress *shown, size_t trials)
{
    *shown = (struct minheap_progress){.trials = trials, .processes_each = PROCESSES_OF_FIRST};
    progress_start_late(&shown->progress, 0);
    runs_expect(shown);
}

/* Shows the limit in MiB under which the next process runs; 0: without one. */
static void run_show(const struct minheap_pair *pair, double limit)
{
    if (!pair->shown)
        return;
    char *words = limit > 0 ? text_format("%s in %.4g MiB", pair->name, limit)
                            : text_format("%s without a limit", pair->name);
    runs_expect(pair->shown);
    progress_show(&pair->shown->progress, words);
    free(words);
}

enum minheap_verdict minheap_pair_run(void *context, uint64_t bytes, char **ret_reason)
{
    struct minheap_pair *pair = context;
    char limit[24];
    snprintf(limit, sizeof(limit), "%" PRIu64, bytes);
    run_show(pair, (double)bytes / (1 << 20));
    struct pair_process ending = pair_once(pair, limit, pair->timeout_ns);
    if (pair->shown)
        progress_step(&pair->shown->progress);
    enum minheap_verdict verdict = ending_judge(pair, &ending, ret_reason);
    if (verdict == MINHEAP_BROKEN) {
        char *reason = *ret_reason;
        *ret_reason = text_format("under a limit of %" PRIu64 " bytes: %s", bytes, reason);
        free(reason);
    }
    pair_process_free(&ending);
    return verdict;
}

int minheap_pair_open(struct minheap_pair *pair)
{
    struct pair_process ending = pair_once(pair, NULL, pair->timeout_ns);
    const json_t *wall = json_object_get(ending.record, "wall_ns");
    int status = 0;
    if (ending.end == SUBPROCESS_INTERRUPTED) {
        status = MESSAGE_INTERRUPTED;
    } else if (ending.end == SUBPROCESS_TIMEOUT) {
        status = message_bad_input("%s: not done after %g s, even without a limit", pair->request.pair,
                                   (double)pair->timeout_ns / 1e9);
    } else if (ending.end != SUBPROCESS_EXITED || ending.code != 0 || !json_is_integer(wall)) {
        char *reason = ending_reason(&ending);
        status = message_bad_input("%s: fails even without a limit: %s", pair->request.pair, reason);
        free(reason);
    } else {
        pair->checksum = text_format("%s", record_text(ending.record, "checksum"));
        pair->wall_ns = json_integer_value(wall);
        int64_t longer = pair->wall_ns * TIMES_LONGER;
        if (pair->timeout_ns == 0)
            pair->timeout_ns = longer > shortest_timeout_ns ? longer : shortest_timeout_ns;
    }
    pair_process_free(&ending);
    return status;
}

void minheap_pair_close(struct minheap_pair *pair)
{
    free(pair->checksum);
    pair->checksum = NULL;
}

static void trial_end(void *context)
{
    struct minheap_pair *pair = context;
    if (pair->shown)
        pair->shown->processes_each = pair->shown->progress.done / ++pair->shown->trials_done;
}

/* Clears the line of the progress, in front of one that stays. */
static void progress_clear(struct minheap_pair *pair)
{
    if (pair->shown)
        progress_stop(&pair->shown->progress);
}

int minheap_find(const char *place, struct minheap_pair *pair, unsigned trials,
                 struct minheap_result *ret_result)
{
    const struct minheap_process process = {minheap_pair_run, pair, trial_end};
    char *reason = NULL;
    *ret_result = (struct minheap_result){0};
    run_show(pair, 0);
    int status = minheap_pair_open(pair);
    progress_clear(pair);
    if (status != 0)
        return status;
    enum minheap_verdict verdict = minheap_search(&process, trials, pair->request.seed, ret_result, &reason);
    progress_clear(pair);
    if (verdict == MINHEAP_STOPPED)
        status = MESSAGE_INTERRUPTED;
    else if (verdict != MINHEAP_FITS) {
        message_note("%s: no minimum heap: %s", place, reason);
        status = MESSAGE_FAILED_CELLS;
    }
    free(reason);
    minheap_pair_close(pair);
    return status;
}

json_t *minheap_describe(const struct minheap_result *result, const struct minheap_pair *pair)
{
    json_t *trials = json_array();
    for (unsigned i = 0; i < result->count; i++) {
        const struct minheap_trial *trial = &result->trials[i];
        json_t *larger = trial->not_monotone ? json_integer((json_int_t)trial->not_monotone) : json_null();
        json_array_append_new(trials, json_pack("{sI si si so}", "bytes", (json_int_t)trial->bytes, "runs",
                                                (int)trial->runs, "refused", (int)trial->refused,
                                                "not_monotone_bytes", larger));
    }
    return json_pack("{sI sI sI sb sI so}", "minimum_bytes", (json_int_t)result->median, "low_bytes",
                     (json_int_t)result->low, "high_bytes", (json_int_t)result->high, "monotone",
                     result->monotone, "timeout_ns", (json_int_t)pair->timeout_ns, "trials", trials);
}
