/* SPDX-License-Identifier: MIT */
/*
 * rings: structures of a few objects are made and dropped one at a time, and a stated share of them is closed
 * into a ring. The recipe is the "steady trash" of CPython's and Nim's bug reports: a large live set, and
 * rings of k objects with payload P. The model is a parser's nodes with links to their parents, or a future
 * with its callback.
 *
 * Stresses the search for cyclic garbage. Compare what triggers a collection and how much memory the garbage
 * holds meanwhile. Compare also how much a collection visits besides the garbage, which is the window of live
 * rings. With `cut` the workload opens each ring by hand before it drops the ring, so that counting frees it
 * at once. That is the same work without any garbage cycle, and so the baseline for the cost of cycle
 * collection. `tail` hangs acyclic objects off each ring: the ring keeps them from being freed though they
 * lie on no cycle.
 *
 * All rings are small, alike and unconnected. Conclude nothing about large or nested components, nor about
 * the latency of one big cycle (see doubly-linked and dom-tree). Under pure counting the rings leak, so the
 * time there is also that of fresh memory.
 */
#include <string.h>

#include "collectors/gc.h"
#include "workloads/workload.h"

enum { ROUND_ROBIN, AT_RANDOM };
static const char *const order_words[] = {"round-robin", "random", NULL};

struct rings_options {
    uint64_t count;
    uint64_t size;
    uint64_t payload;
    uint64_t live;
    uint64_t order;
    double cyclic;
    uint64_t tail;
    bool cut;
};

static const struct option_spec option_specs[] = {
    OPTION_INTEGER(struct rings_options, count, 1e6, 0, 1e12, "rings", "rings made in all"),
    OPTION_INTEGER(struct rings_options, size, 10, 1, 1e9, "objects", "objects in each ring"),
    OPTION_INTEGER(struct rings_options, payload, 16, 0, 1e9, "bytes", "payload of each object in a ring"),
    OPTION_INTEGER(struct rings_options, live, 1000, 0, 1e9, "rings", "rings kept alive"),
    OPTION_CHOICE(struct rings_options, order, ROUND_ROBIN, order_words,
                  "which live ring the next one replaces"),
    OPTION_REAL(struct rings_options, cyclic, 0.5, 0, 1, "",
                "share that is closed; the rest are open chains"),
    OPTION_INTEGER(struct rings_options, tail, 0, 0, 1e9, "objects", "acyclic objects hung off each ring"),
    OPTION_SWITCH(struct rings_options, cut, false, "take the ring apart by hand before dropping it"),
};
static const struct option_table options = OPTION_TABLE(struct rings_options, option_specs);

enum { WINDOW, LINK, LEAF };
static const struct gc_shape shapes[] = {
    [WINDOW] = {.name = "window", .id = WINDOW, .flags = GC_SHAPE_REFS_VARY},
    [LINK] = {.name = "link", .id = LINK, .flags = GC_SHAPE_BYTES_VARY, .refs = 2},
    [LEAF] = {.name = "leaf", .id = LEAF, .flags = GC_SHAPE_ACYCLIC, .refs = 1, .payload = 8},
};
enum { NEXT, TAIL };

/* The numbers that went into the objects, and the checksum that came out of them. */
struct rings_state {
    const struct rings_options *chosen;
    uint64_t serial; /* the next object's number */
    uint64_t checksum;
};

/* Writes both ends of the payload, so that all of it must be there. */
static void link_stamp(struct gc_ref link, uint64_t number)
{
    uint64_t bytes = gc_length(link);
    unsigned char *payload = gc_payload(link, &shapes[LINK]);
    if (bytes >= sizeof number) {
        memcpy(payload, &number, sizeof number);
        payload[bytes - 1] ^= (unsigned char)number;
    } else if (bytes > 0) {
        payload[0] = payload[bytes - 1] = (unsigned char)number;
    }
}

static uint64_t link_read(struct gc_ref link)
{
    uint64_t number = 0;
    uint64_t bytes = gc_length(link);
    const unsigned char *payload = gc_payload(link, &shapes[LINK]);
    if (bytes == 0)
        return 1;
    memcpy(&number, payload, bytes < sizeof number ? bytes : sizeof number);
    return number + payload[bytes - 1];
}

/* Makes leaves, each of which refers to the leaf made before it. */
static void tail_make(struct gc_mutator *mutator, struct rings_state *state, struct gc_slot *result)
{
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    for (uint64_t i = 0; i < state->chosen->tail; i++) {
        gc_local_new(mutator, &frame.slot[1], &shapes[LEAF], 0);
        struct gc_ref leaf = gc_local_get(&frame.slot[1]);
        *(uint64_t *)gc_payload(leaf, &shapes[LEAF]) = state->serial++;
        gc_field_set(mutator, leaf, NEXT, gc_local_get(&frame.slot[0]));
        gc_local_move(mutator, &frame.slot[0], &frame.slot[1]);
    }
    gc_local_move(mutator, result, &frame.slot[0]);
    gc_frame_leave(mutator, frame);
}

