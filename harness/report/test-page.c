/* SPDX-License-Identifier: MIT */
/* Checks what the page's data are made of: JSON that ends no script, tables by columns, lines that keep their peaks. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/report/page-json.h"
#include "harness/report/page-series.h"
#include "harness/report/page-tables.h"
#include "tests/tap.h"

static char *text;
static size_t size;

static FILE *begin(void)
{
    return open_memstream(&text, &size);
}

static void expect(FILE *stream, const char *expected, const char *sentence)
{
    fclose(stream);
    tap_same(text, expected, sentence);
    free(text);
}

/* Returns what was written as JSON, within braces. */
static json_t *parsed(FILE *stream)
{
    fclose(stream);
    char *whole = malloc(size + 3);
    sprintf(whole, "{%s}", text);
    json_t *value = json_loads(whole, JSON_REJECT_DUPLICATES, NULL);
    free(whole);
    free(text);
    return value;
}

static void test_json(void)
{
    FILE *page = begin();
    page_json_write_text(page, "</script>&<!--\"\\\n\xe2\x80\xae\xff");
    expect(page, "\"\\u003c/script\\u003e\\u0026\\u003c!--\\\"\\\\?????\"",
           "a text ends no script, drives nothing, and is ASCII");
    page = begin();
    page_json_write(page, json_pack("{sf}", "a<b", 1.0 / 3));
    expect(page, "{\"a\\u003cb\":0.333333333}", "nor does a key; a real has nine digits");
    static const char *const numbers[] = {"0", "-1", "12.5", "1e+09", "0.25e-3", "inf", "-inf"};
    static const char *const others[] = {"",    "-",  "01",  "1.", ".5",      "+1",
                                         "0x1", "1e", "nan", "1 ", "infinite"};
    bool all = true, none = true;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        all &= page_json_is_number(numbers[i]);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        none &= !page_json_is_number(others[i]);
    tap_ok(all, "what JSON writes as a number is one, and what C writes as infinite");
    tap_ok(none, "nothing else is");
    page = begin();
    page_json_write_number(page, "-inf");
    expect(page, "-1e999", "infinite is a number that is too large for any reader");
}

static void test_columns(void)
{
    struct table_set set = {0};
    struct table *table = table_add(&set, "t", "setting,row,work,ratio,verdict,mixed");
    for (int row = 0; row < 3; row++) {
        table_text(table, "glibc");
        table_count(table, row);
        table_text(table, "a name");
        table_number(table, row == 1 ? NAN : row == 2 ? INFINITY : 1.101510931);
        table_text(table, row == 1 ? "less" : "</script>");
        table_text(table, row == 1 ? "x" : "1");
        table_end(table);
    }
    FILE *page = begin();
    page_table_write(page, table);
    expect(page,
           "\"t\":{\"rows\":3,\"columns\":{\"setting\":{\"all\":\"glibc\"},\"row\":[0,1,2],"
           "\"ratio\":[1.10151093,null,1e999],"
           "\"verdict\":{\"names\":[\"\\u003c/script\\u003e\",\"less\"],\"at\":[0,1,0]},"
           "\"mixed\":{\"names\":[\"1\",\"x\"],\"at\":[0,1,0]}}}",
           "a table is its columns: the digits of the file, each text once, and no names that have places");
    table_set_free(&set);
}

enum { LINES = 400, POINTS = 1000, PEAK = 777 };

static void add_points(struct table *table, int line)
{
    for (int i = 0; i < POINTS; i++) {
        table_text(table, "glibc");
        table_count(table, line);
        table_count(table, 0);
        table_count(table, 1000000 + i * 1000);
        table_count(table, i == PEAK ? 99000000 : 5000000 + i % 7);
        table_end(table);
    }
}

/* Returns the value after so many steps of a column, and the largest on the way. */
static double walk(const json_t *column, double *ret_most)
{
    double unit = json_number_value(json_object_get(column, "unit")), last = 0;
    const json_t *step;
    size_t index;
    *ret_most = 0;
    json_array_foreach(json_object_get(column, "steps"), index, step) {
        last += unit * json_number_value(step);
        *ret_most = fmax(*ret_most, last);
    }
    return last;
}

static void test_lines(void)
{
    struct table_set set = {0};
    struct table *table = table_add(&set, "heap", "setting,row,series,allocated_bytes,heap_bytes");
    double most;
    size_t points = 0, kept = 0, index;
    json_t *line;
    for (int i = 0; i < LINES; i++)
        add_points(table, i);
    FILE *page = begin();
    page_series_write(page, table);
    tap_ok(page_series_has("heap") && !page_series_has("cells"), "the heap is lines, and the cells are not");
    json_t *value = parsed(page), *lines = json_object_get(json_object_get(value, "heap"), "lines");
    tap_equal((int64_t)json_array_size(lines), LINES, "rows with the same keys are a line");
    json_array_foreach(lines, index, line) {
        const json_t *heap = json_array_get(json_object_get(line, "values"), 1);
        points += json_array_size(json_object_get(heap, "steps"));
        walk(heap, &most);
        kept += fabs(most / 99e6 - 1) < 1e-3;
    }
    tap_ok(points <= 60000 && points > 40000, "the points of all lines keep to the budget, and use it");
    tap_equal((int64_t)kept, LINES, "thinning keeps the peak of each line");
    line = json_array_get(lines, LINES - 1);
    double end = walk(json_array_get(json_object_get(line, "values"), 0), &most);
    tap_ok(fabs(end / 1999000 - 1) < 0.01 && json_integer_value(json_object_get(line, "points")) == POINTS,
           "steps add up to the last value, and the points of the table are told");
    json_decref(value);
    table_set_free(&set);
}

int main(void)
{
    test_json();
    test_columns();
    test_lines();
    return tap_done();
}
