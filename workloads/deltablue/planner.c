/* SPDX-License-Identifier: MIT */
#include "workloads/deltablue/planner.h"

#include "collectors/gc.h"
#include "workloads/deltablue/collection.h"
#include "workloads/workload.h"

/* What a constraint does now: nothing, or it sets its second variable, or its first. */
enum direction { NOWHERE, FORWARD, BACKWARD };

struct planner_payload {
    uint64_t mark; /* the last one that was given out */
};

struct variable_payload {
    int64_t value;
    uint64_t mark;     /* of the planning that visited it last */
    uint64_t strength; /* its walkabout strength: of the weakest constraint that would give way for it */
    uint64_t stays;    /* whether no edit changes it */
};

struct constraint_payload {
    uint64_t kind;      /* enum constraint_kind */
    uint64_t strength;  /* enum strength */
    uint64_t direction; /* enum direction */
};

const struct gc_shape planner_shapes[PLANNER_SHAPES] = {
    [PLANNER] = {.name = "planner", .id = PLANNER, .payload = sizeof(struct planner_payload)},
    [VARIABLE] = {.name = "variable", .id = VARIABLE, .refs = 2, .payload = sizeof(struct variable_payload)},
    [CONSTRAINT] = {.name = "constraint",
                    .id = CONSTRAINT,
                    .refs = CONSTRAINT_FIELDS,
                    .payload = sizeof(struct constraint_payload)},
    [COLLECTION] = {.name = "collection",
                    .id = COLLECTION,
                    .refs = 1,
                    .payload = sizeof(struct collection_payload)},
    [ARRAY] = {.name = "array", .id = ARRAY, .flags = GC_SHAPE_REFS_VARY},
};
enum { VARIABLE_CONSTRAINTS, VARIABLE_DETERMINED_BY };

static struct variable_payload *variable_payload(struct gc_ref variable)
{
    return gc_payload(variable, &planner_shapes[VARIABLE]);
}

static struct constraint_payload *constraint_payload(struct gc_ref constraint)
{
    return gc_payload(constraint, &planner_shapes[CONSTRAINT]);
}

/* ---- constraints; nothing here collects or drops ---- */

static bool constraint_is_satisfied(struct gc_ref constraint)
{
    return constraint_payload(constraint)->direction != NOWHERE;
}

static struct gc_ref constraint_output(struct gc_mutator *mutator, struct gc_ref constraint)
{
    bool backward = constraint_payload(constraint)->direction == BACKWARD;
    return gc_field_get(mutator, constraint, backward ? FIRST : SECOND);
}

/* The variables that a satisfied constraint reads, the main one first. */
struct constraint_inputs {
    uint64_t count;
    struct gc_ref variables[3];
};

static struct constraint_inputs constraint_inputs(struct gc_mutator *mutator, struct gc_ref constraint)
{
    struct constraint_inputs inputs = {.count = 0};
    const struct constraint_payload *payload = constraint_payload(constraint);
    if (payload->kind < EQUALITY)
        return inputs;
    inputs.variables[inputs.count++] =
        gc_field_get(mutator, constraint, payload->direction == BACKWARD ? SECOND : FIRST);
    if (payload->kind == EQUALITY)
        return inputs;
    inputs.variables[inputs.count++] = gc_field_get(mutator, constraint, SCALED_BY);
    inputs.variables[inputs.count++] = gc_field_get(mutator, constraint, OFFSET_BY);
    return inputs;
}

/* Chooses the variable that the constraint is to set: one that this planning has not set yet, and that weaker
 * constraints determine. Of two such it is the one whose constraints are weaker. */
static void constraint_choose(struct gc_mutator *mutator, struct gc_ref constraint, uint64_t mark)
{
    struct constraint_payload *payload = constraint_payload(constraint);
    const struct variable_payload *second = variable_payload(gc_field_get(mutator, constraint, SECOND));
    bool forward = second->mark != mark && payload->strength < second->strength;
    payload->direction = forward ? FORWARD : NOWHERE;
    if (payload->kind < EQUALITY)
        return;
    const struct variable_payload *first = variable_payload(gc_field_get(mutator, constraint, FIRST));
    bool backward = first->mark != mark && payload->strength < first->strength;
    bool prefers_first = second->mark == mark || first->strength > second->strength;
    if (first->mark != mark && prefers_first)
        payload->direction = backward ? BACKWARD : NOWHERE;
}

