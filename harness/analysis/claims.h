/* SPDX-License-Identifier: MIT */
/*
 * What a run has to say: which of two cells is less than the other, and which two are equal.
 *
 * The family is every pair of cells of the run that share work, setting and heap, and differ in the
 * collector. Baselines and observers are in no pair, nor cells of a kind that has no such metric. In a run of
 * two builds the pairs are the same cell in the two builds instead. Each metric is a family of its own. The
 * chance that a run states anything wrong about a metric is at most the design's alpha.
 *
 * A pair is decided by the blocks up to the last complete look (decide.h), whatever ended the run. So by wall
 * time its result is the campaign's own; by another metric it is that of sequential_decide(). In a run of several
 * machines a claim holds over machines (harness/statistics/machines.h). What is neither claimed nor equal is undecided.
 * A pair is blank where one of its cells is.
 */
#ifndef HARNESS_ANALYSIS_CLAIMS_H
#define HARNESS_ANALYSIS_CLAIMS_H

#include "harness/analysis/run.h"
#include "harness/statistics/sequential.h"

enum { CLAIMS_VERDICTS = SEQUENTIAL_BLANK + 1 };

/*
 * Whether nothing is claimed of a cell, as it is cold and stopped as warm. Its warm twin speaks for its time,
 * but not for its peak memory, which warm processes do not have: there the cell speaks for itself. O(1).
 */
static inline bool claims_stops_as_warm(const struct run_cell *cell, enum run_metric metric)
{
    return cell->as_warm && metric != RUN_PEAK;
}

struct claims_pair {
    const struct run_cell *a, *b;    /* never NULL. Of two builds: a is of the build that has no name */
    struct sequential_result result; /* of a / b */
    bool as_warm;                    /* one is cold and stopped as warm: blank, as nothing is claimed of it */
};

struct claims {
    const struct run *run;
    enum run_metric metric;
    bool builds;                     /* the pairs are of two builds */
    struct sequential_design design; /* with the family */
    struct claims_pair *pairs;       /* by setting, then work, then in the plan's order */
    size_t count;                    /* pairs: the family, blanks included */
};

/*
 * Returns the design of the run, as decide_design() does. `family` is the number of the run's pairs.
 * O(cells²).
 */
struct sequential_design claims_design(const struct run *run);

/* Whether the run has cells of two builds, so that its pairs are of these. O(cells). */
bool claims_of_builds(const struct run *run);

/* Decides every pair of the run. The result points into `run`; it is for claims_fini(). O(pairs x blocks). */
void claims_make(const struct run *run, enum run_metric metric, struct claims *ret_claims);
void claims_fini(struct claims *claims);

/*
 * Decides pairs that are a family of their own, by the blocks up to the last complete look, as claims_make()
 * does. Sets their `result`. Returns the design, with their number as the family. O(pairs x blocks).
 */
struct sequential_design claims_decide_pairs(const struct run *run, enum run_metric metric,
                                             struct claims_pair *pairs, size_t count);

/* Stands for any setting. */
static const size_t CLAIMS_ANY = (size_t)-1;

/* Counts pairs by verdict. LESS and MORE are both claims. */
struct claims_counts {
    size_t pairs; /* without blanks */
    size_t claims, equal, undecided;
    size_t blank;   /* one of the cells has no figure */
    size_t as_warm; /* a cold cell stopped as warm */
};
struct claims_counts claims_count(const struct claims *claims, size_t setting);

/* Returns the share of pairs that are claimed or equal; NaN without pairs. O(1). */
double claims_decided(const struct claims_counts *counts);

/*
 * Returns the result of a / b, whichever way round the run has the pair. Its verdict is SEQUENTIAL_BLANK, and
 * its figures are NaN, where the run has no such pair. O(pairs).
 */
struct sequential_result claims_between(const struct claims *claims, const struct run_cell *a,
                                        const struct run_cell *b);

/*
 * Returns the paired geometric mean of a / b: exp of the mean of ln(a / b) over the blocks in which both have a
 * value. Of several machines it is that over the machines' means. Two values of 0 are equal. NaN where there is no
 * such block. O(blocks).
 */
double claims_estimate(const struct run *run, const struct run_cell *a, const struct run_cell *b,
                       enum run_metric metric);

/* Returns the result of b / a from that of a / b. O(1). */
struct sequential_result claims_turned(struct sequential_result result);

/* A place where cells are compared. */
struct claims_scene {
    size_t work, setting;
    const char *heap; /* of the manifest; "" without a limit */
};

/*
 * Lists the scenes of the pairs in their order. Returns how many; `ret_scenes` has room for run->cell_count.
 * O(pairs x scenes).
 */
size_t claims_scenes(const struct claims *claims, struct claims_scene *ret_scenes);

/* Counts the pairs of a scene by verdict. O(pairs). */
struct claims_counts claims_count_scene(const struct claims *claims, const struct claims_scene *scene);

/*
 * Orders the whole cells of a scene, the least first, by the geometric mean over the blocks that all of them have.
 * Cells that are in no pair, or stopped as warm, are left out. Returns how many; `ret_cells` has room for
 * run->cell_count. O(cells² + cells x blocks).
 */
size_t claims_order(const struct claims *claims, const struct claims_scene *scene,
                    const struct run_cell **ret_cells);

/*
 * Whether the cell may be the least of its work: no other cell that did the whole job is claimed to be less.
 * Only cells that did the whole job may be. None is said to be where one of them stopped as warm, of which
 * nothing is known. O(pairs).
 */
bool claims_may_lead(const struct claims *claims, const struct run_cell *cell);

/* How a second run answers a claim of the first. */
enum claims_outcome {
    CLAIMS_CLAIMED_TOO,  /* it claims the same */
    CLAIMS_SAME_WAY,     /* its estimate lies the same way, and it claims nothing */
    CLAIMS_OTHER_WAY,    /* its estimate lies the other way, or at 1, and it claims nothing */
    CLAIMS_CONTRADICTED, /* it claims the other way */
    CLAIMS_LACKING,      /* it has no figure of the two cells */
    CLAIMS_OUTCOMES
};

struct claims_answer {
    const struct claims_pair *claim; /* of the first run */
    const struct run_cell *a, *b;    /* the same cells in the second run; NULL where it lacks them */
    double ratio;                    /* of the second run, a / b; NaN where it has none */
    enum sequential_verdict verdict; /* of the second run, a / b */
    enum claims_outcome outcome;
    /* Of a claim on time that is not confirmed: the part of the time whose difference changed most from run to
     * run. RUN_KERNEL and RUN_WAITING where the runs agree apart from these. RUN_METRICS where it is not known. */
    enum run_metric reason;
};

struct claims_confirmation {
    enum run_metric metric;
    struct claims_answer *answers; /* one for each claim of the first run, in its order */
    size_t count;
    size_t outcomes[CLAIMS_OUTCOMES];
};

/*
 * Asks the second run about each claim of the first. Cells are the same as run_cell_same() has it. The result
 * points into both; it is for claims_confirm_fini(). O(claims x cells).
 */
void claims_confirm(const struct claims *a, const struct claims *b,
                    struct claims_confirmation *ret_confirmation);
void claims_confirm_fini(struct claims_confirmation *confirmation);

/* Returns confirmed / answered: the first two outcomes over all but CLAIMS_LACKING. NaN where none is. O(1). */
double claims_confirmed(const struct claims_confirmation *confirmation);

#endif
