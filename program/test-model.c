/* SPDX-License-Identifier: MIT */
/* Tests the meaning of operations, and which are valid. */
#include <pthread.h>
#include <sys/resource.h>

#include "program/test-support.h"

enum { NODE, LEAF, ARRAY };
static const struct gc_shape shapes[] = {
    [NODE] = {.name = "node", .id = NODE, .refs = 2},
    [LEAF] = {.name = "leaf", .id = LEAF, .flags = GC_SHAPE_ACYCLIC, .refs = 1, .payload = 8},
    [ARRAY] = {.name = "array", .id = ARRAY, .flags = GC_SHAPE_REFS_VARY},
};

static struct model model;

static const char *apply(struct program_op op)
{
    struct model_places places;
    const char *objection = model_objection(&model, &op);
    return objection ? objection : model_apply(&model, &op, &places);
}

static void must(uint32_t code, uint32_t a, uint32_t b, uint32_t c)
{
    const char *objection = apply((struct program_op){code, a, b, c});
    if (objection)
        fprintf(stderr, "%s %u %u %u: %s\n", program_codes[code].word, a, b, c, objection);
    assert(!objection);
}

static void begin(uint32_t globals, uint64_t limit)
{
    assert(model_open(&model, shapes, 3, globals, limit) == 0);
}

/* Slot 0 is global and holds #4, 1 holds #1, 2 holds #3. Only a field of #1 holds #2. #5 is gone. */
static void prepare_objections(void)
{
    begin(1, TEST_LIMIT);
    must(PROGRAM_ENTER, 2, 0, 0);
    must(PROGRAM_NEW, 1, NODE, 0);
    must(PROGRAM_NEW, 2, NODE, 0);
    must(PROGRAM_STORE, 1, 0, 2);
    must(PROGRAM_NEW, 2, LEAF, 0);
    must(PROGRAM_NEW, 0, LEAF, 0);
    must(PROGRAM_ENTER, 1, 0, 0);
    must(PROGRAM_NEW, 3, NODE, 0);
    must(PROGRAM_LEAVE, 0, 0, 0);
}

static const char no_object[] = "there is no such object yet";
static const char not_held[] = "no slot holds the object, nor has a GET just found it";
static const char null[] = "an object is needed, not null";
static const char no_slot[] = "there is no such slot";
static const char no_field[] = "the object has no such field";
static const char acyclic[] = "an acyclic object holds acyclic objects only";
static const char cycle[] = "an acyclic object would lie on a cycle";

