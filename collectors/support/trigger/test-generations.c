/* SPDX-License-Identifier: MIT */
#include "collectors/support/trigger/generations.h"
#include "tests/tap.h"

static const struct generation_options standard = {2000, 10, 10, 0.25, false, 0};

/*
 * Makes `objects` objects that all live, and collects when a collection is due. Returns how many objects
 * the collections looked at, and the number of collections of each kind.
 */
static uint64_t grow(struct generation_clock *clock, uint64_t objects, uint64_t ret_collections[GENERATIONS])
{
    uint64_t held[GENERATIONS] = {0};
    uint64_t visited = 0;
    for (uint64_t i = 0; i < objects; i++) {
        held[0]++;
        if (!generation_clock_born(clock))
            continue;
        int generation = generation_due(clock);
        if (generation < 0)
            continue;
        ret_collections[generation]++;
        generation_clock_begin(clock, generation);
        uint64_t survivors = 0;
        for (int younger = 0; younger <= generation; younger++) {
            survivors += held[younger];
            held[younger] = 0;
        }
        held[generation < GENERATION_OLDEST ? generation + 1 : GENERATION_OLDEST] += survivors;
        visited += survivors;
        generation_clock_end(clock, generation, survivors);
    }
    return visited;
}

static void first_collections(void)
{
    struct generation_clock clock = {.options = &standard};
    uint64_t collections[GENERATIONS] = {0};
    grow(&clock, 2000, collections);
    tap_equal((int64_t)collections[0], 0, "as many objects as the threshold call for nothing");
    grow(&clock, 1, collections);
    tap_equal((int64_t)collections[0], 1, "one more calls for a collection of the youngest");
    grow(&clock, 10 * 2001, collections);
    tap_equal((int64_t)collections[0], 11, "so does every further threshold");
    tap_equal((int64_t)collections[1], 0, "ten collections do not call for the middle generation");
    grow(&clock, 2001, collections);
    tap_equal((int64_t)collections[1], 1, "the one after the eleventh takes it along");
    tap_equal((int64_t)collections[0], 11, "and is then none of the youngest");
}

static void deaths(void)
{
    struct generation_clock clock = {.options = &standard};
    for (int i = 0; i < 3; i++)
        generation_clock_died(&clock);
    tap_equal((int64_t)clock.young, 0, "what dies of an older generation takes nothing off an empty count");
    bool due = false;
    for (int i = 0; i < 100000; i++) {
        due = due || generation_clock_born(&clock);
        generation_clock_died(&clock);
    }
    tap_ok(!due, "objects that die by counting never call for a collection");
}

static void quarter(void)
{
    struct generation_options always = standard;
    always.share = 0;
    uint64_t with[GENERATIONS] = {0};
    uint64_t without[GENERATIONS] = {0};
    struct generation_clock clock = {.options = &standard};
    grow(&clock, 100000000, with);
    clock = (struct generation_clock){.options = &always};
    grow(&clock, 100000000, without);
    tap_ok(with[2] >= 10 && with[2] <= 30,
           "a heap that grows to 10^8 is collected fully a dozen times or two");
    tap_note("%" PRIu64 " times", with[2]);
    tap_ok(without[2] > 300, "and hundreds of times without the rule of the quarter");
    tap_note("%" PRIu64 " times", without[2]);
    tap_ok(with[1] >= without[1] && with[0] > 0, "which changes nothing for the younger");
}

/* Objects looked at for each object made, in a heap that grows to `objects`. */
static double work(uint64_t threshold2, uint64_t objects)
{
    struct generation_options options = standard;
    options.threshold2 = threshold2;
    struct generation_clock clock = {.options = &options};
    uint64_t collections[GENERATIONS] = {0};
    return (double)grow(&clock, objects, collections) / (double)objects;
}

static void linear(void)
{
    double early = work(1, 1000000);
    double late = work(1, 16000000);
    tap_ok(late < 1.15 * early,
           "an object costs hardly more in a heap of 16 million than in one of a million");
    tap_note("%.2f and %.2f visits", early, late);
    early = work(10, 1000000);
    late = work(10, 16000000);
    tap_ok(late > 1.5 * early, "which is not so with CPython's threshold for the oldest generation");
    tap_note("%.2f and %.2f visits", early, late);
}

/*
 * Structures pass through and become old as a whole, while one stays. Returns how many full collections
 * they cause.
 */
static uint64_t full_while_passing(bool net, uint64_t arriving, uint64_t dying)
{
    struct generation_options options = standard;
    options.net = net;
    options.threshold2 = 0;
    struct generation_clock clock = {.options = &options};
    generation_clock_end(&clock, GENERATION_OLDEST, 100000);
    uint64_t full = 0;
    for (int i = 0; i < 1000; i++) {
        clock.collections[GENERATION_OLDEST - 1] = 1;
        generation_clock_end(&clock, GENERATION_OLDEST - 1, arriving);
        full += generation_due(&clock) == GENERATION_OLDEST;
        if (generation_due(&clock) == GENERATION_OLDEST)
            generation_clock_end(&clock, GENERATION_OLDEST, 100000);
        for (uint64_t j = 0; j < dying; j++)
            generation_clock_died_old(&clock);
    }
    return full;
}

