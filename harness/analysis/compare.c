/* SPDX-License-Identifier: MIT */
#include "harness/analysis/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantile.h"
#include "harness/results/run-machines.h"
#include "harness/statistics/distributions.h"
#include "harness/statistics/sequential.h"
#include "harness/statistics/significance.h"

static const double COMPARE_ALPHA = SEQUENTIAL_ALPHA;
/* Fewer cells have no centre of their own. */
enum { COMPARE_LEAST_CELLS = 3 };
/* Makes the median distance from the middle the standard deviation of normal values. */
static const double COMPARE_MAD = 1.4826;

/* A machine of A, and the same in B; or the machine that is shown of each, where they have none in common. */
struct compare_machines {
    size_t a, b;
};

/* What the comparison works with. */
struct compare_work {
    const struct run *a, *b;
    const struct compare_options *options;
    struct compare *compare;
    struct compare_machines *machines; /* on which the runs are compared: one or more */
    double *left, *right;              /* one value for each block of A and of B */
    double *shifts;  /* of each cell of the result: ln(B / A), as measured; NaN where there is none */
    double *centres; /* of each cell: what ln(B / A) is made relative to */
};

/* Whether a machine of A and one of B are the same. */
static bool compare_is_machine(const struct run *a, size_t of_a, const struct run *b, size_t of_b)
{
    return run_machines_are_same(run_machines_describe(a->store->manifest, of_a),
                                 run_machines_describe(b->store->manifest, of_b));
}

bool compare_same_machine(const struct run *a, const struct run *b)
{
    return !machines_are_several(&a->machines) && !machines_are_several(&b->machines) &&
           compare_is_machine(a, 0, b, 0);
}

/* Returns how many machines a run has. */
static size_t compare_machine_count(const struct run *run)
{
    return machines_are_several(&run->machines) ? run->machines.count : 1;
}

/* Whether a machine of B has its partner in A already. */
static bool compare_is_taken(const struct compare_work *work, size_t of_b)
{
    for (size_t i = 0; i < work->compare->machines; i++)
        if (work->machines[i].b == of_b)
            return true;
    return false;
}

/* Finds the machines that both runs have. Without any, those that are shown are compared, as two machines. */
static void compare_find_machines(struct compare_work *work)
{
    struct compare *compare = work->compare;
    work->machines = memory_new(compare_machine_count(work->a), sizeof(*work->machines));
    for (size_t i = 0; i < compare_machine_count(work->a); i++)
        for (size_t j = 0; j < compare_machine_count(work->b); j++)
            if (compare_is_machine(work->a, i, work->b, j) && !compare_is_taken(work, j)) {
                work->machines[compare->machines++] = (struct compare_machines){i, j};
                break;
            }
    compare->several = compare_machine_count(work->a) + compare_machine_count(work->b) > 2;
    compare->two_machines = compare->machines == 0;
    if (compare->two_machines)
        work->machines[compare->machines++] = (struct compare_machines){work->a->shown, work->b->shown};
    compare->of_a = work->machines[0].a;
    compare->of_b = work->machines[0].b;
}

bool compare_is_time(enum run_metric metric)
{
    return strcmp(run_metric_names[metric].unit, "ns") == 0;
}

/* Counts that are a property of the program and its input: one process on each side says it. */
bool compare_cannot_vary(enum run_metric metric)
{
    return metric == RUN_INSTRUCTIONS || metric == RUN_ALLOCATED;
}

/* ---- the cells ---- */

/* The median of a cell is NaN where it is blank, or has no such figure. */
static enum compare_verdict compare_state(double median_a, double median_b)
{
    if (isnan(median_a))
        return COMPARE_BLANK;
    return isnan(median_b) ? COMPARE_LOST : COMPARE_UNDECIDED;
}

