/* SPDX-License-Identifier: MIT */
/*
 * recorder: writes the mutator's operations as a program (program/program.h), and frees nothing. Each object
 * has its number in front of it.
 *
 * A workload that keeps a borrowed reference for too long makes a program that the reader refuses. So
 * recording a workload also checks it against the contract.
 */
#ifndef COLLECTORS_RECORDER_COLLECTOR_H
#define COLLECTORS_RECORDER_COLLECTOR_H

#include <string.h>

#include "collectors/gc.h"
#include "collectors/support/heap/allocation.h"
#include "program/program.h"

enum { RECORDER_PREFIX = sizeof(uint64_t) };

static const struct gc_traits gc_traits = {
    .observes = true,
    .header_bytes = RECORDER_PREFIX + sizeof(struct gc_object),
};

/* Appends an operation to the recording. */
void recorder_write(struct gc_mutator *mutator, struct program_op op);

#define GC_FREEZE(mutator) recorder_write((mutator), (struct program_op){.code = PROGRAM_FREEZE})
#define GC_UNFREEZE(mutator) recorder_write((mutator), (struct program_op){.code = PROGRAM_UNFREEZE})

static inline uint64_t *recorder_number(struct gc_object *object)
{
    return gc_object_memory(object, RECORDER_PREFIX);
}

/* The number of an object as an operand; 0 is null. */
static inline uint32_t recorder_operand(struct gc_ref ref)
{
    return ref.object ? (uint32_t)*recorder_number(ref.object) : PROGRAM_NULL;
}

static inline uint32_t recorder_slot(const struct gc_mutator *mutator, const struct gc_slot *slot)
{
    return (uint32_t)(slot - mutator->roots.base);
}

static inline struct gc_frame gc_frame_enter(struct gc_mutator *mutator, uint64_t count)
{
    struct gc_frame frame = {mutator->roots.top, count};
    if (GC_UNLIKELY((uint64_t)(mutator->roots.limit - mutator->roots.top) < count))
        gc_frame_overflow(mutator);
    recorder_write(mutator, (struct program_op){PROGRAM_ENTER, (uint32_t)count, 0, 0});
    mutator->roots.top += count;
    for (uint64_t i = 0; i < count; i++)
        frame.slot[i].ref = GC_NULL;
    return frame;
}

static inline void gc_frame_leave(struct gc_mutator *mutator, struct gc_frame frame)
{
    recorder_write(mutator, (struct program_op){PROGRAM_LEAVE, 0, 0, 0});
    mutator->roots.top = frame.slot;
}

static inline void gc_local_new(struct gc_mutator *mutator, struct gc_slot *slot,
                                const struct gc_shape *shape, uint64_t length)
{
    struct gc_object *object = gc_object_allocate(mutator, shape, length, RECORDER_PREFIX);
    *recorder_number(object) = mutator->clock.allocated_objects;
    recorder_write(
        mutator, (struct program_op){PROGRAM_NEW, recorder_slot(mutator, slot), shape->id, (uint32_t)length});
    slot->ref.object = object;
}

static inline struct gc_ref gc_local_get(const struct gc_slot *slot)
{
    return slot->ref;
}

static inline void gc_local_set(struct gc_mutator *mutator, struct gc_slot *slot, struct gc_ref value)
{
    recorder_write(
        mutator, (struct program_op){PROGRAM_SET, recorder_slot(mutator, slot), recorder_operand(value), 0});
    slot->ref = value;
}

static inline void gc_local_move(struct gc_mutator *mutator, struct gc_slot *to, struct gc_slot *from)
{
    recorder_write(mutator, (struct program_op){PROGRAM_MOVE, recorder_slot(mutator, to),
                                                recorder_slot(mutator, from), 0});
    to->ref = from->ref;
    from->ref = GC_NULL;
}

static inline void gc_local_del(struct gc_mutator *mutator, struct gc_slot *slot)
{
    recorder_write(mutator, (struct program_op){PROGRAM_DEL, recorder_slot(mutator, slot), 0, 0});
    slot->ref = GC_NULL;
}

static inline struct gc_ref gc_field_get(struct gc_mutator *mutator, struct gc_ref object, uint64_t index)
{
    recorder_write(mutator, (struct program_op){PROGRAM_GET, recorder_operand(object), (uint32_t)index, 0});
    return gc_object_fields(object.object)[index];
}

static inline void gc_field_set(struct gc_mutator *mutator, struct gc_ref object, uint64_t index,
                                struct gc_ref value)
{
    recorder_write(mutator, (struct program_op){PROGRAM_STORE, recorder_operand(object), (uint32_t)index,
                                                recorder_operand(value)});
    gc_object_fields(object.object)[index] = value;
}

static inline void gc_field_del(struct gc_mutator *mutator, struct gc_ref object, uint64_t index)
{
    recorder_write(mutator, (struct program_op){PROGRAM_CLEAR, recorder_operand(object), (uint32_t)index, 0});
    gc_object_fields(object.object)[index] = GC_NULL;
}

/* Says which references the next operation writes. */
static inline struct gc_ref *recorder_range(struct gc_mutator *mutator, struct gc_ref object, uint64_t index,
                                            uint64_t count)
{
    recorder_write(mutator, (struct program_op){PROGRAM_RANGE, recorder_operand(object), (uint32_t)index,
                                                (uint32_t)count});
    return gc_object_fields(object.object) + index;
}

static inline void gc_fields_fill(struct gc_mutator *mutator, struct gc_ref object, uint64_t index,
                                  uint64_t count, struct gc_ref value)
{
    struct gc_ref *fields = recorder_range(mutator, object, index, count);
    recorder_write(mutator, (struct program_op){PROGRAM_FILL, recorder_operand(value), 0, 0});
    for (uint64_t i = 0; i < count; i++)
        fields[i] = value;
}

static inline void gc_fields_copy(struct gc_mutator *mutator, struct gc_ref to, uint64_t to_index,
                                  struct gc_ref from, uint64_t from_index, uint64_t count)
{
    struct gc_ref *fields = recorder_range(mutator, to, to_index, count);
    recorder_write(mutator,
                   (struct program_op){PROGRAM_COPY, recorder_operand(from), (uint32_t)from_index, 0});
    memmove(fields, gc_object_fields(from.object) + from_index, count * sizeof *fields);
}

#endif
