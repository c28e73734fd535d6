/* SPDX-License-Identifier: MIT */
/* Checks how much time is left, where processes run again. */
#include "harness/campaign/session.h"
#include "tests/tap.h"

enum { SECOND = 1000000000 };

static int64_t left_after(double seconds, size_t done, size_t repeated, size_t again)
{
    struct progress progress = {
        .total = 20, .done = 4 + done, .done_before = 4, .repeated = repeated, .again = again};
    return progress_left(&progress, (int64_t)(seconds * SECOND));
}

int main(void)
{
    tap_ok(left_after(10, 0, 0, 0) == -1, "before the first process there is no pace");
    tap_ok(left_after(8, 4, 0, 0) == (int64_t)24 * SECOND, "what is left takes as long as what ran");
    tap_ok(left_after(12, 4, 2, 0) == (int64_t)36 * SECOND, "what is left has its share of repetitions");
    tap_ok(left_after(12, 4, 2, 3) == (int64_t)42 * SECOND, "those that are due come beside");
    tap_ok(left_after(32, 16, 0, 2) == (int64_t)4 * SECOND, "after the last process there are those");
    tap_ok(left_after(6, 0, 3, 1) == (int64_t)34 * SECOND, "a session that repeats first has a pace by that");
    tap_ok(progress_left(&(struct progress){.done = 4, .repeated = 1}, SECOND) == -1,
           "a run that adds blocks has no total, and no time left by it");
    struct session_pace never = {0}, twice = {.seconds = 1.5, .processes = 4, .blocks = 2};
    tap_ok(session_pace_block(&never) == 0, "a cell of which nothing ran has no time");
    tap_ok(session_pace_block(&twice) == 3, "a block of a cell that ran twice in each takes two processes");
    return tap_done();
}
