/* SPDX-License-Identifier: MIT */
/* Workload lines: as text, as they are varied by chance, and as they are made small. */
#include <stdlib.h>
#include <string.h>

#include "harness/stress/workload-line-shrink.h"
#include "harness/stress/workload-line-vary.h"
#include "tests/tap.h"

enum { COUNT, LEVELS, SHARE, RATE, CUT, ORDER, FILE_NAME, OPTIONS };

static const char *const words[] = {"none", "some", "all", NULL};
static const struct option_spec specs[OPTIONS] = {
    [COUNT] =
        {.name = "count", .type = OPTION_INTEGER, .standard = 1e6, .min = 1, .max = 1e12, .unit = "bytes"},
    [LEVELS] = {.name = "levels",
                .type = OPTION_INTEGER,
                .standard = 16,
                .min = 4,
                .max = 26,
                .unit = "",
                .offset = 8},
    [SHARE] = {.name = "share",
               .type = OPTION_REAL,
               .standard = 0.1,
               .min = 0.01,
               .max = 1,
               .unit = "",
               .offset = 16},
    [RATE] = {.name = "rate",
              .type = OPTION_REAL,
              .standard = 0,
              .min = 0,
              .max = 1e9,
              .unit = "1/s",
              .offset = 24},
    [CUT] = {.name = "cut", .type = OPTION_SWITCH, .standard = 1, .max = 1, .unit = "", .offset = 32},
    [ORDER] = {.name = "order",
               .type = OPTION_CHOICE,
               .standard = 1,
               .max = 2,
               .unit = "",
               .choices = words,
               .offset = 40},
    [FILE_NAME] = {.name = "file", .type = OPTION_TEXT, .unit = "file name", .offset = 48},
};
static const struct workload_kind kind = {
    .name = "toys",
    .options = {.options = specs, .count = OPTIONS, .bytes = OPTIONS * WORKLOAD_OPTION_BYTES}};

static struct workload_line line_of(const char *options)
{
    struct workload_line line = workload_line_standard(&kind);
    char error[OPTION_ERROR_BYTES] = "";
    if (option_table_parse(&kind.options, options, line.values, error) < 0)
        tap_note("%s: %s", options, error);
    return line;
}

static bool is_text(const struct workload_line *line, const char *wanted)
{
    char *text = workload_line_text(line);
    bool right = strcmp(text, wanted) == 0;
    if (!right)
        tap_note("%s, not %s", text, wanted);
    free(text);
    return right;
}

static void test_text(void)
{
    struct workload_line standard = workload_line_standard(&kind);
    static struct workload_line given; /* holds a text to the end of the process */
    given = line_of("file=a.gcp,order=all,cut=off,count=7,share=0.25");
    tap_ok(is_text(&standard, "toys"), "a line at its defaults is the workload alone");
    tap_ok(is_text(&given, "toys:count=7,share=0.25,cut=off,order=all,file=a.gcp"),
           "options that differ from their defaults are printed");
    tap_ok(workload_kind_genes(&kind) == OPTIONS - 2, "texts and rates are no genes");
}

/* Whether a line is read back as it is printed, and no option is out of its bounds: the reader refuses those. */
static bool is_whole(const struct workload_line *line)
{
    char error[OPTION_ERROR_BYTES] = "", *options = workload_line_options(line);
    struct workload_line back = workload_line_standard(&kind);
    bool read = option_table_parse(&kind.options, options, back.values, error) == 0;
    if (!read)
        tap_note("%s: %s", options, error);
    char *again = workload_line_options(&back);
    bool same = strcmp(options, again) == 0 && !strstr(options, "file") && !strstr(options, "rate");
    free(options);
    free(again);
    return read && same;
}

static size_t differences(const struct workload_line *a, const struct workload_line *b)
{
    size_t differences = 0;
    for (size_t i = 0; i < OPTIONS; i++)
        differences += a->values[i] != b->values[i];
    return differences;
}

static struct workload_line varied(int way, const struct workload_line *line,
                                   const struct workload_line *mate, struct random_state *random)
{
    if (way == 0)
        return workload_line_random(&kind, 3, random);
    if (way == 1)
        return workload_line_mutate(line, random);
    return way == 2 ? workload_line_climb(line, random) : workload_line_cross(line, mate, random);
}

/* Whether two states of equal seeds vary a line alike, in each way, time after time. */
static void test_seeds(void)
{
    static const char *const ways[] = {"random", "mutate", "climb", "cross"};
    struct workload_line mate = line_of("count=3,levels=20,share=0.5,cut=off,order=none");
    for (int way = 0; way < 4; way++) {
        struct random_state random, twin, stranger;
        struct workload_line line = workload_line_standard(&kind);
        size_t apart = 0, strange = 0;
        random_seed(&random, 7);
        random_seed(&twin, 7);
        random_seed(&stranger, 8);
        for (int i = 0; i < 100; i++) {
            struct workload_line a = varied(way, &line, &mate, &random);
            struct workload_line b = varied(way, &line, &mate, &twin);
            struct workload_line c = varied(way, &line, &mate, &stranger);
            apart += differences(&a, &b);
            strange += differences(&a, &c);
            line = way == 3 ? line : a;
        }
        tap_ok(apart == 0 && strange > 0, "equal seeds give equal lines, and others do not: %s", ways[way]);
    }
}

