/* SPDX-License-Identifier: MIT */
/*
 * binary-trees: the benchmark of that name in the Computer Language Benchmarks Game, after Hans Boehm's
 * GCBench. One long-lived tree stays. Beside it very many short-lived trees of growing depth are built,
 * counted and dropped.
 *
 * Stresses the allocation of many small objects of one size, and their release in cascades over a deep and
 * orderly graph.
 *
 * Nothing is shared, nothing lies on a cycle, and no object changes after its construction. Conclude nothing
 * about barriers, cycle collection or fragmentation.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

struct trees_options {
    uint64_t depth;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct trees_options, depth, 16, 4, 26, "levels", "depth of the deepest trees"),
};
static const struct option_table options = OPTION_TABLE(struct trees_options, option_specs);

enum { NODE };
static const struct gc_shape shapes[] = {
    [NODE] = {.name = "node", .id = NODE, .refs = 2},
};
enum { LEFT, RIGHT };
enum { SHALLOWEST = 4 };

/* `return Node(build(depth - 1), build(depth - 1))` */
static void tree_build(struct gc_mutator *mutator, struct gc_slot *result, uint64_t depth)
{
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    gc_local_new(mutator, &frame.slot[0], &shapes[NODE], 0);
    if (depth > 0) {
        tree_build(mutator, &frame.slot[1], depth - 1);
        gc_field_set(mutator, gc_local_get(&frame.slot[0]), LEFT, gc_local_get(&frame.slot[1]));
        tree_build(mutator, &frame.slot[1], depth - 1);
        gc_field_set(mutator, gc_local_get(&frame.slot[0]), RIGHT, gc_local_get(&frame.slot[1]));
    }
    gc_local_move(mutator, result, &frame.slot[0]);
    gc_frame_leave(mutator, frame);
}

static uint64_t tree_count(struct gc_mutator *mutator, struct gc_ref tree)
{
    if (gc_is_null(gc_field_get(mutator, tree, LEFT)))
        return 1;
    return 1 + tree_count(mutator, gc_field_get(mutator, tree, LEFT)) +
           tree_count(mutator, gc_field_get(mutator, tree, RIGHT));
}

static uint64_t build_and_count(struct gc_mutator *mutator, uint64_t depth)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    tree_build(mutator, &frame.slot[0], depth);
    uint64_t count = tree_count(mutator, gc_local_get(&frame.slot[0]));
    gc_frame_leave(mutator, frame);
    return count;
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct trees_options *chosen = values;
    (void)random;
    uint64_t deepest = chosen->depth > SHALLOWEST + 2 ? chosen->depth : SHALLOWEST + 2;
    uint64_t checksum = build_and_count(mutator, deepest + 1);
    tree_build(mutator, gc_global(mutator, 0), deepest);
    for (uint64_t depth = SHALLOWEST; depth <= deepest; depth += 2) {
        uint64_t trees = (uint64_t)1 << (deepest - depth + SHALLOWEST);
        uint64_t nodes = 0;
        for (uint64_t i = 0; i < trees; i++)
            nodes += build_and_count(mutator, depth);
        checksum = checksum_add(checksum, nodes);
        gc_checkpoint(mutator, "depth done");
    }
    return checksum_add(checksum, tree_count(mutator, gc_local_get(gc_global(mutator, 0))));
}

const struct workload workload = {
    .name = "binary-trees",
    .group = "allocate",
    .summary = "many short-lived trees beside one that stays (the Benchmarks Game's program)",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = 1,
    .run = run,
};
