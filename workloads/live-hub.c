/* SPDX-License-Identifier: MIT */
/*
 * live-hub: one object reaches everything that lives, and everything refers back to it. The object is touched
 * at every step, while small rings die beside it. The models are bug reports against trial deletion in PHP
 * and in Nim's ORC. There a reference to a hub (an application object, a window, a document) is copied and
 * dropped, which makes the hub a possible root. The rings call for the next collection, which finds all of
 * the hub's graph alive, again and again.
 *
 * All `live` nodes, the hub and its array are one strongly connected component. Each step passes a reference
 * to the hub, or with touch=node to a random node, to a function that ends. It also makes and drops one ring
 * of two objects.
 *
 * Stresses how much of the live heap a cycle collector visits for each object that it frees: compare visited
 * with freed objects.
 *
 * The live heap and the garbage are as unlike as they can be. Conclude nothing about a collector whose
 * possible roots are garbage, nor about mutation of old objects.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

enum { TOUCH_HUB, TOUCH_NODE };
static const char *const touch_words[] = {"hub", "node", NULL};

struct hub_options {
    uint64_t live;
    uint64_t steps;
    uint64_t touch;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct hub_options, live, 1e5, 1, 1e8, "objects", "nodes that the hub reaches"),
    OPTION_INTEGER(struct hub_options, steps, 5e6, 0, 1e12, "",
                   "references copied and dropped, each with a ring"),
    OPTION_CHOICE(struct hub_options, touch, TOUCH_HUB, touch_words,
                  "what the copied references are to: the hub, or a random node each time"),
};
static const struct option_table options = OPTION_TABLE(struct hub_options, option_specs);

enum { HUB, ARRAY, NODE, RING };
static const struct gc_shape shapes[] = {
    [HUB] = {.name = "hub", .id = HUB, .refs = 1, .payload = sizeof(uint64_t)},
    [ARRAY] = {.name = "array", .id = ARRAY, .flags = GC_SHAPE_REFS_VARY},
    [NODE] = {.name = "node", .id = NODE, .refs = 1, .payload = sizeof(uint64_t)},
    [RING] = {.name = "ring", .id = RING, .refs = 1, .payload = sizeof(uint64_t)},
};
/* The hub's one reference is to its array, a node's is to the hub, a ring object's is to its peer. */
enum { FIELD };

static uint64_t *number_of(struct gc_ref object, unsigned id)
{
    return gc_payload(object, &shapes[id]);
}

/* `hub = Hub([Node(hub) for _ in range(live)])` */
static void hub_build(struct gc_mutator *mutator, struct gc_slot *hub, uint64_t live,
                      struct random_state *random)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *made = &frame.slot[0];
    gc_local_new(mutator, hub, &shapes[HUB], 0);
    *number_of(gc_local_get(hub), HUB) = random_next(random);
    gc_local_new(mutator, made, &shapes[ARRAY], live);
    gc_field_set(mutator, gc_local_get(hub), FIELD, gc_local_get(made));
    for (uint64_t i = 0; i < live; i++) {
        gc_local_new(mutator, made, &shapes[NODE], 0);
        *number_of(gc_local_get(made), NODE) = random_next(random);
        gc_field_set(mutator, gc_local_get(made), FIELD, gc_local_get(hub));
        gc_field_set(mutator, gc_field_get(mutator, gc_local_get(hub), FIELD), i, gc_local_get(made));
    }
    gc_frame_leave(mutator, frame);
}

/* A function of one argument, which it binds, changes and reads. */
static uint64_t touch(struct gc_mutator *mutator, struct gc_ref object, unsigned id)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    gc_local_set(mutator, &frame.slot[0], object);
    uint64_t number = ++*number_of(gc_local_get(&frame.slot[0]), id);
    gc_frame_leave(mutator, frame);
    return number;
}

/* Makes a ring of two objects and reads it all the way round. The ring dies with the function's locals. */
static uint64_t ring_make_and_drop(struct gc_mutator *mutator, uint64_t number)
{
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    for (uint64_t i = 0; i < 2; i++) {
        gc_local_new(mutator, &frame.slot[i], &shapes[RING], 0);
        *number_of(gc_local_get(&frame.slot[i]), RING) = number + i;
    }
    for (uint64_t i = 0; i < 2; i++)
        gc_field_set(mutator, gc_local_get(&frame.slot[i]), FIELD, gc_local_get(&frame.slot[1 - i]));
    struct gc_ref peer = gc_field_get(mutator, gc_local_get(&frame.slot[0]), FIELD);
    uint64_t sum = *number_of(peer, RING) + *number_of(gc_field_get(mutator, peer, FIELD), RING);
    gc_frame_leave(mutator, frame);
    return sum;
}

static uint64_t step(struct gc_mutator *mutator, const struct hub_options *chosen,
                     struct random_state *random)
{
    struct gc_ref hub = gc_local_get(gc_global(mutator, 0));
    uint64_t number;
    if (chosen->touch == TOUCH_HUB) {
        number = touch(mutator, hub, HUB);
    } else {
        struct gc_ref array = gc_field_get(mutator, hub, FIELD);
        uint64_t place = random_below(random, chosen->live);
        number = touch(mutator, gc_field_get(mutator, array, place), NODE);
    }
    return ring_make_and_drop(mutator, number);
}

/* Reads every node by way of the array, and the hub again by way of each node. Nothing here collects or
 * drops. */
static uint64_t hub_read(struct gc_mutator *mutator, struct gc_ref hub, uint64_t checksum)
{
    struct gc_ref array = gc_field_get(mutator, hub, FIELD);
    for (uint64_t i = 0; i < gc_length(array); i++) {
        struct gc_ref node = gc_field_get(mutator, array, i);
        checksum = checksum_add(checksum, *number_of(node, NODE));
        checksum += *number_of(gc_field_get(mutator, node, FIELD), HUB);
    }
    return checksum;
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct hub_options *chosen = values;
    struct gc_slot *hub = gc_global(mutator, 0);
    uint64_t checksum = 0;
    hub_build(mutator, hub, chosen->live, random);
    gc_checkpoint(mutator, "hub built");
    for (uint64_t i = 0; i < chosen->steps; i++)
        checksum = checksum_add(checksum, step(mutator, chosen, random));
    gc_checkpoint(mutator, "rings dropped");
    return hub_read(mutator, gc_local_get(hub), checksum);
}

const struct workload workload = {
    .name = "live-hub",
    .group = "pathology",
    .summary = "a hub that reaches all that lives is touched while rings die: collectors that rescan",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = 1,
    .run = run,
};
