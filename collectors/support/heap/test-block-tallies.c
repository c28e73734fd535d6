/* SPDX-License-Identifier: MIT */
/*
 * Full collections with tallies. Objects have so many references from the heap that their tallies come
 * round; some objects are large. Each is garbage once, is alive by its referrers once, and by a name alone
 * once.
 */
#include "collectors/counts.h"
#include "collectors/gc.h"
#include "tests/mutator.h"
#include "tests/tap.h"

enum { NODE, ARRAY, BIG, SHAPES };
static const struct gc_shape shapes[] = {
    {.name = "node", .id = NODE, .refs = 1},
    {.name = "array", .id = ARRAY, .flags = GC_SHAPE_REFS_VARY},
    {.name = "big", .id = BIG, .refs = 1, .payload = 100000},
};
enum { TARGET, HOLDER, NAMES }; /* globals */

/*
 * Makes an object of `shape` in TARGET and an array in HOLDER. Every field of the array refers to the
 * object, and the object refers to the array.
 */
static void make(struct gc_mutator *mutator, int shape, uint64_t references)
{
    struct gc_slot *target = gc_global(mutator, TARGET);
    struct gc_slot *holder = gc_global(mutator, HOLDER);
    gc_local_new(mutator, target, &shapes[shape], 0);
    gc_local_new(mutator, holder, &shapes[ARRAY], references);
    for (uint64_t i = 0; i < references; i++)
        gc_field_set(mutator, gc_local_get(holder), i, gc_local_get(target));
    gc_field_set(mutator, gc_local_get(target), 0, gc_local_get(holder));
}

static void collect(struct gc_mutator *mutator)
{
    gc_collect(mutator, GC_COLLECT_FULL);
    gc_collector_check(mutator);
}

static void garbage(struct gc_mutator *mutator, int shape, uint64_t references)
{
    make(mutator, shape, references);
    gc_local_del(mutator, gc_global(mutator, TARGET));
    gc_local_del(mutator, gc_global(mutator, HOLDER));
    collect(mutator);
    tap_equal((int64_t)gc_held_objects(mutator), 0, "it dies when all references are from garbage");
}

static void alive(struct gc_mutator *mutator, int shape, uint64_t references)
{
    make(mutator, shape, references);
    gc_local_del(mutator, gc_global(mutator, TARGET));
    collect(mutator);
    struct gc_ref target = gc_field_get(mutator, gc_local_get(gc_global(mutator, HOLDER)), 0);
    tap_equal(gc_count(target), (int64_t)references, "it lives, and is counted, with a named array");
    gc_local_del(mutator, gc_global(mutator, HOLDER));
    collect(mutator);
}

/* The holder is garbage with all of its references. The target has a name. */
static void named(struct gc_mutator *mutator, int shape, uint64_t references)
{
    make(mutator, shape, references);
    struct gc_ref target = gc_local_get(gc_global(mutator, TARGET));
    struct gc_ref holder = gc_local_get(gc_global(mutator, HOLDER));
    gc_field_set(mutator, holder, 0, holder);
    gc_field_del(mutator, target, 0);
    gc_local_del(mutator, gc_global(mutator, HOLDER));
    collect(mutator);
    tap_equal((int64_t)gc_held_objects(mutator), 1,
              "and lives alone when it has a name and they are garbage");
    tap_equal(gc_count(gc_local_get(gc_global(mutator, TARGET))), 1, "with the count of the name");
    gc_local_del(mutator, gc_global(mutator, TARGET));
}

/* An object whose count is saturated is never found dead. */
static void saturated(struct gc_mutator *mutator)
{
    make(mutator, NODE, 1000);
    gc_local_get(gc_global(mutator, TARGET)).object->count = GC_COUNT_STUCK;
    gc_local_del(mutator, gc_global(mutator, TARGET));
    gc_local_del(mutator, gc_global(mutator, HOLDER));
    collect(mutator);
    tap_equal((int64_t)gc_held_objects(mutator), 2, "a saturated count keeps its object and what that keeps");
}

int main(void)
{
    static const uint64_t references[] = {1, 255, 256, 257, 512, 1000, 65536};
    struct gc_mutator *mutator = test_mutator_open(shapes, SHAPES, NAMES, "");
    for (unsigned i = 0; i < sizeof references / sizeof *references; i++) {
        for (int shape = NODE; shape <= BIG; shape += BIG - NODE) {
            tap_note("%s with %llu references", shapes[shape].name, (unsigned long long)references[i]);
            garbage(mutator, shape, references[i]);
            alive(mutator, shape, references[i]);
            named(mutator, shape, references[i]);
        }
    }
    saturated(mutator);
    test_mutator_close(mutator);
    return tap_done();
}
