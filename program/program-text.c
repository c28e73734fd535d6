/* SPDX-License-Identifier: MIT */
#include "program/program-text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "program/model.h"

/* ---- writing ---- */

/* Writes a slot as a person would, by its frame. */
static void slot_write(const struct model *model, uint32_t slot, FILE *stream)
{
    uint32_t frame = model->frame_count;
    if (slot < model->globals) {
        fprintf(stream, " g%u", slot);
        return;
    }
    fputc(' ', stream);
    while (model->frames[--frame] > slot)
        fputc('^', stream);
    fprintf(stream, "%u", slot - model->frames[frame]);
}

static void operand_write(const struct model *model, enum program_operand kind, uint32_t value, FILE *stream)
{
    switch (kind) {
    case OPERAND_SLOT:
        slot_write(model, value, stream);
        break;
    case OPERAND_OBJECT:
    case OPERAND_NULLABLE:
        if (value == PROGRAM_NULL)
            fputs(" null", stream);
        else
            fprintf(stream, " #%u", value);
        break;
    case OPERAND_NUMBER:
        fprintf(stream, " %u", value);
        break;
    case OPERAND_SHAPE:
        fprintf(stream, " %s", model->shapes[value].name);
        break;
    case OPERAND_KIND:
        fputs(value == GC_COLLECT_FULL ? " full" : " young", stream);
        break;
    case OPERAND_NONE:
        break;
    }
}

static void op_write(const struct model *model, const struct program_op *op, FILE *stream)
{
    const struct program_code_info *info = &program_codes[op->code];
    uint32_t values[3] = {op->a, op->b, op->c};
    fputs(info->word, stream);
    for (int i = 0; i < 3 && info->operands[i] != OPERAND_NONE; i++) {
        bool implied = op->code == PROGRAM_NEW && i == 2 && !gc_shape_has_length(&model->shapes[op->b]);
        if (!implied)
            operand_write(model, info->operands[i], values[i], stream);
    }
    if (op->code == PROGRAM_NEW)
        fprintf(stream, " # #%u", model->object_count + 1);
    fputc('\n', stream);
}

/* The words of a shape's flags, in the order in which they are written. */
static const struct flag_word {
    const char *word;
    uint16_t flags;
    uint16_t clear; /* the word stands where of these flags exactly its own are set */
} flag_words[] = {
    {"acyclic", GC_SHAPE_ACYCLIC, GC_SHAPE_ACYCLIC},
    {"finaliser", GC_SHAPE_FINALISED, GC_SHAPE_FINALISED | PROGRAM_SHAPE_KEEPS},
    {"finaliser=keep", GC_SHAPE_FINALISED | PROGRAM_SHAPE_KEEPS, GC_SHAPE_FINALISED | PROGRAM_SHAPE_KEEPS},
    {"referent", GC_SHAPE_REFERENT, GC_SHAPE_REFERENT},
    {"weak", GC_SHAPE_WEAK, GC_SHAPE_WEAK | GC_SHAPE_CALLED},
    {"weak=called", GC_SHAPE_WEAK | GC_SHAPE_CALLED, GC_SHAPE_WEAK | GC_SHAPE_CALLED},
    {"ephemeron", GC_SHAPE_EPHEMERON, GC_SHAPE_EPHEMERON},
};

static void shape_write(const struct gc_shape *shape, FILE *stream)
{
    fprintf(stream, "shape %s", shape->name);
    if (shape->flags & GC_SHAPE_REFS_VARY)
        fputs(" refs=*", stream);
    else
        fprintf(stream, " refs=%u", shape->refs);
    if (shape->flags & GC_SHAPE_BYTES_VARY)
        fputs(" payload=*", stream);
    else
        fprintf(stream, " payload=%llu", (unsigned long long)shape->payload);
    for (size_t i = 0; i < sizeof flag_words / sizeof *flag_words; i++) {
        if ((shape->flags & flag_words[i].clear) == flag_words[i].flags)
            fprintf(stream, " %s", flag_words[i].word);
    }
    if (shape->flags & GC_SHAPE_EXTERNAL)
        fprintf(stream, " external=%llu", (unsigned long long)shape->external);
    fputc('\n', stream);
}

int program_text_write(const struct program *program, FILE *stream)
{
    struct model model;
    struct model_places places;
    const char *failure = NULL;
    if (model_open(&model, program->shapes, program->shape_count, program->globals, UINT64_MAX) < 0)
        return -1;
    fprintf(stream, "gcp %u\nglobals %u\n", program_version(program), program->globals);
    for (uint32_t i = 0; i < program->shape_count; i++)
        shape_write(&program->shapes[i], stream);
    for (uint64_t i = 0; i < program->op_count && !failure; i++) {
        op_write(&model, &program->ops[i], stream);
        failure = model_apply(&model, &program->ops[i], &places);
    }
    model_close(&model);
    return failure || ferror(stream) ? -1 : 0;
}

