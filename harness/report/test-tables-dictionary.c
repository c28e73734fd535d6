/* SPDX-License-Identifier: MIT */
/* Checks that the data dictionary says what it has to of every column of every CSV file of a run. */
#include <stdlib.h>

#include "harness/report/tables-dictionary.h"
#include "tests/tap.h"

static bool is_unit(const char *unit)
{
    for (size_t i = 0; i < DICTIONARY_UNITS; i++)
        if (strcmp(dictionary_units[i].unit, unit) == 0)
            return true;
    return false;
}

/* What a column lacks; NULL where it lacks nothing. */
static const char *lack(const struct dictionary_file *file, const struct dictionary_column *column)
{
    bool figure = column->type == DICTIONARY_COUNT || column->type == DICTIONARY_NUMBER;
    bool of_row = strcmp(column->unit, DICTIONARY_UNIT_OF_ROW) == 0;
    if (!column->name || dictionary_find(file, column->name) != column)
        return "a name of its own";
    if (!column->meaning || strlen(column->meaning) < 5)
        return "a meaning";
    if (figure && !is_unit(column->unit) && !(of_row && dictionary_find(file, "unit")))
        return "a unit of the list, or a column that says it";
    if (!figure && column->unit[0])
        return "an empty unit, as it is no figure";
    if (column->empty && strncmp(column->empty, "w", 1) != 0 && strncmp(column->empty, "of ", 3) != 0 &&
        strncmp(column->empty, "in ", 3) != 0)
        return "when it is empty, as in 'where ...'";
    return NULL;
}

/* Whether every word of the key is a column that is never empty, as the Table Schema has it. */
static bool has_key(const struct dictionary_file *file)
{
    char *key = strdup(file->key ? file->key : "");
    bool found = true;
    for (char *word = strtok(key, " "); word; word = strtok(NULL, " "))
        found &= dictionary_find(file, word) && !dictionary_find(file, word)->empty;
    free(key);
    return found;
}

static void test_file(const struct dictionary_file *file)
{
    bool described = true;
    for (size_t i = 0; i < file->count; i++) {
        const char *lacks = lack(file, &file->columns[i]);
        described &= !lacks;
        if (lacks)
            tap_note("%s: column %s lacks %s", file->path, file->columns[i].name, lacks);
    }
    tap_ok(described && file->count > 0, "%s: each column has a meaning, a unit and a name of its own",
           file->path);
    tap_ok(file->row && strncmp(file->row, "a ", 2) == 0 && has_key(file),
           "%s says what a row is, and by which columns rows are told apart", file->path);
    tap_ok(tables_dictionary_find(file->name) == file, "%s is found by its name alone", file->path);
}

static char *printed(const struct dictionary_file *only, enum report_form form)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    tables_dictionary_print(only, form, stream);
    fclose(stream);
    return text;
}

static void test_printed(void)
{
    char *all = printed(NULL, REPORT_MARKDOWN), *one = printed(tables_dictionary_find("means"), REPORT_TEXT);
    size_t headings = 0;
    for (const char *at = all; (at = strstr(at, "\n### ")); at++)
        headings++;
    tap_equal((int64_t)headings, (int64_t)tables_dictionary_count, "the page has a heading for each file");
    tap_ok(strstr(all, "As above: `setting`") && strstr(all, "No two rows have the same `setting`, `work`"),
           "a column that is known is only named, and so is the key");
    tap_ok(strncmp(one, "tables/means.csv: a row is ", 27) == 0 && !strstr(one, "runs.csv"),
           "one file is described alone");
    free(all);
    free(one);
}

int main(void)
{
    for (size_t i = 0; i < tables_dictionary_count; i++)
        test_file(tables_dictionary[i]);
    tap_ok(!tables_dictionary_find("mean"), "a name that there is not is not found");
    test_printed();
    return tap_done();
}
