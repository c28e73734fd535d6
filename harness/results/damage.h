/* SPDX-License-Identifier: MIT */
/*
 * What is damaged in a run's folder, or gone from it. Rows whose check does not fit are set aside when the run
 * goes on. Files that a row names by their checks are looked at when the run is read.
 */
#ifndef HARNESS_RESULTS_DAMAGE_H
#define HARNESS_RESULTS_DAMAGE_H

#include "base/writing.h"
#include "harness/results/store.h"

/* Where damaged lines go: a file of the run's folder. It has no header, and nothing reads it. */
#define DAMAGE_FILE "damaged-rows.csv"

/*
 * Moves the damaged lines of runs.csv to the end of DAMAGE_FILE, byte by byte, and a torn tail to nowhere. First
 * they are there, then runs.csv is replaced as a whole. Sets the length of the new file, which is that up to
 * the last line feed where nothing is damaged. Returns 0, or MESSAGE_STORAGE after one line. O(size of runs.csv).
 */
int damage_set_aside(const struct writing_folder *run, const struct store *store, int64_t *ret_whole_bytes);

/*
 * Prints one line where files of the run's processes are gone, and one where their checks do not fit. The times of
 * the reference program are looked at too, once the run has ended. A kind of which the folder holds no file is no
 * loss: a run can be handed on without it. Before version 3 of the schema only records are looked for. O(bytes of
 * these files).
 */
void damage_files_say(const struct store *store);

#endif
