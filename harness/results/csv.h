/* SPDX-License-Identifier: MIT */
/*
 * CSV as in RFC 4180, with line feeds between records. Reading also takes CR LF. A record that the file ends
 * in the middle of (no line break after it) is torn: a process was killed while appending.
 */
#ifndef HARNESS_RESULTS_CSV_H
#define HARNESS_RESULTS_CSV_H

#include <stddef.h>
#include <stdio.h>

struct csv_reader {
    char *next;  /* where the next record starts; the text is changed in place */
    char *end;   /* one past the text; there must be a NUL there */
    size_t line; /* of the record read last, counted from 1 */
    size_t lines_read;
    char **fields; /* of the record read last; they point into the text */
    size_t field_count, field_capacity;
};

enum csv_outcome {
    CSV_END = 0,        /* nothing more */
    CSV_RECORD = 1,     /* `fields` holds a record */
    CSV_TORN = 2,       /* the text ends inside a record */
    CSV_BAD_QUOTE = -1, /* a quote in an unquoted field, or something after a closing quote */
};

/* Reads `size` bytes of text; text[size] must be NUL. The text stays the caller's and must outlive the
 * fields. */
void csv_reader_start(struct csv_reader *reader, char *text, size_t size);

/* The next record. Bytes are looked at once: O(length). */
enum csv_outcome csv_record_next(struct csv_reader *reader);

/* Frees what the reader allocated; the text stays. */
void csv_reader_stop(struct csv_reader *reader);

/* Writes one field, quoted where it must be. Line breaks inside are kept, quoted. */
void csv_field_write(FILE *file, const char *text);

#endif
