/* SPDX-License-Identifier: MIT */
/* The table of where objects are, against an array. */
#include <stdlib.h>

#include "base/random.h"
#include "harness/lifetimes/places.h"
#include "tests/tap.h"

enum { ADDRESSES = 5000, STEPS = 400000 };

static uint32_t truth[ADDRESSES]; /* the number at each address, or 0 */

/* Near each other, as objects are, and never 0. */
static uintptr_t address_of(uint64_t index)
{
    return 0x7f0000000000 + index * 16;
}

int main(void)
{
    struct places places = {0};
    struct random_state random;
    uint64_t wrong = 0, count = 0, taken = 0;
    random_seed(&random, 7);
    tap_equal(places_take(&places, address_of(1)), 0, "an empty table has nothing");
    for (uint32_t i = 1; i <= STEPS; i++) {
        uint64_t index = random_below(&random, ADDRESSES);
        if (random_below(&random, 100) < (i < STEPS / 2 ? 60u : 40u)) {
            assert(places_put(&places, address_of(index), i) == 0);
            count += !truth[index];
            truth[index] = i;
        } else {
            wrong += places_take(&places, address_of(index)) != truth[index];
            taken += truth[index] != 0;
            count -= truth[index] != 0;
            truth[index] = 0;
        }
        wrong += places.count != count;
    }
    tap_equal((int64_t)wrong, 0, "what is put is taken, once, and nothing else is found");
    tap_ok(taken > STEPS / 10, "%" PRIu64 " were taken", taken);
    for (uint64_t i = 0; i < ADDRESSES; i++)
        wrong += places_take(&places, address_of(i)) != truth[i];
    tap_ok(wrong == 0 && places.count == 0, "and the rest at the end");
    tap_equal(places_take(&places, 0), 0, "null is nowhere");
    places_close(&places);
    return tap_done();
}
