/* SPDX-License-Identifier: MIT */
/*
 * The cache of lru-cache and cache-flood: a hash table whose entries also lie on a doubly linked list in order of use. A
 * returned `struct gc_ref` is borrowed. Each workload has the functions as its own, so that what is unused is not there,
 * and what is used can be inlined.
 */
#ifndef WORKLOADS_LRU_CACHE_CACHE_H
#define WORKLOADS_LRU_CACHE_CACHE_H

#include "collectors/gc.h"
#include "workloads/workload.h"

struct cache_options {
    uint64_t operations;
    uint64_t capacity;
    uint64_t keys;
    uint64_t distribution;
    uint64_t batch;
    bool unlink;
};

struct cache_payload {
    uint64_t count;
    uint64_t evicted;
};

struct value_payload {
    uint64_t key;
    uint64_t hits;
    uint64_t stamp; /* the number of the look-up that made the value */
};

enum { CACHE, TABLE, ENTRY, VALUE };
static const struct gc_shape shapes[] = {
    [CACHE] = {.name = "cache", .id = CACHE, .refs = 3, .payload = sizeof(struct cache_payload)},
    [TABLE] = {.name = "table", .id = TABLE, .flags = GC_SHAPE_REFS_VARY},
    [ENTRY] = {.name = "entry", .id = ENTRY, .refs = 4, .payload = sizeof(uint64_t)},
    [VALUE] = {.name = "value",
               .id = VALUE,
               .flags = GC_SHAPE_ACYCLIC,
               .payload = sizeof(struct value_payload)},
};
enum { CACHE_TABLE, CACHE_FIRST, CACHE_LAST };
enum { ENTRY_NEXT, ENTRY_PREV, ENTRY_CHAIN, ENTRY_VALUE };

static struct cache_payload *cache_payload(struct gc_ref cache)
{
    return gc_payload(cache, &shapes[CACHE]);
}

static uint64_t *entry_key(struct gc_ref entry)
{
    return gc_payload(entry, &shapes[ENTRY]);
}

static struct value_payload *value_payload(struct gc_ref value)
{
    return gc_payload(value, &shapes[VALUE]);
}

/*
 * Returns a rank from 1 to `count` with probability proportional to 1 / rank, exactly and without a table.
 * Draws an octave [2^e, 2^(e+1)), each equally likely, then a rank in it, and keeps the rank with probability
 * 2^e / rank.
 */
static uint64_t zipf_draw(struct random_state *random, uint64_t count)
{
    uint64_t octaves = 64 - (uint64_t)__builtin_clzll(count);
    for (;;) {
        uint64_t octave = (uint64_t)1 << random_below(random, octaves);
        uint64_t rank = octave + random_below(random, octave);
        if (rank <= count && random_below(random, rank) < octave)
            return rank;
    }
}

/* ---- the table: chains of entries ---- */

static struct gc_ref table_of(struct gc_mutator *mutator, struct gc_slot *cache)
{
    return gc_field_get(mutator, gc_local_get(cache), CACHE_TABLE);
}

static uint64_t bucket_of(uint64_t key, struct gc_ref table)
{
    return (key * 0x9e3779b97f4a7c15u >> 20) & (gc_length(table) - 1);
}

/* Returns the entry of `key`, borrowed, or GC_NULL. Nothing here collects or drops. */
static struct gc_ref table_find(struct gc_mutator *mutator, struct gc_ref table, uint64_t key)
{
    struct gc_ref entry = gc_field_get(mutator, table, bucket_of(key, table));
    while (!gc_is_null(entry) && *entry_key(entry) != key)
        entry = gc_field_get(mutator, entry, ENTRY_CHAIN);
    return entry;
}

