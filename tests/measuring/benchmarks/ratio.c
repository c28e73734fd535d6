/* SPDX-License-Identifier: MIT */
#include "tests/measuring/benchmarks/ratio.h"

#include <stdio.h>
#include <stdlib.h>

enum { MIDDLE = RATIO_PAIRS / 2, LOW = 5, HIGH = 15 };

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_ms(const struct ratio *ratio, int side)
{
    double times[RATIO_PAIRS];
    for (int i = 0; i < RATIO_PAIRS; i++)
        times[i] = (double)ratio->ns[i][side] / 1e6;
    qsort(times, RATIO_PAIRS, sizeof *times, compare);
    return times[MIDDLE];
}

void ratio_print_head(const char *title, const char *first, const char *second)
{
    printf("%s\n%-38s %12s %12s  %6s  %-15s %s\n", title, "", first, second, "ratio", "95% interval",
           "target");
}

double ratio_print(const struct ratio *ratio, double target)
{
    double ratios[RATIO_PAIRS];
    for (int i = 0; i < RATIO_PAIRS; i++)
        ratios[i] = (double)ratio->ns[i][0] / (double)ratio->ns[i][1];
    qsort(ratios, RATIO_PAIRS, sizeof *ratios, compare);
    printf("%-38s %9.2f ms %9.2f ms  %6.3f  [%.3f, %.3f]", ratio->name, median_ms(ratio, 0),
           median_ms(ratio, 1), ratios[MIDDLE], ratios[LOW], ratios[HIGH]);
    if (target > 0)
        printf("  %.2f %s", target, ratios[LOW] <= target ? "" : "exceeded");
    putchar('\n');
    fflush(stdout);
    return ratios[MIDDLE];
}
