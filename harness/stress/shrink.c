/* SPDX-License-Identifier: MIT */
#include "harness/stress/shrink.h"

#include <stdlib.h>
#include <string.h>

#include "harness/stress/repair.h"
#include "harness/stress/watch.h"

struct shrinking {
    struct shrink *shrink;
    struct program *program; /* the smallest program so far that fails */
    bool *keep;              /* one for each operation of it; all true, except while a candidate is made */
    uint64_t end_ns;         /* of the time, by watch_clock() */
    bool failed;
};

static bool is_over(const struct shrinking *shrinking)
{
    return shrinking->failed || watch_clock() > shrinking->end_ns;
}

/* ---- one candidate ---- */

static bool fails(struct shrinking *shrinking, const struct program *program)
{
    struct worker_outcome outcome;
    shrinking->shrink->processes++;
    if (reproduction_run(&shrinking->shrink->reproduction, program, &outcome) < 0) {
        shrinking->failed = true;
        return false;
    }
    bool same = outcome.found && strcmp(outcome.kind, shrinking->shrink->kind) == 0;
    workers_outcome_free(&outcome);
    return same;
}

static void adopt(struct shrinking *shrinking, struct program *candidate)
{
    program_free(shrinking->program);
    *shrinking->program = *candidate;
    free(shrinking->keep);
    shrinking->keep = malloc(shrinking->program->op_count + 1);
    shrinking->failed |= !shrinking->keep;
    if (shrinking->keep)
        memset(shrinking->keep, true, shrinking->program->op_count + 1);
}

static uint64_t weight(const struct program *program)
{
    uint64_t sum = program->op_count * 64 + program->globals + program->shape_count;
    for (uint64_t i = 0; i < program->op_count; i++) {
        const struct program_op *op = &program->ops[i];
        sum += op->code == PROGRAM_NEW     ? op->c + op->b
               : op->code == PROGRAM_ENTER ? op->a
               : op->code == PROGRAM_RANGE ? op->c
                                           : 0;
    }
    for (uint32_t i = 0; i < program->shape_count; i++)
        sum += program->shapes[i].refs + program->shapes[i].payload + program->shapes[i].flags +
               program->shapes[i].external;
    return sum;
}

/* Repairs `from` under the edit. Adopts the result if it is smaller than the best so far and fails. */
static bool try_edit(struct shrinking *shrinking, const struct program *from, struct repair_edit edit)
{
    struct program candidate;
    if (is_over(shrinking))
        return false;
    if (repair_program(from, &edit, &candidate) < 0) {
        shrinking->failed = true;
        return false;
    }
    if (weight(&candidate) >= weight(shrinking->program) || !fails(shrinking, &candidate)) {
        program_free(&candidate);
        return false;
    }
    adopt(shrinking, &candidate);
    return true;
}

static bool try_without(struct shrinking *shrinking, uint64_t first, uint64_t count)
{
    memset(shrinking->keep + first, false, count);
    struct repair_edit edit = {
        .keep = shrinking->keep, .globals = shrinking->program->globals, .flattened = REPAIR_NONE};
    if (try_edit(shrinking, shrinking->program, edit))
        return true;
    memset(shrinking->keep + first, true, count);
    return false;
}

/* ---- passes: each returns whether it made the program smaller ---- */

/* Goes from the end, because nothing needs the last operations. */
static bool remove_chunks(struct shrinking *shrinking)
{
    bool smaller = false;
    for (uint64_t size = shrinking->program->op_count / 2; size > 0; size /= 2) {
        uint64_t place = shrinking->program->op_count;
        while (place > 0 && !is_over(shrinking)) {
            uint64_t first = place > size ? place - size : 0;
            uint64_t count = place - first;
            place = first;
            if (first + count <= shrinking->program->op_count)
                smaller |= try_without(shrinking, first, count);
        }
    }
    return smaller;
}

/* Removes two operations at a time that only go together. A NEW takes its users along, but a SET needs its
 * DEL. */