static void table_insert(struct gc_mutator *mutator, struct gc_slot *cache, struct gc_slot *entry)
{
    struct gc_ref table = table_of(mutator, cache);
    uint64_t bucket = bucket_of(*entry_key(gc_local_get(entry)), table);
    gc_field_set(mutator, gc_local_get(entry), ENTRY_CHAIN, gc_field_get(mutator, table, bucket));
    gc_field_set(mutator, table_of(mutator, cache), bucket, gc_local_get(entry));
}

/* Takes `entry`, which is in the table, out of its chain. */
static void table_remove(struct gc_mutator *mutator, struct gc_slot *cache, struct gc_slot *entry)
{
    struct gc_ref gone = gc_local_get(entry);
    struct gc_ref after = gc_field_get(mutator, gone, ENTRY_CHAIN);
    struct gc_ref holder = table_of(mutator, cache);
    uint64_t field = bucket_of(*entry_key(gone), holder);
    while (!gc_is_same(gc_field_get(mutator, holder, field), gone)) {
        holder = gc_field_get(mutator, holder, field);
        field = ENTRY_CHAIN;
    }
    gc_field_set(mutator, holder, field, after);
    gc_field_del(mutator, gc_local_get(entry), ENTRY_CHAIN);
}

/* ---- the list, from the most recently used to the least ---- */

/* Makes `object` refer to `other`. A null `object` stands for the cache's own end of the list. */
static void link_set(struct gc_mutator *mutator, struct gc_slot *cache, struct gc_ref object, uint64_t field,
                     struct gc_ref other)
{
    if (gc_is_null(object))
        gc_field_set(mutator, gc_local_get(cache), field == ENTRY_NEXT ? CACHE_FIRST : CACHE_LAST, other);
    else
        gc_field_set(mutator, object, field, other);
}

static struct gc_ref entry_link(struct gc_mutator *mutator, const struct gc_slot *entry, uint64_t field)
{
    return gc_field_get(mutator, gc_local_get(entry), field);
}

/* Takes `entry` off the list, closes the gap, and clears the links of `entry`. */
static void list_remove(struct gc_mutator *mutator, struct gc_slot *cache, struct gc_slot *entry)
{
    link_set(mutator, cache, entry_link(mutator, entry, ENTRY_PREV), ENTRY_NEXT,
             entry_link(mutator, entry, ENTRY_NEXT));
    link_set(mutator, cache, entry_link(mutator, entry, ENTRY_NEXT), ENTRY_PREV,
             entry_link(mutator, entry, ENTRY_PREV));
    gc_field_del(mutator, gc_local_get(entry), ENTRY_NEXT);
    gc_field_del(mutator, gc_local_get(entry), ENTRY_PREV);
}

/* Puts `entry`, which has no links, at the front of the list. */
static void list_insert(struct gc_mutator *mutator, struct gc_slot *cache, struct gc_slot *entry)
{
    gc_field_set(mutator, gc_local_get(entry), ENTRY_NEXT,
                 gc_field_get(mutator, gc_local_get(cache), CACHE_FIRST));
    link_set(mutator, cache, entry_link(mutator, entry, ENTRY_NEXT), ENTRY_PREV, gc_local_get(entry));
    gc_field_set(mutator, gc_local_get(cache), CACHE_FIRST, gc_local_get(entry));
}

static void cache_build(struct gc_mutator *mutator, struct gc_slot *cache, uint64_t capacity)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    uint64_t buckets = (uint64_t)1 << (64 - __builtin_clzll(capacity - 1));
    gc_local_new(mutator, cache, &shapes[CACHE], 0);
    gc_local_new(mutator, &frame.slot[0], &shapes[TABLE], buckets);
    gc_field_set(mutator, gc_local_get(cache), CACHE_TABLE, gc_local_get(&frame.slot[0]));
    gc_frame_leave(mutator, frame);
}

/* Evicts the entry of `at`: takes it out of the table and, with `unlink`, off the list. `at` goes on to the
 * entry before it. */
