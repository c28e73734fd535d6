/* SPDX-License-Identifier: MIT */
#include "harness/stress/worker/recount.h"

#include <stdlib.h>

/* An open-addressing table of the objects found, kept from one walk to the next, and the order in which they
 * were found. */
struct seen {
    struct gc_object *object;
    uint64_t references;
};

static struct seen *table;
static uint64_t *order; /* places in the table, in the order of finding */
static uint64_t capacity;

static uint64_t place_of(const struct gc_object *object)
{
    uint64_t hash = (uint64_t)(uintptr_t)object * 0x9e3779b97f4a7c15u;
    uint64_t place = hash >> 32 & (capacity - 1);
    while (table[place].object && table[place].object != object)
        place = (place + 1) & (capacity - 1);
    return place;
}

static void count_one(struct gc_object *object, uint64_t *count)
{
    if (!object)
        return;
    uint64_t place = place_of(object);
    if (!table[place].object) {
        table[place].object = object;
        order[(*count)++] = place;
    }
    table[place].references++;
}

static int make_room(uint64_t objects)
{
    uint64_t needed = 1024;
    while (needed < objects * 2)
        needed *= 2;
    if (needed <= capacity)
        return 0;
    free(table);
    free(order);
    table = calloc(needed, sizeof *table);
    order = calloc(needed, sizeof *order);
    capacity = table && order ? needed : 0;
    return capacity ? 0 : -1;
}

/* Returns whether a saturated count has moved. A count that saturated must stay, and nobody here makes
 * references by the billion. */
static bool is_adrift(const struct gc_object *object)
{
    return object->count > INT32_MAX / 2 && object->count != GC_COUNT_STUCK;
}

/* Takes each object out of the table again, and compares its count. */
static void compare(uint64_t count, bool exact, struct recount_result *result)
{
    for (uint64_t i = 0; i < count; i++) {
        struct seen seen = table[order[i]];
        table[order[i]] = (struct seen){0};
        int64_t said = gc_count((struct gc_ref){seen.object});
        bool right = exact ? (uint64_t)said == seen.references : (uint64_t)said >= seen.references;
        bool adrift = is_adrift(seen.object);
        bool told = seen.object->count <= INT32_MAX || said == INT64_MAX;
        if (!adrift && told && (said < 0 || said == INT64_MAX || right))
            continue;
        if (result->wrong++ == 0) {
            result->found = seen.references;
            result->said = adrift ? (int64_t)seen.object->count : said;
        }
    }
}

int recount(const struct gc_mutator *mutator, bool exact, struct recount_result *ret_result)
{
    uint64_t count = 0;
    *ret_result = (struct recount_result){0};
    if (make_room(gc_held_objects(mutator)) < 0)
        return -1;
    for (struct gc_slot *slot = mutator->roots.base; slot < mutator->roots.top; slot++)
        count_one(slot->ref.object, &count);
    for (uint64_t place = 0; place < gc_dues_waiting(mutator); place++)
        count_one(gc_due_at(mutator, place), &count);
    for (uint64_t next = 0; next < count; next++) {
        struct gc_object *object = table[order[next]].object;
        uint64_t refs = gc_object_refs(mutator->shapes, object);
        for (uint64_t i = 0; i < refs; i++)
            count_one(gc_object_fields(object)[i].object, &count);
    }
    compare(count, exact, ret_result);
    ret_result->objects = count;
    return 0;
}
