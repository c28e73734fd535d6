/* SPDX-License-Identifier: MIT */
/*
 * The report of a benchmark: figures worked out by hand come out right, and so do the lines that it leaves in
 * a file.
 */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "tests/measuring/limits/report.h"
#include "tests/tap.h"

static void medians(void)
{
    static const double odd[] = {3, 1, 2};
    static const double even[] = {4, 1, 2, 3};
    tap_ok(median_of(odd, 3) == 2, "the median of three is the middle one");
    tap_ok(median_of(even, 4) == 2.5, "and of four half-way between the middle ones");
    tap_ok(odd[0] == 3, "the values stay where they are");
    struct figure figure = figure_of_turns(even, 4, "ratio", 2);
    tap_ok(figure.value == 2.5 && figure.low == 1 && figure.high == 4 && figure.target == 2,
           "a figure of turns has their range");
    figure = figure_once(7, "bytes", 0);
    tap_ok(figure.value == 7 && isnan(figure.low) && isnan(figure.high), "and one found once has none");
}

/* Each turn has its own ratio: that of the medians would be 2. */
static void ratios(void)
{
    static const double first[] = {2, 10, 30};
    static const double second[] = {1, 2, 30};
    struct figure figure = figure_of_ratios(first, second, 3, 0);
    tap_ok(figure.value == 2 && figure.low == 1 && figure.high == 5,
           "a ratio is the median of the turns' own");
}

static void arguments(void)
{
    char *words[] = {"program", "--quick", "5", "--json", "/dev/null", "more", NULL};
    int count = 6;
    struct report report = report_open(&count, words);
    tap_ok(report.quick && report.json, "both options are seen, wherever they stand");
    tap_ok(count == 3 && strcmp(words[1], "5") == 0 && strcmp(words[2], "more") == 0,
           "and the program's own arguments are left");
    report_close(&report);
    tap_ok(!report.json, "a closed report has no file");
}

/* All that two reports into one file left there. */
static void lines(void)
{
    char *path = text_scratch("limits-report");
    char text[512] = "";
    int file = mkstemp(path);
    assert(file >= 0);
    for (int i = 0; i < 2; i++) {
        char *words[] = {"program", "--json", path, NULL};
        int count = 3;
        struct report report = report_open(&count, words);
        if (i == 0)
            report_figure(&report, "rc", "ABC", (struct figure){1.5, 1, 2, 3, "ratio"});
        else
            report_figure(&report, "rc", "DEF", figure_once(0.25, "share", 0));
        report_figure(&report, "rc", "GHI", figure_once(INFINITY, "ratio", 0));
        report_close(&report);
    }
    assert(read(file, text, sizeof text - 1) > 0);
    tap_same(text,
             "{\"collector\": \"rc\", \"code\": \"ABC\", \"value\": 1.5, \"low\": 1, \"high\": 2, "
             "\"target\": 3, \"unit\": \"ratio\"}\n"
             "{\"collector\": \"rc\", \"code\": \"DEF\", \"value\": 0.25, \"low\": null, \"high\": null, "
             "\"target\": null, \"unit\": \"share\"}\n",
             "figures are appended as lines of JSON, and what is no number is none");
    close(file);
    unlink(path);
    free(path);
}

int main(void)
{
    struct report none = {0};
    medians();
    ratios();
    arguments();
    lines();
    report_figure(&none, "rc", "ABC", figure_once(1, "ratio", 0));
    tap_ok(true, "without a file there is nothing to write");
    report_close(&none);
    return tap_done();
}
