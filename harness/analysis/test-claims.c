/* SPDX-License-Identifier: MIT */
/* Checks which pairs a run makes, what it claims of them, their order, and what a second run answers. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "harness/analysis/claims-more.h"
#include "harness/analysis/claims.h"
#include "harness/analysis/ranking.h"
#include "harness/campaign/needed.h"
#include "tests/tap.h"

enum { BLOCKS = 10, CELLS = 8 };

/* A run of one work, made by hand. The first five cells are collectors a to e in the setting 0. */
struct made {
    struct run run;
    struct store store;
    struct run_cell cells[CELLS];
    double values[CELLS][RUN_METRICS * BLOCKS];
    char *names[CELLS];
};

/* The scatter of a cell in a block, of a per cent or so; cells scatter apart from each other. */
static double scatter(size_t cell, size_t block)
{
    return 1 + 0.01 * sin((double)(7 * block * block + 11 * cell * block + 5 * cell + 1));
}

static void add(struct made *made, const char *collector, const char *build, double level)
{
    size_t place = made->run.cell_count++;
    json_array_append_new(json_object_get(made->store.manifest, "cells"),
                          json_pack("{ss ss ss ss ss ss ss}", "workload", "w", "collector", collector,
                                    "collector_options", "", "allocator", "m", "tuning", "default", "memory",
                                    "cold", "build", build));
    made->cells[place] = (struct run_cell){.config = place,
                                           .processes = BLOCKS,
                                           .status = "ok",
                                           .role = RUN_RECLAIMS,
                                           .values = made->values[place]};
    for (size_t i = 0; i < (size_t)RUN_METRICS * BLOCKS; i++)
        made->values[place][i] = NAN;
    for (size_t block = 0; block < BLOCKS; block++) {
        double drift = 1 + 0.05 * (double)block;
        made->values[place][RUN_WALL * BLOCKS + block] = level * drift * scatter(place, block);
        made->values[place][RUN_OWN * BLOCKS + block] = 0.5 * level * drift * scatter(place, block);
        made->values[place][RUN_KERNEL * BLOCKS + block] = 0.5 * level * drift * scatter(place, block);
    }
}

static void begin(struct made *made)
{
    *made = (struct made){.store = {.manifest = json_pack("{s[] si}", "cells", "blocks", BLOCKS)}};
    made->run = (struct run){.store = &made->store, .cells = made->cells, .blocks = BLOCKS, .ended = true};
    made->run.works = made->run.settings = (struct run_list){.count = 1, .measured = 1};
    made->run.configs = (struct run_list){.count = CELLS, .measured = CELLS};
}

static void end(struct made *made)
{
    json_decref(made->store.manifest);
}

static void five(struct made *made)
{
    begin(made);
    add(made, "a", "", 100);
    add(made, "b", "", 130);
    add(made, "c", "", 100.3);
    add(made, "d", "", 200);
    add(made, "e", "", 104);
}

/* The campaign finds the pairs by the manifest, and claims by the cells of the run. */
static void same_family(const struct made *made, const struct claims *claims, const char *sentence)
{
    tap_equal((int64_t)decide_family(json_object_get(made->store.manifest, "cells")),
              (int64_t)claims->design.family, sentence);
}

