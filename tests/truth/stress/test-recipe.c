/* SPDX-License-Identifier: MIT */
/* Recipes as text, the programs that they make, and the exponents of their work. */
#include <math.h>
#include <stdlib.h>

#include "harness/stress/work.h"
#include "tests/tap.h"
#include "tests/truth/stress/programs.h"

static struct recipe parse(const char *text)
{
    char error[PROGRAM_ERROR_BYTES] = "";
    struct recipe recipe;
    if (recipe_parse(text, &recipe, error) < 0)
        tap_note("%s: %s", text, error);
    return recipe;
}

static void test_text(void)
{
    static const char *const texts[] = {"list", "list:n", "2n*ring:3,leaf",
                                        "table:n/8; 12n/5*fill:7; collect"};
    char printed[RECIPE_TEXT_BYTES];
    bool same = true;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct recipe recipe = parse(texts[i]);
        recipe_print(&recipe, printed);
        same &= strcmp(printed, texts[i]) == 0;
    }
    for (size_t i = 0; i < work_pattern_count; i++) {
        struct recipe recipe = parse(work_patterns[i].recipe);
        recipe_print(&recipe, printed);
        same &= strcmp(printed, work_patterns[i].recipe) == 0;
    }
    tap_ok(same, "a recipe is printed as it was read");
}

static void test_refused(void)
{
    static const char *const texts[] = {"",
                                        "lists",
                                        "list:",
                                        "list:0",
                                        "list:n/0",
                                        "list:n/",
                                        "x*list",
                                        "*list",
                                        "list;",
                                        "list,",
                                        "list list",
                                        "list:2n2",
                                        ":n",
                                        "n*n*list",
                                        "list:-1",
                                        "list:99999999",
                                        "list:n/99999999",
                                        "leaf,leaf,leaf,leaf,leaf,leaf,leaf",
                                        "leaf;leaf;leaf;leaf;leaf;leaf;leaf;leaf;leaf"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char error[PROGRAM_ERROR_BYTES] = "";
        struct recipe recipe;
        tap_ok(recipe_parse(texts[i], &recipe, error) < 0 && *error, "'%s' is no recipe", texts[i]);
    }
}

/* Each step alone, and after one that makes what it works on. */
static void test_steps(void)
{
    bool valid = true;
    for (uint32_t verb = 0; verb < recipe_verb_count; verb++) {
        static const char *const before[] = {
            "", "list:9; ", "table:9; fill:9; ", "table:9; 9*rings:3; ", "hub:9; ", "call:9; "};
        for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
            char text[RECIPE_TEXT_BYTES];
            struct program program;
            snprintf(text, sizeof text, "%s3*%s:n; collect; leave", before[i], recipe_verbs[verb].name);
            struct recipe recipe = parse(text);
            assert(recipe_build(&recipe, 7, RECIPE_OPERATIONS_MAX, &program, NULL) == 0);
            bool right = programs_is_valid(&program);
            if (!right)
                tap_note("%s", text);
            valid &= right;
            program_free(&program);
        }
    }
    tap_ok(valid, "each step makes a valid program, whatever was before it");
}

static void test_patterns(void)
{
    bool right = true, doubles = true;
    for (size_t i = 0; i < work_pattern_count; i++) {
        struct recipe recipe = parse(work_patterns[i].recipe);
        struct recipe_character small, large;
        struct program program;
        assert(recipe_build(&recipe, 100, RECIPE_OPERATIONS_MAX, &program, &small) == 0);
        right &= programs_is_valid(&program);
        program_free(&program);
        assert(recipe_build(&recipe, 200, RECIPE_OPERATIONS_MAX, &program, &large) == 0);
        program_free(&program);
        double ratio = (double)large.size / (double)small.size;
        doubles &= ratio > 1.8 && ratio < 2.05 && !large.cut;
        if (ratio <= 1.8 || ratio >= 2.05)
            tap_note("%s: %.2f times as large", work_patterns[i].name, ratio);
    }
    tap_ok(right, "each pattern makes a valid program");
    tap_ok(doubles, "which is twice as large at twice the size");
}

