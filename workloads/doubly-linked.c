/* SPDX-License-Identifier: MIT */
/*
 * doubly-linked: lists whose nodes refer to the next and to the previous node. The models are a queue, a text
 * buffer, or an intrusive list of C in a language with references. Lists are built, have stretches moved from
 * one to another, are reversed in place, walked both ways, and dropped whole.
 *
 * Every pair of neighbours is a cycle, so that a whole list is one strongly connected component. Counting can
 * free nothing of it. Trial deletion must visit all of it before it knows.
 *
 * Stresses field writes that move references between live objects, and the collection of large components
 * beside live ones. With `unlink` the workload removes the references to previous nodes before it drops a
 * list. Counting then frees the list as one long cascade, which is the baseline for the cost of the cycles.
 *
 * Components are long and thin, and every node has two neighbours. Conclude nothing about branching or
 * densely connected garbage. A walk finds the place in a list, as in any such list, and is part of the work.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

struct lists_options {
    uint64_t lists;
    uint64_t length;
    uint64_t rounds;
    uint64_t splices;
    bool unlink;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct lists_options, lists, 100, 1, 1e8, "lists", "lists alive at a time"),
    OPTION_INTEGER(struct lists_options, length, 300, 1, 1e8, "nodes", "nodes that each is built with"),
    OPTION_INTEGER(struct lists_options, rounds, 200, 1, 1e9, "rounds", "how often every list is replaced"),
    OPTION_INTEGER(struct lists_options, splices, 2, 0, 1e6, "stretches",
                   "stretches that each new list gives to others"),
    OPTION_SWITCH(struct lists_options, unlink, false, "take a list's cycles apart before dropping it"),
};
static const struct option_table options = OPTION_TABLE(struct lists_options, option_specs);

enum { TABLE, LIST, NODE };
static const struct gc_shape shapes[] = {
    [TABLE] = {.name = "table", .id = TABLE, .flags = GC_SHAPE_REFS_VARY},
    [LIST] = {.name = "list", .id = LIST, .refs = 2, .payload = 8},
    [NODE] = {.name = "node", .id = NODE, .refs = 2, .payload = 8},
};
enum { HEAD, TAIL };
enum { NEXT, PREV };

/* ---- one list ---- */

static uint64_t *list_length(const struct gc_slot *list)
{
    return gc_payload(gc_local_get(list), &shapes[LIST]);
}

static uint64_t *node_value(struct gc_ref node)
{
    return gc_payload(node, &shapes[NODE]);
}

/* Makes `right` follow `left` in `list`. A name that is null stands for the list's end on that side. */
static void list_join(struct gc_mutator *mutator, const struct gc_slot *list, const struct gc_slot *left,
                      const struct gc_slot *right)
{
    if (gc_is_null(gc_local_get(left)))
        gc_field_set(mutator, gc_local_get(list), HEAD, gc_local_get(right));
    else
        gc_field_set(mutator, gc_local_get(left), NEXT, gc_local_get(right));
    if (gc_is_null(gc_local_get(right)))
        gc_field_set(mutator, gc_local_get(list), TAIL, gc_local_get(left));
    else
        gc_field_set(mutator, gc_local_get(right), PREV, gc_local_get(left));
}