static const struct {
    struct program_op op;
    const char *objection;
    const char *sentence;
} objections[] = {
    {{PROGRAM_ENTER, PROGRAM_SLOTS_MAX - 2, 0, 0},
     "frames would pass 4194304 slots",
     "a frame that does not fit"},
    {{PROGRAM_ENTER, UINT32_MAX, 0, 0},
     "frames would pass 4194304 slots",
     "a frame whose size would overflow"},
    {{PROGRAM_NEW, 3, NODE, 0}, no_slot, "an object in a slot above the top"},
    {{PROGRAM_NEW, 1, 3, 0}, "there is no such shape", "an object of no shape"},
    {{PROGRAM_NEW, 1, ARRAY, PROGRAM_LENGTH_MAX + 1},
     "the length is above 16777216",
     "an array that is too long"},
    {{PROGRAM_NEW, 1, NODE, 1},
     "the shape's size does not vary: its length is 0",
     "a length for a shape of fixed size"},
    {{PROGRAM_SET, 3, 1, 0}, no_slot, "binding a slot above the top"},
    {{PROGRAM_SET, 1, 6, 0}, no_object, "binding an object not yet made"},
    {{PROGRAM_SET, 1, 2, 0}, not_held, "binding an object that only a field holds"},
    {{PROGRAM_SET, 1, 5, 0}, not_held, "binding an object that is gone"},
    {{PROGRAM_MOVE, 3, 1, 0}, no_slot, "moving to a slot above the top"},
    {{PROGRAM_MOVE, 1, 3, 0}, no_slot, "moving from a slot above the top"},
    {{PROGRAM_MOVE, 1, 1, 0}, "a slot cannot be moved to itself", "moving a slot to itself"},
    {{PROGRAM_DEL, 3, 0, 0}, no_slot, "deleting a slot above the top"},
    {{PROGRAM_GET, 0, 0, 0}, null, "reading a field of null"},
    {{PROGRAM_GET, 2, 0, 0}, not_held, "reading a field of an object that only a field holds"},
    {{PROGRAM_GET, 1, 2, 0}, no_field, "reading a field past the last"},
    {{PROGRAM_CLEAR, 0, 0, 0}, null, "clearing a field of null"},
    {{PROGRAM_CLEAR, 1, UINT32_MAX, 0}, no_field, "clearing a field past the last"},
    {{PROGRAM_STORE, 0, 0, 1}, null, "storing into null"},
    {{PROGRAM_STORE, 1, 2, 1}, no_field, "storing past the last field"},
    {{PROGRAM_STORE, 1, 0, 6}, no_object, "storing an object not yet made"},
    {{PROGRAM_STORE, 1, 0, 2}, not_held, "storing an object that only a field holds"},
    {{PROGRAM_STORE, 3, 0, 1}, acyclic, "storing what may be cyclic in an acyclic object"},
    {{PROGRAM_STORE, 3, 0, 3}, cycle, "storing an acyclic object in itself"},
    {{PROGRAM_COLLECT, 2, 0, 0}, "there is no such kind of collection", "a collection of no kind"},
    {{PROGRAM_COUNT, 0, 0, 0}, null, "counting the references of null"},
    {{PROGRAM_COUNT, 2, 1, 0}, not_held, "counting those of an object that only a field holds"},
    {{PROGRAM_END, 0, 0, 0}, "there is no such operation", "END in the middle"},
    {{PROGRAM_FREE, 0, 0, 0}, null, "freeing null"},
    {{PROGRAM_FREE, 6, 0, 0}, no_object, "freeing an object not yet made"},
    {{PROGRAM_FREE, 1, 0, 0}, "a slot holds the object: it is not dead", "freeing what a slot holds"},
    {{PROGRAM_CODES, 0, 0, 0}, "there is no such operation", "a code past the last"},
};

/* Acyclic objects lie on no cycle. */
static void test_acyclic_rings(void)
{
    must(PROGRAM_STORE, 4, 0, 3);
    tap_same(apply((struct program_op){PROGRAM_STORE, 3, 0, 4}), cycle,
             "closing a ring of two acyclic objects is refused");
    must(PROGRAM_CLEAR, 4, 0, 0);
    must(PROGRAM_STORE, 3, 0, 4);
    tap_equal(model.objects[3].count, 2, "an acyclic object may hold a younger one");
    tap_same(apply((struct program_op){PROGRAM_STORE, 4, 0, 3}), cycle,
             "closing a ring from the younger side is refused then");
    must(PROGRAM_ENTER, 1, 0, 0);
    must(PROGRAM_NEW, 3, LEAF, 0);
    must(PROGRAM_STORE, 6, 0, 3);
    tap_same(apply((struct program_op){PROGRAM_STORE, 4, 0, 6}), cycle, "and a ring of three");
    must(PROGRAM_LEAVE, 0, 0, 0);
}

