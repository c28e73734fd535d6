/* SPDX-License-Identifier: MIT */
#include "collectors/support/trigger/growth.h"
#include "tests/tap.h"

static struct gc_mutator holding(uint64_t allocated, uint64_t freed)
{
    return (struct gc_mutator){.clock.allocated_bytes = allocated, .account.freed_bytes = freed};
}

static void thresholds(void)
{
    const struct growth_options options = {.growth = 2.0, .minimum = 1000};
    struct gc_mutator mutator = holding(0, 0);
    tap_equal((int64_t)growth_threshold(&mutator, &options), 1000, "an empty heap may grow to the minimum");
    mutator = holding(5499, 5000);
    tap_equal((int64_t)growth_threshold(&mutator, &options), 1000, "so may a small one");
    mutator = holding(5501, 5000);
    tap_equal((int64_t)growth_threshold(&mutator, &options), 1002, "a larger one to `growth` times its size");
    mutator = holding(UINT64_C(1) << 62, 0);
    tap_ok(growth_threshold(&(struct gc_mutator){.clock.allocated_bytes = UINT64_C(1) << 62},
                            &(struct growth_options){.growth = 1000, .minimum = 0}) >= UINT64_C(1) << 62,
           "the product of a huge heap and a huge factor does not wrap");
}

static void polling(void)
{
    struct gc_mutator mutator = holding(100, 0);
    tap_equal((int64_t)growth_poll_at(&mutator, 1000), 1000 + 7,
              "the first look is when the threshold has been met");
    mutator = holding(10000, 9500);
    tap_equal((int64_t)growth_poll_at(&mutator, 1600), 10000 + 1100 + 8, "frees push it out");
    mutator = holding(10000, 8401);
    tap_equal((int64_t)growth_poll_at(&mutator, 1600), 10000 + 100,
              "two looks are a sixteenth of the threshold apart at least");
    mutator = holding(10000, 0);
    tap_equal((int64_t)growth_poll_at(&mutator, 1600), 10000 + 100, "also above the threshold");
}

/* Names weigh as what lives does. */
static void names(void)
{
    static struct gc_slot slots[1000];
    const struct growth_options options = {.growth = 2.0, .minimum = 1000};
    struct gc_mutator mutator = holding(500, 0);
    mutator.roots.base = slots;
    mutator.roots.top = slots + 50;
    tap_equal((int64_t)growth_threshold(&mutator, &options), 1000, "few names are in the minimum");
    mutator.roots.top = slots + 100;
    tap_equal((int64_t)growth_threshold(&mutator, &options), 500 + 800,
              "many let the heap grow by what they take");
    mutator = holding(5000, 0);
    mutator.roots.base = slots;
    mutator.roots.top = slots + 100;
    tap_equal((int64_t)growth_threshold(&mutator, &options), 10000, "what lives and names do not add up");
}

/* A heap grows by objects of `bytes`, and none dies. The number of collections is logarithmic in its size. */
static void growing(void)
{
    const struct growth_options options = {.growth = 2.0, .minimum = 1 << 20};
    struct gc_mutator mutator = holding(0, 0);
    uint64_t threshold = growth_threshold(&mutator, &options);
    uint64_t poll_at = growth_poll_at(&mutator, threshold);
    unsigned collections = 0;
    unsigned looks = 0;
    bool punctual = true;
    while (mutator.clock.allocated_bytes < UINT64_C(1) << 30) {
        if (mutator.clock.allocated_bytes + 64 > poll_at) {
            looks++;
            if (gc_held_bytes(&mutator) >= threshold) {
                punctual &= gc_held_bytes(&mutator) <= threshold + threshold / 64;
                collections++;
                threshold = growth_threshold(&mutator, &options);
            }
            poll_at = growth_poll_at(&mutator, threshold);
        }
        mutator.clock.allocated_bytes += 64;
    }
    tap_ok(collections >= 9 && collections <= 10, "a heap that grows a thousandfold is collected ten times");
    tap_equal(looks, collections, "and looked at as often");
    tap_ok(punctual, "when it has grown by the factor, and hardly more");
    tap_note("%u collections, %u looks", collections, looks);
}

int main(void)
{
    thresholds();
    names();
    polling();
    growing();
    return tap_done();
}
