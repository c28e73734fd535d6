/* SPDX-License-Identifier: MIT */
#include "base/number.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static size_t digits_count(const char *text)
{
    return strspn(text, "0123456789");
}

/* The length of the exponent at the begin of a text; 0: there is none. */
static size_t exponent_length(const char *text)
{
    if (*text != 'e' && *text != 'E')
        return 0;
    size_t sign = text[1] == '+' || text[1] == '-';
    size_t digits = digits_count(text + 1 + sign);
    return digits ? 1 + sign + digits : 0;
}

/* The length of the number at the begin of a text; 0: there is none. */
static size_t number_length(const char *text)
{
    size_t whole = digits_count(text), length = whole;
    if (whole == 0 || (whole > 1 && *text == '0'))
        return 0;
    if (text[length] == '.') {
        size_t broken = digits_count(text + length + 1);
        if (broken == 0)
            return 0;
        length += 1 + broken;
    }
    return length + exponent_length(text + length);
}

const char *number_real_read(const char *text, double *ret_value)
{
    char *end;
    size_t length = number_length(text);
    if (length == 0)
        return NULL;
    errno = 0;
    *ret_value = strtod(text, &end); /* which could take no more than the grammar above allows, as in 0x1 */
    return end == text + length && errno != ERANGE && isfinite(*ret_value) ? end : NULL;
}

/* Reads "", "k", "Mi" and so on. In bytes a "B" may follow, as in "MB" and "MiB". */
static bool scale_read(const char *suffix, bool bytes, double *ret_scale)
{
    static const struct {
        const char *suffix;
        double scale;
    } scales[] = {{"", 1},    {"k", 1e3},     {"K", 1e3},        {"M", 1e6},
                  {"G", 1e9}, {"Ki", 1024.0}, {"Mi", 1048576.0}, {"Gi", 1073741824.0}};
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
        size_t length = strlen(scales[i].suffix);
        const char *rest = suffix + length;
        if (strncmp(suffix, scales[i].suffix, length) == 0 && (!*rest || (bytes && strcmp(rest, "B") == 0))) {
            *ret_scale = scales[i].scale;
            return true;
        }
    }
    return false;
}

/* Plain digits are read exactly: a seed may have all 64 bits. */
static int digits_read(const char *text, uint64_t *ret_value)
{
    if (number_length(text) == 0)
        return -1;
    errno = 0;
    *ret_value = strtoull(text, NULL, 10);
    return errno ? -1 : 0;
}

static int scaled_read(const char *text, bool bytes, double *ret_value)
{
    double scale;
    const char *suffix = number_real_read(text, ret_value);
    if (!suffix || !scale_read(suffix, bytes, &scale))
        return -1;
    bool rounds = bytes && scale != 1;
    *ret_value = rounds ? floor(*ret_value * scale) : *ret_value * scale;
    return *ret_value < (double)NUMBER_DOUBLE_END && *ret_value == floor(*ret_value) ? 0 : -1;
}

int number_integer_read(const char *text, uint64_t most, uint64_t *ret_value)
{
    double value;
    int status = 0;
    if (text[digits_count(text)] == '\0')
        status = digits_read(text, ret_value);
    else if ((status = scaled_read(text, false, &value)) == 0)
        *ret_value = (uint64_t)value;
    return status == 0 && *ret_value <= most ? 0 : -1;
}

int number_bytes_read(const char *text, uint64_t *ret_bytes)
{
    double value;
    if (scaled_read(text, true, &value) < 0)
        return -1;
    *ret_bytes = (uint64_t)value;
    return 0;
}