static void compare_list_cells(struct compare_work *work)
{
    const struct run *a = work->a, *b = work->b;
    enum run_metric metric = work->options->metric;
    for (const struct run_cell *cell = a->cells; cell < a->cells + a->cell_count; cell++) {
        if (run_cell_is_aside(cell))
            continue;
        struct compare_cell *found = &work->compare->cells[work->compare->count++];
        *found = (struct compare_cell){.a = cell, .b = run_cell_same(b, a, cell), .ratio = NAN};
        found->median_a = run_cell_median_on(a, found->a, metric, work->compare->of_a);
        found->median_b = run_cell_median_on(b, found->b, metric, work->compare->of_b);
        found->p = found->p_holm = NAN;
        found->interval = (struct bootstrap_interval){NAN, NAN};
        found->found = (struct two_runs){.smallest = INFINITY, .error = NAN};
        found->verdict = compare_state(found->median_a, found->median_b);
    }
    for (size_t i = 0; i < b->cell_count; i++)
        work->compare->only_b += !run_cell_is_aside(&b->cells[i]) && !run_cell_same(a, b, &b->cells[i]);
}

static bool compare_is_tested(const struct compare_cell *cell)
{
    return cell->verdict != COMPARE_BLANK && cell->verdict != COMPARE_LOST;
}

/* ---- the centre of two machines ---- */

/* Returns the mean of ln(value) over the blocks of a machine that have one above 0; NaN where none has. */
static double compare_level(const struct run *run, const struct run_cell *cell, enum run_metric metric,
                            size_t machine)
{
    const double *values = run_cell_values(run, cell, metric);
    double sum = 0;
    size_t count = 0;
    for (size_t block = 0; block < run->blocks; block++)
        if (values[block] > 0 && run_machine_of(run, block) == machine) {
            sum += log(values[block]);
            count++;
        }
    return count ? sum / (double)count : NAN;
}

/* Returns the median of ln(B / A) in the scene of the cell, and how many cells it is of. */
static double compare_centre(const struct compare_work *work, const struct compare_cell *scene,
                             double *scratch, size_t *ret_count)
{
    size_t count = 0;
    for (size_t i = 0; i < work->compare->count; i++) {
        const struct run_cell *other = work->compare->cells[i].a;
        if (!isnan(work->shifts[i]) &&
            (!scene || (other->work == scene->a->work && other->setting == scene->a->setting)))
            scratch[count++] = work->shifts[i];
    }
    *ret_count = count;
    return quantile_median(scratch, count);
}

/*
 * Sets what each cell is made relative to, and takes the spread around it as variance between runs. A median
 * of few cells lies too near to them, which the factor makes up for.
 */
static void compare_find_centres(struct compare_work *work)
{
    size_t count = work->compare->count, scenes = 0, cells = 0, all;
    double *scratch = memory_new(count, sizeof(*scratch)), *distances = memory_new(count, sizeof(*distances));
    double share = 0, overall = compare_centre(work, NULL, scratch, &all);
    for (size_t i = 0; i < count; i++) {
        size_t own;
        double centre = compare_centre(work, &work->compare->cells[i], scratch, &own);
        bool few = own < COMPARE_LEAST_CELLS;
        work->centres[i] = few ? overall : centre;
        if (isnan(work->shifts[i]))
            continue;
        distances[cells++] = fabs(work->shifts[i] - work->centres[i]);
        share += few ? 0 : 1 / (double)own;
    }
    scenes = (size_t)ceil(share);
    double spread = COMPARE_MAD * quantile_median(distances, cells);
    if (cells > scenes + 1)
        work->compare->between =
            fmax(work->compare->between, spread * sqrt((double)cells / (double)(cells - scenes)) / sqrt(2));
    free(scratch);
    free(distances);
}

static void compare_choose_basis(struct compare_work *work)
{
    struct compare *compare = work->compare;
    if (!compare_is_time(work->options->metric))
        return;
    if (!compare->two_machines) {
        compare->basis = work->a->reference_ns && work->b->reference_ns ? COMPARE_REFERENCE : COMPARE_NONE;
        return;
    }
    compare->basis = COMPARE_CENTRE;
    for (size_t i = 0; i < compare->count; i++) {
        const struct compare_cell *cell = &compare->cells[i];
        work->shifts[i] = compare_is_tested(cell)
                              ? compare_level(work->b, cell->b, work->options->metric, compare->of_b) -
                                    compare_level(work->a, cell->a, work->options->metric, compare->of_a)
                              : NAN;
    }
    compare_find_centres(work);
}

