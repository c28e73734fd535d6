/* SPDX-License-Identifier: MIT */
/* How figures are divided into charts, and in which order a heat map stands. */
#include <math.h>

#include "harness/report/plot-order.h"
#include "harness/report/plot-parts.h"
#include "tests/tap.h"

/* Whether the charts of a figure have each of the works once and in order, and about as many each. */
static bool covers(const struct plot_parts *parts, size_t works)
{
    size_t next = 0, least = works, most = 0;
    for (size_t place = 0; place < parts->parts; place++) {
        struct plot_part part = plot_parts_at(parts, place);
        least = part.count < least ? part.count : least;
        most = part.count > most ? part.count : most;
        for (size_t i = 0; i < part.count; i++)
            if (part.works[i] != next++)
                return false;
    }
    return next == works && most - least <= 1;
}

/* Divides a figure without lines, and checks what comes out. Returns the charts. */
static size_t divided(const char *name, size_t works, size_t configs, const struct plot_medium *medium,
                      int across)
{
    const struct plot_data data = {.works = works, .keys = configs};
    struct plot_parts parts;
    plot_parts_make(plot_find(name), &data, medium, &parts);
    tap_ok(covers(&parts, works) && parts.across == across, "%s of %zu works at %d px: %zu charts, %d across",
           name, works, medium->width, parts.parts, parts.across);
    size_t charts = parts.parts;
    plot_parts_free(&parts);
    return charts;
}

/* Divides a figure with panels of configs, and checks that each work has each config once. Returns the charts. */
static size_t pieces(const char *name, size_t works, size_t configs, const struct plot_medium *medium)
{
    const struct plot_data data = {.works = works, .keys = configs, .settings = 4};
    struct plot_parts parts;
    plot_parts_make(plot_find(name), &data, medium, &parts);
    size_t cells = 0, config = 0, wrong = 0;
    for (size_t place = 0; place < parts.parts; place++) {
        struct plot_part part = plot_parts_at(&parts, place);
        wrong += part.first != config || part.past <= part.first || part.past > configs;
        config = part.past % configs;
        cells += part.count * (part.past - part.first);
    }
    tap_ok(wrong == 0 && cells == works * configs,
           "%s of %zu works and %zu configs: each cell once in %zu charts", name, works, configs,
           parts.parts);
    size_t charts = parts.parts;
    plot_parts_free(&parts);
    return charts;
}

/* Works that a figure leaves out take no room. */
static void check_left_out(void)
{
    bool left_out[4] = {true, false, true, false};
    const struct plot_data data = {.works = 4, .keys = 3, .left_out = left_out};
    struct plot_parts parts;
    plot_parts_make(plot_find("leaked"), &data, &plot_screen, &parts);
    tap_ok(parts.count == 2 && parts.works[0] == 1 && parts.works[1] == 3,
           "a work that is left out has no row");
    plot_parts_free(&parts);
}

/* The key of many long names takes rows from the workloads. */
static void check_key(void)
{
    enum { CONFIGS = 19 };
    char *names[CONFIGS];
    for (size_t i = 0; i < CONFIGS; i++)
        names[i] = (char *)"concurrent-mark-sweep";
    const struct plot_data data = {.works = 7, .keys = CONFIGS, .configs = names};
    struct plot_parts parts;
    plot_parts_make(plot_find("memory"), &data, &plot_screen, &parts);
    tap_equal((int64_t)parts.parts, 2, "the key of the configs takes room, too");
    plot_parts_free(&parts);
    names[1] = NULL;
    plot_parts_make(plot_find("memory"), &data, &plot_screen, &parts);
    tap_equal((int64_t)parts.parts, 1, "a key of one name takes little");
    plot_parts_free(&parts);
    tap_equal((int64_t)divided("memory", 7, CONFIGS, &plot_screen, 1), 1,
              "without its names they are one chart");
}

/* A figure of growth has a panel for each workload that ran at several sizes, and is divided by these. */
static void check_families(void)
{
    const struct plot_data data = {.works = 9, .keys = 8, .families = 3};
    struct plot_parts parts;
    plot_parts_make(plot_find("growth"), &data, &plot_screen, &parts);
    tap_ok(covers(&parts, 3) && parts.parts == 1 && parts.across == 2,
           "growth of three workloads is a chart");
    plot_parts_free(&parts);
    plot_parts_make(plot_find("growth"), &data, &plot_papers[0], &parts);
    tap_ok(covers(&parts, 3) && parts.parts == 2 && parts.across == 1, "in one column of a paper two");
    plot_parts_free(&parts);
}

