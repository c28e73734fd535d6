/* SPDX-License-Identifier: MIT */
/*
 * The programs of the interface benchmark as a good C programmer writes them without the interface. They use
 * the same objects: 24 bytes from malloc, cleared, with a type and, where the program counts, a count.
 */
#ifndef TESTS_MEASURING_BENCHMARKS_BY_HAND_H
#define TESTS_MEASURING_BENCHMARKS_BY_HAND_H

#include <stdint.h>

struct by_hand {
    const char *name;
    uint64_t (*trees)(uint64_t depth);                 /* as workloads/binary-trees.c; returns its checksum */
    uint64_t (*list)(uint64_t nodes, uint64_t rounds); /* reverses a list in place; returns its length */
};

/* Two ways of writing it for each collector that is compared: each says in its name what it is. */
extern const struct by_hand by_hand_first;
extern const struct by_hand by_hand_second;

/* What both have of the trees. */
enum { BY_HAND_SHALLOWEST = 4, BY_HAND_SLOTS = 1 << 16 };

#endif
