/* SPDX-License-Identifier: MIT */
/* Tests what the model knows of finalisers and weak references, and what it refuses to be asked. */
#include "program/test-operations.h"

enum { NODE, FILE_OF, KEPT, LINK, BELL, PLAIN, PAIR, LEAF, SHAPES };
static const struct gc_shape shapes[] = {
    [NODE] = {.name = "node", .id = NODE, .flags = GC_SHAPE_REFERENT, .refs = 2},
    [FILE_OF] = {.name = "file", .id = FILE_OF, .flags = GC_SHAPE_FINALISED | GC_SHAPE_REFERENT, .refs = 1},
    [KEPT] = {.name = "kept", .id = KEPT, .flags = GC_SHAPE_FINALISED | PROGRAM_SHAPE_KEEPS, .refs = 1},
    [LINK] = {.name = "link", .id = LINK, .flags = GC_SHAPE_WEAK | GC_SHAPE_ACYCLIC, .payload = 32},
    [BELL] = {.name = "bell", .id = BELL, .flags = GC_SHAPE_WEAK | GC_SHAPE_CALLED, .refs = 1, .payload = 32},
    [PLAIN] = {.name = "plain", .id = PLAIN, .refs = 1},
    [PAIR] =
        {.name = "pair", .id = PAIR, .flags = GC_SHAPE_WEAK | GC_SHAPE_EPHEMERON, .refs = 2, .payload = 32},
    [LEAF] = {.name = "leaf", .id = LEAF, .flags = GC_SHAPE_ACYCLIC | GC_SHAPE_REFERENT},
};

/* Slot 0 is the global name; 1 to 3 are local. */
static void begin(void)
{
    assert(model_open(&model, shapes, SHAPES, 1, TEST_LIMIT) == 0);
    must(PROGRAM_ENTER, 3, 0, 0);
}

/* Makes an object in a slot. Objects have numbers from 1 on. */
static void make(uint32_t slot, uint32_t shape)
{
    must(PROGRAM_NEW, slot, shape, 0);
}

