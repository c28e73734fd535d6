/* SPDX-License-Identifier: MIT */
#include "harness/stress/shrink.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness/stress/repair.h"

struct shrinking {
    struct shrink *shrink;
    struct program *program; /* the smallest that fails, so far */
    bool *keep;              /* for each operation of it: true, but while a candidate is made */
    double end;              /* seconds */
    bool failed;
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static bool is_over(const struct shrinking *s)
{
    return s->failed || now() > s->end;
}

/* ---- one candidate ---- */

static bool fails(struct shrinking *s, const struct program *program)
{
    struct worker_outcome outcome;
    s->shrink->runs++;
    if (replay_run(&s->shrink->replay, program, &outcome) < 0) {
        s->failed = true;
        return false;
    }
    bool same = outcome.found && strcmp(outcome.kind, s->shrink->kind) == 0;
    workers_outcome_free(&outcome);
    return same;
}

static void adopt(struct shrinking *s, struct program *candidate)
{
    program_free(s->program);
    *s->program = *candidate;
    free(s->keep);
    s->keep = malloc(s->program->op_count + 1);
    s->failed |= !s->keep;
    if (s->keep)
        memset(s->keep, true, s->program->op_count + 1);
}

static uint64_t weight(const struct program *program)
{
    uint64_t sum = program->op_count * 64 + program->globals + program->shape_count;
    for (uint64_t i = 0; i < program->op_count; i++) {
        const struct program_op *op = &program->ops[i];
        sum += op->code == PROGRAM_NEW ? op->c + op->b : op->code == PROGRAM_ENTER ? op->a : 0;
    }
    for (uint32_t i = 0; i < program->shape_count; i++)
        sum += program->shapes[i].refs + program->shapes[i].payload + program->shapes[i].flags;
    return sum;
}

/* Repairs `from` under the edit, and takes it if it is smaller than the best, and fails. */
static bool try_edit(struct shrinking *s, const struct program *from, struct repair_edit edit)
{
    struct program candidate;
    if (is_over(s))
        return false;
    if (repair_program(from, &edit, &candidate) < 0) {
        s->failed = true;
        return false;
    }
    if (weight(&candidate) >= weight(s->program) || !fails(s, &candidate)) {
        program_free(&candidate);
        return false;
    }
    adopt(s, &candidate);
    return true;
}

static bool try_without(struct shrinking *s, uint64_t first, uint64_t count)
{
    memset(s->keep + first, false, count);
    struct repair_edit edit = {s->keep, s->program->globals, REPAIR_NONE};
    if (try_edit(s, s->program, edit))
        return true;
    memset(s->keep + first, true, count);
    return false;
}

/* ---- passes: each true when it made the program smaller ---- */

static bool remove_chunks(struct shrinking *s)
{
    bool smaller = false;
    for (uint64_t size = s->program->op_count / 2; size > 0; size /= 2) {
        uint64_t place = s->program->op_count;
        while (place > 0 && !is_over(s)) { /* from the end: what comes last is needed by nobody */
            uint64_t first = place > size ? place - size : 0;
            uint64_t count = place - first;
            place = first;
            if (first + count <= s->program->op_count)
                smaller |= try_without(s, first, count);
        }
    }
    return smaller;
}

/* Two at a time that only go together: a NEW and what uses it goes by itself, a SET and its DEL does not. */
static bool remove_pairs(struct shrinking *s)
{
    enum { PAIRS_MAX_OPERATIONS = 40 };
    bool smaller = false;
    for (uint64_t i = 0; i < s->program->op_count && s->program->op_count <= PAIRS_MAX_OPERATIONS; i++) {
        for (uint64_t j = i + 1; j < s->program->op_count && !is_over(s); j++) {
            s->keep[i] = s->keep[j] = false;
            struct repair_edit edit = {s->keep, s->program->globals, REPAIR_NONE};
            if (try_edit(s, s->program, edit))
                smaller = true;
            else
                s->keep[i] = s->keep[j] = true;
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

/* A call with all it does; or only the frame, its names made global or gone. */
static bool remove_frames(struct shrinking *s)
{
    bool smaller = false;
    for (uint64_t i = 0; i < s->program->op_count && !is_over(s); i++) {
        if (s->program->ops[i].code != PROGRAM_ENTER)
            continue;
        uint64_t leave = leave_of(s->program, i);
        if (try_without(s, i, leave - i + 1) || try_without(s, i, 1) ||
            try_edit(s, s->program, (struct repair_edit){NULL, s->program->globals, (uint32_t)i})) {
            smaller = true;
            i--;
        }
    }
    return smaller;
}

static bool lower_globals(struct shrinking *s)
{
    bool smaller = false;
    for (uint32_t step = s->program->globals; step > 0; step /= 2)
        while (s->program->globals >= step &&
               try_edit(s, s->program, (struct repair_edit){NULL, s->program->globals - step, REPAIR_NONE}))
            smaller = true;
    return smaller;
}

/* With no shift, notes which globals operations use; with one, puts each slot where it goes. */
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

/* Global names that no operation uses go; the others move together. */
static bool close_ranks(struct shrinking *s)
{
    struct program changed = *s->program;
    uint32_t globals = s->program->globals;
    uint32_t *place = calloc(globals + 1, sizeof *place);
    changed.ops = malloc((s->program->op_count + 1) * sizeof *changed.ops);
    bool smaller = false;
    if (place && changed.ops) {
        slots_visit(s->program->ops, s->program->op_count, globals, place, 0);
        changed.globals = 0;
        for (uint32_t i = 0; i < globals; i++)
            place[i] = place[i] ? changed.globals++ : 0;
        memcpy(changed.ops, s->program->ops, s->program->op_count * sizeof *changed.ops);
        slots_visit(changed.ops, changed.op_count, globals, place, globals - changed.globals);
        smaller = changed.globals < globals &&
                  try_edit(s, &changed, (struct repair_edit){NULL, changed.globals, REPAIR_NONE});
    }
    free(changed.ops);
    free(place);
    return smaller;
}

/* One number of one operation replaced by a smaller one. */
static bool lower(struct shrinking *s, uint32_t *number)
{
    const struct repair_edit edit = {NULL, s->program->globals, REPAIR_NONE};
    uint32_t was = *number;
    uint32_t tries[] = {0, was / 2, was - 1};
    for (size_t i = 0; i < sizeof tries / sizeof *tries && was > 0; i++) {
        *number = tries[i];
        if (try_edit(s, s->program, edit))
            return true; /* and `number` is of a program that is gone */
        *number = was;
    }
    return false;
}

static bool lower_numbers(struct shrinking *s)
{
    bool smaller = false;
    for (uint64_t i = 0; i < s->program->op_count && !is_over(s); i++) {
        if (s->program->ops[i].code == PROGRAM_NEW) {
            while (i < s->program->op_count && lower(s, &s->program->ops[i].c))
                smaller = true;
            if (i < s->program->op_count)
                smaller |= lower(s, &s->program->ops[i].b);
        } else if (s->program->ops[i].code == PROGRAM_ENTER) {
            while (i < s->program->op_count && lower(s, &s->program->ops[i].a))
                smaller = true;
        }
    }
    return smaller;
}

/* The shape as it is but for these; its name stays the program's own. */
static bool try_shape(struct shrinking *s, uint32_t place, uint16_t flags, uint32_t refs, uint64_t payload)
{
    struct program changed = *s->program;
    struct gc_shape *shapes = malloc(s->program->shape_count * sizeof *shapes);
    if (!shapes)
        return false;
    memcpy(shapes, s->program->shapes, s->program->shape_count * sizeof *shapes);
    shapes[place].flags = flags;
    shapes[place].refs = refs;
    shapes[place].payload = payload;
    changed.shapes = shapes;
    bool smaller = weight(&changed) < weight(s->program) &&
                   try_edit(s, &changed, (struct repair_edit){NULL, s->program->globals, REPAIR_NONE});
    free(shapes);
    return smaller;
}

static bool simplify_shapes(struct shrinking *s)
{
    bool smaller = false;
    struct program fewer;
    if (repair_shapes(s->program, &fewer) == 0)
        adopt(s, &fewer);
    for (uint32_t i = 0; i < s->program->shape_count && !is_over(s); i++) {
        struct gc_shape shape = s->program->shapes[i];
        smaller |= try_shape(s, i, 0, shape.refs, shape.payload);
        shape = s->program->shapes[i];
        while (shape.refs > 0 && try_shape(s, i, shape.flags, shape.refs - 1, shape.payload)) {
            shape.refs--;
            smaller = true;
        }
        shape = s->program->shapes[i];
        smaller |= try_shape(s, i, shape.flags, shape.refs, shape.payload > 8 ? 8 : 0);
    }
    return smaller;
}

/* ---- the setting ---- */

static bool try_setting(struct shrinking *s, const char *setting, const char *options)
{
    struct shrink *shrink = s->shrink;
    struct replay was = shrink->replay;
    shrink->replay.setting = setting;
    shrink->replay.options = options;
    bool same = fails(s, s->program);
    shrink->replay = was;
    if (!same)
        return false;
    snprintf(shrink->setting, sizeof shrink->setting, "%s", setting);
    snprintf(shrink->options, sizeof shrink->options, "%s", options);
    shrink->replay.setting = shrink->setting;
    shrink->replay.options = shrink->options;
    return true;
}

/* Plain, if it fails so too; else with a collection at every allocation, which no longer depends on chance.
 */
static void simplify_setting(struct shrinking *s)
{
    char setting[OPTIONS_TEXT_BYTES];
    char options[OPTIONS_TEXT_BYTES];
    const char *const simpler[] = {"", "zeal=every"};
    snprintf(setting, sizeof setting, "%s", s->shrink->setting);
    snprintf(options, sizeof options, "%s", s->shrink->options);
    for (size_t i = 0; i < sizeof simpler / sizeof *simpler; i++)
        if (try_setting(s, simpler[i], "") || try_setting(s, simpler[i], options))
            return;
    try_setting(s, setting, "");
}

int shrink_program(struct shrink *shrink, struct program *program)
{
    struct shrinking s = {.shrink = shrink, .program = program, .end = now() + shrink->seconds};
    snprintf(shrink->setting, sizeof shrink->setting, "%s", shrink->replay.setting);
    snprintf(shrink->options, sizeof shrink->options, "%s", shrink->replay.options);
    shrink->replay.setting = shrink->setting;
    shrink->replay.options = shrink->options;
    shrink->runs = 0;
    s.keep = malloc(program->op_count + 1);
    if (!s.keep)
        return -1;
    memset(s.keep, true, program->op_count + 1);
    bool reproduced = fails(&s, program);
    if (reproduced) {
        simplify_setting(&s);
        bool smaller = true;
        while (smaller && !is_over(&s)) {
            smaller = remove_frames(&s);
            smaller |= remove_chunks(&s);
            smaller |= lower_globals(&s);
            smaller |= close_ranks(&s);
            smaller |= lower_numbers(&s);
            smaller |= simplify_shapes(&s);
            smaller |= !smaller && remove_pairs(&s);
        }
    }
    free(s.keep);
    return s.failed ? -1 : !reproduced;
}
