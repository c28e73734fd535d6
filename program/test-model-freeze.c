/* SPDX-License-Identifier: MIT */
/* Tests what the model knows of what is held while something is frozen. */
#include "program/test-operations.h"

enum { NODE, LEAF, FILE_OF, PAIR, KEY, KEPT };
static const struct gc_shape shapes[] = {
    [NODE] = {.name = "node", .id = NODE, .refs = 2, .payload = 8},
    [LEAF] = {.name = "leaf", .id = LEAF, .flags = GC_SHAPE_ACYCLIC | GC_SHAPE_EXTERNAL, .external = 7},
    [FILE_OF] = {.name = "file", .id = FILE_OF, .flags = GC_SHAPE_FINALISED, .refs = 2},
    [PAIR] = {.name = "pair",
              .id = PAIR,
              .flags = GC_SHAPE_WEAK | GC_SHAPE_EPHEMERON | GC_SHAPE_REFERENT,
              .refs = 2,
              .payload = GC_WEAK_BYTES},
    [KEY] = {.name = "key", .id = KEY, .flags = GC_SHAPE_REFERENT, .refs = 1},
    [KEPT] = {.name = "kept", .id = KEPT, .flags = GC_SHAPE_FINALISED | PROGRAM_SHAPE_KEEPS, .payload = 8},
};

static void begin(uint32_t shape_count)
{
    assert(model_open(&model, shapes, shape_count, 6, TEST_LIMIT) == 0);
}

/* Makes a ring of two in the global `slot`: objects #n and #n+1, where n is the next number. Returns n. */
static uint32_t ring(uint32_t slot)
{
    uint32_t first = model.object_count + 1;
    must(PROGRAM_NEW, slot, NODE, 0);
    must(PROGRAM_NEW, 5, NODE, 0);
    must(PROGRAM_STORE, first, 0, first + 1);
    must(PROGRAM_STORE, first + 1, 0, first);
    must(PROGRAM_DEL, 5, 0, 0);
    return first;
}

static void holds(uint64_t least, uint64_t most, const char *sentence)
{
    struct model_held surely, maybe;
    assert(model_hold(&model, MODEL_FROZEN_SURELY, &surely) == 0);
    assert(model_hold(&model, MODEL_FROZEN_MAYBE, &maybe) == 0);
    bool right = surely.objects == least && maybe.objects == most;
    tap_ok(right, "%s", sentence);
    if (!right)
        tap_note("%llu to %llu, not %llu to %llu", (unsigned long long)surely.objects,
                 (unsigned long long)maybe.objects, (unsigned long long)least, (unsigned long long)most);
}

static void test_life(void)
{
    begin(2);
    ring(0);
    must(PROGRAM_NEW, 1, NODE, 0);
    must(PROGRAM_FREEZE, 0, 0, 0);
    ring(2);
    holds(5, 5, "what lives is held, frozen or not");
    must(PROGRAM_DEL, 1, 0, 0);
    holds(4, 4, "counting takes what is frozen");
    must(PROGRAM_DEL, 2, 0, 0);
    holds(2, 2, "a collection takes a ring that was made later");
    must(PROGRAM_DEL, 0, 0, 0);
    holds(2, 2, "and not the frozen one");
    must(PROGRAM_COLLECT, 0, 0, 0);
    must(PROGRAM_CHECKPOINT, 0, 0, 0);
    holds(2, 2, "however often it looks");
    tap_equal(model_reachable(&model), 0, "though it does not live");
    must(PROGRAM_UNFREEZE, 0, 0, 0);
    holds(0, 0, "until nothing is frozen");
    model_close(&model);
}

static void test_garbage(void)
{
    begin(2);
    ring(0);
    must(PROGRAM_DEL, 0, 0, 0);
    must(PROGRAM_FREEZE, 0, 0, 0);
    holds(2, 2, "a ring that has just died is frozen");
    must(PROGRAM_UNFREEZE, 0, 0, 0);
    must(PROGRAM_COLLECT, 0, 0, 0);
    must(PROGRAM_FREEZE, 0, 0, 0);
    holds(0, 0, "one that a full collection has found is not");
    must(PROGRAM_UNFREEZE, 0, 0, 0);
    ring(0);
    must(PROGRAM_DEL, 0, 0, 0);
    must(PROGRAM_NEW, 0, NODE, 0);
    must(PROGRAM_FREEZE, 0, 0, 0);
    holds(1, 3, "one that died before an object was made may be");
    must(PROGRAM_UNFREEZE, 0, 0, 0);
    must(PROGRAM_COLLECT, GC_COLLECT_YOUNG, 0, 0);
    must(PROGRAM_FREEZE, 0, 0, 0);
    holds(1, 3, "also after a collection of the young");
    model_close(&model);
}