static void check_parts(void)
{
    tap_equal((int64_t)divided("time", 11, 11, &plot_screen, 1), 1,
              "eleven collectors and workloads are one chart");
    tap_equal((int64_t)divided("time", 30, 15, &plot_screen, 1), 4, "a run of 15 x 30 is four");
    tap_equal((int64_t)divided("heatmap", 60, 40, &plot_screen, 1), 1,
              "a heat map is one, however large it is");
    tap_equal((int64_t)divided("pauses", 30, 8, &plot_screen, 3), 2, "panels stand side by side");
    tap_equal((int64_t)divided("pauses", 4, 8, &plot_screen, 2), 1, "few are drawn large");
    tap_equal((int64_t)divided("pauses", 30, 8, &plot_papers[0], 1), 15,
              "in one column of a paper one below the other");
    tap_equal((int64_t)divided("pauses", 30, 8, &plot_papers[1], 2), 5, "in two columns two by two");
    tap_equal((int64_t)divided("pauses", 30, 15, &plot_screen, 3), 5,
              "of many collectors a workload has two panels");
    tap_equal((int64_t)divided("pauses", 2, 60, &plot_papers[0], 1), 2,
              "and is a chart by itself where it has more than a page");
    tap_equal((int64_t)divided("time", 12, 11, &plot_screen, 1), 2, "a row of means takes room, too");
    tap_equal((int64_t)divided("heap", 6, 15, &plot_screen, 3), 3,
              "panels of collectors make a workload as tall");
    tap_equal((int64_t)pieces("heap", 3, 60, &plot_papers[0]), 36,
              "one workload that is taller than a page has several charts");
    tap_equal((int64_t)pieces("allocators", 5, 18, &plot_papers[0]), 20, "so it has of panels of collectors");
    tap_equal((int64_t)pieces("allocators", 3, 18, &plot_screen), 1, "few rows of many panels are one chart");
    check_left_out();
    check_key();
    check_families();
    tap_equal((int64_t)divided("time", 0, 3, &plot_screen, 1), 0, "without a workload there is none");
}

/* What is chosen keeps the order of the run, and is known by its places there and here. */
static void check_choice(void)
{
    const struct run run = {.works = {.measured = 3, .count = 4}, .configs = {.measured = 4, .count = 4}};
    const bool works[] = {false, true, true}, configs[] = {true, false, false, true};
    struct plot_choice choice;
    plot_choice_make(&run, works, configs, &choice);
    tap_ok(choice.works.count == 2 && choice.works.places[0] == 1 && choice.works.places[1] == 2,
           "chosen works are known by their places in the run");
    tap_ok(plot_chosen_at(&choice.configs, 0) == 0 && plot_chosen_at(&choice.configs, 3) == 1,
           "and a place in the run by that among them");
    tap_ok(plot_chosen_at(&choice.configs, 1) == PLOT_NOT_SHOWN &&
               plot_chosen_at(&choice.works, 3) == PLOT_NOT_SHOWN,
           "what is not chosen, or was not measured, has none");
    tap_ok(choice.given, "they were chosen");
    plot_choice_free(&choice);
    plot_choice_make(&run, works, NULL, &choice);
    tap_ok(choice.configs.count == 4 && choice.given, "so are all configs of some works");
    plot_choice_free(&choice);
    plot_choice_make(&run, NULL, NULL, &choice);
    tap_ok(choice.works.count == 3 && !choice.given, "without a choice it is all of it");
    plot_choice_free(&choice);
}

enum { ITEMS = 4 };

/* Makes a table of ratios, NaN where there is none. The cell says no more than that there is one. */
static void fill(struct normalise_table *table, struct normalise_entry entries[ITEMS * ITEMS],
                 const double ratios[ITEMS][ITEMS])
{
    static const struct run_cell cell;
    for (size_t i = 0; i < ITEMS * ITEMS; i++)
        entries[i] = (struct normalise_entry){.cell = &cell, .ratio = ratios[i / ITEMS][i % ITEMS]};
    *table = (struct normalise_table){.works = ITEMS, .configs = ITEMS, .entries = entries};
}

static bool is_order(const size_t found[ITEMS], size_t a, size_t b, size_t c, size_t d)
{
    const size_t expected[ITEMS] = {a, b, c, d};
    if (memcmp(found, expected, sizeof(expected)) == 0)
        return true;
    tap_note("found %zu %zu %zu %zu", found[0], found[1], found[2], found[3]);
    return false;
}

static void check_order(void)
{
    /* Configs 0 and 2 are alike, as 1 and 3 are; works 0 and 3 are the opposite of works 1 and 2. */
    static const double alike[ITEMS][ITEMS] = {
        {1.0, 5.0, 1.1, 6.0}, {4.0, 1.0, 4.4, 1.2}, {4.1, 1.0, 4.0, 1.3}, {1.0, 5.5, 1.0, 6.5}};
    static const double holes[ITEMS][ITEMS] = {
        {NAN, 3.0, 1.0, 2.0}, {NAN, 3.0, 1.0, 2.0}, {NAN, 3.0, 1.0, 2.0}, {NAN, NAN, NAN, NAN}};
    struct normalise_entry entries[ITEMS * ITEMS];
    struct normalise_table table;
    size_t works[ITEMS], configs[ITEMS];
    fill(&table, entries, alike);
    plot_order(&table, ITEMS, ITEMS, works, configs);
    tap_ok(works[0] + works[1] == 3 && works[2] + works[3] == 3, "works that are alike stand together");
    tap_ok((configs[0] + configs[1]) % 2 == 0 && (configs[2] + configs[3]) % 2 == 0, "so do configs");
    fill(&table, entries, holes);
    plot_order(&table, ITEMS, ITEMS, works, configs);
    tap_ok(is_order(configs, 2, 3, 1, 0), "the smallest ratios stand first, and what has none last");
    tap_ok(works[ITEMS - 1] == 3, "of works, too");
    plot_order(&table, ITEMS - 1, ITEMS - 1, works, configs);
    tap_ok(configs[0] == 2 && configs[1] == 1 && configs[2] == 0, "what lies beyond the count takes no part");
}

int main(void)
{
    check_parts();
    check_choice();
    check_order();
    return tap_done();
}
