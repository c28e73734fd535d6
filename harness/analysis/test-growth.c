/* SPDX-License-Identifier: MIT */
/* Checks how costs grow with the size of the input, on a run made by hand. */
#include <math.h>

#include "harness/analysis/growth.h"
#include "tests/tap.h"

enum { BLOCKS = 4, MOST = 8, CONFIGS = 2 };

/* A work: the bytes that it allocates under the first collector. The second adds a tenth. */
struct made_work {
    const char *workload, *options;
    double bytes;
};

struct made {
    struct run run;
    struct store store;
    struct run_cell cells[MOST * CONFIGS];
    double values[MOST * CONFIGS][RUN_METRICS * BLOCKS];
};

/* The first collector takes time in proportion to the size, the second to its power of 1.5 or so; blocks are slow or not. */
static void fill(struct made *made, size_t place, size_t config, double bytes)
{
    static const double slow[BLOCKS] = {1, 1.3, 0.9, 1.1}, bend[BLOCKS] = {-0.02, 0, 0, 0.02};
    double *values = made->values[place];
    for (size_t i = 0; i < (size_t)RUN_METRICS * BLOCKS; i++)
        values[i] = NAN;
    for (size_t block = 0; block < BLOCKS; block++) {
        values[RUN_ALLOCATED * BLOCKS + block] = config ? 1.1 * bytes : bytes;
        values[RUN_WALL * BLOCKS + block] = slow[block] * pow(bytes, config ? 1.5 + bend[block] : 1);
        values[RUN_PEAK * BLOCKS + block] = 4096;
    }
}

static void begin(struct made *made, const struct made_work *works, size_t count)
{
    *made = (struct made){.store = {.manifest = json_pack("{s[]}", "cells")}};
    made->run = (struct run){
        .store = &made->store, .cells = made->cells, .cell_count = count * CONFIGS, .blocks = BLOCKS};
    made->run.works = (struct run_list){.count = count, .measured = count};
    made->run.configs = (struct run_list){.count = CONFIGS, .measured = CONFIGS};
    made->run.settings = (struct run_list){.count = 1, .measured = 1};
    for (size_t i = 0; i < count * CONFIGS; i++) {
        const struct made_work *work = &works[i / CONFIGS];
        made->cells[i] = (struct run_cell){.work = i / CONFIGS,
                                           .config = i % CONFIGS,
                                           .processes = BLOCKS,
                                           .status = "ok",
                                           .values = made->values[i]};
        fill(made, i, i % CONFIGS, work->bytes);
        json_array_append_new(
            json_object_get(made->store.manifest, "cells"),
            json_pack("{ss ss}", "workload", work->workload, "workload_options", work->options));
    }
}

/* Returns how many families the works are. */
static size_t families(const struct made_work *works, size_t count)
{
    static struct made made;
    struct growth growth;
    begin(&made, works, count);
    growth_make(&made.run, 0, &growth);
    size_t found = growth.count;
    growth_free(&growth);
    json_decref(made.store.manifest);
    return found;
}

static void test_families(void)
{
    static const struct made_work
        sizes[] = {{"w", "n=100,x=1", 100}, {"w", "x=1", 400}, {"w", "x=1,n=1600", 1600}},
        two[] = {{"w", "n=1", 100}, {"w", "n=4", 400}},
        same[] = {{"w", "n=1", 100}, {"w", "n=4", 110}, {"w", "n=9", 120}},
        mixed[] = {{"w", "n=1", 100}, {"w", "n=4", 400}, {"w", "n=4,x=2", 1600}},
        both[] = {{"w", "n=1,x=1", 100}, {"w", "n=4,x=2", 400}, {"w", "n=9,x=3", 1600}},
        words[] = {{"w", "file=a", 100}, {"w", "file=b", 400}, {"w", "file=c", 1600}},
        others[] = {{"w", "n=1", 100}, {"v", "n=4", 400}, {"w", "n=9", 1600}};
    tap_equal((int64_t)families(sizes, 3), 1, "works that one number tells apart are a family");
    tap_equal((int64_t)families(two, 2), 0, "two are none");
    tap_equal((int64_t)families(same, 3), 0, "nor are those that allocate about the same");
    tap_equal((int64_t)families(mixed, 3), 0, "nor where another option differs, too");
    tap_equal((int64_t)families(both, 3), 0, "or where two options differ at once");
    tap_equal((int64_t)families(words, 3), 0, "or one that is no number");
    tap_equal((int64_t)families(others, 3), 0, "works of two workloads are not one family");
}

static bool near(double found, double expected)
{
    return fabs(found - expected) < 1e-9;
}

static void test_exponents(void)
{
    static const struct made_work works[] = {
        {"w", "n=16", 1600}, {"w", "n=1", 100}, {"w", "n=4", 400}, {"v", "", 7}};
    static struct made made;
    struct growth growth;
    begin(&made, works, 4);
    growth_make(&made.run, 0, &growth);
    tap_ok(growth.count == 1 && growth.families[0].count == 3 && growth.families[0].sizes[0].work == 1 &&
               growth.families[0].sizes[2].work == 0,
           "a family has its sizes in order, whatever the order of the run");
    tap_ok(near(growth.families[0].sizes[0].bytes, 100), "a size is the least that any collector counts");
    const struct growth_family *family = &growth.families[0];
    struct growth_exponent first = growth_exponent_of(&made.run, family, 0, 0, RUN_WALL),
                           second = growth_exponent_of(&made.run, family, 0, 1, RUN_WALL);
    tap_ok(near(first.exponent, 1) && near(first.interval.low, 1) && near(first.interval.high, 1),
           "a cost in proportion to the size has an exponent of 1, in slow blocks, too");
    tap_ok(near(second.exponent, 1.5) && second.interval.low < 1.49 && second.interval.high > 1.51,
           "and one that bends has an interval from the blocks");
    tap_ok(near(growth_exponent_of(&made.run, family, 0, 0, RUN_PEAK).exponent, 0),
           "what does not grow has 0");
    made.cells[0].reason = (char *)"out of memory";
    tap_ok(isnan(growth_exponent_of(&made.run, family, 0, 0, RUN_WALL).exponent),
           "of two sizes there is no exponent");
    growth_free(&growth);
    json_decref(made.store.manifest);
}

int main(void)
{
    test_families();
    test_exponents();
    return tap_done();
}
