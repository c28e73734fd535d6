/* SPDX-License-Identifier: MIT */
/*
 * grow: containers of one child each are appended to a growing structure, and all of it lives to the end. The
 * model is a report against CPython's collector, which then made a full collection after every so many
 * allocations, whatever the size of the heap. Appending N containers thus cost O(N^2): 15 million took 143 s,
 * against 1.07 s with the collector off. CPython answered with its 25% rule, PHP with its growing threshold.
 *
 * The structure is a directory of chunks of containers. A full directory is replaced by one of twice the
 * length. Appending is a function that binds the list and the container as its arguments. To trial deletion
 * the list is therefore a possible root after every call.
 *
 * Stresses the trigger: the work that a collector spends on a heap in which there is nothing to find. Compare
 * sizes: the cost per node should not grow with `nodes`.
 *
 * With `fork` a child process reads the last structure, as a server's worker does with what was loaded before it was
 * forked, and collects once. Instagram's servers thus lost the memory that their workers were to share to CPython's
 * counts and to the links of its collector, and CPython got gc.freeze() (issue 75739). The record says how much the
 * child unshared: under the worst collector some 25 times as much as under the best. Compare no times then: they hold
 * those of the child.
 *
 * With `freeze` the structure is frozen before the fork, and no longer after it. So the child shows what its collection
 * unshares of what is frozen. A freeze changes nothing of what reading writes, which is counts: without `reads` the child
 * only collects. A collector without the trait `freezes` does as without the option.
 *
 * With more rounds than one, each structure dies before the next is built, all at once. Within a round nothing
 * dies but outgrown directories. Conclude nothing about freeing.
 */
#include "collectors/gc.h"
#include "workloads/child.h"
#include "workloads/workload.h"

struct grow_options {
    uint64_t nodes;
    uint64_t chunk;
    uint64_t rounds;
    bool fork;
    bool reads;
    bool freeze;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct grow_options, nodes, 3e6, 1, 1e10, "containers", "containers appended"),
    OPTION_INTEGER(struct grow_options, chunk, 1024, 1, 1e9, "containers",
                   "containers in a chunk, the unit in which the structure grows"),
    OPTION_INTEGER(struct grow_options, rounds, 1, 1, 1e6, "structures",
                   "structures built one after the other; each is dropped before the next"),
    OPTION_SWITCH(struct grow_options, fork, false, "a child process reads the last structure and collects"),
    OPTION_SWITCH(struct grow_options, reads, true, "the child reads the structure before it collects"),
    OPTION_SWITCH(struct grow_options, freeze, false, "what lives is frozen while the child runs"),
};
static const struct option_table options = OPTION_TABLE(struct grow_options, option_specs);

struct list_payload {
    uint64_t count; /* containers appended so far */
};

enum { LIST, DIRECTORY, CHUNK, CONTAINER, CHILD };
static const struct gc_shape shapes[] = {
    [LIST] = {.name = "list", .id = LIST, .refs = 1, .payload = sizeof(struct list_payload)},
    [DIRECTORY] = {.name = "directory", .id = DIRECTORY, .flags = GC_SHAPE_REFS_VARY},
    [CHUNK] = {.name = "chunk", .id = CHUNK, .flags = GC_SHAPE_REFS_VARY},
    [CONTAINER] = {.name = "container", .id = CONTAINER, .refs = 1},
    [CHILD] = {.name = "child", .id = CHILD, .flags = GC_SHAPE_ACYCLIC, .payload = sizeof(uint64_t)},
};
/* A list's one reference is to its directory, a container's is to its child. */
enum { FIELD };

static struct list_payload *list_payload(struct gc_ref list)
{
    return gc_payload(list, &shapes[LIST]);
}

static uint64_t *number_of(struct gc_ref child)
{
    return gc_payload(child, &shapes[CHILD]);
}

/* Replaces the directory by one of twice the length, with the same chunks in its first half. The caller
 * passes the name of the list, because the list may move. */
static void directory_double(struct gc_mutator *mutator, struct gc_slot *list)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *larger = &frame.slot[0];
    uint64_t length = gc_length(gc_field_get(mutator, gc_local_get(list), FIELD));
    gc_local_new(mutator, larger, &shapes[DIRECTORY], length * 2);
    for (uint64_t i = 0; i < length; i++) {
        struct gc_ref directory = gc_field_get(mutator, gc_local_get(list), FIELD);
        gc_field_set(mutator, gc_local_get(larger), i, gc_field_get(mutator, directory, i));
    }
    gc_field_set(mutator, gc_local_get(list), FIELD, gc_local_get(larger));
    gc_frame_leave(mutator, frame);
}

/* Puts an empty chunk into the directory at `place`. */
static void chunk_add(struct gc_mutator *mutator, struct gc_slot *list, uint64_t place, uint64_t length)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    if (place == gc_length(gc_field_get(mutator, gc_local_get(list), FIELD)))
        directory_double(mutator, list);
    gc_local_new(mutator, &frame.slot[0], &shapes[CHUNK], length);
    gc_field_set(mutator, gc_field_get(mutator, gc_local_get(list), FIELD), place,
                 gc_local_get(&frame.slot[0]));
    gc_frame_leave(mutator, frame);
}

