/* SPDX-License-Identifier: MIT */
/* Collections: arrays that grow. An item has no name of its own in one; a slot passed as an argument is a name of the
 * caller's, and keeps its reference. A returned reference or pointer is borrowed. */
#ifndef WORKLOADS_DELTABLUE_COLLECTION_H
#define WORKLOADS_DELTABLUE_COLLECTION_H

#include "collectors/mutator.h"

struct collection_payload {
    uint64_t count;
};

/* An array of `length` references. */
void array_make(struct gc_mutator *mutator, struct gc_slot *result, uint64_t length);

/* An empty collection. */
void collection_make(struct gc_mutator *mutator, struct gc_slot *result);

uint64_t *collection_count(struct gc_ref collection);

/* The array of the items. */
struct gc_ref collection_items(struct gc_mutator *mutator, const struct gc_slot *collection);

/* Adds an item at the end. O(1), amortised. */
void collection_add(struct gc_mutator *mutator, const struct gc_slot *collection, const struct gc_slot *item);

/* Takes the last item off, and binds `item` to it. Returns whether there was one. O(1). */
bool collection_take(struct gc_mutator *mutator, const struct gc_slot *collection, struct gc_slot *item);

/* Takes an item out that is there once. Those after it move up. O(items). */
void collection_remove(struct gc_mutator *mutator, const struct gc_slot *collection,
                       const struct gc_slot *item);

#endif