/* Makes a chain of links in their order, and closes it into a ring when `closed`. */
static void ring_make(struct gc_mutator *mutator, struct rings_state *state, struct gc_slot *result,
                      bool closed)
{
    enum { FIRST, LAST, FRESH, SLOTS };
    const struct rings_options *chosen = state->chosen;
    struct gc_frame frame = gc_frame_enter(mutator, SLOTS);
    struct gc_slot *slot = frame.slot;
    gc_local_new(mutator, &slot[FIRST], &shapes[LINK], chosen->payload);
    link_stamp(gc_local_get(&slot[FIRST]), state->serial++);
    gc_local_set(mutator, &slot[LAST], gc_local_get(&slot[FIRST]));
    for (uint64_t i = 1; i < chosen->size; i++) {
        gc_local_new(mutator, &slot[FRESH], &shapes[LINK], chosen->payload);
        link_stamp(gc_local_get(&slot[FRESH]), state->serial++);
        gc_field_set(mutator, gc_local_get(&slot[LAST]), NEXT, gc_local_get(&slot[FRESH]));
        gc_local_move(mutator, &slot[LAST], &slot[FRESH]);
    }
    if (closed)
        gc_field_set(mutator, gc_local_get(&slot[LAST]), NEXT, gc_local_get(&slot[FIRST]));
    if (chosen->tail > 0) {
        tail_make(mutator, state, &slot[FRESH]);
        gc_field_set(mutator, gc_local_get(&slot[FIRST]), TAIL, gc_local_get(&slot[FRESH]));
    }
    gc_local_move(mutator, result, &slot[FIRST]);
    gc_frame_leave(mutator, frame);
}

/* Reads the whole ring into the checksum. Returns its last link, borrowed. */
static struct gc_ref ring_read(struct gc_mutator *mutator, struct rings_state *state, struct gc_ref first)
{
    uint64_t links = 0, sum = 0, leaves = 0;
    struct gc_ref last = first;
    for (struct gc_ref link = first; !gc_is_null(link);) {
        last = link;
        links++;
        sum = 31 * sum + link_read(link);
        link = gc_field_get(mutator, link, NEXT);
        if (gc_is_same(link, first))
            break;
    }
    struct gc_ref leaf = gc_field_get(mutator, first, TAIL);
    for (; !gc_is_null(leaf); leaf = gc_field_get(mutator, leaf, NEXT), leaves++)
        sum = 31 * sum + *(uint64_t *)gc_payload(leaf, &shapes[LEAF]);
    bool closed = !gc_is_null(gc_field_get(mutator, last, NEXT));
    uint64_t shape = checksum_add(links, 2 * leaves + closed);
    state->checksum = checksum_add(checksum_add(state->checksum, shape), sum);
    return last;
}

/* Reads a ring once more and drops it. */
static void ring_retire(struct gc_mutator *mutator, struct rings_state *state, struct gc_slot *ring)
{
    if (gc_is_null(gc_local_get(ring)))
        return;
    struct gc_ref last = ring_read(mutator, state, gc_local_get(ring));
    if (state->chosen->cut)
        gc_field_del(mutator, last, NEXT);
    gc_local_del(mutator, ring);
}

/* Puts the new ring into the window at `place`, and retires the ring that was there. */
static void window_replace(struct gc_mutator *mutator, struct rings_state *state, struct gc_slot *fresh,
                           uint64_t place)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *window = gc_global(mutator, 0);
    struct gc_slot *old = &frame.slot[0];
    gc_local_set(mutator, old, gc_field_get(mutator, gc_local_get(window), place));
    gc_field_set(mutator, gc_local_get(window), place, gc_local_get(fresh));
    gc_local_del(mutator, fresh);
    ring_retire(mutator, state, old);
    gc_frame_leave(mutator, frame);
}

/* The window is filled in order. After that, `order` says which ring goes. */
static uint64_t window_place(const struct rings_options *chosen, struct random_state *random, uint64_t step)
{
    return chosen->order == AT_RANDOM && step >= chosen->live ? random_below(random, chosen->live)
                                                              : step % chosen->live;
}

static void ring_step(struct gc_mutator *mutator, struct rings_state *state, struct random_state *random,
                      uint64_t step)
{
    const struct rings_options *chosen = state->chosen;
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    ring_make(mutator, state, &frame.slot[0], random_real(random) < chosen->cyclic);
    if (chosen->live == 0)
        ring_retire(mutator, state, &frame.slot[0]);
    else
        window_replace(mutator, state, &frame.slot[0], window_place(chosen, random, step));
    gc_frame_leave(mutator, frame);
}

/* Retires the rings that still live, and then the window. */
static void window_close(struct gc_mutator *mutator, struct rings_state *state)
{
    struct gc_frame frame = gc_frame_enter(mutator, 1);
    struct gc_slot *window = gc_global(mutator, 0);
    for (uint64_t place = 0; place < state->chosen->live; place++) {
        gc_local_set(mutator, &frame.slot[0], gc_field_get(mutator, gc_local_get(window), place));
        gc_field_del(mutator, gc_local_get(window), place);
        ring_retire(mutator, state, &frame.slot[0]);
    }
    gc_local_del(mutator, window);
    gc_frame_leave(mutator, frame);
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct rings_options *chosen = values;
    struct rings_state state = {.chosen = chosen};
    gc_local_new(mutator, gc_global(mutator, 0), &shapes[WINDOW], chosen->live);
    for (uint64_t step = 0; step < chosen->count; step++) {
        ring_step(mutator, &state, random, step);
        if (step == chosen->live)
            gc_checkpoint(mutator, "window full");
        if (step == chosen->count / 2)
            gc_checkpoint(mutator, "half done");
    }
    gc_checkpoint(mutator, "all made");
    window_close(mutator, &state);
    gc_checkpoint(mutator, "all dropped");
    return state.checksum;
}

const struct workload workload = {
    .name = "rings",
    .group = "cycle",
    .summary = "rings and chains of a few objects, made and dropped one at a time beside a window that lives",
    .options = &options,
    WORKLOAD_SHAPES(shapes),
    .globals = 1,
    .run = run,
};
