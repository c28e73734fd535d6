/* SPDX-License-Identifier: MIT */
/*
 * gcbench: GCBench as published ("An artificial garbage collection benchmark", GCBench.c and GCBench.java).
 * John Ellis and Pete Kovac of Post Communications wrote it, and Hans Boehm of Silicon Graphics changed it.
 * The defaults are the published constants.
 *
 * A tree is built once to stretch the heap. A tree and a large array of numbers then stay. Beside them trees
 * of depth 4, 6 .. 16 are built and dropped. Half of them are built top down (Populate, which changes old
 * objects), half bottom up (MakeTree, which does not). Each depth gets as many trees as give the same number
 * of nodes.
 *
 * The original never looks at a short-lived tree. Here the leftmost path of each tree is followed, so that
 * the checksum depends on all of them. The array holds no references. It is written and read as in the
 * original, 1.0 / 0 in its first place included.
 *
 * Stresses the allocation and the release of small objects of one size beside a modest live heap.
 *
 * Its authors warn that it is a poor model of most applications. Lifetimes follow depth exactly, nothing is
 * shared, nothing lies on a cycle, and the array is the only large object. Use it only to compare with
 * figures published for it.
 */
#include <string.h>

#include "collectors/gc.h"
#include "workloads/workload.h"

struct bench_options {
    uint64_t stretch;
    uint64_t lived;
    uint64_t array;
    uint64_t min;
    uint64_t max;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct bench_options, stretch, 18, 4, 28, "levels",
                   "depth of the tree that stretches the heap (kStretchTreeDepth)"),
    OPTION_INTEGER(struct bench_options, lived, 16, 0, 28, "levels",
                   "depth of the tree that stays (kLongLivedTreeDepth)"),
    OPTION_INTEGER(struct bench_options, array, 500000, 2002, 1e9, "numbers",
                   "length of the array that stays (kArraySize)"),
    OPTION_INTEGER(struct bench_options, min, 4, 1, 28, "levels",
                   "depth of the first trees that are dropped (kMinTreeDepth)"),
    OPTION_INTEGER(struct bench_options, max, 16, 1, 28, "levels",
                   "and of the last; in between every second depth (kMaxTreeDepth)"),
};
static const struct option_table options = OPTION_TABLE(struct bench_options, option_specs);

/* The published node has two integers that nobody uses. They are there for its size. */
struct node_payload {
    int32_t i, j;
};

enum { NODE, NUMBERS };
static const struct gc_shape shapes[] = {
    [NODE] = {.name = "node", .id = NODE, .refs = 2, .payload = sizeof(struct node_payload)},
    [NUMBERS] = {.name = "numbers", .id = NUMBERS, .flags = GC_SHAPE_BYTES_VARY | GC_SHAPE_ACYCLIC},
};
enum { LEFT, RIGHT };
enum { TREE_GLOBAL, ARRAY_GLOBAL, GLOBALS };
enum { CHECKED = 1000 }; /* the one place of the array that the original looks at */

/* Returns the number of nodes in a tree of `depth` (TreeSize). */
static uint64_t tree_size(uint64_t depth)
{
    return ((uint64_t)2 << depth) - 1;
}

/* Builds the levels below `tree`, parents first (Populate). */
static void tree_populate(struct gc_mutator *mutator, struct gc_ref tree, uint64_t depth)
{
    if (depth == 0)
        return;
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    struct gc_slot *this = &frame.slot[0];
    struct gc_slot *made = &frame.slot[1];
    gc_local_set(mutator, this, tree);
    for (uint64_t side = LEFT; side <= RIGHT; side++) {
        gc_local_new(mutator, made, &shapes[NODE], 0);
        gc_field_set(mutator, gc_local_get(this), side, gc_local_get(made));
    }
    gc_local_del(mutator, made);
    tree_populate(mutator, gc_field_get(mutator, gc_local_get(this), LEFT), depth - 1);
    tree_populate(mutator, gc_field_get(mutator, gc_local_get(this), RIGHT), depth - 1);
    gc_frame_leave(mutator, frame);
}

static void tree_build_top_down(struct gc_mutator *mutator, struct gc_slot *result, uint64_t depth)
{
    gc_local_new(mutator, result, &shapes[NODE], 0);
    tree_populate(mutator, gc_local_get(result), depth);
}

