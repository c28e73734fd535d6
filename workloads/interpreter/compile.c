/* SPDX-License-Identifier: MIT */
#include "workloads/interpreter/compile.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_NAMES = 24, MOST_CONSTANTS = 32, MOST_INSTRUCTIONS = 400 };

/* A word of the script's text, which outlives the compiler. */
struct word {
    const char *text;
    size_t length;
};

/* A function that is being compiled. The heap holds its constants. All else is gone when its code is made. */
struct function {
    struct function *outer;    /* NULL for the module */
    const char *begin, *end;   /* the whole of its text */
    struct gc_slot *constants; /* an object CONSTANTS of the greatest length */
    uint32_t constant_count;
    struct word locals[MOST_NAMES];
    bool in_cell[MOST_NAMES];
    uint32_t local_count;
    struct word cells[MOST_NAMES]; /* names of outer functions, in the order of the closure's cells */
    uint32_t cell_count;
    uint32_t arity, depth, deepest;
    uint32_t code[MOST_INSTRUCTIONS];
    uint32_t length;
};

static const struct {
    const char *name;
    enum operation operation;
    int arity;
} primitives[] = {
    {"+", OP_ADD, 2},          {"-", OP_SUBTRACT, 2},    {"*", OP_MULTIPLY, 2},    {"/", OP_QUOTIENT, 2},
    {"%", OP_REMAINDER, 2},    {"<", OP_LESS, 2},        {"=", OP_EQUAL, 2},       {"nil?", OP_IS_NIL, 1},
    {"pair", OP_PAIR, 2},      {"head", OP_HEAD, 1},     {"tail", OP_TAIL, 1},     {"array", OP_ARRAY, 1},
    {"get", OP_ARRAY_GET, 2},  {"put", OP_ARRAY_SET, 3}, {"length", OP_LENGTH, 1}, {"text", OP_TEXT_OF, 1},
    {"join", OP_TEXT_JOIN, 2}, {"at", OP_TEXT_AT, 2},
};

/* ---- reading ---- */

static const char *skip_space(const char *at)
{
    while (isspace((unsigned char)*at))
        at++;
    return at;
}

static struct word word_at(const char *at)
{
    return (struct word){at, strcspn(at, " \n()")};
}

static bool word_is(struct word word, const char *text)
{
    return strlen(text) == word.length && memcmp(word.text, text, word.length) == 0;
}

static bool word_same(struct word word, struct word other)
{
    return word.length == other.length && memcmp(word.text, other.text, word.length) == 0;
}

/* Returns the place behind the expression that begins at `at`. Texts hold no brackets. */
static const char *skip_expression(const char *at)
{
    if (*at != '(')
        return at + word_at(at).length;
    int depth = 0;
    do {
        depth += (*at == '(') - (*at == ')');
        at++;
    } while (depth > 0);
    return at;
}

/* Returns whether a function inside the function's text mentions the name. */
static bool is_captured(const struct function *function, struct word name)
{
    for (const char *at = function->begin + 1; at < function->end; at++) {
        if (strncmp(at, "(fn ", 4) != 0)
            continue;
        const char *end = skip_expression(at);
        for (; at < end; at += word_at(at).length + 1)
            if (word_same(word_at(at), name))
                return true;
    }
    return false;
}

/* ---- writing ---- */

static uint32_t emit(struct function *function, enum operation operation, uint64_t operand, int effect)
{
    assert(function->length < MOST_INSTRUCTIONS);
    function->depth += effect;
    if (function->depth > function->deepest)
        function->deepest = function->depth;
    function->code[function->length] = instruction_make(operation, operand);
    return function->length++;
}

/* Lets a jump, written before its target was known, go to the next instruction. */
static void land(struct function *function, uint32_t jump)
{
    function->code[jump] = instruction_make(function->code[jump] & 0xff, function->length);
}

static uint32_t constant_add(struct gc_mutator *mutator, struct function *function,
                             const struct gc_slot *value)
{
    assert(function->constant_count < MOST_CONSTANTS);
    gc_field_set(mutator, gc_local_get(function->constants), function->constant_count, gc_local_get(value));
    return function->constant_count++;
}

/* ---- names ---- */

static int find_word(const struct word *words, uint32_t count, struct word name)
{
    for (uint32_t i = 0; i < count; i++)
        if (word_same(words[i], name))
            return (int)i;
    return -1;
}

/* Returns the place among the function's cells of a name local to an outer function; -1 for the module's
 * names. */
static int find_outer(struct function *function, struct word name)
{
    int place = find_word(function->cells, function->cell_count, name);
    if (place >= 0 || !function->outer || !function->outer->outer)
        return place;
    if (find_word(function->outer->locals, function->outer->local_count, name) < 0 &&
        find_outer(function->outer, name) < 0)
        return -1;
    assert(function->cell_count < MOST_NAMES);
    function->cells[function->cell_count] = name;
    return (int)function->cell_count++;
}

