/* SPDX-License-Identifier: MIT */
#include "workloads/interpreter/stack-machine.h"

#include <stdio.h>
#include <string.h>

#include "workloads/interpreter/compile.h"

/* The state that a real machine keeps in registers. The slots are those of one frame. */
struct machine {
    struct gc_mutator *mutator;
    const struct gc_slot *small_integers;
    struct gc_slot *frame; /* the frame that runs */
    struct gc_slot *code;  /* its code */
    struct gc_slot *value; /* a value in the making; null between instructions */
    uint32_t next;         /* the next instruction */
    uint32_t top;          /* the frame's field for the next operand; it and the fields above are null */
};

/* ---- operands ---- */

/* Returns the operand that is `depth` from the top, borrowed. The last operand pushed has depth 1. */
static inline struct gc_ref operand(const struct machine *machine, uint32_t depth)
{
    return gc_field_get(machine->mutator, gc_local_get(machine->frame), machine->top - depth);
}

static inline void push(struct machine *machine, struct gc_ref value)
{
    gc_field_set(machine->mutator, gc_local_get(machine->frame), machine->top++, value);
}

static inline void drop(struct machine *machine, uint32_t count)
{
    while (count-- > 0)
        gc_field_del(machine->mutator, gc_local_get(machine->frame), --machine->top);
}

/* Puts the machine's value in place of `count` operands. */
static inline void replace(struct machine *machine, uint32_t count)
{
    drop(machine, count);
    push(machine, gc_local_get(machine->value));
    gc_local_del(machine->mutator, machine->value);
}

static inline void replace_integer(struct machine *machine, uint32_t count, int64_t integer)
{
    struct gc_ref small = gc_local_get(machine->small_integers);
    if (integer >= 0 && (uint64_t)integer < gc_length(small))
        gc_local_set(machine->mutator, machine->value,
                     gc_field_get(machine->mutator, small, (uint64_t)integer));
    else
        integer_make(machine->mutator, machine->value, integer);
    replace(machine, count);
}

/* Puts 1 for true, nil for false in place of `count` operands. */
static inline void replace_truth(struct machine *machine, uint32_t count, bool truth)
{
    if (truth) {
        replace_integer(machine, count, 1);
    } else {
        drop(machine, count);
        machine->top++;
    }
}

/* ---- names ---- */

static inline struct gc_ref closure_now(const struct machine *machine)
{
    return gc_field_get(machine->mutator, gc_local_get(machine->frame), FRAME_CLOSURE);
}

/* Returns the object in which a name lives, borrowed, and the name's place there. */
static inline struct gc_ref name_home(const struct machine *machine, enum operation operation,
                                      uint32_t *place)
{
    struct gc_ref cells;
    switch (operation) {
    case OP_INNER:
    case OP_INNER_SET:
        cells = gc_field_get(machine->mutator, gc_local_get(machine->frame), FRAME_LOCALS + *place);
        *place = CELL_VALUE;
        return cells;
    case OP_OUTER:
    case OP_OUTER_SET:
        cells = gc_field_get(machine->mutator, closure_now(machine), CLOSURE_CELLS);
        cells = gc_field_get(machine->mutator, cells, *place);
        *place = CELL_VALUE;
        return cells;
    case OP_OUTER_CELL:
        return gc_field_get(machine->mutator, closure_now(machine), CLOSURE_CELLS);
    case OP_MODULE:
    case OP_MODULE_SET:
        return gc_field_get(machine->mutator, closure_now(machine), CLOSURE_MODULE);
    case OP_CONSTANT:
        return gc_field_get(machine->mutator, gc_local_get(machine->code), CODE_CONSTANTS);
    default:
        *place += FRAME_LOCALS;
        return gc_local_get(machine->frame);
    }
}

static inline void cell_make(struct machine *machine, uint32_t local)
{
    gc_local_new(machine->mutator, machine->value, &value_shapes[CELL], 0);
    struct gc_ref old = gc_field_get(machine->mutator, gc_local_get(machine->frame), FRAME_LOCALS + local);
    gc_field_set(machine->mutator, gc_local_get(machine->value), CELL_VALUE, old);
    gc_field_set(machine->mutator, gc_local_get(machine->frame), FRAME_LOCALS + local,
                 gc_local_get(machine->value));
    gc_local_del(machine->mutator, machine->value);
}

static inline void name_step(struct machine *machine, enum operation operation, uint32_t place)
{
    switch (operation) {
    case OP_LOCAL_CELL:
        cell_make(machine, place);
        break;
    case OP_LOCAL_SET:
    case OP_INNER_SET:
    case OP_OUTER_SET:
    case OP_MODULE_SET: {
        struct gc_ref home = name_home(machine, operation, &place);
        gc_field_set(machine->mutator, home, place, operand(machine, 1));
        drop(machine, 1);
        break;
    }
    default: {
        struct gc_ref home = name_home(machine, operation, &place);
        push(machine, gc_field_get(machine->mutator, home, place));
        break;
    }
    }
}

