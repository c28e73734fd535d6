/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "harness/results/parts.h"
#include "tests/tap.h"

/* wall, user, sys, collecting, cascades, and the kernel's of the last two; in ns */
static struct store_row row_of(const int64_t ns[7])
{
    struct store_row row = store_row_empty();
    row.wall_ns = ns[0];
    row.user_ns = ns[1];
    row.sys_ns = ns[2];
    row.collecting_ns = ns[3];
    row.cascades_ns = ns[4];
    row.kernel_collecting_ns = ns[5];
    row.kernel_cascades_ns = ns[6];
    return row;
}

static const double *numbers_of(const struct parts *parts)
{
    return &parts->mutator;
}

/* Checks each of the eight numbers, and that none of the parts is negative and they add up. */
static void divides(const int64_t ns[7], const double expected[8], const char *sentence)
{
    struct store_row row = row_of(ns);
    struct parts parts = {0};
    bool same = parts_of_row(&row, &parts);
    for (int i = 0; i < 8; i++)
        same = same && fabs(numbers_of(&parts)[i] - expected[i]) < 1e-6 && numbers_of(&parts)[i] >= 0;
    same = same && fabs(parts_sum(&parts) - (double)ns[0]) < 1e-6;
    if (!tap_ok(same, "%s", sentence))
        for (int i = 0; i < 8; i++)
            tap_note("%d: %.3f, not %.3f", i, numbers_of(&parts)[i], expected[i]);
}

static void check_missing(void)
{
    struct parts parts;
    for (int i = 0; i < 7; i++) {
        int64_t ns[7] = {1000, 700, 200, 300, 100, 50, 10};
        ns[i] = STORE_MISSING;
        struct store_row row = row_of(ns);
        tap_ok(!parts_of_row(&row, &parts), "a row that lacks number %d of seven has no parts", i);
    }
}

int main(void)
{
    divides((const int64_t[]){1000, 700, 200, 300, 100, 50, 10},
            (const double[]){400, 220, 80, 140, 50, 10, 100, 0}, "waiting falls on all by their lengths");
    divides((const int64_t[]){1000, 800, 200, 0, 0, 0, 0}, (const double[]){800, 0, 0, 200, 0, 0, 0, 0},
            "without pauses all is the mutator's");
    divides((const int64_t[]){1000, 800, 200, 100, 0, 150, 0}, (const double[]){800, 0, 0, 100, 100, 0, 0, 0},
            "more kernel time than pauses is the mutator's");
    divides((const int64_t[]){1000, 500, 500, 900, 50, 300, 0},
            (const double[]){0, 450, 50, 50, 450, 0, 0, 0},
            "more kernel time than the mutator has is the pauses'");
    divides((const int64_t[]){1000, 1500, 500, 400, 0, 200, 0},
            (const double[]){450, 300, 0, 150, 100, 0, 0, 1000},
            "threads that run at once are scaled to the wall time");
    divides((const int64_t[]){1000, 900, 100, 800, 400, 0, 0}, (const double[]){0, 700, 200, 0, 100, 0, 0, 0},
            "pauses longer than the wall time end with it");
    check_missing();
    return tap_done();
}
