/* SPDX-License-Identifier: MIT */
/*
 * deltablue: constraints between variables are added, carried out and taken away, as in the benchmark of that name.
 * DeltaBlue keeps a hierarchy of constraints satisfied when it changes (Freeman-Benson, Maloney and Borning, "An
 * incremental constraint solver", CACM 1990). The two works are those of Maloney and Wolczko's benchmark, which the
 * suites of Self and V8 have, and so is `size`. They are written here from the paper.
 *
 * `chain` joins variables in a row by equalities, and moves a value from one end to the other. `projection` has one
 * variable each follow from another by a scale and an offset that all share, and then sets one of the four. Both have
 * known answers. A wrong one ends the workload.
 *
 * Stresses small objects that refer to each other both ways: a variable to its constraints, and they to it. When a work
 * is done, all of it is one ring that dies. Planning makes short-lived lists beside it. The shared scale and offset have
 * as many references as there are variables, and each pass over them makes possible roots of objects that live.
 *
 * All is small, and dies at the same time. Conclude nothing about large heaps, nor about constraint solvers: their time
 * depends on methods and caches that are not here.
 */
#include "collectors/gc.h"
#include "workloads/deltablue/collection.h"
#include "workloads/deltablue/planner.h"
#include "workloads/workload.h"

struct deltablue_options {
    uint64_t rounds;
    uint64_t size;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct deltablue_options, rounds, 7000, 1, 1e9, "", "how often both works are done"),
    OPTION_INTEGER(struct deltablue_options, size, 100, 1, 1e6, "constraints", "constraints of each work"),
};
static const struct option_table options = OPTION_TABLE(struct deltablue_options, option_specs);

enum { CHAIN_VALUES = 100, EXECUTIONS = 10 };

static void expect(const struct gc_slot *variable, int64_t value)
{
    if (*variable_value(variable) != value)
        workload_fail("a variable is %lld, not %lld", (long long)*variable_value(variable), (long long)value);
}

/* Makes a constraint on one variable. */
static void unary_make(struct gc_mutator *mutator, struct gc_slot *result, enum constraint_kind kind,
                       enum strength strength, const struct gc_slot *variable)
{
    struct gc_frame frame = gc_frame_enter(mutator, CONSTRAINT_FIELDS);
    gc_local_set(mutator, &frame.slot[SECOND], gc_local_get(variable));
    constraint_make(mutator, result, kind, strength, frame.slot);
    gc_frame_leave(mutator, frame);
}

/* ---- chain ---- */

