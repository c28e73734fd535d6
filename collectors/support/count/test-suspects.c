/* SPDX-License-Identifier: MIT */
/*
 * Each collector with a buffer of possible roots says two things about a collection: how many roots were
 * still suspect when a collection began, and how many of those were garbage.
 */
#include "collectors/gc.h"
#include "tests/mutator.h"
#include "tests/tap.h"

static const struct gc_shape shapes[] = {
    {.name = "node", .id = 0, .refs = 2, .payload = 8},
    {.name = "leaf", .id = 1, .flags = GC_SHAPE_ACYCLIC, .payload = 8},
};

enum { KEPT = 4000 };

static struct gc_mutator *m;

/* Makes an object that only itself refers to: one possible root, and garbage. */
static void ring_dead(struct gc_slot *spare)
{
    gc_local_new(m, spare, &shapes[0], 0);
    gc_field_set(m, gc_local_get(spare), 0, gc_local_get(spare));
    gc_local_del(m, spare);
}

/* Makes an object that refers to another one. A leaf would lie on no cycle. */
static void node_make(struct gc_slot *kept, struct gc_slot *spare)
{
    gc_local_new(m, kept, &shapes[0], 0);
    gc_local_new(m, spare, &shapes[1], 0);
    gc_field_set(m, gc_local_get(kept), 1, gc_local_get(spare));
    gc_local_del(m, spare);
}

/* Makes a second name of the object that `kept` refers to, and drops it: one possible root, and alive. */
static void root_alive(struct gc_slot *kept, struct gc_slot *spare)
{
    gc_local_set(m, spare, gc_local_get(kept));
    gc_local_del(m, spare);
}

/* Collects. Checks how many roots were examined and found dead since `m` was made. */
static void says(uint64_t examined, uint64_t dead, const char *sentence)
{
    gc_collect(m, GC_COLLECT_FULL);
    gc_collector_check(m);
    tap_ok(m->observer.possible_roots_examined == examined && m->observer.possible_roots_dead == dead, "%s",
           sentence);
    if (m->observer.possible_roots_examined != examined || m->observer.possible_roots_dead != dead)
        tap_note("%llu of %llu, not %llu of %llu", (unsigned long long)m->observer.possible_roots_dead,
                 (unsigned long long)m->observer.possible_roots_examined, (unsigned long long)dead,
                 (unsigned long long)examined);
}

static void few(struct gc_slot *kept, struct gc_slot *spare)
{
    says(0, 0, "a collection without possible roots examines none");
    for (int i = 0; i < 3; i++)
        ring_dead(spare);
    for (int i = 0; i < 5; i++)
        root_alive(&kept[i], spare);
    says(8, 3, "of eight possible roots the three rings without a name are dead");
    says(8, 3, "the next collection does not look at them again");
    root_alive(&kept[0], spare);
    says(9, 3, "but at one that became a possible root again");
    for (int i = 0; i < 10; i++)
        root_alive(&kept[1], spare);
    says(10, 3, "an object is one possible root, however often");
}

/* Entries of the buffer that need no trial. */
static void settled(struct gc_slot *kept, struct gc_slot *spare)
{
    root_alive(&kept[0], spare);
    gc_local_set(m, spare, gc_local_get(&kept[0]));
    says(0, 0, "one that was taken again is alive, and not examined");
    gc_local_del(m, spare);
    root_alive(&kept[1], spare);
    gc_local_del(m, &kept[1]);
    says(1, 0, "nor is one that died in the buffer by its count");
    gc_field_set(m, gc_local_get(&kept[2]), 0, gc_local_get(&kept[2]));
    says(1, 0, "a ring with a name is no possible root");
    gc_local_del(m, &kept[2]);
    says(2, 1, "and is a dead one when the name goes");
    struct gc_frame names = gc_frame_enter(m, 10);
    for (int i = 0; i < 10; i++) {
        root_alive(&kept[i + 3], spare);
        gc_local_set(m, &names.slot[i], gc_local_get(&kept[i + 3]));
    }
    for (int i = 0; i < 4; i++)
        ring_dead(spare);
    says(6, 5, "those in front that need no trial do not hide others");
    gc_frame_leave(m, names);
    says(16, 5, "and are possible roots again when those names go");
}

/* A ring in which every object is a possible root. In the end `spare` refers to it. */
static void make_ring(struct gc_slot *spare, uint64_t count)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    gc_local_new(m, spare, &shapes[0], 0);
    gc_local_set(m, &frame.slot[0], gc_local_get(spare));
    for (uint64_t i = 1; i < count; i++) {
        gc_local_new(m, &frame.slot[1], &shapes[0], 0);
        gc_field_set(m, gc_local_get(&frame.slot[1]), 0, gc_local_get(spare));
        gc_local_move(m, spare, &frame.slot[1]);
    }
    gc_field_set(m, gc_local_get(&frame.slot[0]), 0, gc_local_get(spare));
    gc_frame_leave(m, frame);
}

/* One trial reaches objects that other possible roots would begin from. */
static void reached(struct gc_slot *kept, struct gc_slot *spare)
{
    make_ring(spare, 100);
    for (int i = 0; i < 5; i++)
        ring_dead(&kept[i]);
    says(99 + 5, 5, "each possible root of a ring with a name counts, and is alive");
    gc_local_del(m, spare);
    says(105, 6, "the one whose name went is dead, with those that were not suspect");
    make_ring(spare, 50);
    gc_local_del(m, spare);
    says(155, 56, "each of a ring without a name counts, and is dead");
}

/* More garbage than collectors keep lists of, and less. */
static void many(struct gc_slot *kept, struct gc_slot *spare)
{
    for (int i = 0; i < 3000; i++) {
        ring_dead(spare);
        root_alive(&kept[i], spare);
    }
    says(6000, 3000, "so it is with thousands of both");
    for (int i = 0; i < 700; i++)
        ring_dead(spare);
    says(6700, 3700, "or when all are dead");
    for (int i = 0; i < KEPT; i++)
        root_alive(&kept[i], spare);
    says(6700 + KEPT, 3700, "or none");
}

int main(void)
{
    static void (*const tests[])(struct gc_slot *, struct gc_slot *) = {few, settled, reached, many};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        m = test_mutator_open(shapes, sizeof shapes / sizeof *shapes, 0, NULL);
        m->observer.counts_possible_roots = true;
        struct gc_frame frame = gc_frame_enter(m, KEPT + 1);
        for (uint64_t j = 0; j < KEPT; j++)
            node_make(&frame.slot[j], &frame.slot[KEPT]);
        tests[i](frame.slot, &frame.slot[KEPT]);
        gc_frame_leave(m, frame);
        test_mutator_close(m);
    }
    return tap_done();
}
