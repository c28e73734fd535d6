/* SPDX-License-Identifier: MIT */
/*
 * steady-trash: garbage of one kind is made at a steady rate beside objects that live. The garbage is rings
 * of `size` objects, one of which has a payload. The live objects are one strongly connected graph. The
 * dials turn the recipe into those of several public reports:
 *
 *      pattern        options                 after
 *      steady trash   payload=8000            PHP's issue 9239, Nim's issue 24161 (ORC)
 *      large payloads payload=1e6,varied=on   CPython's issue 98801, mruby's pull request 7336
 *      reach          reach=100               PocketMine-MP's pull request 6554
 *      zero yield     cyclic=0,reach=8        PHP's issue 17131
 *      phases         start=1e6               PocketJS's issue 429 (QuickJS)
 *      explicit       explicit=1e4,young=on   CPython's issue 122567
 *      nepotism       queue=100               Akka's issue 19216, RxJava's pull request 7799
 *
 * With `reach` each ring refers to random live objects. With cyclic=0 counting frees each chain at once, and
 * a collection finds nothing. With `start` so many objects live first. They die by counting before the first
 * ring is made, and what a trigger has learnt from them no longer holds.
 *
 * With `explicit` the workload asks for so many collections, evenly over the first half of the rings, while
 * the newest ring lives. In the second half a collector is left to its own trigger.
 *
 * With `queue` the rings wait in line, each referring to the next younger one, and leave in order. No ring
 * that leaves clears its reference. So garbage in an old generation keeps younger rings, and a possible root
 * reaches the whole line.
 *
 * Stresses triggers. Compare the largest heap, the number of collections, and what they visit. In README.md's
 * programs the worst collector took 8 to 110 times as much as its best peer. In zero yield that was the naive
 * trigger of rc-trial (share=0), with 20 times the time. With ten times as much that lives it was not done in
 * two minutes.
 *
 * The payload is the object's own and counts as heap. Bytes outside of the heap are hidden better: hidden-bytes
 * has those. The rate never changes, and all rings are alike. Conclude nothing about bursts, nor about large rings. Under
 * pure counting the rings leak, so the time there is also that of fresh memory. They make a gigabyte by
 * default. So the fastest collectors take no more than a fifth of a second.
 */
#include "collectors/gc.h"
#include "workloads/workload.h"

struct trash_options {
    uint64_t count;
    uint64_t size;
    uint64_t payload;
    bool varied;
    double cyclic;
    uint64_t live;
    uint64_t start;
    uint64_t reach;
    uint64_t queue;
    uint64_t explicit;
    bool young;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct trash_options, count, 8e6, 0, 1e12, "rings", "rings made in all"),
    OPTION_INTEGER(struct trash_options, size, 4, 1, 1e9, "objects", "objects in each ring"),
    OPTION_INTEGER(struct trash_options, payload, 16, 8, 1e9, "bytes", "payload of each ring, in one object"),
    OPTION_SWITCH(struct trash_options, varied, false, "draw each payload, of 8 bytes up to that size"),
    OPTION_REAL(struct trash_options, cyclic, 1, 0, 1, "",
                "share that is closed; the rest are open chains, which counting frees"),
    OPTION_INTEGER(struct trash_options, live, 1e4, 1, 1e9, "objects", "objects that live to the end"),
    OPTION_INTEGER(struct trash_options, start, 0, 0, 1e9, "objects",
                   "objects that live at the start, and are gone before the rings"),
    OPTION_INTEGER(struct trash_options, reach, 0, 0, 1e6, "references",
                   "random live objects to which each ring refers"),
    OPTION_INTEGER(struct trash_options, queue, 0, 0, 1e9, "rings",
                   "rings that wait in line, each referring to the next younger one"),
    OPTION_INTEGER(struct trash_options, explicit, 0, 0, 1e12, "collections",
                   "collections asked for in the first half, at most one for each ring"),
    OPTION_SWITCH(struct trash_options, young, false, "ask for young collections in place of full ones"),
};
static const struct option_table options = OPTION_TABLE(struct trash_options, option_specs);

enum { TABLE, NODE, HEAD, LINK, FAN };
static const struct gc_shape shapes[] = {
    [TABLE] = {.name = "table", .id = TABLE, .flags = GC_SHAPE_REFS_VARY},
    [NODE] = {.name = "node", .id = NODE, .refs = 2, .payload = sizeof(uint64_t)},
    [HEAD] = {.name = "head", .id = HEAD, .flags = GC_SHAPE_BYTES_VARY, .refs = 3},
    [LINK] = {.name = "link", .id = LINK, .refs = 1, .payload = sizeof(uint64_t)},
    [FAN] = {.name = "fan", .id = FAN, .flags = GC_SHAPE_REFS_VARY},
};
enum { NODE_BEFORE, NODE_OTHER };
/* The first field of heads and links. */
enum { NEXT };
enum { HEAD_FAN = NEXT + 1, HEAD_YOUNGER };
/* The table of the live objects; the oldest and the youngest ring in line. */
enum { TABLE_GLOBAL, OLDEST_GLOBAL, YOUNGEST_GLOBAL, GLOBALS };

