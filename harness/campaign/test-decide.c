/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "harness/campaign/needed.h"
#include "tests/tap.h"

/* A run made up for a test: cells, and rows that are added block by block. */
enum { CELLS_MOST = 8, BLOCKS_MOST = 40 };

struct made {
    json_t *manifest;
    size_t cells;
    struct store_row rows[CELLS_MOST * BLOCKS_MOST];
    size_t row_count;
};

static void cell_add(struct made *made, const char *workload, const char *collector, const char *memory,
                     const char *build, bool baseline)
{
    json_array_append_new(json_object_get(made->manifest, "cells"),
                          json_pack("{ss ss ss ss ss ss sn ss ss sb sb}", "workload", workload,
                                    "workload_options", "", "collector", collector, "collector_options", "",
                                    "allocator", "glibc", "tuning", "default", "heap", "memory", memory,
                                    "build", build, "baseline", baseline, "observes",
                                    strcmp(collector, "census") == 0));
    made->cells++;
}

static void made_init(struct made *made, const char *kind, int first, int blocks)
{
    memset(made, 0, sizeof(*made));
    made->manifest =
        json_pack("{si s[] s{ss sf sf sf si si}}", "blocks", blocks, "cells", "design", "kind", kind,
                  "precision", 0.03, "minimum", 0.01, "alpha", 0.05, "first", first, "blocks", blocks);
    assert(made->manifest);
}

/* Adds the cells of rc and of leak on a workload. */
static void pair_add(struct made *made, const char *workload, const char *memory)
{
    cell_add(made, workload, "rc", memory, "", false);
    cell_add(made, workload, "leak", memory, "", false);
}

/* The scene of most tests: one pair of cells, to be decided within 3%. */
static void scene_set(struct made *made)
{
    made_init(made, "precision", 6, 40);
    pair_add(made, "rings", "cold");
}

/* A row of a process that took so long. */
static void row_add(struct made *made, size_t cell, size_t block, double wall_ns, const char *status)
{
    struct store_row *row = &made->rows[made->row_count];
    *row = store_row_empty();
    row->id = (int64_t)made->row_count++;
    row->cell = (int64_t)cell;
    row->block = (int64_t)block;
    row->attempt = 0;
    row->status = status;
    row->wall_ns = (int64_t)wall_ns;
    row->user_ns = row->wall_ns;
    row->sys_ns = row->queued_ns = row->stolen_ns = 0;
}

/* Says of the last row that its process waited for a processor. */
static void last_disturb(struct made *made)
{
    made->rows[made->row_count - 1].queued_ns = INT64_C(1000000000);
}

/* The width of the scatter of times; the scatter itself is the same from run to run. */
static double width = 0.004;
static size_t wild = (size_t)-1; /* a cell that scatters by 80% */

static double scatter(size_t cell, size_t block)
{
    struct random_state random;
    random_seed(&random, cell * 1000 + block + 1);
    return 1 + (cell == wild ? 0.8 : width) * ((double)random_below(&random, 1000) / 1000 - 0.5);
}

/* Runs blocks as a campaign does, `last` at most. `times` is the time of each cell. */
static struct decide *run_to(struct made *made, const double *times, size_t last)
{
    struct decide *decide = decide_new(made->manifest);
    for (size_t block = 0; block < last; block++) {
        decide_rows(decide, made->rows, made->row_count);
        for (size_t cell = 0; cell < made->cells && decide_goes_on(decide); cell++)
            if (decide_cell_goes_on(decide, cell, block))
                row_add(made, cell, block, times[cell] * scatter(cell, block), "ok");
    }
    decide_rows(decide, made->rows, made->row_count);
    return decide;
}

/* The same to the end, with wide scatter. */
static struct decide *run_wide(struct made *made, const double *times)
{
    double usual = width;
    width = 0.1;
    struct decide *decide = run_to(made, times, BLOCKS_MOST);
    width = usual;
    return decide;
}