/* A ring of which the model knows, and which is gone, refers to an object that counting frees. */
static void test_gone(void)
{
    begin(2);
    uint32_t gone = ring(0);
    uint32_t held = ring(1);
    must(PROGRAM_NEW, 2, NODE, 0);
    uint32_t alone = model.object_count;
    must(PROGRAM_STORE, gone, 1, alone);
    must(PROGRAM_STORE, alone, 0, held);
    must(PROGRAM_DEL, 0, 0, 0);
    must(PROGRAM_COLLECT, 0, 0, 0);
    must(PROGRAM_DEL, 2, 0, 0);
    must(PROGRAM_DEL, 1, 0, 0);
    must(PROGRAM_FREEZE, 0, 0, 0);
    holds(2, 2, "what only a ring refers to that was found has died by counting, and what it held is frozen");
    model_close(&model);
}

/* A frozen object that is held by a younger ring alone dies when that is found, and uncovers a third. */
static void test_layers(void)
{
    begin(2);
    must(PROGRAM_NEW, 0, NODE, 0);
    must(PROGRAM_NEW, 3, LEAF, 0);
    must(PROGRAM_STORE, 1, 1, 2);
    must(PROGRAM_DEL, 3, 0, 0);
    must(PROGRAM_FREEZE, 0, 0, 0);
    uint32_t holder = ring(1), held = ring(2);
    must(PROGRAM_STORE, holder, 1, 1);
    must(PROGRAM_STORE, 1, 0, held);
    must(PROGRAM_DEL, 0, 0, 0);
    must(PROGRAM_DEL, 2, 0, 0);
    holds(6, 6, "a ring holds what is frozen, and that another ring");
    struct model_held surely;
    assert(model_hold(&model, MODEL_FROZEN_SURELY, &surely) == 0);
    tap_equal((int64_t)surely.frozen, 2, "the model says how many of them are frozen");
    tap_equal((int64_t)surely.external, 7, "and the bytes that they own outside of the heap");
    must(PROGRAM_DEL, 1, 0, 0);
    holds(0, 0, "all of it goes with the first");
    model_close(&model);
}

/* What the frozen holds is frozen, too, by the next FREEZE. */
static void test_again(void)
{
    begin(2);
    uint32_t old = ring(0);
    must(PROGRAM_FREEZE, 0, 0, 0);
    uint32_t young = ring(1);
    must(PROGRAM_STORE, old, 1, young);
    must(PROGRAM_DEL, 1, 0, 0);
    must(PROGRAM_NEW, 1, NODE, 0);
    must(PROGRAM_FREEZE, 0, 0, 0);
    must(PROGRAM_CLEAR, old, 1, 0);
    holds(5, 5, "what the frozen holds is frozen by the next");
    must(PROGRAM_DEL, 0, 0, 0);
    holds(5, 5, "and so is still what it was");
    must(PROGRAM_UNFREEZE, 0, 0, 0);
    holds(1, 1, "one end is that of both");
    must(PROGRAM_FREEZE, 0, 0, 0);
    holds(5, 5, "and the other begins: no collection has run in between");
    must(PROGRAM_UNFREEZE, 0, 0, 0);
    must(PROGRAM_COLLECT, GC_COLLECT_YOUNG, 0, 0);
    must(PROGRAM_FREEZE, 0, 0, 0);
    holds(1, 5, "what was frozen may not have been found before the next");
    model_close(&model);
}

static const char attended[] = "what is frozen and dead has a finaliser, or a weak reference: whether it "
                               "is found is the collector's";
static const char bound[] =
    "a finaliser may bind g0, and what is frozen and held by g0 alone has a finaliser, or "
    "a weak reference: whether it is found is the collector's";

static void test_attended(void)
{
    begin(4);
    ring(0);
    must(PROGRAM_NEW, 1, FILE_OF, 0);
    uint32_t file = model.object_count;
    must(PROGRAM_STORE, file, 0, file);
    must(PROGRAM_FREEZE, 0, 0, 0);
    must(PROGRAM_FINALISE, 0, 0, 0);
    must(PROGRAM_DEL, 0, 0, 0);
    must(PROGRAM_FINALISE, 0, 0, 0);
    holds(3, 3, "what is due is called while something is frozen");
    must(PROGRAM_DEL, 1, 0, 0);
    tap_same(apply(PROGRAM_FINALISE, 0, 0, 0), attended, "unless it is a dead one with a finaliser");
    must(PROGRAM_UNFREEZE, 0, 0, 0);
    must(PROGRAM_FINALISE, 0, 0, 0);
    tap_equal(model.calls, 1, "whose finaliser is called when nothing is frozen");
    must(PROGRAM_FREEZE, 0, 0, 0);
    holds(0, 0, "and that a FINALISE has found");
    model_close(&model);
}