static void list_make(struct gc_mutator *mutator, struct gc_slot *result, uint64_t length,
                      struct random_state *random)
{
    enum { LAST, FRESH, NOTHING, MADE, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *slot = frame.slot;
    gc_local_new(mutator, &slot[MADE], &shapes[LIST], 0);
    for (uint64_t i = 0; i < length; i++) {
        gc_local_new(mutator, &slot[FRESH], &shapes[NODE], 0);
        *node_value(gc_local_get(&slot[FRESH])) = random_next(random);
        list_join(mutator, &slot[MADE], &slot[LAST], &slot[FRESH]);
        gc_local_move(mutator, &slot[LAST], &slot[FRESH]);
    }
    list_join(mutator, &slot[MADE], &slot[LAST], &slot[NOTHING]);
    *list_length(&slot[MADE]) = length;
    gc_local_move(mutator, result, &slot[MADE]);
    gc_frame_leave(mutator, frame);
}

/* Returns the node `steps` after `node`, borrowed, or null beyond the end. */
static struct gc_ref node_after(struct gc_mutator *mutator, struct gc_ref node, uint64_t steps)
{
    for (; steps > 0 && !gc_is_null(node); steps--)
        node = gc_field_get(mutator, node, NEXT);
    return node;
}

/* Swaps the two references of every node, and those of the list. */
static void list_reverse(struct gc_mutator *mutator, const struct gc_slot *list)
{
    enum { CURRENT, OTHER, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *current = &frame.slot[CURRENT], *other = &frame.slot[OTHER];
    gc_local_set(mutator, current, gc_field_get(mutator, gc_local_get(list), HEAD));
    while (!gc_is_null(gc_local_get(current))) {
        struct gc_ref node = gc_local_get(current);
        gc_local_set(mutator, other, gc_field_get(mutator, node, NEXT));
        node = gc_local_get(current);
        gc_field_set(mutator, node, NEXT, gc_field_get(mutator, node, PREV));
        gc_field_set(mutator, gc_local_get(current), PREV, gc_local_get(other));
        gc_local_move(mutator, current, other);
    }
    gc_local_set(mutator, other, gc_field_get(mutator, gc_local_get(list), HEAD));
    struct gc_ref whole = gc_local_get(list);
    gc_field_set(mutator, whole, HEAD, gc_field_get(mutator, whole, TAIL));
    gc_field_set(mutator, gc_local_get(list), TAIL, gc_local_get(other));
    gc_frame_leave(mutator, frame);
}

/* Takes `count` nodes out of `from`, `skip` after its head. Leaves the first and the last of them in two
 * names. */
static void stretch_take(struct gc_mutator *mutator, const struct gc_slot *from, uint64_t skip,
                         uint64_t count, struct gc_slot *first, struct gc_slot *last)
{
    enum { LEFT, RIGHT, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *slot = frame.slot;
    struct gc_ref head = gc_field_get(mutator, gc_local_get(from), HEAD);
    gc_local_set(mutator, first, node_after(mutator, head, skip));
    gc_local_set(mutator, last, node_after(mutator, gc_local_get(first), count - 1));
    gc_local_set(mutator, &slot[LEFT], gc_field_get(mutator, gc_local_get(first), PREV));
    gc_local_set(mutator, &slot[RIGHT], gc_field_get(mutator, gc_local_get(last), NEXT));
    list_join(mutator, from, &slot[LEFT], &slot[RIGHT]);
    *list_length(from) -= count;
    gc_frame_leave(mutator, frame);
}

/* Puts a stretch into `to` before the node that is `skip` after the head, or at the end. */
static void stretch_put(struct gc_mutator *mutator, const struct gc_slot *to, uint64_t skip, uint64_t count,
                        const struct gc_slot *first, const struct gc_slot *last)
{
    enum { LEFT, RIGHT, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *slot = frame.slot;
    struct gc_ref head = gc_field_get(mutator, gc_local_get(to), HEAD);
    gc_local_set(mutator, &slot[RIGHT], node_after(mutator, head, skip));
    struct gc_ref left = gc_is_null(gc_local_get(&slot[RIGHT]))
                             ? gc_field_get(mutator, gc_local_get(to), TAIL)
                             : gc_field_get(mutator, gc_local_get(&slot[RIGHT]), PREV);
    gc_local_set(mutator, &slot[LEFT], left);
    list_join(mutator, to, &slot[LEFT], first);
    list_join(mutator, to, last, &slot[RIGHT]);
    *list_length(to) += count;
    gc_frame_leave(mutator, frame);
}

static void list_splice(struct gc_mutator *mutator, const struct gc_slot *from, const struct gc_slot *to,
                        struct random_state *random)
{
    uint64_t length = *list_length(from);
    if (length == 0)
        return;
    enum { FIRST, LAST, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    uint64_t count = 1 + random_below(random, (length + 1) / 2);
    stretch_take(mutator, from, random_below(random, length - count + 1), count, &frame.slot[FIRST],
                 &frame.slot[LAST]);
    stretch_put(mutator, to, random_below(random, *list_length(to) + 1), count, &frame.slot[FIRST],
                &frame.slot[LAST]);
    gc_frame_leave(mutator, frame);
}

/* Reads the list forwards and backwards. */
static uint64_t list_read(struct gc_mutator *mutator, const struct gc_slot *list)
{
    uint64_t forwards = 0, backwards = 0, count = 0;
    struct gc_ref node = gc_field_get(mutator, gc_local_get(list), HEAD);
    for (; !gc_is_null(node); node = gc_field_get(mutator, node, NEXT), count++)
        forwards = 31 * forwards + *node_value(node);
    node = gc_field_get(mutator, gc_local_get(list), TAIL);
    for (; !gc_is_null(node); node = gc_field_get(mutator, node, PREV))
        backwards = 31 * backwards + *node_value(node);
    return checksum_add(checksum_add(forwards, backwards), count ^ *list_length(list) << 32);
}

/* Removes the references to previous nodes. After it only the head keeps the chain alive. */
static void list_unlink(struct gc_mutator *mutator, const struct gc_slot *list)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *current = &frame.slot[0];
    gc_local_set(mutator, current, gc_field_get(mutator, gc_local_get(list), HEAD));
    while (!gc_is_null(gc_local_get(current))) {
        gc_field_del(mutator, gc_local_get(current), PREV);
        gc_local_set(mutator, current, gc_field_get(mutator, gc_local_get(current), NEXT));
    }
    gc_frame_leave(mutator, frame);
}

/* ---- the table of lists ---- */

/* Reads the list at `place` a last time and drops it. */
static uint64_t table_retire(struct gc_mutator *mutator, uint64_t place, bool unlink)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *list = &frame.slot[0];
    uint64_t sum = 0;
    gc_local_set(mutator, list, gc_field_get(mutator, gc_local_get(gc_global(mutator, 0)), place));
    if (!gc_is_null(gc_local_get(list))) {
        sum = list_read(mutator, list);
        if (unlink)
            list_unlink(mutator, list);
        gc_field_del(mutator, gc_local_get(gc_global(mutator, 0)), place);
    }
    gc_frame_leave(mutator, frame);
    return sum;
}

/* Replaces the list at `place` by a new one. The new list gives stretches to others and is reversed. */
static uint64_t table_replace(struct gc_mutator *mutator, const struct lists_options *chosen, uint64_t place,
                              struct random_state *random)
{
    enum { FRESH, OTHER, SLOTS };
    uint64_t sum = table_retire(mutator, place, chosen->unlink);
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *fresh = &frame.slot[FRESH], *other = &frame.slot[OTHER], *table = gc_global(mutator, 0);
    list_make(mutator, fresh, chosen->length, random);
    gc_field_set(mutator, gc_local_get(table), place, gc_local_get(fresh));
    for (uint64_t i = 0; i < chosen->splices; i++) {
        uint64_t receiver = random_below(random, chosen->lists);
        gc_local_set(mutator, other, gc_field_get(mutator, gc_local_get(table), receiver));
        if (!gc_is_null(gc_local_get(other)))
            list_splice(mutator, fresh, other, random);
    }
    list_reverse(mutator, fresh);
    gc_frame_leave(mutator, frame);
    return sum;
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct lists_options *chosen = values;
    uint64_t checksum = 0;
    gc_local_new(mutator, gc_global(mutator, 0), &shapes[TABLE], chosen->lists);
    for (uint64_t round = 0; round < chosen->rounds; round++) {
        for (uint64_t place = 0; place < chosen->lists; place++)
            checksum = checksum_add(checksum, table_replace(mutator, chosen, place, random));
        if (round == 0)
            gc_checkpoint(mutator, "lists made");
        if (round == chosen->rounds / 2)
            gc_checkpoint(mutator, "half done");
    }
    gc_checkpoint(mutator, "all rounds done");
    for (uint64_t place = 0; place < chosen->lists; place++)
        checksum = checksum_add(checksum, table_retire(mutator, place, chosen->unlink));
    gc_checkpoint(mutator, "lists dropped");
    return checksum;
}

const struct workload workload = {
    .name = "doubly-linked",
    .group = "cycle",
    .summary = "lists with next and previous, spliced, reversed, walked, and dropped whole",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = 1,
    .run = run,
};
