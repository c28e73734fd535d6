/* SPDX-License-Identifier: MIT */
#include "workloads/deltablue/collection.h"

#include "collectors/gc.h"
#include "workloads/deltablue/planner.h"

enum { FEWEST_ITEMS = 4 };
enum { COLLECTION_ITEMS };

void array_make(struct gc_mutator *mutator, struct gc_slot *result, uint64_t length)
{
    gc_local_new(mutator, result, &planner_shapes[ARRAY], length);
}

uint64_t *collection_count(struct gc_ref collection)
{
    return &((struct collection_payload *)gc_payload(collection, &planner_shapes[COLLECTION]))->count;
}

struct gc_ref collection_items(struct gc_mutator *mutator, const struct gc_slot *collection)
{
    return gc_field_get(mutator, gc_local_get(collection), COLLECTION_ITEMS);
}

void collection_make(struct gc_mutator *mutator, struct gc_slot *result)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    array_make(mutator, &frame.slot[0], FEWEST_ITEMS);
    gc_local_new(mutator, result, &planner_shapes[COLLECTION], 0);
    gc_field_set(mutator, gc_local_get(result), COLLECTION_ITEMS, gc_local_get(&frame.slot[0]));
    gc_frame_leave(mutator, frame);
}

/* Gives the collection an array of twice the length. */
static void collection_double(struct gc_mutator *mutator, const struct gc_slot *collection)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *larger = &frame.slot[0];
    uint64_t length = gc_length(collection_items(mutator, collection));
    array_make(mutator, larger, 2 * length);
    for (uint64_t i = 0; i < length; i++)
        gc_field_set(mutator, gc_local_get(larger), i,
                     gc_field_get(mutator, collection_items(mutator, collection), i));
    gc_field_set(mutator, gc_local_get(collection), COLLECTION_ITEMS, gc_local_get(larger));
    gc_frame_leave(mutator, frame);
}

void collection_add(struct gc_mutator *mutator, const struct gc_slot *collection, const struct gc_slot *item)
{
    if (*collection_count(gc_local_get(collection)) == gc_length(collection_items(mutator, collection)))
        collection_double(mutator, collection);
    uint64_t place = (*collection_count(gc_local_get(collection)))++;
    gc_field_set(mutator, collection_items(mutator, collection), place, gc_local_get(item));
}

bool collection_take(struct gc_mutator *mutator, const struct gc_slot *collection, struct gc_slot *item)
{
    uint64_t *count = collection_count(gc_local_get(collection));
    if (*count == 0)
        return false;
    uint64_t place = --*count;
    gc_local_set(mutator, item, gc_field_get(mutator, collection_items(mutator, collection), place));
    gc_field_del(mutator, collection_items(mutator, collection), place);
    return true;
}

void collection_remove(struct gc_mutator *mutator, const struct gc_slot *collection,
                       const struct gc_slot *item)
{
    uint64_t last = --*collection_count(gc_local_get(collection)), place = 0;
    while (
        !gc_is_same(gc_field_get(mutator, collection_items(mutator, collection), place), gc_local_get(item)))
        place++;
    for (; place < last; place++)
        gc_field_set(mutator, collection_items(mutator, collection), place,
                     gc_field_get(mutator, collection_items(mutator, collection), place + 1));
    gc_field_del(mutator, collection_items(mutator, collection), last);
}
