/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "collectors/gc.h"
#include "collectors/support/heap/allocation.h"
#include "harness/runner/reach.h"
#include "tests/mutator.h"
#include "tests/tap.h"

enum { NODE, ARRAY, BYTES, OWNER };
static const struct gc_shape shapes[] = {
    {.name = "node", .id = NODE, .refs = 2, .payload = 8},
    {.name = "array", .id = ARRAY, .flags = GC_SHAPE_REFS_VARY},
    {.name = "bytes", .id = BYTES, .flags = GC_SHAPE_BYTES_VARY},
    {.name = "owner", .id = OWNER, .flags = GC_SHAPE_EXTERNAL, .external = 1 << 20},
};

static struct gc_mutator *mutator;

static struct reach reach(void)
{
    struct reach found;
    if (reach_count(mutator, &found) < 0)
        tap_ok(false, "there is memory for the walk");
    return found;
}

static void link_to(struct gc_slot *slot, uint64_t index, struct gc_slot *value)
{
    gc_field_set(mutator, gc_local_get(slot), index, gc_local_get(value));
}

static void nothing(void)
{
    tap_equal((int64_t)reach().objects, 0, "without a name there is nothing to reach");
    struct gc_frame frame = gc_frame_enter(mutator, 3);
    gc_local_new(mutator, &frame.slot[0], &shapes[NODE], 0);
    gc_local_del(mutator, &frame.slot[0]);
    tap_equal((int64_t)reach().bytes, 0, "an object that lost its name is not reached, held or not");
    gc_frame_leave(mutator, frame);
}

static void once_each(void)
{
    struct gc_frame frame = gc_frame_enter(mutator, 3);
    for (int i = 0; i < 3; i++)
        gc_local_new(mutator, &frame.slot[i], &shapes[NODE], 0);
    for (int i = 0; i < 3; i++) {
        link_to(&frame.slot[i], 0, &frame.slot[(i + 1) % 3]);
        link_to(&frame.slot[i], 1, &frame.slot[i]);
    }
    tap_equal((int64_t)reach().objects, 3, "objects on a ring, on themselves and with two names count once");
    gc_local_del(mutator, &frame.slot[0]);
    gc_local_del(mutator, &frame.slot[1]);
    tap_equal((int64_t)reach().objects, 3, "and are reached through one another");
    tap_equal((int64_t)reach().bytes, 3 * 32, "by their bytes");
    gc_local_new(mutator, gc_global(mutator, 0), &shapes[BYTES], 100);
    tap_equal((int64_t)reach().bytes, 3 * 32 + 116, "a name of the module counts, and a length word weighs");
    tap_equal((int64_t)reach().external, 0, "none of these owns bytes outside of the heap");
    gc_local_new_external(mutator, gc_global(mutator, 0), &shapes[OWNER]);
    tap_ok(reach().external == 1 << 20 && reach().bytes == 3 * 32 + 16, "what one owns counts for itself");
    gc_local_del(mutator, gc_global(mutator, 0));
    gc_frame_leave(mutator, frame);
}

/* More than the walk's first table holds, in a shape no recursion would survive. */
static void many(void)
{
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    for (int i = 0; i < 300000; i++) {
        gc_local_new(mutator, &frame.slot[1], &shapes[NODE], 0);
        link_to(&frame.slot[1], 0, &frame.slot[0]);
        gc_local_move(mutator, &frame.slot[0], &frame.slot[1]);
    }
    tap_equal((int64_t)reach().objects, 300000, "a long list is walked to its end");
    gc_local_new(mutator, &frame.slot[0], &shapes[ARRAY], 50000);
    for (uint64_t i = 0; i < 50000; i++) {
        gc_local_new(mutator, &frame.slot[1], &shapes[NODE], 0);
        link_to(&frame.slot[0], i, &frame.slot[1]);
    }
    gc_local_del(mutator, &frame.slot[1]);
    tap_equal((int64_t)reach().objects, 50001, "and a wide array to its last element");
    tap_equal((int64_t)reach().bytes, 16 + 50000 * 8 + 50000 * 32, "with its length word and references");
    gc_frame_leave(mutator, frame);
}