/* Makes `size` equalities in a row. Leaves the two ends in the names `first` and `last`. */
static void chain_make(struct gc_mutator *mutator, struct gc_slot *first, struct gc_slot *last, uint64_t size)
{
    enum { MADE = CONSTRAINT_FIELDS, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *ends = frame.slot;
    variable_make(mutator, &ends[FIRST], 0);
    gc_local_set(mutator, first, gc_local_get(&ends[FIRST]));
    for (uint64_t i = 0; i < size; i++) {
        variable_make(mutator, &ends[SECOND], 0);
        constraint_make(mutator, &frame.slot[MADE], EQUALITY, REQUIRED, ends);
        gc_local_move(mutator, &ends[FIRST], &ends[SECOND]);
    }
    gc_local_move(mutator, last, &ends[FIRST]);
    gc_frame_leave(mutator, frame);
}

/* The last variable is to stay, but the first one is edited, and that is stronger. */
static uint64_t chain_run(struct gc_mutator *mutator, uint64_t size)
{
    enum { FIRST_END, LAST_END, STAYING, EDITING, PLAN, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *slot = frame.slot;
    uint64_t sum = 0;
    planner_start(mutator);
    chain_make(mutator, &slot[FIRST_END], &slot[LAST_END], size);
    unary_make(mutator, &slot[STAYING], STAY, STRONG_DEFAULT, &slot[LAST_END]);
    unary_make(mutator, &slot[EDITING], EDIT, PREFERRED, &slot[FIRST_END]);
    plan_extract(mutator, &slot[PLAN], &slot[EDITING]);
    for (int64_t value = 0; value < CHAIN_VALUES; value++) {
        *variable_value(&slot[FIRST_END]) = value;
        plan_execute(mutator, &slot[PLAN]);
        expect(&slot[LAST_END], value);
        sum = 31 * sum + (uint64_t)*variable_value(&slot[LAST_END]);
    }
    gc_frame_leave(mutator, frame);
    return sum;
}

/* ---- projection ---- */

/* Sets a variable by an edit that is taken away again. */
static void variable_change(struct gc_mutator *mutator, const struct gc_slot *variable, int64_t value)
{
    enum { EDITING, PLAN, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *edit = &frame.slot[EDITING], *plan = &frame.slot[PLAN];
    unary_make(mutator, edit, EDIT, PREFERRED, variable);
    plan_extract(mutator, plan, edit);
    for (int i = 0; i < EXECUTIONS; i++) {
        *variable_value(variable) = value;
        plan_execute(mutator, plan);
    }
    constraint_destroy(mutator, edit);
    gc_frame_leave(mutator, frame);
}

/* Makes `size` pairs of variables, of which the second follows from the first by the scale and the offset, which have
 * their names in `variables`. The names of the first and the second one keep the last pair. `seconds` is an array. */
static void projection_make(struct gc_mutator *mutator, struct gc_slot *variables,
                            const struct gc_slot *seconds, uint64_t size)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *made = &frame.slot[0];
    variable_make(mutator, &variables[SCALED_BY], 10);
    variable_make(mutator, &variables[OFFSET_BY], 1000);
    for (uint64_t i = 0; i < size; i++) {
        variable_make(mutator, &variables[FIRST], (int64_t)i);
        variable_make(mutator, &variables[SECOND], (int64_t)i);
        gc_field_set(mutator, gc_local_get(seconds), i, gc_local_get(&variables[SECOND]));
        unary_make(mutator, made, STAY, NORMAL, &variables[FIRST]);
        constraint_make(mutator, made, SCALE, REQUIRED, variables);
    }
    gc_frame_leave(mutator, frame);
}

/* Reads all second variables but the last one. */
static uint64_t seconds_read(struct gc_mutator *mutator, const struct gc_slot *seconds, int64_t scale,
                             int64_t offset)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *variable = &frame.slot[0];
    uint64_t sum = 0;
    for (uint64_t i = 0; i + 1 < gc_length(gc_local_get(seconds)); i++) {
        gc_local_set(mutator, variable, gc_field_get(mutator, gc_local_get(seconds), i));
        expect(variable, (int64_t)i * scale + offset);
        sum = 31 * sum + (uint64_t)*variable_value(variable);
    }
    gc_frame_leave(mutator, frame);
    return sum;
}

static uint64_t projection_run(struct gc_mutator *mutator, uint64_t size)
{
    enum { SECONDS = CONSTRAINT_FIELDS, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *variables = frame.slot, *seconds = &frame.slot[SECONDS];
    planner_start(mutator);
    array_make(mutator, seconds, size);
    projection_make(mutator, variables, seconds, size);
    variable_change(mutator, &variables[FIRST], 17);
    expect(&variables[SECOND], 1170);
    variable_change(mutator, &variables[SECOND], 1050);
    expect(&variables[FIRST], 5);
    variable_change(mutator, &variables[SCALED_BY], 5);
    uint64_t sum = seconds_read(mutator, seconds, 5, 1000);
    variable_change(mutator, &variables[OFFSET_BY], 2000);
    sum = checksum_add(sum, seconds_read(mutator, seconds, 5, 2000));
    gc_frame_leave(mutator, frame);
    return sum;
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct deltablue_options *chosen = values;
    uint64_t checksum = 0;
    (void)random;
    for (uint64_t round = 0; round < chosen->rounds; round++) {
        checksum = checksum_add(checksum, chain_run(mutator, chosen->size));
        if (round == 0)
            gc_checkpoint(mutator, "first chain done");
        checksum = checksum_add(checksum, projection_run(mutator, chosen->size));
        if (round == 0)
            gc_checkpoint(mutator, "first projection done");
    }
    gc_checkpoint(mutator, "all rounds done");
    return checksum;
}

const struct workload workload = {
    .name = "deltablue",
    .group = "classic",
    .summary = "a constraint solver: variables and constraints that refer to each other, made and dropped",
    .options = &options,
    .shapes = planner_shapes,
    .shape_count = PLANNER_SHAPES,
    .globals = PLANNER_GLOBALS,
    .run = run,
};
