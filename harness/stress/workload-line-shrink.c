/* SPDX-License-Identifier: MIT */
#include "harness/stress/workload-line-shrink.h"

/* Takes `smaller` in the place of `line` if it is worth keeping. */
static bool take(struct workload_line *line, const struct workload_line *smaller, workload_line_keeps keeps,
                 void *context)
{
    if (!keeps(context, smaller))
        return false;
    *line = *smaller;
    return true;
}

static enum option_type type_of(const struct workload_line *line, size_t option)
{
    return line->kind->options.options[option].type;
}

static bool options_leave_out(struct workload_line *line, workload_line_keeps keeps, void *context)
{
    struct workload_line standard = workload_line_standard(line->kind);
    bool shrunk = false;
    for (size_t i = line->kind->options.count; i-- > 0;) {
        struct workload_line smaller = *line;
        smaller.values[i] = standard.values[i];
        if (!workload_line_is_standard(line, i))
            shrunk |= take(line, &smaller, keeps, context);
    }
    return shrunk;
}

/* Halves a whole number, or gives a real its least value, as long as that is smaller and worth keeping. */
static bool number_shrink(struct workload_line *line, size_t option, workload_line_keeps keeps, void *context)
{
    bool is_whole = type_of(line, option) == OPTION_INTEGER, shrunk = false;
    while (!workload_line_is_standard(line, option)) {
        struct workload_line smaller = *line;
        double number = workload_line_number(line, option);
        workload_line_number_set(&smaller, option, is_whole ? number / 2 : -1);
        if (workload_line_number(&smaller, option) >= number || !take(line, &smaller, keeps, context))
            break;
        shrunk = true;
    }
    return shrunk;
}

static bool numbers_shrink(struct workload_line *line, workload_line_keeps keeps, void *context)
{
    bool shrunk = false;
    for (size_t i = 0; i < line->kind->options.count; i++)
        if (type_of(line, i) == OPTION_INTEGER || type_of(line, i) == OPTION_REAL)
            shrunk |= number_shrink(line, i, keeps, context);
    return shrunk;
}

/* A number with all digits but the first `digits` at zero. */
static double rounded(double number, int digits)
{
    double unit = 1, end = 10;
    while (--digits > 0)
        end *= 10;
    while (unit * end <= number)
        unit *= 10;
    return unit * (double)(uint64_t)(number / unit);
}

/* To one digit, or else to two. */
static void integers_round(struct workload_line *line, workload_line_keeps keeps, void *context)
{
    for (size_t i = 0; i < line->kind->options.count; i++)
        for (int digits = 1; digits <= 2 && type_of(line, i) == OPTION_INTEGER; digits++) {
            struct workload_line smaller = *line;
            double number = workload_line_number(line, i);
            workload_line_number_set(&smaller, i, rounded(number, digits));
            if (!workload_line_is_standard(line, i) && workload_line_number(&smaller, i) < number)
                take(line, &smaller, keeps, context);
        }
}

void workload_line_shrink(struct workload_line *line, workload_line_keeps keeps, void *context)
{
    bool shrunk = true;
    while (shrunk) {
        shrunk = options_leave_out(line, keeps, context);
        shrunk |= numbers_shrink(line, keeps, context);
    }
    integers_round(line, keeps, context);
}
