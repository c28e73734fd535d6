/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "base/text.h"
#include "harness/campaign/process/command.h"
#include "harness/campaign/process/counter.h"
#include "harness/campaign/session.h"
#include "harness/results/attempts.h"

static struct store_row row_make(const struct session *session, size_t id)
{
    const struct plan *plan = session->plan;
    size_t processes = plan->blocks * plan->cell_count, place = id % processes;
    const struct plan_cell *cell = &plan->cells[session->order.cells[place]];
    struct store_row row = store_row_empty();
    row.id = (int64_t)id;
    row.block = (int64_t)(place / plan->cell_count);
    row.cell = session->order.cells[place];
    row.attempt = (int64_t)(id / processes);
    row.workload = cell->workload;
    row.workload_options = cell->workload_options;
    row.collector = cell->collector;
    row.collector_options = cell->collector_options;
    row.allocator = cell->allocator->name;
    row.tuning = cell->allocator->tuning->name;
    row.memory = cell->memory;
    row.build = cell->build;
    row.layout = row.block % (int64_t)session->spec->layouts;
    row.seed = (int64_t)session->spec->seed + (session->spec->vary_seed ? row.block : 0);
    return row;
}

/* Of a process that is to run again, if attempts are left. */
static const char *repetition_words(const struct store_row *row)
{
    return row->attempt + 1 < STORE_ATTEMPTS ? "; it runs again in this block" : "";
}

static void ending_note(struct session *session, const struct store_row *row, const char *cell)
{
    session_count(session, row);
    if (strcmp(row->status, "ok") != 0)
        progress_say(&session->progress, "process %06d, %s: %s: %s%s", (int)row->id, cell, row->status,
                     row->reason, attempts_unmeasured(row) ? repetition_words(row) : "");
    bool disturbed = attempts_disturbed(row) && !attempts_unmeasured(row);
    session->disturbed += disturbed;
    if (disturbed && session->disturbed <= SESSION_DISTURBED_SAID)
        progress_say(&session->progress, "process %06d, %s: lost %.1f%% of its time to others%s",
                     (int)row->id, cell, 100 * attempts_lost_share(row), repetition_words(row));
    if (strcmp(row->memory, "warm") == 0)
        warm_check(session, row, cell);
    if (row->attempt == 0)
        progress_step(&session->progress);
    else
        progress_repeat(&session->progress);
}

static int row_finish(struct session *session, struct store_row *row, const char *cell)
{
    char *disagreement =
        strcmp(row->status, "ok") == 0 ? folder_agreement_check(&session->folder, row) : NULL;
    int status = folder_row_keep(&session->folder, row);
    if (status == 0)
        ending_note(session, row, cell);
    free(disagreement);
    return status;
}

/*
 * Fills in the instructions of a row that is ok. They are a function of the cell and the seed, so the first
 * block counts them for all blocks. When they cannot be counted, the column stays empty, and one line says
 * why. Returns 0 or MESSAGE_INTERRUPTED.
 */
static int instructions_count(struct session *session, const struct command_request *request,
                              struct store_row *row, const char *cell)
{
    struct folder *folder = &session->folder;
    int64_t timeout_ns = (int64_t)session->spec->timeout_seconds * 1000000000;
    char *reason;
    if (!session->valgrind || strcmp(row->status, "ok") != 0)
        return 0;
    row->instructions = folder_instructions(folder, row);
    if (row->instructions != STORE_MISSING)
        return 0;
    session->doing = "counting its instructions";
    enum counter_end end = counter_count(session->valgrind, request, folder->scratch, row->checksum,
                                         timeout_ns, &row->instructions, &reason);
    session->doing = NULL;
    if (end == COUNTER_FAILED)
        progress_say(&session->progress, "process %06d, %s: instructions not counted: %s", (int)row->id, cell,
                     reason);
    if (end != COUNTER_COUNTED)
        row->instructions = STORE_MISSING;
    free(reason);
    return end == COUNTER_INTERRUPTED ? MESSAGE_INTERRUPTED : 0;
}

/* Links the pair into `path`, unless this session has done so. The name appears when the file is whole. */
static int pair_link(const struct session *session, const char *pair, int64_t layout, const char *path,
                     char **ret_reason)
{
    *ret_reason = NULL;
    if (access(path, X_OK) == 0)
        return 0;
    char *part = text_format("%s.part", path);
    int status = relink_make(session->layouts.relink, pair, (uint64_t)layout, part, ret_reason);
    if (status == 0 && rename(part, path) != 0) {
        *ret_reason = text_format("%s: %s", path, strerror(errno));
        status = -1;
    }
    free(part);
    return status;
}

/* Says that a pair could not be linked in a layout. Returns the status: the disk's where that is full. */
static int unlinked_say(const struct session *session, const struct store_row *row, const char *reason)
{
    const char *pair = session->plan->cells[row->cell].pair;
    const char *lacking = measure_space_lacking(session->folder.scratch);
    if (subprocess_interrupted())
        return MESSAGE_INTERRUPTED;
    if (!lacking)
        return message_bad_input("%s: layout %d: %s", pair, (int)row->layout, reason);
    return message_storage("%s: layout %d of %s cannot be linked: %s; the rows before process %06d are kept",
                           session->folder.dir, (int)row->layout, pair, lacking, (int)row->id);
}

