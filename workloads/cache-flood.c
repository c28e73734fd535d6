/* SPDX-License-Identifier: MIT */
/*
 * cache-flood: a scan runs beside the look-ups of a cache, which is that of lru-cache, and asks for each of its keys
 * once. Its share of the look-ups rises from nothing to all, and the share of hits falls. That scans flood such a cache
 * is the known flaw of eviction by last use (O'Neil and others, The LRU-K page replacement algorithm, SIGMOD 1993;
 * Megiddo and Modha, ARC, FAST 2003). To a collector it is a live heap of one size in which objects live for ever
 * shorter, until each dies when as many others have been made as the cache holds.
 *
 * The keys of the other look-ups are Zipf-distributed with exponent 1. With unlink=off the entries that are evicted
 * together are a ring, which also refers to the living.
 *
 * Stresses what a collector takes from the past: the objects that it has promoted die in middle age, all of them, and
 * counting walks memory that has left the processor's cache. Compare with lru-cache, where few entries are ever
 * evicted. The naive trigger of rc-trial (share=0) took some 20 times as long as the best, and other collectors up to 5
 * times.
 *
 * Entries leave one by one, in order. Conclude nothing about caches that drop all of their entries at once, nor about
 * policies of eviction.
 */
#include "collectors/gc.h"
#include "workloads/lru-cache/cache.h"
#include "workloads/workload.h"

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct cache_options, operations, 5e6, 0, 1e12, "", "look-ups, with those of the scan"),
    OPTION_INTEGER(struct cache_options, capacity, 1e5, 2, 1e8, "entries", "the cache never holds more"),
    OPTION_INTEGER(struct cache_options, keys, 1e6, 1, 1e12, "keys",
                   "different keys beside those of the scan"),
    OPTION_INTEGER(struct cache_options, batch, 8, 1, 1e8, "entries",
                   "evicted together when the cache is full; at most its capacity"),
    OPTION_SWITCH(struct cache_options, unlink, true, "clear the links of an entry that is evicted"),
};
static const struct option_table options = OPTION_TABLE(struct cache_options, option_specs);

/* Draws the key of a look-up, by its number from 0: the scan's own, or one of those that are asked for again. */
static uint64_t key_draw(const struct cache_options *chosen, struct random_state *random, uint64_t look_up)
{
    if (random_below(random, chosen->operations) < look_up)
        return chosen->keys + 1 + look_up;
    return zipf_draw(random, chosen->keys);
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct cache_options *chosen = values;
    struct gc_slot *cache = gc_global(mutator, 0);
    uint64_t checksum = 0;
    cache_build(mutator, cache, chosen->capacity);
    for (uint64_t i = 0; i < chosen->operations; i++) {
        uint64_t key = key_draw(chosen, random, i);
        checksum = checksum_add(checksum, cache_get(mutator, cache, chosen, key, i));
        if (i == chosen->operations / 2)
            gc_checkpoint(mutator, "half of the look-ups done");
    }
    gc_checkpoint(mutator, "look-ups done");
    return cache_read(mutator, gc_local_get(cache), checksum);
}

const struct workload workload = {
    .name = "cache-flood",
    .group = "share",
    .summary = "a scan reads past a cache, whose entries die ever sooner",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = 1,
    .run = run,
};