static size_t rows_of(const struct made *made, size_t cell)
{
    size_t count = 0;
    for (size_t i = 0; i < made->row_count; i++)
        count += made->rows[i].cell == (int64_t)cell;
    return count;
}

static void made_free(struct made *made, struct decide *decide)
{
    decide_free(decide);
    json_decref(made->manifest);
}

static void check_families(void)
{
    struct made made;
    made_init(&made, "precision", 6, 40);
    cell_add(&made, "null", "rc", "cold", "", true);
    pair_add(&made, "rings", "cold");
    cell_add(&made, "rings", "census", "cold", "", false);
    cell_add(&made, "rings", "rc", "warm", "", false);
    cell_add(&made, "grow", "rc", "cold", "", false);
    tap_equal((int64_t)decide_family(json_object_get(made.manifest, "cells")), 1,
              "baselines, observers, other memory and other workloads are in no pair");
    cell_add(&made, "rings", "rc", "cold", "old", false);
    cell_add(&made, "rings", "leak", "cold", "old", false);
    tap_equal((int64_t)decide_family(json_object_get(made.manifest, "cells")), 2,
              "of two builds only the same cell is compared");
    json_decref(made.manifest);
}

/* One pair differs much and one is equal: both are decided, and their cells stop as soon as they are. */
static void check_stopping(void)
{
    static const double times[] = {1e6, 1e9, 2e9, 1e6, 1e9, 1.0001e9, 1e9};
    struct made made;
    made_init(&made, "precision", 6, 40);
    cell_add(&made, "null", "rc", "cold", "", true);
    pair_add(&made, "rings", "cold");
    cell_add(&made, "null", "boehm", "cold", "", true);
    cell_add(&made, "grow", "rc", "cold", "", false);
    cell_add(&made, "grow", "boehm", "cold", "", false);
    cell_add(&made, "fan-in", "rc", "cold", "", false);
    struct decide *decide = run_to(&made, times, BLOCKS_MOST);
    struct decide_counts counts = decide_count(decide);
    tap_equal((int64_t)counts.less, 1, "a cell of half the time is less");
    tap_equal((int64_t)counts.equal, 1, "two cells of one time are equal within the precision");
    tap_equal((int64_t)counts.undecided, 0, "nothing stays undecided");
    tap_ok(!decide_goes_on(decide), "so nothing goes on");
    tap_equal((int64_t)rows_of(&made, 1), 6,
              "a cell whose pairs are decided at the first look has six blocks");
    tap_equal((int64_t)rows_of(&made, 6), 6, "so has one that is in no pair");
    tap_ok(rows_of(&made, 0) == rows_of(&made, 4) && rows_of(&made, 3) == rows_of(&made, 5),
           "a baseline runs as long as a cell that it serves");
    made_free(&made, decide);
}

/* A cell goes on until its own median is known to the precision, where its manifest asks for that. */
static void check_figures(double figures, int64_t expected, const char *sentence)
{
    static const double times[] = {1e9, 8e9, 1e6};
    struct made made;
    scene_set(&made);
    cell_add(&made, "null", "rc", "cold", "", true);
    if (figures > 0)
        json_object_set_new(json_object_get(made.manifest, "design"), "figures", json_real(figures));
    wild = 2;
    struct decide *decide = run_wide(&made, times);
    wild = (size_t)-1;
    tap_equal((int64_t)rows_of(&made, 0), expected, sentence);
    tap_ok(decide_count(decide).less == 1 && decide_pair_of(decide, 0, 1)->result.blocks == 6,
           "its pair was decided at the first look");
    tap_ok(rows_of(&made, 2) == rows_of(&made, 0) || rows_of(&made, 2) == rows_of(&made, 1),
           "a baseline goes on for those it serves, and not for itself");
    made_free(&made, decide);
}

