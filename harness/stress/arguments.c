/* SPDX-License-Identifier: MIT */
#include "harness/stress/arguments.h"

#include <stdio.h>

#include "base/number.h"

enum { PROGRAM_LIMIT_GIB = 4 };

struct arguments_common arguments_standard(uint64_t time_limit)
{
    struct arguments_common common = {.programs = 1, .time_limit = time_limit};
    option_table_defaults(&dials_table, &common.dials);
    option_table_defaults(&conditions_table, &common.conditions);
    return common;
}

uint64_t arguments_number(const char *name, const char *text, arguments_refusal refuse)
{
    uint64_t number;
    if (number_integer_read(text, UINT64_MAX, &number) < 0)
        refuse(name, " takes a number");
    return number;
}

static void table_take(const struct option_table *table, const char *name, const char *text,
                       arguments_refusal refuse, void *values)
{
    char error[OPTION_ERROR_BYTES + 32];
    int used = snprintf(error, sizeof error, "%s: ", name);
    if (option_table_parse(table, text, values, error + used) < 0)
        refuse(error, "");
}

bool arguments_take(int found, const char *text, arguments_refusal refuse, struct arguments_common *common)
{
    switch (found) {
    case 's':
        common->seed = arguments_number("--seed", text, refuse);
        return true;
    case 'n':
        common->programs = arguments_number("--programs", text, refuse);
        return true;
    case 'l':
        common->time_limit = arguments_number("--time-limit", text, refuse);
        return true;
    case 'd':
        table_take(&dials_table, "--dials", text, refuse, &common->dials);
        return true;
    case 'z':
        table_take(&conditions_table, "--setting", text, refuse, &common->conditions);
        return true;
    case 'B':
        common->boundaries = text;
        return true;
    default:
        return false;
    }
}

bool arguments_boundaries(const struct arguments_common *common, arguments_refusal refuse,
                          struct boundaries *ret_boundaries)
{
    if (!common->boundaries)
        return false;
    if (boundaries_read(common->boundaries, ret_boundaries) < 0)
        refuse("--boundaries takes a list as in bytes=8,16 refs=256, not ", common->boundaries);
    return true;
}

struct program arguments_program(const char *path, arguments_refusal refuse)
{
    struct program program;
    char error[PROGRAM_ERROR_BYTES];
    if (program_read_file(path, (uint64_t)PROGRAM_LIMIT_GIB << 30, &program, error) < 0)
        refuse(error, "");
    return program;
}
