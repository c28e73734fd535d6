/* SPDX-License-Identifier: MIT */
#include "program/program.h"

#include <errno.h>
#include <search.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/input.h"
#include "program/model.h"

const struct program_code_info program_codes[PROGRAM_CODES] = {
    [PROGRAM_END] = {"end", {0}},
    [PROGRAM_ENTER] = {"enter", {OPERAND_NUMBER}},
    [PROGRAM_LEAVE] = {"leave", {0}},
    [PROGRAM_NEW] = {"new", {OPERAND_SLOT, OPERAND_SHAPE, OPERAND_NUMBER}},
    [PROGRAM_SET] = {"set", {OPERAND_SLOT, OPERAND_NULLABLE}},
    [PROGRAM_MOVE] = {"move", {OPERAND_SLOT, OPERAND_SLOT}},
    [PROGRAM_DEL] = {"del", {OPERAND_SLOT}},
    [PROGRAM_GET] = {"get", {OPERAND_OBJECT, OPERAND_NUMBER}},
    [PROGRAM_STORE] = {"store", {OPERAND_OBJECT, OPERAND_NUMBER, OPERAND_NULLABLE}},
    [PROGRAM_CLEAR] = {"clear", {OPERAND_OBJECT, OPERAND_NUMBER}},
    [PROGRAM_COLLECT] = {"collect", {OPERAND_KIND}},
    [PROGRAM_CHECKPOINT] = {"checkpoint", {0}},
    [PROGRAM_COUNT] = {"count", {OPERAND_OBJECT, OPERAND_NUMBER}},
    [PROGRAM_FREE] = {"free", {OPERAND_OBJECT}},
};

static const char magic[4] = {'g', 'c', 'p', '\n'};

/* ---- in memory ---- */

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
    if ((shape->flags & GC_SHAPE_REFS_VARY) && (shape->flags & GC_SHAPE_BYTES_VARY))
        return "a shape varies in references or in bytes, not in both";
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

bool program_has_frees(const struct program *program)
{
    for (uint64_t i = 0; i < program->op_count; i++) {
        if (program->ops[i].code == PROGRAM_FREE)
            return true;
    }
    return false;
}

uint32_t program_version(const struct program *program)
{
    return program_has_frees(program) ? PROGRAM_VERSION_FREES : PROGRAM_VERSION;
}

/* ---- reading ---- */

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

static int read_shape(struct reader *reader)
{
    char name[PROGRAM_NAME_MAX + 1];
    uint64_t length;
    uint64_t flags;
    uint64_t refs;
    uint64_t payload;
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
    uint64_t all = GC_SHAPE_ACYCLIC | GC_SHAPE_REFS_VARY | GC_SHAPE_BYTES_VARY;
    if (read_integer(reader, all, &flags) < 0 || read_integer(reader, PROGRAM_LENGTH_MAX, &refs) < 0 ||
        read_integer(reader, PROGRAM_LENGTH_MAX, &payload) < 0)
        return -1;
    struct gc_shape shape = {
        .name = name, .flags = (uint16_t)flags, .refs = (uint32_t)refs, .payload = payload};
    const char *objection = program_shape_objection(reader->program, &shape);
    if (objection)
        return fail(reader, start, objection);
    return program_add_shape(reader->program, &shape) < 0 ? fail(reader, start, "out of memory") : 0;
}

static int read_header(struct reader *reader)
{
    uint64_t globals;
    uint64_t shapes;
    if (reader->count < sizeof magic || memcmp(reader->bytes, magic, sizeof magic) != 0)
        return fail(reader, 0, "this is not a program: it does not begin with \"gcp\" and a line end");
    reader->offset = sizeof magic;
    if (read_integer(reader, UINT32_MAX, &reader->version) < 0)
        return -1;
    if (reader->version < PROGRAM_VERSION || reader->version > PROGRAM_VERSION_FREES)
        return fail(reader, sizeof magic, "the program is of another version than 1 and 2");
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
    if (op.code == PROGRAM_FREE && reader->version < PROGRAM_VERSION_FREES)
        return fail(reader, start, "the program is of version 1, which has no FREE");
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

/* ---- writing ---- */

static void write_integer(FILE *stream, uint64_t value)
{
    while (value >= 0x80) {
        putc((int)(value & 0x7f) | 0x80, stream);
        value >>= 7;
    }
    putc((int)value, stream);
}

static void write_header(FILE *stream, uint32_t version, const struct gc_shape *shapes, uint32_t shape_count,
                         uint32_t globals)
{
    fwrite(magic, sizeof magic, 1, stream);
    write_integer(stream, version);
    write_integer(stream, globals);
    write_integer(stream, shape_count);
    for (uint32_t i = 0; i < shape_count; i++) {
        write_integer(stream, strlen(shapes[i].name));
        fputs(shapes[i].name, stream);
        write_integer(stream, shapes[i].flags);
        write_integer(stream, shapes[i].refs);
        write_integer(stream, shapes[i].payload);
    }
}

void program_writer_begin(struct program_writer *writer, FILE *stream, uint32_t version,
                          const struct gc_shape *shapes, uint32_t shape_count, uint32_t globals)
{
    *writer = (struct program_writer){.stream = stream, .top = globals};
    write_header(stream, version, shapes, shape_count, globals);
}

static void write_operand(struct program_writer *writer, enum program_operand kind, uint32_t value)
{
    if (kind == OPERAND_SLOT)
        write_integer(writer->stream, writer->top - 1 - value);
    else if ((kind == OPERAND_OBJECT || kind == OPERAND_NULLABLE) && value != PROGRAM_NULL)
        write_integer(writer->stream, writer->objects + 1 - value);
    else
        write_integer(writer->stream, value);
}

static int frames_push(struct program_writer *writer)
{
    if (writer->frame_count == writer->frame_capacity) {
        uint64_t capacity = writer->frame_capacity ? writer->frame_capacity * 2 : 64;
        uint64_t *frames = realloc(writer->frames, capacity * sizeof *frames);
        if (!frames)
            return -1;
        writer->frames = frames;
        writer->frame_capacity = capacity;
    }
    writer->frames[writer->frame_count++] = writer->top;
    return 0;
}

int program_writer_add(struct program_writer *writer, struct program_op op)
{
    const enum program_operand *kinds = program_codes[op.code].operands;
    uint32_t values[3] = {op.a, op.b, op.c};
    putc((int)op.code, writer->stream);
    for (int i = 0; i < 3 && kinds[i] != OPERAND_NONE; i++)
        write_operand(writer, kinds[i], values[i]);
    if (op.code == PROGRAM_NEW)
        writer->objects++;
    if (op.code == PROGRAM_LEAVE)
        writer->top = writer->frames[--writer->frame_count];
    if (op.code != PROGRAM_ENTER)
        return 0;
    if (frames_push(writer) < 0)
        return -1;
    writer->top += op.a;
    return 0;
}

void program_writer_end(struct program_writer *writer)
{
    putc(PROGRAM_END, writer->stream);
    free(writer->frames);
    *writer = (struct program_writer){0};
}

int program_write(const struct program *program, FILE *stream)
{
    struct program_writer writer;
    int error = 0;
    program_writer_begin(&writer, stream, program_version(program), program->shapes, program->shape_count,
                         program->globals);
    for (uint64_t i = 0; i < program->op_count && !error; i++)
        error = program_writer_add(&writer, program->ops[i]);
    program_writer_end(&writer);
    return error || ferror(stream) ? -1 : 0;
}
