/* SPDX-License-Identifier: MIT */
/*
 * The output of a worker. Each program that passed gives one line on standard output, and the first that
 * failed gives one on standard error. Seeds go upwards. The program in flight when a worker ends is therefore
 * the next one.
 */
#ifndef HARNESS_STRESS_LINE_H
#define HARNESS_STRESS_LINE_H

#include <assert.h>
#include <inttypes.h>
#include <stddef.h>

/* The columns of a line. Each is a number. After them come the text of the boundaries that no earlier program of the
 * worker reached (coverage_text(); "-": none, or not asked for), and that of the collector's options ("-": all
 * at their defaults). */
#define LINE_COLUMNS(column)                                                                                 \
    column(seed) column(digest) column(counted) column(operations) column(collections) column(cascades)      \
        column(collected) column(freed_at_zero) column(held) column(moved) column(checks) column(failed)     \
            column(exhausted) column(alike) column(at)

struct line {
#define LINE_FIELD(name) uint64_t name;
    LINE_COLUMNS(LINE_FIELD)
#undef LINE_FIELD
};

#define LINE_COUNT(name) +1
enum { LINE_COLUMN_COUNT = 0 LINE_COLUMNS(LINE_COUNT) };
#undef LINE_COUNT
static_assert(sizeof(struct line) == LINE_COLUMN_COUNT * sizeof(uint64_t), "it is an array of its columns");

/* Prints numbers to standard output, each with a blank behind it. */
void line_numbers_print(const uint64_t *numbers, size_t count);

/* Reads so many. Returns what stands behind the last blank, or NULL where the line is cut off. */
const char *line_numbers_read(const char *text, uint64_t *ret_numbers, size_t count);

/* The line of a finding: "finding: seed S at A options O kind K: text". */
#define LINE_FINDING "finding: seed %" PRIu64 " at %" PRIu64 " options %s kind %s: "

enum { LINE_BYTES = 1024 };

/* Exit statuses of a worker. */
enum { LINE_EXIT_FINDING = 1, LINE_EXIT_USAGE = 2 };

#endif
