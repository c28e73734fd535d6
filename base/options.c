/* SPDX-License-Identifier: MIT */
#include "base/options.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

static void *value_at(const struct option_spec *option, void *values)
{
    return (char *)values + option->offset;
}

uint64_t option_integer_get(const struct option_spec *option, const void *values)
{
    return *(const uint64_t *)((const char *)values + option->offset);
}

double option_real_get(const struct option_spec *option, const void *values)
{
    return *(const double *)((const char *)values + option->offset);
}

bool option_switch_get(const struct option_spec *option, const void *values)
{
    return *(const bool *)((const char *)values + option->offset);
}

const char *option_text_get(const struct option_spec *option, const void *values)
{
    return *(const char *const *)((const char *)values + option->offset);
}

static void value_set(const struct option_spec *option, void *values, double value)
{
    switch (option->type) {
    case OPTION_INTEGER:
    case OPTION_CHOICE:
        *(uint64_t *)value_at(option, values) = (uint64_t)value;
        break;
    case OPTION_REAL:
        *(double *)value_at(option, values) = value;
        break;
    case OPTION_SWITCH:
        *(bool *)value_at(option, values) = value != 0;
        break;
    case OPTION_TEXT:
        *(const char **)value_at(option, values) = "";
        break;
    }
}

void option_table_defaults(const struct option_table *table, void *values)
{
    for (size_t i = 0; i < table->count; i++)
        value_set(&table->options[i], values, table->options[i].standard);
}

static bool is_bytes(const struct option_spec *option)
{
    return strcmp(option->unit, "bytes") == 0;
}

static int integer_parse(const struct option_spec *option, const char *word, double *ret_value)
{
    uint64_t integer;
    int status = is_bytes(option) ? number_bytes_read(word, &integer)
                                  : number_integer_read(word, NUMBER_DOUBLE_END - 1, &integer);
    *ret_value = status == 0 ? (double)integer : 0;
    return status;
}

static int choice_parse(const struct option_spec *option, const char *word, double *ret_value)
{
    for (size_t i = 0; option->choices[i]; i++) {
        if (strcmp(option->choices[i], word) == 0) {
            *ret_value = (double)i;
            return 0;
        }
    }
    return -1;
}

static int word_parse(const struct option_spec *option, const char *word, double *ret_value)
{
    const char *rest;
    switch (option->type) {
    case OPTION_INTEGER:
        return integer_parse(option, word, ret_value);
    case OPTION_REAL:
        rest = number_real_read(word, ret_value);
        return rest && !*rest ? 0 : -1;
    case OPTION_SWITCH:
        *ret_value = strcmp(word, "on") == 0;
        return *ret_value || strcmp(word, "off") == 0 ? 0 : -1;
    case OPTION_CHOICE:
        return choice_parse(option, word, ret_value);
    case OPTION_TEXT:
        *ret_value = 0;
        return *word ? 0 : -1;
    }
    return -1;
}

static void expectation_write(const struct option_spec *option, char *text, size_t size)
{
    size_t used = 0;
    switch (option->type) {
    case OPTION_INTEGER:
        snprintf(text, size, "an integer from %.0f to %.0f%s%s", option->min, option->max,
                 *option->unit ? " " : "", option->unit);
        break;
    case OPTION_REAL:
        snprintf(text, size, "a number from %g to %g%s%s", option->min, option->max, *option->unit ? " " : "",
                 option->unit);
        break;
    case OPTION_SWITCH:
        snprintf(text, size, "on or off");
        break;
    case OPTION_TEXT:
        snprintf(text, size, "a %s", option->unit);
        break;
    case OPTION_CHOICE:
        for (size_t i = 0; option->choices[i] && used < size; i++)
            used += (size_t)snprintf(text + used, size - used, "%s%s", i ? "|" : "", option->choices[i]);
        break;
    }
}

static const struct option_spec *option_find(const struct option_table *table, const char *name)
{
    for (size_t i = 0; i < table->count; i++) {
        if (strcmp(table->options[i].name, name) == 0)
            return &table->options[i];
    }
    return NULL;
}

static void names_write(const struct option_table *table, char *text, size_t size)
{
    size_t used = 0;
    snprintf(text, size, "none");
    for (size_t i = 0; i < table->count && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? ", " : "", table->options[i].name);
}

/* `given` has a bit for each option of the table that came before. */
static int assignment_parse(const struct option_table *table, char *assignment, size_t column, void *values,
                            uint64_t *given, char *ret_error)
{
    char expected[OPTION_ERROR_BYTES / 2];
    double value;
    char *equals = strchr(assignment, '=');
    if (equals)
        *equals = '\0';
    const struct option_spec *option = option_find(table, assignment);
    if (!option) {
        names_write(table, expected, sizeof expected);
        snprintf(ret_error, OPTION_ERROR_BYTES, "unknown option '%.60s' (column %zu); there are: %s",
                 assignment, column, expected);
        return -1;
    }
    expectation_write(option, expected, sizeof expected);
    if (!equals || word_parse(option, equals + 1, &value) < 0 || value < option->min || value > option->max) {
        snprintf(ret_error, OPTION_ERROR_BYTES, "option '%s' (column %zu) is '%.40s'; it takes %s",
                 option->name, column, equals ? equals + 1 : "", expected);
        return -1;
    }
    uint64_t bit = UINT64_C(1) << (option - table->options);
    if (*given & bit) {
        snprintf(ret_error, OPTION_ERROR_BYTES, "option '%s' (column %zu) is given twice; it takes %s",
                 option->name, column, expected);
        return -1;
    }
    *given |= bit;
    value_set(option, values, value);
    if (option->type == OPTION_TEXT && !(*(char **)value_at(option, values) = strdup(equals + 1))) {
        snprintf(ret_error, OPTION_ERROR_BYTES, "out of memory reading options");
        return -1;
    }
    return 0;
}

/* A line stays one line, whatever was given. */
static void error_clean(char *error)
{
    for (; *error; error++)
        if ((unsigned char)*error < ' ' || *error == 127)
            *error = '?';
}

int option_table_parse(const struct option_table *table, const char *text, void *values,
                       char ret_error[static OPTION_ERROR_BYTES])
{
    if (!text || !*text)
        return 0;
    assert(table->count <= 64);
    char *copy = strdup(text);
    char *rest = copy;
    uint64_t given = 0;
    int error = copy ? 0 : -1;
    if (!copy)
        snprintf(ret_error, OPTION_ERROR_BYTES, "out of memory reading options");
    while (rest && !error) {
        char *assignment = strsep(&rest, ",");
        error =
            assignment_parse(table, assignment, (size_t)(assignment - copy) + 1, values, &given, ret_error);
    }
    if (error)
        error_clean(ret_error);
    free(copy);
    return error;
}