static uint32_t declare(struct function *function, struct word name)
{
    int known = find_word(function->locals, function->local_count, name);
    if (known >= 0)
        return (uint32_t)known;
    assert(function->local_count < (function->outer ? MOST_NAMES : MODULE_NAMES));
    function->locals[function->local_count] = name;
    function->in_cell[function->local_count] = function->outer && is_captured(function, name);
    return function->local_count++;
}

/* Emits a read or a write of a name, wherever it lives. Each operation for writing follows the one for
 * reading. */
static void emit_name(struct function *function, struct word name, bool write)
{
    int effect = write ? -1 : 1;
    int local = find_word(function->locals, function->local_count, name);
    if (function->outer && local >= 0) {
        emit(function, (function->in_cell[local] ? OP_INNER : OP_LOCAL) + write, (uint64_t)local, effect);
        return;
    }
    int outer = find_outer(function, name);
    if (outer >= 0) {
        emit(function, OP_OUTER + write, (uint64_t)outer, effect);
        return;
    }
    struct function *module = function;
    while (module->outer)
        module = module->outer;
    emit(function, OP_MODULE + write, declare(module, name), effect);
}

static_assert(OP_LOCAL + 1 == OP_LOCAL_SET && OP_INNER + 1 == OP_INNER_SET && OP_OUTER + 1 == OP_OUTER_SET &&
                  OP_MODULE + 1 == OP_MODULE_SET,
              "writing stands one after reading");

/* ---- expressions: each function emits code that leaves one value on the stack; returns the place after the
 * text ---- */

static const char *expression(struct gc_mutator *mutator, struct function *function, const char *at);

/* Compiles the expressions up to the closing bracket. All values but the last are dropped. */
static const char *sequence(struct gc_mutator *mutator, struct function *function, const char *at)
{
    at = skip_space(at);
    if (*at == ')' || *at == '\0')
        emit(function, OP_NIL, 0, 1);
    while (*at != ')' && *at != '\0') {
        at = skip_space(expression(mutator, function, at));
        if (*at != ')' && *at != '\0')
            emit(function, OP_POP, 0, -1);
    }
    return at;
}

static void function_finish(struct gc_mutator *mutator, struct function *function, struct gc_slot *result)
{
    emit(function, OP_RETURN, 0, -1);
    gc_local_new(mutator, result, &value_shapes[CODE],
                 sizeof(struct code_header) + function->length * sizeof *function->code);
    *code_header(gc_local_get(result)) =
        (struct code_header){.arity = function->arity,
                             .locals = function->outer ? function->local_count : 0,
                             .stack = function->deepest,
                             .instructions = function->length};
    memcpy(code_instructions(gc_local_get(result)), function->code,
           function->length * sizeof *function->code);
    gc_field_set(mutator, gc_local_get(result), CODE_CONSTANTS, gc_local_get(function->constants));
}

static void function_begin(struct gc_mutator *mutator, struct function *function, struct gc_slot *constants)
{
    gc_local_new(mutator, constants, &value_shapes[CONSTANTS], MOST_CONSTANTS);
    function->constants = constants;
}

static const char *parameters(struct function *function, const char *at)
{
    for (at = skip_space(at + 1); *at != ')'; at = skip_space(at + word_at(at).length)) {
        uint32_t local = declare(function, word_at(at));
        if (function->in_cell[local])
            emit(function, OP_LOCAL_CELL, local, 0);
        function->arity++;
    }
    return at + 1;
}

