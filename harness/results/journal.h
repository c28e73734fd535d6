/* SPDX-License-Identifier: MIT */
/*
 * The writer of runs.csv. One row is one write() to the end of the file followed by fdatasync(), so a row is
 * there whole or is a torn last line, at whatever moment the writer dies.
 */
#ifndef HARNESS_RESULTS_JOURNAL_H
#define HARNESS_RESULTS_JOURNAL_H

#include "harness/results/store.h"

struct journal {
    int file;
    int64_t bytes; /* length of what is complete */
    char *path;
};

/*
 * Locks the folder for one writer, until journal_close or the end of the process however it comes. Returns a
 * descriptor, or a negative MESSAGE_BAD_INPUT or MESSAGE_STORAGE after one line.
 */
int journal_lock(const char *dir);

/* Starts <dir>/runs.csv with its header; the file must not exist. Returns 0, or MESSAGE_STORAGE after one
 * line. */
int journal_create(const char *dir, struct journal *ret_journal);

/*
 * Opens <dir>/runs.csv for appending, after cutting it to `whole_bytes` (see struct store). A file without a
 * complete header gets one. Returns 0, or MESSAGE_STORAGE after one line.
 */
int journal_resume(const char *dir, int64_t whole_bytes, struct journal *ret_journal);

/*
 * Appends a row and waits until the disk has it. On failure (a full disk) what was written of the row is cut
 * off again, and MESSAGE_STORAGE is returned after one line.
 */
int journal_append(struct journal *journal, const struct store_row *row);

/* Closes the file and frees the path. */
void journal_close(struct journal *journal);

#endif
