/* SPDX-License-Identifier: MIT */
/* Reads programs, valid ones only. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/input.h"
#include "program/model.h"
#include "program/program.h"

struct reader {
    const uint8_t *bytes;
    uint64_t count;
    uint64_t offset;
    uint64_t version;
    struct program *program;
    struct model model;
    char *error;
};

static int fail(struct reader *reader, uint64_t offset, const char *what)
{
    snprintf(reader->error, PROGRAM_ERROR_BYTES, "offset %llu: %s", (unsigned long long)offset, what);
    return -1;
}

/* Reads one integer of at most `max`, in its shortest form or not. */
static int read_integer(struct reader *reader, uint64_t max, uint64_t *ret_value)
{
    uint64_t start = reader->offset;
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
        if (reader->offset == reader->count)
            return fail(reader, start, "the file ends inside a number");
        uint8_t byte = reader->bytes[reader->offset++];
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) {
            *ret_value = value;
            return value <= max ? 0 : fail(reader, start, "a number is above what its place allows");
        }
    }
    return fail(reader, start, "a number has more than nine bytes");
}

/* The flags that a shape may have. */
static uint64_t flags_of_version(uint64_t version)
{
    if (version < PROGRAM_VERSION_ATTENDED)
        return PROGRAM_SHAPE_PLAIN;
    if (version < PROGRAM_VERSION_EPHEMERONS)
        return PROGRAM_SHAPE_THIRD;
    return version < PROGRAM_VERSION_EXTERNAL ? PROGRAM_SHAPE_FOURTH : PROGRAM_SHAPE_ALL;
}

static int read_shape(struct reader *reader)
{
    char name[PROGRAM_NAME_MAX + 1];
    uint64_t length;
    uint64_t flags;
    uint64_t refs;
    uint64_t payload;
    uint64_t external = 0;
    uint64_t start = reader->offset;
    if (read_integer(reader, PROGRAM_NAME_MAX, &length) < 0)
        return -1;
    if (length == 0 || length > reader->count - reader->offset)
        return fail(reader, start, "a shape's name is empty or cut off");
    memcpy(name, reader->bytes + reader->offset, length);
    name[length] = '\0';
    reader->offset += length;
    if (strlen(name) < length)
        return fail(reader, start, "a shape's name has a zero byte in it");
    uint64_t all = flags_of_version(reader->version);
    if (read_integer(reader, all, &flags) < 0 || read_integer(reader, PROGRAM_LENGTH_MAX, &refs) < 0 ||
        read_integer(reader, PROGRAM_LENGTH_MAX, &payload) < 0)
        return -1;
    if (flags & ~all)
        return fail(reader, start, "a shape has a flag that is not known");
    if ((flags & GC_SHAPE_EXTERNAL) && read_integer(reader, GC_EXTERNAL_MAX, &external) < 0)
        return -1;
    struct gc_shape shape = {.name = name,
                             .flags = (uint16_t)flags,
                             .refs = (uint32_t)refs,
                             .payload = payload,
                             .external = external};
    const char *objection = program_shape_objection(reader->program, &shape);
    if (objection)
        return fail(reader, start, objection);
    return program_add_shape(reader->program, &shape) < 0 ? fail(reader, start, "out of memory") : 0;
}

static int read_header(struct reader *reader)
{
    uint64_t globals;
    uint64_t shapes;
    if (reader->count < sizeof program_magic ||
        memcmp(reader->bytes, program_magic, sizeof program_magic) != 0)
        return fail(reader, 0, "this is not a program: it does not begin with \"gcp\" and a line end");
    reader->offset = sizeof program_magic;
    if (read_integer(reader, UINT32_MAX, &reader->version) < 0)
        return -1;
    if (reader->version < PROGRAM_VERSION || reader->version > PROGRAM_VERSION_LAST)
        return fail(reader, sizeof program_magic, "the program is of another version than 1 to 7");
    if (read_integer(reader, PROGRAM_SLOTS_MAX, &globals) < 0 ||
        read_integer(reader, PROGRAM_SHAPES_MAX, &shapes) < 0)
        return -1;
    reader->program->globals = (uint32_t)globals;
    for (uint64_t i = 0; i < shapes; i++) {
        if (read_shape(reader) < 0)
            return -1;
    }
    return 0;
}

/* Turns a distance from the file into the number that an operation has. */
static int operand_decode(struct reader *reader, enum program_operand kind, uint64_t offset, uint64_t *value)
{
    const struct model *model = &reader->model;
    if (kind == OPERAND_SLOT) {
        if (*value >= model->top)
            return fail(reader, offset, "there is no such slot");
        *value = model->top - 1 - *value;
    } else if ((kind == OPERAND_OBJECT || kind == OPERAND_NULLABLE) && *value != PROGRAM_NULL) {
        if (*value > model->object_count)
            return fail(reader, offset, "there is no such object yet");
        *value = model->object_count + 1 - *value;
    }
    return 0;
}

