/* SPDX-License-Identifier: MIT */
#include "harness/stress/runtime/script.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "program/model.h"

/* A runtime that frees at once is asked which objects are alive so many times, and after each operation of a
 * small program: so a program that becomes smaller fails as before. All answers together name at most so many
 * objects for each operation, and some more. */
enum { QUESTIONS = 64, OBJECTS = 16, OBJECTS_MORE = 4096 };

struct writer {
    struct script *script;
    FILE *stream;
    struct model model;
    const struct conditions *conditions;
    const struct promises *promises;
    struct random_state random;
    char **paths; /* by register: the path that the GET took */
    uint32_t path_count;
    uint64_t op;    /* the operation that is written, from 1 */
    uint64_t every; /* operations from one question to the next */
    uint64_t news;  /* NEWs so far, counted for zeal */
    uint64_t asked; /* objects in the questions so far */
};

/* ---- questions ---- */

static struct question *question_add(struct writer *writer, enum question_kind kind, uint32_t number)
{
    struct script *script = writer->script;
    if ((script->count & (script->count - 1)) == 0)
        script->questions =
            memory_grow(script->questions, script->count ? script->count * 2 : 1, sizeof *script->questions);
    struct question *question = &script->questions[script->count++];
    *question = (struct question){
        .kind = kind, .number = number, .op = writer->op, .line = (uint64_t)ftell(writer->stream)};
    return question;
}

/* Notes an object that names reach, given as an entry of a slot or a field. */
static void reach(uint8_t *lives, uint32_t *queue, uint64_t *queued, uint32_t entry)
{
    if (!entry || lives[entry - 1] == LIFE_REACHABLE)
        return;
    lives[entry - 1] = LIFE_REACHABLE;
    queue[(*queued)++] = entry - 1;
}

/* Returns the enum life of each object. The caller frees it. O(model). */
static uint8_t *lives_find(const struct model *model)
{
    uint8_t *lives = memory_new(model->object_count + 1, 1);
    uint32_t *queue = memory_new(model->object_count + 1, sizeof *queue);
    uint64_t queued = 0;
    for (uint32_t i = 0; i < model->object_count; i++)
        lives[i] = model->objects[i].count ? LIFE_GARBAGE : LIFE_UNREFERENCED;
    for (uint32_t slot = 0; slot < model->top; slot++)
        reach(lives, queue, &queued, model->slots[slot].object);
    for (uint64_t next = 0; next < queued; next++)
        for (uint32_t i = 0; i < model->objects[queue[next]].field_count; i++)
            reach(lives, queue, &queued, model_field(model, queue[next], i));
    free(queue);
    return lives;
}

static void collect(struct writer *writer)
{
    fputs("collect full\n", writer->stream);
    writer->script->collections++;
}

static void ask_alive(struct writer *writer, bool collected)
{
    if (collected)
        collect(writer);
    struct question *question = question_add(writer, QUESTION_ALIVE, writer->model.object_count);
    question->collected = collected;
    question->objects = lives_find(&writer->model);
    writer->asked += writer->model.object_count;
    fputs("alive\n", writer->stream);
}

/* ---- operations ---- */

static const char *path_of(const struct writer *writer, uint32_t place)
{
    static char slot[16];
    if (place == MODEL_NOWHERE)
        return "null";
    if (place & 1)
        return writer->paths[place >> 1];
    snprintf(slot, sizeof slot, "%u", place >> 1);
    return slot;
}

static void path_keep(struct writer *writer, uint32_t reg, char *path)
{
    if (reg >= writer->path_count) {
        uint32_t count = reg * 2 + 16;
        writer->paths = memory_grow(writer->paths, count, sizeof *writer->paths);
        memset(writer->paths + writer->path_count, 0, (count - writer->path_count) * sizeof *writer->paths);
        writer->path_count = count;
    }
    free(writer->paths[reg]);
    writer->paths[reg] = path;
}

static void write_get(struct writer *writer, const struct program_op *op, const struct model_places *places)
{
    char *path = text_format("%s.%u", path_of(writer, places->object), op->b);
    question_add(writer, QUESTION_READ, model_field(&writer->model, op->a - 1, op->b));
    fprintf(writer->stream, "read %s\n", path);
    path_keep(writer, places->result, path);
}

static void write_count(struct writer *writer, const struct program_op *op, const struct model_places *places)
{
    if (!writer->promises->counts)
        return;
    question_add(writer, QUESTION_COUNT, op->b);
    fprintf(writer->stream, "count %s\n", path_of(writer, places->object));
}

static void write_new(struct writer *writer, const struct program_op *op)
{
    const struct gc_shape *shape = &writer->model.shapes[op->b];
    uint64_t bytes = shape->flags & GC_SHAPE_BYTES_VARY ? op->c : shape->payload;
    fprintf(writer->stream, "new %u %u %" PRIu64 " %" PRIu64 " %d\n", op->a, writer->model.object_count,
            gc_shape_refs(shape, op->c), bytes, (shape->flags & GC_SHAPE_ACYCLIC) != 0);
}

