/* SPDX-License-Identifier: MIT */
/*
 * splay: a splay tree whose nodes are replaced one at a time, as in the benchmark of that name. It came into version 4
 * of V8's suite to exercise the memory management of engines, and Octane scores its pauses, too. The tree is that
 * of Sleator and Tarjan ("Self-adjusting binary search trees", JACM 1985), splayed from the top down. The defaults
 * of `nodes` and `depth` are the published constants.
 *
 * Each node has a random key and a payload: a tree of `depth` levels, with numbers and a text at each leaf. A step
 * puts in a node with a new key, and takes out the one with the greatest key below it. Each search brings a node
 * to the root. The original never looks at a payload. Here the payload of a node that goes is read, so that the
 * checksum depends on it.
 *
 * Stresses field writes to old objects: every rotation moves references between nodes that have lived for long. Such
 * a write also makes a node a possible root, from which trial deletion reaches most of what lives. Stresses deaths in
 * middle age: a payload is made at once, lives for as long as its node, and goes in one cascade. The naive trigger of
 * rc-trial (share=0) took some 60 times as long as the best.
 *
 * All payloads are alike, and no object lies on a cycle. Conclude nothing about collectors that find garbage cycles,
 * but what they cost where there are none. The original counts steps in a fixed time, so its scores compare with
 * nothing here.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

struct splay_options {
    uint64_t nodes;
    uint64_t steps;
    uint64_t depth;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct splay_options, nodes, 8000, 1, 1e8, "nodes",
                   "nodes of the tree, which stay as many"),
    OPTION_INTEGER(struct splay_options, steps, 8e4, 0, 1e12, "", "nodes replaced"),
    OPTION_INTEGER(struct splay_options, depth, 5, 0, 16, "levels", "depth of each node's payload"),
};
static const struct option_table options = OPTION_TABLE(struct splay_options, option_specs);

enum { NUMBERS_COUNT = 10, TEXT_BYTES = 32 };

enum { NODE, BRANCH, LEAF, NUMBERS, TEXT };
static const struct gc_shape shapes[] = {
    [NODE] = {.name = "node", .id = NODE, .refs = 3, .payload = sizeof(uint64_t)},
    [BRANCH] = {.name = "branch", .id = BRANCH, .refs = 2},
    [LEAF] = {.name = "leaf", .id = LEAF, .refs = 2},
    [NUMBERS] = {.name = "numbers",
                 .id = NUMBERS,
                 .flags = GC_SHAPE_ACYCLIC,
                 .payload = NUMBERS_COUNT * sizeof(uint64_t)},
    [TEXT] = {.name = "text", .id = TEXT, .flags = GC_SHAPE_ACYCLIC, .payload = TEXT_BYTES},
};
/* A side of a node or a branch is the field of that child. 1 less a side is the other one. */
enum { LEFT, RIGHT, NODE_PAYLOAD };
enum { LEAF_NUMBERS, LEAF_TEXT };

static uint64_t *key_of(struct gc_ref node)
{
    return gc_payload(node, &shapes[NODE]);
}

/* ---- payloads ---- */

static void leaf_make(struct gc_mutator *mutator, struct gc_slot *result, uint64_t key)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *part = &frame.slot[0];
    gc_local_new(mutator, result, &shapes[LEAF], 0);
    gc_local_new(mutator, part, &shapes[NUMBERS], 0);
    uint64_t *numbers = gc_payload(gc_local_get(part), &shapes[NUMBERS]);
    for (uint64_t i = 0; i < NUMBERS_COUNT; i++)
        numbers[i] = key + i;
    gc_field_set(mutator, gc_local_get(result), LEAF_NUMBERS, gc_local_get(part));
    gc_local_new(mutator, part, &shapes[TEXT], 0);
    char *text = gc_payload(gc_local_get(part), &shapes[TEXT]);
    for (uint64_t i = TEXT_BYTES; i-- > 0; key /= 10)
        text[i] = (char)('0' + key % 10);
    gc_field_set(mutator, gc_local_get(result), LEAF_TEXT, gc_local_get(part));
    gc_frame_leave(mutator, frame);
}

static void payload_make(struct gc_mutator *mutator, struct gc_slot *result, uint64_t depth, uint64_t key)
{
    if (depth == 0) {
        leaf_make(mutator, result, key);
        return;
    }
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    payload_make(mutator, &frame.slot[LEFT], depth - 1, key);
    payload_make(mutator, &frame.slot[RIGHT], depth - 1, key);
    gc_local_new(mutator, result, &shapes[BRANCH], 0);
    for (uint64_t side = LEFT; side <= RIGHT; side++)
        gc_field_set(mutator, gc_local_get(result), side, gc_local_get(&frame.slot[side]));
    gc_frame_leave(mutator, frame);
}

