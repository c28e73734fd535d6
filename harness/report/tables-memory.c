/* SPDX-License-Identifier: MIT */
#include "harness/report/tables-memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "harness/report/tables-cell.h"
#include "harness/report/tables-claims.h"

static const struct dictionary_column cold_warm_columns[] = {
    TABLES_GROUPED_CELL_COLUMNS,
    COLUMN_TEXT("warm", "the setting with warm memory, as in `setting`", NULL),
    TABLES_METRIC,
    COLUMN_NUMBER("cold_ns", "ns", "median of the cell with cold memory", TABLES_NO_FIGURE),
    COLUMN_NUMBER("warm_ns", "ns", "median of the cell with warm memory", TABLES_NO_FIGURE),
    COLUMN_NUMBER("ratio", "ratio", "cold / warm: geometric mean over the blocks that both have",
                  "where they have none"),
    COLUMN_NUMBER("low", "ratio", "lower end of the interval by which the pair is decided",
                  "where there is none yet, or the cold cell stopped as warm"),
    COLUMN_NUMBER("high", "ratio", "upper end of it",
                  "where there is none yet, or the cold cell stopped as warm"),
    COLUMN_WORD(
        "verdict", TABLES_VERDICTS " as_warm",
        "what is shown of the ratio; `as_warm`: the cold cell stopped, as it takes the time of the warm one",
        "where one of the two has no figure"),
    COLUMN_COUNT("blocks", "count", "blocks that the verdict is of", NULL),
    COLUMN_NUMBER("cold_faults", "count", "median of the page faults of the cell with cold memory",
                  "where they were not counted"),
    COLUMN_NUMBER("warm_faults", "count", "median of the page faults of the cell with warm memory",
                  "where they were not counted"),
    TABLES_STATUS,
};

const struct dictionary_file tables_cold_warm_file = {
    .name = "cold_warm",
    .path = "tables/cold_warm.csv",
    .row = "a cell with cold memory over the same with warm memory",
    .key = TABLES_CELL_KEY,
    DICTIONARY_COLUMNS(cold_warm_columns)};

/* Whether two cells are of one allocator and tuning, the one cold and the other warm. */
static bool memory_are_opposite(const struct run *run, const struct run_cell *a, const struct run_cell *b)
{
    return run_cell_is_warm(run, a) != run_cell_is_warm(run, b) &&
           strcmp(run_cell_text(run, a, "allocator"), run_cell_text(run, b, "allocator")) == 0 &&
           strcmp(run_cell_text(run, a, "tuning"), run_cell_text(run, b, "tuning")) == 0;
}

size_t tables_memory_other(const struct run *run, size_t setting)
{
    const struct run_cell *first = NULL;
    for (size_t i = 0; i < run->cell_count && !first; i++)
        first = run->cells[i].setting == setting ? &run->cells[i] : NULL;
    for (size_t i = 0; i < run->cell_count && first; i++)
        if (memory_are_opposite(run, first, &run->cells[i]))
            return run->cells[i].setting;
    return run->settings.count;
}

static struct tables_memory memory_pair(const struct run *run, const struct run_cell *cold,
                                        const struct run_cell *warm)
{
    return (struct tables_memory){.cold = cold,
                                  .warm = warm,
                                  .stopped = cold->as_warm,
                                  .cold_faults = run_cell_faults(run, cold),
                                  .warm_faults = run_cell_faults(run, warm)};
}

/* Decides the pairs. One that stopped as warm has a ratio, and its verdict is not used. */
static struct sequential_design memory_decide(const struct run *run, struct tables_memory *pairs,
                                              size_t count)
{
    struct claims_pair *claims = memory_new(count, sizeof(*claims));
    for (size_t i = 0; i < count; i++)
        claims[i] = (struct claims_pair){.a = pairs[i].cold, .b = pairs[i].warm};
    struct sequential_design design = claims_decide_pairs(run, RUN_WALL, claims, count);
    for (size_t i = 0; i < count; i++)
        pairs[i].result = claims[i].result;
    free(claims);
    return design;
}

size_t tables_memory_list(const struct run *run, struct tables_memory **ret_pairs,
                          struct sequential_design *ret_design)
{
    struct tables_memory *pairs = memory_new(run->cell_count, sizeof(*pairs));
    size_t count = 0;
    for (size_t i = 0; i < run->cell_count; i++) {
        const struct run_cell *cold = &run->cells[i];
        if (run_cell_is_aside(cold) || !run_cell_is_whole(cold) || run_cell_is_warm(run, cold))
            continue;
        const struct run_cell *warm =
            run_cell_at(run, cold->work, cold->config, tables_memory_other(run, cold->setting));
        if (run_cell_is_whole(warm))
            pairs[count++] = memory_pair(run, cold, warm);
    }
    struct sequential_design design = memory_decide(run, pairs, count);
    if (ret_design)
        *ret_design = design;
    *ret_pairs = pairs;
    return count;
}

bool tables_memory_differs(const struct tables_memory *pair)
{
    return !pair->stopped &&
           (pair->result.verdict == SEQUENTIAL_LESS || pair->result.verdict == SEQUENTIAL_MORE);
}

void tables_make_memory(const struct run *run, struct table_set *set)
{
    struct table *table = table_add_file(set, &tables_cold_warm_file);
    struct tables_memory *pairs;
    size_t count = tables_memory_list(run, &pairs, NULL);
    for (size_t i = 0; i < count; i++) {
        const struct tables_memory *pair = &pairs[i];
        tables_grouped_cell(table, run, pair->cold);
        table_text(table, run->settings.names[pair->warm->setting]);
        table_text(table, run_metric_names[RUN_WALL].name);
        table_number(table, run_cell_median(run, pair->cold, RUN_WALL));
        table_number(table, run_cell_median(run, pair->warm, RUN_WALL));
        table_number(table, pair->result.ratio);
        table_number(table, pair->stopped ? NAN : pair->result.low);
        table_number(table, pair->stopped ? NAN : pair->result.high);
        table_text(table, pair->stopped ? "as_warm" : tables_claims_word(pair->result.verdict));
        table_count(table, (int64_t)pair->result.blocks);
        table_number(table, pair->cold_faults);
        table_number(table, pair->warm_faults);
        table_text(table, pair->cold->status);
        table_end(table);
    }
    free(pairs);
}