/* Writes an operation that the model has just applied. */
static void write_op(struct writer *writer, const struct program_op *op, const struct model_places *places)
{
    FILE *stream = writer->stream;
    switch ((enum program_code)op->code) {
    case PROGRAM_ENTER:
        fprintf(stream, "enter %u\n", op->a);
        break;
    case PROGRAM_LEAVE:
        fputs("leave\n", stream);
        break;
    case PROGRAM_NEW:
        write_new(writer, op);
        break;
    case PROGRAM_SET:
        fprintf(stream, "set %u %s\n", op->a, path_of(writer, places->object));
        break;
    case PROGRAM_DEL:
        fprintf(stream, "set %u null\n", op->a);
        break;
    case PROGRAM_MOVE:
        fprintf(stream, "move %u %u\n", op->a, op->b);
        break;
    case PROGRAM_GET:
        write_get(writer, op, places);
        break;
    case PROGRAM_STORE:
    case PROGRAM_CLEAR:
        fprintf(stream, "store %s.%u ", path_of(writer, places->object), op->b);
        fprintf(stream, "%s\n", path_of(writer, places->value));
        break;
    case PROGRAM_COLLECT:
        if (op->a == GC_COLLECT_FULL)
            collect(writer);
        else
            fputs("collect young\n", stream);
        break;
    case PROGRAM_CHECKPOINT:
        ask_alive(writer, true);
        break;
    case PROGRAM_COUNT:
        write_count(writer, op, places);
        break;
    case PROGRAM_FINALISE: /* no program of the suite has finalisers yet */
    case PROGRAM_WEAK:
    case PROGRAM_LEADS:
    case PROGRAM_CALLED:
    case PROGRAM_EPHEMERON:
    case PROGRAM_RANGE: /* nor ranges */
    case PROGRAM_FILL:
    case PROGRAM_COPY:
    case PROGRAM_FREEZE: /* what lives is the same, and a runtime may collect what it likes */
    case PROGRAM_UNFREEZE:
    case PROGRAM_FREE: /* only `explicit` is told */
    case PROGRAM_END:
    case PROGRAM_CODES:
        break;
    }
}

/* ---- what stands between operations ---- */

static bool is_zealous(struct writer *writer)
{
    const struct conditions *conditions = writer->conditions;
    uint64_t event = ++writer->news;
    return conditions->zeal == ZEAL_EVERY ||
           (conditions->zeal == ZEAL_NTH && event % conditions->every == 0) ||
           (conditions->zeal == ZEAL_RANDOM && random_below(&writer->random, conditions->every) == 0);
}

/* In front of a NEW no reference is borrowed that is used behind it. So a collection may stand there. */
static void before(struct writer *writer, const struct program_op *op)
{
    if (op->code != PROGRAM_NEW)
        return;
    bool zealous = is_zealous(writer);
    uint64_t checks = writer->conditions->checks;
    if (checks && random_below(&writer->random, checks) == 0)
        ask_alive(writer, zealous);
    else if (zealous)
        collect(writer);
}

static void after(struct writer *writer)
{
    uint64_t most = OBJECTS * writer->op + OBJECTS_MORE;
    if (writer->promises->frees_at_once && writer->op % writer->every == 0 &&
        writer->asked + writer->model.object_count <= most)
        ask_alive(writer, false);
}

static int step(struct writer *writer, const struct program_op *op)
{
    struct model_places places;
    before(writer, op);
    if (model_apply(&writer->model, op, &places) != NULL)
        return -1;
    write_op(writer, op, &places);
    after(writer);
    return 0;
}

/* Leaves every frame and drops every global. */
static int end(struct writer *writer)
{
    int status = 0;
    while (status == 0 && writer->model.frame_count)
        status = step(writer, &(struct program_op){.code = PROGRAM_LEAVE});
    for (uint32_t slot = 0; status == 0 && slot < writer->model.top; slot++)
        if (writer->model.slots[slot].object)
            status = step(writer, &(struct program_op){.code = PROGRAM_DEL, .a = slot});
    ask_alive(writer, true);
    return status;
}

int script_make(const struct program *program, const struct conditions *conditions, uint64_t seed,
                const struct promises *promises, struct script *ret_script)
{
    struct writer writer = {.script = ret_script,
                            .conditions = conditions,
                            .promises = promises,
                            .every = 1 + program->op_count / QUESTIONS};
    *ret_script = (struct script){0};
    if (model_open(&writer.model, program->shapes, program->shape_count, program->globals, UINT64_MAX) < 0)
        return -1;
    writer.stream = memory_stream(&ret_script->text, &ret_script->length);
    random_seed(&writer.random, seed ^ 0x5eed5eed5eed5eedu);
    fprintf(writer.stream, "begin %u\n", program->globals);
    int status = 0;
    for (uint64_t i = 0; i < program->op_count && status == 0; i++) {
        writer.op = i + 1;
        status = step(&writer, &program->ops[i]);
    }
    writer.op = program->op_count + 1;
    if (status == 0)
        status = end(&writer);
    memory_stream_close(writer.stream);
    model_close(&writer.model);
    for (uint32_t i = 0; i < writer.path_count; i++)
        free(writer.paths[i]);
    free(writer.paths);
    if (status < 0)
        script_free(ret_script);
    return status;
}

void script_free(struct script *script)
{
    for (size_t i = 0; i < script->count; i++)
        free(script->questions[i].objects);
    free(script->questions);
    free(script->text);
    *script = (struct script){0};
}
