/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "harness/results/csv.h"
#include "tests/tap.h"

static enum csv_outcome read_first(struct csv_reader *reader, char *buffer, const char *text)
{
    csv_reader_start(reader, strcpy(buffer, text), strlen(text));
    return csv_record_next(reader);
}

static void check_records(void)
{
    struct csv_reader reader;
    char text[256];
    tap_equal(read_first(&reader, text, "a,,\"b,\"\"c\"\"\",d\r\n\"two\nlines\",\nlast\n"), CSV_RECORD,
              "a record is read");
    tap_equal((int64_t)reader.field_count, 4, "empty fields count");
    tap_same(reader.fields[1], "", "an empty field is an empty string");
    tap_same(reader.fields[2], "b,\"c\"", "a quoted field keeps commas and doubled quotes");
    tap_same(reader.fields[3], "d", "a carriage return before the line feed is not part of the field");
    tap_equal(csv_record_next(&reader), CSV_RECORD, "the next record is read");
    tap_equal((int64_t)reader.line, 2, "a record knows its line");
    tap_same(reader.fields[0], "two\nlines", "a quoted field may hold a line break");
    tap_equal((int64_t)reader.field_count, 2, "a comma before the line break opens a last, empty field");
    tap_equal(csv_record_next(&reader), CSV_RECORD, "a record after it is read");
    tap_equal((int64_t)reader.line, 4, "a line break inside a field counts as a line");
    tap_equal(csv_record_next(&reader), CSV_END, "then comes the end");
    csv_reader_stop(&reader);
}

static void check_broken(void)
{
    struct csv_reader reader;
    char text[256];
    static const char *const torn[] = {"a,b", "a,\"b", "a,", "\"a\"", "\"a\"\"", "a\r"};
    for (size_t i = 0; i < sizeof(torn) / sizeof(torn[0]); i++) {
        tap_equal(read_first(&reader, text, torn[i]), CSV_TORN, "a record without its line break is torn");
        csv_reader_stop(&reader);
    }
    tap_equal(read_first(&reader, text, "a\"b\n"), CSV_BAD_QUOTE, "a quote inside a bare field is refused");
    csv_reader_stop(&reader);
    tap_equal(read_first(&reader, text, "\"a\"b\n"), CSV_BAD_QUOTE, "text after a closing quote is refused");
    csv_reader_stop(&reader);
    tap_equal(read_first(&reader, text, ""), CSV_END, "an empty text has no records");
}

/* A tail that holds a line feed was not torn by a writer that died. */
static void check_damaged(void)
{
    struct csv_reader reader;
    char text[256];
    static const char zeros[][8] = {"a\0b,c\n", "\"a\0b\"\n"};
    tap_equal(read_first(&reader, text, "a,\"b,c\nd,e\nf,"), CSV_OPEN_QUOTE,
              "an open quote with lines after it is damage");
    csv_reader_stop(&reader);
    for (size_t i = 0; i < 2; i++) {
        memcpy(text, zeros[i], sizeof(zeros[i]));
        csv_reader_start(&reader, text, sizeof(zeros[i]) - 1);
        tap_equal(csv_record_next(&reader), CSV_NUL, "so is a byte that is 0");
        csv_reader_stop(&reader);
    }
}

static void check_counts(void)
{
    static const char *const bad[] = {
        "", "-1", "+1", " 1", "1 ", "1\t", "0x1", "1e3", "18446744073709551616", "1001", "one"};
    int64_t count = -1;
    tap_ok(csv_count_parse("1000", 1000, &count) && count == 1000, "a count is read up to the most");
    tap_ok(csv_count_parse("0", 1000, &count) && count == 0, "from 0");
    tap_ok(csv_count_parse("9223372036854775807", INT64_MAX, &count) && count == INT64_MAX, "in 64 bits");
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        tap_ok(!csv_count_parse(bad[i], 1000, &count), "'%s' is no count up to 1000", bad[i]);
}

static void check_writing(void)
{
    char *text;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    static const char *const fields[] = {"plain", "a,b", "say \"x\"", "two\nlines", ""};
    for (int i = 0; i < 5; i++) {
        csv_field_write(file, fields[i]);
        putc(i < 4 ? ',' : '\n', file);
    }
    fclose(file);
    tap_same(text, "plain,\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\n",
             "fields are quoted only where they must be");
    struct csv_reader reader;
    csv_reader_start(&reader, text, size);
    csv_record_next(&reader);
    bool same = reader.field_count == 5;
    for (size_t i = 0; same && i < 5; i++)
        same = strcmp(reader.fields[i], fields[i]) == 0;
    tap_ok(same, "what is written is read back the same");
    csv_reader_stop(&reader);
    free(text);
}

int main(void)
{
    check_records();
    check_broken();
    check_damaged();
    check_counts();
    check_writing();
    return tap_done();
}
