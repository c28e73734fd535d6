/* SPDX-License-Identifier: MIT */
/* Writes programs, whole or operation by operation. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "program/program.h"

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
    fwrite(program_magic, sizeof program_magic, 1, stream);
    write_integer(stream, version);
    write_integer(stream, globals);
    write_integer(stream, shape_count);
    for (uint32_t i = 0; i < shape_count; i++) {
        write_integer(stream, strlen(shapes[i].name));
        fputs(shapes[i].name, stream);
        write_integer(stream, shapes[i].flags);
        write_integer(stream, shapes[i].refs);
        write_integer(stream, shapes[i].payload);
        if (shapes[i].flags & GC_SHAPE_EXTERNAL)
            write_integer(stream, shapes[i].external);
    }
}

void program_writer_begin(struct program_writer *writer, FILE *stream, uint32_t version,
                          const struct gc_shape *shapes, uint32_t shape_count, uint32_t globals)
{
    *writer =
        (struct program_writer){.stream = stream, .version = version, .needed = version, .top = globals};
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
    if (program_codes[op.code].version > writer->needed)
        writer->needed = program_codes[op.code].version;
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

/* Writes the version anew, behind the magic bytes: it is one byte. */
static int version_raise(const struct program_writer *writer)
{
    static_assert(PROGRAM_VERSION_LAST < 0x80, "a version is one byte");
    if (writer->needed == writer->version)
        return 0;
    if (fseek(writer->stream, PROGRAM_MAGIC_BYTES, SEEK_SET) < 0)
        return -1;
    write_integer(writer->stream, writer->needed);
    return fseek(writer->stream, 0, SEEK_END);
}

int program_writer_end(struct program_writer *writer)
{
    putc(PROGRAM_END, writer->stream);
    int error = version_raise(writer);
    free(writer->frames);
    *writer = (struct program_writer){0};
    return error;
}

int program_write(const struct program *program, FILE *stream)
{
    struct program_writer writer;
    int error = 0;
    program_writer_begin(&writer, stream, program_version(program), program->shapes, program->shape_count,
                         program->globals);
    for (uint64_t i = 0; i < program->op_count && !error; i++)
        error = program_writer_add(&writer, program->ops[i]);
    error |= program_writer_end(&writer);
    return error || ferror(stream) ? -1 : 0;
}
