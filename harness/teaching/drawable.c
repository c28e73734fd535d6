/* SPDX-License-Identifier: MIT */
#include "harness/teaching/drawable.h"

#include "base/message.h"

/* Says that there are more of something than are drawn. */
static int refuse(const char *command, const char *file, uint64_t count, const char *what, int most)
{
    return message_bad_input("%s: %s has %llu %s, and at most %d are drawn: give a smaller program", command,
                             file, (unsigned long long)count, what, most);
}

/* Counts the most slots at a time. */
static uint64_t slots_at_most(const struct program *program)
{
    uint64_t frames[DRAWABLE_OPERATIONS + 1], depth = 0, slots = program->globals, most = slots;
    for (uint64_t i = 0; i < program->op_count; i++) {
        if (program->ops[i].code == PROGRAM_ENTER) {
            frames[depth++] = program->ops[i].a;
            slots += program->ops[i].a;
        } else if (program->ops[i].code == PROGRAM_LEAVE)
            slots -= frames[--depth];
        most = slots > most ? slots : most;
    }
    return most;
}

int drawable_check(const char *command, const char *file, const struct program *program)
{
    uint64_t objects = 0, fields = 0;
    if (program_is_finalising(program))
        return message_bad_input("%s: %s has finalisers or weak references, which are not drawn", command,
                                 file);
    if (program->op_count > DRAWABLE_OPERATIONS)
        return refuse(command, file, program->op_count, "operations", DRAWABLE_OPERATIONS);
    for (uint64_t i = 0; i < program->op_count; i++) {
        const struct program_op *op = &program->ops[i];
        if (op->code != PROGRAM_NEW)
            continue;
        objects++;
        fields += gc_shape_refs(&program->shapes[op->b], op->c);
    }
    if (objects > DRAWABLE_OBJECTS)
        return refuse(command, file, objects, "objects", DRAWABLE_OBJECTS);
    if (fields > DRAWABLE_FIELDS)
        return refuse(command, file, fields, "fields", DRAWABLE_FIELDS);
    if (slots_at_most(program) > DRAWABLE_SLOTS)
        return refuse(command, file, slots_at_most(program), "names at a time", DRAWABLE_SLOTS);
    return 0;
}
