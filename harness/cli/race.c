/* SPDX-License-Identifier: MIT */
#include "harness/cli/race.h"

#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/random.h"
#include "base/text.h"
#include "harness/campaign/process/counter.h"
#include "harness/campaign/process/pair-process.h"
#include "harness/cli/scratch.h"
#include "harness/results/records.h"

/* ---- one process ---- */

static struct command_request request_make(const struct race *race, const struct target *target)
{
    const struct race_options *options = race->options;
    return (struct command_request){.pair = target->pair,
                                    .workload_options = target->workload_options,
                                    .collector_options = target->collector_options,
                                    .allocator = &target->allocator,
                                    .seed = (uint64_t)options->subjects.seed,
                                    .heap_limit = options->heap_limit,
                                    .record = "-",
                                    .events = race->files[RACE_EVENTS].part,
                                    .timeline = race->files[RACE_TIMELINE].part,
                                    .latencies = race->files[RACE_LATENCIES].part,
                                    .counters = options->perf};
}

/* Whether a contender of several goes on without this one. Alone, it is the command that fails. */
static int contender_fail(const struct race *race, struct contender *contender, char *reason)
{
    int status = 0;
    if (race->count == 1) {
        message_note("%s: %s", contender->target.pair, reason);
        free(reason);
        status = MESSAGE_FAILED_CELLS;
    } else {
        contender->reason = reason;
    }
    return status;
}

/* Takes a record. Of several contenders one that ran out of memory is not run again. */
static void record_take(const struct race *race, struct contender *contender, json_t *record)
{
    const char *state = json_string_value(json_object_get(record, "status"));
    const char *reason = json_string_value(json_object_get(record, "reason"));
    if (race->count > 1 && state && strcmp(state, "ok") != 0)
        contender->reason = text_format("%s: %s", state, reason ? reason : "");
    else
        json_array_append(contender->records, record);
}

/* Runs one process of a contender. Returns 0, or a status after one line. */
static int process_once(const struct race *race, struct contender *contender)
{
    struct pair_process process;
    struct command_request request = request_make(race, &contender->target);
    int status = 0;
    if (contender->reason)
        return 0;
    pair_process_run(&request, 0, &process);
    if (process.end == SUBPROCESS_INTERRUPTED)
        status = MESSAGE_INTERRUPTED;
    else if (process.end != SUBPROCESS_EXITED)
        status =
            contender_fail(race, contender, subprocess_explain(process.end, process.code, process.said, 0));
    else if (!process.record && process.code == RECORDS_EXIT_STORAGE)
        status = message_storage("%s", process.said ? process.said : "the process could not write its files");
    else if (!process.record)
        status = message_bad_input("%s", process.said ? process.said : "the process wrote no record");
    else if (request.latencies && !json_object_get(process.record, "latency"))
        status = message_bad_input("run: %s serves no requests: it has no latencies to write",
                                   contender->target.workload);
    else
        record_take(race, contender, process.record);
    pair_process_free(&process);
    return status;
}

/* Counts the instructions of the record's work and adds them to the record. */
static int instructions_add(const struct race *race, const struct target *target, const char *valgrind,
                            json_t *record)
{
    struct command_request request = request_make(race, target);
    char *scratch, *reason = NULL;
    int64_t instructions;
    int status = scratch_make("run", &scratch);
    if (status != 0)
        return status;
    enum counter_end end =
        counter_count(valgrind, &request, scratch, json_string_value(json_object_get(record, "checksum")), 0,
                      &instructions, &reason);
    writing_folder_remove(scratch);
    free(scratch);
    if (end == COUNTER_COUNTED)
        json_object_set_new(record, "instructions", json_integer(instructions));
    else if (end == COUNTER_INTERRUPTED)
        status = MESSAGE_INTERRUPTED;
    else
        status = message_bad_input("run: instructions were not counted: %s", reason);
    free(reason);
    return status;
}

/* Counts the instructions once, for each contender's first record. Every process does the same work. */
static int records_count(struct race *race)
{
    char *valgrind = race->options->counts ? counter_find("run") : NULL;
    int status = race->options->counts && !valgrind ? MESSAGE_BAD_INPUT : 0;
    for (size_t i = 0; i < race->count && valgrind && status == 0; i++) {
        json_t *record = json_array_get(race->contenders[i].records, 0);
        const char *state = json_string_value(json_object_get(record, "status"));
        if (state && strcmp(state, "ok") == 0) {
            progress_show(&race->progress, "instructions, under valgrind");
            status = instructions_add(race, &race->contenders[i].target, valgrind, record);
        }
    }
    free(valgrind);
    return status;
}

/* ---- all processes ---- */

/* Runs every contender once, in a shuffled order, so that none has the same neighbour each time. */
static int round_run(struct race *race, struct random_state *random)
{
    size_t order[SUBJECTS_MAX];
    int status = 0;
    for (size_t i = 0; i < race->count; i++) {
        size_t other = random_below(random, i + 1);
        order[i] = order[other];
        order[other] = i;
    }
    for (size_t i = 0; i < race->count && status == 0; i++) {
        struct contender *contender = &race->contenders[order[i]];
        if (race->progress.total > 1)
            progress_show(&race->progress, contender->name);
        status = process_once(race, contender);
        progress_step(&race->progress);
    }
    race->rounds += status == 0;
    return status;
}

int race_rounds_run(struct race *race)
{
    struct random_state random;
    size_t rounds = (size_t)race->options->rounds;
    int status = 0;
    random_seed(&random, (uint64_t)race->options->subjects.seed);
    progress_start_late(&race->progress, race->count * rounds);
    while (race->rounds < rounds && status == 0)
        status = round_run(race, &random);
    if (status == 0)
        status = records_count(race);
    progress_stop(&race->progress);
    return status;
}
