/* SPDX-License-Identifier: MIT */
#include "harness/campaign/session.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/campaign/description.h"
#include "harness/campaign/estimate.h"
#include "harness/campaign/process/command.h"
#include "harness/campaign/process/counter.h"
#include "harness/results/attempts.h"

static const char *const statuses[SESSION_STATUSES] = {"ok",       "oom",   "timeout",   "crash",
                                                       "mismatch", "error", "unmeasured"};

/* What a process took of a session's time; one that timed out took all that it had. */
static double row_seconds(const struct session *session, const struct store_row *row)
{
    if (row->process_wall_ns != STORE_MISSING)
        return (double)row->process_wall_ns / 1e9;
    return strcmp(row->status, "timeout") == 0 ? (double)session->spec->timeout_seconds : 0;
}

static void pace_note(struct session *session, const struct store_row *row)
{
    struct session_pace *pace = &session->paces[row->cell];
    pace->processes++;
    pace->blocks += row->attempt == 0;
    pace->seconds += (row_seconds(session, row) - pace->seconds) / (double)pace->processes;
}

void session_count(struct session *session, const struct store_row *row)
{
    for (size_t i = 0; i < SESSION_STATUSES; i++)
        session->ended[i] += strcmp(row->status, statuses[i]) == 0;
    session->repeated += row->attempt > 0;
    pace_note(session, row);
}

/* ---- the budget's clock ---- */

double session_used(const struct session *session)
{
    return session->used_before + (double)(progress_clock() - session->begin_ns) / 1e9;
}

/* What the rows from `first` to `last` took, where their session was killed and could not say it. */
static double rows_seconds(const struct session *session, size_t first, size_t last)
{
    double seconds = 0;
    for (size_t i = first; i < last && i < session->folder.row_count; i++)
        seconds += row_seconds(session, &session->folder.rows[i]);
    return seconds;
}

/* Sums up what earlier sessions took. */
static double sessions_seconds(const struct session *session)
{
    const json_t *sessions = json_object_get(session->folder.manifest, "sessions");
    size_t count = json_array_size(sessions);
    double seconds = 0;
    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_array_get(sessions, i), *took = json_object_get(one, "seconds");
        const json_t *next = json_object_get(json_array_get(sessions, i + 1), "rows");
        size_t first = (size_t)json_integer_value(json_object_get(one, "rows"));
        size_t last = next ? (size_t)json_integer_value(next) : session->folder.row_count;
        seconds += json_is_number(took) ? json_number_value(took) : rows_seconds(session, first, last);
    }
    return seconds;
}

/* ---- the begin ---- */

static char *dir_choose(const struct spec *spec, const struct campaign_options *options)
{
    char now[32];
    if (options->dir) {
        size_t length = strlen(options->dir);
        while (length > 1 && options->dir[length - 1] == '/')
            length--;
        return text_format("%.*s", (int)length, options->dir);
    }
    folder_time_now(now);
    return text_format("results/%s-%s", spec->name, now);
}

/* Makes the run's folder, or opens it to go on with. */
static int folder_enter(struct session *session, json_t *manifest)
{
    char *dir = dir_choose(session->spec, session->options);
    bool there = access(dir, F_OK) == 0;
    int status = session->options->resume && there ? folder_resume(dir, manifest, &session->folder)
                                                   : folder_create(dir, manifest, &session->folder);
    free(dir);
    return status;
}

/* Why executables that lie in the run's folder could not be run, in words; NULL: they can. */
static const char *folder_objection(const struct session *session)
{
    char *dir = dir_choose(session->spec, session->options), *here = getcwd(NULL, 0);
    const char *objection = command_path_objection(dir);
    if (!objection && here && *dir != '/')
        objection = command_path_objection(here);
    free(dir);
    free(here);
    return objection;
}

/* Finds what layouts can vary. The link order of two builds is not varied together. */
static void layouts_find_of_plan(struct session *session)
{
    const struct plan *plan = session->plan;
    const char *no_relink = folder_objection(session);
    char **pairs = memory_new(plan->cell_count + 1, sizeof(*pairs));
    for (size_t i = 0; i < plan->cell_count; i++) {
        pairs[i] = plan->cells[i].pair;
        if (*plan->cells[i].build)
            no_relink = "the executables are of two builds";
    }
    layouts_find(session->spec->layouts, pairs, plan->cell_count, no_relink, &session->layouts);
    free(pairs);
}

/* Finds where processes with a limit can run, if there are any. */
static int limits_find(const struct plan *plan, struct measure_tools *tools)
{
    for (size_t i = 0; i < plan->cell_count; i++)
        if (plan->cells[i].process_limit)
            return control_group_place_find(&tools->limits);
    return 0;
}

