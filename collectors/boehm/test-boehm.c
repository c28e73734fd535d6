/* SPDX-License-Identifier: MIT */
/*
 * What ties libgc to the contract: its roots are the slots and nothing else, it frees nearly all garbage, and
 * it tells the truth about its heap. It may hold one thing more: an object that a word of a payload seems to
 * refer to. That may have been dead before.
 */
#include <setjmp.h>
#include <string.h>

#include "collectors/collector-api.h"
#include "collectors/gc.h"
#include "tests/mutator.h"
#include "tests/pauses.h"
#include "tests/tap.h"

enum { NODE, BYTES, LEAF, TABLE };
enum { LEAVES = 200 }; /* of a table, at most */
static const struct gc_shape shapes[] = {
    {.name = "node", .id = NODE, .refs = 1, .payload = 8},
    {.name = "bytes", .id = BYTES, .flags = GC_SHAPE_ACYCLIC | GC_SHAPE_BYTES_VARY},
    {.name = "leaf", .id = LEAF, .flags = GC_SHAPE_ACYCLIC, .payload = 64},
    {.name = "table", .id = TABLE, .refs = LEAVES, .payload = 8},
};

static struct gc_mutator *m;

/* Makes a list of `count` nodes in `slot`; if `ring`, a ring. */
static void make_list(struct gc_slot *slot, uint64_t count, bool ring)
{
    struct gc_frame frame = gc_frame_enter(m, 2);
    gc_local_new(m, slot, &shapes[NODE], 0);
    gc_local_set(m, &frame.slot[1], gc_local_get(slot));
    for (uint64_t i = 1; i < count; i++) {
        gc_local_new(m, &frame.slot[0], &shapes[NODE], 0);
        gc_field_set(m, gc_local_get(&frame.slot[0]), 0, gc_local_get(slot));
        gc_local_move(m, slot, &frame.slot[0]);
    }
    if (ring)
        gc_field_set(m, gc_local_get(&frame.slot[1]), 0, gc_local_get(slot));
    gc_frame_leave(m, frame);
}

static uint64_t list_length(struct gc_ref first)
{
    uint64_t length = 0;
    for (struct gc_ref at = first; !gc_is_null(at); at = gc_field_get(m, at, 0))
        length++;
    return length;
}

static void frees_garbage(void)
{
    struct gc_slot *kept = gc_global(m, 0);
    struct gc_slot *dropped = gc_global(m, 1);
    make_list(kept, 1000, false);
    for (int round = 0; round < 20; round++) {
        make_list(dropped, 5000, true);
        gc_local_del(m, dropped);
    }
    gc_collect(m, GC_COLLECT_FULL);
    uint64_t held = gc_held_objects(m);
    tap_ok(held >= 1000 && held <= 1000 + 5000, "of twenty dropped rings one at most is held");
    tap_note("%llu objects are held, 1000 live", (unsigned long long)held);
    tap_equal((int64_t)list_length(gc_local_get(kept)), 1000, "and what has a name is whole");
    tap_ok(gc_held_bytes(m) >= 1000 * gc_shape_bytes(&shapes[NODE], 0), "also by the bytes");
    gc_local_del(m, kept);
}

static bool begins_page(struct gc_slot *slot)
{
    return (uintptr_t)gc_local_get(slot).object % 4096 == 0;
}

/* Makes a node whose address is not that of a page. libgc's own variables refer to its blocks, and so to
 * their first regions. A node that begins a page is given a slot, and so is held in any case. */
__attribute__((noinline)) static void make_node(struct gc_slot *slot)
{
    gc_local_new(m, slot, &shapes[NODE], 0);
    if (!begins_page(slot))
        return;
    gc_local_move(m, gc_global(m, 2), slot);
    gc_local_new(m, slot, &shapes[NODE], 0);
}

static int64_t held_after_collection(void)
{
    gc_collect(m, GC_COLLECT_FULL);
    return (int64_t)gc_held_objects(m);
}

static struct gc_ref in_data;

/* Out of line, so that no register of the caller has the address: libgc does scan the registers that it saves
 * in its own frames. */
__attribute__((noinline)) static void keep_in_variables(struct gc_ref volatile *on_stack)
{
    in_data = gc_local_get(gc_global(m, 0));
    *on_stack = in_data;
}

__attribute__((noinline)) static void keep_in_payload(struct gc_ref holder)
{
    void *address = gc_local_get(gc_global(m, 1)).object;
    memcpy(gc_payload(holder, &shapes[NODE]), &address, sizeof address);
}