/* What was decided from the rows up to a look stays, whatever came after it, and in whatever order. */
static void check_resuming(void)
{
    static const double times[] = {1e9, 4e9, 1e9, 1.01e9, 1e6};
    struct made made;
    scene_set(&made);
    pair_add(&made, "grow", "cold");
    cell_add(&made, "null", "rc", "cold", "", true);
    width = 0.1;
    struct decide *decide = run_to(&made, times, 7); /* a block that is no look */
    width = 0.004;
    struct decide *again = decide_new(made.manifest);
    tap_equal((int64_t)decide->blocks, 6, "the seventh block waits for its look");
    tap_ok(decide->next_look > 7, "which is to come");
    made.row_count--; /* killed within the block */
    decide_rows(again, made.rows, made.row_count);
    tap_ok(again->blocks == 6 && memcmp(again->states, decide->states, 5 * sizeof(*again->states)) == 0,
           "a kill within a block decides the same");
    tap_ok(again->states[0] == DECIDE_DONE && again->states[2] == DECIDE_GOES_ON,
           "some cells have stopped by then, and others go on");
    tap_ok(again->states[4] == DECIDE_GOES_ON, "so does a baseline of one that goes on");
    tap_ok(!decide_cell_goes_on(again, 0, 6) && decide_cell_goes_on(again, 2, 6),
           "and the block goes on with these");
    decide_free(again);
    made_free(&made, decide);
}

/* A process that was disturbed runs again before anything is decided. */
static void check_disturbed(void)
{
    static const double times[] = {1e9, 4e9};
    struct made made;
    scene_set(&made);
    struct decide *decide = run_to(&made, times, 5);
    row_add(&made, 0, 5, 1e9, "ok");
    row_add(&made, 1, 5, 4e9, "ok");
    last_disturb(&made);
    decide_rows(decide, made.rows, made.row_count);
    tap_equal((int64_t)decide->blocks, 0, "a look waits for a process that is to run again");
    row_add(&made, 1, 5, 4e9, "ok");
    made.rows[made.row_count - 1].attempt = 1;
    decide_rows(decide, made.rows, made.row_count);
    tap_equal((int64_t)decide->blocks, 6, "and is complete when that has run undisturbed");
    made_free(&made, decide);
}

static void check_failures(void)
{
    static const double times[] = {1e9, 1.001e9, 1.002e9};
    struct made made;
    scene_set(&made);
    cell_add(&made, "rings", "boehm", "cold", "", false);
    row_add(&made, 0, 0, 1e9, "timeout");
    row_add(&made, 1, 0, 1e9, "ok");
    row_add(&made, 2, 0, 1e9, "ok");
    struct decide *decide = decide_new(made.manifest);
    decide_rows(decide, made.rows, made.row_count);
    tap_ok(!decide_cell_goes_on(decide, 0, 1), "a cell that failed stops");
    decide_free(decide);
    made.row_count = 3;
    struct made rest = made;
    for (size_t block = 1; block < 6; block++)
        for (size_t cell = 1; cell < 3; cell++)
            row_add(&rest, cell, block, times[cell] * scatter(cell, block), "ok");
    decide = decide_new(rest.manifest);
    decide_rows(decide, rest.rows, rest.row_count);
    struct decide_counts counts = decide_count(decide);
    tap_equal((int64_t)decide->blocks, 6, "the look does not wait for it");
    tap_equal((int64_t)counts.blank, 2, "and its pairs are blank");
    tap_equal(decide->states[0], DECIDE_FAILED, "which it is said to have done");
    made_free(&rest, decide);
}