int session_init(const struct spec *spec, const struct plan *plan, const struct campaign_options *options,
                 struct session *ret_session)
{
    struct session *session = ret_session;
    json_t *manifest = NULL;
    *session = (struct session){.spec = spec,
                                .plan = plan,
                                .options = options,
                                .folder = {.journal = {.file = -1}},
                                .quiet = QUIET_NONE};
    int status = measure_tools_find(&session->tools);
    if (status == 0)
        status = limits_find(plan, &session->tools);
    if (status == 0 && spec->counter == SPEC_COUNTER_INSTRUCTIONS) {
        session->valgrind = counter_find(spec->path);
        status = session->valgrind ? 0 : MESSAGE_BAD_INPUT;
    }
    if (status == 0)
        status = quiet_find(&session->quiet);
    if (status != 0)
        return status;
    subprocess_interrupts_hold();
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of write(), as a full disk is */
    layouts_find_of_plan(session);
    status = description_make(spec, plan, &session->tools, &session->layouts, &manifest);
    if (status == 0 && options->shard.count > 1)
        json_object_set_new(manifest, "shard", shard_describe(options->shard));
    if (status == 0)
        status = folder_enter(session, manifest);
    if (status == 0 && !order_of_manifest(session->folder.manifest, &session->order))
        status = message_bad_input("%s cannot be resumed: its \"order\" is not known", session->folder.dir);
    if (status == 0) {
        session->warms = memory_new(plan->cell_count, sizeof(*session->warms));
        session->decide = decide_new(session->folder.manifest);
        session->view = view_new(plan, session->decide);
        session->paces = memory_new(plan->cell_count, sizeof(*session->paces));
        for (size_t i = 0; i < session->folder.row_count; i++)
            pace_note(session, &session->folder.rows[i]);
        session->used_before = sessions_seconds(session);
        session->begin_ns = progress_clock();
    }
    json_decref(manifest);
    return status;
}

void session_fini(struct session *session)
{
    quiet_end(&session->quiet);
    view_free(session->view);
    decide_free(session->decide);
    order_free(&session->order);
    free(session->paces);
    for (size_t i = 0; session->warms && i < session->plan->cell_count; i++)
        free(session->warms[i].text);
    free(session->warms);
    folder_close(&session->folder);
    free(session->valgrind);
    layouts_free(&session->layouts);
    measure_tools_free(&session->tools);
}

int session_begin(struct session *session)
{
    char now[32];
    struct folder *folder = &session->folder;
    folder_time_now(now);
    json_t *about = json_pack("{ss sI sn}", "begin", now, "rows", (json_int_t)folder->row_count, "seconds");
    int status = quiet_begin(&session->quiet, &folder->run, folder->manifest, about);
    session->tools.processors = processors_measured(&session->quiet.processors);
    session->usage = machine_usage_read("");
    if (status == 0)
        return folder_session_begin(folder, about);
    json_decref(about);
    return status;
}

/* ---- the end ---- */

/*
 * Checks that no build has replaced an executable while the run went on. Such a run is not finished, and a
 * resume refuses it too.
 */
static int binaries_check(const struct session *session)
{
    json_t *now = json_object(), *then = json_object_get(session->folder.manifest, "binaries"), *digits;
    const char *name, *changed = NULL;
    int status = description_binaries_add(session->plan, now);
    json_object_foreach(now, name, digits)
        if (!json_equal(digits, json_object_get(then, name)))
            changed = name;
    if (status == 0 && changed)
        status = message_bad_input(
            "%s: the executable %s was replaced while the run was going on; its figures are of "
            "two builds: start a new run",
            session->folder.dir, changed);
    json_decref(now);
    return status;
}

/* Notes in the manifest which share of the processors' busy time the host took away during the session. */
static void stolen_note(struct session *session)
{
    json_t *manifest = session->folder.manifest;
    double share = machine_stolen_share(session->usage, machine_usage_read(""));
    json_object_set_new(json_object_get(manifest, "machine"), "stolen_share", json_real(share));
    if (share <= MACHINE_STOLEN_MOST)
        return;
    char *words = text_format(
        "the host took away %.2f%% of the processors' busy time in a session: repeat the run where "
        "processors are not shared",
        100 * share);
    json_array_append_new(json_object_get(manifest, "warnings"), json_string(words));
    free(words);
}

/* How to go on with the run: the command that began it, with --resume. */
static void resume_note(const struct session *session)
{
    const struct folder *folder = &session->folder;
    char *so_far = session->spec->sequential
                       ? text_format("%zu processes are complete", folder->done_count)
                       : text_format("%zu of %zu processes are complete", folder->done_count, folder->due);
    char *spec = escape_shell(session->spec->path), *dir = escape_shell(folder->dir);
    message_note("%s; go on with: gcmatrix matrix %s -o %s%s%s --resume", so_far, spec, dir,
                 session->options->again, session->options->budget);
    free(spec);
    free(dir);
    free(so_far);
}

