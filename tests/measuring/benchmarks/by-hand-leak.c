/* SPDX-License-Identifier: MIT */
/*
 * malloc by hand, and no free. Local names are in frames of slots in one half, and in C's own variables in
 * the other.
 */
#include <stdlib.h>

#include "tests/measuring/benchmarks/by-hand.h"
#include "workloads/workload.h"

struct node {
    uint32_t type;
    uint32_t count;
    struct node *refs[2];
};

static struct node *slots[BY_HAND_SLOTS];
static struct node **top = slots;

static inline struct node *node_new(void)
{
    struct node *node = malloc(sizeof *node);
    if (!node)
        abort();
    *node = (struct node){.count = 1};
    return node;
}

static uint64_t tree_count(const struct node *tree)
{
    if (!tree->refs[0])
        return 1;
    return 1 + tree_count(tree->refs[0]) + tree_count(tree->refs[1]);
}

static uint64_t list_length(const struct node *node)
{
    uint64_t length = 0;
    for (; node; node = node->refs[0])
        length++;
    return length;
}

/* ---- in frames ---- */

static inline struct node **frame_enter(int count)
{
    struct node **frame = top;
    if (top + count > slots + BY_HAND_SLOTS)
        abort();
    top += count;
    for (int i = 0; i < count; i++)
        frame[i] = NULL;
    return frame;
}

static inline void frame_leave(struct node **frame)
{
    top = frame;
}

static void frame_tree_build(struct node **result, uint64_t depth)
{
    struct node **frame = frame_enter(2);
    frame[0] = node_new();
    if (depth > 0) {
        frame_tree_build(&frame[1], depth - 1);
        frame[0]->refs[0] = frame[1];
        frame_tree_build(&frame[1], depth - 1);
        frame[0]->refs[1] = frame[1];
    }
    *result = frame[0];
    frame[0] = NULL;
    frame_leave(frame);
}

static uint64_t frame_build_and_count(uint64_t depth)
{
    struct node **frame = frame_enter(1);
    frame_tree_build(&frame[0], depth);
    uint64_t count = tree_count(frame[0]);
    frame_leave(frame);
    return count;
}

static uint64_t frame_trees(uint64_t deepest)
{
    struct node **stays = frame_enter(1);
    uint64_t checksum = frame_build_and_count(deepest + 1);
    frame_tree_build(stays, deepest);
    for (uint64_t depth = BY_HAND_SHALLOWEST; depth <= deepest; depth += 2) {
        uint64_t count = (uint64_t)1 << (deepest - depth + BY_HAND_SHALLOWEST);
        uint64_t nodes = 0;
        for (uint64_t i = 0; i < count; i++)
            nodes += frame_build_and_count(depth);
        checksum = checksum_add(checksum, nodes);
    }
    return checksum_add(checksum, tree_count(*stays));
}

static void frame_list_reverse(struct node **list)
{
    struct node **frame = frame_enter(2);
    while (*list) {
        frame[0] = (*list)->refs[0];
        (*list)->refs[0] = frame[1];
        frame[1] = *list;
        *list = frame[0];
    }
    *list = frame[1];
    frame[1] = NULL;
    frame_leave(frame);
}

static uint64_t frame_list(uint64_t nodes, uint64_t rounds)
{
    struct node **frame = frame_enter(2);
    for (uint64_t i = 0; i < nodes; i++) {
        frame[1] = node_new();
        frame[1]->refs[0] = frame[0];
        frame[0] = frame[1];
        frame[1] = NULL;
    }
    for (uint64_t i = 0; i < rounds; i++)
        frame_list_reverse(&frame[0]);
    uint64_t length = list_length(frame[0]);
    frame_leave(frame);
    return length;
}

/* ---- in variables ---- */

static struct node *tree_build(uint64_t depth)
{
    struct node *node = node_new();
    if (depth > 0) {
        node->refs[0] = tree_build(depth - 1);
        node->refs[1] = tree_build(depth - 1);
    }
    return node;
}

static uint64_t trees(uint64_t deepest)
{
    uint64_t checksum = tree_count(tree_build(deepest + 1));
    struct node *stays = tree_build(deepest);
    for (uint64_t depth = BY_HAND_SHALLOWEST; depth <= deepest; depth += 2) {
        uint64_t count = (uint64_t)1 << (deepest - depth + BY_HAND_SHALLOWEST);
        uint64_t nodes = 0;
        for (uint64_t i = 0; i < count; i++)
            nodes += tree_count(tree_build(depth));
        checksum = checksum_add(checksum, nodes);
    }
    return checksum_add(checksum, tree_count(stays));
}

static uint64_t list(uint64_t nodes, uint64_t rounds)
{
    struct node *head = NULL;
    for (uint64_t i = 0; i < nodes; i++) {
        struct node *node = node_new();
        node->refs[0] = head;
        head = node;
    }
    for (uint64_t i = 0; i < rounds; i++) {
        struct node *reversed = NULL;
        while (head) {
            struct node *next = head->refs[0];
            head->refs[0] = reversed;
            reversed = head;
            head = next;
        }
        head = reversed;
    }
    return list_length(head);
}

const struct by_hand by_hand_first = {"malloc by hand, in frames", frame_trees, frame_list};
const struct by_hand by_hand_second = {"malloc by hand, in variables", trees, list};
