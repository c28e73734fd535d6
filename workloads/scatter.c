/* SPDX-License-Identifier: MIT */
/*
 * scatter: new objects are written into random places of old arrays, and other objects die between the
 * writes. The model is a report against Dart's collector (dart-lang/sdk, issue 30433). There a write to a
 * list of a million references made each collection of the young go through the whole list. Hash tables,
 * memo tables and boards of games write like this.
 *
 * The arrays hold all that lives. Each step makes an object and puts it into a random place of a random
 * array, where an older one dies. Then it makes and drops `churn` others, which call for the next collection.
 * Between two collections few places are written, in many arrays.
 *
 * Stresses what a write barrier remembers: the place, a card, or the whole object with all its references
 * (Blackburn, Design and analysis of field-logging write barriers, ISMM 2019). Compare `length` at the same
 * number of objects: the cost of a write should not grow with it.
 *
 * A textbook mark-sweep and rc-coalescing took more than 10 times as long as the best.
 *
 * Places are drawn at random, and the processor's cache misses are part of every write. Nothing lies on a
 * ring. Conclude nothing about programs that write in order, nor about the collection of cycles.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

struct scatter_options {
    uint64_t writes;
    uint64_t arrays;
    uint64_t length;
    uint64_t churn;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct scatter_options, writes, 1.5e6, 0, 1e12, "", "objects written into the arrays"),
    OPTION_INTEGER(struct scatter_options, arrays, 1000, 1, 1e8, "arrays", "arrays that live"),
    OPTION_INTEGER(struct scatter_options, length, 500, 0, 1e9, "references",
                   "length of each array; 0: nothing is written"),
    OPTION_INTEGER(struct scatter_options, churn, 8, 0, 1e9, "objects",
                   "objects made and dropped after each write"),
};
static const struct option_table options = OPTION_TABLE(struct scatter_options, option_specs);

enum { ARRAY, ITEM };
static const struct gc_shape shapes[] = {
    [ARRAY] = {.name = "array", .id = ARRAY, .flags = GC_SHAPE_REFS_VARY},
    [ITEM] = {.name = "item", .id = ITEM, .refs = 1, .payload = sizeof(uint64_t)},
};

/* An item's one reference stays null. Only its type could say that it lies on no ring, and does not. */
static uint64_t *number_of(struct gc_ref item)
{
    return gc_payload(item, &shapes[ITEM]);
}

/* `return Item(number)` */
static void item_make(struct gc_mutator *mutator, struct gc_slot *result, uint64_t number)
{
    gc_local_new(mutator, result, &shapes[ITEM], 0);
    *number_of(gc_local_get(result)) = number;
}

/* Makes the arrays, which the table holds, and fills every place. */
static void table_build(struct gc_mutator *mutator, struct gc_slot *table,
                        const struct scatter_options *chosen, struct random_state *random)
{
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    struct gc_slot *array = &frame.slot[0];
    struct gc_slot *item = &frame.slot[1];
    gc_local_new(mutator, table, &shapes[ARRAY], chosen->arrays);
    for (uint64_t i = 0; i < chosen->arrays; i++) {
        gc_local_new(mutator, array, &shapes[ARRAY], chosen->length);
        gc_field_set(mutator, gc_local_get(table), i, gc_local_get(array));
        for (uint64_t j = 0; j < chosen->length; j++) {
            item_make(mutator, item, random_next(random));
            gc_field_set(mutator, gc_local_get(array), j, gc_local_get(item));
        }
    }
    gc_frame_leave(mutator, frame);
}

/* Puts a new item into a random place. Returns the number of the item that was there. */
static uint64_t item_write(struct gc_mutator *mutator, const struct gc_slot *table, struct gc_slot *item,
                           const struct scatter_options *chosen, struct random_state *random)
{
    item_make(mutator, item, random_next(random));
    struct gc_ref array = gc_field_get(mutator, gc_local_get(table), random_below(random, chosen->arrays));
    uint64_t place = random_below(random, chosen->length);
    uint64_t number = *number_of(gc_field_get(mutator, array, place));
    gc_field_set(mutator, array, place, gc_local_get(item));
    return number;
}

/* Writes one item, and makes and drops the others. */
static uint64_t step(struct gc_mutator *mutator, const struct gc_slot *table,
                     const struct scatter_options *chosen, struct random_state *random)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *item = &frame.slot[0];
    uint64_t sum = item_write(mutator, table, item, chosen, random);
    for (uint64_t i = 0; i < chosen->churn; i++) {
        item_make(mutator, item, sum + i);
        sum = checksum_add(sum, *number_of(gc_local_get(item)));
    }
    gc_frame_leave(mutator, frame);
    return sum;
}

/* Nothing here collects or drops. */
static uint64_t table_read(struct gc_mutator *mutator, struct gc_ref table, uint64_t checksum)
{
    for (uint64_t i = 0; i < gc_length(table); i++) {
        struct gc_ref array = gc_field_get(mutator, table, i);
        for (uint64_t j = 0; j < gc_length(array); j++)
            checksum = checksum_add(checksum, *number_of(gc_field_get(mutator, array, j)));
    }
    return checksum;
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct scatter_options *chosen = values;
    struct gc_slot *table = gc_global(mutator, 0);
    uint64_t writes = chosen->length > 0 ? chosen->writes : 0;
    uint64_t checksum = 0;
    table_build(mutator, table, chosen, random);
    gc_checkpoint(mutator, "arrays made");
    for (uint64_t i = 0; i < writes; i++) {
        checksum = checksum_add(checksum, step(mutator, table, chosen, random));
        if (i == writes / 2)
            gc_checkpoint(mutator, "half of the items written");
    }
    gc_checkpoint(mutator, "all items written");
    return table_read(mutator, gc_local_get(table), checksum);
}

const struct workload workload = {
    .name = "scatter",
    .group = "pathology",
    .summary = "new objects go to random places of old arrays: barriers that remember the whole array",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = 1,
    .run = run,
};
