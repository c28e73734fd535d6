/* SPDX-License-Identifier: MIT */
/*
 * CSV as in RFC 4180, with line feeds between records. The reader also takes CR LF. What stands after the last
 * line feed is torn: a process was killed while it appended the record. So a torn tail holds no line feed, and
 * an open quote with lines after it is damage.
 */
#ifndef HARNESS_RESULTS_CSV_H
#define HARNESS_RESULTS_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * The largest count of a results file. It is 36 years in nanoseconds, and beyond any memory in bytes. The sum of
 * eight of them is an integer of 64 bits.
 */
#define CSV_COUNT_MOST (INT64_C(1) << 60)

struct csv_reader {
    char *next;  /* where the next record starts; the reader changes the text in place */
    char *end;   /* one past the text, where a NUL must stand */
    size_t line; /* where the last record began, counted from 1 */
    size_t lines_read;
    char **fields; /* of the last record; they point into the text */
    size_t field_count, field_capacity;
};

enum csv_outcome {
    CSV_END = 0,         /* nothing more */
    CSV_RECORD = 1,      /* `fields` holds a record */
    CSV_TORN = 2,        /* the text ends inside a record */
    CSV_BAD_QUOTE = -1,  /* a quote in an unquoted field, or something after a closing quote */
    CSV_OPEN_QUOTE = -2, /* a quote that nothing closes, and lines after it */
    CSV_NUL = -3,        /* a byte that is 0, which ends a text in C */
};

/*
 * Starts to read `size` bytes of text; text[size] must be NUL. The text stays the caller's, and must outlive
 * the fields.
 */
void csv_reader_start(struct csv_reader *reader, char *text, size_t size);

/* Reads the next record. O(its length). */
enum csv_outcome csv_record_next(struct csv_reader *reader);

/* What is wrong, in words, where the outcome is negative. */
const char *csv_outcome_words(enum csv_outcome outcome);

/*
 * Reads a count from 0 to `most`: digits alone, without a sign or a blank. Returns false for anything else.
 */
bool csv_count_parse(const char *text, int64_t most, int64_t *ret_count);

/* Frees the fields; the text stays. */
void csv_reader_stop(struct csv_reader *reader);

/* Writes one field, in quotes where it holds a comma, a quote or a line break. */
void csv_field_write(FILE *file, const char *text);

#endif
