/* SPDX-License-Identifier: MIT */
/*
 * Makes a failing program small by delta debugging (Zeller and Hildebrandt, TSE 2002) over operations,
 * frames, numbers and shapes. Every candidate is repaired and run in a process of its own. It is kept if it
 * fails in the same kind.
 */
#ifndef HARNESS_STRESS_SHRINK_H
#define HARNESS_STRESS_SHRINK_H

#include "harness/stress/reproduce.h"

struct shrink {
    struct reproduction reproduction; /* how it fails; its texts become simpler if it fails with those too */
    const char *kind;
    double seconds; /* the most seconds to spend */
    /* shrink_program() sets these: */
    char conditions[OPTIONS_TEXT_BYTES];
    char options[OPTIONS_TEXT_BYTES];
    uint64_t processes;
};

/*
 * Replaces `program` by the smallest found. Returns 0, or 1 when the program does not fail in that kind and
 * stays as it was. Returns -1 without memory or processes. Takes some hundred runs of a worker for a thousand
 * operations.
 */
int shrink_program(struct shrink *shrink, struct program *program);

#endif
