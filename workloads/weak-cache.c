/* SPDX-License-Identifier: MIT */
/*
 * weak-cache: a table of weak references to values that others hold, as Python's weakref.WeakValueDictionary. When a
 * value dies, the callback of its weak reference takes the entry out of the table.
 *
 * Reports: in therubyracer entries were not taken out, and a loop grew from 138 MB resident to more than 720
 * (rubyjs/therubyracer, pull request 336). Entries of dead values remain visible until their callbacks run
 * (denostack/weakref, issue 2). The callback for an older value of a key takes out the entry of the new one
 * (denostack/weakref, issue 1).
 *
 * Clients hold `live` values. An operation looks up one of these by its key, and finds it in the table. A share of
 * `misses` gives the client a new value under a new key, a share of `replaced` one under its old key. What the client
 * held dies. After each operation what is due is called.
 *
 * Stresses weak references: each value has one, and so each death clears one and calls back. What a collector has not
 * yet found dead still has an entry, so the lists of the table are longer. Raise `misses` and `bytes` for more of it.
 * mark-sweep took 6 times as long as the best.
 *
 * A program that looks up values that nobody holds finds more of them, the later its collector comes. This one never
 * does, so that the work is the same under all collectors. Conclude nothing about hit rates of weak caches. Values lie on
 * no rings: rc finds all that dies.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

struct cache_options {
    uint64_t operations;
    uint64_t live;
    uint64_t buckets;
    uint64_t bytes;
    double misses;
    double replaced;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct cache_options, operations, 4e6, 0, 1e12, "", "values that are asked for"),
    OPTION_INTEGER(struct cache_options, live, 5e4, 1, 1e9, "values", "values that clients hold"),
    OPTION_INTEGER(struct cache_options, buckets, 65536, 1, 1e9, "lists", "lists of the table"),
    OPTION_INTEGER(struct cache_options, bytes, 64, 8, 1e9, "bytes", "what a value holds"),
    OPTION_REAL(struct cache_options, misses, 0.3, 0, 1, "",
                "share of the operations that make a value with a new key"),
    OPTION_REAL(struct cache_options, replaced, 0.05, 0, 1, "",
                "share of the operations that make a value with a key that has one"),
};
static const struct option_table options = OPTION_TABLE(struct cache_options, option_specs);

enum { ARRAY, VALUE, DATA, ENTRY };
static const struct gc_shape shapes[] = {
    [ARRAY] = {.name = "array", .id = ARRAY, .flags = GC_SHAPE_REFS_VARY},
    [VALUE] =
        {.name = "value", .id = VALUE, .flags = GC_SHAPE_REFERENT, .refs = 1, .payload = sizeof(uint64_t)},
    [DATA] = {.name = "data", .id = DATA, .flags = GC_SHAPE_BYTES_VARY | GC_SHAPE_ACYCLIC},
    [ENTRY] = {.name = "entry",
               .id = ENTRY,
               .flags = GC_SHAPE_WEAK | GC_SHAPE_CALLED,
               .refs = 1,
               .payload = sizeof(uint64_t) + GC_WEAK_BYTES},
};
enum { VALUE_DATA };
enum { ENTRY_NEXT };

enum { CLIENTS, TABLE, GLOBALS }; /* the names of two arrays */

struct cache_state {
    const struct cache_options *chosen;
    struct random_state *random;
    uint64_t keys; /* given so far */
    uint64_t checksum;
};

static uint64_t *key_of(struct gc_ref object, unsigned id)
{
    return gc_payload(object, &shapes[id]);
}

/* ---- the table: each list leads from the youngest entry to the oldest ---- */

static struct gc_ref table_of(struct gc_mutator *mutator)
{
    return gc_local_get(gc_global(mutator, TABLE));
}

static uint64_t bucket_of(struct gc_ref table, uint64_t key)
{
    return checksum_add(0, key) % gc_length(table);
}

/* Returns the entry of a key, borrowed, or null. Nothing here collects or drops. */
static struct gc_ref table_find(struct gc_mutator *mutator, uint64_t key)
{
    struct gc_ref table = table_of(mutator);
    struct gc_ref entry = gc_field_get(mutator, table, bucket_of(table, key));
    while (!gc_is_null(entry) && *key_of(entry, ENTRY) != key)
        entry = gc_field_get(mutator, entry, ENTRY_NEXT);
    return entry;
}

/* Takes an entry out of the table. One that another has taken the place of is not there. */
static void table_remove(struct gc_mutator *mutator, struct gc_ref entry)
{
    struct gc_ref holder = table_of(mutator);
    uint64_t place = bucket_of(holder, *key_of(entry, ENTRY));
    struct gc_ref next = gc_field_get(mutator, holder, place);
    while (!gc_is_null(next) && next.object != entry.object) {
        holder = next;
        place = ENTRY_NEXT;
        next = gc_field_get(mutator, holder, place);
    }
    if (!gc_is_null(next))
        gc_field_set(mutator, holder, place, gc_field_get(mutator, entry, ENTRY_NEXT));
}

