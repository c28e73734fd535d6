/* SPDX-License-Identifier: MIT */
/*
 * Reference counting by hand. One half frees by recursion. The other frees in a loop over a list that is
 * threaded through the headers of the dead, and no structure is too deep for it.
 */
#include <stdlib.h>

#include "tests/measuring/benchmarks/by-hand.h"
#include "workloads/workload.h"

struct node {
    union {
        struct {
            uint32_t type;
            uint32_t count;
        };
        struct node *next; /* of the dead */
    };
    struct node *refs[2];
};

static struct node *slots[BY_HAND_SLOTS];
static struct node **top = slots;

static void node_free(struct node *node)
{
    for (int i = 0; i < 2; i++) {
        struct node *child = node->refs[i];
        if (child && --child->count == 0)
            node_free(child);
    }
    free(node);
}

static void node_free_in_a_loop(struct node *node)
{
    struct node *list = node;
    node->next = NULL;
    while (list) {
        struct node *dead = list;
        list = dead->next;
        for (int i = 0; i < 2; i++) {
            struct node *child = dead->refs[i];
            if (child && --child->count == 0) {
                child->next = list;
                list = child;
            }
        }
        free(dead);
    }
}

/* Constant wherever it is asked: everything from here on is compiled once for each of the two. */
enum freeing { RECURSIVE, IN_A_LOOP };
#define EITHER_WAY static inline __attribute__((always_inline))

EITHER_WAY void node_drop(struct node *node, enum freeing freeing)
{
    if (!node || --node->count != 0)
        return;
    if (freeing == IN_A_LOOP)
        node_free_in_a_loop(node);
    else
        node_free(node);
}

EITHER_WAY void place_set(struct node **place, struct node *value, enum freeing freeing)
{
    struct node *old = *place;
    if (value)
        value->count++;
    *place = value;
    node_drop(old, freeing);
}

/* Puts a value whose reference is the caller's to give. */
EITHER_WAY void place_give(struct node **place, struct node *value, enum freeing freeing)
{
    struct node *old = *place;
    *place = value;
    node_drop(old, freeing);
}

EITHER_WAY void place_new(struct node **place, enum freeing freeing)
{
    struct node *node = malloc(sizeof *node);
    if (!node)
        abort();
    *node = (struct node){.count = 1};
    place_give(place, node, freeing);
}

EITHER_WAY void place_move(struct node **to, struct node **from, enum freeing freeing)
{
    struct node *value = *from;
    *from = NULL;
    place_give(to, value, freeing);
}

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

EITHER_WAY void frame_leave(struct node **frame, int count, enum freeing freeing)
{
    for (int i = 0; i < count; i++)
        place_give(&frame[i], NULL, freeing);
    top = frame;
}

static void tree_build_recursive(struct node **result, uint64_t depth);
static void tree_build_in_a_loop(struct node **result, uint64_t depth);

EITHER_WAY void tree_build_again(struct node **result, uint64_t depth, enum freeing freeing)
{
    if (freeing == IN_A_LOOP)
        tree_build_in_a_loop(result, depth);
    else
        tree_build_recursive(result, depth);
}

EITHER_WAY void tree_build(struct node **result, uint64_t depth, enum freeing freeing)
{
    struct node **frame = frame_enter(2);
    place_new(&frame[0], freeing);
    if (depth > 0) {
        tree_build_again(&frame[1], depth - 1, freeing);
        place_set(&frame[0]->refs[0], frame[1], freeing);
        tree_build_again(&frame[1], depth - 1, freeing);
        place_set(&frame[0]->refs[1], frame[1], freeing);
    }
    place_move(result, &frame[0], freeing);
    frame_leave(frame, 2, freeing);
}

static void tree_build_recursive(struct node **result, uint64_t depth)
{
    tree_build(result, depth, RECURSIVE);
}

static void tree_build_in_a_loop(struct node **result, uint64_t depth)
{
    tree_build(result, depth, IN_A_LOOP);
}

static uint64_t tree_count(const struct node *tree)
{
    if (!tree->refs[0])
        return 1;
    return 1 + tree_count(tree->refs[0]) + tree_count(tree->refs[1]);
}

EITHER_WAY uint64_t build_and_count(uint64_t depth, enum freeing freeing)
{
    struct node **frame = frame_enter(1);
    tree_build_again(&frame[0], depth, freeing);
    uint64_t count = tree_count(frame[0]);
    frame_leave(frame, 1, freeing);
    return count;
}

EITHER_WAY uint64_t trees(uint64_t deepest, enum freeing freeing)
{
    struct node **stays = frame_enter(1);
    uint64_t checksum = build_and_count(deepest + 1, freeing);
    tree_build_again(stays, deepest, freeing);
    for (uint64_t depth = BY_HAND_SHALLOWEST; depth <= deepest; depth += 2) {
        uint64_t count = (uint64_t)1 << (deepest - depth + BY_HAND_SHALLOWEST);
        uint64_t nodes = 0;
        for (uint64_t i = 0; i < count; i++)
            nodes += build_and_count(depth, freeing);
        checksum = checksum_add(checksum, nodes);
    }
    return checksum_add(checksum, tree_count(*stays));
}

EITHER_WAY void list_reverse(struct node **list, enum freeing freeing)
{
    struct node **frame = frame_enter(2);
    while (*list) {
        place_set(&frame[0], (*list)->refs[0], freeing);
        place_set(&(*list)->refs[0], frame[1], freeing);
        place_set(&frame[1], *list, freeing);
        place_set(list, frame[0], freeing);
    }
    place_move(list, &frame[1], freeing);
    frame_leave(frame, 2, freeing);
}

EITHER_WAY uint64_t list(uint64_t nodes, uint64_t rounds, enum freeing freeing)
{
    struct node **frame = frame_enter(2);
    uint64_t length = 0;
    for (uint64_t i = 0; i < nodes; i++) {
        place_new(&frame[1], freeing);
        place_set(&frame[1]->refs[0], frame[0], freeing);
        place_move(&frame[0], &frame[1], freeing);
    }
    for (uint64_t i = 0; i < rounds; i++)
        list_reverse(&frame[0], freeing);
    for (const struct node *node = frame[0]; node; node = node->refs[0])
        length++;
    frame_leave(frame, 2, freeing);
    return length;
}

static uint64_t trees_recursive(uint64_t deepest)
{
    return trees(deepest, RECURSIVE);
}

static uint64_t trees_in_a_loop(uint64_t deepest)
{
    return trees(deepest, IN_A_LOOP);
}

static uint64_t list_recursive(uint64_t nodes, uint64_t rounds)
{
    return list(nodes, rounds, RECURSIVE);
}

static uint64_t list_in_a_loop(uint64_t nodes, uint64_t rounds)
{
    return list(nodes, rounds, IN_A_LOOP);
}

const struct by_hand by_hand_first = {"counted by hand, recursive", trees_recursive, list_recursive};
const struct by_hand by_hand_second = {"counted by hand, in a loop", trees_in_a_loop, list_in_a_loop};
