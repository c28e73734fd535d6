/* SPDX-License-Identifier: MIT */
/*
 * A full collection comes by itself behind gc_unfreeze(), for each collector that freezes: when as many have been made as
 * the last one left, at the latest. So it does while what is no longer frozen dies by counting.
 */
#include "collectors/gc.h"
#include "tests/mutator.h"
#include "tests/pauses.h"
#include "tests/tap.h"

enum { FROZEN = 320000, LEFT = 320000, RINGS = 20000 };
enum { LIST, OTHER, GLOBALS };

static const struct gc_shape shapes[] = {{.name = "node", .id = 0, .refs = 2}};

static struct gc_mutator *m;

static struct test_pauses heard;
static const struct test_pauses_sum *const full = &heard.of[GC_PAUSE_FULL];

/* Puts a node in front of the list in a global. */
static void node_add(uint64_t global)
{
    struct gc_frame frame = gc_frame_enter(m, 1);
    gc_local_new(m, &frame.slot[0], &shapes[0], 0);
    gc_field_set(m, gc_local_get(&frame.slot[0]), 1, gc_local_get(&frame.slot[0]));
    gc_field_set(m, gc_local_get(&frame.slot[0]), 0, gc_local_get(gc_global(m, global)));
    gc_local_move(m, gc_global(m, global), &frame.slot[0]);
    gc_frame_leave(m, frame);
}

/* Takes the first node off, which refers to itself. Counting frees it if it is cut, else it is garbage. */
static void node_drop(uint64_t global, bool cut)
{
    struct gc_ref first = gc_local_get(gc_global(m, global));
    if (cut)
        gc_field_del(m, first, 1);
    gc_local_set(m, gc_global(m, global), gc_field_get(m, first, 0));
}

/* Makes FROZEN nodes that are frozen, and LEFT that a full collection finds beside them. A part of the frozen dies. */
static void freeze(void)
{
    for (int i = 0; i < FROZEN; i++)
        node_add(OTHER);
    gc_freeze(m);
    for (int i = 0; i < LEFT; i++)
        node_add(LIST);
    gc_collect(m, GC_COLLECT_FULL);
    for (int i = 0; i < RINGS; i++)
        node_drop(OTHER, false);
}

/* Makes nodes until a full collection has begun. Returns how many, LEFT at most. With `dying` one of the unfrozen dies by
 * counting for every second node. */
static int64_t made_to_the_next(bool dying)
{
    uint64_t before = full->count;
    int64_t made = 0;
    while (full->count == before && made < LEFT) {
        node_add(LIST);
        made++;
        if (dying && made % 2 == 0)
            node_drop(OTHER, true);
    }
    return made;
}

static void comes(bool dying, const char *meanwhile)
{
    m = test_mutator_open(shapes, 1, GLOBALS, "threshold2=1");
    test_pauses_begin(m, &heard);
    freeze();
    tap_equal((int64_t)full->last.visited_objects, LEFT,
              "a full collection beside what is frozen looks at nothing else");
    gc_unfreeze(m);
    int64_t made = made_to_the_next(dying);
    tap_ok(made < LEFT, "the next one comes by itself behind the unfreeze%s", meanwhile);
    tap_note("%lld made", (long long)made);
    int64_t frozen = FROZEN - (dying ? made / 2 : 0);
    tap_ok((int64_t)full->last.visited_objects >= frozen + LEFT, "and looks at what was frozen");
    gc_collector_check(m);
    test_mutator_close(m);
}

int main(void)
{
    comes(false, "");
    comes(true, ", while the unfrozen die");
    return tap_done();
}