/* The same rows are judged as the manifest says: the first look has more of alpha where it says so. */
static void check_spending(void)
{
    static const double times[] = {1e9, 1.0122e9};
    struct made made;
    scene_set(&made);
    json_object_set_new(json_object_get(made.manifest, "design"), "precision", json_real(0.01));
    struct decide *even = run_to(&made, times, 6);
    tap_ok(even->design.spending == SEQUENTIAL_EVEN && even->blocks == 6,
           "a manifest without a spending spends evenly");
    json_object_set_new(json_object_get(made.manifest, "design"), "spending", json_string("harmonic"));
    struct decide *decide = decide_new(made.manifest);
    decide_rows(decide, made.rows, made.row_count);
    tap_ok(decide->design.spending == SEQUENTIAL_HARMONIC, "one that names it spends by it");
    tap_note("%f to %f evenly, %f to %f", even->pairs[0].result.low, even->pairs[0].result.high,
             decide->pairs[0].result.low, decide->pairs[0].result.high);
    tap_ok(even->pairs[0].result.verdict == SEQUENTIAL_UNDECIDED &&
               decide->pairs[0].result.verdict == SEQUENTIAL_LESS,
           "and decides at the first look what is undecided otherwise");
    decide_free(even);
    made_free(&made, decide);
}

/* A look is of all cells that go on, and a failure blanks the pairs of its cell at once. */
static void check_incomplete_look(void)
{
    static const double times[] = {1e9, 4e9, 1e9, 1.0001e9};
    struct made made;
    scene_set(&made);
    pair_add(&made, "grow", "cold");
    struct decide *decide = run_to(&made, times, 6);
    tap_ok(decide_pair_of(decide, 0, 1)->result.verdict == SEQUENTIAL_LESS,
           "a look decides when it is complete");
    tap_ok(decide_pair_of(decide, 0, 2) == NULL, "cells that are not compared are no pair");
    made.row_count--;
    decide_rows(decide, made.rows, made.row_count);
    tap_ok(decide_count(decide).undecided == 2 && decide->blocks == 0,
           "without one process of another pair it decides nothing");
    row_add(&made, 3, 5, 1e9, "crash");
    decide_rows(decide, made.rows, made.row_count);
    tap_ok(decide_count(decide).blank == 1 && decide_count(decide).less == 1,
           "a cell that failed is not waited for");
    made.row_count -= 2;
    row_add(&made, 3, 5, 1e9, "crash");
    decide_rows(decide, made.rows, made.row_count);
    tap_ok(decide_count(decide).blank == 1 && decide_count(decide).undecided == 1 && decide->blocks == 0,
           "and its pair is blank before the look is complete");
    made_free(&made, decide);
}

static void check_cold(double slower, size_t expected, const char *sentence)
{
    double times[] = {slower * 1e9, 2e9, 1e9, 2e9}; /* rc and leak, cold; the same, warm */
    struct made made;
    scene_set(&made);
    pair_add(&made, "rings", "warm");
    struct decide *decide = run_to(&made, times, BLOCKS_MOST);
    tap_equal((int64_t)rows_of(&made, 0), (int64_t)expected, sentence);
    if (slower < 1.1) {
        struct decide_counts counts = decide_count(decide);
        tap_ok(decide->as_warm[0] && !decide->as_warm[2] && counts.as_warm == 1,
               "and nothing is claimed of it");
        tap_ok(counts.less == 1 && counts.undecided == 0, "what is claimed is of the warm ones");
    }
    made_free(&made, decide);
}

/* A cold cell that is as warm goes on for its own figure, and stays as warm. */
static void check_cold_figures(void)
{
    static const double times[] = {1e9, 8e9, 1e9, 8e9};
    struct made made;
    scene_set(&made);
    pair_add(&made, "rings", "warm");
    json_object_set_new(json_object_get(made.manifest, "design"), "figures", json_real(0.02));
    struct decide *decide = run_wide(&made, times);
    tap_ok(rows_of(&made, 0) > 6 && decide->states[0] == DECIDE_DONE,
           "a cold cell that is as warm goes on until its figure is precise");
    tap_ok(decide->as_warm[0] && decide->as_warm[1] && decide_count(decide).as_warm == 1,
           "and stays as warm");
    made_free(&made, decide);
}

