/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <sys/mman.h>

#include "harness/mutator/process.h"
#include "harness/mutator/reach.h"

/* An open-addressing set that is also the work queue: `order` lists its members as they were found. */
struct found {
    struct gc_object **table;
    uint64_t capacity; /* a power of two, at most half full */
    struct gc_object **order;
    uint64_t count;
};

enum { FIRST_CAPACITY = 4096 };

static int found_open(struct found *found, uint64_t capacity)
{
    *found = (struct found){.capacity = capacity};
    found->table = process_map(capacity * sizeof *found->table);
    found->order = process_map(capacity / 2 * sizeof *found->order);
    return found->table && found->order ? 0 : -1;
}

static void found_close(struct found *found)
{
    if (found->table)
        munmap(found->table, found->capacity * sizeof *found->table);
    if (found->order)
        munmap(found->order, found->capacity / 2 * sizeof *found->order);
}

/* The place of `object`, or the empty place where it belongs. */
static struct gc_object **found_place(const struct found *found, const struct gc_object *object)
{
    uint64_t hash = (uint64_t)(uintptr_t)object * 0x9e3779b97f4a7c15u;
    uint64_t place = (hash ^ hash >> 32) & (found->capacity - 1);
    while (found->table[place] && found->table[place] != object)
        place = (place + 1) & (found->capacity - 1);
    return &found->table[place];
}

static int found_double(struct found *found)
{
    struct found larger;
    if (found_open(&larger, found->capacity * 2) < 0) {
        found_close(&larger);
        return -1;
    }
    for (uint64_t i = 0; i < found->count; i++) {
        *found_place(&larger, found->order[i]) = found->order[i];
        larger.order[i] = found->order[i];
    }
    larger.count = found->count;
    found_close(found);
    *found = larger;
    return 0;
}

/* Adds what `ref` refers to, if anything and not there yet. */
static int found_add(struct found *found, struct gc_ref ref)
{
    if (!ref.object || *found_place(found, ref.object))
        return 0;
    if (found->count == found->capacity / 2 && found_double(found) < 0)
        return -1;
    *found_place(found, ref.object) = ref.object;
    found->order[found->count++] = ref.object;
    return 0;
}

static int found_add_all(struct found *found, const struct gc_ref *refs, uint64_t count)
{
    int error = 0;
    for (uint64_t i = 0; i < count && !error; i++)
        error = found_add(found, refs[i]);
    return error;
}

int reach_count(const struct gc_mutator *mutator, struct reach *ret_reach)
{
    struct found found;
    *ret_reach = (struct reach){0};
    int error = found_open(&found, FIRST_CAPACITY);
    if (!error)
        error = found_add_all(&found, &mutator->base->ref, (uint64_t)(mutator->top - mutator->base));
    for (uint64_t next = 0; next < found.count && !error; next++) {
        struct gc_object *object = found.order[next];
        ret_reach->bytes += gc_object_bytes(mutator->shapes, object);
        error = found_add_all(&found, gc_object_fields(object), gc_object_refs(mutator->shapes, object));
    }
    ret_reach->objects = found.count;
    found_close(&found);
    return error;
}
