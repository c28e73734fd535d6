/* SPDX-License-Identifier: MIT */
/* The two spaces: how far one is filled, and what becomes of the other. */
#include "collectors/gc.h"
#include "tests/mutator.h"
#include "tests/pauses.h"
#include "tests/tap.h"

enum { MINIMUM = 1 << 20, OBJECT_BYTES = 24 };

static const struct gc_shape shapes[] = {{.name = "node", .id = 0, .refs = 2},
                                         {.name = "odd", .id = 1, .refs = 1, .payload = 1}};

static struct test_pauses heard;

static struct copy_mutator *copy_of(struct gc_mutator *mutator)
{
    return (struct copy_mutator *)mutator;
}

/* Makes garbage until there have been `count` collections. Returns the bytes allocated. */
static uint64_t garbage_make(struct gc_mutator *mutator, uint64_t count)
{
    uint64_t before = mutator->clock.allocated_bytes;
    for (test_pauses_begin(mutator, &heard); heard.all.count < count;)
        gc_local_new(mutator, gc_global(mutator, 1), &shapes[0], 0);
    return mutator->clock.allocated_bytes - before;
}

static void list_make(struct gc_mutator *mutator, const struct gc_shape *shape, uint64_t bytes)
{
    for (uint64_t i = 0; i < bytes / OBJECT_BYTES; i++) {
        gc_local_new(mutator, gc_global(mutator, 1), shape, 0);
        gc_field_set(mutator, gc_local_get(gc_global(mutator, 1)), 0, gc_local_get(gc_global(mutator, 0)));
        gc_local_move(mutator, gc_global(mutator, 0), gc_global(mutator, 1));
    }
}

static bool is_about(uint64_t found, uint64_t expected)
{
    return found > expected - expected / 16 && found < expected + expected / 16;
}

static void turns(struct gc_mutator *mutator)
{
    const struct copy_mutator *copy = copy_of(mutator);
    garbage_make(mutator, 2); /* until both spaces are as large as they need to be */
    const char *one = copy->space.memory;
    const char *other = copy->spare.memory;
    garbage_make(mutator, 1);
    bool changed = copy->space.memory == other && copy->spare.memory == one;
    garbage_make(mutator, 1);
    tap_ok(other && changed && copy->space.memory == one, "two spaces of a steady heap take turns");
    mutator->test.returns_memory = true;
    garbage_make(mutator, 1);
    tap_ok(!copy->spare.memory, "for tests the old one is given back at once");
    mutator->test.returns_memory = false;
}

/* With nothing to copy, a space of no bytes would be large enough. */
static void emptiness(struct gc_mutator *mutator)
{
    const struct copy_mutator *copy = copy_of(mutator);
    gc_collect(mutator, GC_COLLECT_FULL);
    gc_collect(mutator, GC_COLLECT_FULL);
    tap_ok(copy->space.memory && (uint64_t)(copy->end - copy->space.memory) == MINIMUM,
           "an empty heap that was collected has its space");
    gc_collector_check(mutator);
}

static void growth(struct gc_mutator *mutator)
{
    const struct copy_mutator *copy = copy_of(mutator);
    list_make(mutator, &shapes[0], 8 * MINIMUM);
    garbage_make(mutator, 3);
    tap_ok(is_about(garbage_make(mutator, 4), (uint64_t)4 * 8 * MINIMUM),
           "a space is filled to twice what lives");
    gc_local_del(mutator, gc_global(mutator, 0));
    garbage_make(mutator, 2);
    tap_ok(is_about(garbage_make(mutator, 4), (uint64_t)4 * MINIMUM),
           "and to the minimum again when that has died");
    tap_ok(copy->space.bytes + copy->spare.bytes < (uint64_t)8 * MINIMUM, "the large ones are given back");
    tap_note("%llu and %llu bytes", (unsigned long long)copy->space.bytes,
             (unsigned long long)copy->spare.bytes);
    gc_collector_check(mutator);
}

/* A heap that only grows is copied once for each doubling. */
static void doubling(struct gc_mutator *mutator)
{
    test_pauses_begin(mutator, &heard);
    list_make(mutator, &shapes[0], 60 * MINIMUM);
    uint64_t collections = heard.all.count;
    tap_ok(collections >= 5 && collections <= 7, "what grows is copied once for each doubling");
    tap_note("%llu collections", (unsigned long long)collections);
    gc_collector_check(mutator);
}

/* An odd object has 17 bytes and fills 24. What lives then fills more than it is held for, and a space that has
 * hardly more room than that is not full again at each object. */
static void whole_words(void)
{
    struct gc_mutator *mutator = test_mutator_open(shapes, 2, 2, "growth=1.01,minimum=4096");
    list_make(mutator, &shapes[1], MINIMUM);
    uint64_t held = gc_held_bytes(mutator);
    tap_ok(
        garbage_make(mutator, 8) >= 7 * held / 16,
        "a sixteenth of what is held comes between two collections, where objects fill more than they have");
    test_pauses_end(mutator);
    test_mutator_close(mutator);
}

int main(void)
{
    struct gc_mutator *mutator = test_mutator_open(shapes, 2, 2, "minimum=1048576");
    emptiness(mutator);
    turns(mutator);
    growth(mutator);
    doubling(mutator);
    test_pauses_end(mutator);
    test_mutator_close(mutator);
    whole_words();
    return tap_done();
}
