/* SPDX-License-Identifier: MIT */
/*
 * A program is the operations of a mutator, on frames, slots and numbers of objects. The recorder writes
 * programs, the generator invents them, and people write them by hand as text. `replay` runs them under any
 * collector.
 *
 * Slots are numbered from the bottom of the stack: the globals first, then each frame. Objects are numbered
 * in the order of their creation. An operation may use an object while some slot holds it. It may also use it
 * between a GET that found it and the next operation that may collect or drop a reference. That is the
 * contract's own rule for borrowed references. The reader of a program checks all this (model.h), so its
 * replay needs no table of objects.
 *
 * The file (.gcp); integers are LEB128, least significant group first:
 *
 *      "gcp\n"  version (1; 2 where there are FREEs; 3 where a shape has finalisers, weak references or what those refer
 *              to; 4 where one is of ephemerons; 5 where there are RANGEs; 6 where a shape has external bytes)
 *      globals  shapes, then for each: name length, name, flags, references, payload, and external bytes if its flags
 *              say so
 *      operations: one byte of code, then the operands in the order of `program_codes`
 *                  a slot is written as its distance below the top of the stack (0: the topmost)
 *                  an object is written as 1 + its distance below the number the next one will get (0: null)
 *      END, and nothing after it
 */
#ifndef PROGRAM_PROGRAM_H
#define PROGRAM_PROGRAM_H

#include <stdint.h>
#include <stdio.h>

#include "base/shape.h"

enum program_code {
    PROGRAM_END,
    PROGRAM_ENTER,      /* a frame of a slots */
    PROGRAM_LEAVE,      /* the innermost frame */
    PROGRAM_NEW,        /* slot a = a new object of shape b and length c */
    PROGRAM_SET,        /* slot a = object b */
    PROGRAM_MOVE,       /* slot a = slot b, which is null after it */
    PROGRAM_DEL,        /* slot a = null */
    PROGRAM_GET,        /* borrows the object in field b of object a */
    PROGRAM_STORE,      /* field b of object a = object c */
    PROGRAM_CLEAR,      /* field b of object a = null */
    PROGRAM_COLLECT,    /* enum gc_collect_kind a */
    PROGRAM_CHECKPOINT, /* observers look */
    PROGRAM_COUNT,      /* object a has b references, where the collector counts */
    PROGRAM_FREE,       /* object a is dead: see deaths.h */
    PROGRAM_FINALISE,   /* collects, and calls what is due, until nothing is */
    PROGRAM_WEAK,       /* weak reference a refers to object b */
    PROGRAM_LEADS,      /* weak reference a refers to object b, or that is wrong */
    PROGRAM_CALLED,     /* so far a finalisers and callbacks have been called, or that is wrong */
    PROGRAM_EPHEMERON,  /* ephemeron a has key b and value c */
    PROGRAM_RANGE,      /* of object a the c references from field b on: what the next operation writes */
    PROGRAM_FILL,       /* each reference of the range = object a */
    PROGRAM_COPY,       /* the range = as many references of object a from field b on */
    PROGRAM_FREEZE,     /* collections leave out what is held now, if the collector can */
    PROGRAM_UNFREEZE,   /* and look at it again */
    PROGRAM_CODES,
};

enum program_operand {
    OPERAND_NONE,
    OPERAND_SLOT,
    OPERAND_OBJECT,   /* not null */
    OPERAND_NULLABLE, /* object or null */
    OPERAND_NUMBER,
    OPERAND_SHAPE,
    OPERAND_KIND, /* enum gc_collect_kind */
};

/*
 * Shapes of programs have one flag more than those of base/shape.h. A finaliser binds its object to the first global
 * name, if its shape has this flag; else it does nothing. A callback does nothing.
 */
enum {
    PROGRAM_SHAPE_KEEPS = 1 << 12,
    PROGRAM_SHAPE_PLAIN =
        GC_SHAPE_ACYCLIC | GC_SHAPE_REFS_VARY | GC_SHAPE_BYTES_VARY, /* the flags of version 1 */
    PROGRAM_SHAPE_THIRD =                                            /* the flags of version 3 */
    PROGRAM_SHAPE_PLAIN | GC_SHAPE_FINALISING | GC_SHAPE_CALLED | PROGRAM_SHAPE_KEEPS,
    PROGRAM_SHAPE_FOURTH = PROGRAM_SHAPE_THIRD | GC_SHAPE_EPHEMERON, /* the flags of version 4 */
    PROGRAM_SHAPE_ALL = PROGRAM_SHAPE_FOURTH | GC_SHAPE_EXTERNAL,
};

/* An object in an operation is its number plus one, so that 0 is null. */
enum { PROGRAM_NULL = 0 };

struct program_op {
    uint32_t code;
    uint32_t a;
    uint32_t b;
    uint32_t c;
};