static bool remove_pairs(struct shrinking *shrinking)
{
    enum { PAIRS_MAX_OPERATIONS = 40 };
    bool smaller = false;
    for (uint64_t i = 0;
         i < shrinking->program->op_count && shrinking->program->op_count <= PAIRS_MAX_OPERATIONS; i++) {
        for (uint64_t j = i + 1; j < shrinking->program->op_count && !is_over(shrinking); j++) {
            shrinking->keep[i] = shrinking->keep[j] = false;
            struct repair_edit edit = {
                .keep = shrinking->keep, .globals = shrinking->program->globals, .flattened = REPAIR_NONE};
            if (try_edit(shrinking, shrinking->program, edit))
                smaller = true;
            else
                shrinking->keep[i] = shrinking->keep[j] = true;
        }
    }
    return smaller;
}

static uint64_t leave_of(const struct program *program, uint64_t enter)
{
    uint64_t depth = 0;
    for (uint64_t i = enter; i < program->op_count; i++) {
        depth += program->ops[i].code == PROGRAM_ENTER;
        depth -= program->ops[i].code == PROGRAM_LEAVE;
        if (depth == 0)
            return i;
    }
    return program->op_count - 1;
}

/* Removes a call with all that it does; or only its frame, whose names become globals or go. */
static bool remove_frames(struct shrinking *shrinking)
{
    bool smaller = false;
    for (uint64_t i = 0; i < shrinking->program->op_count && !is_over(shrinking); i++) {
        if (shrinking->program->ops[i].code != PROGRAM_ENTER)
            continue;
        uint64_t leave = leave_of(shrinking->program, i);
        if (try_without(shrinking, i, leave - i + 1) || try_without(shrinking, i, 1) ||
            try_edit(
                shrinking, shrinking->program,
                (struct repair_edit){.globals = shrinking->program->globals, .flattened = (uint32_t)i})) {
            smaller = true;
            i--;
        }
    }
    return smaller;
}

static bool lower_globals(struct shrinking *shrinking)
{
    bool smaller = false;
    for (uint32_t step = shrinking->program->globals; step > 0; step /= 2)
        while (shrinking->program->globals >= step &&
               try_edit(shrinking, shrinking->program,
                        (struct repair_edit){.globals = shrinking->program->globals - step,
                                             .flattened = REPAIR_NONE}))
            smaller = true;
    return smaller;
}

/* Without a shift, notes which globals the operations use. With a shift, gives each slot its new place. */
static void slots_visit(struct program_op *ops, uint64_t count, uint32_t globals, uint32_t *place,
                        uint32_t shift)
{
    for (uint64_t i = 0; i < count; i++) {
        uint32_t *operands[3] = {&ops[i].a, &ops[i].b, &ops[i].c};
        for (int j = 0; j < 3; j++) {
            if (program_codes[ops[i].code].operands[j] != OPERAND_SLOT)
                continue;
            if (*operands[j] >= globals)
                *operands[j] -= shift;
            else if (shift)
                *operands[j] = place[*operands[j]];
            else
                place[*operands[j]] = 1;
        }
    }
}

/* Removes the globals that no operation uses. The others move together. */
static bool close_ranks(struct shrinking *shrinking)
{
    struct program changed = *shrinking->program;
    uint32_t globals = shrinking->program->globals;
    uint32_t *place = calloc(globals + 1, sizeof *place);
    changed.ops = malloc((shrinking->program->op_count + 1) * sizeof *changed.ops);
    bool smaller = false;
    if (place && changed.ops) {
        slots_visit(shrinking->program->ops, shrinking->program->op_count, globals, place, 0);
        changed.globals = 0;
        for (uint32_t i = 0; i < globals; i++)
            place[i] = place[i] ? changed.globals++ : 0;
        if (changed.op_count) /* a program without an operation has no array of them */
            memcpy(changed.ops, shrinking->program->ops, changed.op_count * sizeof *changed.ops);
        slots_visit(changed.ops, changed.op_count, globals, place, globals - changed.globals);
        smaller = changed.globals < globals &&
                  try_edit(shrinking, &changed,
                           (struct repair_edit){.globals = changed.globals, .flattened = REPAIR_NONE});
    }
    free(changed.ops);
    free(place);
    return smaller;
}