struct trash_state {
    const struct trash_options *chosen;
    struct random_state *random;
    uint64_t serial;  /* the next object's number */
    uint64_t waiting; /* rings in line */
    uint64_t due;     /* the part of the next collection that is due, in units of 1 / half of the rings */
    uint64_t checksum;
};

static uint64_t *number_of(struct gc_ref object, unsigned id)
{
    return gc_payload(object, &shapes[id]);
}

/* ---- what lives ---- */

/*
 * Makes `count` nodes, which `table` holds. A node refers to the one before it and to a random earlier one.
 * With `closed` the first refers to the last, and so each node reaches all.
 */
static void nodes_build(struct gc_mutator *mutator, struct gc_slot *table, uint64_t count, bool closed,
                        struct random_state *random)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *node = &frame.slot[0];
    gc_local_new(mutator, table, &shapes[TABLE], count);
    for (uint64_t i = 0; i < count; i++) {
        gc_local_new(mutator, node, &shapes[NODE], 0);
        *number_of(gc_local_get(node), NODE) = random_next(random);
        gc_field_set(mutator, gc_local_get(table), i, gc_local_get(node));
        if (i == 0)
            continue;
        gc_field_set(mutator, gc_local_get(node), NODE_BEFORE,
                     gc_field_get(mutator, gc_local_get(table), i - 1));
        gc_field_set(mutator, gc_local_get(node), NODE_OTHER,
                     gc_field_get(mutator, gc_local_get(table), random_below(random, i)));
    }
    if (closed)
        gc_field_set(mutator, gc_field_get(mutator, gc_local_get(table), 0), NODE_BEFORE,
                     gc_field_get(mutator, gc_local_get(table), count - 1));
    gc_frame_leave(mutator, frame);
}

/* Reads every node, and again by way of the node after it. Nothing here collects or drops. */
static uint64_t nodes_read(struct gc_mutator *mutator, struct gc_ref table, uint64_t checksum)
{
    for (uint64_t i = 0; i < gc_length(table); i++) {
        struct gc_ref node = gc_field_get(mutator, table, i);
        struct gc_ref before = gc_field_get(mutator, node, NODE_BEFORE);
        checksum = checksum_add(checksum, *number_of(node, NODE));
        if (!gc_is_null(before))
            checksum += *number_of(before, NODE);
    }
    return checksum;
}

/* The start: a structure without a ring, which dies as the function ends. */
static void start_live(struct gc_mutator *mutator, struct trash_state *state)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    nodes_build(mutator, &frame.slot[0], state->chosen->start, false, state->random);
    gc_checkpoint(mutator, "start made");
    state->checksum = nodes_read(mutator, gc_local_get(&frame.slot[0]), state->checksum);
    gc_frame_leave(mutator, frame);
}

/* ---- rings ---- */

/* Makes the head of a ring, and writes both ends of its payload. */
static void head_make(struct gc_mutator *mutator, struct trash_state *state, struct gc_slot *head)
{
    uint64_t bytes = state->chosen->payload;
    if (state->chosen->varied)
        bytes = 8 + random_below(state->random, bytes - 7);
    gc_local_new(mutator, head, &shapes[HEAD], bytes);
    unsigned char *payload = gc_payload(gc_local_get(head), &shapes[HEAD]);
    *(uint64_t *)payload = state->serial;
    payload[bytes - 1] = (unsigned char)state->serial++;
}

static uint64_t head_read(struct gc_ref head)
{
    const unsigned char *payload = gc_payload(head, &shapes[HEAD]);
    uint64_t bytes = gc_length(head);
    return *(const uint64_t *)payload + bytes + payload[bytes - 1];
}

/* Makes `head` refer to random live objects. */
static void fan_make(struct gc_mutator *mutator, struct trash_state *state, struct gc_slot *head)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *fan = &frame.slot[0];
    const struct gc_slot *table = gc_global(mutator, TABLE_GLOBAL);
    gc_local_new(mutator, fan, &shapes[FAN], state->chosen->reach);
    for (uint64_t i = 0; i < state->chosen->reach; i++) {
        uint64_t place = random_below(state->random, state->chosen->live);
        gc_field_set(mutator, gc_local_get(fan), i, gc_field_get(mutator, gc_local_get(table), place));
    }
    gc_field_set(mutator, gc_local_get(head), HEAD_FAN, gc_local_get(fan));
    gc_frame_leave(mutator, frame);
}

