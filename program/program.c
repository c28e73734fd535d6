/* SPDX-License-Identifier: MIT */
#include "program/program.h"

#include <search.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

const struct program_code_info program_codes[PROGRAM_CODES] = {
    [PROGRAM_END] = {"end", {0}, PROGRAM_VERSION},
    [PROGRAM_ENTER] = {"enter", {OPERAND_NUMBER}, PROGRAM_VERSION},
    [PROGRAM_LEAVE] = {"leave", {0}, PROGRAM_VERSION},
    [PROGRAM_NEW] = {"new", {OPERAND_SLOT, OPERAND_SHAPE, OPERAND_NUMBER}, PROGRAM_VERSION},
    [PROGRAM_SET] = {"set", {OPERAND_SLOT, OPERAND_NULLABLE}, PROGRAM_VERSION},
    [PROGRAM_MOVE] = {"move", {OPERAND_SLOT, OPERAND_SLOT}, PROGRAM_VERSION},
    [PROGRAM_DEL] = {"del", {OPERAND_SLOT}, PROGRAM_VERSION},
    [PROGRAM_GET] = {"get", {OPERAND_OBJECT, OPERAND_NUMBER}, PROGRAM_VERSION},
    [PROGRAM_STORE] = {"store", {OPERAND_OBJECT, OPERAND_NUMBER, OPERAND_NULLABLE}, PROGRAM_VERSION},
    [PROGRAM_CLEAR] = {"clear", {OPERAND_OBJECT, OPERAND_NUMBER}, PROGRAM_VERSION},
    [PROGRAM_COLLECT] = {"collect", {OPERAND_KIND}, PROGRAM_VERSION},
    [PROGRAM_CHECKPOINT] = {"checkpoint", {0}, PROGRAM_VERSION},
    [PROGRAM_COUNT] = {"count", {OPERAND_OBJECT, OPERAND_NUMBER}, PROGRAM_VERSION},
    [PROGRAM_FREE] = {"free", {OPERAND_OBJECT}, PROGRAM_VERSION_FREES},
    [PROGRAM_FINALISE] = {"finalise", {0}, PROGRAM_VERSION_ATTENDED},
    [PROGRAM_WEAK] = {"weak", {OPERAND_OBJECT, OPERAND_NULLABLE}, PROGRAM_VERSION_ATTENDED},
    [PROGRAM_LEADS] = {"leads", {OPERAND_OBJECT, OPERAND_NULLABLE}, PROGRAM_VERSION_ATTENDED},
    [PROGRAM_CALLED] = {"called", {OPERAND_NUMBER}, PROGRAM_VERSION_ATTENDED},
    [PROGRAM_EPHEMERON] = {"ephemeron",
                           {OPERAND_OBJECT, OPERAND_NULLABLE, OPERAND_NULLABLE},
                           PROGRAM_VERSION_EPHEMERONS},
    [PROGRAM_RANGE] = {"range", {OPERAND_OBJECT, OPERAND_NUMBER, OPERAND_NUMBER}, PROGRAM_VERSION_RANGES},
    [PROGRAM_FILL] = {"fill", {OPERAND_NULLABLE}, PROGRAM_VERSION_RANGES},
    [PROGRAM_COPY] = {"copy", {OPERAND_OBJECT, OPERAND_NUMBER}, PROGRAM_VERSION_RANGES},
    [PROGRAM_FREEZE] = {"freeze", {0}, PROGRAM_VERSION_FREEZE},
    [PROGRAM_UNFREEZE] = {"unfreeze", {0}, PROGRAM_VERSION_FREEZE},
};

const char program_magic[PROGRAM_MAGIC_BYTES] = {'g', 'c', 'p', '\n'};

/* A shape's name, to which the shape points (`text`), with the shape's number. */
struct name {
    int64_t shape;
    char text[PROGRAM_NAME_MAX + 1];
};

static struct name *name_of(const char *text)
{
    return (struct name *)(text - offsetof(struct name, text));
}

static int text_compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void name_free(void *text)
{
    free(name_of(text));
}

void program_init(struct program *program)
{
    *program = (struct program){0};
}

void program_free(struct program *program)
{
    tdestroy(program->names, name_free);
    free(program->shapes);
    free(program->ops);
    *program = (struct program){0};
}

int64_t program_find_shape(const struct program *program, const char *name)
{
    const char *const *found = tfind(name, &program->names, text_compare);
    return found ? name_of(*found)->shape : -1;
}

