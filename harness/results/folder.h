/* SPDX-License-Identifier: MIT */
/*
 * A results folder while it is being filled. It appears whole, with its manifest and an empty runs.csv, in
 * one rename; after that every process adds its files first and its row last. So whatever moment the run dies
 * at, each row that is there is complete, and a resume knows exactly which processes are missing.
 */
#ifndef HARNESS_RESULTS_FOLDER_H
#define HARNESS_RESULTS_FOLDER_H

#include "harness/results/files.h"
#include "harness/results/journal.h"

struct folder {
    char *dir, *scratch; /* scratch: what the process in flight writes, <dir>/in-flight */
    int lock;
    struct journal journal;
    json_t *manifest;
    json_t *agreed;      /* workload, options and seed to the first checksum and the id it came from */
    json_t *counted;     /* cell and seed to instructions */
    unsigned char *done; /* one byte per id */
    size_t total, done_count;
};

/* Where the process in flight is to write its file of this kind; the caller frees the path. */
char *folder_in_flight(const struct folder *folder, enum files_kind kind);

/*
 * Makes the folder with this manifest. It must not be there, or be empty. Returns 0 and a folder for
 * folder_close, or MESSAGE_BAD_INPUT or MESSAGE_STORAGE after one line, with nothing left behind.
 */
int folder_create(const char *dir, json_t *manifest, struct folder *ret_folder);

/*
 * Opens a folder to go on with. Its manifest must agree with the one given, which says what would be run now:
 * the same spec, binaries, allocators and machine. A torn last row is cut off. Returns 0, or a status after
 * one line.
 */
int folder_resume(const char *dir, const json_t *manifest, struct folder *ret_folder);

/*
 * Compares the row's checksum with that of the same workload, options and seed before it; if they differ the
 * status becomes "mismatch", and the text returned, which the caller frees, is the reason. NULL when they
 * agree.
 */
char *folder_agreement_check(struct folder *folder, struct store_row *row);

/*
 * The instructions counted of the same cell and seed before, in this session or an earlier one: STORE_MISSING
 * if none were.
 */
int64_t folder_instructions(const struct folder *folder, const struct store_row *row);

/* Moves the process's files from the scratch to their places, then appends its row. Returns 0 or
 * MESSAGE_STORAGE. */
int folder_row_keep(struct folder *folder, const struct store_row *row);

/* Marks the run finished, if no process is missing. Returns 0 or MESSAGE_STORAGE. */
int folder_finish(struct folder *folder);

void folder_close(struct folder *folder);

/* The time now as in 2026-01-31T12:34:56Z. */
void folder_time_now(char ret_text[static 32]);

#endif
