/* SPDX-License-Identifier: MIT */
#include "program/deaths.h"

#include <stdlib.h>

#include "program/model.h"

/* ---- programs from programs ---- */

static int shapes_copy(const struct program *program, struct program *ret_copy)
{
    program_init(ret_copy);
    ret_copy->globals = program->globals;
    for (uint32_t i = 0; i < program->shape_count; i++) {
        if (program_add_shape(ret_copy, &program->shapes[i]) < 0)
            return -1;
    }
    return 0;
}

static int program_end(struct program *program, int error)
{
    if (error)
        program_free(program);
    return error ? -1 : 0;
}

int deaths_plain(const struct program *program, struct program *ret_plain)
{
    uint64_t depth = 0;
    int error = shapes_copy(program, ret_plain);
    for (uint64_t i = 0; i < program->op_count && !error; i++) {
        depth += program->ops[i].code == PROGRAM_ENTER;
        depth -= program->ops[i].code == PROGRAM_LEAVE;
        if (program->ops[i].code != PROGRAM_FREE)
            error = program_add(ret_plain, program->ops[i]);
    }
    for (; depth > 0 && !error; depth--)
        error = program_add(ret_plain, (struct program_op){.code = PROGRAM_LEAVE});
    return program_end(ret_plain, error);
}

/* ---- lists of objects by operation ---- */

/* One chain of objects for each operation, the last added object first. `next` leads along a chain. */
struct chains {
    uint32_t *first;
    uint32_t *next;
};

static int chains_open(struct chains *chains, uint64_t op_count, uint32_t objects)
{
    chains->first = malloc((op_count + 1) * sizeof *chains->first);
    chains->next = malloc((objects + 1u) * sizeof *chains->next);
    for (uint64_t i = 0; chains->first && i < op_count; i++)
        chains->first[i] = DEATHS_NEVER;
    return chains->first && chains->next ? 0 : -1;
}

static void chains_close(struct chains *chains)
{
    free(chains->first);
    free(chains->next);
}

static void chains_add(struct chains *chains, uint32_t op, uint32_t object)
{
    chains->next[object] = chains->first[op];
    chains->first[op] = object;
}

/* ---- the walk through the program ---- */

struct finder {
    const struct program *program;
    struct model model;
    struct deaths *deaths;
    uint32_t *stack; /* the stack of the depth-first walks, with room for every object */
    uint32_t stack_count;
};

static void use(struct finder *finder, uint32_t operand, uint32_t now)
{
    if (operand)
        finder->deaths->objects[operand - 1].last_use = now;
}

/* What a FILL or a COPY writes to, and what a COPY copies. */
static void range_use(struct finder *finder, const struct program_op *op, uint32_t now)
{
    const struct model_range *range = &finder->model.range;
    use(finder, range->object, now);
    for (uint32_t i = 0; op->code == PROGRAM_COPY && i < range->count; i++)
        use(finder, model_field(&finder->model, op->a - 1, op->b + i), now);
}

static void uses_note(struct finder *finder, const struct program_op *op, uint32_t now)
{
    const enum program_operand *kinds = program_codes[op->code].operands;
    const uint32_t values[3] = {op->a, op->b, op->c};
    for (int i = 0; i < 3; i++) {
        if (kinds[i] == OPERAND_OBJECT || kinds[i] == OPERAND_NULLABLE)
            use(finder, values[i], now);
    }
    if (op->code == PROGRAM_GET)
        use(finder, model_field(&finder->model, op->a - 1, op->b), now);
    if (op->code == PROGRAM_FILL || op->code == PROGRAM_COPY)
        range_use(finder, op, now);
    if (op->code == PROGRAM_MOVE)
        use(finder, finder->model.slots[op->b].object, now);
}

static int program_walk(struct finder *finder)
{
    struct model *model = &finder->model;
    struct model_places places;
    for (uint64_t i = 0; i < finder->program->op_count; i++) {
        const struct program_op *op = &finder->program->ops[i];
        uint32_t made = model->object_count;
        model->now = (uint32_t)i;
        uses_note(finder, op, (uint32_t)i);
        if (op->code == PROGRAM_NEW) {
            finder->deaths->objects[made] =
                (struct deaths_object){.birth = (uint32_t)i, .last_use = (uint32_t)i};
            model->losses[made] = (uint32_t)i;
        }
        if (model_apply(model, op, &places))
            return -1;
    }
    return 0;
}

/* ---- who is dead, and since when ---- */

/* Gives an object without a time the time `death`, and puts it on the stack of the walk. */
static void visit(struct finder *finder, uint32_t operand, uint32_t death)
{
    if (!operand || finder->deaths->objects[operand - 1].death != 0)
        return;
    finder->deaths->objects[operand - 1].death = death;
    finder->stack[finder->stack_count++] = operand - 1;
}