/* ---- reading ---- */

enum { WORDS_MAX = 9, LINE_MAX_BYTES = 4096 };

struct parser {
    const char *name;
    uint64_t line;
    char text[LINE_MAX_BYTES]; /* the current line, cut into words */
    const char *words[WORDS_MAX + 1];
    int word_count;
    bool begun;  /* an operation has been read, after which no shapes or globals may follow */
    bool opened; /* the model has been started */
    uint32_t version;
    struct program *program;
    struct model model;
    uint64_t memory_limit;
    char *error;
};

__attribute__((format(printf, 3, 4))) static int fail(struct parser *parser, int word, const char *format,
                                                      ...)
{
    va_list values;
    long column = word < parser->word_count ? parser->words[word] - parser->text + 1 : 1;
    int used = snprintf(parser->error, PROGRAM_ERROR_BYTES, "%.80s:%llu:%ld: ", parser->name,
                        (unsigned long long)parser->line, column);
    va_start(values, format);
    vsnprintf(parser->error + used, (size_t)(PROGRAM_ERROR_BYTES - used), format, values);
    va_end(values);
    return -1;
}

/* Reads the next line into `text`. Returns 1, 0 at the end of the file, or -1. */
static int line_read(struct parser *parser, FILE *stream)
{
    size_t used = 0;
    int byte = getc(stream);
    parser->word_count = 0;
    if (byte == EOF)
        return 0;
    parser->line++;
    for (; byte != EOF && byte != '\n'; byte = getc(stream)) {
        if (used == LINE_MAX_BYTES - 1)
            return fail(parser, 0, "the line has more than %d bytes", LINE_MAX_BYTES - 1);
        if (byte == '\0')
            return fail(parser, 0, "byte %zu of the line is zero: this is not text", used + 1);
        parser->text[used++] = (char)byte;
    }
    parser->text[used] = '\0';
    return 1;
}

/* Returns whether a word begins a remark: a '#' before a blank or the line's end. '#7' is an object. */
static bool is_remark(const char *word)
{
    return word[0] == '#' && (word[1] == '\0' || word[1] < '0' || word[1] > '9');
}

static int words_split(struct parser *parser)
{
    char *rest = parser->text;
    parser->word_count = 0;
    for (;;) {
        rest += strspn(rest, " \t\r\n");
        if (!*rest)
            return 0;
        char *word = rest;
        rest += strcspn(rest, " \t\r\n");
        if (*rest)
            *rest++ = '\0';
        if (is_remark(word))
            return 0;
        parser->words[parser->word_count++] = word;
        if (parser->word_count > WORDS_MAX)
            return fail(parser, WORDS_MAX, "too many words");
    }
}

static int number_parse(const char *text, uint64_t max, uint64_t *ret_number)
{
    char *end;
    if (*text < '0' || *text > '9')
        return -1;
    *ret_number = strtoull(text, &end, 10);
    return *end || end - text > 10 || *ret_number > max ? -1 : 0;
}

static const struct flag_word *flag_word_find(const char *text)
{
    for (size_t i = 0; i < sizeof flag_words / sizeof *flag_words; i++) {
        if (strcmp(flag_words[i].word, text) == 0)
            return &flag_words[i];
    }
    return NULL;
}

static int shape_external(struct parser *parser, int word, struct gc_shape *shape, uint64_t bytes)
{
    if (parser->version < PROGRAM_VERSION_EXTERNAL)
        return fail(parser, word, "'%.40s' is of programs whose first line is 'gcp 6'", parser->words[word]);
    shape->flags |= bytes ? GC_SHAPE_EXTERNAL : 0;
    shape->external = bytes;
    return 0;
}