/* A run that is killed before a cold cell is repeated repeats it as it goes on. */
static void check_cold_disturbed(void)
{
    static const double times[] = {1e9, 1e9};
    struct made made;
    made_init(&made, "precision", 6, 40);
    cell_add(&made, "rings", "rc", "cold", "", false);
    cell_add(&made, "rings", "rc", "warm", "", false);
    struct decide *decide = run_to(&made, times, 5);
    row_add(&made, 1, 5, 1e9, "ok");
    row_add(&made, 0, 5, 1e9, "ok");
    last_disturb(&made);
    decide_rows(decide, made.rows, made.row_count);
    tap_ok(decide_cell_goes_on(decide, 0, 5), "a disturbed time does not say that a cold cell is as warm");
    made_free(&made, decide);
}

static void check_fixed(void)
{
    static const double times[] = {1e9, 2e9};
    struct made made;
    made_init(&made, "blocks", 5, 5);
    pair_add(&made, "rings", "cold");
    struct decide *decide = run_to(&made, times, 4);
    tap_ok(decide->blocks == 0 && decide_goes_on(decide),
           "a fixed design does not look before its last block");
    decide_free(decide);
    made.row_count = 0;
    decide = run_to(&made, times, 5);
    tap_equal((int64_t)decide_count(decide).less, 1, "and decides at it");
    made_free(&made, decide);
    made_init(&made, "blocks", 1, 1);
    pair_add(&made, "rings", "cold");
    decide = run_to(&made, times, 1);
    tap_ok(decide_count(decide).less == 0 && decide->blocks == 1, "one block decides nothing");
    made_free(&made, decide);
}

/* What going on would bring, of a run that was ended after so many blocks. */
static void check_needed(void)
{
    static const double times[] = {1.08e9, 1e9}, seconds[] = {3, 2};
    struct made made;
    double usual = width;
    width = 0.12;
    scene_set(&made);
    struct decide *decide = run_to(&made, times, 8);
    width = usual;
    size_t needed = needed_by_pair(decide, &decide->pairs[0]);
    struct needed_more more = needed_more(decide, seconds);
    tap_ok(decide->blocks == 8 && needed > 8 && more.pairs == 1, "a pair that scatters needs more blocks");
    tap_ok(fabs(more.seconds - 5 * (double)(needed - 8)) < 1e-9, "which take the time of both cells in each");
    for (size_t i = 0; i < made.row_count; i++)
        made.rows[i].process_wall_ns = INT64_C(2000000000) + made.rows[i].cell * INT64_C(1000000000);
    struct store store = {.manifest = made.manifest, .rows = made.rows, .row_count = made.row_count};
    double *found = needed_seconds(&store, made.cells);
    tap_ok(fabs(found[0] - 2) < 1e-9 && fabs(found[1] - 3) < 1e-9,
           "the time of a block is that of its processes");
    free(found);
    made.rows[1].attempt = 1; /* a repetition is one more process of a block */
    found = needed_seconds(&store, made.cells);
    tap_ok(fabs(found[1] - 3.0 * 8 / 7) < 1e-9 || fabs(found[0] - 2.0 * 8 / 7) < 1e-9,
           "with its repetitions");
    free(found);
    json_object_set_new(made.manifest, "sessions", json_pack("[{sf}]", "seconds", 80.0));
    made.rows[1].attempt = 0;
    found = needed_seconds(&store, made.cells);
    tap_ok(fabs(found[0] - 4) < 1e-9 && fabs(found[1] - 6) < 1e-9, "and with what the sessions took beside");
    free(found);
    made_free(&made, decide);
}

int main(void)
{
    check_families();
    check_spending();
    check_stopping();
    check_figures(0, 6, "a run of an older version does not ask how well a figure is known");
    check_figures(0.05, 6, "scatter of 3% needs no more than six blocks for a figure within 5%");
    check_figures(0.02, 20, "and more for one within 2%");
    check_resuming();
    check_disturbed();
    check_failures();
    check_incomplete_look();
    check_cold(1.001, 6, "a cold cell that is as warm stops at the first look");
    check_cold(1.2, 6, "a cold cell that is not is compared at it");
    check_cold_figures();
    check_cold_disturbed();
    check_fixed();
    check_needed();
    return tap_done();
}