static bool inputs_are_known(struct gc_mutator *mutator, struct gc_ref constraint, uint64_t mark)
{
    struct constraint_inputs inputs = constraint_inputs(mutator, constraint);
    for (uint64_t i = 0; i < inputs.count; i++) {
        const struct variable_payload *input = variable_payload(inputs.variables[i]);
        if (input->mark != mark && !input->stays &&
            !gc_is_null(gc_field_get(mutator, inputs.variables[i], VARIABLE_DETERMINED_BY)))
            return false;
    }
    return true;
}

static void inputs_mark(struct gc_mutator *mutator, struct gc_ref constraint, uint64_t mark)
{
    struct constraint_inputs inputs = constraint_inputs(mutator, constraint);
    for (uint64_t i = 0; i < inputs.count; i++)
        variable_payload(inputs.variables[i])->mark = mark;
}

/* Sets the output from the inputs. */
static void constraint_execute(struct gc_mutator *mutator, struct gc_ref constraint)
{
    struct constraint_inputs inputs = constraint_inputs(mutator, constraint);
    const struct constraint_payload *payload = constraint_payload(constraint);
    if (inputs.count == 0)
        return;
    int64_t value = variable_payload(inputs.variables[0])->value;
    if (payload->kind == SCALE) {
        int64_t scale = variable_payload(inputs.variables[1])->value,
                offset = variable_payload(inputs.variables[2])->value;
        bool forward = payload->direction == FORWARD;
        value = forward ? value * scale + offset : (value - offset) / scale;
    }
    variable_payload(constraint_output(mutator, constraint))->value = value;
}

/* Computes the walkabout strength of the output, and whether it stays. Where it does, its value is set now. */
static void constraint_recalculate(struct gc_mutator *mutator, struct gc_ref constraint)
{
    struct constraint_inputs inputs = constraint_inputs(mutator, constraint);
    const struct constraint_payload *payload = constraint_payload(constraint);
    uint64_t strength = payload->strength;
    bool stays = payload->kind != EDIT;
    for (uint64_t i = 0; i < inputs.count; i++)
        stays &= variable_payload(inputs.variables[i])->stays;
    if (inputs.count > 0 && variable_payload(inputs.variables[0])->strength > strength)
        strength = variable_payload(inputs.variables[0])->strength;
    struct variable_payload *output = variable_payload(constraint_output(mutator, constraint));
    output->strength = strength;
    output->stays = stays;
    if (stays)
        constraint_execute(mutator, constraint);
}

/* ---- planning ---- */

static uint64_t planner_mark(struct gc_mutator *mutator)
{
    struct gc_ref planner = gc_local_get(gc_global(mutator, PLANNER_GLOBAL));
    return ++((struct planner_payload *)gc_payload(planner, &planner_shapes[PLANNER]))->mark;
}

