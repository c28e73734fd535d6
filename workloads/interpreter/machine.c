/* SPDX-License-Identifier: MIT */
#include "workloads/interpreter/machine.h"

#include <stdio.h>
#include <string.h>

#include "workloads/interpreter/compile.h"

/* What a real machine has in registers. The names are slots of one frame. */
struct machine {
    struct gc_mutator *mutator;
    const struct gc_slot *small_integers;
    struct gc_slot *frame; /* the frame that runs, and its code */
    struct gc_slot *code;
    struct gc_slot *value; /* null between instructions */
    uint32_t next;         /* instruction */
    uint32_t top;          /* the frame's field that the next operand goes to; it and those above are null */
};

/* ---- operands ---- */

/* The operand that is `depth` from the top, 1 being the last pushed. Borrowed. */
static inline struct gc_ref operand(const struct machine *m, uint32_t depth)
{
    return gc_field_get(m->mutator, gc_local_get(m->frame), m->top - depth);
}

static inline void push(struct machine *m, struct gc_ref value)
{
    gc_field_set(m->mutator, gc_local_get(m->frame), m->top++, value);
}

static inline void drop(struct machine *m, uint32_t count)
{
    while (count-- > 0)
        gc_field_del(m->mutator, gc_local_get(m->frame), --m->top);
}

/* Puts `value` in place of `count` operands. */
static inline void replace(struct machine *m, uint32_t count)
{
    drop(m, count);
    push(m, gc_local_get(m->value));
    gc_local_del(m->mutator, m->value);
}

static inline void replace_integer(struct machine *m, uint32_t count, int64_t integer)
{
    struct gc_ref small = gc_local_get(m->small_integers);
    if (integer >= 0 && (uint64_t)integer < gc_length(small))
        gc_local_set(m->mutator, m->value, gc_field_get(m->mutator, small, (uint64_t)integer));
    else
        integer_make(m->mutator, m->value, integer);
    replace(m, count);
}

/* True is 1, false is nil. */
static inline void replace_truth(struct machine *m, uint32_t count, bool truth)
{
    if (truth) {
        replace_integer(m, count, 1);
    } else {
        drop(m, count);
        m->top++;
    }
}

/* ---- names ---- */

static inline struct gc_ref closure_now(const struct machine *m)
{
    return gc_field_get(m->mutator, gc_local_get(m->frame), FRAME_CLOSURE);
}

/* The object in which a name lives, borrowed, and its place there. */
static inline struct gc_ref name_home(const struct machine *m, enum operation operation, uint32_t *place)
{
    struct gc_ref cells;
    switch (operation) {
    case OP_INNER:
    case OP_INNER_SET:
        cells = gc_field_get(m->mutator, gc_local_get(m->frame), FRAME_LOCALS + *place);
        *place = CELL_VALUE;
        return cells;
    case OP_OUTER:
    case OP_OUTER_SET:
        cells = gc_field_get(m->mutator, closure_now(m), CLOSURE_CELLS);
        cells = gc_field_get(m->mutator, cells, *place);
        *place = CELL_VALUE;
        return cells;
    case OP_OUTER_CELL:
        return gc_field_get(m->mutator, closure_now(m), CLOSURE_CELLS);
    case OP_MODULE:
    case OP_MODULE_SET:
        return gc_field_get(m->mutator, closure_now(m), CLOSURE_MODULE);
    case OP_CONSTANT:
        return gc_field_get(m->mutator, gc_local_get(m->code), CODE_CONSTANTS);
    default:
        *place += FRAME_LOCALS;
        return gc_local_get(m->frame);
    }
}

static inline void cell_make(struct machine *m, uint32_t local)
{
    gc_local_new(m->mutator, m->value, &value_shapes[CELL], 0);
    struct gc_ref old = gc_field_get(m->mutator, gc_local_get(m->frame), FRAME_LOCALS + local);
    gc_field_set(m->mutator, gc_local_get(m->value), CELL_VALUE, old);
    gc_field_set(m->mutator, gc_local_get(m->frame), FRAME_LOCALS + local, gc_local_get(m->value));
    gc_local_del(m->mutator, m->value);
}

static inline void name_step(struct machine *m, enum operation operation, uint32_t place)
{
    switch (operation) {
    case OP_LOCAL_CELL:
        cell_make(m, place);
        break;
    case OP_LOCAL_SET:
    case OP_INNER_SET:
    case OP_OUTER_SET:
    case OP_MODULE_SET: {
        struct gc_ref home = name_home(m, operation, &place);
        gc_field_set(m->mutator, home, place, operand(m, 1));
        drop(m, 1);
        break;
    }
    default: {
        struct gc_ref home = name_home(m, operation, &place);
        push(m, gc_field_get(m->mutator, home, place));
        break;
    }
    }
}

/* ---- control ---- */