/* THE list of operations. Everything that reads, writes, prints or assembles operations uses it. */
struct program_code_info {
    const char *word;
    enum program_operand operands[3];
    uint32_t version; /* the first one that has it */
};
extern const struct program_code_info program_codes[PROGRAM_CODES];

enum {
    PROGRAM_MAGIC_BYTES = 4,
    PROGRAM_VERSION = 1,
    PROGRAM_VERSION_FREES = 2,      /* the first version with FREE */
    PROGRAM_VERSION_ATTENDED = 3,   /* the first version with finalisers and weak references */
    PROGRAM_VERSION_EPHEMERONS = 4, /* the first version with ephemerons */
    PROGRAM_VERSION_RANGES = 5,     /* the first version with operations on ranges */
    PROGRAM_VERSION_EXTERNAL = 6,   /* the first version with external bytes */
    PROGRAM_VERSION_FREEZE = 7,     /* the first version with FREEZE and UNFREEZE */
    PROGRAM_VERSION_LAST = PROGRAM_VERSION_FREEZE,
    PROGRAM_SHAPES_MAX = 1 << 16,
    PROGRAM_NAME_MAX = 63,
    PROGRAM_SLOTS_MAX = 1 << 22,
    PROGRAM_LENGTH_MAX = 1 << 24,
    PROGRAM_ERROR_BYTES = 192,
};

/* The first bytes of a file. */
extern const char program_magic[PROGRAM_MAGIC_BYTES];

struct program {
    struct gc_shape *shapes;
    uint32_t shape_count;
    uint32_t shape_capacity;
    uint32_t globals;
    struct program_op *ops;
    uint64_t op_count;
    uint64_t op_capacity;
    void *names; /* a search tree that owns the names of the shapes */
};

/* Makes an empty program. The caller frees it with program_free(). */
void program_init(struct program *program);
void program_free(struct program *program);

/* Returns what is wrong with `shape` as the program's next shape, or NULL. O(log shapes). */
const char *program_shape_objection(const struct program *program, const struct gc_shape *shape);

/* Adds a shape and copies its name. Returns its number, or -1 when it is not valid or memory is out. */
int64_t program_add_shape(struct program *program, const struct gc_shape *shape);

/* Returns the number of the shape of that name, or -1. O(log shapes). */
int64_t program_find_shape(const struct program *program, const char *name);

/* Appends an operation. Returns 0, or -1 when memory is out. O(1) amortised. */
int program_add(struct program *program, struct program_op op);

/*
 * Reads the `bytes` of a file. Any bytes give a program that is valid by model.h, or -1 and one line in
 * `ret_error`. The line says what is wrong at which offset. The model uses at most `memory_limit` bytes. The
 * program itself uses at most 64 bytes for each byte of the file. O(size) and the cost of the operations: a
 * frame costs its slots.
 */
int program_read(const uint8_t *bytes, uint64_t count, uint64_t memory_limit, struct program *ret_program,
                 char ret_error[static PROGRAM_ERROR_BYTES]);

/* Reads a whole file of at most some `memory_limit` bytes, or a pipe. The line in `ret_error`
 * names the file. */
int program_read_file(const char *path, uint64_t memory_limit, struct program *ret_program,
                      char ret_error[static PROGRAM_ERROR_BYTES]);

/* Writes the whole program. Returns 0, or -1 with errno set. */
int program_write(const struct program *program, FILE *stream);

/* Returns how many objects the program makes. O(operations). */
uint64_t program_object_count(const struct program *program);

/* Returns whether the program says when its objects die. O(operations). */
bool program_has_frees(const struct program *program);

/* Returns whether the program has finalisers or weak references, so that collectors without them refuse it. O(shapes). */
bool program_is_finalising(const struct program *program);

/* Returns the least version that has the program's operations. Files are written in it. O(operations). */
uint32_t program_version(const struct program *program);

/* Returns the least version that has such shapes. O(shapes). */
uint32_t program_shapes_version(const struct gc_shape *shapes, uint32_t count);

/* Writes a program operation by operation, for the recorder: begin, then each operation, then end. Errors
 * stay in the stream. */
struct program_writer {
    FILE *stream;
    uint32_t version; /* as the file says */
    uint32_t needed;  /* the first version that has all operations written so far */
    uint64_t top;     /* slots in use */
    uint64_t objects; /* objects made so far */
    uint64_t *frames; /* the first slot of each frame */
    uint64_t frame_count;
    uint64_t frame_capacity;
};
void program_writer_begin(struct program_writer *writer, FILE *stream, uint32_t version,
                          const struct gc_shape *shapes, uint32_t shape_count, uint32_t globals);
/* Returns -1 when there was no memory for the table of frames. */
int program_writer_add(struct program_writer *writer, struct program_op op);
/* An operation may be of a later version than the file began with. Then the version is written anew, and the stream must
 * be one that can seek: returns -1 when it cannot. */
int program_writer_end(struct program_writer *writer);

#endif