static void passing(void)
{
    tap_equal((int64_t)full_while_passing(true, 10000, 10000), 0,
              "what came and was freed by counting calls for no full collection");
    tap_equal((int64_t)full_while_passing(false, 10000, 10000), 333, "without `net` it does");
    tap_equal((int64_t)full_while_passing(true, 10000, 5000), 250,
              "what came and stays calls for one when it is a quarter");
    tap_equal((int64_t)full_while_passing(true, 30000, 200000), 1000,
              "and what was freed of the rest makes no room for more");
}

/* What a full collection left weighs, too: a large array of few objects keeps the next one away. */
static void weighed(void)
{
    struct generation_options options = standard;
    options.threshold2 = 0;
    options.share = 1;
    options.weight = 1024;
    struct generation_clock clock = {.options = &options};
    struct gc_mutator mutator = {.clock.allocated_bytes = 1024 * 1000};
    generation_clock_end(&clock, GENERATION_OLDEST, 10);
    generation_clock_weigh(&clock, &mutator, GENERATION_OLDEST);
    tap_equal((int64_t)clock.left_by_full, 1000, "ten objects of a megabyte weigh as a thousand");
    clock.collections[GENERATION_OLDEST - 1] = 1;
    generation_clock_end(&clock, GENERATION_OLDEST - 1, 999);
    tap_ok(generation_due(&clock) != GENERATION_OLDEST,
           "so many have to come before all are collected again");
    generation_clock_end(&clock, GENERATION_OLDEST - 1, 1);
    tap_ok(generation_due(&clock) == GENERATION_OLDEST, "and no more");
    generation_clock_end(&clock, GENERATION_OLDEST, 5000);
    generation_clock_weigh(&clock, &mutator, GENERATION_OLDEST);
    tap_equal((int64_t)clock.left_by_full, 5000, "more objects than that count as they are");
}

/* After a freeze nothing from before calls for a collection: no object, no collection, and no byte. */
static void frozen(void)
{
    struct generation_options options = standard;
    options.weight = 1024;
    struct generation_clock clock = {.options = &options, .young = 1999, .collections = {9, 9}};
    struct gc_mutator mutator = {.clock.allocated_bytes = 1024 * 500};
    generation_clock_weigh(&clock, &mutator, 0);
    mutator.clock.allocated_bytes = 1024 * 2501;
    generation_clock_freeze(&clock, &mutator);
    generation_clock_born(&clock);
    generation_clock_look(&clock, &mutator);
    tap_ok(generation_due(&clock) < 0, "what was made before a freeze calls for no collection");
    mutator.clock.allocated_bytes += 1024 * 2000;
    generation_clock_look(&clock, &mutator);
    tap_equal(generation_due(&clock), 0,
              "as many bytes as the threshold weighs call for one of the youngest");
    mutator.clock.allocated_bytes -= 1024 * 2000;
    generation_clock_weigh(&clock, &mutator, GENERATION_OLDEST - 1);
    tap_equal((int64_t)clock.arrived_since_full, 0, "and no frozen byte has come into the oldest generation");
}

/* Whether a full collection is due when 2000 objects have come into the oldest generation, which left 1000, while as many
 * have died of 5000 that are unfrozen. `share` is 1. */
static bool due_after_unfreeze(bool net, uint64_t left_out)
{
    struct generation_options options = standard;
    options.net = net;
    options.share = 1;
    options.threshold2 = 0;
    struct generation_clock clock = {.options = &options, .left_by_full = 1000};
    generation_clock_unfreeze(&clock, left_out);
    for (int i = 0; i < 2000; i++) {
        generation_clock_end(&clock, GENERATION_OLDEST - 1, 1);
        generation_clock_died_old(&clock);
    }
    clock.collections[GENERATION_OLDEST - 1] = 1;
    return generation_due(&clock) == GENERATION_OLDEST;
}

static void unfrozen(void)
{
    tap_ok(due_after_unfreeze(true, 5000),
           "what dies of the unfrozen, which a full collection left out, does not hide what comes");
    tap_ok(due_after_unfreeze(false, 0), "nor does it where deaths are taken off nothing, as in CPython");
    struct generation_options cpython = standard;
    cpython.net = false;
    struct generation_clock clock = {.options = &cpython, .left_by_full = 1000};
    generation_clock_unfreeze(&clock, 5000);
    tap_equal((int64_t)clock.arrived_since_full, 0, "there an unfreeze counts nothing as come");
    tap_ok(!due_after_unfreeze(true, 0), "what dies of those that it left does");
}

int main(void)
{
    frozen();
    unfrozen();
    first_collections();
    deaths();
    quarter();
    linear();
    passing();
    weighed();
    return tap_done();
}
