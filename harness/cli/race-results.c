/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/message.h"
#include "harness/cli/cli.h"
#include "harness/cli/race.h"
#include "harness/cli/summary.h"
#include "harness/report/figure.h"
#include "harness/results/json-text.h"

static void race_print(const struct race *race)
{
    const struct target *target = &race->contenders[0].target;
    long long rounds = (long long)race->rounds;
    message_say("%s on %s (%s), seed %lld; %lld round%s of every collector%s", race->options->workload,
                target->allocator.name, target->allocator.tuning->name, race->options->subjects.seed, rounds,
                rounds == 1 ? "" : "s", rounds == 1 ? "" : ", each in an order of its own");
    puts("");
    contenders_print(race->contenders, race->count);
    if (rounds == 1)
        puts("One round says nothing of noise: --runs 5 gives intervals.");
    else
        printf("Medians over rounds. x: mean ratio of a round, with its interval%s.\n",
               rounds < CONTENDER_ROUNDS_FEW
                   ? ", which trusts from so few rounds that ratios scatter\nnormally. "
                     "'gcmatrix matrix' makes claims that hold for all comparisons together"
                   : "");
}

static json_t *contender_json(const struct contender *contender, const struct contender *first)
{
    struct contender_ratio ratio = contender_ratio_of(contender, first);
    return json_pack("{so so ss so so so sO}", "collector", json_text(contender->name), "reason",
                     json_text(contender->reason), "role", contender_role_name(contender), "ratio",
                     figure_json(ratio.ratio), "ratio_low", figure_json(ratio.interval.low), "ratio_high",
                     figure_json(ratio.interval.high), "records", contender->records);
}

/* The record of one process, an array of the records of several, or what came of several collectors. */
static json_t *race_json(const struct race *race)
{
    json_t *records = race->contenders[0].records;
    if (race->count == 1)
        return json_incref(race->options->rounds == 1 ? json_array_get(records, 0) : records);
    json_t *contenders = json_array();
    for (size_t i = 0; i < race->count; i++)
        json_array_append_new(contenders, contender_json(&race->contenders[i], &race->contenders[0]));
    return json_pack("{ss so sI so}", "schema", "gcmatrix.run.1", "workload",
                     json_text(race->options->workload), "rounds", (json_int_t)race->rounds, "collectors",
                     contenders);
}

/* Prints the phases of each collector's pauses. */
static void phases_print(const struct race *race)
{
    for (size_t i = 0; i < race->count; i++) {
        const struct contender *contender = &race->contenders[i];
        size_t processes = json_array_size(contender->records);
        puts("");
        if (processes > 1)
            message_say("Pauses of %s, %zu processes together:", contender->name, processes);
        else
            message_say("Pauses of %s:", contender->name);
        summary_phases_print(contender->records);
    }
}

void race_results_print(const struct race *race)
{
    if (race->options->subjects.as_json) {
        cli_json_print(race_json(race), 0);
    } else if (race->count == 1) {
        summary_print(race->contenders[0].records, race->contenders[0].target.allocator.tuning->name);
    } else {
        race_print(race);
    }
    if (race->options->phases)
        phases_print(race);
}

int race_results_status(const struct race *race)
{
    const struct contender *first = NULL;
    int status = 0;
    for (size_t i = 0; i < race->count; i++) {
        const struct contender *contender = &race->contenders[i];
        if (contender->reason) {
            message_note("run: %s: %s", contender->name, contender->reason);
            status = MESSAGE_FAILED_CELLS;
        }
        if (json_array_size(contender->records) == 0)
            continue;
        status = summary_status(contender->records) ? MESSAGE_FAILED_CELLS : status;
        first = first ? first : contender;
        const json_t *mine = json_object_get(json_array_get(contender->records, 0), "checksum");
        const json_t *other = json_object_get(json_array_get(first->records, 0), "checksum");
        if (!json_equal(mine, other)) {
            message_note("run: %s: checksum %s, but %s under %s", contender->name, json_string_value(mine),
                         json_string_value(other), first->name);
            status = MESSAGE_FAILED_CELLS;
        }
    }
    return status;
}