/* ---- control ---- */

static void closure_make(struct machine *machine, uint32_t constant, uint32_t cells)
{
    if (cells > 0) {
        gc_local_new(machine->mutator, machine->value, &value_shapes[ARRAY], cells);
        for (uint32_t i = 0; i < cells; i++)
            gc_field_set(machine->mutator, gc_local_get(machine->value), i, operand(machine, cells - i));
        replace(machine, cells);
    }
    gc_local_new(machine->mutator, machine->value, &value_shapes[CLOSURE], 0);
    struct gc_ref constants = gc_field_get(machine->mutator, gc_local_get(machine->code), CODE_CONSTANTS);
    gc_field_set(machine->mutator, gc_local_get(machine->value), CLOSURE_CODE,
                 gc_field_get(machine->mutator, constants, constant));
    gc_field_set(machine->mutator, gc_local_get(machine->value), CLOSURE_MODULE,
                 gc_field_get(machine->mutator, closure_now(machine), CLOSURE_MODULE));
    if (cells > 0)
        gc_field_set(machine->mutator, gc_local_get(machine->value), CLOSURE_CELLS, operand(machine, 1));
    replace(machine, cells > 0);
}

static struct code_header closure_header(const struct machine *machine, struct gc_ref closure)
{
    return *code_header(gc_field_get(machine->mutator, closure, CLOSURE_CODE));
}

/* Goes on in the frame that the slot `frame` now holds. */
static void frame_resume(struct machine *machine)
{
    struct gc_ref closure = closure_now(machine);
    struct frame_payload payload = *frame_payload(gc_local_get(machine->frame));
    machine->next = payload.next;
    machine->top = FRAME_LOCALS + closure_header(machine, closure).locals + payload.operands;
    gc_local_set(machine->mutator, machine->code, gc_field_get(machine->mutator, closure, CLOSURE_CODE));
}

static void frame_call(struct machine *machine, uint32_t arguments)
{
    struct code_header header = closure_header(machine, operand(machine, arguments + 1));
    assert(header.arity == arguments);
    gc_local_new(machine->mutator, machine->value, &value_shapes[FRAME],
                 FRAME_LOCALS + header.locals + header.stack);
    gc_field_set(machine->mutator, gc_local_get(machine->value), FRAME_CALLER, gc_local_get(machine->frame));
    gc_field_set(machine->mutator, gc_local_get(machine->value), FRAME_CLOSURE,
                 operand(machine, arguments + 1));
    for (uint32_t i = 0; i < arguments; i++)
        gc_field_set(machine->mutator, gc_local_get(machine->value), FRAME_LOCALS + i,
                     operand(machine, arguments - i));
    drop(machine, arguments + 1);
    uint32_t locals = code_header(gc_local_get(machine->code))->locals;
    *frame_payload(gc_local_get(machine->frame)) =
        (struct frame_payload){.next = machine->next, .operands = machine->top - FRAME_LOCALS - locals};
    gc_local_move(machine->mutator, machine->frame, machine->value);
    frame_resume(machine);
}

/* Returns false when there is no caller: the script is done, and the slot `value` holds its value. */
static bool frame_return(struct machine *machine)
{
    gc_local_set(machine->mutator, machine->value, operand(machine, 1));
    gc_local_set(machine->mutator, machine->frame,
                 gc_field_get(machine->mutator, gc_local_get(machine->frame), FRAME_CALLER));
    if (gc_is_null(gc_local_get(machine->frame)))
        return false;
    frame_resume(machine);
    replace(machine, 0);
    return true;
}

static inline void control_step(struct machine *machine, enum operation operation, uint32_t place)
{
    switch (operation) {
    case OP_CLOSURE:
        closure_make(machine, place & 0xff, place >> 8);
        break;
    case OP_JUMP:
        machine->next = place;
        break;
    case OP_JUMP_IF_NIL:
        if (gc_is_null(operand(machine, 1)))
            machine->next = place;
        drop(machine, 1);
        break;
    case OP_CALL:
        frame_call(machine, place);
        break;
    case OP_POP:
        drop(machine, 1);
        break;
    default: /* OP_NIL: the field is null already */
        machine->top++;
        break;
    }
}

/* ---- primitives ---- */

static inline void arithmetic_step(struct machine *machine, enum operation operation)
{
    int64_t a = integer_get(operand(machine, 2)), b = integer_get(operand(machine, 1));
    switch (operation) {
    case OP_ADD:
        return replace_integer(machine, 2, a + b);
    case OP_SUBTRACT:
        return replace_integer(machine, 2, a - b);
    case OP_MULTIPLY:
        return replace_integer(machine, 2, a * b);
    case OP_QUOTIENT:
        return replace_integer(machine, 2, a / b);
    case OP_REMAINDER:
        return replace_integer(machine, 2, a % b);
    case OP_LESS:
        return replace_truth(machine, 2, a < b);
    default:
        return replace_truth(machine, 2, a == b);
    }
}