static void test_vary(void)
{
    struct random_state random;
    bool whole = true, one = true, mixed = true;
    size_t seen[OPTIONS] = {0};
    random_seed(&random, 1);
    struct workload_line standard = workload_line_standard(&kind), mate = standard;
    struct workload_line line = workload_line_random(&kind, 3, &random);
    for (int i = 0; i < 20000; i++) {
        struct workload_line climbed = workload_line_climb(&line, &random);
        struct workload_line crossed = workload_line_cross(&climbed, &mate, &random);
        one &= differences(&climbed, &line) <= 1;
        for (size_t option = 0; option < OPTIONS; option++)
            mixed &= crossed.values[option] == climbed.values[option] ||
                     crossed.values[option] == mate.values[option];
        mate = line;
        line = i % 50 ? workload_line_mutate(&crossed, &random)
                      : workload_line_random(&kind, (uint32_t)i % 20, &random);
        whole &= is_whole(&line);
        for (size_t option = 0; option < OPTIONS; option++)
            seen[option] += line.values[option] != standard.values[option];
    }
    tap_ok(whole, "lines that are varied stay within the bounds of their options");
    tap_ok(one, "a climb changes one number");
    tap_ok(mixed, "a cross has each option of one of the two");
    tap_ok(seen[COUNT] && seen[LEVELS] && seen[SHARE] && seen[CUT] && seen[ORDER], "every gene is changed");
    tap_ok(!seen[RATE] && !seen[FILE_NAME], "and nothing else");
}

static void test_halvings(void)
{
    struct random_state random;
    random_seed(&random, 3);
    size_t untouched = 0, level = 0, lower = 0, least = 0;
    for (int i = 0; i < 1000; i++) {
        struct workload_line lines[] = {workload_line_random(&kind, 11, &random),
                                        workload_line_random(&kind, 40, &random)};
        lower += workload_line_number(&lines[0], LEVELS) == 16 - 3;
        least += workload_line_number(&lines[1], LEVELS) == 4 && workload_line_number(&lines[1], COUNT) == 1;
        struct workload_line line = workload_line_random(&kind, 4, &random);
        untouched += workload_line_number(&line, COUNT) == 1e6 / 16;
        level += workload_line_number(&line, LEVELS) == 16;
    }
    tap_ok(untouched > 300 && level > 300, "a new line has its large numbers halved, and not its levels");
    tap_ok(lower > 300 && least > 300,
           "from the ninth halving on these become fewer, too, down to the least");
}

/* ---- shrinking ---- */

static bool large_and_uncut(void *context, const struct workload_line *line)
{
    ++*(size_t *)context;
    return workload_line_number(line, COUNT) >= 700 && !option_switch_get(&specs[CUT], line->values);
}

static bool always(void *context, const struct workload_line *line)
{
    (void)context;
    (void)line;
    return true;
}

static bool small(void *context, const struct workload_line *line)
{
    (void)context;
    return workload_line_number(line, COUNT) < 1e5 && workload_line_number(line, LEVELS) > 20;
}

static void test_shrink(void)
{
    size_t questions = 0;
    struct workload_line line = line_of("count=50000,levels=20,share=0.3,cut=off,order=all");
    struct workload_line smaller = line;
    smaller.values[COUNT] = 12345678;
    workload_line_shrink(&smaller, large_and_uncut, &questions);
    tap_ok(is_text(&smaller, "toys:cut=off"), "what does not matter is left out");
    smaller = line_of("count=50000,levels=24,share=0.3,order=all");
    workload_line_shrink(&smaller, small, NULL);
    tap_ok(is_text(&smaller, "toys:count=1,levels=24"), "numbers whose default is too large become small");
    workload_line_shrink(&line, always, NULL);
    tap_ok(is_text(&line, "toys"), "a line of which nothing matters has no options");
    tap_ok(questions < 100, "which takes few questions");
}

static bool some(void *context, const struct workload_line *line)
{
    (void)context;
    return workload_line_number(line, COUNT) >= 700 && workload_line_number(line, COUNT) < 1e5;
}

static bool nearly_all(void *context, const struct workload_line *line)
{
    (void)context;
    return workload_line_number(line, COUNT) >= 3810 && workload_line_number(line, COUNT) < 1e5;
}

static void test_round(void)
{
    struct workload_line line = line_of("count=50000");
    workload_line_shrink(&line, some, NULL);
    tap_ok(is_text(&line, "toys:count=700"), "what is left of a number is rounded to one digit");
    line = line_of("count=3906");
    workload_line_shrink(&line, nearly_all, NULL);
    tap_ok(is_text(&line, "toys:count=3900"), "or to two, where one is too few");
}

static void test_alike(void)
{
    struct workload_line a = line_of("count=5,order=all"), b = line_of("count=9,order=all");
    struct workload_line c = line_of("count=9,order=none"), d = line_of("order=all");
    tap_ok(workload_lines_are_alike(&a, &b), "lines are alike whatever their numbers");
    tap_ok(!workload_lines_are_alike(&a, &c), "and not with other words");
    tap_ok(!workload_lines_are_alike(&a, &d), "nor with other options");
}

int main(void)
{
    test_text();
    test_seeds();
    test_vary();
    test_halvings();
    test_shrink();
    test_round();
    test_alike();
    return tap_done();
}