/* Compiles a function. `at` stands after "fn", `begin` at its bracket. */
static const char *function_expression(struct gc_mutator *mutator, struct function *outer, const char *begin,
                                       const char *at)
{
    enum { CONSTANTS_SLOT, CODE_SLOT, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct function function = {.outer = outer, .begin = begin, .end = skip_expression(begin)};
    function_begin(mutator, &function, &frame.slot[CONSTANTS_SLOT]);
    at = parameters(&function, skip_space(at));
    at = sequence(mutator, &function, at) + 1;
    function_finish(mutator, &function, &frame.slot[CODE_SLOT]);
    for (uint32_t i = 0; i < function.cell_count; i++) {
        int local = find_word(outer->locals, outer->local_count, function.cells[i]);
        if (local >= 0)
            emit(outer, OP_LOCAL, (uint64_t)local, 1);
        else
            emit(outer, OP_OUTER_CELL, (uint64_t)find_outer(outer, function.cells[i]), 1);
    }
    uint64_t code = constant_add(mutator, outer, &frame.slot[CODE_SLOT]);
    emit(outer, OP_CLOSURE, (uint64_t)function.cell_count << 8 | code, 1 - (int)function.cell_count);
    gc_frame_leave(mutator, frame);
    return at;
}

/* Compiles `(def name e)` and `(set name e)`. The cell exists before the value, which may close over it. */
static const char *assignment(struct gc_mutator *mutator, struct function *function, const char *at,
                              bool fresh)
{
    struct word name = word_at(at = skip_space(at));
    if (fresh) {
        uint32_t place = declare(function, name);
        if (function->in_cell[place])
            emit(function, OP_LOCAL_CELL, place, 0);
    }
    at = expression(mutator, function, skip_space(at + name.length));
    emit_name(function, name, true);
    emit(function, OP_NIL, 0, 1);
    return skip_space(at) + 1;
}

static const char *conditional(struct gc_mutator *mutator, struct function *function, const char *at)
{
    at = expression(mutator, function, skip_space(at));
    uint32_t otherwise = emit(function, OP_JUMP_IF_NIL, 0, -1);
    at = expression(mutator, function, skip_space(at));
    uint32_t end = emit(function, OP_JUMP, 0, -1);
    land(function, otherwise);
    at = expression(mutator, function, skip_space(at));
    land(function, end);
    return skip_space(at) + 1;
}

static const char *loop(struct gc_mutator *mutator, struct function *function, const char *at)
{
    uint32_t begin = function->length;
    at = expression(mutator, function, skip_space(at));
    uint32_t end = emit(function, OP_JUMP_IF_NIL, 0, -1);
    at = sequence(mutator, function, at);
    emit(function, OP_POP, 0, -1);
    emit(function, OP_JUMP, begin, 0);
    land(function, end);
    emit(function, OP_NIL, 0, 1);
    return at + 1;
}

/* Compiles the operands up to the closing bracket. */
static const char *operands(struct gc_mutator *mutator, struct function *function, const char *at,
                            int *ret_count)
{
    *ret_count = 0;
    for (at = skip_space(at); *at != ')'; at = skip_space(at), ++*ret_count)
        at = expression(mutator, function, at);
    return at + 1;
}

static const char *application(struct gc_mutator *mutator, struct function *function, const char *at)
{
    int count;
    struct word word = word_at(at);
    for (size_t i = 0; i < sizeof primitives / sizeof *primitives; i++)
        if (word_is(word, primitives[i].name)) {
            at = operands(mutator, function, at + word.length, &count);
            assert(count == primitives[i].arity);
            emit(function, primitives[i].operation, 0, 1 - count);
            return at;
        }
    at = operands(mutator, function, expression(mutator, function, at), &count);
    emit(function, OP_CALL, (uint64_t)count, -count);
    return at;
}

static const char *literal(struct gc_mutator *mutator, struct function *function, const char *at)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    const char *end;
    if (*at == '"') {
        end = strchr(at + 1, '"') + 1;
        uint64_t length = (uint64_t)(end - at) - 2;
        gc_local_new(mutator, &frame.slot[0], &value_shapes[STRING], length);
        memcpy(gc_payload(gc_local_get(&frame.slot[0]), &value_shapes[STRING]), at + 1, length);
    } else {
        end = at + word_at(at).length;
        integer_make(mutator, &frame.slot[0], strtoll(at, NULL, 10));
    }
    emit(function, OP_CONSTANT, constant_add(mutator, function, &frame.slot[0]), 1);
    gc_frame_leave(mutator, frame);
    return end;
}

static const char *form(struct gc_mutator *mutator, struct function *function, const char *begin)
{
    const char *at = skip_space(begin + 1);
    struct word word = word_at(at);
    if (word_is(word, "fn"))
        return function_expression(mutator, function, begin, at + word.length);
    if (word_is(word, "def") || word_is(word, "set"))
        return assignment(mutator, function, at + word.length, word_is(word, "def"));
    if (word_is(word, "if"))
        return conditional(mutator, function, at + word.length);
    if (word_is(word, "while"))
        return loop(mutator, function, at + word.length);
    if (word_is(word, "do"))
        return sequence(mutator, function, at + word.length) + 1;
    return application(mutator, function, at);
}

static const char *expression(struct gc_mutator *mutator, struct function *function, const char *at)
{
    if (*at == '(')
        return form(mutator, function, at);
    if (*at == '"' || isdigit((unsigned char)*at))
        return literal(mutator, function, at);
    struct word word = word_at(at);
    assert(word.length > 0);
    if (word_is(word, "nil"))
        emit(function, OP_NIL, 0, 1);
    else
        emit_name(function, word, false);
    return at + word.length;
}

void script_compile(struct gc_mutator *mutator, struct gc_slot *result, const char *text)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct function module = {.begin = text, .end = text + strlen(text)};
    function_begin(mutator, &module, &frame.slot[0]);
    const char *end = sequence(mutator, &module, text);
    assert(*end == '\0');
    function_finish(mutator, &module, result);
    gc_frame_leave(mutator, frame);
}