/* Gives `death` to all objects without a time that the stack's objects reach. */
static void spread(struct finder *finder, uint32_t death)
{
    while (finder->stack_count > 0) {
        uint32_t object = finder->stack[--finder->stack_count];
        for (uint32_t i = 0; i < finder->model.objects[object].field_count; i++)
            visit(finder, model_field(&finder->model, object, i), death);
    }
}

static void living_mark(struct finder *finder)
{
    for (uint32_t slot = 0; slot < finder->model.top; slot++)
        visit(finder, finder->model.slots[slot].object, DEATHS_NEVER);
    spread(finder, DEATHS_NEVER);
}

/*
 * Finds the deaths of rings and of the objects that they keep. Goes from the latest loss to the earliest, so
 * that an object gets the time of the first loss whose object reaches it. Operation 0 has no chain, because
 * nothing can be lost there. A death of 0 therefore means that there is no time yet.
 */
static int cyclic_mark(struct finder *finder)
{
    const struct model *model = &finder->model;
    struct chains chains;
    int error = chains_open(&chains, finder->program->op_count, model->object_count);
    for (uint32_t i = 0; !error && i < model->object_count; i++) {
        struct deaths_object *object = &finder->deaths->objects[i];
        object->cyclic = model->objects[i].count > 0 && object->death == 0;
        if (object->cyclic)
            chains_add(&chains, model->losses[i], i);
    }
    for (uint64_t op = finder->program->op_count; !error && op-- > 0;) {
        for (uint32_t i = chains.first[op]; i != DEATHS_NEVER; i = chains.next[i]) {
            visit(finder, i + 1, (uint32_t)op);
            spread(finder, (uint32_t)op);
        }
    }
    chains_close(&chains);
    return error;
}

static void acyclic_mark(struct finder *finder)
{
    for (uint32_t i = 0; i < finder->model.object_count; i++) {
        if (finder->model.objects[i].count == 0)
            finder->deaths->objects[i].death = finder->model.losses[i];
    }
}

int deaths_find(const struct program *plain, struct deaths *ret_deaths)
{
    struct finder finder = {.program = plain, .deaths = ret_deaths};
    uint64_t count = program_object_count(plain);
    if (program_is_finalising(plain)) {
        *ret_deaths = (struct deaths){0};
        return -1;
    }
    *ret_deaths =
        (struct deaths){.objects = calloc(count + 1, sizeof *ret_deaths->objects), .count = (uint32_t)count};
    finder.stack = malloc((count + 1) * sizeof *finder.stack);
    uint32_t *losses = malloc((count + 1) * sizeof *losses);
    int error = ret_deaths->objects && finder.stack && losses && plain->op_count < DEATHS_NEVER ? 0 : -1;
    if (!error)
        error = model_open(&finder.model, plain->shapes, plain->shape_count, plain->globals, UINT64_MAX);
    if (!error) {
        finder.model.losses = losses;
        error = program_walk(&finder);
        acyclic_mark(&finder);
        living_mark(&finder);
        error = error ? error : cyclic_mark(&finder);
        model_close(&finder.model);
    }
    free(finder.stack);
    free(losses);
    if (error)
        deaths_free(ret_deaths);
    return error;
}

void deaths_free(struct deaths *deaths)
{
    free(deaths->objects);
    *deaths = (struct deaths){0};
}

/* ---- programs and clocks made from deaths ---- */

int deaths_insert(const struct program *plain, const struct deaths *deaths, struct program *ret_program)
{
    struct chains chains;
    int error = chains_open(&chains, plain->op_count, deaths->count);
    for (uint32_t i = deaths->count; !error && i-- > 0;) {
        if (deaths->objects[i].death != DEATHS_NEVER)
            chains_add(&chains, deaths->objects[i].death, i);
    }
    if (shapes_copy(plain, ret_program) < 0)
        error = -1;
    for (uint64_t op = 0; op < plain->op_count && !error; op++) {
        error = program_add(ret_program, plain->ops[op]);
        for (uint32_t i = chains.first[op]; i != DEATHS_NEVER && !error; i = chains.next[i])
            error = program_add(ret_program, (struct program_op){.code = PROGRAM_FREE, .a = i + 1});
    }
    chains_close(&chains);
    return program_end(ret_program, error);
}

uint64_t *deaths_clock(const struct program *program)
{
    uint64_t *clock = malloc((program->op_count + 1) * sizeof *clock);
    uint64_t now = 0;
    for (uint64_t i = 0; clock && i < program->op_count; i++) {
        const struct program_op *op = &program->ops[i];
        if (op->code == PROGRAM_NEW)
            now += gc_shape_bytes(&program->shapes[op->b], op->c);
        clock[i] = now;
    }
    return clock;
}