static void evict_one(struct gc_mutator *mutator, struct gc_slot *cache, struct gc_slot *at, bool unlink)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *entry = &frame.slot[0];
    gc_local_move(mutator, entry, at);
    gc_local_set(mutator, at, entry_link(mutator, entry, ENTRY_PREV));
    table_remove(mutator, cache, entry);
    if (unlink)
        list_remove(mutator, cache, entry);
    struct cache_payload *payload = cache_payload(gc_local_get(cache));
    payload->count--;
    payload->evicted++;
    gc_frame_leave(mutator, frame);
}

static void evict_batch(struct gc_mutator *mutator, struct gc_slot *cache, const struct cache_options *chosen)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *at = &frame.slot[0];
    gc_local_set(mutator, at, gc_field_get(mutator, gc_local_get(cache), CACHE_LAST));
    for (uint64_t i = 0; i < chosen->batch && !gc_is_null(gc_local_get(at)); i++)
        evict_one(mutator, cache, at, chosen->unlink);
    if (!chosen->unlink) {
        link_set(mutator, cache, gc_local_get(at), ENTRY_NEXT, GC_NULL);
        gc_field_set(mutator, gc_local_get(cache), CACHE_LAST, gc_local_get(at));
    }
    gc_frame_leave(mutator, frame);
}

static void cache_add(struct gc_mutator *mutator, struct gc_slot *cache, uint64_t key, uint64_t stamp)
{
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    struct gc_slot *entry = &frame.slot[0];
    struct gc_slot *value = &frame.slot[1];
    gc_local_new(mutator, value, &shapes[VALUE], 0);
    *value_payload(gc_local_get(value)) = (struct value_payload){.key = key, .stamp = stamp};
    gc_local_new(mutator, entry, &shapes[ENTRY], 0);
    *entry_key(gc_local_get(entry)) = key;
    gc_field_set(mutator, gc_local_get(entry), ENTRY_VALUE, gc_local_get(value));
    table_insert(mutator, cache, entry);
    list_insert(mutator, cache, entry);
    cache_payload(gc_local_get(cache))->count++;
    gc_frame_leave(mutator, frame);
}

/* Looks up one key. A hit moves to the front, a miss is made and put there. Returns a digest of its value. */
static uint64_t cache_get(struct gc_mutator *mutator, struct gc_slot *cache,
                          const struct cache_options *chosen, uint64_t key, uint64_t stamp)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *entry = &frame.slot[0];
    gc_local_set(mutator, entry, table_find(mutator, table_of(mutator, cache), key));
    if (gc_is_null(gc_local_get(entry))) {
        if (cache_payload(gc_local_get(cache))->count >= chosen->capacity)
            evict_batch(mutator, cache, chosen);
        cache_add(mutator, cache, key, stamp);
    } else {
        list_remove(mutator, cache, entry);
        list_insert(mutator, cache, entry);
    }
    struct gc_ref found = gc_field_get(mutator, gc_local_get(cache), CACHE_FIRST);
    struct value_payload *value = value_payload(gc_field_get(mutator, found, ENTRY_VALUE));
    uint64_t answer = checksum_add(value->key + value->stamp, ++value->hits);
    gc_frame_leave(mutator, frame);
    return answer;
}

/* Reads the list from its front to its end, and the counts of the cache. */
static uint64_t cache_read(struct gc_mutator *mutator, struct gc_ref cache, uint64_t checksum)
{
    struct gc_ref entry = gc_field_get(mutator, cache, CACHE_FIRST);
    checksum = checksum_add(checksum, cache_payload(cache)->count);
    checksum = checksum_add(checksum, cache_payload(cache)->evicted);
    for (; !gc_is_null(entry); entry = gc_field_get(mutator, entry, ENTRY_NEXT)) {
        const struct value_payload *value = value_payload(gc_field_get(mutator, entry, ENTRY_VALUE));
        checksum = checksum_add(checksum, *entry_key(entry));
        checksum = checksum_add(checksum, value->hits);
    }
    return checksum;
}

#endif
