/* SPDX-License-Identifier: MIT */
/* Checks bars, their intervals and their axes, in UTF-8 and without it. */
#include "base/bar.h"
#include "base/terminal.h"
#include "tests/tap.h"

static void is(char *found, const char *expected, const char *sentence)
{
    tap_same(found, expected, sentence);
    free(found);
}

/* Equal steps from 0 in the first column to 10 in the eleventh. */
static const struct bar_scale ten = {.low = 0, .high = 10, .origin = 0, .utf8 = true, .columns = 11};

static void test_parts(void)
{
    is(bar_draw(&ten, (struct bar){4, 6, 8}), "│████▓▓░░  ",
       "a bar is full to its interval, dark to its value, light to the end of the interval");
    is(bar_draw(&ten, BAR_OF(6)), "│██████    ", "one value without an interval is full");
    is(bar_draw(&ten, (struct bar){5.9, 6, 6.1}), "│██████    ", "an interval below a column does not show");
    is(bar_draw(&ten, BAR_OF(0)), "│          ", "nothing is no bar");
    is(bar_draw(&ten, BAR_OF(NAN)), "│          ", "what is missing is none either");
    is(bar_draw(&ten, BAR_OF(INFINITY)), "│█████████→", "what is infinite goes on beyond the scale");
    is(bar_draw(&ten, (struct bar){4, 6, INFINITY}), "│████▓▓░░░→", "so does an interval without an end");
    is(bar_draw(&ten, BAR_OF(12)), "│█████████→", "and what is larger than the scale");
    struct bar_scale plain = ten;
    plain.utf8 = false;
    is(bar_draw(&plain, (struct bar){4, 6, INFINITY}), "|####==--->", "without UTF-8 the signs are of ASCII");
    plain.columns = 0;
    is(bar_draw(&plain, BAR_OF(1)), "", "in no column nothing is drawn");
    is(bar_axis(&plain), "", "nor labelled");
}

static void test_directions(void)
{
    const struct bar_scale both = {.low = -5, .high = 5, .origin = 0, .utf8 = true, .columns = 11};
    is(bar_draw(&both, (struct bar){-4, -3, -2}), " ░▓██│     ", "a bar below the origin goes to the left");
    is(bar_draw(&both, (struct bar){-2, 1, 4}), "   ░░│▓░░░ ",
       "an interval that holds the origin stands on both sides, and nothing is full");
    is(bar_draw(&both, (struct bar){-4, -1, 2}), " ░░░▓│░░   ", "from the other side too");
    is(bar_draw(&both, (struct bar){-9, -3, 9}), "←░▓▓▓│░░░░→", "what it exceeds on either side is said");
}

static void test_scales(void)
{
    const struct bar ratios[] = {
        {NAN, 1, NAN}, {1.8, 2, 2.2}, {3.5, 4, 4.5}, {NAN, NAN, NAN}, {NAN, INFINITY, NAN}};
    struct bar_scale scale = bar_scale_make(ratios, 5, 1, true, 40);
    tap_ok(scale.low == 1 && fabs(scale.high - 4.5) < 1e-9,
           "a scale holds its finite values and their intervals");
    const struct bar vague[] = {{1.5, 2, 1e6}};
    scale = bar_scale_make(vague, 1, 1, true, 40);
    tap_ok(fabs(scale.high - 2 * sqrt(2)) < 1e-9, "a wide interval does not make the bars short");
    const struct bar alike[] = {{NAN, 1, NAN}, {1.005, 1.01, 1.015}};
    scale = bar_scale_make(alike, 2, 1, true, 40);
    tap_ok(fabs(scale.high - 1.1) < 1e-9, "what is alike looks alike: a scale is a tenth long at least");
    const struct bar none[] = {{0, 0, 0}};
    scale = bar_scale_make(none, 1, 0, false, 40);
    tap_ok(scale.low == 0 && scale.high == 1, "nothing but zeros have a scale");
    scale = bar_scale_make(NULL, 0, 1, true, 40);
    tap_ok(scale.low == 1 && scale.high > 1, "so has no bar at all");
    const struct bar below[] = {{NAN, 0, NAN}, {NAN, -3, NAN}};
    scale = bar_scale_make(below, 2, 1, true, 20);
    scale.utf8 = false;
    scale.columns = 5;
    is(bar_draw(&scale, below[1]), "<    ", "what has no logarithm lies below the scale");
}

static void test_axes(void)
{
    is(bar_axis(&ten), "0        10", "the origin and even steps are labelled");
    struct bar_scale powers = {.low = 1, .high = 100, .origin = 1, .logarithmic = true, .columns = 41};
    is(bar_axis(&powers), "1     2   3   5    10    20  30  50   100",
       "a long scale is labelled by powers of ten");
    struct bar_scale narrow = {.low = 0.9, .high = 1.1, .origin = 1, .logarithmic = true, .columns = 41};
    is(bar_axis(&narrow), "0.9      0.95        1       1.05     1.1", "a short one in even steps");
    struct bar_scale tiny = {.low = 0, .high = 1, .columns = 3};
    is(bar_axis(&tiny), "0  ", "labels that would touch are left out");
}

/* At each width a bar and its axis take all columns, and no more. */
static void test_widths(void)
{
    static const size_t widths[] = {1, 2, 7, 40, 80, 200};
    const struct bar bars[] = {{0.2, 0.5, 0.9}, {1.8, 2, 2.2}, {900, 1000, INFINITY}, {NAN, NAN, NAN}};
    bool right = true;
    for (size_t i = 0; i < sizeof(widths) / sizeof(*widths); i++)
        for (int way = 0; way < 4; way++) {
            struct bar_scale scale = bar_scale_make(bars, 4, way & 1 ? 1 : 0.5, true, widths[i]);
            scale.utf8 = way & 2;
            char *axis = bar_axis(&scale);
            right &= terminal_width(axis) == widths[i];
            free(axis);
            for (size_t bar = 0; bar < 4; bar++) {
                char *drawn = bar_draw(&scale, bars[bar]);
                right &= terminal_width(drawn) == widths[i];
                free(drawn);
            }
        }
    tap_ok(right, "bars and axes are as wide as the scale");
}

int main(void)
{
    test_parts();
    test_directions();
    test_scales();
    test_axes();
    test_widths();
    return tap_done();
}