static void test_family(void)
{
    static struct made made;
    struct claims claims;
    five(&made);
    made.cells[4].observer = true;
    json_object_set_new(json_array_get(json_object_get(made.store.manifest, "cells"), 4), "observes",
                        json_true());
    claims_make(&made.run, RUN_WALL, &claims);
    tap_equal((int64_t)claims.design.family, 6, "four collectors are six pairs; an observer is in none");
    same_family(&made, &claims, "and the campaign counts as many");
    struct claims_counts counts = claims_count(&claims, CLAIMS_ANY);
    tap_equal((int64_t)counts.claims, 5, "differences beyond the scatter are claimed");
    tap_equal((int64_t)counts.equal, 1, "and two cells within the precision are equal");
    tap_ok(claims_between(&claims, &made.cells[0], &made.cells[1]).verdict == SEQUENTIAL_LESS &&
               claims_between(&claims, &made.cells[1], &made.cells[0]).verdict == SEQUENTIAL_MORE,
           "a claim can be asked for either way round");
    tap_ok(claims_may_lead(&claims, &made.cells[0]) && claims_may_lead(&claims, &made.cells[2]) &&
               !claims_may_lead(&claims, &made.cells[1]),
           "those that none is shown to be less than may lead");
    made.cells[0].role = RUN_FLOOR;
    made.cells[2].role = RUN_FLOOR;
    tap_ok(!claims_may_lead(&claims, &made.cells[0]) && claims_may_lead(&claims, &made.cells[1]),
           "one that did not do the whole job may not, nor stands in another's way");
    claims_fini(&claims);
    made.cells[1].reason = "oom";
    claims_make(&made.run, RUN_WALL, &claims);
    counts = claims_count(&claims, CLAIMS_ANY);
    tap_ok(counts.blank == 3 && counts.pairs == 3 && claims.design.family == 6,
           "pairs of a cell that failed are blank, and still of the family");
    made.cells[3].as_warm = true;
    claims_fini(&claims);
    claims_make(&made.run, RUN_WALL, &claims);
    counts = claims_count(&claims, CLAIMS_ANY);
    tap_ok(counts.as_warm == 2 && counts.blank == 3 && counts.pairs == 1,
           "of a cell that stopped as warm nothing is claimed");
    made.cells[0].role = made.cells[2].role = RUN_RECLAIMS;
    tap_ok(!claims_may_lead(&claims, &made.cells[3]) && !claims_may_lead(&claims, &made.cells[0]),
           "it may not lead, nor may another of the work, of which it is not known whether it does");
    made.cells[3].role = RUN_LEAKS;
    tap_ok(claims_may_lead(&claims, &made.cells[0]), "but one that did not do the whole job stops nobody");
    claims_fini(&claims);
    end(&made);
}

static void test_design(void)
{
    static struct made made;
    struct claims claims;
    five(&made);
    json_object_set_new(made.store.manifest, "design",
                        json_pack("{sf sf sf sI sI ss}", "alpha", 0.1, "minimum", 0.035, "precision", 0.06,
                                  "first", (json_int_t)5, "blocks", (json_int_t)BLOCKS, "spending",
                                  "harmonic"));
    claims_make(&made.run, RUN_WALL, &claims);
    tap_ok(claims.design.alpha == 0.1 && claims.design.minimum == 0.035 && claims.design.precision == 0.06 &&
               claims.design.first == 5 && claims.design.blocks == BLOCKS &&
               claims.design.spending == SEQUENTIAL_HARMONIC,
           "the design is that of the manifest");
    tap_equal((int64_t)claims_between(&claims, &made.cells[0], &made.cells[3]).blocks, 5,
              "and a large difference is decided at its first look");
    tap_ok(claims_between(&claims, &made.cells[0], &made.cells[4]).verdict == SEQUENTIAL_EQUAL,
           "four per cent are equal within six");
    claims_fini(&claims);
    end(&made);
}

static void test_builds(void)
{
    static struct made made;
    struct claims claims;
    begin(&made);
    add(&made, "a", "old", 100);
    add(&made, "b", "old", 100);
    add(&made, "a", "", 120);
    add(&made, "b", "", 100.2);
    claims_make(&made.run, RUN_WALL, &claims);
    tap_ok(claims.builds && claims.count == 2, "in a run of two builds a pair is the same cell of both");
    same_family(&made, &claims, "for the campaign too");
    tap_ok(claims.pairs[0].a == &made.cells[2] && claims.pairs[0].result.verdict == SEQUENTIAL_MORE,
           "this build over the other");
    claims_fini(&claims);
    end(&made);
}

/* Makes c undecided against a and b by scatter of its own. */
static void test_ranking(void)
{
    static struct made made;
    struct claims claims;
    struct claims_scene scene;
    struct ranking ranking;
    five(&made);
    for (size_t block = 0; block < BLOCKS; block++)
        made.values[2][RUN_WALL * BLOCKS + block] *= block % 2 ? 0.7 : 1.55;
    made.cells[0].role = RUN_FLOOR;
    claims_make(&made.run, RUN_WALL, &claims);
    tap_equal((int64_t)claims_scenes(&claims, &scene), 1, "one work and setting are one scene");
    ranking_make(&claims, &scene, &ranking);
    const size_t order[] = {0, 4, 2, 1, 3};
    bool sorted = ranking.count == 5;
    for (size_t i = 0; sorted && i < 5; i++)
        sorted = ranking.cells[i] == &made.cells[order[i]];
    tap_ok(sorted, "the order is that of geometric means");
    tap_ok(ranking.best == 1 && isfinite(ranking.ratios[0]) && ranking.ratios[0] < 1 &&
               ranking.ratios[1] == 1,
           "ratios are to the first that did the whole job");
    tap_ok(ranking.signs[0] == SEQUENTIAL_LESS && ranking.signs[1] == SEQUENTIAL_UNDECIDED &&
               ranking.signs[2] == SEQUENTIAL_UNDECIDED && ranking.signs[3] == SEQUENTIAL_LESS,
           "neighbours have their verdicts as signs");
    tap_ok(ranking.exception_count == 2 && ranking.exceptions[0].left == 0 &&
               ranking.exceptions[0].right == 2 && ranking.exceptions[0].verdict == SEQUENTIAL_UNDECIDED &&
               ranking.exceptions[1].left == 1 && ranking.exceptions[1].right == 3 &&
               ranking.exceptions[1].verdict == SEQUENTIAL_LESS,
           "pairs that the signs tell wrongly are exceptions");
    ranking_fini(&ranking);
    claims_fini(&claims);
    end(&made);
}