/* Puts in a weak reference to a value. It takes the place of one with the same key, which is dropped. */
static void table_put(struct gc_mutator *mutator, const struct gc_slot *value)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *entry = &frame.slot[0];
    uint64_t key = *key_of(gc_local_get(value), VALUE);
    gc_local_new(mutator, entry, &shapes[ENTRY], 0);
    *key_of(gc_local_get(entry), ENTRY) = key;
    struct gc_ref old = table_find(mutator, key);
    if (!gc_is_null(old))
        table_remove(mutator, old);
    struct gc_ref table = table_of(mutator);
    uint64_t place = bucket_of(table, key);
    gc_weak_set(mutator, gc_local_get(entry), gc_local_get(value));
    gc_field_set(mutator, gc_local_get(entry), ENTRY_NEXT, gc_field_get(mutator, table, place));
    gc_field_set(mutator, table, place, gc_local_get(entry));
    gc_frame_leave(mutator, frame);
}

/* The callback of an entry whose value has died. An entry that was replaced has died, too, but may not have been found. */
static void finalise(struct gc_mutator *mutator, struct gc_slot *self, enum gc_due due)
{
    struct gc_ref entry = gc_local_get(self);
    (void)due;
    if (!gc_is_null(gc_weak_get(mutator, entry)))
        workload_fail("the value of key %llu lives, and its entry is called back",
                      (unsigned long long)*key_of(entry, ENTRY));
    if (!gc_is_null(table_of(mutator)))
        table_remove(mutator, entry);
}

/* ---- clients ---- */

static struct gc_ref client_of(struct gc_mutator *mutator, uint64_t client)
{
    return gc_field_get(mutator, gc_local_get(gc_global(mutator, CLIENTS)), client);
}

/* Gives a client a new value. What it held dies. */
static void client_fill(struct gc_mutator *mutator, struct cache_state *state, uint64_t client, uint64_t key)
{
    enum { NEW, HELD, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *value = &frame.slot[NEW], *data = &frame.slot[HELD];
    gc_local_new(mutator, data, &shapes[DATA], state->chosen->bytes);
    *key_of(gc_local_get(data), DATA) = checksum_add(key, client);
    gc_local_new(mutator, value, &shapes[VALUE], 0);
    *key_of(gc_local_get(value), VALUE) = key;
    gc_field_set(mutator, gc_local_get(value), VALUE_DATA, gc_local_get(data));
    table_put(mutator, value);
    gc_field_set(mutator, gc_local_get(gc_global(mutator, CLIENTS)), client, gc_local_get(value));
    gc_frame_leave(mutator, frame);
}

/* Finds the value of a client by its key, and reads it. Nothing here collects or drops. */
static void client_look_up(struct gc_mutator *mutator, struct cache_state *state, uint64_t client)
{
    struct gc_ref held = client_of(mutator, client);
    struct gc_ref entry = table_find(mutator, *key_of(held, VALUE));
    struct gc_ref value = gc_is_null(entry) ? GC_NULL : gc_weak_get(mutator, entry);
    if (value.object != held.object)
        workload_fail("key %llu leads to another value", (unsigned long long)*key_of(held, VALUE));
    state->checksum = checksum_add(state->checksum, *key_of(value, VALUE));
    state->checksum = checksum_add(state->checksum, *key_of(gc_field_get(mutator, value, VALUE_DATA), DATA));
}

static void step(struct gc_mutator *mutator, struct cache_state *state)
{
    uint64_t client = random_below(state->random, state->chosen->live);
    double drawn = random_real(state->random);
    if (drawn < state->chosen->misses)
        client_fill(mutator, state, client, state->keys++);
    else if (drawn < state->chosen->misses + state->chosen->replaced)
        client_fill(mutator, state, client, *key_of(client_of(mutator, client), VALUE));
    else
        client_look_up(mutator, state, client);
    gc_finalise(mutator);
}

/* Lets all deaths be found. Each entry of the table must lead to a value then. Returns how many there are. */
static uint64_t table_settle(struct gc_mutator *mutator)
{
    uint64_t entries = 0;
    gc_finalise(mutator);
    gc_collect(mutator, GC_COLLECT_FULL);
    gc_finalise(mutator);
    struct gc_ref table = table_of(mutator);
    for (uint64_t i = 0; i < gc_length(table); i++) {
        struct gc_ref entry = gc_field_get(mutator, table, i);
        for (; !gc_is_null(entry); entry = gc_field_get(mutator, entry, ENTRY_NEXT)) {
            if (gc_is_null(gc_weak_get(mutator, entry)))
                workload_fail("key %llu has an entry, and its value is dead",
                              (unsigned long long)*key_of(entry, ENTRY));
            entries++;
        }
    }
    return entries;
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct cache_options *chosen = values;
    struct cache_state state = {.chosen = chosen, .random = random};
    gc_local_new(mutator, gc_global(mutator, CLIENTS), &shapes[ARRAY], chosen->live);
    gc_local_new(mutator, gc_global(mutator, TABLE), &shapes[ARRAY], chosen->buckets);
    for (uint64_t client = 0; client < chosen->live; client++)
        client_fill(mutator, &state, client, state.keys++);
    for (uint64_t i = 0; i < chosen->operations; i++) {
        step(mutator, &state);
        if (i == chosen->operations / 2) {
            table_settle(mutator);
            gc_checkpoint(mutator, "half of the values asked for");
        }
    }
    uint64_t entries = table_settle(mutator);
    gc_checkpoint(mutator, "all values asked for");
    for (uint64_t client = 0; client < chosen->live; client++)
        client_look_up(mutator, &state, client);
    return checksum_add(state.checksum, entries);
}

const struct workload workload = {
    .name = "weak-cache",
    .group = "pathology",
    .summary = "a table of weak references, from which callbacks take the entries of dead values",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = GLOBALS,
    .run = run,
    .finalise = finalise,
};
