/* SPDX-License-Identifier: MIT */
/*
 * The writer of runs.csv. One write() puts a row at the end of the file, and fdatasync() follows. So at
 * whatever moment the writer dies, its last row is whole or a torn last line.
 */
#ifndef HARNESS_RESULTS_JOURNAL_H
#define HARNESS_RESULTS_JOURNAL_H

#include "harness/results/store.h"

struct journal {
    int file;
    int64_t bytes; /* length of the file up to its last complete row */
    char *path;
};

/*
 * Locks the folder for one writer. Returns a descriptor, or a negative MESSAGE_BAD_INPUT or MESSAGE_STORAGE
 * after one line. The descriptor holds the lock until it is closed, or until the process ends in whatever
 * way.
 */
int journal_lock(const char *dir);

/* Starts <dir>/runs.csv with its header; the file must not exist. Returns 0, or MESSAGE_STORAGE after one
 * line. */
int journal_create(const char *dir, struct journal *ret_journal);

/*
 * Cuts <dir>/runs.csv to `whole_bytes` (see struct store) and opens it for appending. A file without a
 * complete header gets one. Returns 0, or MESSAGE_STORAGE after one line.
 */
int journal_resume(const char *dir, int64_t whole_bytes, struct journal *ret_journal);

/*
 * Appends a row and waits until it is on disk. Returns 0. When that fails, as on a full disk, the part that
 * was written is cut off again; returns MESSAGE_STORAGE after one line.
 */
int journal_append(struct journal *journal, const struct store_row *row);

/* The same for a line of another file of the folder, whose journal its own room has opened. */
int journal_text_append(struct journal *journal, const char *text, size_t size);

/* Closes the file and frees the path. */
void journal_close(struct journal *journal);

#endif
