/* SPDX-License-Identifier: MIT */
/*
 * The folder of a run that goes on. It is a run's once it has its manifest, which is written last, and whole.
 * After that each process adds its files first and its row last. So the rows are complete at whatever moment
 * the run dies, and a resume knows which processes are missing.
 *
 * The folder is opened once, and locked. All is written relative to it, over no link. A resume reads and
 * compares first; it touches nothing of a run that it refuses.
 */
#ifndef HARNESS_RESULTS_FOLDER_H
#define HARNESS_RESULTS_FOLDER_H

#include "harness/results/files.h"
#include "harness/results/journal.h"
#include "harness/results/shard.h"

enum folder_done {
    FOLDER_MISSING,
    FOLDER_DONE,
    FOLDER_DISTURBED /* done, and to be run again if attempts are left (attempts.h) */
};

struct folder {
    char *dir, *scratch; /* scratch: <dir>/in-flight, where the process in flight writes */
    char flight[24];     /* begins the names of the files of the process in flight, and of no other process */
    struct writing_folder run, in_flight, kept[FILES_KINDS]; /* the lock is run's */
    struct journal journal;
    json_t *manifest;
    json_t *agreed;      /* maps workload, options and seed to the first checksum and the id of its process */
    json_t *counted;     /* maps cell and seed to instructions */
    unsigned char *done; /* one enum folder_done for each id, repetitions included */
    struct shard shard;  /* the blocks of the plan that this folder has */
    /* Processes without repetitions: of the plan, of this folder's blocks, and those that are there. */
    size_t total, due, done_count;
    /*
     * All rows, in their order. Of the texts only `status` is kept; the others are "".
     */
    struct store_row *rows;
    size_t row_count, row_capacity;
};

/* Begins the flight of process `id`. Its files get names that no process before had: one that was given up, and
 * that writes late, writes to nothing that is read. */
void folder_flight_begin(struct folder *folder, int64_t id);

/* The path at which the process in flight writes its file of this kind. The caller frees the path. */
char *folder_in_flight(const struct folder *folder, enum files_kind kind);

/*
 * Makes a folder with this manifest at `dir`. Nothing may be there, or an empty folder, or one that a run was killed
 * in while it began. Returns 0 and a folder for folder_close(); or MESSAGE_BAD_INPUT or MESSAGE_STORAGE after one
 * line, with nothing left behind.
 */
int folder_create(const char *dir, json_t *manifest, struct folder *ret_folder);

/*
 * Checks that folder_create() would not refuse `dir` for what is there. Makes and changes nothing. Returns 0, or
 * a status after one line.
 */
int folder_check(const char *dir);

/*
 * Opens a folder, to go on with its run. `manifest` says what would be run now. The folder's own manifest
 * must be of this schema, and name the same specification, design, executables, allocators and machine. It
 * takes the budget and the baseline that are asked for now. A torn last row is cut off. A folder in which a run was
 * killed while it began is begun anew. Returns 0, or a status after one line, with nothing touched.
 */
int folder_resume(const char *dir, const json_t *manifest, struct folder *ret_folder);

/*
 * Compares the row's checksum with that of an earlier process with the same workload, options and seed.
 * Returns NULL when they agree. When they differ, the row's status becomes "mismatch"; returns the reason,
 * which the caller frees.
 */
char *folder_agreement_check(struct folder *folder, struct store_row *row);

/*
 * The instructions of an earlier process of the same cell and seed, in this session or one before;
 * STORE_MISSING when none were counted.
 */
int64_t folder_instructions(const struct folder *folder, const struct store_row *row);

/*
 * Moves the files of the process in flight to their places, then appends its row. Returns 0, or
 * MESSAGE_STORAGE after one line.
 */
int folder_row_keep(struct folder *folder, const struct store_row *row);

/*
 * Whether the process with this id is a repetition that is due: the attempt before it was disturbed, and its
 * own row is not there. O(1).
 */
bool folder_repetition_due(const struct folder *folder, size_t id);

/* How many repetitions are due. O(ids). */
size_t folder_repetitions_due(const struct folder *folder);

/* Notes that a session begins, which will say more of itself in `session` (a new reference, taken). A run that
 * had ended goes on. Returns 0, or MESSAGE_STORAGE after one line. */
int folder_session_begin(struct folder *folder, json_t *session);

/*
 * Notes how long the last session took, in seconds, and what ended the run: "decided", "budget" or "blocks";
 * NULL: the run is not finished. Returns 0, or MESSAGE_STORAGE after one line.
 */
int folder_session_end(struct folder *folder, double seconds, const char *ended);

/* Removes what is in flight, unlocks the folder and frees what it holds. */
void folder_close(struct folder *folder);

/* Writes the time now, as in 2026-01-31T12:34:56Z. */
void folder_time_now(char ret_text[static 32]);

#endif