static inline char *string_text(struct gc_ref string)
{
    return gc_payload(string, &value_shapes[STRING]);
}

static void text_of(struct machine *machine)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%lld", (long long)integer_get(operand(machine, 1)));
    gc_local_new(machine->mutator, machine->value, &value_shapes[STRING], (uint64_t)length);
    memcpy(string_text(gc_local_get(machine->value)), digits, (size_t)length);
    replace(machine, 1);
}

static void text_join(struct machine *machine)
{
    uint64_t first = gc_length(operand(machine, 2)), second = gc_length(operand(machine, 1));
    gc_local_new(machine->mutator, machine->value, &value_shapes[STRING], first + second);
    memcpy(string_text(gc_local_get(machine->value)), string_text(operand(machine, 2)), first);
    memcpy(string_text(gc_local_get(machine->value)) + first, string_text(operand(machine, 1)), second);
    replace(machine, 2);
}

static void pair_make(struct machine *machine)
{
    gc_local_new(machine->mutator, machine->value, &value_shapes[PAIR], 0);
    gc_field_set(machine->mutator, gc_local_get(machine->value), PAIR_HEAD, operand(machine, 2));
    gc_field_set(machine->mutator, gc_local_get(machine->value), PAIR_TAIL, operand(machine, 1));
    replace(machine, 2);
}

/* Puts the value in a field of the operand at `depth` in place of `depth` operands. */
static void field_read(struct machine *machine, uint32_t depth, uint64_t index)
{
    struct gc_ref object = operand(machine, depth);
    gc_local_set(machine->mutator, machine->value, gc_field_get(machine->mutator, object, index));
    replace(machine, depth);
}

static void array_put(struct machine *machine)
{
    int64_t index = integer_get(operand(machine, 2));
    assert((uint64_t)index < gc_length(operand(machine, 3)));
    gc_field_set(machine->mutator, operand(machine, 3), (uint64_t)index, operand(machine, 1));
    drop(machine, 3);
    machine->top++;
}

static inline void object_step(struct machine *machine, enum operation operation)
{
    switch (operation) {
    case OP_IS_NIL:
        return replace_truth(machine, 1, gc_is_null(operand(machine, 1)));
    case OP_PAIR:
        return pair_make(machine);
    case OP_HEAD:
        return field_read(machine, 1, PAIR_HEAD);
    case OP_TAIL:
        return field_read(machine, 1, PAIR_TAIL);
    case OP_ARRAY:
        gc_local_new(machine->mutator, machine->value, &value_shapes[ARRAY],
                     (uint64_t)integer_get(operand(machine, 1)));
        return replace(machine, 1);
    case OP_ARRAY_GET:
        assert((uint64_t)integer_get(operand(machine, 1)) < gc_length(operand(machine, 2)));
        return field_read(machine, 2, (uint64_t)integer_get(operand(machine, 1)));
    case OP_ARRAY_SET:
        return array_put(machine);
    case OP_LENGTH:
        return replace_integer(machine, 1, (int64_t)gc_length(operand(machine, 1)));
    case OP_TEXT_OF:
        return text_of(machine);
    case OP_TEXT_JOIN:
        return text_join(machine);
    default: /* OP_TEXT_AT */
        return replace_integer(machine, 2,
                               string_text(operand(machine, 2))[integer_get(operand(machine, 1))]);
    }
}

/* ---- running ---- */

static void machine_run(struct machine *machine)
{
    for (;;) {
        uint32_t instruction = code_instructions(gc_local_get(machine->code))[machine->next++];
        enum operation operation = instruction & 0xff;
        uint32_t place = instruction >> 8;
        if (operation < OP_CLOSURE)
            name_step(machine, operation, place);
        else if (operation >= OP_IS_NIL)
            object_step(machine, operation);
        else if (operation >= OP_ADD)
            arithmetic_step(machine, operation);
        else if (operation != OP_RETURN)
            control_step(machine, operation, place);
        else if (!frame_return(machine))
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

/* Makes the closure of the script itself in `result`: no cells, and a module with every name nil. */
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
    struct machine machine = {.mutator = mutator,
                              .small_integers = small_integers,
                              .frame = &frame.slot[0],
                              .code = &frame.slot[1],
                              .value = &frame.slot[2]};
    uint64_t stack = code_header(gc_local_get(code))->stack;
    script_close(mutator, machine.value, code);
    gc_local_new(mutator, machine.frame, &value_shapes[FRAME], FRAME_LOCALS + stack);
    gc_field_set(mutator, gc_local_get(machine.frame), FRAME_CLOSURE, gc_local_get(machine.value));
    gc_local_del(mutator, machine.value);
    frame_resume(&machine);
    machine_run(&machine);
    int64_t answer = integer_get(gc_local_get(machine.value));
    gc_frame_leave(mutator, frame);
    return answer;
}