static int shape_word(struct parser *parser, int word, struct gc_shape *shape)
{
    const char *text = parser->words[word];
    const struct flag_word *flag = flag_word_find(text);
    uint64_t number;
    if (flag && (flag->flags & ~PROGRAM_SHAPE_PLAIN) && parser->version < PROGRAM_VERSION_ATTENDED)
        return fail(parser, word, "'%.40s' is of programs whose first line is 'gcp 3' or 'gcp 4'", text);
    if (flag && (flag->flags & GC_SHAPE_EPHEMERON) && parser->version < PROGRAM_VERSION_EPHEMERONS)
        return fail(parser, word, "'%.40s' is of programs whose first line is 'gcp 4'", text);
    if (flag)
        shape->flags |= flag->flags;
    else if (strcmp(text, "refs=*") == 0)
        shape->flags |= GC_SHAPE_REFS_VARY;
    else if (strcmp(text, "payload=*") == 0)
        shape->flags |= GC_SHAPE_BYTES_VARY;
    else if (strncmp(text, "refs=", 5) == 0 && number_parse(text + 5, PROGRAM_LENGTH_MAX, &number) == 0)
        shape->refs = (uint32_t)number;
    else if (strncmp(text, "payload=", 8) == 0 && number_parse(text + 8, PROGRAM_LENGTH_MAX, &number) == 0)
        shape->payload = number;
    else if (strncmp(text, "external=", 9) == 0 && number_parse(text + 9, GC_EXTERNAL_MAX, &number) == 0)
        return shape_external(parser, word, shape, number);
    else if (strncmp(text, "external=", 9) == 0)
        return fail(parser, word, "'%.40s' takes a number up to 4294967296", text);
    else
        return fail(parser, word, "'%.40s' is not of a shape; refs=N|*, payload=N|* and acyclic are", text);
    return 0;
}

static int shape_parse(struct parser *parser)
{
    struct gc_shape shape = {0};
    if (parser->word_count < 2)
        return fail(parser, 0, "a shape needs a name");
    shape.name = parser->words[1];
    for (int i = 2; i < parser->word_count; i++) {
        if (shape_word(parser, i, &shape) < 0)
            return -1;
    }
    const char *objection = program_shape_objection(parser->program, &shape);
    if (objection)
        return fail(parser, 1, "%s", objection);
    return program_add_shape(parser->program, &shape) < 0 ? fail(parser, 0, "out of memory") : 0;
}

/* Reads a slot: g3, 0, ^1, ^^0. */
static int slot_parse(struct parser *parser, int word, uint32_t *ret_slot)
{
    const char *text = parser->words[word];
    const struct model *model = &parser->model;
    uint32_t frame = model->frame_count;
    uint32_t end = model->top;
    uint32_t begin = model->globals;
    uint64_t index;
    bool global = *text == 'g';
    if (global) {
        begin = 0;
        end = model->globals;
        text++;
    } else {
        size_t up = strspn(text, "^");
        if (frame < up + 1)
            return fail(parser, word, "there is no such frame");
        begin = model->frames[frame - up - 1];
        end = up ? model->frames[frame - up] : model->top;
        text += up;
    }
    if (number_parse(text, UINT32_MAX, &index) < 0 || index >= end - begin)
        return fail(parser, word, "there is no slot '%.40s' here; this frame has %u, globals are g0 to g%d",
                    parser->words[word], end - begin, (int)model->globals - 1);
    *ret_slot = begin + (uint32_t)index;
    return 0;
}

static int object_parse(struct parser *parser, int word, bool nullable, uint32_t *ret_object)
{
    const char *text = parser->words[word];
    uint64_t number;
    *ret_object = PROGRAM_NULL;
    if (nullable && strcmp(text, "null") == 0)
        return 0;
    if (*text != '#' || number_parse(text + 1, UINT32_MAX, &number) < 0 || number == 0)
        return fail(parser, word, "'%.40s' is not an object; #1 is%s", text, nullable ? ", and null" : "");
    *ret_object = (uint32_t)number;
    return 0;
}

static int operand_parse(struct parser *parser, int word, enum program_operand kind, uint32_t *ret_value)
{
    const char *text = parser->words[word];
    uint64_t number;
    int64_t shape;
    switch (kind) {
    case OPERAND_SLOT:
        return slot_parse(parser, word, ret_value);
    case OPERAND_OBJECT:
    case OPERAND_NULLABLE:
        return object_parse(parser, word, kind == OPERAND_NULLABLE, ret_value);
    case OPERAND_NUMBER:
        if (number_parse(text, UINT32_MAX, &number) < 0)
            return fail(parser, word, "'%.40s' is not a number below 4294967296", text);
        *ret_value = (uint32_t)number;
        return 0;
    case OPERAND_SHAPE:
        shape = program_find_shape(parser->program, text);
        *ret_value = (uint32_t)shape;
        return shape >= 0 ? 0 : fail(parser, word, "there is no shape '%.40s'", text);
    case OPERAND_KIND:
        *ret_value = strcmp(text, "young") == 0 ? GC_COLLECT_YOUNG : GC_COLLECT_FULL;
        return *ret_value == GC_COLLECT_YOUNG || strcmp(text, "full") == 0
                   ? 0
                   : fail(parser, word, "'%.40s' is not a kind of collection; full and young are", text);
    case OPERAND_NONE:
        break;
    }
    return -1;
}