/* Makes a chain of objects, and closes it into a ring when `closed`. */
static void ring_make(struct gc_mutator *mutator, struct trash_state *state, struct gc_slot *result,
                      bool closed)
{
    enum { FIRST, LAST, FRESH, SLOTS };
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *slot = frame.slot;
    head_make(mutator, state, &slot[FIRST]);
    gc_local_set(mutator, &slot[LAST], gc_local_get(&slot[FIRST]));
    for (uint64_t i = 1; i < state->chosen->size; i++) {
        gc_local_new(mutator, &slot[FRESH], &shapes[LINK], 0);
        *number_of(gc_local_get(&slot[FRESH]), LINK) = state->serial++;
        gc_field_set(mutator, gc_local_get(&slot[LAST]), NEXT, gc_local_get(&slot[FRESH]));
        gc_local_move(mutator, &slot[LAST], &slot[FRESH]);
    }
    if (closed)
        gc_field_set(mutator, gc_local_get(&slot[LAST]), NEXT, gc_local_get(&slot[FIRST]));
    if (state->chosen->reach > 0)
        fan_make(mutator, state, &slot[FIRST]);
    gc_local_move(mutator, result, &slot[FIRST]);
    gc_frame_leave(mutator, frame);
}

/* Reads the whole ring, and the live objects to which it refers. Nothing here collects or drops. */
static void ring_read(struct gc_mutator *mutator, struct trash_state *state, struct gc_ref head)
{
    uint64_t objects = 1, sum = head_read(head);
    struct gc_ref at = gc_field_get(mutator, head, NEXT);
    for (; !gc_is_null(at) && !gc_is_same(at, head); at = gc_field_get(mutator, at, NEXT), objects++)
        sum = 31 * sum + *number_of(at, LINK);
    struct gc_ref fan = gc_field_get(mutator, head, HEAD_FAN);
    for (uint64_t i = 0; i < state->chosen->reach; i++)
        sum += *number_of(gc_field_get(mutator, fan, i), NODE);
    state->checksum = checksum_add(checksum_add(state->checksum, 2 * objects + !gc_is_null(at)), sum);
}

/* ---- the line ---- */

/* Puts a ring at the end of the line. `ring` is null afterwards. */
static void line_join(struct gc_mutator *mutator, struct trash_state *state, struct gc_slot *ring)
{
    struct gc_slot *youngest = gc_global(mutator, YOUNGEST_GLOBAL);
    if (state->waiting++ == 0)
        gc_local_set(mutator, gc_global(mutator, OLDEST_GLOBAL), gc_local_get(ring));
    else
        gc_field_set(mutator, gc_local_get(youngest), HEAD_YOUNGER, gc_local_get(ring));
    gc_local_move(mutator, youngest, ring);
}

/* Reads the oldest ring and lets go of it. It still refers to the next one. */
static void line_leave(struct gc_mutator *mutator, struct trash_state *state)
{
    struct gc_slot *oldest = gc_global(mutator, OLDEST_GLOBAL);
    ring_read(mutator, state, gc_local_get(oldest));
    gc_local_set(mutator, oldest, gc_field_get(mutator, gc_local_get(oldest), HEAD_YOUNGER));
    if (--state->waiting == 0)
        gc_local_del(mutator, gc_global(mutator, YOUNGEST_GLOBAL));
}

/* ---- the run ---- */

/* Asks for a collection when one is due. */
static void collect_if_due(struct gc_mutator *mutator, struct trash_state *state, uint64_t step)
{
    uint64_t half = state->chosen->count / 2;
    if (step >= half)
        return;
    state->due += state->chosen->explicit < half ? state->chosen->explicit : half;
    if (state->due < half)
        return;
    state->due -= half;
    gc_collect(mutator, state->chosen->young ? GC_COLLECT_YOUNG : GC_COLLECT_FULL);
}

static void ring_step(struct gc_mutator *mutator, struct trash_state *state, uint64_t step)
{
    const struct trash_options *chosen = state->chosen;
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *ring = &frame.slot[0];
    ring_make(mutator, state, ring, random_real(state->random) < chosen->cyclic);
    if (chosen->explicit > 0)
        collect_if_due(mutator, state, step);
    if (chosen->queue == 0) {
        ring_read(mutator, state, gc_local_get(ring));
    } else {
        if (state->waiting == chosen->queue)
            line_leave(mutator, state);
        line_join(mutator, state, ring);
    }
    gc_frame_leave(mutator, frame);
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct trash_options *chosen = values;
    struct trash_state state = {.chosen = chosen, .random = random};
    struct gc_slot *table = gc_global(mutator, TABLE_GLOBAL);
    if (chosen->start > 0)
        start_live(mutator, &state);
    nodes_build(mutator, table, chosen->live, true, random);
    gc_checkpoint(mutator, "live objects made");
    for (uint64_t step = 0; step < chosen->count; step++) {
        ring_step(mutator, &state, step);
        if (step == chosen->count / 2)
            gc_checkpoint(mutator, "half done");
    }
    gc_checkpoint(mutator, "all rings made");
    while (state.waiting > 0)
        line_leave(mutator, &state);
    gc_checkpoint(mutator, "all rings dropped");
    return nodes_read(mutator, gc_local_get(table), state.checksum);
}

const struct workload workload = {
    .name = "steady-trash",
    .group = "pathology",
    .summary = "rings die steadily beside what lives: triggers that see no bytes, or learn the wrong thing",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = GLOBALS,
    .run = run,
};
