/* SPDX-License-Identifier: MIT */
/*
 * lru-cache: a hash table whose entries also lie on a doubly linked list in order of use. The models are
 * Python's functools.lru_cache and most caches of web servers and databases. Keys are drawn, and values are
 * looked up or made. When the cache is full, the `batch` least recently used entries are evicted together.
 *
 * With unlink=on an evicted entry is taken off the list and its links are cleared, so that it dies at once.
 * With unlink=off the list is cut in front of the batch and the entries keep their links. Next and prev then
 * hold them together as cyclic garbage that also refers to the living. Such careless eviction made the caches
 * of many applications leak under reference counting. A batch of one has no neighbour, and is no cycle.
 *
 * Keys are Zipf-distributed with exponent 1, as in most caches (Breslau et al., Web caching and Zipf-like
 * distributions, INFOCOM 1999), or uniform.
 *
 * Stresses barriers (a hit moves its entry to the front), references from old objects to young ones, and
 * deaths of the oldest objects.
 *
 * Looking up takes most of the time. Conclude nothing about the speed of allocation.
 */
#include "collectors/gc.h"
#include "workloads/lru-cache/cache.h"
#include "workloads/workload.h"

enum { KEYS_ZIPF, KEYS_UNIFORM };
static const char *const key_words[] = {"zipf", "uniform", NULL};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct cache_options, operations, 4e6, 0, 1e12, "", "look-ups"),
    OPTION_INTEGER(struct cache_options, capacity, 1e4, 2, 1e8, "entries", "the cache never holds more"),
    OPTION_INTEGER(struct cache_options, keys, 1e5, 1, 1e12, "keys", "different keys there are"),
    OPTION_CHOICE(struct cache_options, distribution, KEYS_ZIPF, key_words, "how keys are distributed"),
    OPTION_INTEGER(struct cache_options, batch, 8, 1, 1e8, "entries",
                   "evicted together when the cache is full; at most its capacity"),
    OPTION_SWITCH(struct cache_options, unlink, true, "clear the links of an entry that is evicted"),
};
static const struct option_table options = OPTION_TABLE(struct cache_options, option_specs);

static uint64_t key_draw(const struct cache_options *chosen, struct random_state *random)
{
    if (chosen->distribution == KEYS_UNIFORM)
        return 1 + random_below(random, chosen->keys);
    return zipf_draw(random, chosen->keys);
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct cache_options *chosen = values;
    struct gc_slot *cache = gc_global(mutator, 0);
    uint64_t checksum = 0;
    cache_build(mutator, cache, chosen->capacity);
    for (uint64_t i = 0; i < chosen->operations; i++) {
        checksum = checksum_add(checksum, cache_get(mutator, cache, chosen, key_draw(chosen, random), i));
        if (i == chosen->operations / 2)
            gc_checkpoint(mutator, "half of the look-ups done");
    }
    gc_checkpoint(mutator, "look-ups done");
    return cache_read(mutator, gc_local_get(cache), checksum);
}

const struct workload workload = {
    .name = "lru-cache",
    .group = "share",
    .summary = "a table and a list of entries in order of use: links that change, and deaths by age",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = 1,
    .run = run,
};
