/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "harness/results/warmth.h"
#include "tests/tap.h"

static struct store_row row_of(const char *memory, int64_t faults)
{
    struct store_row row = store_row_empty();
    row.memory = memory;
    row.status = "ok";
    row.minor_faults = faults;
    row.major_faults = 0;
    row.short_bytes = 0;
    row.warmed_bytes = 400 << 20; /* 102,400 pages */
    return row;
}

int main(void)
{
    struct store_row warm = row_of("warm", 300), cold = row_of("cold", 30000), few = row_of("warm", 64);
    tap_ok(!warmth_is_lacking(&warm, 30000),
           "a warm process of a hundredth of its cold twin's faults is warm");
    tap_ok(warmth_is_lacking(&warm, 29999), "one of more is not");
    tap_ok(!warmth_is_lacking(&cold, 30000), "a cold one is what it is to be");
    tap_ok(!warmth_is_lacking(&few, 800), "a few faults make no process cold, however few its twin has");
    few.minor_faults = 60;
    few.major_faults = 5;
    tap_ok(warmth_is_lacking(&few, 800), "major faults count, too");
    few.major_faults = 0;
    few.short_bytes = 4096;
    tap_ok(warmth_is_lacking(&few, 800), "a pool that was empty makes it so, without a fault more");
    tap_ok(!warmth_is_lacking(&warm, NAN), "without a twin the pages that were there are what counts");
    warm.minor_faults = 1025;
    tap_ok(warmth_is_lacking(&warm, NAN), "and a hundredth of them");
    warm.minor_faults = warm.short_bytes = STORE_MISSING;
    tap_ok(!warmth_is_lacking(&warm, 30000), "a row that does not say it is no witness");
    warm = row_of("warm", 30000);
    warm.status = "crash";
    tap_ok(!warmth_is_lacking(&warm, 30000), "nor is one whose process failed");
    return tap_done();
}