/* Sums up what stands at the leaves. Nothing here collects or drops. */
static uint64_t payload_read(struct gc_mutator *mutator, struct gc_ref payload, uint64_t depth)
{
    if (depth > 0)
        return payload_read(mutator, gc_field_get(mutator, payload, LEFT), depth - 1) +
               3 * payload_read(mutator, gc_field_get(mutator, payload, RIGHT), depth - 1);
    const uint64_t *numbers = gc_payload(gc_field_get(mutator, payload, LEAF_NUMBERS), &shapes[NUMBERS]);
    const char *text = gc_payload(gc_field_get(mutator, payload, LEAF_TEXT), &shapes[TEXT]);
    return numbers[0] + numbers[NUMBERS_COUNT - 1] + (uint64_t)text[0] + (uint64_t)text[TEXT_BYTES - 1];
}

/* ---- the tree, whose root is a name ---- */

/* Whether `key` lies on that side of a node's key. */
static bool key_lies(uint64_t key, uint64_t side, struct gc_ref node)
{
    return side == LEFT ? key < *key_of(node) : key > *key_of(node);
}

/*
 * Makes the node of `key` the root, or the last node on the way to it. On the way down each node that is passed is set
 * aside, at the inner end of one of two trees: those below the key and those above. Two steps to one side rotate
 * first. In the end the two trees become the root's subtrees. The tree is not empty. Amortised O(log n).
 */
