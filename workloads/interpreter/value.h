/* SPDX-License-Identifier: MIT */
/* The interpreter's objects: values, code and frames. Null is `nil`, which is the empty list and false. */
#ifndef WORKLOADS_INTERPRETER_VALUE_H
#define WORKLOADS_INTERPRETER_VALUE_H

#include "collectors/gc.h"

enum { INTEGER, STRING, PAIR, ARRAY, CODE, CONSTANTS, CLOSURE, CELL, FRAME, VALUE_SHAPES };

/* The front of a code object's payload. The instructions follow. */
struct code_header {
    uint32_t arity;
    uint32_t locals; /* the parameters included */
    uint32_t stack;  /* the most operands at a time */
    uint32_t instructions;
};

/* The state of a frame while another frame runs. */
struct frame_payload {
    uint32_t next;     /* instruction */
    uint32_t operands; /* operands on its stack */
};

/* Code refers to constants, and constants to code, numbers and strings made before. Neither lies
 * on a cycle. */
static const struct gc_shape value_shapes[VALUE_SHAPES] = {
    [INTEGER] = {.name = "integer", .id = INTEGER, .flags = GC_SHAPE_ACYCLIC, .payload = 8},
    [STRING] = {.name = "string", .id = STRING, .flags = GC_SHAPE_ACYCLIC | GC_SHAPE_BYTES_VARY},
    [PAIR] = {.name = "pair", .id = PAIR, .refs = 2},
    [ARRAY] = {.name = "array", .id = ARRAY, .flags = GC_SHAPE_REFS_VARY},
    [CODE] = {.name = "code", .id = CODE, .flags = GC_SHAPE_ACYCLIC | GC_SHAPE_BYTES_VARY, .refs = 1},
    [CONSTANTS] = {.name = "constants", .id = CONSTANTS, .flags = GC_SHAPE_ACYCLIC | GC_SHAPE_REFS_VARY},
    [CLOSURE] = {.name = "closure", .id = CLOSURE, .refs = 3},
    [CELL] = {.name = "cell", .id = CELL, .refs = 1},
    [FRAME] = {.name = "frame",
               .id = FRAME,
               .flags = GC_SHAPE_REFS_VARY,
               .payload = sizeof(struct frame_payload)},
};

/* The fields of each shape, in their order. A frame's locals follow its last, and its operands follow the
 * locals. */
enum { PAIR_HEAD, PAIR_TAIL };
enum { CODE_CONSTANTS };
enum { CLOSURE_CODE, CLOSURE_CELLS, CLOSURE_MODULE };
enum { CELL_VALUE };
enum { FRAME_CALLER, FRAME_CLOSURE, FRAME_LOCALS };

/* An instruction is its operation in the low byte and its operand above. */
enum operation {
    /* operand: a place */
    OP_CONSTANT,   /*          -> value    constants[i] */
    OP_LOCAL,      /*          -> value    locals[i] */
    OP_LOCAL_SET,  /* value    ->          locals[i] */
    OP_LOCAL_CELL, /*          ->          puts a new cell, with the local's value, into locals[i] */
    OP_INNER,      /*          -> value    of the cell in locals[i] */
    OP_INNER_SET,  /* value    -> */
    OP_OUTER,      /*          -> value    of the closure's cell i */
    OP_OUTER_SET,  /* value    -> */
    OP_OUTER_CELL, /*          -> cell     the closure's cell i itself */
    OP_MODULE,     /*          -> value    the module's name i */
    OP_MODULE_SET, /* value    -> */
    OP_CLOSURE, /* cells    -> closure  of constants[low 8 bits], with as many cells as the other bits say */
    OP_JUMP,    /*          ->          to instruction i */
    OP_JUMP_IF_NIL, /* value    -> */
    OP_CALL,        /* closure, i arguments -> result */
    /* no operand */
    OP_RETURN,
    OP_POP,
    OP_NIL,
    /* the primitives: each takes its operands off the stack and pushes a result */
    OP_ADD,
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_QUOTIENT,
    OP_REMAINDER,
    OP_LESS,
    OP_EQUAL,
    OP_IS_NIL,
    OP_PAIR,
    OP_HEAD,
    OP_TAIL,
    OP_ARRAY,
    OP_ARRAY_GET,
    OP_ARRAY_SET,
    OP_LENGTH,
    OP_TEXT_OF,
    OP_TEXT_JOIN,
    OP_TEXT_AT,
};

static inline uint32_t instruction_make(enum operation operation, uint64_t operand)
{
    return (uint32_t)operation | (uint32_t)operand << 8;
}

static inline int64_t integer_get(struct gc_ref integer)
{
    return *(int64_t *)gc_payload(integer, &value_shapes[INTEGER]);
}

static inline void integer_make(struct gc_mutator *mutator, struct gc_slot *result, int64_t value)
{
    gc_local_new(mutator, result, &value_shapes[INTEGER], 0);
    *(int64_t *)gc_payload(gc_local_get(result), &value_shapes[INTEGER]) = value;
}

static inline struct code_header *code_header(struct gc_ref code)
{
    return gc_payload(code, &value_shapes[CODE]);
}

static inline uint32_t *code_instructions(struct gc_ref code)
{
    return (uint32_t *)(code_header(code) + 1);
}

static inline struct frame_payload *frame_payload(struct gc_ref frame)
{
    return gc_payload(frame, &value_shapes[FRAME]);
}

#endif
