/* SPDX-License-Identifier: MIT */
#include "harness/report/tables-steady.h"

#include "harness/analysis/steadiness.h"

#define STEADY_FIGURES "heap resident pauses gaps"
#define STEADY_VERDICTS "unknown steady rises falls"
#define UNKNOWN "where there are fewer than eight points"

static const char *const figure_names[STEADINESS_SERIES] = {
    [STEADINESS_HEAP] = "heap",
    [STEADINESS_RESIDENT] = "resident",
    [STEADINESS_PAUSES] = "pauses",
    [STEADINESS_GAPS] = "gaps",
};

static const char *const verdict_names[] = {
    [STEADINESS_UNKNOWN] = "unknown",
    [STEADINESS_STEADY] = "steady",
    [STEADINESS_RISES] = "rises",
    [STEADINESS_FALLS] = "falls",
};

static const struct dictionary_column steady_columns[] = {
    TABLES_CELL_COLUMNS,
    COLUMN_ID("process", "id of the process, that of tables/heap.csv", NULL),
    COLUMN_WORD(
        "figure", STEADY_FIGURES,
        "what may change: the heap or the resident size before a collection, the lengths of collections, or "
        "of the gaps between them",
        NULL),
    COLUMN_COUNT("points", "count",
                 "collections in the last half of the process; of a heap without collections, samples", NULL),
    COLUMN_NUMBER(
        "change", "ratio",
        "change over that half, by the slope of Theil and Sen, over the mean of the half: 0.1 where a tenth "
        "was added",
        UNKNOWN),
    COLUMN_NUMBER("low", "ratio", "lower end of the change's interval of 95%", UNKNOWN),
    COLUMN_NUMBER("high", "ratio", "upper end of it", UNKNOWN),
    COLUMN_WORD("verdict", STEADY_VERDICTS, "steady: the interval holds 0, or the change is below 1%", NULL),
};

const struct dictionary_file tables_steady_file = {
    .name = "steady",
    .path = "tables/steady.csv",
    .row = "a figure of the process of tables/heap.csv, and how it changed over the last half of its run",
    .key = TABLES_CELL_KEY " figure",
    DICTIONARY_COLUMNS(steady_columns)};

void tables_steady_add(struct table *table, const struct run *run, const struct run_cell *cell, int64_t id,
                       const struct events *events, const struct timeline *timeline)
{
    struct steadiness found = steadiness_find(events, timeline);
    for (int figure = 0; figure < STEADINESS_SERIES; figure++) {
        const struct steadiness_change *change = &found.series[figure];
        if (figure == STEADINESS_RESIDENT && run_cell_is_warm(run, cell))
            continue;
        tables_cell(table, run, cell);
        table_count(table, id);
        table_text(table, figure_names[figure]);
        table_count(table, (int64_t)change->points);
        table_number(table, change->change);
        table_number(table, change->low);
        table_number(table, change->high);
        table_text(table, verdict_names[change->verdict]);
        table_end(table);
    }
}