/* Makes an object in each slot from the first local one on; begins a model for it. */
static void begin_with(const uint32_t *made, uint32_t count)
{
    begin();
    for (uint32_t i = 0; i < count; i++)
        make(1 + i, made[i]);
}
#define BEGIN_WITH(...)                                                                                      \
    begin_with((const uint32_t[]){__VA_ARGS__}, sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

/* Drops the names from `first` to `last`. */
static void drop(uint32_t first, uint32_t last)
{
    for (uint32_t slot = first; slot <= last; slot++)
        must(PROGRAM_DEL, slot, 0, 0);
}

static void finalise(void)
{
    must(PROGRAM_FINALISE, 0, 0, 0);
}

static void test_finalisers(void)
{
    BEGIN_WITH(FILE_OF, NODE);
    must(PROGRAM_STORE, 1, 0, 2);
    drop(1, 2);
    tap_equal(model.live, 2, "an object whose finaliser is due is held, with what it holds");
    tap_same(apply(PROGRAM_SET, 1, 1, 0), "no slot holds the object, nor has a GET just found it",
             "and may not be used");
    finalise();
    tap_equal(model.calls, 1, "its finaliser is called");
    tap_equal(model.live, 0, "and then it is gone");
    must(PROGRAM_CALLED, 1, 0, 0);
    tap_same(apply(PROGRAM_CALLED, 2, 0, 0), "another number of finalisers and callbacks have been called",
             "a wrong number of calls is refused");
    model_close(&model);
}

static void test_brought_back(void)
{
    BEGIN_WITH(KEPT);
    drop(1, 1);
    finalise();
    tap_equal(model.slots[0].object, 1, "a finaliser that keeps its object binds the first global name");
    tap_equal(model.objects[0].count, 1, "and that is the one reference");
    must(PROGRAM_SET, 1, 1, 0);
    drop(0, 1);
    tap_equal(model.live, 0, "it has no finaliser any more");
    model_close(&model);
    BEGIN_WITH(KEPT, FILE_OF);
    must(PROGRAM_STORE, 1, 0, 2);
    drop(1, 2);
    tap_same(apply(PROGRAM_FINALISE, 0, 0, 0),
             "a finaliser would bring back objects that counting has not found dead",
             "one that takes another with it, which a trace would have finalised, is refused");
    model_close(&model);
    BEGIN_WITH(KEPT, KEPT);
    drop(1, 2);
    tap_same(apply(PROGRAM_FINALISE, 0, 0, 0),
             "two finalisers would bind the first global, and their order is the collector's",
             "two that keep at once are refused");
    model_close(&model);
}

/* One object is due whose finaliser binds the first global, and another holds a ring. The global is a weak reference to
 * the ring, with a callback. */
static void begin_with_late_callback(void)
{
    BEGIN_WITH(KEPT, FILE_OF, NODE);
    make(0, BELL);
    must(PROGRAM_WEAK, 4, 3, 0);
    must(PROGRAM_STORE, 3, 0, 3);
    must(PROGRAM_STORE, 2, 0, 3);
    drop(1, 3);
}

static void test_late_callbacks(void)
{
    BEGIN_WITH(KEPT, NODE);
    make(0, BELL);
    must(PROGRAM_WEAK, 3, 2, 0);
    drop(1, 2);
    finalise();
    tap_equal(model.calls, 2, "a finaliser may drop what has been called by then");
    model_close(&model);
    begin_with_late_callback();
    tap_same(apply(PROGRAM_FINALISE, 0, 0, 0),
             "a finaliser would drop a weak reference whose callback counting calls later",
             "but not what counting calls when the ring is held no more");
    model_close(&model);
    begin_with_late_callback();
    must(PROGRAM_SET, 1, 4, 0);
    finalise();
    tap_equal(model.calls, 3, "unless another name holds that, too");
    model_close(&model);
}

/* A ring of two with finalisers, one of which keeps it, and a weak reference to the other; all but that is dropped. */
static void begin_with_dead_ring(void)
{
    BEGIN_WITH(FILE_OF, KEPT, LINK);
    must(PROGRAM_STORE, 1, 0, 2);
    must(PROGRAM_STORE, 2, 0, 1);
    must(PROGRAM_WEAK, 3, 1, 0);
    must(PROGRAM_LEADS, 3, 1, 0);
    drop(1, 2);
}

static void test_rings(void)
{
    begin_with_dead_ring();
    finalise();
    tap_equal(model.calls, 2, "a ring is finalised");
    tap_equal(model.slots[0].object, 2, "and brought back by one of it");
    must(PROGRAM_LEADS, 3, 0, 0);
    must(PROGRAM_GET, 2, 0, 0);
    must(PROGRAM_SET, 1, 1, 0);
    tap_ok(true, "what it holds may be used, and the weak reference to it is null");
    drop(0, 1);
    finalise();
    must(PROGRAM_CALLED, 2, 0, 0);
    tap_ok(true, "and it is not finalised again");
    model_close(&model);
}

static void test_counting_alone(void)
{
    begin_with_dead_ring();
    model.counts_only = true;
    make(1, FILE_OF);
    drop(1, 1);
    finalise();
    tap_equal(model.calls, 1, "by counting alone a ring is not finalised, and another object is");
    tap_equal(model.attended[2].referent, 1, "and a weak reference leads to the ring as before");
    model_close(&model);
}

static void test_weak_references(void)
{
    BEGIN_WITH(NODE, LINK);
    must(PROGRAM_LEADS, 2, 0, 0);
    must(PROGRAM_WEAK, 2, 1, 0);
    tap_equal(model.objects[0].count, 1, "a weak reference does not count");
    must(PROGRAM_LEADS, 2, 1, 0);
    tap_same(apply(PROGRAM_LEADS, 2, 0, 0), "the weak reference leads elsewhere",
             "a wrong answer is refused");
    drop(1, 1);
    tap_equal(model.live, 1, "nor does it keep its referent");
    tap_same(
        apply(PROGRAM_LEADS, 2, 0, 0),
        "the referent has died since the last FINALISE: where the weak reference leads is the collector's",
        "to ask of a referent that has just died is refused");
    finalise();
    must(PROGRAM_LEADS, 2, 0, 0);
    make(1, PLAIN);
    tap_same(apply(PROGRAM_WEAK, 2, 3, 0), "no weak reference may refer to the second object",
             "a weak reference to an object that is no referent is refused");
    tap_same(apply(PROGRAM_WEAK, 3, 0, 0), "the first object is no weak reference",
             "and one of an object that is none");
    tap_same(apply(PROGRAM_FREE, 2, 0, 0),
             "an object with a finaliser, or with weak references, is freed by nobody", "and freeing one");
    model_close(&model);
}

static void test_callbacks(void)
{
    BEGIN_WITH(NODE, BELL, BELL);
    must(PROGRAM_WEAK, 2, 1, 0);
    must(PROGRAM_WEAK, 3, 1, 0);
    drop(2, 2);
    drop(1, 1);
    finalise();
    tap_equal(model.calls, 1, "of two weak references the one that lives is called back");
    make(1, NODE);
    must(PROGRAM_WEAK, 3, 4, 0);
    must(PROGRAM_STORE, 4, 0, 3);
    must(PROGRAM_STORE, 4, 1, 4);
    drop(3, 3);
    drop(1, 1);
    finalise();
    must(PROGRAM_CALLED, 1, 0, 0);
    tap_ok(true, "one on the ring of its referent is not");
    model_close(&model);
}

/* An ephemeron in slot 1, its key in slot 2 and its value in slot 3. */
static void begin_pair(void)
{
    begin();
    must(PROGRAM_NEW, 1, PAIR, 0);
    must(PROGRAM_NEW, 2, NODE, 0);
    must(PROGRAM_NEW, 3, NODE, 0);
    must(PROGRAM_EPHEMERON, 1, 2, 3);
}

static void test_ephemerons(void)
{
    begin_pair();
    tap_equal(model.objects[2].count, 2, "an ephemeron counts its value");
    tap_equal(model.objects[1].count, 1, "and not its key");
    must(PROGRAM_LEADS, 1, 2, 0);
    must(PROGRAM_DEL, 3, 0, 0);
    tap_equal((int64_t)model_reachable(&model), 3, "a value is reached by way of the ephemeron and its key");
    must(PROGRAM_GET, 1, 0, 0);
    must(PROGRAM_SET, 3, 3, 0);
    must(PROGRAM_DEL, 2, 0, 0);
    tap_equal(model.objects[2].count, 1, "when the key dies the value is counted no longer");
    tap_same(apply(PROGRAM_GET, 1, 0, 0),
             "no slot holds the ephemeron's key: whether it still has its value is the collector's",
             "and to read it then is refused");
    must(PROGRAM_FINALISE, 0, 0, 0);
    must(PROGRAM_GET, 1, 0, 0);
    must(PROGRAM_LEADS, 1, 0, 0);
    tap_ok(true, "after a FINALISE the ephemeron is empty");
    model_close(&model);
}

static void test_value_refers_to_key(void)
{
    begin_pair();
    must(PROGRAM_STORE, 3, 0, 2);
    must(PROGRAM_DEL, 3, 0, 0);
    must(PROGRAM_DEL, 2, 0, 0);
    tap_equal((int64_t)model_reachable(&model), 1, "a key is not reached by way of its own value");
    must(PROGRAM_FINALISE, 0, 0, 0);
    must(PROGRAM_LEADS, 1, 0, 0);
    tap_equal(model.live, 1, "and dies with it");
    model_close(&model);
}

static void test_ephemerons_refused(void)
{
    begin_pair();
    tap_same(apply(PROGRAM_WEAK, 1, 2, 0), "the key of an ephemeron is set with its value, by 'ephemeron'",
             "to set a key alone is refused");
    tap_same(apply(PROGRAM_STORE, 1, 0, 3), "the value of an ephemeron is set with its key, by 'ephemeron'",
             "and a value alone");
    tap_same(apply(PROGRAM_CLEAR, 1, 0, 0), "the value of an ephemeron is set with its key, by 'ephemeron'",
             "and to clear one");
    tap_same(apply(PROGRAM_EPHEMERON, 1, 0, 3), "an ephemeron without a key has no value",
             "and a value without a key");
    must(PROGRAM_STORE, 1, 1, 2);
    tap_equal(model.objects[1].count, 2, "its other fields are as all others");
    tap_same(apply(PROGRAM_EPHEMERON, 2, 1, 0), "the first object is no weak reference",
             "an ephemeron that is none is refused");
    must(PROGRAM_NEW, 3, LEAF, 0);
    tap_same(apply(PROGRAM_EPHEMERON, 1, 4, 0),
             "a key may lie on a cycle, through its value: the second object is acyclic",
             "and a key of an acyclic shape");
    model_close(&model);
}

static void test_without(void)
{
    assert(model_open(&model, &shapes[PLAIN], 1, 1, TEST_LIMIT) == 0);
    tap_same(apply(PROGRAM_FINALISE, 0, 0, 0),
             "no shape of the program has a finaliser, or is of weak references",
             "a program without any has no FINALISE");
    model_close(&model);
    assert(model_open(&model, shapes, SHAPES, 0, TEST_LIMIT) == 0);
    must(PROGRAM_ENTER, 1, 0, 0);
    tap_same(apply(PROGRAM_NEW, 0, KEPT, 0), "a finaliser that keeps its object needs a global name",
             "nor one without a global name a finaliser that binds it");
    model_close(&model);
}

int main(void)
{
    test_finalisers();
    test_brought_back();
    test_late_callbacks();
    test_rings();
    test_counting_alone();
    test_weak_references();
    test_callbacks();
    test_ephemerons();
    test_value_refers_to_key();
    test_ephemerons_refused();
    test_without();
    return tap_done();
}