/* A weak reference leads to a frozen ring; and a finaliser that binds the first global drops what is there. */
static void test_weak(void)
{
    begin(6);
    must(PROGRAM_NEW, 0, KEY, 0);
    must(PROGRAM_STORE, 1, 0, 1);
    must(PROGRAM_NEW, 1, PAIR, 0);
    must(PROGRAM_EPHEMERON, 2, 1, PROGRAM_NULL);
    must(PROGRAM_FREEZE, 0, 0, 0);
    must(PROGRAM_FINALISE, 0, 0, 0);
    must(PROGRAM_NEW, 2, KEPT, 0);
    must(PROGRAM_DEL, 2, 0, 0);
    tap_same(apply(PROGRAM_FINALISE, 0, 0, 0), bound,
             "nor if a finaliser may drop it, and a weak reference tells");
    must(PROGRAM_SET, 3, 1, 0);
    must(PROGRAM_FINALISE, 0, 0, 0);
    must(PROGRAM_DEL, 0, 0, 0);
    must(PROGRAM_FINALISE, 0, 0, 0);
    must(PROGRAM_DEL, 3, 0, 0);
    tap_same(apply(PROGRAM_FINALISE, 0, 0, 0), attended, "or it is dead");
    model_close(&model);
    begin(6);
    must(PROGRAM_NEW, 0, KEPT, 0);
    must(PROGRAM_DEL, 0, 0, 0);
    must(PROGRAM_FINALISE, 0, 0, 0);
    must(PROGRAM_SET, 3, 1, 0);
    must(PROGRAM_NEW, 0, KEY, 0);
    must(PROGRAM_NEW, 1, PAIR, 0);
    must(PROGRAM_EPHEMERON, 3, 2, PROGRAM_NULL);
    must(PROGRAM_FREEZE, 0, 0, 0);
    must(PROGRAM_FINALISE, 0, 0, 0);
    tap_equal(model.calls, 1, "a finaliser that has been called binds no name again");
    model_close(&model);
}

/* The ephemeron is frozen, and its key younger. */
static void test_ephemeron(void)
{
    begin(5);
    must(PROGRAM_NEW, 0, PAIR, 0);
    must(PROGRAM_FREEZE, 0, 0, 0);
    must(PROGRAM_NEW, 1, KEY, 0);
    uint32_t key = model.object_count, value = ring(2);
    must(PROGRAM_EPHEMERON, 1, key, value);
    must(PROGRAM_STORE, value, 1, key);
    must(PROGRAM_DEL, 2, 0, 0);
    holds(4, 4, "a frozen ephemeron holds its value while its key lives");
    must(PROGRAM_DEL, 1, 0, 0);
    holds(1, 1, "and the value does not hold its key");
    model_close(&model);
    begin(5);
    must(PROGRAM_NEW, 0, PAIR, 0);
    must(PROGRAM_NEW, 2, NODE, 0);
    must(PROGRAM_FREEZE, 0, 0, 0);
    must(PROGRAM_NEW, 1, KEY, 0);
    must(PROGRAM_STORE, 3, 0, 3);
    must(PROGRAM_EPHEMERON, 1, 3, 2);
    must(PROGRAM_DEL, 2, 0, 0);
    holds(3, 3, "nor does a frozen value differ");
    must(PROGRAM_DEL, 1, 0, 0);
    holds(1, 1, "which counting frees when the key is dead");
    model_close(&model);
}

/* A collection has taken the value with the key. Then the ephemeron lets go of it, as the model knows it. */
static void test_gone_value(void)
{
    begin(5);
    must(PROGRAM_NEW, 0, PAIR, 0);
    must(PROGRAM_NEW, 1, KEY, 0);
    must(PROGRAM_NEW, 2, NODE, 0);
    must(PROGRAM_STORE, 2, 0, 2);
    must(PROGRAM_STORE, 3, 0, 2);
    must(PROGRAM_EPHEMERON, 1, 2, 3);
    must(PROGRAM_DEL, 1, 0, 0);
    must(PROGRAM_DEL, 2, 0, 0);
    must(PROGRAM_COLLECT, 0, 0, 0);
    must(PROGRAM_EPHEMERON, 1, PROGRAM_NULL, PROGRAM_NULL);
    must(PROGRAM_FREEZE, 0, 0, 0);
    holds(1, 2, "a value that is gone with its key says nothing of what it held");
    model_close(&model);
}

static void test_version(void)
{
    struct program program = test_program("gcp 7\nglobals 1\nfreeze\nunfreeze\n");
    tap_equal(program_version(&program), PROGRAM_VERSION_FREEZE, "a freeze makes a program one of version 7");
    program_free(&program);
}

int main(void)
{
    test_life();
    test_garbage();
    test_gone();
    test_layers();
    test_again();
    test_attended();
    test_weak();
    test_ephemeron();
    test_gone_value();
    test_version();
    return tap_done();
}