/* Two nodes under an array, made in either order, numbered in their payloads. */
static uint64_t digest_of(bool second_first, uint64_t number, bool crossed)
{
    struct gc_frame frame = gc_frame_enter(mutator, 3);
    struct gc_slot *a = &frame.slot[second_first ? 2 : 1];
    struct gc_slot *b = &frame.slot[second_first ? 1 : 2];
    gc_local_new(mutator, &frame.slot[0], &shapes[ARRAY], 2);
    gc_local_new(mutator, &frame.slot[1], &shapes[NODE], 0);
    gc_local_new(mutator, &frame.slot[2], &shapes[NODE], 0);
    *(uint64_t *)gc_payload(gc_local_get(a), &shapes[NODE]) = number;
    link_to(&frame.slot[0], crossed, a);
    link_to(&frame.slot[0], !crossed, b);
    link_to(a, 0, b);
    gc_local_del(mutator, &frame.slot[1]);
    gc_local_del(mutator, &frame.slot[2]);
    uint64_t digest = reach().digest;
    gc_frame_leave(mutator, frame);
    return digest;
}

static void digests(void)
{
    uint64_t digest = digest_of(false, 7, false);
    tap_ok(digest_of(true, 7, false) == digest, "equal graphs at other addresses have equal digests");
    tap_ok(digest_of(false, 8, false) != digest, "another payload gives another digest");
    tap_ok(digest_of(false, 7, true) != digest, "and so do other references");
}

static void check_graph(struct reach_graph expected, const char *sentence)
{
    struct reach_graph found;
    int status = reach_graph(mutator, &found);
    bool same = status == 0 && memcmp(&found, &expected, sizeof found) == 0;
    if (!tap_ok(same, "%s", sentence))
        tap_note("%llu references, fan-in %llu, depth %llu, %llu rings of %llu, largest %llu",
                 (unsigned long long)found.references, (unsigned long long)found.fan_in_max,
                 (unsigned long long)found.depth_max, (unsigned long long)found.rings,
                 (unsigned long long)found.ring_objects, (unsigned long long)found.ring_max);
}

/* An array under a name, and nodes under it: 0 <-> 1, 2 -> 1, 3 -> 3, and 4 -> 5 -> 6 -> 4 -> 0. */
static void graphs(void)
{
    check_graph((struct reach_graph){0}, "a graph of nothing has no form");
    struct gc_frame frame = gc_frame_enter(mutator, 9);
    struct gc_slot *node = &frame.slot[1];
    gc_local_new(mutator, &frame.slot[0], &shapes[ARRAY], 7);
    for (uint64_t i = 0; i < 7; i++) {
        gc_local_new(mutator, &node[i], &shapes[NODE], 0);
        link_to(&frame.slot[0], i, &node[i]);
    }
    static const uint64_t edges[][3] = {{0, 0, 1}, {1, 0, 0}, {2, 0, 1}, {3, 0, 3},
                                        {4, 0, 5}, {5, 0, 6}, {6, 0, 4}, {4, 1, 0}};
    for (size_t i = 0; i < 8; i++)
        link_to(&node[edges[i][0]], edges[i][1], &node[edges[i][2]]);
    for (uint64_t i = 0; i < 7; i++)
        gc_local_del(mutator, &node[i]);
    check_graph(
        (struct reach_graph){
            .references = 15, .fan_in_max = 3, .depth_max = 2, .rings = 3, .ring_objects = 6, .ring_max = 3},
        "rings that refer to one another are told apart, and one that is its own is one");
    for (uint64_t i = 1; i < 7; i++)
        if (i != 4)
            gc_field_del(mutator, gc_local_get(&frame.slot[0]), i);
    check_graph(
        (struct reach_graph){
            .references = 8, .fan_in_max = 3, .depth_max = 4, .rings = 2, .ring_objects = 5, .ring_max = 3},
        "the depth is the shortest way from a name");
    gc_frame_leave(mutator, frame);
}

int main(void)
{
    mutator = test_mutator_open(shapes, 4, 1, NULL);
    nothing();
    once_each();
    many();
    graphs();
    digests();
    test_mutator_close(mutator);
    return tap_done();
}
