/* SPDX-License-Identifier: MIT */
#include "harness/campaign/plan/quantity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Reads digits, and more digits after a point. Returns what follows, or NULL where there is no number. */
static const char *number_read(const char *text, double *ret_number)
{
    size_t whole = strspn(text, "0123456789"), length = whole;
    if (text[whole] == '.')
        length += 1 + strspn(text + whole + 1, "0123456789");
    if (whole == 0 || text[length - 1] == '.' || length > 16)
        return NULL;
    *ret_number = strtod(text, NULL);
    return text + length;
}

bool quantity_share_read(const char *text, double *ret_share)
{
    double percents;
    const char *rest = number_read(text, &percents);
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
    const char *rest = number_read(text, &number);
    for (size_t i = 0; rest && i < sizeof(units) / sizeof(units[0]); i++)
        if (strcmp(rest, units[i].unit) == 0)
            seconds = round(number * units[i].seconds);
    if (seconds < 1 || seconds > 720 * 3600.0)
        return false;
    *ret_seconds = (uint64_t)seconds;
    return true;
}