/* ---- one cell ---- */

void compare_values(const struct run *run, const struct run_cell *cell, enum run_metric metric,
                    enum compare_basis basis, double *ret_values)
{
    memcpy(ret_values, run_cell_values(run, cell, metric), run->blocks * sizeof(*ret_values));
    if (basis == COMPARE_REFERENCE)
        two_runs_normalise(ret_values, run->reference_ns, run->blocks);
}

/*
 * Copies the cell's values on a machine, made comparable: divided by the reference program, and by exp(centre). NaN in
 * the blocks of other machines.
 */
static void compare_take(const struct compare_work *work, const struct run *run, const struct run_cell *cell,
                         size_t machine, double centre, double *ret_values)
{
    compare_values(run, cell, work->options->metric, work->compare->basis, ret_values);
    for (size_t block = 0; block < run->blocks; block++)
        ret_values[block] = run_machine_of(run, block) == machine ? ret_values[block] / exp(centre) : NAN;
}

static struct two_runs_design compare_design(const struct compare *compare,
                                             const struct compare_options *options)
{
    return (struct two_runs_design){.between = compare->between,
                                    .alpha = COMPARE_ALPHA,
                                    .minimum = options->minimum,
                                    .family = compare->family,
                                    .exact = compare_cannot_vary(options->metric)};
}

static void compare_test(struct compare_work *work, size_t place)
{
    const struct two_runs_design design = compare_design(work->compare, work->options);
    struct compare_cell *cell = &work->compare->cells[place];
    double centre = work->compare->basis == COMPARE_CENTRE ? work->centres[place] : 0;
    size_t machines = work->compare->machines;
    struct two_runs *found = memory_new(machines, sizeof(*found));
    for (size_t i = 0; i < machines; i++) {
        compare_take(work, work->a, cell->a, work->machines[i].a, 0, work->left);
        compare_take(work, work->b, cell->b, work->machines[i].b, centre, work->right);
        found[i] = two_runs_compare(&design, work->left, work->a->blocks, work->right, work->b->blocks);
    }
    cell->found = machines > 1 ? two_runs_over_machines(&design, found, machines) : found[0];
    free(found);
    cell->ratio = cell->found.ratio;
    cell->p = cell->p_holm = cell->found.p;
    cell->interval = (struct bootstrap_interval){cell->found.low, cell->found.high};
}

/* ---- all of them ---- */

/* Returns p of "off by the precision or more"; NaN where it cannot be tested. */
static double compare_p_equal(const struct compare_cell *cell, double precision)
{
    double distance = log1p(precision) - fabs(log(cell->ratio));
    if (cell->found.exact)
        return distance >= 0 ? 0 : 1;
    return isnan(cell->found.error) || isnan(cell->ratio)
               ? NAN
               : distributions_t_tail(distance / cell->found.error, cell->found.freedom);
}

/* Returns B against A: by the ratio, or by the medians where zeros leave none. */
static double compare_direction(const struct compare_cell *cell)
{
    return isnan(cell->ratio) ? cell->median_b - cell->median_a : log(cell->ratio);
}

static enum compare_verdict compare_judge(const struct compare_cell *cell, double p_equal, double minimum)
{
    double direction = compare_direction(cell);
    bool matters = isnan(cell->ratio) ? direction != 0 : fabs(direction) >= log1p(minimum) && direction != 0;
    if (cell->p_holm <= COMPARE_ALPHA && matters)
        return direction > 0 ? COMPARE_MORE : COMPARE_LESS;
    return p_equal <= COMPARE_ALPHA ? COMPARE_EQUAL : COMPARE_UNDECIDED;
}