static void test_character(void)
{
    struct recipe recipe = parse("list:n; 2*ring:5; hub:3n");
    struct recipe_character character;
    struct program program;
    assert(recipe_build(&recipe, 10, RECIPE_OPERATIONS_MAX, &program, &character) == 0);
    tap_ok(character.objects == 10 + 2 * 5 + 2, "as many objects are made as the recipe says");
    tap_ok(character.on_rings == 10 && character.depth == 10 && character.fan_in == 30,
           "and its character is what it says");
    program_free(&program);
}

static void test_cut(void)
{
    struct recipe recipe = parse("1000n*leaf:1000n");
    struct recipe_character character;
    struct program program;
    assert(recipe_build(&recipe, 1000, 500, &program, &character) == 0);
    tap_ok(program.op_count == 500 && character.cut > 0, "a program ends at the most operations");
    program_free(&program);
    recipe = parse("list:n; 100*array:1000n");
    assert(recipe_build(&recipe, 100, 1000, &program, &character) == 0);
    tap_ok(character.size <= 1000 * RECIPE_WORDS && character.cut > 0, "and before it is too large");
    program_free(&program);
}

static double exponent_of(double power, double constant)
{
    struct work_line lines[6] = {{0}};
    for (int i = 0; i < 6; i++) {
        lines[i].size = (uint64_t)1000 << i;
        lines[i].steps = (uint64_t)(constant + 3 * pow((double)lines[i].size, power));
    }
    return work_exponent(lines, 6);
}

static void test_exponents(void)
{
    tap_ok(fabs(exponent_of(1, 0) - 1) < 1e-3, "three steps a word is linear");
    tap_ok(fabs(exponent_of(2, 0) - 2) < 1e-3, "a power of two is quadratic");
    tap_ok(exponent_of(1, 5000) < 1, "a constant makes it no more");
    tap_ok(work_exponent(NULL, 0) == 0, "nothing has none");
}

static void test_findings(void)
{
    struct work_fit fit = {.lines = {{.objects = 9000, .events = 3000}}, .count = 1, .exponent = 1.05};
    tap_ok(!work_is_finding(&fit), "1.05 is linear");
    fit.exponent = 1.2;
    tap_ok(work_is_superlinear(&fit) && work_is_finding(&fit), "1.2 is not, and is a finding");
    fit.reason = (char *)"so it was published";
    tap_ok(work_is_superlinear(&fit) && !work_is_finding(&fit), "unless its collector says so");
    fit.lines[0].events = 9000;
    tap_ok(work_is_finding(&fit), "an event for each object is one in any case");
    fit = (struct work_fit){.lines = {{.spent = 1}}, .count = 1};
    tap_ok(work_is_finding(&fit), "and so are too many steps");
    fit = (struct work_fit){.lines = {{.unpaused = WORK_UNPAUSED_MAX}}, .count = 1};
    tap_ok(!work_is_finding(&fit), "a new chunk may be made in no pause");
    fit.lines[0].unpaused++;
    tap_ok(work_is_finding(&fit), "and no more");
}

static void test_peaks(void)
{
    struct work_fit fit = {.lines = {{.late = 100}, {.late = 100}, {.late = 50000}, {.late = 116384}},
                           .count = 4,
                           .has_peak = true};
    tap_ok(!work_peak_stays(&fit) && !work_is_finding(&fit),
           "twice as much may be held after a peak, and a little more");
    fit.lines[3].late++;
    tap_ok(work_peak_stays(&fit) == &fit.lines[2] && work_is_finding(&fit),
           "and not a byte more, whichever switch was put the other way");
    fit.reason = (char *)"so it was published";
    tap_ok(!work_is_finding(&fit), "unless its collector says so");
    fit.has_peak = false;
    tap_ok(!work_peak_stays(&fit), "programs whose sizes double are no pairs");
}

int main(void)
{
    test_text();
    test_refused();
    test_steps();
    test_patterns();
    test_character();
    test_cut();
    test_exponents();
    test_findings();
    test_peaks();
    return tap_done();
}
