/* SPDX-License-Identifier: MIT */
#include "harness/report/tables-claims.h"

#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/nearest.h"
#include "harness/report/claims-text.h"
#include "harness/report/tables-cell.h"

#define CLAIMS_RESULT                                                                                        \
    COLUMN_WORD(                                                                                             \
        "verdict", TABLES_VERDICTS,                                                                          \
        "what is shown of the ratio: beyond the minimum of interest, equal within the precision, or "        \
        "neither",                                                                                           \
        "where one of the two has no figure"),                                                               \
        COLUMN_NUMBER("ratio", "ratio", "geometric mean over the blocks that both have",                     \
                      "where one of the two has no figure"),                                                 \
        COLUMN_NUMBER("low", "ratio", "lower end of the interval by which the pair is decided",              \
                      "where there is none yet"),                                                            \
        COLUMN_NUMBER("high", "ratio", "upper end of it", "where there is none yet"),                        \
        COLUMN_COUNT("blocks", "count", "blocks that the verdict is of", NULL)

static const struct dictionary_column claims_columns[] = {
    TABLES_SETTING,
    TABLES_WORK,
    TABLES_METRIC,
    COLUMN_TEXT("a", "one collector, as in `config`", NULL),
    COLUMN_TEXT("b", "another one", NULL),
    TABLES_ROW,
    COLUMN_PLACE("series_a", "place of a in charts, from 0"),
    COLUMN_PLACE("series_b", "place of b in charts, from 0"),
    COLUMN_WORD("role_a", TABLES_ROLES, "what a did on the workload, as in `role`", NULL),
    COLUMN_WORD("role_b", TABLES_ROLES, "what b did on the workload, as in `role`", NULL),
    CLAIMS_RESULT,
};

const struct dictionary_file tables_claims_file = {.name = "claims",
                                                   .path = "tables/claims.csv",
                                                   .row = "a pair of cells and a metric: a / b",
                                                   .key = "setting work metric a b",
                                                   DICTIONARY_COLUMNS(claims_columns)};

static const struct dictionary_column baseline_columns[] = {
    TABLES_GROUPED_CELL_COLUMNS,
    COLUMN_TEXT("base", "the baseline, as in `config`", NULL),
    TABLES_METRIC,
    CLAIMS_RESULT,
    TABLES_STATUS,
};

const struct dictionary_file tables_baseline_file = {
    .name = "baseline",
    .path = "tables/baseline.csv",
    .row = "a cell and a metric over the baseline that the matrix, or plot --baseline, names",
    .key = TABLES_CELL_KEY " metric",
    DICTIONARY_COLUMNS(baseline_columns)};

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
    struct table *pairs = table_add_file(set, &tables_claims_file);
    struct table *based = table_add_file(set, &tables_baseline_file);
    for (int metric = 0; metric < TABLES_CLAIMS; metric++) {
        for (size_t i = 0; i < claims[metric].count; i++)
            claims_pair_write(pairs, &claims[metric], &claims[metric].pairs[i]);
        if (baseline < run->configs.measured)
            claims_write_baseline(based, &claims[metric], baseline);
    }
}