static int read_operands(struct reader *reader, struct program_op *op)
{
    uint32_t *places[3] = {&op->a, &op->b, &op->c};
    for (int i = 0; i < 3 && program_codes[op->code].operands[i] != OPERAND_NONE; i++) {
        uint64_t start = reader->offset;
        uint64_t value;
        if (read_integer(reader, UINT32_MAX, &value) < 0 ||
            operand_decode(reader, program_codes[op->code].operands[i], start, &value) < 0)
            return -1;
        *places[i] = (uint32_t)value;
    }
    return 0;
}

static int read_end(struct reader *reader, uint64_t start)
{
    const char *objection = model_end_objection(&reader->model);
    if (objection)
        return fail(reader, start, objection);
    if (reader->offset != reader->count)
        return fail(reader, reader->offset, "there is something after END");
    return 0;
}

/* What is wrong with an operation whose first version is `version` in a program of an earlier one. */
static const char *too_early(uint32_t version)
{
    if (version == PROGRAM_VERSION_FREES)
        return "the program is of version 1, which has no FREE";
    if (version == PROGRAM_VERSION_ATTENDED)
        return "the program is of a version before 3, which has no finalisers";
    if (version == PROGRAM_VERSION_EPHEMERONS)
        return "the program is of a version before 4, which has no ephemerons";
    if (version == PROGRAM_VERSION_RANGES)
        return "the program is of a version before 5, which has no ranges";
    return "the program is of a version before 7, which has no FREEZE";
}

/* Reads one operation. Returns 1, 0 at END, or -1. */
static int read_op(struct reader *reader)
{
    uint64_t start = reader->offset;
    struct model_places places;
    if (start == reader->count)
        return fail(reader, start, "the file ends without END");
    struct program_op op = {.code = reader->bytes[reader->offset++]};
    if (op.code >= PROGRAM_CODES)
        return fail(reader, start, "there is no such operation");
    if (reader->version < program_codes[op.code].version)
        return fail(reader, start, too_early(program_codes[op.code].version));
    if (op.code == PROGRAM_END)
        return read_end(reader, start);
    if (read_operands(reader, &op) < 0)
        return -1;
    const char *objection = model_objection(&reader->model, &op);
    if (!objection)
        objection = model_apply(&reader->model, &op, &places);
    if (objection)
        return fail(reader, start, objection);
    return program_add(reader->program, op) < 0 ? fail(reader, start, "out of memory") : 1;
}

int program_read(const uint8_t *bytes, uint64_t count, uint64_t memory_limit, struct program *ret_program,
                 char ret_error[static PROGRAM_ERROR_BYTES])
{
    struct reader reader = {.bytes = bytes, .count = count, .program = ret_program, .error = ret_error};
    program_init(ret_program);
    int result = read_header(&reader);
    if (result == 0 && model_open(&reader.model, ret_program->shapes, ret_program->shape_count,
                                  ret_program->globals, memory_limit) < 0)
        result = fail(&reader, reader.offset, "out of memory");
    if (result == 0) {
        do
            result = read_op(&reader);
        while (result > 0);
    }
    model_close(&reader.model);
    if (result < 0)
        program_free(ret_program);
    return result;
}

/* Reads a whole stream of at most `limit` bytes, even one that cannot tell its size. */
static int stream_read(FILE *stream, uint64_t limit, uint8_t **ret_bytes, uint64_t *ret_count)
{
    uint64_t capacity = 1 << 16;
    uint64_t count = 0;
    uint8_t *bytes = malloc(capacity);
    while (bytes) {
        count += fread(bytes + count, 1, capacity - count, stream);
        if (count < capacity)
            break;
        if (count > limit) {
            errno = EFBIG;
            break;
        }
        capacity *= 2;
        uint8_t *larger = realloc(bytes, capacity);
        if (!larger)
            free(bytes);
        bytes = larger;
    }
    *ret_bytes = bytes;
    *ret_count = count;
    return bytes && !ferror(stream) && count < capacity ? 0 : -1;
}

/* Returns NULL, or why the file could not be read. */
static const char *file_read(const char *path, uint64_t limit, uint8_t **ret_bytes, uint64_t *ret_count)
{
    FILE *stream;
    *ret_bytes = NULL;
    const char *why = input_open(path, &stream);
    if (why)
        return why;
    if (stream_read(stream, limit, ret_bytes, ret_count) < 0)
        why = strerror(errno);
    fclose(stream);
    return why;
}

int program_read_file(const char *path, uint64_t memory_limit, struct program *ret_program,
                      char ret_error[static PROGRAM_ERROR_BYTES])
{
    char error[PROGRAM_ERROR_BYTES];
    uint8_t *bytes;
    uint64_t count;
    program_init(ret_program);
    int result = -1;
    const char *why = file_read(path, memory_limit, &bytes, &count);
    if (why)
        snprintf(error, sizeof error, "%s", why);
    else
        result = program_read(bytes, count, memory_limit, ret_program, error);
    if (result < 0)
        snprintf(ret_error, PROGRAM_ERROR_BYTES, "%.80s: %.100s", path, error);
    free(bytes);
    return result;
}