static void processes_say(const struct session *session)
{
    char span[32];
    progress_span(progress_clock() - session->begin_ns, span);
    printf("%zu processes in %s:",
           session->folder.done_count - session->progress.done_before + session->repeated, span);
    bool said = false;
    for (size_t i = 0; i < SESSION_STATUSES; i++)
        if (session->ended[i]) {
            printf("%s %zu %s", said ? "," : "", session->ended[i], statuses[i]);
            said = true;
        }
    if (session->repeated)
        printf("; %zu of them ran again, after an attempt that was disturbed", session->repeated);
    printf("%s\n", said ? "" : " nothing was missing");
}

/* Says what the run has decided, what ended it, and what would decide more. A shard decides nothing. */
static void decisions_say(struct session *session)
{
    const struct decide *decide = session->decide;
    struct decide_counts counts = decide_count(decide);
    size_t compared = decide->pair_count - counts.blank - counts.as_warm;
    if (decide->pair_count == 0 || decide->design.first < 2 || session->folder.shard.count > 1)
        return;
    printf("decided: %zu of %zu comparisons after %zu blocks (%zu differ, %zu equal within %g%%); undecided: "
           "%zu\n",
           counts.less + counts.more + counts.equal, compared, decide->blocks, counts.less + counts.more,
           counts.equal, 100 * decide->design.precision, counts.undecided);
    if (counts.as_warm)
        printf("left out: %zu, of cold cells that are as warm, within the precision\n", counts.as_warm);
    if (counts.blank)
        printf("blank: %zu, because a process of a cell failed\n", counts.blank);
    if (session->ending && strcmp(session->ending, "budget") == 0)
        estimate_more_say(session);
}

/*
 * Whether a row is a failure. One that ran out of memory below a limit of its heap or its process is a result, which
 * a chart or a table shows. One that was not measured, and then repeated, does not count.
 */
static bool row_failed(const struct session *session, const struct store_row *row, bool counts)
{
    const struct plan_cell *cell = &session->plan->cells[row->cell];
    bool limited = cell->heap || cell->process_limit;
    if (attempts_unmeasured(row))
        return counts;
    return strcmp(row->status, "ok") != 0 && !(limited && strcmp(row->status, "oom") == 0);
}

/* Whether any process of the run, in whatever session, failed. */
static bool run_failed(const struct session *session)
{
    const struct folder *folder = &session->folder;
    bool *counts = memory_new(folder->row_count + 1, sizeof(*counts)), failed = false;
    attempts_choose(folder->rows, folder->row_count, counts);
    for (size_t i = 0; i < folder->row_count && !failed; i++)
        failed = row_failed(session, &folder->rows[i], counts[i]);
    free(counts);
    return failed;
}

/* Says where the results are, and what to do with them. */
static void next_say(const struct session *session)
{
    const struct shard *shard = &session->folder.shard;
    char *dir = escape_shell(session->folder.dir);
    if (shard->count > 1)
        message_say("shard %" PRIu64 "/%" PRIu64
                    " in %s; next, with the other shards: gcmatrix merge %s ... -o RUN",
                    shard->index, shard->count, session->folder.dir, dir);
    else
        message_say("results in %s; next: gcmatrix compare %s", session->folder.dir, dir);
    free(dir);
}

/* The last words of a session, and its exit status. */
static int session_conclude(struct session *session, int status)
{
    if (status != 0) {
        resume_note(session);
        return status;
    }
    processes_say(session);
    decisions_say(session);
    next_say(session);
    return run_failed(session) ? MESSAGE_FAILED_CELLS : 0;
}

bool session_was_finished(const struct session *session)
{
    return json_is_string(json_object_get(session->folder.manifest, "finished"));
}

int session_repeat(struct session *session)
{
    session->ending = json_string_value(json_object_get(session->folder.manifest, "ended"));
    return session_conclude(session, 0);
}

int session_end(struct session *session, int status)
{
    double seconds = (double)(progress_clock() - session->begin_ns) / 1e9;
    int changed = status == 0 ? binaries_check(session) : 0;
    if (changed != 0)
        return changed;
    stolen_note(session);
    if (status == 0)
        quiet_conclude(session->folder.dir, session->folder.manifest, session->folder.rows,
                       session->folder.row_count);
    /* A full disk takes no manifest either, and has been said. */
    int kept = status == MESSAGE_STORAGE
                   ? 0
                   : folder_session_end(&session->folder, seconds, status == 0 ? session->ending : NULL);
    return session_conclude(session, status ? status : kept);
}
