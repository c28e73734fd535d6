/* SPDX-License-Identifier: MIT */
#include "harness/campaign/campaign.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/campaign/description.h"
#include "harness/campaign/machine/machine-usage.h"
#include "harness/campaign/plan/layout.h"
#include "harness/campaign/process/counter.h"
#include "harness/campaign/process/measure.h"
#include "harness/campaign/process/progress.h"
#include "harness/results/folder.h"

static const char *const statuses[] = {"ok", "oom", "timeout", "crash", "mismatch", "error"};

enum { STATUSES = sizeof(statuses) / sizeof(statuses[0]), STATUS_CRASH = 3 };

/* A campaign that goes on. */
struct campaign {
    const struct spec *spec;
    const struct plan *plan;
    struct measure_tools tools;
    struct layouts layouts;
    char *valgrind; /* NULL: instructions are not counted */
    struct folder folder;
    struct progress progress;
    struct machine_usage usage; /* before the first process of this session */
    size_t ended[STATUSES];     /* processes of this session, by status */
};

char *campaign_cell_name(const struct plan_cell *cell)
{
    const char *tuning = cell->allocator->tuning->name;
    bool plain = strcmp(tuning, "default") == 0;
    bool warm = strcmp(cell->memory, "warm") == 0;
    return text_format("%s%s%s x %s%s%s on %s%s%s%s%s%s%s%s%s", cell->workload,
                       *cell->workload_options ? ":" : "", cell->workload_options, cell->collector,
                       *cell->collector_options ? ":" : "", cell->collector_options, cell->allocator->name,
                       plain ? "" : ":", plain ? "" : tuning, cell->heap ? " in " : "",
                       cell->heap ? cell->heap : "", cell->heap ? " times the minimum heap" : "",
                       warm ? ", warm" : "", *cell->build ? " of " : "", cell->build);
}

static struct store_row row_make(const struct campaign *campaign, size_t id)
{
    const struct plan *plan = campaign->plan;
    const struct plan_cell *cell = &plan->cells[plan->order[id]];
    struct store_row row = store_row_empty();
    row.id = (int64_t)id;
    row.block = (int64_t)(id / plan->cell_count);
    row.cell = plan->order[id];
    row.attempt = 0;
    row.workload = cell->workload;
    row.workload_options = cell->workload_options;
    row.collector = cell->collector;
    row.collector_options = cell->collector_options;
    row.allocator = cell->allocator->name;
    row.tuning = cell->allocator->tuning->name;
    row.memory = cell->memory;
    row.build = cell->build;
    row.layout = row.block % (int64_t)campaign->spec->layouts;
    row.seed = (int64_t)campaign->spec->seed + (campaign->spec->vary_seed ? row.block : 0);
    return row;
}

static void ending_note(struct campaign *campaign, const struct store_row *row, const char *cell)
{
    for (size_t i = 0; i < STATUSES; i++)
        campaign->ended[i] += strcmp(row->status, statuses[i]) == 0;
    if (strcmp(row->status, "ok") != 0)
        progress_say(&campaign->progress, "process %06d, %s: %s: %s", (int)row->id, cell, row->status,
                     row->reason);
    progress_step(&campaign->progress);
}

static int row_finish(struct campaign *campaign, struct store_row *row, const char *cell)
{
    char *disagreement =
        strcmp(row->status, "ok") == 0 ? folder_agreement_check(&campaign->folder, row) : NULL;
    int status = folder_row_keep(&campaign->folder, row);
    if (status == 0)
        ending_note(campaign, row, cell);
    free(disagreement);
    return status;
}

/*
 * Fills in the instructions of a row that is ok. They are a function of the cell and the seed, so the first
 * block counts them for all blocks. When they cannot be counted, the column stays empty, and one line says
 * why. Returns 0 or MESSAGE_INTERRUPTED.
 */
static int instructions_count(struct campaign *campaign, const struct command_request *request,
                              struct store_row *row, const char *cell)
{
    struct folder *folder = &campaign->folder;
    int64_t timeout_ns = (int64_t)campaign->spec->timeout_seconds * 1000000000;
    char *reason;
    if (!campaign->valgrind || strcmp(row->status, "ok") != 0)
        return 0;
    row->instructions = folder_instructions(folder, row);
    if (row->instructions != STORE_MISSING)
        return 0;
    enum counter_end end = counter_count(campaign->valgrind, request, folder->scratch, row->checksum,
                                         timeout_ns, &row->instructions, &reason);
    if (end == COUNTER_FAILED)
        progress_say(&campaign->progress, "process %06d, %s: instructions not counted: %s", (int)row->id,
                     cell, reason);
    if (end != COUNTER_COUNTED)
        row->instructions = STORE_MISSING;
    free(reason);
    return end == COUNTER_INTERRUPTED ? MESSAGE_INTERRUPTED : 0;
}

