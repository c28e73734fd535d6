/* SPDX-License-Identifier: MIT */
/*
 * The writer of runs.csv. One write() puts a row at the end of the file, and fdatasync() follows. So at
 * whatever moment the writer dies, its last row is whole or a torn last line.
 */
#ifndef HARNESS_RESULTS_JOURNAL_H
#define HARNESS_RESULTS_JOURNAL_H

#include "base/writing.h"
#include "harness/results/store.h"

struct journal {
    int file;
    int64_t bytes; /* length of the file up to its last complete row */
    char *path;
};

/*
 * Opens a file of a run's folder for appending, for journal_close(). `flags` are added to those of open(): O_CREAT
 * where it may be missing, O_EXCL where it must be. A link is refused, and so is what is no plain file. Returns 0,
 * or MESSAGE_STORAGE after one line.
 */
int journal_open(const struct writing_folder *folder, const char *name, int flags,
                 struct journal *ret_journal);

/* Starts runs.csv with its header; the file must not exist. Returns 0, or MESSAGE_STORAGE after one line. */
int journal_create(const struct writing_folder *folder, struct journal *ret_journal);

/*
 * Cuts runs.csv to `whole_bytes` (see struct store) and opens it for appending. A file without a complete
 * header gets one. Returns 0, or MESSAGE_STORAGE after one line.
 */
int journal_resume(const struct writing_folder *folder, int64_t whole_bytes, struct journal *ret_journal);

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