static int code_find(const char *word)
{
    for (int code = PROGRAM_ENTER; code < PROGRAM_CODES; code++) {
        if (strcmp(program_codes[code].word, word) == 0)
            return code;
    }
    return -1;
}

static int operands_parse(struct parser *parser, struct program_op *op)
{
    const enum program_operand *kinds = program_codes[op->code].operands;
    uint32_t *places[3] = {&op->a, &op->b, &op->c};
    int count = 0;
    while (count < 3 && kinds[count] != OPERAND_NONE)
        count++;
    bool short_new = op->code == PROGRAM_NEW && parser->word_count == 3;
    if (parser->word_count != count + 1 && !short_new)
        return fail(parser, 0, "'%s' takes %d operands, not %d", parser->words[0], count,
                    parser->word_count - 1);
    for (int i = 0; i + 1 < parser->word_count; i++) {
        if (operand_parse(parser, i + 1, kinds[i], places[i]) < 0)
            return -1;
    }
    return 0;
}

static int op_parse(struct parser *parser)
{
    struct model_places places;
    int code = code_find(parser->words[0]);
    if (code < 0)
        return fail(parser, 0, "there is no operation '%.40s'", parser->words[0]);
    if (parser->version < program_codes[code].version)
        return fail(parser, 0, "'%s' is of programs whose first line is 'gcp %u'", program_codes[code].word,
                    program_codes[code].version);
    struct program_op op = {.code = (uint32_t)code};
    if (operands_parse(parser, &op) < 0)
        return -1;
    const char *objection = model_objection(&parser->model, &op);
    if (!objection)
        objection = model_apply(&parser->model, &op, &places);
    if (objection)
        return fail(parser, 0, "%s", objection);
    return program_add(parser->program, op) < 0 ? fail(parser, 0, "out of memory") : 0;
}

static int declaration_parse(struct parser *parser)
{
    uint64_t number;
    if (parser->begun)
        return fail(parser, 0, "shapes and globals stand before the first operation");
    if (strcmp(parser->words[0], "shape") == 0)
        return shape_parse(parser);
    if (parser->word_count != 2 || number_parse(parser->words[1], PROGRAM_SLOTS_MAX, &number) < 0)
        return fail(parser, 0, "globals takes a number up to 4194304");
    parser->program->globals = (uint32_t)number;
    return 0;
}

static int model_begin(struct parser *parser)
{
    parser->begun = true;
    if (model_open(&parser->model, parser->program->shapes, parser->program->shape_count,
                   parser->program->globals, parser->memory_limit) < 0)
        return fail(parser, 0, "out of memory");
    parser->opened = true;
    return 0;
}

static int version_parse(struct parser *parser)
{
    uint64_t version;
    if (parser->word_count != 2 || strcmp(parser->words[0], "gcp") != 0 ||
        number_parse(parser->words[1], PROGRAM_VERSION_LAST, &version) < 0 || version < PROGRAM_VERSION)
        return fail(parser, 0, "the first line is 'gcp 1' to 'gcp 7'");
    parser->version = (uint32_t)version;
    return 0;
}

static int line_parse(struct parser *parser, bool first)
{
    if (first)
        return version_parse(parser);
    if (strcmp(parser->words[0], "shape") == 0 || strcmp(parser->words[0], "globals") == 0)
        return declaration_parse(parser);
    if (!parser->begun && model_begin(parser) < 0)
        return -1;
    return op_parse(parser);
}

int program_text_read(FILE *stream, const char *name, uint64_t memory_limit, struct program *ret_program,
                      char ret_error[static PROGRAM_ERROR_BYTES])
{
    struct parser parser = {
        .name = name, .program = ret_program, .memory_limit = memory_limit, .error = ret_error};
    bool first = true;
    int more;
    program_init(ret_program);
    while ((more = line_read(&parser, stream)) > 0) {
        more = words_split(&parser);
        if (more == 0 && parser.word_count > 0) {
            more = line_parse(&parser, first);
            first = false;
        }
        if (more < 0)
            break;
    }
    int error = more;
    if (ferror(stream)) {
        snprintf(ret_error, PROGRAM_ERROR_BYTES, "%.80s: %s", name, strerror(errno));
        error = -1;
    } else if (!error && first)
        error = fail(&parser, 0, "the file is empty; the first line is 'gcp 1' to 'gcp 7'");
    else if (!error && !parser.begun) /* as its binary form does, a program without operations has a model */
        error = model_begin(&parser);
    else if (!error && model_end_objection(&parser.model))
        error = fail(&parser, 0, "%s", model_end_objection(&parser.model));
    if (parser.opened)
        model_close(&parser.model);
    if (error)
        program_free(ret_program);
    return error;
}
