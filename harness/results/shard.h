/* SPDX-License-Identifier: MIT */
/*
 * A shard of a run: whole blocks of its plan, which are measured elsewhere than the others, or at another time.
 * Shard i of n has every block b with b mod n = i - 1. So each machine is a statistical block of its own, and a
 * process has the id that it has in the whole run. The manifest of a shard's folder says which it is, and merge.h
 * makes one run of several.
 */
#ifndef HARNESS_RESULTS_SHARD_H
#define HARNESS_RESULTS_SHARD_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct shard {
    uint64_t index, count; /* the index is from 1 to the count */
};

/* All blocks of a run. */
#define SHARD_WHOLE ((struct shard){1, 1})

/* What a shard looks like, for the line that refuses another text. */
#define SHARD_EXPECTED "I/N, shard I of N, as in 2/4"

/* Reads "2/4". Returns false where the text is no shard; `*ret_shard` is unchanged then. */
bool shard_read(const char *text, struct shard *ret_shard);

/* The manifest's `shard`: {index, of}; a new reference. */
json_t *shard_describe(struct shard shard);

/* The shard that a checked manifest names; SHARD_WHOLE where it names none. O(1). */
struct shard shard_of_manifest(const json_t *manifest);

/* Whether a manifest's `shard`, which may be missing, is one of a run of so many blocks. O(1). */
bool shard_fits(const json_t *manifest, uint64_t blocks);

/* Whether the block is of the shard. O(1). */
static inline bool shard_has(struct shard shard, uint64_t block)
{
    return block % shard.count == shard.index - 1;
}

/* How many of a run's blocks are of the shard. O(1). */
static inline uint64_t shard_blocks(struct shard shard, uint64_t blocks)
{
    return blocks / shard.count + (blocks % shard.count >= shard.index);
}

#endif