/* Where d has few blocks, and e became faster after them, the order is that of the ratios that are shown. */
static void test_ranking_of_few(void)
{
    static struct made made;
    struct claims claims;
    struct claims_scene scene;
    struct ranking ranking;
    five(&made);
    for (size_t block = 5; block < BLOCKS; block++) {
        made.values[3][RUN_WALL * BLOCKS + block] = NAN;
        made.values[4][RUN_WALL * BLOCKS + block] *= 0.8;
    }
    claims_make(&made.run, RUN_WALL, &claims);
    claims_scenes(&claims, &scene);
    ranking_make(&claims, &scene, &ranking);
    bool sorted = ranking.count == 5;
    for (size_t i = 0; sorted && i + 1 < 5; i++)
        sorted = ranking.ratios[i] <= ranking.ratios[i + 1];
    tap_ok(sorted && ranking.cells[0] == &made.cells[4] && ranking.ratios[0] < 1,
           "cells stand by their ratios, also where these are over more blocks than all have");
    tap_ok(ranking.best > 0 && ranking.best < 3 && ranking.ratios[ranking.best] == 1,
           "and the best keeps its ratio of 1");
    ranking_fini(&ranking);
    claims_fini(&claims);
    end(&made);
}

/* Cells that scatter by half are undecided, whichever two are asked for. */
static void test_undecided(void)
{
    static struct made made;
    struct claims claims;
    struct claims_scene scene;
    struct ranking ranking;
    five(&made);
    for (size_t i = 0; i < 5; i++)
        for (size_t block = 0; block < BLOCKS; block++)
            made.values[i][RUN_WALL * BLOCKS + block] *= exp(sin((double)(3 * block * (i + 1) + i)));
    claims_make(&made.run, RUN_WALL, &claims);
    claims_scenes(&claims, &scene);
    ranking_make(&claims, &scene, &ranking);
    tap_ok(claims_count(&claims, CLAIMS_ANY).undecided == 10 && ranking.exception_count == 0,
           "where all is undecided, signs of undecided tell it all");
    ranking_fini(&ranking);
    claims_fini(&claims);
    end(&made);
}

static void confirm(struct made *first, struct made *second, struct claims_confirmation *ret_confirmation)
{
    static struct claims a, b;
    claims_fini(&a);
    claims_fini(&b);
    claims_make(&first->run, RUN_WALL, &a);
    claims_make(&second->run, RUN_WALL, &b);
    claims_confirm(&a, &b, ret_confirmation);
}

static void scale(struct made *made, size_t cell, enum run_metric metric, double factor)
{
    for (size_t block = 0; block < BLOCKS; block++)
        made->values[cell][(size_t)metric * BLOCKS + block] *= factor;
}