static const char *name_objection(const struct program *program, const char *name)
{
    if (!*name || strlen(name) > PROGRAM_NAME_MAX)
        return "a shape's name has 1 to 63 characters";
    for (const char *next = name; *next; next++) {
        if (*next <= ' ' || *next > '~' || *next == '#')
            return "a shape's name has visible ASCII characters only, and no '#'";
    }
    return program_find_shape(program, name) < 0 ? NULL : "a shape's name is given once";
}

const char *program_shape_objection(const struct program *program, const struct gc_shape *shape)
{
    const char *objection = gc_shape_objection(shape);
    if (objection)
        return objection;
    if ((shape->flags & GC_SHAPE_WEAK) && shape->payload < GC_WEAK_BYTES + sizeof(uint64_t))
        return "the payload of a weak reference has 32 bytes at least: its number comes first";
    if ((shape->flags & PROGRAM_SHAPE_KEEPS) && !(shape->flags & GC_SHAPE_FINALISED))
        return "only a finaliser keeps its object";
    if (shape->refs > PROGRAM_LENGTH_MAX || shape->payload > PROGRAM_LENGTH_MAX)
        return "a shape has at most 16777216 references and 16777216 bytes of payload";
    if (program->shape_count == PROGRAM_SHAPES_MAX)
        return "there are more than 65536 shapes";
    return name_objection(program, shape->name);
}

static bool name_add(struct program *program, const char *text, char **ret_text)
{
    struct name *name = malloc(sizeof *name);
    if (!name)
        return false;
    name->shape = program->shape_count;
    strcpy(name->text, text);
    *ret_text = name->text;
    if (tsearch(name->text, &program->names, text_compare))
        return true;
    free(name);
    return false;
}

static bool shapes_have_room(struct program *program)
{
    if (program->shape_count < program->shape_capacity)
        return true;
    uint32_t capacity = program->shape_capacity ? program->shape_capacity * 2 : 8;
    struct gc_shape *shapes = realloc(program->shapes, capacity * sizeof *shapes);
    if (!shapes)
        return false;
    program->shapes = shapes;
    program->shape_capacity = capacity;
    return true;
}

int64_t program_add_shape(struct program *program, const struct gc_shape *shape)
{
    char *name;
    if (program_shape_objection(program, shape))
        return -1;
    if (!shapes_have_room(program) || !name_add(program, shape->name, &name))
        return -1;
    struct gc_shape *added = &program->shapes[program->shape_count];
    *added = *shape;
    added->name = name;
    added->id = (uint16_t)program->shape_count;
    return program->shape_count++;
}

int program_add(struct program *program, struct program_op op)
{
    if (program->op_count == program->op_capacity) {
        uint64_t capacity = program->op_capacity ? program->op_capacity * 2 : 256;
        struct program_op *ops = realloc(program->ops, capacity * sizeof *ops);
        if (!ops)
            return -1;
        program->ops = ops;
        program->op_capacity = capacity;
    }
    program->ops[program->op_count++] = op;
    return 0;
}

/* Returns the first version that has all of the program's operations. */
static uint32_t version_of_ops(const struct program *program)
{
    uint32_t version = PROGRAM_VERSION;
    for (uint64_t i = 0; i < program->op_count; i++) {
        uint32_t first = program_codes[program->ops[i].code].version;
        version = first > version ? first : version;
    }
    return version;
}

uint64_t program_object_count(const struct program *program)
{
    uint64_t count = 0;
    for (uint64_t i = 0; i < program->op_count; i++)
        count += program->ops[i].code == PROGRAM_NEW;
    return count;
}

bool program_has_frees(const struct program *program)
{
    for (uint64_t i = 0; i < program->op_count; i++) {
        if (program->ops[i].code == PROGRAM_FREE)
            return true;
    }
    return false;
}

bool program_is_finalising(const struct program *program)
{
    for (uint32_t i = 0; i < program->shape_count; i++) {
        if (gc_shape_is_finalising(&program->shapes[i]))
            return true;
    }
    return false;
}

uint32_t program_shapes_version(const struct gc_shape *shapes, uint32_t count)
{
    unsigned flags = 0;
    for (uint32_t i = 0; i < count; i++)
        flags |= shapes[i].flags;
    if (flags & GC_SHAPE_EXTERNAL)
        return PROGRAM_VERSION_EXTERNAL;
    if (flags & GC_SHAPE_EPHEMERON)
        return PROGRAM_VERSION_EPHEMERONS;
    return flags & GC_SHAPE_FINALISING ? PROGRAM_VERSION_ATTENDED : PROGRAM_VERSION;
}

uint32_t program_version(const struct program *program)
{
    uint32_t ops = version_of_ops(program);
    uint32_t shapes = program_shapes_version(program->shapes, program->shape_count);
    return ops > shapes ? ops : shapes;
}