/* Slots are the only roots. An object that a C variable refers to is garbage, as under a precise
 * collector. */
static void a_variable_is_no_root(void)
{
    struct gc_ref volatile on_stack;
    make_node(gc_global(m, 0));
    keep_in_variables(&on_stack);
    int64_t named = held_after_collection();
    gc_local_del(m, gc_global(m, 0));
    tap_equal(named - held_after_collection(), 1, "variables of C, static or not, keep nothing alive");
    tap_ok(in_data.object == on_stack.object, "(they still have the address)");
}

static void a_word_is_enough(void)
{
    struct gc_slot *holder = gc_global(m, 0);
    gc_local_new(m, holder, &shapes[NODE], 0);
    make_node(gc_global(m, 1));
    keep_in_payload(gc_local_get(holder));
    int64_t named = held_after_collection();
    gc_local_del(m, gc_global(m, 1));
    tap_equal(held_after_collection(), named,
              "a word of the payload that looks like a reference keeps an object");
    memset(gc_payload(gc_local_get(holder), &shapes[NODE]), 0, shapes[NODE].payload);
    tap_equal(held_after_collection(), named - 1, "and once it is overwritten the object is freed");
    gc_local_del(m, holder);
}

/* Regions on libgc's free lists are no objects, whatever was in them. */
static void counts_objects_only(void)
{
    for (uint64_t i = 0; i < 3000; i++) {
        gc_local_new(m, gc_global(m, 0), &shapes[BYTES], i % 40);
        memset(gc_payload(gc_local_get(gc_global(m, 0)), &shapes[BYTES]), 0xff, i % 40);
        gc_local_new(m, gc_global(m, 1), &shapes[LEAF], 0);
        memset(gc_payload(gc_local_get(gc_global(m, 1)), &shapes[LEAF]), 0xff, shapes[LEAF].payload);
        if (i % 100 == 99)
            gc_collect(m, GC_COLLECT_FULL);
    }
    tap_equal((int64_t)gc_held_objects(m), 2, "after a collection that swept for reuse, two are held");
    tap_equal((int64_t)gc_held_bytes(m),
              (int64_t)(gc_shape_bytes(&shapes[LEAF], 0) + gc_shape_bytes(&shapes[BYTES], 2999 % 40)),
              "to the byte");
    gc_local_del(m, gc_global(m, 0));
    gc_local_del(m, gc_global(m, 1));
}

static void empty_arrays(void)
{
    struct gc_frame frame = gc_frame_enter(m, 50);
    for (int i = 0; i < 50; i++)
        gc_local_new(m, &frame.slot[i], &shapes[BYTES], 0);
    gc_collect(m, GC_COLLECT_FULL);
    tap_equal((int64_t)gc_held_objects(m), 50, "objects of no bytes are objects all the same");
    gc_frame_leave(m, frame);
}

/* ---- what was dead is held again ---- */

/* A table of leaves, and another one that dies. The address of the latter is hidden from libgc. */
static struct {
    struct gc_slot *kept, *lost;
    uintptr_t hidden;
    uint64_t died, died_bytes; /* the objects that went with it */
} tables;

static bool in_one_block(const struct gc_slot *a, const struct gc_slot *b)
{
    return gc_local_get(a).object &&
           (uintptr_t)gc_local_get(a).object / 4096 == (uintptr_t)gc_local_get(b).object / 4096;
}

/*
 * libgc gives a block back at once in which nothing lives. So each block of the one's objects has some of the other's. What
 * begins a page is kept, for libgc may hold it in any case: see make_node().
 */
__attribute__((noinline)) static void tables_make(void)
{
    struct gc_frame frame = gc_frame_enter(m, 1);
    tables.kept = gc_global(m, 0);
    tables.lost = gc_global(m, 1);
    do {
        gc_local_move(m, tables.kept, tables.lost);
        gc_local_new(m, tables.lost, &shapes[TABLE], 0);
    } while (!in_one_block(tables.kept, tables.lost) || begins_page(tables.lost));
    for (uint64_t kept = 0, lost = 0; lost < LEAVES / 2;) {
        gc_local_new(m, &frame.slot[0], &shapes[LEAF], 0);
        bool keeps = kept <= lost || begins_page(&frame.slot[0]);
        gc_field_set(m, gc_local_get(keeps ? tables.kept : tables.lost), keeps ? kept++ : lost++,
                     gc_local_get(&frame.slot[0]));
    }
    tables.hidden = ~(uintptr_t)gc_local_get(tables.lost).object;
    gc_frame_leave(m, frame);
}

