/* SPDX-License-Identifier: MIT */
#include "harness/results/warmth.h"

#include <math.h>
#include <string.h>

enum { PAGE_BYTES = 4096 };

double warmth_faults(const struct store_row *row)
{
    if (row->minor_faults == STORE_MISSING || row->major_faults == STORE_MISSING)
        return NAN;
    return (double)row->minor_faults + (double)row->major_faults;
}

bool warmth_is_lacking(const struct store_row *row, double cold_faults)
{
    if (strcmp(row->memory, "warm") != 0 || strcmp(row->status, "ok") != 0)
        return false;
    if (row->short_bytes != STORE_MISSING && row->short_bytes > 0)
        return true;
    double faults = warmth_faults(row);
    double whole = isnan(cold_faults) && row->warmed_bytes != STORE_MISSING
                       ? (double)row->warmed_bytes / PAGE_BYTES
                       : cold_faults;
    return faults > WARMTH_FAULTS_LEAST && faults > WARMTH_FAULTS_MOST * whole;
}
