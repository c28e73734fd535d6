/* SPDX-License-Identifier: MIT */
/*
 * rc-backup: reference counting with a mark-sweep behind it. Counting frees an object that lies on no cycle
 * at once. When the heap has grown all the same, a trace from the root set finds the garbage and corrects the
 * counts of the survivors.
 *
 * A sweep has to find every object. So each object has a place in a table, and its prefix names the place.
 * The free places are linked through the table itself.
 */
#ifndef COLLECTORS_RC_BACKUP_COLLECTOR_H
#define COLLECTORS_RC_BACKUP_COLLECTOR_H

#include "collectors/gc.h"
#include "collectors/support/count/counting-at-once.h"
#include "collectors/support/count/counting-template.h"
#include "collectors/support/heap/allocation.h"
#include "collectors/support/trace/worklist.h"
#include "collectors/support/trigger/growth.h"

enum { BACKUP_PREFIX = sizeof(uint64_t) }; /* the object's place in the table */

static const struct gc_traits gc_traits = {
    .counts = true,
    .reclaims = true,
    .reclaims_cycles = true,
    .frees_at_once = true,
    .finalises = true,
    .header_bytes = BACKUP_PREFIX + sizeof(struct gc_object),
};

struct backup_mutator {
    struct gc_mutator common;
    const struct growth_options *options;
    struct worklist table;   /* every object; a free place holds backup_free_link() of the next one */
    uint64_t free_place;     /* the first free place, or BACKUP_NO_PLACE */
    struct worklist pending; /* the work queue: marked objects whose references have not been followed yet */
    uint64_t threshold;      /* bytes held that call for a trace */
};

#define BACKUP_NO_PLACE ((uint64_t)1 << 62)

/* The entry of a free place is odd; no address of an object is. */
static inline struct gc_object *backup_free_link(uint64_t next_place)
{
    return (struct gc_object *)(uintptr_t)(next_place << 1 | 1);
}

static inline bool backup_is_free(const struct gc_object *entry)
{
    return (uintptr_t)entry & 1;
}

static inline uint64_t backup_next_free(const struct gc_object *entry)
{
    return (uintptr_t)entry >> 1;
}

static inline uint64_t *backup_place(struct gc_object *object)
{
    return gc_object_memory(object, BACKUP_PREFIX);
}

static inline void backup_register(struct backup_mutator *backup, struct gc_object *object)
{
    uint64_t place = backup->free_place;
    if (place != BACKUP_NO_PLACE) {
        backup->free_place = backup_next_free(backup->table.items[place]);
        backup->table.items[place] = object;
    } else {
        place = backup->table.count;
        worklist_push(&backup->common, &backup->table, object);
    }
    *backup_place(object) = place;
}

static inline void gc_local_new(struct gc_mutator *mutator, struct gc_slot *slot,
                                const struct gc_shape *shape, uint64_t length)
{
    struct gc_object *object = gc_object_allocate(mutator, shape, length, BACKUP_PREFIX);
    backup_register((struct backup_mutator *)mutator, object);
    counting_hand_over(mutator, &slot->ref, (struct gc_ref){object});
}

#endif