static void closure_make(struct machine *m, uint32_t constant, uint32_t cells)
{
    if (cells > 0) {
        gc_local_new(m->mutator, m->value, &value_shapes[ARRAY], cells);
        for (uint32_t i = 0; i < cells; i++)
            gc_field_set(m->mutator, gc_local_get(m->value), i, operand(m, cells - i));
        replace(m, cells);
    }
    gc_local_new(m->mutator, m->value, &value_shapes[CLOSURE], 0);
    struct gc_ref constants = gc_field_get(m->mutator, gc_local_get(m->code), CODE_CONSTANTS);
    gc_field_set(m->mutator, gc_local_get(m->value), CLOSURE_CODE,
                 gc_field_get(m->mutator, constants, constant));
    gc_field_set(m->mutator, gc_local_get(m->value), CLOSURE_MODULE,
                 gc_field_get(m->mutator, closure_now(m), CLOSURE_MODULE));
    if (cells > 0)
        gc_field_set(m->mutator, gc_local_get(m->value), CLOSURE_CELLS, operand(m, 1));
    replace(m, cells > 0);
}

static struct code_header closure_header(const struct machine *m, struct gc_ref closure)
{
    return *code_header(gc_field_get(m->mutator, closure, CLOSURE_CODE));
}

/* Goes on in the frame that `frame` now holds. */
static void frame_resume(struct machine *m)
{
    struct gc_ref closure = closure_now(m);
    struct frame_payload payload = *frame_payload(gc_local_get(m->frame));
    m->next = payload.next;
    m->top = FRAME_LOCALS + closure_header(m, closure).locals + payload.operands;
    gc_local_set(m->mutator, m->code, gc_field_get(m->mutator, closure, CLOSURE_CODE));
}

static void frame_call(struct machine *m, uint32_t arguments)
{
    struct code_header header = closure_header(m, operand(m, arguments + 1));
    assert(header.arity == arguments);
    gc_local_new(m->mutator, m->value, &value_shapes[FRAME], FRAME_LOCALS + header.locals + header.stack);
    gc_field_set(m->mutator, gc_local_get(m->value), FRAME_CALLER, gc_local_get(m->frame));
    gc_field_set(m->mutator, gc_local_get(m->value), FRAME_CLOSURE, operand(m, arguments + 1));
    for (uint32_t i = 0; i < arguments; i++)
        gc_field_set(m->mutator, gc_local_get(m->value), FRAME_LOCALS + i, operand(m, arguments - i));
    drop(m, arguments + 1);
    uint32_t locals = code_header(gc_local_get(m->code))->locals;
    *frame_payload(gc_local_get(m->frame)) = (struct frame_payload){m->next, m->top - FRAME_LOCALS - locals};
    gc_local_move(m->mutator, m->frame, m->value);
    frame_resume(m);
}

/* False when there is no caller: the program is done, and `value` is its. */
static bool frame_return(struct machine *m)
{
    gc_local_set(m->mutator, m->value, operand(m, 1));
    gc_local_set(m->mutator, m->frame, gc_field_get(m->mutator, gc_local_get(m->frame), FRAME_CALLER));
    if (gc_is_null(gc_local_get(m->frame)))
        return false;
    frame_resume(m);
    replace(m, 0);
    return true;
}

static inline void control_step(struct machine *m, enum operation operation, uint32_t place)
{
    switch (operation) {
    case OP_CLOSURE:
        closure_make(m, place & 0xff, place >> 8);
        break;
    case OP_JUMP:
        m->next = place;
        break;
    case OP_JUMP_IF_NIL:
        if (gc_is_null(operand(m, 1)))
            m->next = place;
        drop(m, 1);
        break;
    case OP_CALL:
        frame_call(m, place);
        break;
    case OP_POP:
        drop(m, 1);
        break;
    default: /* OP_NIL: the field is null already */
        m->top++;
        break;
    }
}

/* ---- primitives ---- */

static inline void arithmetic_step(struct machine *m, enum operation operation)
{
    int64_t a = integer_get(operand(m, 2)), b = integer_get(operand(m, 1));
    switch (operation) {
    case OP_ADD:
        return replace_integer(m, 2, a + b);
    case OP_SUBTRACT:
        return replace_integer(m, 2, a - b);
    case OP_MULTIPLY:
        return replace_integer(m, 2, a * b);
    case OP_QUOTIENT:
        return replace_integer(m, 2, a / b);
    case OP_REMAINDER:
        return replace_integer(m, 2, a % b);
    case OP_LESS:
        return replace_truth(m, 2, a < b);
    default:
        return replace_truth(m, 2, a == b);
    }
}

static inline char *string_text(struct gc_ref string)
{
    return gc_payload(string, &value_shapes[STRING]);
}

static void text_of(struct machine *m)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%lld", (long long)integer_get(operand(m, 1)));
    gc_local_new(m->mutator, m->value, &value_shapes[STRING], (uint64_t)length);
    memcpy(string_text(gc_local_get(m->value)), digits, (size_t)length);
    replace(m, 1);
}

static void text_join(struct machine *m)
{
    uint64_t first = gc_length(operand(m, 2)), second = gc_length(operand(m, 1));
    gc_local_new(m->mutator, m->value, &value_shapes[STRING], first + second);
    memcpy(string_text(gc_local_get(m->value)), string_text(operand(m, 2)), first);
    memcpy(string_text(gc_local_get(m->value)) + first, string_text(operand(m, 1)), second);
    replace(m, 2);
}

