/* SPDX-License-Identifier: MIT */
/*
 * Makes a failing program small: delta debugging (Zeller and Hildebrandt, TSE 2002) over operations, frames,
 * numbers and shapes, with every candidate repaired, run in a process of its own, and kept if it fails in the
 * same kind.
 */
#ifndef HARNESS_STRESS_SHRINK_H
#define HARNESS_STRESS_SHRINK_H

#include "harness/stress/replay.h"

struct shrink {
    struct replay
        replay; /* how it fails; its texts are replaced by simpler ones if it fails with those too */
    const char *kind;
    double seconds; /* at most */
    /* set by shrink_program(): */
    char setting[OPTIONS_TEXT_BYTES];
    char options[OPTIONS_TEXT_BYTES];
    uint64_t runs;
};

/*
 * Replaces `program` by the smallest found. Returns 0; 1 when it does not fail at all as said, and then it is
 * as it was; -1 without memory or processes. Some hundred runs of a worker for a thousand operations.
 */
int shrink_program(struct shrink *shrink, struct program *program);

#endif
