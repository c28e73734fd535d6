/* SPDX-License-Identifier: MIT */
/*
 * A history: a folder of entries, one file for each run. Nothing else need be in the folder, and other files in it are
 * left alone. A file's name sorts by the time of its commit, and no two runs have one, so that git merges two histories
 * without a conflict:
 *
 *      20261128T021000Z-2b17f192abcd-86931547.jsonl
 *      the commit's time, the first digits of its name, and the run's
 */
#ifndef HARNESS_HISTORY_HISTORY_H
#define HARNESS_HISTORY_HISTORY_H

#include "base/text.h"
#include "harness/history/entry.h"

struct history {
    char *dir;
    struct text_list files;        /* names in the folder, one for each entry */
    struct history_entry *entries; /* in the order of the files' names, which is that of their commits */
    size_t *machines; /* of each entry: the number of its machine, in the order of their first runs */
    size_t count, machine_count;
};

/*
 * Reads all entries of a folder. Entries of one machine ran on the same host, with the same reference program, so that
 * their times compare. Returns 0 and a history for history_close(); or MESSAGE_BAD_INPUT after one line: the folder or
 * a file cannot be read, or the folder holds no entry. O(bytes + entries²).
 */
int history_open(const char *dir, struct history *ret_history);
void history_close(struct history *history);

/*
 * Adds the run to the folder, which is made where it is missing, as a run of the commit. A merged run of several machines
 * is added as a run of each. A run that is there already as one of this commit changes nothing. Says on standard output
 * what it did. Returns 0; or MESSAGE_BAD_INPUT after one line, where the run has not ended, or is there as one of another
 * commit; or MESSAGE_STORAGE.
 */
int history_add(const char *dir, const struct run *run, const struct history_commit *commit);

#endif
