/* SPDX-License-Identifier: MIT */
#include "collectors/support/trigger/trial-trigger.h"
#include "tests/tap.h"

static struct gc_mutator holding(uint64_t allocated, uint64_t freed)
{
    return (struct gc_mutator){.clock.allocated_objects = allocated,
                               .account.freed_objects = freed,
                               .clock.allocated_bytes = allocated * 24};
}

static void wanted(void)
{
    struct gc_mutator mutator = holding(5000, 1000);
    tap_equal((int64_t)trial_trigger_next(&mutator, 1.0, 300), 4300,
              "the next collection waits for as many objects as the last one touched in vain");
    tap_equal((int64_t)trial_trigger_next(&mutator, 0.25, 300), 4075, "times the share");
    tap_equal((int64_t)trial_trigger_next(&mutator, 0, 300), 4000, "a share of 0 waits for none");
    tap_ok(trial_trigger_next(&mutator, 100, UINT64_C(1) << 48) > UINT64_C(1) << 54,
           "the product of a huge heap and a large share does not wrap");
}

static void polling(void)
{
    struct gc_mutator mutator = holding(5000, 1000);
    tap_equal((int64_t)trial_trigger_poll_at(&mutator, 4010), 5000 * 24 + 10 * 8,
              "the next look is when that many of the smallest objects can have been made");
}

/* Every object lives, and each collection touches all of them. */
static void growing(void)
{
    struct gc_mutator mutator = holding(0, 0);
    uint64_t next = 0;
    uint64_t touched = 0;
    uint64_t looks = 0;
    uint64_t collections = 0;
    uint64_t poll_at = 0;
    while (mutator.clock.allocated_objects < 10000000) {
        mutator.clock.allocated_objects++;
        mutator.clock.allocated_bytes += 24;
        if (mutator.clock.allocated_objects < 10000 || mutator.clock.allocated_bytes < poll_at)
            continue;
        looks++;
        if (gc_held_objects(&mutator) >= next) {
            collections++;
            touched += gc_held_objects(&mutator);
            next = trial_trigger_next(&mutator, 1.0, gc_held_objects(&mutator));
        }
        poll_at = trial_trigger_poll_at(&mutator, next);
    }
    tap_ok(touched >= 10000000 && touched <= 2 * 10000000,
           "a heap that only grows is touched twice per object at most");
    tap_ok(collections <= 11, "in as many collections as it has doubled");
    tap_ok(looks <= 40 * collections, "each look halves what may be missing, nearly");
    tap_note("%llu objects touched in %llu collections, %llu looks", (unsigned long long)touched,
             (unsigned long long)collections, (unsigned long long)looks);
}

int main(void)
{
    wanted();
    polling();
    growing();
    return tap_done();
}
