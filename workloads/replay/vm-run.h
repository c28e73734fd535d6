/* SPDX-License-Identifier: MIT */
/* Runs a loaded program under the collector whose folder is on the include path. */
#ifndef WORKLOADS_REPLAY_VM_RUN_H
#define WORKLOADS_REPLAY_VM_RUN_H

#include <string.h>

#include "collectors/gc.h"
#include "program/model.h"
#include "workloads/replay/vm.h"

/* The findings of one replay. The caller sets them to zero before it. */
struct vm_result {
    uint64_t ops;         /* operations run */
    uint64_t objects;     /* objects made */
    uint64_t count_wrong; /* COUNT, LEADS and CALLED operations that disagreed with the collector */
    uint64_t first_wrong; /* place of the first of them in the program */
    uint64_t checksum; /* of the values that GETs found: null, an object, or the number read back out of it */
    /* Each object by its number, for a collector that frees when told. Has room for `objects` of the program
     * and one more. */
    struct gc_ref *made;
};

static inline struct gc_ref vm_find(const struct gc_mutator *mutator, const struct gc_ref *registers,
                                    uint32_t place)
{
    if (place == MODEL_NOWHERE)
        return GC_NULL;
    return place & 1 ? registers[place >> 1] : mutator->roots.base[place >> 1].ref;
}

static inline bool vm_has_number(const struct gc_shape *shape, uint64_t length)
{
    return (shape->flags & GC_SHAPE_BYTES_VARY ? length : shape->payload) >= sizeof(uint64_t);
}

/* Runs for each new object before the next operation. Does nothing unless the includer defines it. */
#ifndef VM_BORN
#define VM_BORN(object, number) ((void)(object), (void)(number))
#endif

/* Runs before each operation. Does nothing unless the includer defines it. */
#ifndef VM_STEP
#define VM_STEP(op) ((void)(op))
#endif

/* Frees an object. Does nothing unless the collector's header defines it. */
#ifndef VM_FREE
#define VM_FREE(mutator, object) ((void)(mutator), (void)(object))
#endif

static inline void vm_free(struct gc_mutator *mutator, const struct vm_result *result, uint32_t number)
{
    if (gc_traits.frees_when_told)
        VM_FREE(mutator, result->made[number]);
}

/* Makes an object. If it has room it carries its number, so that a digest tells objects apart. `external` is constant: the
 * shape has external bytes. */
static inline void vm_new(struct gc_mutator *mutator, const struct vm_program *loaded,
                          const struct program_op *op, struct vm_result *result, bool external)
{
    uint64_t number = ++result->objects;
    struct gc_slot *slot = &mutator->roots.base[op->a];
    const struct gc_shape *shape = &loaded->shapes[op->b];
    if (external)
        gc_local_new_external(mutator, slot, shape);
    else
        gc_local_new(mutator, slot, shape, op->c);
    if (vm_has_number(shape, op->c))
        memcpy(gc_payload(gc_local_get(slot), shape), &number, sizeof number);
    VM_BORN(gc_local_get(slot), number);
    if (gc_traits.frees_when_told)
        result->made[number] = gc_local_get(slot);
}

static __attribute__((noinline, unused)) void vm_new_external(struct gc_mutator *mutator,
                                                              const struct vm_program *loaded,
                                                              const struct program_op *op,
                                                              struct vm_result *result)
{
    vm_new(mutator, loaded, op, result, true);
}

static inline void vm_get(struct gc_mutator *mutator, struct gc_ref *registers, const struct program_op *op,
                          struct vm_result *result)
{
    struct gc_ref found = gc_field_get(mutator, vm_find(mutator, registers, op->a), op->b);
    uint64_t number = gc_is_null(found);
    registers[op->c] = found;
    if (!gc_is_null(found)) {
        const struct gc_shape *shape = gc_shape_of(mutator, found);
        if (vm_has_number(shape, gc_object_length_or_zero(found.object)))
            memcpy(&number, gc_payload(found, shape), sizeof number);
    }
    result->checksum = (result->checksum + number + 1) * 0x9e3779b97f4a7c15u;
}

/* Notes whether the operation at `place` agrees with the collector. */
static inline void vm_expect(struct vm_result *result, bool agrees, uint64_t place)
{
    if (!agrees && result->count_wrong++ == 0)
        result->first_wrong = place;
}

static inline void vm_count(struct vm_result *result, struct gc_ref object, uint64_t expected, uint64_t place)
{
    /* Null where a finaliser should have brought the object back, and the collector did not find it dead. */
    int64_t count = gc_is_null(object) ? 0 : gc_count(object);
    if (count < 0 || (uint64_t)count == expected)
        return;
    if (result->count_wrong++ == 0)
        result->first_wrong = place;
}

/* ---- finalisers and weak references ---- */

/* What the mutator of a program calls: a finaliser binds its object to the first global name, if its shape says so. */
static inline void vm_on_due(struct gc_mutator *mutator, struct gc_slot *self, enum gc_due due)
{
    bool keeps = gc_shape_of(mutator, gc_local_get(self))->flags & PROGRAM_SHAPE_KEEPS;
    if (due == GC_DUE_FINALISER && keeps)
        gc_local_set(mutator, gc_global(mutator, 0), gc_local_get(self));
}