static void tree_splay(struct gc_mutator *mutator, struct gc_slot *root, uint64_t key)
{
    enum { ENDS, CURRENT = ENDS + 2, CHILD, ASIDE, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *ends = &frame.slot[ENDS], *current = &frame.slot[CURRENT], *child = &frame.slot[CHILD];
    struct gc_slot *aside = &frame.slot[ASIDE]; /* its fields hold the two trees */
    gc_local_new(mutator, aside, &shapes[NODE], 0);
    for (uint64_t side = LEFT; side <= RIGHT; side++)
        gc_local_set(mutator, &ends[side], gc_local_get(aside));
    gc_local_move(mutator, current, root);
    while (*key_of(gc_local_get(current)) != key) {
        uint64_t side = key_lies(key, LEFT, gc_local_get(current)) ? LEFT : RIGHT;
        gc_local_set(mutator, child, gc_field_get(mutator, gc_local_get(current), side));
        if (gc_is_null(gc_local_get(child)))
            break;
        if (key_lies(key, side, gc_local_get(child))) {
            gc_field_set(mutator, gc_local_get(current), side,
                         gc_field_get(mutator, gc_local_get(child), 1 - side));
            gc_field_set(mutator, gc_local_get(child), 1 - side, gc_local_get(current));
            gc_local_move(mutator, current, child);
            gc_local_set(mutator, child, gc_field_get(mutator, gc_local_get(current), side));
            if (gc_is_null(gc_local_get(child)))
                break;
        }
        gc_field_set(mutator, gc_local_get(&ends[1 - side]), side, gc_local_get(current));
        gc_local_move(mutator, &ends[1 - side], current);
        gc_local_move(mutator, current, child);
    }
    for (uint64_t side = LEFT; side <= RIGHT; side++)
        gc_field_set(mutator, gc_local_get(&ends[side]), 1 - side,
                     gc_field_get(mutator, gc_local_get(current), side));
    for (uint64_t side = LEFT; side <= RIGHT; side++)
        gc_field_set(mutator, gc_local_get(current), side,
                     gc_field_get(mutator, gc_local_get(aside), 1 - side));
    gc_local_move(mutator, root, current);
    gc_frame_leave(mutator, frame);
}

static bool tree_has(struct gc_mutator *mutator, struct gc_slot *root, uint64_t key)
{
    if (gc_is_null(gc_local_get(root)))
        return false;
    tree_splay(mutator, root, key);
    return *key_of(gc_local_get(root)) == key;
}

/* Returns the node whose key is next to `key` on that side, borrowed, or null. The tree is not empty. */
static struct gc_ref tree_neighbour(struct gc_mutator *mutator, struct gc_slot *root, uint64_t key,
                                    uint64_t side)
{
    tree_splay(mutator, root, key);
    struct gc_ref node = gc_local_get(root);
    if (key_lies(key, 1 - side, node))
        return node;
    node = gc_field_get(mutator, node, side);
    if (gc_is_null(node))
        return node;
    for (struct gc_ref next; !gc_is_null(next = gc_field_get(mutator, node, 1 - side));)
        node = next;
    return node;
}

/* Puts in a node with `key`, which no other node has, and a new payload. It is the root. */
static void tree_insert(struct gc_mutator *mutator, struct gc_slot *root, uint64_t key, uint64_t depth)
{
    enum { FRESH, PAYLOAD, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *fresh = &frame.slot[FRESH];
    payload_make(mutator, &frame.slot[PAYLOAD], depth, key);
    gc_local_new(mutator, fresh, &shapes[NODE], 0);
    *key_of(gc_local_get(fresh)) = key;
    gc_field_set(mutator, gc_local_get(fresh), NODE_PAYLOAD, gc_local_get(&frame.slot[PAYLOAD]));
    if (!gc_is_null(gc_local_get(root))) {
        tree_splay(mutator, root, key);
        uint64_t side = key_lies(key, LEFT, gc_local_get(root)) ? LEFT : RIGHT;
        gc_field_set(mutator, gc_local_get(fresh), side, gc_field_get(mutator, gc_local_get(root), side));
        gc_field_del(mutator, gc_local_get(root), side);
        gc_field_set(mutator, gc_local_get(fresh), 1 - side, gc_local_get(root));
    }
    gc_local_move(mutator, root, fresh);
    gc_frame_leave(mutator, frame);
}

/* Takes out the node of `key`, which is there, and reads its payload a last time. */
static uint64_t tree_remove(struct gc_mutator *mutator, struct gc_slot *root, uint64_t key, uint64_t depth)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *gone = &frame.slot[0];
    tree_splay(mutator, root, key);
    gc_local_move(mutator, gone, root);
    if (gc_is_null(gc_field_get(mutator, gc_local_get(gone), LEFT))) {
        gc_local_set(mutator, root, gc_field_get(mutator, gc_local_get(gone), RIGHT));
    } else {
        gc_local_set(mutator, root, gc_field_get(mutator, gc_local_get(gone), LEFT));
        tree_splay(mutator, root, key); /* all keys are below: the greatest one has no right child */
        gc_field_set(mutator, gc_local_get(root), RIGHT, gc_field_get(mutator, gc_local_get(gone), RIGHT));
    }
    uint64_t sum = payload_read(mutator, gc_field_get(mutator, gc_local_get(gone), NODE_PAYLOAD), depth) +
                   *key_of(gc_local_get(gone));
    gc_frame_leave(mutator, frame);
    return sum;
}

/* Puts in a node with a new key. Returns the key. */
static uint64_t tree_grow(struct gc_mutator *mutator, struct gc_slot *root, uint64_t depth,
                          struct random_state *random)
{
    uint64_t key;
    do
        key = 1 + (random_next(random) >> 11);
    while (tree_has(mutator, root, key));
    tree_insert(mutator, root, key, depth);
    return key;
}

/* Puts in a node, and takes out the one with the greatest key below; where there is none, the new one. */
static uint64_t tree_replace(struct gc_mutator *mutator, struct gc_slot *root, uint64_t depth,
                             struct random_state *random)
{
    uint64_t key = tree_grow(mutator, root, depth, random);
    struct gc_ref below = tree_neighbour(mutator, root, key, LEFT);
    return tree_remove(mutator, root, gc_is_null(below) ? key : *key_of(below), depth);
}

/* Reads all nodes in the order of their keys. The tree is not empty. */
static uint64_t tree_read(struct gc_mutator *mutator, struct gc_slot *root, uint64_t depth, uint64_t checksum)
{
    uint64_t key = 0;
    for (;;) {
        struct gc_ref node = tree_neighbour(mutator, root, key, RIGHT);
        if (gc_is_null(node))
            return checksum;
        key = *key_of(node);
        checksum = checksum_add(checksum, key);
        checksum =
            checksum_add(checksum, payload_read(mutator, gc_field_get(mutator, node, NODE_PAYLOAD), depth));
    }
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct splay_options *chosen = values;
    struct gc_slot *root = gc_global(mutator, 0);
    uint64_t checksum = 0;
    for (uint64_t i = 0; i < chosen->nodes; i++)
        tree_grow(mutator, root, chosen->depth, random);
    gc_checkpoint(mutator, "tree built");
    for (uint64_t i = 0; i < chosen->steps; i++) {
        checksum = checksum_add(checksum, tree_replace(mutator, root, chosen->depth, random));
        if (i == chosen->steps / 2)
            gc_checkpoint(mutator, "half of the nodes replaced");
    }
    gc_checkpoint(mutator, "nodes replaced");
    return tree_read(mutator, root, chosen->depth, checksum);
}

const struct workload workload = {
    .name = "splay",
    .group = "classic",
    .summary = "a splay tree with large payloads: old objects that change, and deaths in middle age",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = 1,
    .run = run,
};