static void pair_make(struct machine *m)
{
    gc_local_new(m->mutator, m->value, &value_shapes[PAIR], 0);
    gc_field_set(m->mutator, gc_local_get(m->value), PAIR_HEAD, operand(m, 2));
    gc_field_set(m->mutator, gc_local_get(m->value), PAIR_TAIL, operand(m, 1));
    replace(m, 2);
}

/* Puts what a field of the operand at `depth` holds in place of `depth` operands. */
static void field_read(struct machine *m, uint32_t depth, uint64_t index)
{
    struct gc_ref object = operand(m, depth);
    gc_local_set(m->mutator, m->value, gc_field_get(m->mutator, object, index));
    replace(m, depth);
}

static void array_put(struct machine *m)
{
    int64_t index = integer_get(operand(m, 2));
    assert((uint64_t)index < gc_length(operand(m, 3)));
    gc_field_set(m->mutator, operand(m, 3), (uint64_t)index, operand(m, 1));
    drop(m, 3);
    m->top++;
}

static inline void object_step(struct machine *m, enum operation operation)
{
    switch (operation) {
    case OP_IS_NIL:
        return replace_truth(m, 1, gc_is_null(operand(m, 1)));
    case OP_PAIR:
        return pair_make(m);
    case OP_HEAD:
        return field_read(m, 1, PAIR_HEAD);
    case OP_TAIL:
        return field_read(m, 1, PAIR_TAIL);
    case OP_ARRAY:
        gc_local_new(m->mutator, m->value, &value_shapes[ARRAY], (uint64_t)integer_get(operand(m, 1)));
        return replace(m, 1);
    case OP_ARRAY_GET:
        assert((uint64_t)integer_get(operand(m, 1)) < gc_length(operand(m, 2)));
        return field_read(m, 2, (uint64_t)integer_get(operand(m, 1)));
    case OP_ARRAY_SET:
        return array_put(m);
    case OP_LENGTH:
        return replace_integer(m, 1, (int64_t)gc_length(operand(m, 1)));
    case OP_TEXT_OF:
        return text_of(m);
    case OP_TEXT_JOIN:
        return text_join(m);
    default: /* OP_TEXT_AT */
        return replace_integer(m, 2, string_text(operand(m, 2))[integer_get(operand(m, 1))]);
    }
}

/* ---- running ---- */

static void machine_run(struct machine *m)
{
    for (;;) {
        uint32_t instruction = code_instructions(gc_local_get(m->code))[m->next++];
        enum operation operation = instruction & 0xff;
        uint32_t place = instruction >> 8;
        if (operation < OP_CLOSURE)
            name_step(m, operation, place);
        else if (operation >= OP_IS_NIL)
            object_step(m, operation);
        else if (operation >= OP_ADD)
            arithmetic_step(m, operation);
        else if (operation != OP_RETURN)
            control_step(m, operation, place);
        else if (!frame_return(m))
            return;
    }
}

void small_integers_make(struct gc_mutator *mutator, struct gc_slot *result, uint64_t count)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    gc_local_new(mutator, result, &value_shapes[ARRAY], count);
    for (uint64_t i = 0; i < count; i++) {
        integer_make(mutator, &frame.slot[0], (int64_t)i);
        gc_field_set(mutator, gc_local_get(result), i, gc_local_get(&frame.slot[0]));
    }
    gc_frame_leave(mutator, frame);
}

/* The closure of the program itself, in `result`: no cells, and a module with every name nil. */
static void script_close(struct gc_mutator *mutator, struct gc_slot *result, const struct gc_slot *code)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    gc_local_new(mutator, &frame.slot[0], &value_shapes[ARRAY], MODULE_NAMES);
    gc_local_new(mutator, result, &value_shapes[CLOSURE], 0);
    gc_field_set(mutator, gc_local_get(result), CLOSURE_CODE, gc_local_get(code));
    gc_field_set(mutator, gc_local_get(result), CLOSURE_MODULE, gc_local_get(&frame.slot[0]));
    gc_frame_leave(mutator, frame);
}

int64_t script_run(struct gc_mutator *mutator, const struct gc_slot *code,
                   const struct gc_slot *small_integers)
{
    struct gc_frame frame = gc_frame_enter(mutator, 3);
    struct machine m = {mutator, small_integers, &frame.slot[0], &frame.slot[1], &frame.slot[2], 0, 0};
    uint64_t stack = code_header(gc_local_get(code))->stack;
    script_close(mutator, m.value, code);
    gc_local_new(mutator, m.frame, &value_shapes[FRAME], FRAME_LOCALS + stack);
    gc_field_set(mutator, gc_local_get(m.frame), FRAME_CLOSURE, gc_local_get(m.value));
    gc_local_del(mutator, m.value);
    frame_resume(&m);
    machine_run(&m);
    int64_t answer = integer_get(gc_local_get(m.value));
    gc_frame_leave(mutator, frame);
    return answer;
}
