/* SPDX-License-Identifier: MIT */
#include "harness/campaign/plan/quantity.h"

#include <math.h>
#include <string.h>

#include "base/number.h"

bool quantity_share_read(const char *text, double *ret_share)
{
    double percents;
    const char *rest = number_real_read(text, &percents);
    if (!rest || strcmp(rest, "%") != 0 || percents < 0.1 || percents > 100)
        return false;
    *ret_share = percents / 100;
    return true;
}

bool quantity_span_read(const char *text, uint64_t *ret_seconds)
{
    static const struct {
        const char *unit;
        double seconds;
    } units[] = {{"s", 1}, {"m", 60}, {"h", 3600}};
    double number, seconds = 0;
    const char *rest = number_real_read(text, &number);
    for (size_t i = 0; rest && i < sizeof(units) / sizeof(units[0]); i++)
        if (strcmp(rest, units[i].unit) == 0)
            seconds = round(number * units[i].seconds);
    if (seconds < 1 || seconds > 720 * 3600.0)
        return false;
    *ret_seconds = (uint64_t)seconds;
    return true;
}