static void test_confirmation(void)
{
    static struct made first, second;
    struct claims_confirmation found;
    five(&first);
    five(&second);
    confirm(&first, &second, &found);
    tap_ok(found.count == 9 && found.outcomes[CLAIMS_CLAIMED_TOO] == 9 && claims_confirmed(&found) == 1,
           "a run confirms its own claims");
    claims_confirm_fini(&found);
    scale(&second, 3, RUN_WALL, 0.4); /* d is now the fastest, by its kernel time alone */
    scale(&second, 3, RUN_KERNEL, 0.1);
    confirm(&first, &second, &found);
    tap_ok(found.outcomes[CLAIMS_CONTRADICTED] == 4 && found.outcomes[CLAIMS_CLAIMED_TOO] == 5,
           "claims against one that became the fastest are contradicted");
    size_t named = 0;
    for (size_t i = 0; i < found.count; i++)
        named += found.answers[i].outcome == CLAIMS_CONTRADICTED && found.answers[i].reason == RUN_KERNEL;
    tap_equal((int64_t)named, 4, "and the kernel is named, as the rest of the time agrees");
    claims_confirm_fini(&found);
    scale(&second, 3, RUN_OWN, 0.2);
    confirm(&first, &second, &found);
    tap_ok(found.outcomes[CLAIMS_CONTRADICTED] == 4 && found.answers[2].reason != RUN_KERNEL,
           "but not where the rest disagrees too");
    claims_confirm_fini(&found);
    second.cells[3].reason = "oom";
    confirm(&first, &second, &found);
    tap_ok(found.outcomes[CLAIMS_LACKING] == 4 && claims_confirmed(&found) == 1,
           "claims on a cell without a figure count neither way");
    claims_confirm_fini(&found);
    end(&second);
    five(&second);
    for (size_t block = 0; block < BLOCKS; block++)
        second.values[1][RUN_WALL * BLOCKS + block] *= block % 2 ? 0.35 : 1.64;
    confirm(&first, &second, &found);
    tap_ok(found.outcomes[CLAIMS_OTHER_WAY] == 3 && found.outcomes[CLAIMS_SAME_WAY] == 1 &&
               fabs(claims_confirmed(&found) - 6.0 / 9) < 1e-9,
           "of those that the second run leaves open, the ones that lie the same way are confirmed");
    claims_confirm_fini(&found);
    end(&first);
    end(&second);
}

/* Gives each cell a process of so many seconds in each block. */
static struct store_row *rows_make(struct made *made, double seconds)
{
    struct store_row *rows = memory_new(CELLS * BLOCKS, sizeof(*rows));
    for (size_t cell = 0; cell < made->run.cell_count; cell++)
        for (size_t block = 0; block < BLOCKS; block++) {
            struct store_row *row = &rows[made->store.row_count++];
            *row = store_row_empty();
            row->cell = (int64_t)cell;
            row->block = (int64_t)block;
            row->attempt = 0;
            row->process_wall_ns = (int64_t)(seconds * 1e9);
        }
    made->store.rows = rows;
    return rows;
}

/* Whether a run of so many blocks at one look decides two cells. */
static bool decides(const struct claims *claims, const struct made *made, size_t a, size_t b, size_t blocks)
{
    struct sequential_design fixed = claims->design;
    struct needed_noise noise = needed_noise(made->values[a], made->values[b], BLOCKS);
    fixed.first = fixed.blocks = blocks;
    return sequential_blocks_needed(&fixed, noise.deviation, noise.ratio) > 0;
}

static void test_more(void)
{
    static struct made made;
    struct claims claims;
    begin(&made);
    add(&made, "a", "", 100);
    add(&made, "b", "", 102.2);
    for (size_t block = 0; block < BLOCKS; block++)
        made.values[0][RUN_WALL * BLOCKS + block] *= block % 2 ? 1.05 : 0.95;
    struct store_row *rows = rows_make(&made, 3);
    claims_make(&made.run, RUN_WALL, &claims);
    struct claims_more more = claims_more(&claims, 0);
    tap_ok(claims.pairs[0].result.verdict == SEQUENTIAL_UNDECIDED && more.way == CLAIMS_NEW_RUN &&
               !more.in_vain && more.known == 1 && more.pairs == 1,
           "a pair that scatters too much needs a new run");
    tap_ok(more.blocks > BLOCKS && decides(&claims, &made, 0, 1, more.blocks) &&
               !decides(&claims, &made, 0, 1, more.blocks - 1),
           "of as many blocks as decide it, and no more");
    tap_ok(fabs(more.seconds - 6 * (double)more.blocks) < 1e-6, "which take the time of both cells");
    tap_equal((int64_t)claims_more(&claims, 1).known, 0,
              "of a setting without undecided pairs nothing is known");
    made.store.row_count = 0;
    tap_ok(claims_more(&claims, 0).seconds == 0 && claims_more(&claims, 0).pairs == 1,
           "without the time of any process there is none");
    claims_fini(&claims);
    free(rows);
    end(&made);
}

int main(void)
{
    test_family();
    test_design();
    test_builds();
    test_ranking();
    test_ranking_of_few();
    test_undecided();
    test_confirmation();
    test_more();
    return tap_done();
}