/*
 * Finds the executable of a process in its layout, whose path the caller frees: the build's own executable, or one
 * that is linked anew. Returns 0; or a status after one line, or after an interrupt without a line.
 */
static int pair_lay_out(const struct session *session, const struct store_row *row, char **ret_path)
{
    const char *pair = session->plan->cells[row->cell].pair;
    *ret_path = NULL;
    if (!session->layouts.relink || row->layout == 0) {
        *ret_path = text_format("%s", pair);
        return 0;
    }
    char *scratch = realpath(session->folder.scratch, NULL), *reason;
    char *path = text_format("%s/%s@%d", scratch ? scratch : "", strrchr(pair, '/') + 1, (int)row->layout);
    const char *objection = command_path_objection(path);
    int status = objection ? -1 : pair_link(session, pair, row->layout, path, &reason);
    if (objection)
        reason = text_format("%s: %s; name another folder of results", path, objection);
    if (status == 0)
        *ret_path = path;
    else
        status = unlinked_say(session, row, reason);
    if (status != 0)
        free(path);
    free(reason);
    free(scratch);
    return status;
}

/* Keeps the row of a warm process that could not be rehearsed. */
static int unrehearsed_finish(struct session *session, struct store_row *row, char *reason, const char *cell)
{
    row->reason = reason;
    int status = row_finish(session, row, cell);
    free(reason);
    return status;
}

/* Removes what an unmeasured process wrote: it may have been ended in the middle of a line. */
static void files_drop(const struct command_request *request)
{
    const char *paths[] = {request->events, request->phases, request->timeline, request->latencies};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        if (paths[i])
            unlink(paths[i]);
}

/* Runs the process of a request, and keeps its row. */
static int request_measure(struct session *session, struct command_request *request, struct store_row *row,
                           const char *cell)
{
    struct folder *folder = &session->folder;
    int64_t timeout_ns = (int64_t)session->spec->timeout_seconds * 1000000000;
    char *reason;
    json_t *record;
    session->doing = "its rehearsal";
    int status = warm_prepare(session, request, row, &reason);
    session->doing = NULL;
    if (status != 0)
        return status == MESSAGE_INTERRUPTED ? status : unrehearsed_finish(session, row, reason, cell);
    enum measure_outcome outcome =
        measure_process(&session->tools, request, folder->scratch, timeout_ns, row, &reason, &record);
    status = outcome == MEASURE_INTERRUPTED ? MESSAGE_INTERRUPTED : 0;
    quiet_row(&session->quiet, row);
    if (attempts_unmeasured(row))
        files_drop(request);
    if (outcome == MEASURE_COMPLETE && attempts_unmeasured(row))
        status = measure_tools_try(&session->tools); /* without hyperfine the run ends here */
    if (outcome == MEASURE_NO_SPACE)
        status = message_storage("%s: %s; the rows before process %06d are kept", folder->dir, reason,
                                 (int)row->id);
    if (outcome == MEASURE_COMPLETE && status == 0)
        status = instructions_count(session, request, row, cell);
    if (outcome == MEASURE_COMPLETE && status == 0)
        status = row_finish(session, row, cell);
    json_decref(record);
    free(reason);
    return status;
}

int measuring_process(struct session *session, size_t id)
{
    struct folder *folder = &session->folder;
    struct store_row row = row_make(session, id);
    const struct plan_cell *cell = &session->plan->cells[row.cell];
    struct layout layout = layout_make(&session->layouts, (uint64_t)row.layout);
    enum spec_raw raw = session->spec->raw;
    folder_flight_begin(folder, row.id);
    bool keep_raw = raw == SPEC_RAW_ALL || (raw == SPEC_RAW_FIRST && row.block == 0);
    char *record = folder_in_flight(folder, FILES_RECORD), *events = folder_in_flight(folder, FILES_EVENTS);
    char *timeline = folder_in_flight(folder, FILES_TIMELINE), *name = plan_cell_name(cell);
    char *latencies = folder_in_flight(folder, FILES_LATENCIES);
    char *phases = folder_in_flight(folder, FILES_PHASES);
    char *pair;
    session->doing = "linking it";
    int status = pair_lay_out(session, &row, &pair);
    session->doing = NULL;
    struct command_request request = {.pair = pair,
                                      .workload_options = cell->workload_options,
                                      .collector_options = cell->collector_options,
                                      .allocator = cell->allocator,
                                      .seed = (uint64_t)row.seed,
                                      .heap_limit = cell->heap_limit,
                                      .process_limit = cell->process_limit,
                                      .record = record,
                                      .events = keep_raw ? events : NULL,
                                      /* another build may be older, and know no phases */
                                      .phases = keep_raw && !*cell->build ? phases : NULL,
                                      .timeline = keep_raw ? timeline : NULL,
                                      .latencies = keep_raw ? latencies : NULL,
                                      .counters = session->spec->counter == SPEC_COUNTER_PERF,
                                      .padding = layout.padding,
                                      .fixed_addresses = layout.fixed_addresses};
    if (status == 0)
        status = request_measure(session, &request, &row, name);
    char *texts[] = {record, events, phases, timeline, latencies, name, pair};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        free(texts[i]);
    return status;
}
