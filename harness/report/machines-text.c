/* SPDX-License-Identifier: MIT */
#include "harness/report/machines-text.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "harness/analysis/by-machine.h"
#include "harness/report/figure.h"
#include "harness/report/textual.h"
#include "harness/results/run-machines.h"

/* More pairs on which machines disagree are in the tables and in JSON. */
enum { MACHINES_PAIRS = 10 };

/* Returns the number of blocks of a machine. */
static size_t machines_blocks(const struct run *run, size_t machine)
{
    size_t blocks = 0;
    for (size_t block = 0; block < run->blocks; block++)
        blocks += run_machine_of(run, block) == machine;
    return blocks;
}

void machines_text_shown(const struct run *run, char ret_text[MACHINES_TEXT])
{
    char name[RUN_MACHINES_NAME];
    ret_text[0] = '\0';
    if (!machines_are_several(&run->machines))
        return;
    run_machines_name(run->store->manifest, run->shown, name);
    snprintf(
        ret_text, MACHINES_TEXT,
        "Times, sizes and counts are those of machine %s, which ran %zu of %zu blocks: absolute figures of "
        "several machines are not pooled. Ratios and claims are over all %zu machines.",
        name, machines_blocks(run, run->shown), run->blocks, run->machines.count);
}

/* ---- the effect of machines ---- */

/* Adds how often each machine disagrees. */
static void machines_say_apart(const struct run *run, const struct by_machine_sum *sum, const size_t *apart,
                               FILE *stream)
{
    const char *between = ": ";
    if (sum->disagreeing == 0) {
        fputs(" No machine is shown to disagree with the others.", stream);
        return;
    }
    fprintf(stream, " On %zu of the %zu pairs machines disagree", sum->disagreeing, sum->pairs);
    for (size_t i = 0; i < run->machines.count; i++) {
        char name[RUN_MACHINES_NAME];
        if (apart[i] == 0)
            continue;
        run_machines_name(run->store->manifest, i, name);
        fprintf(stream, "%s%s on %zu", between, name, apart[i]);
        between = ", ";
    }
    putc('.', stream);
    if (sum->other_way)
        fprintf(stream, " On %zu the ratio is below 1 on one machine, and above 1 on another.",
                sum->other_way);
}

char *machines_text_effect(const struct claims *claims, size_t setting)
{
    const struct run *run = claims->run;
    char *text = NULL;
    size_t size, *apart = memory_new(run->machines.count, sizeof(*apart));
    struct by_machine_sum sum = {0};
    if (machines_are_several(&run->machines))
        sum = by_machine_sum_up(claims, setting, apart);
    if (sum.pairs) {
        FILE *stream = memory_stream(&text, &size);
        fprintf(
            stream,
            "From machine to machine a ratio deviates by %.1f%% in the median pair, which is %.0f%% of the "
            "variance of a block, and by %.1f%% at most (%s: %s over %s).",
            100 * expm1(sum.median), 100 * sum.share, 100 * expm1(sum.most),
            run->works.names[sum.where->a->work], run->configs.names[sum.where->a->config],
            run->configs.names[sum.where->b->config]);
        machines_say_apart(run, &sum, apart, stream);
        memory_stream_close(stream);
    }
    free(apart);
    return text;
}

/* ---- the pairs on which machines disagree ---- */

/* A pair of the claims, by its place, and how far machines are apart. */
struct machines_pair {
    size_t place;
    double tau;
};

