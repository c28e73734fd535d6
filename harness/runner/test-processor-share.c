/* SPDX-License-Identifier: MIT */
#include <sched.h>
#include <unistd.h>

#include "harness/runner/processor-share.h"
#include "tests/tap.h"

static const char stat[] = "cpu  830909 509838 432504 635638 3563 0 1810 1117 0 0\n"
                           "cpu0 409973 253153 210739 331725 1253 0 76 537 0 0\n"
                           "cpu1 1 2 3 4 5 6 7\n"
                           "cpu10 420935 256684 221765 303913 2309 0 1733 580 0 0\n"
                           "intr 1 2 3\n";

static void check_stolen(void)
{
    tap_equal(processor_share_stolen_ticks(stat, 0), 537, "stolen ticks are the eighth number of a line");
    tap_equal(processor_share_stolen_ticks(stat, 10), 580, "the line is found by the whole number");
    tap_equal(processor_share_stolen_ticks(stat, 1), PROCESSOR_SHARE_UNKNOWN,
              "a line with seven numbers says nothing of it, and its neighbour's are not taken");
    tap_equal(processor_share_stolen_ticks(stat, 7), PROCESSOR_SHARE_UNKNOWN,
              "nor does a line that is not there");
}

static void check_kept(void)
{
    struct processor_share share;
    cpu_set_t all;
    cpu_set_t one;
    assert(sched_getaffinity(0, sizeof all, &all) == 0);
    size_t processor = 0;
    while (!CPU_ISSET(processor, &all))
        processor++;
    CPU_ZERO(&one);
    CPU_SET(processor, &one);
    processor_share_read(&share);
    if (CPU_COUNT(&all) > 1) {
        tap_equal(share.processor, PROCESSOR_SHARE_UNKNOWN, "a process that may move has no processor");
        tap_equal(share.stolen_ns, PROCESSOR_SHARE_UNKNOWN, "so nothing is known of what was stolen from it");
    }
    assert(sched_setaffinity(0, sizeof one, &one) == 0);
    processor_share_read(&share);
    tap_equal(share.processor, (int64_t)processor, "one that is kept to one names it");
    tap_ok(access("/proc/stat", R_OK) != 0 || share.stolen_ns >= 0, "and knows what was stolen from it");
}

static void check_queued(void)
{
    struct processor_share share;
    processor_share_read(&share);
    tap_ok(share.queued_ns >= 0 || access("/proc/self/schedstat", R_OK) != 0,
           "where the system counts the time in the queue, it is read");
    tap_equal(processor_share_between(5, 12), 7, "between two readings is their difference");
    tap_equal(processor_share_between(PROCESSOR_SHARE_UNKNOWN, 12), PROCESSOR_SHARE_UNKNOWN,
              "which is unknown where one of them is");
}

int main(void)
{
    check_stolen();
    check_kept();
    check_queued();
    return tap_done();
}
