/* SPDX-License-Identifier: MIT */
/*
 * binary-trees with malloc and free by hand. It makes the same trees as the workload of that name, without
 * counts and frames, and frees each tree as soon as it has counted it. It prints the processor time that
 * took, in ns.
 *
 * usage: explicit-trees DEPTH
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SHALLOWEST = 4 };

struct node {
    uint64_t header;
    struct node *left;
    struct node *right;
};

static struct node *tree_build(uint64_t depth)
{
    struct node *node = malloc(sizeof *node);
    if (!node)
        exit(1);
    *node = (struct node){0};
    if (depth > 0) {
        node->left = tree_build(depth - 1);
        node->right = tree_build(depth - 1);
    }
    return node;
}

static uint64_t tree_count(const struct node *tree)
{
    return tree->left ? 1 + tree_count(tree->left) + tree_count(tree->right) : 1;
}

static void tree_free(struct node *tree)
{
    if (tree->left) {
        tree_free(tree->left);
        tree_free(tree->right);
    }
    free(tree);
}

static uint64_t build_and_count(uint64_t depth)
{
    struct node *tree = tree_build(depth);
    uint64_t count = tree_count(tree);
    tree_free(tree);
    return count;
}

int main(int argc, char **argv)
{
    struct timespec time;
    uint64_t deepest = argc > 1 ? strtoull(argv[1], NULL, 10) : 18;
    uint64_t nodes = build_and_count(deepest + 1);
    struct node *stays = tree_build(deepest);
    for (uint64_t depth = SHALLOWEST; depth <= deepest; depth += 2) {
        uint64_t trees = (uint64_t)1 << (deepest - depth + SHALLOWEST);
        for (uint64_t i = 0; i < trees; i++)
            nodes += build_and_count(depth);
    }
    nodes += tree_count(stays);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    printf("%llu %llu\n", (unsigned long long)time.tv_sec * 1000000000u + (unsigned long long)time.tv_nsec,
           (unsigned long long)nodes);
    return 0;
}
