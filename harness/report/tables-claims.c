/* SPDX-License-Identifier: MIT */
#include "harness/report/tables-claims.h"

#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/nearest.h"
#include "harness/report/claims-text.h"
#include "harness/report/tables-cell.h"

const enum run_metric tables_claims_metrics[TABLES_CLAIMS] = {
    [TABLES_CLAIMS_WALL] = RUN_WALL, [TABLES_CLAIMS_PEAK] = RUN_PEAK, [TABLES_CLAIMS_PAUSE] = RUN_PAUSE_MAX};

const char *tables_claims_word(enum sequential_verdict verdict)
{
    return verdict == SEQUENTIAL_BLANK ? "" : claims_text_verdict(verdict);
}

int tables_baseline_find(const struct run *run, const char *name, size_t *ret_config)
{
    size_t config = 0;
    if (!name) {
        config = run_baseline(run);
        *ret_config = config < run->configs.measured ? config : TABLES_NO_BASELINE;
        return 0;
    }
    while (config < run->configs.measured && strcmp(run->configs.names[config], name) != 0)
        config++;
    *ret_config = config < run->configs.measured ? config : TABLES_NO_BASELINE;
    if (*ret_config != TABLES_NO_BASELINE)
        return 0;
    const char *near = nearest_name(name, (const char *const *)run->configs.names, run->configs.measured);
    return near ? message_bad_input("--baseline: this run has no collector '%s'; did you mean '%s'?", name,
                                    near)
                : message_bad_input("--baseline: this run has no collector '%s'; it has '%s' and others",
                                    name, run->configs.measured ? run->configs.names[0] : "none");
}

const char *tables_claims_verdict(const struct claims *claims, const struct run_cell *cell,
                                  const struct run_cell *best)
{
    if (!best || cell == best)
        return "";
    return tables_claims_word(claims_between(claims, cell, best).verdict);
}

const struct normalise_entry *tables_best(const struct normalise_table *table, size_t work)
{
    for (size_t config = 0; config < table->configs; config++)
        if (normalise_at(table, work, config)->best)
            return normalise_at(table, work, config);
    return NULL;
}

static void claims_result_write(struct table *table, const struct sequential_result *result)
{
    table_text(table, tables_claims_word(result->verdict));
    table_number(table, result->ratio);
    table_number(table, result->low);
    table_number(table, result->high);
    table_count(table, (int64_t)result->blocks);
}

static void claims_pair_write(struct table *table, const struct claims *claims,
                              const struct claims_pair *pair)
{
    const struct run *run = claims->run;
    table_text(table, run->settings.names[pair->a->setting]);
    table_text(table, run->works.names[pair->a->work]);
    table_text(table, run_metric_names[claims->metric].name);
    table_text(table, run->configs.names[pair->a->config]);
    table_text(table, run->configs.names[pair->b->config]);
    table_count(table, (int64_t)pair->a->work);
    table_count(table, (int64_t)pair->a->config);
    table_count(table, (int64_t)pair->b->config);
    table_text(table, tables_role_name(pair->a));
    table_text(table, tables_role_name(pair->b));
    claims_result_write(table, &pair->result);
    table_end(table);
}

static void claims_base_write(struct table *table, const struct claims *claims, const struct run_cell *cell,
                              const struct run_cell *base)
{
    const struct run *run = claims->run;
    struct sequential_result result = claims_between(claims, cell, base);
    tables_grouped_cell(table, run, cell);
    table_text(table, run->configs.names[base->config]);
    table_text(table, run_metric_names[claims->metric].name);
    claims_result_write(table, &result);
    table_text(table, cell->reason ? cell->status : base->status);
    table_end(table);
}

/* Writes each cell beside the baseline's of the same work and setting. */
static void claims_write_baseline(struct table *table, const struct claims *claims, size_t baseline)
{
    const struct run *run = claims->run;
    for (size_t i = 0; i < run->cell_count; i++) {
        const struct run_cell *cell = &run->cells[i];
        const struct run_cell *base = run_cell_baseline(run, cell, baseline);
        if (base && base != cell && !run_cell_is_aside(cell) && !run_cell_is_aside(base))
            claims_base_write(table, claims, cell, base);
    }
}

void tables_make_claims(const struct run *run, const struct claims claims[TABLES_CLAIMS], size_t baseline,
                        struct table_set *set)
{
    struct table *pairs =
        table_add(set, "claims",
                  "setting,work,metric,a,b,row,series_a,series_b,role_a,role_b,verdict,ratio,"
                  "low,high,blocks");
    struct table *based = table_add(
        set, "baseline", TABLES_GROUPED_CELL_HEADER ",base,metric,verdict,ratio,low,high,blocks,status");
    for (int metric = 0; metric < TABLES_CLAIMS; metric++) {
        for (size_t i = 0; i < claims[metric].count; i++)
            claims_pair_write(pairs, &claims[metric], &claims[metric].pairs[i]);
        if (baseline < run->configs.measured)
            claims_write_baseline(based, &claims[metric], baseline);
    }
}