/* Builds a tree, children first: `return Node(MakeTree(depth - 1), MakeTree(depth - 1))`. */
static void tree_build_bottom_up(struct gc_mutator *mutator, struct gc_slot *result, uint64_t depth)
{
    if (depth == 0) {
        gc_local_new(mutator, result, &shapes[NODE], 0);
        return;
    }
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    tree_build_bottom_up(mutator, &frame.slot[LEFT], depth - 1);
    tree_build_bottom_up(mutator, &frame.slot[RIGHT], depth - 1);
    gc_local_new(mutator, result, &shapes[NODE], 0);
    for (uint64_t side = LEFT; side <= RIGHT; side++)
        gc_field_set(mutator, gc_local_get(result), side, gc_local_get(&frame.slot[side]));
    gc_frame_leave(mutator, frame);
}

/* Returns the number of nodes on the leftmost path. */
static uint64_t tree_height(struct gc_mutator *mutator, struct gc_ref tree)
{
    uint64_t height = 0;
    for (; !gc_is_null(tree); tree = gc_field_get(mutator, tree, LEFT))
        height++;
    return height;
}

static uint64_t tree_count(struct gc_mutator *mutator, struct gc_ref tree)
{
    if (gc_is_null(tree))
        return 0;
    return 1 + tree_count(mutator, gc_field_get(mutator, tree, LEFT)) +
           tree_count(mutator, gc_field_get(mutator, tree, RIGHT));
}

/* Makes one short-lived tree, follows its leftmost path and drops it. */
static uint64_t build_and_drop(struct gc_mutator *mutator, uint64_t depth,
                               void (*build)(struct gc_mutator *, struct gc_slot *, uint64_t))
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    build(mutator, &frame.slot[0], depth);
    uint64_t height = tree_height(mutator, gc_local_get(&frame.slot[0]));
    gc_frame_leave(mutator, frame);
    return height;
}

/* Makes and drops all the trees of one depth (TimeConstruction). */
static uint64_t construct(struct gc_mutator *mutator, const struct bench_options *chosen, uint64_t depth)
{
    uint64_t trees = 2 * tree_size(chosen->stretch) / tree_size(depth);
    uint64_t heights = 0;
    for (uint64_t i = 0; i < trees; i++)
        heights += build_and_drop(mutator, depth, tree_build_top_down);
    for (uint64_t i = 0; i < trees; i++)
        heights += build_and_drop(mutator, depth, tree_build_bottom_up);
    return heights;
}

static void array_build(struct gc_mutator *mutator, struct gc_slot *slot, uint64_t length)
{
    gc_local_new(mutator, slot, &shapes[NUMBERS], length * sizeof(double));
    double *numbers = gc_payload(gc_local_get(slot), &shapes[NUMBERS]);
    for (uint64_t i = 0; i < length / 2; i++)
        numbers[i] = 1.0 / (double)i;
}

/* The original prints "Failed" when the long-lived data are damaged. Here the checksum comes out wrong. */
static uint64_t check_long_lived(struct gc_mutator *mutator, uint64_t checksum)
{
    const double *numbers = gc_payload(gc_local_get(gc_global(mutator, ARRAY_GLOBAL)), &shapes[NUMBERS]);
    uint64_t bits;
    memcpy(&bits, &numbers[CHECKED], sizeof bits);
    checksum = checksum_add(checksum, bits);
    return checksum_add(checksum, tree_count(mutator, gc_local_get(gc_global(mutator, TREE_GLOBAL))));
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct bench_options *chosen = values;
    (void)random;
    uint64_t checksum = build_and_drop(mutator, chosen->stretch, tree_build_bottom_up);
    gc_checkpoint(mutator, "heap stretched");
    tree_build_top_down(mutator, gc_global(mutator, TREE_GLOBAL), chosen->lived);
    array_build(mutator, gc_global(mutator, ARRAY_GLOBAL), chosen->array);
    gc_checkpoint(mutator, "long-lived built");
    for (uint64_t depth = chosen->min; depth <= chosen->max; depth += 2)
        checksum = checksum_add(checksum, construct(mutator, chosen, depth));
    gc_checkpoint(mutator, "trees dropped");
    return check_long_lived(mutator, checksum);
}

const struct workload workload = {
    .name = "gcbench",
    .group = "classic",
    .summary = "GCBench as published: trees that stay and trees that go, built from both ends",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = GLOBALS,
    .run = run,
};