/* Links the pair into `path`, unless this session has done so. The name appears when the file is whole. */
static int pair_link(const struct campaign *campaign, const char *pair, int64_t layout, const char *path,
                     char **ret_reason)
{
    *ret_reason = NULL;
    if (access(path, X_OK) == 0)
        return 0;
    char *part = text_format("%s.part", path);
    int status = relink_make(campaign->layouts.relink, pair, (uint64_t)layout, part, ret_reason);
    if (status == 0 && rename(part, path) != 0) {
        *ret_reason = text_format("%s: %s", path, strerror(errno));
        status = -1;
    }
    free(part);
    return status;
}

/*
 * The path of the executable of a process in its layout, which the caller frees: the build's own executable,
 * or one that is linked anew. NULL after one line, or after an interrupt without a line.
 */
static char *pair_lay_out(const struct campaign *campaign, const struct store_row *row)
{
    const char *pair = campaign->plan->cells[row->cell].pair;
    if (!campaign->layouts.relink || row->layout == 0)
        return text_format("%s", pair);
    char *scratch = realpath(campaign->folder.scratch, NULL), *reason;
    char *path = text_format("%s/%s@%d", scratch ? scratch : "", strrchr(pair, '/') + 1, (int)row->layout);
    int status = pair_link(campaign, pair, row->layout, path, &reason);
    if (status != 0 && !subprocess_interrupted())
        message_bad_input("%s: layout %d: %s", pair, (int)row->layout, reason);
    free(reason);
    free(scratch);
    if (status == 0)
        return path;
    free(path);
    return NULL;
}

/* Runs the process of a request, and keeps its row. */
static int request_measure(struct campaign *campaign, const struct command_request *request,
                           struct store_row *row, const char *cell)
{
    struct folder *folder = &campaign->folder;
    int64_t timeout_ns = (int64_t)campaign->spec->timeout_seconds * 1000000000;
    char *reason;
    json_t *record;
    enum measure_outcome outcome =
        measure_process(&campaign->tools, request, folder->scratch, timeout_ns, row, &reason, &record);
    int status = outcome == MEASURE_INTERRUPTED ? MESSAGE_INTERRUPTED : 0;
    if (outcome == MEASURE_NO_SPACE)
        status = message_storage("%s: no space left on the disk; the rows before process %06d are kept",
                                 folder->dir, (int)row->id);
    if (outcome == MEASURE_COMPLETE)
        status = instructions_count(campaign, request, row, cell);
    if (outcome == MEASURE_COMPLETE && status == 0)
        status = row_finish(campaign, row, cell);
    json_decref(record);
    free(reason);
    return status;
}

/* Runs one process of the plan, from its command line to its row. */
static int process_measure(struct campaign *campaign, size_t id)
{
    struct folder *folder = &campaign->folder;
    struct store_row row = row_make(campaign, id);
    const struct plan_cell *cell = &campaign->plan->cells[row.cell];
    struct layout layout = layout_make(&campaign->layouts, (uint64_t)row.layout);
    enum spec_raw raw = campaign->spec->raw;
    bool keep_raw = raw == SPEC_RAW_ALL || (raw == SPEC_RAW_FIRST && row.block == 0);
    char *record = folder_in_flight(folder, FILES_RECORD), *events = folder_in_flight(folder, FILES_EVENTS);
    char *timeline = folder_in_flight(folder, FILES_TIMELINE), *name = campaign_cell_name(cell);
    char *latencies = folder_in_flight(folder, FILES_LATENCIES);
    unlink(events);
    unlink(timeline);
    unlink(latencies);
    progress_show(&campaign->progress, name);
    char *pair = pair_lay_out(campaign, &row);
    struct command_request request = {.pair = pair,
                                      .workload_options = cell->workload_options,
                                      .collector_options = cell->collector_options,
                                      .allocator = cell->allocator,
                                      .seed = (uint64_t)row.seed,
                                      .heap_limit = cell->heap_limit,
                                      .record = record,
                                      .events = keep_raw ? events : NULL,
                                      .timeline = keep_raw ? timeline : NULL,
                                      .latencies = keep_raw ? latencies : NULL,
                                      .counters = campaign->spec->counter == SPEC_COUNTER_PERF,
                                      .padding = layout.padding,
                                      .fixed_addresses = layout.fixed_addresses};
    int status = subprocess_interrupted() ? MESSAGE_INTERRUPTED : MESSAGE_BAD_INPUT;
    if (pair)
        status = request_measure(campaign, &request, &row, name);
    char *texts[] = {record, events, timeline, latencies, name, pair};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        free(texts[i]);
    return status;
}

static int processes_measure(struct campaign *campaign)
{
    struct folder *folder = &campaign->folder;
    int status = 0;
    progress_start(&campaign->progress, folder->total, folder->done_count);
    for (size_t id = 0; id < folder->total && status == 0; id++)
        if (!folder->done[id])
            status = subprocess_interrupted() ? MESSAGE_INTERRUPTED : process_measure(campaign, id);
    progress_stop(&campaign->progress);
    return status;
}