/* Takes half off one number of one operation, or a quarter, and so on down to 1. */
static bool lower(struct shrinking *shrinking, uint32_t *number)
{
    const struct repair_edit edit = {.globals = shrinking->program->globals, .flattened = REPAIR_NONE};
    uint32_t was = *number;
    for (uint32_t step = was; step > 0; step /= 2) {
        *number = was - step;
        if (try_edit(shrinking, shrinking->program, edit))
            return true; /* `number` belongs to a program that is gone */
        *number = was;
    }
    return false;
}

static bool lower_numbers(struct shrinking *shrinking)
{
    bool smaller = false;
    for (uint64_t i = 0; i < shrinking->program->op_count && !is_over(shrinking); i++) {
        if (shrinking->program->ops[i].code == PROGRAM_NEW) {
            while (i < shrinking->program->op_count && lower(shrinking, &shrinking->program->ops[i].c))
                smaller = true;
            if (i < shrinking->program->op_count)
                smaller |= lower(shrinking, &shrinking->program->ops[i].b);
        } else if (shrinking->program->ops[i].code == PROGRAM_ENTER) {
            while (i < shrinking->program->op_count && lower(shrinking, &shrinking->program->ops[i].a))
                smaller = true;
        } else if (shrinking->program->ops[i].code == PROGRAM_RANGE) {
            while (i < shrinking->program->op_count && lower(shrinking, &shrinking->program->ops[i].c))
                smaller = true;
        }
    }
    return smaller;
}

/* Tries a shape in the place of another. Its name is that of the program as it is: adopting one frees the names before. Some
 * shapes may not lose more, as an ephemeron its value. */
static bool try_shape(struct shrinking *shrinking, uint32_t place, struct gc_shape shape)
{
    struct program changed = *shrinking->program;
    const struct program none = {0};
    if (program_shape_objection(&none, &shape))
        return false;
    struct gc_shape *shapes = malloc(shrinking->program->shape_count * sizeof *shapes);
    if (!shapes)
        return false;
    memcpy(shapes, shrinking->program->shapes, shrinking->program->shape_count * sizeof *shapes);
    shapes[place] = shape;
    changed.shapes = shapes;
    bool smaller =
        weight(&changed) < weight(shrinking->program) &&
        try_edit(shrinking, &changed,
                 (struct repair_edit){.globals = shrinking->program->globals, .flattened = REPAIR_NONE});
    free(shapes);
    return smaller;
}

/* The numbers of a shape. */
enum shape_part { SHAPE_REFS, SHAPE_PAYLOAD, SHAPE_EXTERNAL };

static uint64_t part_of(const struct gc_shape *shape, enum shape_part part)
{
    return part == SHAPE_REFS ? shape->refs : part == SHAPE_PAYLOAD ? shape->payload : shape->external;
}

static struct gc_shape shape_with(struct gc_shape shape, enum shape_part part, uint64_t number)
{
    if (part == SHAPE_REFS)
        shape.refs = (uint32_t)number;
    else if (part == SHAPE_PAYLOAD)
        shape.payload = number;
    else
        shape.external = number;
    if (shape.external == 0)
        shape.flags &= (uint16_t)~GC_SHAPE_EXTERNAL;
    return shape;
}

/* Lowers a number of a shape: to nothing, by half, by a quarter, and so on down to one less. */
static bool lower_part(struct shrinking *shrinking, uint32_t place, enum shape_part part)
{
    bool smaller = false;
    uint64_t number = part_of(&shrinking->program->shapes[place], part);
    for (uint64_t step = number; step > 0; step /= 2)
        while (
            number >= step &&
            try_shape(shrinking, place, shape_with(shrinking->program->shapes[place], part, number - step))) {
            number -= step;
            smaller = true;
        }
    return smaller;
}

static bool lose_flags(struct shrinking *shrinking, uint32_t place)
{
    struct gc_shape shape = shrinking->program->shapes[place];
    shape.flags &= GC_SHAPE_EXTERNAL;
    return try_shape(shrinking, place, shape);
}

static bool is_used(const struct program *program, uint32_t shape)
{
    for (uint64_t i = 0; i < program->op_count; i++)
        if (program->ops[i].code == PROGRAM_NEW && program->ops[i].b == shape)
            return true;
    return false;
}

