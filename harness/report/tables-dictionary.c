/* SPDX-License-Identifier: MIT */
#include "harness/report/tables-dictionary.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/report/tables-heap.h"
#include "harness/report/tables-layout.h"
#include "harness/report/tables-machines.h"
#include "harness/report/tables-memory.h"
#include "harness/report/tables-normalised.h"
#include "harness/report/tables-parts.h"
#include "harness/report/tables-pause-times.h"
#include "harness/report/tables-steady.h"
#include "harness/report/tables-time-space.h"
#include "harness/report/tables-trade.h"
#include "harness/report/textual.h"

const struct dictionary_file *const tables_dictionary[] = {
    &tables_claims_file,       &tables_baseline_file,       &tables_cells_file,
    &tables_normalised_file,   &tables_means_file,          &tables_trade_file,
    &tables_settings_file,     &tables_layouts_file,        &tables_failures_file,
    &tables_parts_file,        &tables_cold_warm_file,      &tables_machine_file,
    &tables_machine_runs_file, &tables_machine_claims_file, &tables_machine_cells_file,
    &tables_pauses_file,       &tables_pause_curve_file,    &tables_utilisation_file,
    &tables_latency_file,      &tables_latency_curve_file,  &tables_time_space_file,
    &tables_heap_file,         &tables_collections_file,    &tables_heap_window_file,
    &tables_heap_least_file,   &tables_steady_file,         &tables_pause_times_file,
    &dictionary_runs,          &dictionary_reference,       &dictionary_events,
    &dictionary_phases,        &dictionary_timelines,       &dictionary_latencies,
};
const size_t tables_dictionary_count = sizeof(tables_dictionary) / sizeof(tables_dictionary[0]);

const struct dictionary_file *tables_dictionary_find(const char *name)
{
    for (size_t i = 0; i < tables_dictionary_count; i++)
        if (strcmp(tables_dictionary[i]->name, name) == 0)
            return tables_dictionary[i];
    return NULL;
}

static const char *const type_names[DICTIONARY_TYPES] = {
    [DICTIONARY_TEXT] = "text",  [DICTIONARY_COUNT] = "integer", [DICTIONARY_NUMBER] = "number",
    [DICTIONARY_ID] = "integer", [DICTIONARY_PLACE] = "integer", [DICTIONARY_FLAG] = "0 or 1",
};

/* Returns all that is to be said of a column. The caller frees it. */
static char *column_words(const struct dictionary_column *column)
{
    char *words = column->words ? text_format(" (%s)", column->words) : text_format("%s", "");
    char *all = text_format("%s%s%s%s", column->meaning, words, column->empty ? "; empty " : "",
                            column->empty ? column->empty : "");
    free(words);
    return all;
}

/* ---- for a terminal ---- */

static void column_print(const struct dictionary_column *column, FILE *stream)
{
    struct text_list pieces = {0};
    char *words = column_words(column), *rest = words;
    char *head = text_format("  %-20s %-8s %-9s", column->name, type_names[column->type], column->unit);
    for (char *word; (word = strsep(&rest, " "));)
        text_list_take(&pieces, text_format("%s", word));
    textual_print_pieces(head, strlen(head) + 1, pieces.items, pieces.count, stream);
    text_list_free(&pieces);
    free(head);
    free(words);
}

static void file_print(const struct dictionary_file *file, FILE *stream)
{
    fprintf(stream, "%s: a row is %s\n", file->path, file->row);
    if (file->key)
        fprintf(stream, "  no two rows have the same: %s\n", file->key);
    putc('\n', stream);
    for (size_t i = 0; i < file->count; i++)
        column_print(&file->columns[i], stream);
}

/* ---- in Markdown ---- */

static bool column_is_same(const struct dictionary_column *a, const struct dictionary_column *b)
{
    return strcmp(a->name, b->name) == 0 && a->type == b->type && strcmp(a->unit, b->unit) == 0 &&
           strcmp(a->meaning, b->meaning) == 0 && (!a->empty) == (!b->empty) &&
           (!a->empty || strcmp(a->empty, b->empty) == 0);
}

/* Whether a file before the one at `place` has the same column. */
static bool column_is_known(const struct dictionary_column *column, size_t place)
{
    for (size_t i = 0; i < place; i++) {
        const struct dictionary_column *other = dictionary_find(tables_dictionary[i], column->name);
        if (other && column_is_same(other, column))
            return true;
    }
    return false;
}

/* Writes names that blanks part as code, with commas. */
static void names_write(const char *names, FILE *stream)
{
    const char *between = "";
    for (size_t length; *names; names += length + (names[length] == ' ')) {
        length = strcspn(names, " ");
        fprintf(stream, "%s`%.*s`", between, (int)length, names);
        between = ", ";
    }
}

static void known_write(const struct dictionary_file *file, size_t place, FILE *stream)
{
    const char *between = "\nAs above: ";
    for (size_t i = 0; i < file->count; i++) {
        if (!column_is_known(&file->columns[i], place))
            continue;
        fprintf(stream, "%s`%s`", between, file->columns[i].name);
        between = ", ";
    }
    if (between[0] == ',')
        fputs(".\n", stream);
}

static void columns_write(const struct dictionary_file *file, size_t place, FILE *stream)
{
    bool any = false;
    for (size_t i = 0; i < file->count; i++) {
        const struct dictionary_column *column = &file->columns[i];
        if (column_is_known(column, place))
            continue;
        char *words = column_words(column);
        fputs(any ? "" : "\n| column | type | unit | meaning |\n|---|---|---|---|\n", stream);
        fprintf(stream, "| `%s` | %s | %s | %s |\n", column->name, type_names[column->type], column->unit,
                words);
        free(words);
        any = true;
    }
}

static void file_write_markdown(const struct dictionary_file *file, size_t place, FILE *stream)
{
    fprintf(stream, "### %s\n\nA row is %s.", file->path, file->row);
    if (file->key) {
        fputs(" No two rows have the same ", stream);
        names_write(file->key, stream);
        putc('.', stream);
    }
    putc('\n', stream);
    known_write(file, place, stream);
    columns_write(file, place, stream);
}

static void units_print(enum report_form form, FILE *stream)
{
    if (form == REPORT_MARKDOWN)
        fputs("| unit | meaning |\n|---|---|\n", stream);
    for (size_t i = 0; i < DICTIONARY_UNITS; i++)
        fprintf(stream, form == REPORT_MARKDOWN ? "| %s | %s |\n" : "%-6s %s\n", dictionary_units[i].unit,
                dictionary_units[i].meaning);
}

void tables_dictionary_print(const struct dictionary_file *only, enum report_form form, FILE *stream)
{
    const char *between = "";
    if (!only) {
        units_print(form, stream);
        between = "\n";
    }
    for (size_t i = 0; i < tables_dictionary_count; i++) {
        const struct dictionary_file *file = tables_dictionary[i];
        if (only && only != file)
            continue;
        fputs(between, stream);
        if (form == REPORT_MARKDOWN)
            file_write_markdown(file, only ? 0 : i, stream);
        else
            file_print(file, stream);
        between = "\n";
    }
}
