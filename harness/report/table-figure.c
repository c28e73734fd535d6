/* SPDX-License-Identifier: MIT */
#include "harness/report/table-figure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/report/figure.h"
#include "harness/report/page-json.h"

/* Writes a number without a unit: a count whole, others with four digits. */
static void figure_plain(double value, char ret_text[FIGURE_TEXT])
{
    bool whole = fabs(value) < 1e15 && value == floor(value);
    snprintf(ret_text, FIGURE_TEXT, whole || fabs(value) >= 1000 ? "%.0f" : "%.4g", value);
}

static void figure_write(const char *unit, double value, char ret_text[FIGURE_TEXT])
{
    if (isinf(value))
        snprintf(ret_text, FIGURE_TEXT, "%s", value < 0 ? "-∞" : "∞");
    else if (strcmp(unit, "ns") == 0)
        figure_time(value, ret_text);
    else if (strcmp(unit, "bytes") == 0)
        figure_bytes(value, ret_text);
    else if (strcmp(unit, "ratio") == 0)
        figure_fine_ratio(value, ret_text);
    else
        figure_plain(value, ret_text);
}

char *table_figure(const struct dictionary_column *about, const char *unit, const char *text)
{
    char figure[FIGURE_TEXT];
    if (!*text || !about || about->type == DICTIONARY_TEXT || about->type == DICTIONARY_ID ||
        about->type == DICTIONARY_PLACE)
        return text_format("%s", text);
    if (about->type == DICTIONARY_FLAG)
        return text_format("%s", strcmp(text, "1") == 0 ? "yes" : strcmp(text, "0") == 0 ? "no" : text);
    if (!page_json_is_number(text))
        return text_format("%s", text);
    figure_write(unit, strtod(text, NULL), figure);
    return text_format("%s", figure);
}

char *table_figure_heading(const char *name, const struct dictionary_column *about)
{
    size_t length = strlen(name), unit = about ? strlen(about->unit) : 0;
    bool ends = unit > 0 && length > unit + 1 && name[length - unit - 1] == '_' &&
                strcmp(name + length - unit, about->unit) == 0;
    char *heading = text_format("%.*s", (int)(ends ? length - unit - 1 : length), name);
    for (char *place = heading; (place = strchr(place, '_'));)
        *place = ' ';
    return heading;
}
