/* SPDX-License-Identifier: MIT */
/* The line that work-<collector> prints for each program. */
#ifndef HARNESS_STRESS_WORK_LINE_H
#define HARNESS_STRESS_WORK_LINE_H

#include "harness/stress/line.h"

/*
 * The columns, each a number:
 *
 *      n .. cut      the size, and the character of its program (recipe.h)
 *      steps         what the program took (worker/work.h)
 *      spent         1: the program took more steps than it might, and ended there
 *      pause_steps   the most steps between the two ends of a pause
 *      collections   full and young ones
 *      events        calls of gc_allocation_event(), the slow path of an allocation, less than 1 KiB of objects after
 *                    the one before
 *      charged_peak  bytes
 *      held_peak     objects
 *      held          objects, at the end
 *      held_sum      bytes held at each sample, summed; a sample comes each 4096 bytes allocated
 *      samples
 *      late          bytes held on average in the last phase of a recipe
 *      unpaused      most steps between two objects that lie in no pause, above what the operations between them cost by
 *                    the contract; of a collector that counts nothing, which frees in pauses alone
 */
#define WORK_COLUMNS(column)                                                                                 \
    column(n) column(size) column(operations) column(objects) column(live) column(on_rings) column(depth)    \
        column(fan_in) column(cut) column(steps) column(spent) column(pause_steps) column(collections)       \
            column(events) column(charged_peak) column(held_peak) column(held) column(held_sum)              \
                column(samples) column(late) column(unpaused)

struct work_line {
#define WORK_FIELD(name) uint64_t name;
    WORK_COLUMNS(WORK_FIELD)
#undef WORK_FIELD
};

#define WORK_COUNT(name) +1
enum { WORK_COLUMN_COUNT = 0 WORK_COLUMNS(WORK_COUNT) };
#undef WORK_COUNT
static_assert(sizeof(struct work_line) == WORK_COLUMN_COUNT * sizeof(uint64_t),
              "it is an array of its columns");

#endif