/* `def append(list, container)`. The function binds both arguments before anything else happens. */
static void list_append(struct gc_mutator *mutator, const struct gc_slot *list_name,
                        const struct gc_slot *container_name, uint64_t chunk)
{
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    struct gc_slot *list = &frame.slot[0];
    struct gc_slot *container = &frame.slot[1];
    gc_local_set(mutator, list, gc_local_get(list_name));
    gc_local_set(mutator, container, gc_local_get(container_name));
    uint64_t place = list_payload(gc_local_get(list))->count++;
    if (place % chunk == 0)
        chunk_add(mutator, list, place / chunk, chunk);
    struct gc_ref directory = gc_field_get(mutator, gc_local_get(list), FIELD);
    gc_field_set(mutator, gc_field_get(mutator, directory, place / chunk), place % chunk,
                 gc_local_get(container));
    gc_frame_leave(mutator, frame);
}

/* `return Container(Child(number))` */
static void container_build(struct gc_mutator *mutator, struct gc_slot *result, uint64_t number)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    gc_local_new(mutator, &frame.slot[0], &shapes[CHILD], 0);
    *number_of(gc_local_get(&frame.slot[0])) = number;
    gc_local_new(mutator, result, &shapes[CONTAINER], 0);
    gc_field_set(mutator, gc_local_get(result), FIELD, gc_local_get(&frame.slot[0]));
    gc_frame_leave(mutator, frame);
}

static void list_build(struct gc_mutator *mutator, struct gc_slot *list)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    gc_local_new(mutator, list, &shapes[LIST], 0);
    gc_local_new(mutator, &frame.slot[0], &shapes[DIRECTORY], 1);
    gc_field_set(mutator, gc_local_get(list), FIELD, gc_local_get(&frame.slot[0]));
    gc_frame_leave(mutator, frame);
}

/* Reads every child by way of the directory, the chunks and the containers. Nothing here
 * collects or drops. */
static uint64_t list_read(struct gc_mutator *mutator, struct gc_ref list)
{
    struct gc_ref directory = gc_field_get(mutator, list, FIELD);
    uint64_t count = list_payload(list)->count;
    uint64_t checksum = count;
    for (uint64_t i = 0; i < count;) {
        struct gc_ref chunk =
            gc_field_get(mutator, directory, i / gc_length(gc_field_get(mutator, directory, 0)));
        for (uint64_t j = 0; j < gc_length(chunk) && i < count; i++, j++) {
            struct gc_ref container = gc_field_get(mutator, chunk, j);
            checksum = checksum_add(checksum, *number_of(gc_field_get(mutator, container, FIELD)));
        }
    }
    return checksum;
}

/* `for chunk in list.directory: for container in chunk: child = container.child`: reads every child, as above, and binds
 * names on the way. The list is the global name. */
static uint64_t list_visit(struct gc_mutator *mutator)
{
    enum { VISITED_CHUNK, VISITED_CONTAINER, VISITED_CHILD, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *list = gc_global(mutator, 0), *chunk = &frame.slot[VISITED_CHUNK];
    struct gc_slot *container = &frame.slot[VISITED_CONTAINER], *child = &frame.slot[VISITED_CHILD];
    uint64_t count = list_payload(gc_local_get(list))->count, checksum = ~count;
    for (uint64_t place = 0, i = 0; i < count; place++) {
        struct gc_ref directory = gc_field_get(mutator, gc_local_get(list), FIELD);
        gc_local_set(mutator, chunk, gc_field_get(mutator, directory, place));
        for (uint64_t j = 0; j < gc_length(gc_local_get(chunk)) && i < count; i++, j++) {
            gc_local_set(mutator, container, gc_field_get(mutator, gc_local_get(chunk), j));
            gc_local_set(mutator, child, gc_field_get(mutator, gc_local_get(container), FIELD));
            checksum = checksum_add(checksum, *number_of(gc_local_get(child)));
        }
    }
    gc_frame_leave(mutator, frame);
    return checksum;
}

/* `list.count`: reads nothing else. */
static uint64_t list_count(struct gc_mutator *mutator)
{
    return list_payload(gc_local_get(gc_global(mutator, 0)))->count;
}

/* Builds a structure and reads it. It lives on in the global name. */
static uint64_t round_run(struct gc_mutator *mutator, const struct grow_options *chosen, struct gc_slot *list,
                          struct random_state *random)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    list_build(mutator, list);
    for (uint64_t i = 0; i < chosen->nodes; i++) {
        container_build(mutator, &frame.slot[0], random_next(random));
        list_append(mutator, list, &frame.slot[0], chosen->chunk);
        if (i == chosen->nodes / 2)
            gc_checkpoint(mutator, "half of the containers appended");
    }
    gc_frame_leave(mutator, frame);
    gc_checkpoint(mutator, "all containers appended");
    return list_read(mutator, gc_local_get(list));
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct grow_options *chosen = values;
    struct gc_slot *list = gc_global(mutator, 0);
    uint64_t checksum = round_run(mutator, chosen, list, random);
    for (uint64_t round = 1; round < chosen->rounds; round++) {
        gc_local_del(mutator, list);
        checksum = checksum_add(checksum, round_run(mutator, chosen, list, random));
    }
    if (chosen->freeze)
        gc_freeze(mutator);
    if (chosen->fork)
        checksum =
            checksum_add(checksum, workload_child_run(mutator, chosen->reads ? list_visit : list_count));
    if (chosen->freeze)
        gc_unfreeze(mutator);
    return checksum;
}

const struct workload workload = {
    .name = "grow",
    .group = "allocate",
    .summary = "a structure grows and all of it lives: triggers that make growth quadratic",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = 1,
    .run = run,
};