/*
 * Checks that no build has replaced an executable while the run went on. Such a run is not finished, and a
 * resume refuses it too.
 */
static int binaries_check(const struct campaign *campaign)
{
    json_t *now = json_object(), *then = json_object_get(campaign->folder.manifest, "binaries"), *digits;
    const char *name, *changed = NULL;
    int status = description_binaries_add(campaign->plan, now);
    json_object_foreach(now, name, digits)
        if (!json_equal(digits, json_object_get(then, name)))
            changed = name;
    if (status == 0 && changed)
        status = message_bad_input(
            "%s: the executable %s was replaced while the run was going on; its figures are of "
            "two builds: start a new run",
            campaign->folder.dir, changed);
    json_decref(now);
    return status;
}

/* Notes in the manifest which share of the processors' busy time the host took away during the session. */
static void stolen_note(struct campaign *campaign)
{
    json_t *manifest = campaign->folder.manifest;
    double share = machine_stolen_share(campaign->usage, machine_usage_read(""));
    json_object_set_new(json_object_get(manifest, "machine"), "stolen_share", json_real(share));
    if (share <= MACHINE_STOLEN_MOST)
        return;
    char *words =
        text_format("the host took away %.2f%% of the processors' busy time during the run: repeat it where "
                    "processors are not shared",
                    100 * share);
    json_array_append_new(json_object_get(manifest, "warnings"), json_string(words));
    free(words);
}

/* The last words of a session, and its exit status. */
static int session_conclude(struct campaign *campaign, int status)
{
    struct folder *folder = &campaign->folder;
    char span[32];
    if (status != 0) {
        message_note("%zu of %zu processes are complete; go on with: gcmatrix matrix %s -o %s --resume",
                     folder->done_count, folder->total, campaign->spec->path, folder->dir);
        return status;
    }
    progress_span(progress_clock() - campaign->progress.begin_ns, span);
    printf("%zu processes in %s:", folder->done_count - campaign->progress.done_before, span);
    bool said = false;
    for (size_t i = 0; i < STATUSES; i++)
        if (campaign->ended[i]) {
            printf("%s %zu %s", said ? "," : "", campaign->ended[i], statuses[i]);
            said = true;
        }
    printf("%s\nresults in %s; next: gcmatrix compare %s\n", said ? "" : " nothing was missing", folder->dir,
           folder->dir);
    size_t broken = 0;
    for (size_t i = STATUS_CRASH; i < STATUSES; i++)
        broken += campaign->ended[i];
    return broken ? MESSAGE_FAILED_CELLS : 0;
}

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
static int folder_enter(struct campaign *campaign, const struct campaign_options *options, json_t *manifest)
{
    char *dir = dir_choose(campaign->spec, options);
    bool there = access(dir, F_OK) == 0;
    int status = options->resume && there ? folder_resume(dir, manifest, &campaign->folder)
                                          : folder_create(dir, manifest, &campaign->folder);
    free(dir);
    return status;
}

static void layouts_find_of_plan(struct campaign *campaign)
{
    const struct plan *plan = campaign->plan;
    char **pairs = memory_new(plan->cell_count + 1, sizeof(*pairs));
    for (size_t i = 0; i < plan->cell_count; i++)
        pairs[i] = plan->cells[i].pair;
    layouts_find(campaign->spec->layouts, pairs, plan->cell_count, &campaign->layouts);
    free(pairs);
}

int campaign_run(const struct spec *spec, const struct plan *plan, const struct campaign_options *options)
{
    struct campaign campaign = {.spec = spec, .plan = plan};
    json_t *manifest = NULL;
    int status = measure_tools_find(&campaign.tools);
    if (status == 0 && spec->counter == SPEC_COUNTER_INSTRUCTIONS) {
        campaign.valgrind = counter_find(spec->path);
        status = campaign.valgrind ? 0 : MESSAGE_BAD_INPUT;
    }
    if (status != 0) {
        measure_tools_free(&campaign.tools);
        return status;
    }
    subprocess_interrupts_hold();
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of write(), as a full disk is */
    layouts_find_of_plan(&campaign);
    status = description_make(spec, plan, &campaign.tools, &campaign.layouts, &manifest);
    if (status == 0)
        status = folder_enter(&campaign, options, manifest);
    if (status == 0) {
        campaign.usage = machine_usage_read("");
        status = processes_measure(&campaign);
        int changed = status == 0 ? binaries_check(&campaign) : 0;
        if (changed == 0) {
            stolen_note(&campaign);
            int finished = folder_finish(&campaign.folder);
            status = session_conclude(&campaign, status ? status : finished);
        }
        status = changed ? changed : status;
        folder_close(&campaign.folder);
    }
    json_decref(manifest);
    free(campaign.valgrind);
    layouts_free(&campaign.layouts);
    measure_tools_free(&campaign.tools);
    return status;
}
