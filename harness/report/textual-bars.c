/* SPDX-License-Identifier: MIT */
#include "harness/report/textual-bars.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/terminal.h"
#include "base/text.h"

enum { BARS_LEAST = 20, BARS_MOST = 60 };

static void bars_add(struct textual *table, enum textual_kind kind, struct bar bar)
{
    textual_add(table, TEXTUAL_PLAIN, "%s", "");
    table->fields[table->count - 1].kind = kind;
    table->fields[table->count - 1].bar = bar;
}

void textual_add_axis(struct textual *table, double origin, bool of_ratios)
{
    bars_add(table, of_ratios ? TEXTUAL_AXIS_OF_RATIOS : TEXTUAL_AXIS, BAR_OF(origin));
}

void textual_add_bar(struct textual *table, struct bar bar)
{
    bars_add(table, TEXTUAL_BAR, bar);
}

static bool is_axis(const struct textual_field *field)
{
    return field->kind == TEXTUAL_AXIS || field->kind == TEXTUAL_AXIS_OF_RATIOS;
}

/* Returns the place after the last bar below an axis. */
static size_t bars_end(const struct textual *table, size_t axis)
{
    size_t at = axis + table->columns;
    while (at < table->count && !is_axis(&table->fields[at]))
        at += table->columns;
    return at;
}

static struct bar_scale bars_scale(const struct textual *table, size_t axis, size_t end, size_t columns)
{
    const struct textual_field *field = &table->fields[axis];
    struct bar *bars = memory_new((end - axis) / table->columns + 1, sizeof(*bars));
    size_t count = 0;
    for (size_t at = axis + table->columns; at < end; at += table->columns)
        if (table->fields[at].kind == TEXTUAL_BAR)
            bars[count++] = table->fields[at].bar;
    struct bar_scale scale =
        bar_scale_make(bars, count, field->bar.value, field->kind == TEXTUAL_AXIS_OF_RATIOS, columns);
    free(bars);
    return scale;
}

static void bars_text_take(struct textual_field *field, char *text)
{
    free(field->text);
    field->text = text;
}

/* Draws an axis and the bars below it. */
static void bars_draw(struct textual *table, size_t axis, size_t columns)
{
    size_t end = bars_end(table, axis);
    struct bar_scale scale = bars_scale(table, axis, end, columns);
    bars_text_take(&table->fields[axis], bar_axis(&scale));
    for (size_t at = axis + table->columns; at < end; at += table->columns)
        if (table->fields[at].kind == TEXTUAL_BAR)
            bars_text_take(&table->fields[at], bar_draw(&scale, table->fields[at].bar));
}

void textual_draw_bars(struct textual *table, FILE *stream)
{
    size_t room = terminal_size(stream).columns,
           others = textual_total(table); /* with its gap: bars are "" yet */
    size_t columns = room > others + BARS_LEAST ? room - others : BARS_LEAST;
    columns = columns < BARS_MOST ? columns : BARS_MOST;
    for (size_t i = 0; i < table->count; i++)
        if (is_axis(&table->fields[i]))
            bars_draw(table, i, columns);
}

void textual_print_key(const char *figure, FILE *stream)
{
    const char *const *signs = bar_signs(terminal_has_utf8());
    char *key = text_format("%s up to the 95%% interval, %s up to the %s, %s up to the interval's end.",
                            signs[0], signs[1], figure, signs[2]);
    textual_print_sentence(key, REPORT_TEXT, stream);
    free(key);
}