/* Adds the constraints to `found` that do not determine the variable: of those, the satisfied ones or the others. */
static void constraints_find(struct gc_mutator *mutator, const struct gc_slot *variable, bool satisfied,
                             const struct gc_slot *found)
{
    enum { ALL, ITEM, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *all = &frame.slot[ALL], *item = &frame.slot[ITEM];
    gc_local_set(mutator, all, gc_field_get(mutator, gc_local_get(variable), VARIABLE_CONSTRAINTS));
    for (uint64_t i = 0; i < *collection_count(gc_local_get(all)); i++) {
        gc_local_set(mutator, item, gc_field_get(mutator, collection_items(mutator, all), i));
        struct gc_ref determining = gc_field_get(mutator, gc_local_get(variable), VARIABLE_DETERMINED_BY);
        if (constraint_is_satisfied(gc_local_get(item)) == satisfied &&
            !gc_is_same(gc_local_get(item), determining))
            collection_add(mutator, found, item);
    }
    gc_frame_leave(mutator, frame);
}

/* Follows a constraint that has been satisfied to all that depends on it. Ends the workload where that leads back to a
 * variable of this planning. */
static void planner_propagate(struct gc_mutator *mutator, const struct gc_slot *constraint, uint64_t mark)
{
    enum { TODO, ITEM, OUTPUT, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *todo = &frame.slot[TODO], *item = &frame.slot[ITEM], *output = &frame.slot[OUTPUT];
    collection_make(mutator, todo);
    collection_add(mutator, todo, constraint);
    while (collection_take(mutator, todo, item)) {
        gc_local_set(mutator, output, constraint_output(mutator, gc_local_get(item)));
        if (variable_payload(gc_local_get(output))->mark == mark)
            workload_fail("the constraints form a cycle");
        constraint_recalculate(mutator, gc_local_get(item));
        constraints_find(mutator, output, true, todo);
    }
    gc_frame_leave(mutator, frame);
}

/* Satisfies a constraint if it can be. Binds `overridden` to the one that gave way, or to none. */
static void constraint_satisfy(struct gc_mutator *mutator, const struct gc_slot *constraint,
                               struct gc_slot *overridden, uint64_t mark)
{
    gc_local_del(mutator, overridden);
    constraint_choose(mutator, gc_local_get(constraint), mark);
    if (!constraint_is_satisfied(gc_local_get(constraint))) {
        if (constraint_payload(gc_local_get(constraint))->strength == REQUIRED)
            workload_fail("a required constraint cannot be satisfied");
        return;
    }
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *output = &frame.slot[0];
    inputs_mark(mutator, gc_local_get(constraint), mark);
    gc_local_set(mutator, output, constraint_output(mutator, gc_local_get(constraint)));
    gc_local_set(mutator, overridden, gc_field_get(mutator, gc_local_get(output), VARIABLE_DETERMINED_BY));
    if (!gc_is_null(gc_local_get(overridden)))
        constraint_payload(gc_local_get(overridden))->direction = NOWHERE;
    gc_field_set(mutator, gc_local_get(output), VARIABLE_DETERMINED_BY, gc_local_get(constraint));
    planner_propagate(mutator, constraint, mark);
    variable_payload(gc_local_get(output))->mark = mark;
    gc_frame_leave(mutator, frame);
}

/* Satisfies a constraint, then the one that gave way to it in another way, and so on. */
static void planner_add(struct gc_mutator *mutator, const struct gc_slot *constraint)
{
    enum { CURRENT, OVERRIDDEN, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *current = &frame.slot[CURRENT], *overridden = &frame.slot[OVERRIDDEN];
    uint64_t mark = planner_mark(mutator);
    gc_local_set(mutator, current, gc_local_get(constraint));
    while (!gc_is_null(gc_local_get(current))) {
        constraint_satisfy(mutator, current, overridden, mark);
        gc_local_move(mutator, current, overridden);
    }
    gc_frame_leave(mutator, frame);
}

/* Makes a variable undetermined, and all that depends on it weak. Adds the constraints to `unsatisfied` that could now
 * be satisfied. */
static void planner_release(struct gc_mutator *mutator, const struct gc_slot *variable,
                            const struct gc_slot *unsatisfied)
{
    enum { TODO, DEPENDENT, ITEM, CURRENT, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *todo = &frame.slot[TODO], *dependent = &frame.slot[DEPENDENT];
    struct gc_slot *item = &frame.slot[ITEM], *current = &frame.slot[CURRENT];
    gc_field_del(mutator, gc_local_get(variable), VARIABLE_DETERMINED_BY);
    variable_payload(gc_local_get(variable))->strength = WEAKEST;
    variable_payload(gc_local_get(variable))->stays = true;
    collection_make(mutator, todo);
    collection_make(mutator, dependent);
    collection_add(mutator, todo, variable);
    while (collection_take(mutator, todo, current)) {
        constraints_find(mutator, current, false, unsatisfied);
        constraints_find(mutator, current, true, dependent);
        while (collection_take(mutator, dependent, item)) {
            constraint_recalculate(mutator, gc_local_get(item));
            gc_local_set(mutator, item, constraint_output(mutator, gc_local_get(item)));
            collection_add(mutator, todo, item);
        }
    }
    gc_frame_leave(mutator, frame);
}

/* Gives up a satisfied constraint that no variable knows any more, and adds the others that this allows, the strongest
 * ones first. */
static void planner_remove(struct gc_mutator *mutator, const struct gc_slot *output)
{
    enum { UNSATISFIED, ITEM, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *unsatisfied = &frame.slot[UNSATISFIED], *item = &frame.slot[ITEM];
    collection_make(mutator, unsatisfied);
    planner_release(mutator, output, unsatisfied);
    for (uint64_t strength = REQUIRED; strength < WEAKEST; strength++) {
        for (uint64_t i = 0; i < *collection_count(gc_local_get(unsatisfied)); i++) {
            gc_local_set(mutator, item, gc_field_get(mutator, collection_items(mutator, unsatisfied), i));
            bool due = constraint_payload(gc_local_get(item))->strength == strength;
            if (due && !constraint_is_satisfied(gc_local_get(item)))
                planner_add(mutator, item);
        }
    }
    gc_frame_leave(mutator, frame);
}

/* ---- what a program calls ---- */

void planner_start(struct gc_mutator *mutator)
{
    gc_local_new(mutator, gc_global(mutator, PLANNER_GLOBAL), &planner_shapes[PLANNER], 0);
}

void variable_make(struct gc_mutator *mutator, struct gc_slot *result, int64_t value)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    collection_make(mutator, &frame.slot[0]);
    gc_local_new(mutator, result, &planner_shapes[VARIABLE], 0);
    *variable_payload(gc_local_get(result)) =
        (struct variable_payload){.value = value, .strength = WEAKEST, .stays = true};
    gc_field_set(mutator, gc_local_get(result), VARIABLE_CONSTRAINTS, gc_local_get(&frame.slot[0]));
    gc_frame_leave(mutator, frame);
}

int64_t *variable_value(const struct gc_slot *variable)
{
    return &variable_payload(gc_local_get(variable))->value;
}

/* Adds the constraint to the collections of its variables, or takes it out of them. */
static void constraint_link(struct gc_mutator *mutator, const struct gc_slot *constraint, bool present)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *known = &frame.slot[0];
    for (uint64_t field = FIRST; field < CONSTRAINT_FIELDS; field++) {
        struct gc_ref variable = gc_field_get(mutator, gc_local_get(constraint), field);
        if (gc_is_null(variable))
            continue;
        gc_local_set(mutator, known, gc_field_get(mutator, variable, VARIABLE_CONSTRAINTS));
        if (present)
            collection_add(mutator, known, constraint);
        else
            collection_remove(mutator, known, constraint);
    }
    gc_frame_leave(mutator, frame);
}

void constraint_make(struct gc_mutator *mutator, struct gc_slot *result, enum constraint_kind kind,
                     enum strength strength, const struct gc_slot *variables)
{
    gc_local_new(mutator, result, &planner_shapes[CONSTRAINT], 0);
    *constraint_payload(gc_local_get(result)) = (struct constraint_payload){kind, strength, NOWHERE};
    for (uint64_t field = FIRST; field < CONSTRAINT_FIELDS; field++)
        gc_field_set(mutator, gc_local_get(result), field, gc_local_get(&variables[field]));
    constraint_link(mutator, result, true);
    planner_add(mutator, result);
}

void constraint_destroy(struct gc_mutator *mutator, const struct gc_slot *constraint)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *output = &frame.slot[0];
    bool satisfied = constraint_is_satisfied(gc_local_get(constraint));
    gc_local_set(mutator, output, constraint_output(mutator, gc_local_get(constraint)));
    constraint_payload(gc_local_get(constraint))->direction = NOWHERE;
    constraint_link(mutator, constraint, false);
    if (satisfied)
        planner_remove(mutator, output);
    gc_frame_leave(mutator, frame);
}

void plan_extract(struct gc_mutator *mutator, struct gc_slot *plan, const struct gc_slot *edit)
{
    enum { TODO, ITEM, OUTPUT, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *todo = &frame.slot[TODO], *item = &frame.slot[ITEM], *output = &frame.slot[OUTPUT];
    uint64_t mark = planner_mark(mutator);
    collection_make(mutator, plan);
    collection_make(mutator, todo);
    if (constraint_is_satisfied(gc_local_get(edit)))
        collection_add(mutator, todo, edit);
    while (collection_take(mutator, todo, item)) {
        gc_local_set(mutator, output, constraint_output(mutator, gc_local_get(item)));
        if (variable_payload(gc_local_get(output))->mark == mark ||
            !inputs_are_known(mutator, gc_local_get(item), mark))
            continue;
        collection_add(mutator, plan, item);
        variable_payload(gc_local_get(output))->mark = mark;
        constraints_find(mutator, output, true, todo);
    }
    gc_frame_leave(mutator, frame);
}

void plan_execute(struct gc_mutator *mutator, const struct gc_slot *plan)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *item = &frame.slot[0];
    for (uint64_t i = 0; i < *collection_count(gc_local_get(plan)); i++) {
        gc_local_set(mutator, item, gc_field_get(mutator, collection_items(mutator, plan), i));
        constraint_execute(mutator, gc_local_get(item));
    }
    gc_frame_leave(mutator, frame);
}