static int machines_compare(const void *left, const void *right)
{
    const struct machines_pair *a = left, *b = right;
    if (a->tau != b->tau)
        return a->tau > b->tau ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

/* Lists the pairs of a setting on which a machine disagrees, the furthest apart first. Returns how many. */
static size_t machines_list(const struct claims *claims, size_t setting, struct machines_pair *ret_pairs)
{
    size_t count = 0;
    for (size_t i = 0; i < claims->count; i++) {
        struct by_machine found;
        if (claims->pairs[i].a->setting != setting)
            continue;
        by_machine_make(claims, &claims->pairs[i], &found);
        if (found.disagreeing)
            ret_pairs[count++] = (struct machines_pair){i, found.spread.between};
        by_machine_fini(&found);
    }
    if (count)
        qsort(ret_pairs, count, sizeof(*ret_pairs), machines_compare);
    return count;
}

static void machines_add_row(const struct claims *claims, const struct claims_pair *pair,
                             struct textual *table)
{
    const struct run *run = claims->run;
    struct by_machine found;
    char ratio[FIGURE_TEXT];
    by_machine_make(claims, pair, &found);
    textual_add(table, TEXTUAL_PLAIN, "%s", run->works.names[pair->a->work]);
    textual_add(table, TEXTUAL_PLAIN, "%s / %s", run->configs.names[pair->a->config],
                run->configs.names[pair->b->config]);
    figure_fine_ratio(pair->result.ratio, ratio);
    textual_add(table, TEXTUAL_PLAIN, "%s", ratio);
    textual_add(table, TEXTUAL_PLAIN, "%.1f%%", 100 * expm1(found.spread.between));
    for (size_t i = 0; i < found.count; i++) {
        figure_fine_ratio(found.machines[i].ratio, ratio);
        textual_add(table, found.machines[i].disagrees ? TEXTUAL_BAD : TEXTUAL_FAINT, "%s%s", ratio,
                    found.machines[i].disagrees ? " !" : "");
    }
    by_machine_fini(&found);
}

static void machines_print_pairs(const struct claims *claims, const struct machines_pair *pairs, size_t count,
                                 enum report_form form, FILE *stream)
{
    const struct run *run = claims->run;
    struct textual table;
    textual_init(&table, 4 + run->machines.count, 2);
    textual_add(&table, TEXTUAL_BOLD, "workload");
    textual_add(&table, TEXTUAL_BOLD, "a / b");
    textual_add(&table, TEXTUAL_BOLD, "ratio");
    textual_add(&table, TEXTUAL_BOLD, "deviation");
    for (size_t i = 0; i < run->machines.count; i++) {
        char name[RUN_MACHINES_NAME];
        run_machines_name(run->store->manifest, i, name);
        textual_add(&table, TEXTUAL_BOLD, "%s", name);
    }
    for (size_t i = 0; i < count && i < MACHINES_PAIRS; i++)
        machines_add_row(claims, &claims->pairs[pairs[i].place], &table);
    textual_print_form(&table, form, stream);
    textual_fini(&table);
}

void machines_text_print(const struct claims *claims, size_t setting, enum report_form form, FILE *stream)
{
    char *effect = machines_text_effect(claims, setting);
    if (!effect)
        return;
    struct machines_pair *pairs = memory_new(claims->count, sizeof(*pairs));
    size_t count = machines_list(claims, setting, pairs);
    textual_print_sentence(effect, form, stream);
    if (count) {
        char *head = text_format("Machines that disagree with the others have \"!\"%s",
                                 count > MACHINES_PAIRS ? "; the furthest apart are:" : ":");
        textual_print_sentence(head, form, stream);
        putc('\n', stream);
        machines_print_pairs(claims, pairs, count, form, stream);
        putc('\n', stream);
        free(head);
    }
    free(pairs);
    free(effect);
}

/* ---- JSON ---- */

void machines_text_pair_json(const struct claims *claims, const struct claims_pair *pair, json_t *object)
{
    struct by_machine found;
    json_t *machines = json_array();
    if (machines_are_several(&claims->run->machines)) {
        by_machine_make(claims, pair, &found);
        for (size_t i = 0; i < found.count; i++) {
            const struct by_machine_one *one = &found.machines[i];
            json_array_append_new(machines,
                                  json_pack("{sI sI so so so sb}", "machine", (json_int_t)i + 1, "blocks",
                                            (json_int_t)one->blocks, "ratio", figure_json(one->ratio), "low",
                                            figure_json(one->low), "high", figure_json(one->high),
                                            "disagrees", one->disagrees));
        }
        json_object_set_new(object, "tau", figure_json(found.spread.between));
        json_object_set_new(object, "share", figure_json(found.spread.share));
        json_object_set(object, "machines", machines);
        by_machine_fini(&found);
    }
    json_decref(machines);
}

void machines_text_run_json(const struct run *run, json_t *object)
{
    json_t *machines = json_array();
    for (size_t i = 0; machines_are_several(&run->machines) && i < run->machines.count; i++) {
        char name[RUN_MACHINES_NAME];
        run_machines_name(run->store->manifest, i, name);
        json_array_append_new(machines,
                              json_pack("{sI ss sI sb}", "machine", (json_int_t)i + 1, "name", name, "blocks",
                                        (json_int_t)machines_blocks(run, i), "shown", i == run->shown));
    }
    if (json_array_size(machines))
        json_object_set(object, "machines", machines);
    json_decref(machines);
}