static void test_objections(void)
{
    prepare_objections();
    for (size_t i = 0; i < sizeof objections / sizeof *objections; i++) {
        char sentence[128];
        const char *objection = model_objection(&model, &objections[i].op);
        snprintf(sentence, sizeof sentence, "%s is refused", objections[i].sentence);
        tap_same(objection ? objection : "nothing", objections[i].objection, sentence);
    }
    test_acyclic_rings();
    must(PROGRAM_LEAVE, 0, 0, 0);
    tap_same(apply((struct program_op){PROGRAM_LEAVE, 0, 0, 0}), "there is no frame to leave",
             "leaving the globals is refused");
    uint32_t objects = model.object_count;
    model.object_count = INT32_MAX;
    tap_same(model_objection(&model, &(struct program_op){PROGRAM_NEW, 0, NODE, 0}),
             "there are too many objects", "an object too many is refused");
    model.object_count = objects;
    model_close(&model);
}

static void test_borrowing(void)
{
    static const struct program_op use = {PROGRAM_SET, 1, 2, 0};
    static const struct {
        struct program_op op;
        bool ends;
    } rows[] = {
        {{PROGRAM_ENTER, 1, 0, 0}, false},  {{PROGRAM_GET, 1, 1, 0}, false},
        {{PROGRAM_COUNT, 1, 1, 0}, false},  {{PROGRAM_LEAVE, 0, 0, 0}, true},
        {{PROGRAM_NEW, 1, NODE, 0}, true},  {{PROGRAM_SET, 1, 0, 0}, true},
        {{PROGRAM_MOVE, 1, 2, 0}, true},    {{PROGRAM_DEL, 1, 0, 0}, true},
        {{PROGRAM_STORE, 1, 1, 1}, true},   {{PROGRAM_CLEAR, 1, 1, 0}, true},
        {{PROGRAM_COLLECT, 0, 0, 0}, true}, {{PROGRAM_CHECKPOINT, 0, 0, 0}, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin(3, TEST_LIMIT);
        must(PROGRAM_ENTER, 0, 0, 0);
        must(PROGRAM_NEW, 0, NODE, 0);
        must(PROGRAM_NEW, 1, NODE, 0);
        must(PROGRAM_STORE, 1, 0, 2);
        must(PROGRAM_DEL, 1, 0, 0);
        must(PROGRAM_GET, 1, 0, 0);
        assert(!model_objection(&model, &use));
        must(rows[i].op.code, rows[i].op.a, rows[i].op.b, rows[i].op.c);
        tap_ok((model_objection(&model, &use) != NULL) == rows[i].ends, "%s %s a borrowed reference",
               program_codes[rows[i].op.code].word, rows[i].ends ? "ends" : "does not end");
        model_close(&model);
    }
}

static void test_places(void)
{
    struct model_places places;
    begin(2, TEST_LIMIT);
    must(PROGRAM_NEW, 0, NODE, 0);
    must(PROGRAM_NEW, 1, NODE, 0);
    must(PROGRAM_STORE, 1, 0, 2);
    must(PROGRAM_DEL, 1, 0, 0);
    assert(!model_apply(&model, &(struct program_op){PROGRAM_GET, 1, 1, 0}, &places));
    tap_equal(places.object, model_in_slot(0), "an object that a slot holds is found in it");
    assert(!model_apply(&model, &(struct program_op){PROGRAM_GET, 1, 0, 0}, &places));
    tap_equal(places.result, 1, "each GET has a register of its own, also one that found null");
    assert(!model_apply(&model, &(struct program_op){PROGRAM_STORE, 2, 1, 2}, &places));
    tap_ok(places.object == model_in_register(1) && places.value == model_in_register(1),
           "an object that only a GET found is in its register");
    assert(!model_apply(&model, &(struct program_op){PROGRAM_GET, 1, 0, 0}, &places));
    tap_equal(places.result, 0, "registers are used again when borrowing has ended");
    tap_equal(model.registers_max, 2, "the most registers in use at once are known");
    assert(!model_apply(&model, &(struct program_op){PROGRAM_SET, 1, 0, 0}, &places));
    tap_equal(places.object, MODEL_NOWHERE, "null is nowhere");
    model_close(&model);
}

static void test_counts(void)
{
    begin(2, TEST_LIMIT);
    must(PROGRAM_NEW, 0, NODE, 0);
    must(PROGRAM_SET, 0, 1, 0);
    tap_equal(model.objects[0].count, 1, "rebinding a name to its own object changes nothing");
    must(PROGRAM_SET, 1, 1, 0);
    must(PROGRAM_STORE, 1, 0, 1);
    must(PROGRAM_STORE, 1, 1, 1);
    tap_equal(model.objects[0].count, 4, "names and fields count alike");
    must(PROGRAM_MOVE, 0, 1, 0);
    tap_equal(model.objects[0].count, 3, "moving drops what was there and counts nothing else");
    must(PROGRAM_DEL, 0, 0, 0);
    tap_equal(model.live, 1, "a ring keeps itself");
    tap_equal((int64_t)model_reachable(&model), 0, "but no slot reaches it");
    must(PROGRAM_NEW, 0, ARRAY, 100);
    must(PROGRAM_NEW, 1, NODE, 0);
    must(PROGRAM_STORE, 2, 99, 3);
    must(PROGRAM_DEL, 1, 0, 0);
    tap_equal((int64_t)model_reachable(&model), 2, "the last field of an array reaches");
    must(PROGRAM_DEL, 0, 0, 0);
    tap_equal(model.live, 1, "what only a released object kept is released with it");
    model_close(&model);
}

/* #1 and #2 are a ring that holds #3 and refers to #4, which slot 0 holds. */
static void prepare_ring(void)
{
    begin(2, TEST_LIMIT);
    must(PROGRAM_NEW, 0, NODE, 0);
    must(PROGRAM_NEW, 1, NODE, 0);
    must(PROGRAM_STORE, 1, 0, 2);
    must(PROGRAM_STORE, 2, 0, 1);
    must(PROGRAM_NEW, 1, NODE, 0);
    must(PROGRAM_STORE, 1, 1, 3);
    must(PROGRAM_NEW, 1, NODE, 0);
    must(PROGRAM_GET, 1, 0, 0);
    must(PROGRAM_STORE, 2, 1, 4);
}

static void test_frees(void)
{
    static const char undead[] = "an object was freed that is still referred to";
    prepare_ring();
    must(PROGRAM_FREE, 2, 0, 0);
    tap_same(apply((struct program_op){.code = PROGRAM_CHECKPOINT}), undead,
             "freeing what a living object refers to is refused");
    model_close(&model);

    prepare_ring();
    must(PROGRAM_DEL, 0, 0, 0);
    must(PROGRAM_FREE, 1, 0, 0);
    tap_equal(model.objects[3].count, 1,
              "what is freed drops the references it held, and all that dies of it");
    tap_equal(model.live, 1, "which is gone");
    must(PROGRAM_FREE, 3, 0, 0);
    must(PROGRAM_FREE, 2, 0, 0);
    tap_same(apply((struct program_op){PROGRAM_FREE, 3, 0, 0}), "the object has been freed before",
             "freeing twice is refused");
    tap_ok(!apply((struct program_op){.code = PROGRAM_CHECKPOINT}), "a whole ring may be freed");
    model_close(&model);

    prepare_ring();
    must(PROGRAM_GET, 1, 1, 0);
    must(PROGRAM_STORE, 4, 0, 3);
    must(PROGRAM_DEL, 0, 0, 0);
    must(PROGRAM_FREE, 2, 0, 0);
    must(PROGRAM_FREE, 1, 0, 0);
    must(PROGRAM_FREE, 3, 0, 0);
    tap_same(model_end_objection(&model), undead,
             "freeing more than the ring, something that hangs off it and lives, is refused at the end");
    model_close(&model);

    prepare_ring();
    must(PROGRAM_GET, 1, 1, 0);
    must(PROGRAM_STORE, 4, 0, 3);
    must(PROGRAM_DEL, 0, 0, 0);
    must(PROGRAM_FREE, 3, 0, 0);
    must(PROGRAM_FREE, 2, 0, 0);
    must(PROGRAM_FREE, 1, 0, 0);
    tap_same(model_end_objection(&model), undead, "also when it was freed before the ring");
    model_close(&model);
}

static void test_nested_frames(void)
{
    enum { DEPTH = 1000 };
    begin(1, TEST_LIMIT);
    must(PROGRAM_NEW, 0, NODE, 0);
    for (uint32_t i = 0; i < DEPTH; i++) {
        must(PROGRAM_ENTER, i % 3, 0, 0);
        for (uint32_t slot = model.top - i % 3; slot < model.top; slot++)
            must(PROGRAM_SET, slot, 1, 0);
    }
    tap_equal(model.objects[0].count, 1 + DEPTH - 1, "the locals of nested frames all count");
    for (uint32_t i = DEPTH; i > DEPTH / 2; i--)
        must(PROGRAM_LEAVE, 0, 0, 0);
    tap_equal(model.objects[0].count, 1 + DEPTH / 2 - 1,
              "the end of a function destroys its own locals only");
    tap_equal(model.top, 1 + DEPTH / 2 - 1, "and takes its slots off");
    must(PROGRAM_ENTER, 2, 0, 0);
    tap_ok(!model.slots[model.top - 1].object && !model.slots[model.top - 2].object,
           "slots used before are null in a new frame");
    model_close(&model);
}

static void test_memory_limit(void)
{
    struct program_op array = {PROGRAM_NEW, 0, ARRAY, PROGRAM_LENGTH_MAX};
    begin(1, TEST_LIMIT);
    tap_same(apply(array), "the program needs more memory than the limit",
             "an array above the limit is refused");
    tap_equal(model.live, 0, "and is not there");
    tap_same(apply((struct program_op){PROGRAM_ENTER, PROGRAM_SLOTS_MAX - 1, 0, 0}),
             "the program needs more memory than the limit", "so is a frame above the limit");
    for (int i = 0; i < 1000; i++)
        must(PROGRAM_NEW, 0, ARRAY, 10000);
    tap_ok(model.memory <= TEST_LIMIT, "what is released can be used again");
    model_close(&model);
    struct rusage before;
    struct rusage after;
    getrusage(RUSAGE_SELF, &before);
    begin(1, (uint64_t)8 << 30);
    for (int i = 0; i < 15; i++)
        must(PROGRAM_NEW, 0, ARRAY, PROGRAM_LENGTH_MAX);
    getrusage(RUSAGE_SELF, &after);
    tap_ok(after.ru_maxrss - before.ru_maxrss < 512 * 1024,
           "great arrays that hold nothing take little memory");
    tap_note("grew by %ld KiB", after.ru_maxrss - before.ru_maxrss);
    model_close(&model);
}

static void *chain_release(void *unused)
{
    enum { LENGTH = 1000000 };
    begin(2, (uint64_t)1 << 30);
    for (uint32_t i = 1; i <= LENGTH; i++) {
        must(PROGRAM_NEW, 1, NODE, 0);
        if (i > 1)
            must(PROGRAM_STORE, i, 1, i - 1);
        must(PROGRAM_MOVE, 0, 1, 0);
    }
    tap_equal(model.live, LENGTH, "a chain of a million objects is alive");
    tap_equal((int64_t)model_reachable(&model), LENGTH, "and is walked on a small stack");
    must(PROGRAM_DEL, 0, 0, 0);
    tap_equal(model.live, 0, "and is released at once on a small stack");
    model_close(&model);
    return unused;
}

static void test_deep_release(void)
{
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    assert(pthread_attr_setstacksize(&attributes, 256 * 1024) == 0);
    assert(pthread_create(&thread, &attributes, chain_release, NULL) == 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
}

int main(void)
{
    test_objections();
    test_borrowing();
    test_places();
    test_counts();
    test_frees();
    test_nested_frames();
    test_memory_limit();
    test_deep_release();
    return tap_done();
}
