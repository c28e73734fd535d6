/* SPDX-License-Identifier: MIT */
/* Checks how the field of a table is shown to people. */
#include <stdlib.h>

#include "harness/report/table-figure.h"
#include "tests/tap.h"

static const struct dictionary_column columns[] = {
    COLUMN_NUMBER("p50_ns", "ns", "a time", NULL),
    COLUMN_COUNT("peak_bytes", "bytes", "a size", NULL),
    COLUMN_NUMBER("over_run", "ratio", "a ratio", NULL),
    COLUMN_NUMBER("share", "share", "a share", NULL),
    COLUMN_COUNT("faults", "count", "a count", NULL),
    COLUMN_FLAG("few", "a flag"),
    COLUMN_ID("process", "an id", NULL),
    COLUMN_TEXT("work", "a text", NULL),
};
enum { TIME, SIZE, RATIO, SHARE, COUNT, FLAG, ID, TEXT };

static void shows(int column, const char *field, const char *expected, const char *sentence)
{
    char *shown = table_figure(&columns[column], columns[column].unit, field);
    tap_same(shown, expected, sentence);
    free(shown);
}

static void heads(const char *name, const struct dictionary_column *about, const char *expected,
                  const char *sentence)
{
    char *heading = table_figure_heading(name, about);
    tap_same(heading, expected, sentence);
    free(heading);
}

int main(void)
{
    shows(TIME, "52345.5", "52.3 µs", "a time has its unit");
    shows(TIME, "", "", "an empty field stays empty");
    shows(SIZE, "1234567", "1.23 MB", "so has a size");
    shows(RATIO, "1.00349", "1.003", "a ratio has three decimals");
    shows(RATIO, "inf", "∞", "an infinite one is a sign");
    shows(SHARE, "0.0123456", "0.01235", "a share has four digits");
    shows(COUNT, "123456", "123456", "a count is whole");
    shows(FLAG, "1", "yes", "a flag is a word");
    shows(ID, "000111", "000111", "an id stays as it is");
    shows(TEXT, "1e5", "1e5", "and so does a text");
    shows(TIME, "12 ms", "12 ms", "what is no number stays, too");
    heads("p50_ns", &columns[TIME], "p50", "a heading leaves the unit to the figures");
    heads("over_run", &columns[RATIO], "over run", "its words have blanks between");
    heads("a_name", NULL, "a name", "so have those of a column that nobody knows");
    return tap_done();
}