/* Removes the first `count` of the shapes that no operation uses, or all. Their number may be what fails. */
static bool try_fewer_shapes(struct shrinking *shrinking, uint32_t count)
{
    struct program fewer;
    if (is_over(shrinking))
        return false;
    if (repair_shapes(shrinking->program, count, &fewer) < 0) {
        shrinking->failed = true;
        return false;
    }
    if (fewer.shape_count == shrinking->program->shape_count || !fails(shrinking, &fewer)) {
        program_free(&fewer);
        return false;
    }
    adopt(shrinking, &fewer);
    return true;
}

static bool remove_shapes(struct shrinking *shrinking)
{
    bool smaller = false;
    for (uint32_t count = shrinking->program->shape_count; count > 0; count /= 2)
        while (try_fewer_shapes(shrinking, count))
            smaller = true;
    return smaller;
}

static bool simplify_shapes(struct shrinking *shrinking)
{
    bool smaller = remove_shapes(shrinking);
    for (uint32_t i = 0; i < shrinking->program->shape_count && !is_over(shrinking); i++) {
        if (!is_used(shrinking->program, i))
            continue;
        smaller |= lose_flags(shrinking, i);
        smaller |= lower_part(shrinking, i, SHAPE_REFS);
        smaller |= lower_part(shrinking, i, SHAPE_PAYLOAD);
        smaller |= lower_part(shrinking, i, SHAPE_EXTERNAL);
    }
    return smaller;
}

/* ---- the conditions ---- */

static bool try_conditions(struct shrinking *shrinking, const char *conditions, const char *options)
{
    struct shrink *shrink = shrinking->shrink;
    struct reproduction was = shrink->reproduction;
    shrink->reproduction.conditions = conditions;
    shrink->reproduction.options = options;
    bool same = fails(shrinking, shrinking->program);
    shrink->reproduction = was;
    if (!same)
        return false;
    snprintf(shrink->conditions, sizeof shrink->conditions, "%s", conditions);
    snprintf(shrink->options, sizeof shrink->options, "%s", options);
    shrink->reproduction.conditions = shrink->conditions;
    shrink->reproduction.options = shrink->options;
    return true;
}

/* Tries the plain conditions first. Then tries a collection at every allocation, which does not depend on
 * chance. */
static void simplify_conditions(struct shrinking *shrinking)
{
    char conditions[OPTIONS_TEXT_BYTES];
    char options[OPTIONS_TEXT_BYTES];
    const char *const simpler[] = {"", "zeal=every"};
    snprintf(conditions, sizeof conditions, "%s", shrinking->shrink->conditions);
    snprintf(options, sizeof options, "%s", shrinking->shrink->options);
    for (size_t i = 0; i < sizeof simpler / sizeof *simpler; i++)
        if (try_conditions(shrinking, simpler[i], "") || try_conditions(shrinking, simpler[i], options))
            return;
    try_conditions(shrinking, conditions, "");
}

int shrink_program(struct shrink *shrink, struct program *program)
{
    struct shrinking shrinking = {
        .shrink = shrink, .program = program, .end_ns = watch_clock() + (uint64_t)(shrink->seconds * 1e9)};
    snprintf(shrink->conditions, sizeof shrink->conditions, "%s", shrink->reproduction.conditions);
    snprintf(shrink->options, sizeof shrink->options, "%s", shrink->reproduction.options);
    shrink->reproduction.conditions = shrink->conditions;
    shrink->reproduction.options = shrink->options;
    shrink->processes = 0;
    shrinking.keep = malloc(program->op_count + 1);
    if (!shrinking.keep)
        return -1;
    memset(shrinking.keep, true, program->op_count + 1);
    bool reproduced = fails(&shrinking, program);
    if (reproduced) {
        simplify_conditions(&shrinking);
        bool smaller = true;
        while (smaller && !is_over(&shrinking)) {
            smaller = remove_frames(&shrinking);
            smaller |= remove_chunks(&shrinking);
            smaller |= lower_globals(&shrinking);
            smaller |= close_ranks(&shrinking);
            smaller |= lower_numbers(&shrinking);
            smaller |= simplify_shapes(&shrinking);
            smaller |= !smaller && remove_pairs(&shrinking);
        }
    }
    free(shrinking.keep);
    return shrinking.failed ? -1 : !reproduced;
}
