/* SPDX-License-Identifier: MIT */
/*
 * What a worker says: one line on standard output for each program that passed, and for the first that did
 * not one on standard error. Seeds go upwards, so the program in flight when a worker ends is the next.
 */
#ifndef HARNESS_STRESS_LINE_H
#define HARNESS_STRESS_LINE_H

#include <inttypes.h>

/* The columns of a line, each a number but for the last, the collector's options ("-": all at their
 * defaults). */
#define LINE_COLUMNS(column)                                                                                 \
    column(seed) column(digest) column(counted) column(operations) column(collections) column(cascades)      \
        column(collected) column(freed_at_zero) column(held) column(moved) column(checks) column(failed)     \
            column(exhausted) column(at)

struct line {
#define LINE_FIELD(name) uint64_t name;
    LINE_COLUMNS(LINE_FIELD)
#undef LINE_FIELD
};

/* "finding: seed S at A options O kind K: text" */
#define LINE_FINDING "finding: seed %" PRIu64 " at %" PRIu64 " options %s kind %s: "

enum { LINE_BYTES = 1024 };

/* Exit statuses of a worker. */
enum { LINE_EXIT_FINDING = 1, LINE_EXIT_USAGE = 2 };

#endif