/* Has both tables, and then has libgc find one of them dead. */
static void table_lose(void)
{
    tables_make();
    gc_collect(m, GC_COLLECT_FULL);
    tables.died = gc_held_objects(m);
    tables.died_bytes = gc_held_bytes(m);
    gc_local_del(m, tables.lost);
    gc_collect(m, GC_COLLECT_FULL);
    tables.died -= gc_held_objects(m);
    tables.died_bytes -= gc_held_bytes(m);
}

/* A word of the payload of the table that is kept leads to the other one. */
__attribute__((noinline)) static void table_find(void)
{
    uintptr_t address = ~tables.hidden;
    memcpy(gc_payload(gc_local_get(tables.kept), &shapes[TABLE]), &address, sizeof address);
}

static void table_forget(void)
{
    memset(gc_payload(gc_local_get(tables.kept), &shapes[TABLE]), 0, shapes[TABLE].payload);
}

static struct test_pauses heard;

static void pause_frees(uint64_t objects, uint64_t bytes, const char *sentence)
{
    gc_collect(m, GC_COLLECT_FULL);
    tap_equal((int64_t)heard.all.last.freed_objects, (int64_t)objects, sentence);
    tap_equal((int64_t)heard.all.last.freed_bytes, (int64_t)bytes, "as many bytes");
    tap_equal((int64_t)gc_freed_between(m, heard.all.freed), 0, "and nothing is freed between pauses");
}

static void pauses_free_nothing_twice(void)
{
    test_pauses_begin(m, &heard);
    table_lose();
    uint64_t held = gc_held_objects(m);
    tap_ok(tables.died > LEAVES / 4, "a table dies, and leaves with it");
    tap_equal((int64_t)heard.all.last.freed_objects, (int64_t)tables.died, "as the pause says");
    table_find();
    pause_frees(0, 0, "a pause that finds what was dead frees nothing");
    tap_equal((int64_t)gc_held_objects(m), (int64_t)(held + tables.died), "it is held again");
    table_forget();
    pause_frees(0, 0, "one in which it dies again does not free it a second time");
    tap_equal((int64_t)gc_held_objects(m), (int64_t)held, "it is not held any more");
    make_node(gc_global(m, 1));
    gc_collect(m, GC_COLLECT_FULL);
    gc_local_del(m, gc_global(m, 1));
    pause_frees(1, gc_shape_bytes(&shapes[NODE], 0),
                "what dies for the first time is freed then, and no more");
    test_pauses_end(m);
    gc_local_del(m, tables.kept);
}

static jmp_buf no_memory;

__attribute__((noreturn)) static void on_exhausted(struct gc_mutator *mutator, enum gc_exhaustion why)
{
    (void)mutator;
    (void)why;
    longjmp(no_memory, 1);
}

/* Makes an object. Returns whether the limit allows it. */
static bool node_allowed(void)
{
    if (setjmp(no_memory) != 0)
        return false;
    gc_local_new(m, gc_global(m, 1), &shapes[NODE], 0);
    return true;
}

/* The limit has room for some objects, but not for the table that was lost. */
static void the_limit_comes_nearer(void)
{
    table_lose();
    m->exhausted = on_exhausted;
    m->clock.heap_limit = gc_charged_bytes(m) + tables.died_bytes / 2;
    gc_allocation_rearm(m);
    tap_ok(node_allowed(), "a limit allows an object while what has died is not held");
    gc_local_del(m, gc_global(m, 1));
    table_find();
    gc_collect(m, GC_COLLECT_FULL);
    tap_ok(gc_charged_bytes(m) > m->clock.heap_limit,
           "a collection finds more than the one before, and than it allows");
    tap_ok(!node_allowed(), "and it allows no object from then on");
    m->clock.heap_limit = UINT64_MAX;
    m->exhausted = test_mutator_exhausted;
    gc_allocation_rearm(m);
    gc_local_del(m, tables.kept);
}

int main(void)
{
    static void (*const tests[])(void) = {
        frees_garbage, a_variable_is_no_root,     a_word_is_enough,       counts_objects_only,
        empty_arrays,  pauses_free_nothing_twice, the_limit_comes_nearer,
    };
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        m = test_mutator_open(shapes, sizeof shapes / sizeof *shapes, 3, NULL);
        gc_collect(m, GC_COLLECT_FULL);
        tests[i]();
        gc_collector_check(m);
        test_mutator_close(m);
    }
    return tap_done();
}