/* Corrects both tests of every cell over the family, and says what they come to. */
static void compare_correct(struct compare *compare, const struct compare_options *options)
{
    double *p = memory_new(compare->count, sizeof(*p)), *p_equal = memory_new(compare->count, sizeof(*p));
    for (size_t i = 0; i < compare->count; i++) {
        bool tested = compare_is_tested(&compare->cells[i]);
        p[i] = tested ? compare->cells[i].p : NAN;
        p_equal[i] = tested ? compare_p_equal(&compare->cells[i], options->precision) : NAN;
    }
    significance_holm(p, compare->count);
    significance_holm(p_equal, compare->count);
    for (size_t i = 0; i < compare->count; i++) {
        struct compare_cell *cell = &compare->cells[i];
        cell->p_holm = p[i];
        if (compare_is_tested(cell))
            cell->verdict = compare_judge(cell, p_equal[i], options->minimum);
    }
    free(p);
    free(p_equal);
}

static void compare_all(struct compare_work *work)
{
    struct compare *compare = work->compare;
    compare_find_machines(work);
    compare_list_cells(work);
    for (size_t i = 0; i < compare->count; i++)
        compare->family += compare_is_tested(&compare->cells[i]);
    compare_choose_basis(work);
    for (size_t i = 0; i < compare->count; i++)
        if (compare_is_tested(&compare->cells[i]))
            compare_test(work, i);
    compare_correct(compare, work->options);
}

void compare_runs(const struct run *a, const struct run *b, const struct compare_options *options,
                  struct compare *ret_compare)
{
    struct compare compare = {.between = log1p(options->between)};
    struct compare_work work = {.a = a, .b = b, .options = options, .compare = &compare};
    compare.cells = memory_new(a->cell_count, sizeof(*compare.cells));
    work.left = memory_new(a->blocks, sizeof(double));
    work.right = memory_new(b->blocks, sizeof(double));
    work.shifts = memory_new(a->cell_count, sizeof(double));
    work.centres = memory_new(a->cell_count, sizeof(double));
    compare_all(&work);
    free(work.machines);
    free(work.left);
    free(work.right);
    free(work.shifts);
    free(work.centres);
    *ret_compare = compare;
}

void compare_fini(struct compare *compare)
{
    free(compare->cells);
    compare->cells = NULL;
}

size_t compare_blocks_needed(const struct compare *compare, const struct compare_options *options,
                             const struct compare_cell *cell, double ratio)
{
    const struct two_runs_design design = compare_design(compare, options);
    if (compare->machines > 1)
        return 0; /* more machines would show it */
    return two_runs_blocks_needed(&design, &cell->found, ratio);
}

/* Makes levels relative to the mean of their machine: that machines differ is no drift. */
static void compare_level_machines(const struct run *run, double *levels)
{
    if (!machines_are_several(&run->machines))
        return;
    double *means = memory_new(run->machines.count, sizeof(*means));
    machines_average(&run->machines, levels, run->blocks, means);
    for (size_t block = 0; block < run->blocks; block++)
        levels[block] -= means[run_machine_of(run, block)];
    free(means);
}

struct drift compare_drift(const struct run *run)
{
    const double **values = memory_new(run->cell_count, sizeof(*values));
    double *levels = memory_new(run->blocks, sizeof(*levels));
    for (size_t i = 0; i < run->cell_count; i++)
        if (run_cell_is_whole(&run->cells[i]) && !run->cells[i].baseline)
            values[i] = run_cell_values(run, &run->cells[i], RUN_WALL);
    drift_levels(values, run->cell_count, run->blocks, levels);
    compare_level_machines(run, levels);
    struct drift drift = drift_find(levels, run->blocks);
    free(values);
    free(levels);
    return drift;
}

struct drift compare_reference_drift(const struct run *run)
{
    double *levels = memory_new(run->blocks, sizeof(*levels));
    for (size_t block = 0; block < run->blocks; block++)
        levels[block] = run->reference_ns ? log(run->reference_ns[block]) : NAN;
    compare_level_machines(run, levels);
    struct drift drift = drift_find(levels, run->blocks);
    free(levels);
    return drift;
}