/*
 * Finds what is dead, and calls what is due, until a collection finds nothing to call any more. So the outcome does not
 * depend on how soon a collector finds it. Nothing is called elsewhere, so those who run a program need not know that
 * it has finalisers.
 */
static inline void vm_finalise(struct gc_mutator *mutator)
{
    uint32_t calls;
    mutator->dues.call = vm_on_due;
    do {
        calls = mutator->dues.calls;
        gc_collect(mutator, GC_COLLECT_FULL);
        gc_finalise(mutator);
    } while (mutator->dues.calls != calls);
}

/*
 * Runs all of `loaded` on `mutator`. The mutator's globals are those of the program, and its stack is
 * otherwise empty. `registers` has room for `loaded->registers`. `frames` has room for one frame per nested
 * ENTER, at most `loaded->op_count`. Leaves the frames that are still open at the end.
 */
static inline void vm_run(struct gc_mutator *mutator, const struct vm_program *loaded,
                          struct gc_ref *registers, struct gc_frame *frames, struct vm_result *result)
{
    uint64_t depth = 0;
    for (const struct program_op *op = loaded->ops;; op++) {
        struct gc_slot *slots = mutator->roots.base;
        VM_STEP(op);
        switch ((enum program_code)op->code) {
        case PROGRAM_ENTER:
            frames[depth++] = gc_frame_enter(mutator, op->a);
            break;
        case PROGRAM_LEAVE:
            gc_frame_leave(mutator, frames[--depth]);
            break;
        case PROGRAM_NEW:
            vm_new(mutator, loaded, op, result, false);
            break;
        case VM_NEW_EXTERNAL:
            vm_new_external(mutator, loaded, op, result);
            break;
        case PROGRAM_SET:
            gc_local_set(mutator, &slots[op->a], vm_find(mutator, registers, op->b));
            break;
        case PROGRAM_MOVE:
            gc_local_move(mutator, &slots[op->a], &slots[op->b]);
            break;
        case PROGRAM_DEL:
            gc_local_del(mutator, &slots[op->a]);
            break;
        case PROGRAM_GET:
            vm_get(mutator, registers, op, result);
            break;
        case PROGRAM_STORE:
            gc_field_set(mutator, vm_find(mutator, registers, op->a), op->b,
                         vm_find(mutator, registers, op->c));
            break;
        case PROGRAM_CLEAR:
            gc_field_del(mutator, vm_find(mutator, registers, op->a), op->b);
            break;
        case PROGRAM_COLLECT:
            gc_collect(mutator, (enum gc_collect_kind)op->a);
            break;
        case PROGRAM_CHECKPOINT:
            gc_checkpoint(mutator, "checkpoint");
            break;
        case PROGRAM_COUNT:
            vm_count(result, vm_find(mutator, registers, op->a), op->b, (uint64_t)(op - loaded->ops));
            break;
        case PROGRAM_FREE:
            vm_free(mutator, result, op->a);
            break;
        case PROGRAM_FINALISE:
            vm_finalise(mutator);
            break;
        case PROGRAM_WEAK:
            gc_weak_set(mutator, vm_find(mutator, registers, op->a), vm_find(mutator, registers, op->b));
            break;
        case PROGRAM_EPHEMERON:
            gc_ephemeron_set(mutator, vm_find(mutator, registers, op->a), vm_find(mutator, registers, op->b),
                             vm_find(mutator, registers, op->c));
            break;
        case PROGRAM_LEADS:
            vm_expect(result,
                      gc_is_same(gc_weak_get(mutator, vm_find(mutator, registers, op->a)),
                                 vm_find(mutator, registers, op->b)),
                      (uint64_t)(op - loaded->ops));
            break;
        case PROGRAM_CALLED:
            vm_expect(result, mutator->dues.calls == op->a, (uint64_t)(op - loaded->ops));
            break;
        case PROGRAM_RANGE: /* an operand of the next operation */
            break;
        case PROGRAM_FILL:
            gc_fields_fill(mutator, vm_find(mutator, registers, op[-1].a), op[-1].b, op[-1].c,
                           vm_find(mutator, registers, op->a));
            break;
        case PROGRAM_COPY:
            gc_fields_copy(mutator, vm_find(mutator, registers, op[-1].a), op[-1].b,
                           vm_find(mutator, registers, op->a), op->b, op[-1].c);
            break;
        case PROGRAM_FREEZE:
            gc_freeze(mutator);
            break;
        case PROGRAM_UNFREEZE:
            gc_unfreeze(mutator);
            break;
        case PROGRAM_END:
            while (depth > 0)
                gc_frame_leave(mutator, frames[--depth]);
            if (loaded->ends_frozen) /* which is no leak of the collector */
                gc_unfreeze(mutator);
            result->ops = (uint64_t)(op - loaded->ops);
            return;
        }
    }
}

#endif
