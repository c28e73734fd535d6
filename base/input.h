/* SPDX-License-Identifier: MIT */
/* Files that are read. A pipe, a device or a folder in the place of a file is refused, and not waited for. */
#ifndef BASE_INPUT_H
#define BASE_INPUT_H

#include <stdio.h>

/*
 * Opens a regular file for reading, closed on exec. Returns NULL and a stream, which the caller closes; or
 * why it cannot be read, in words that need no freeing and leave errno as it was set: ENOENT where there is
 * no such file. Links are followed. O(1).
 */
const char *input_open(const char *path, FILE **ret_file);

/*
 * The same for a file of a results folder, which may be a stranger's: the last `own` names of the path are
 * those within the folder (2 for "run/records/000001.json"), and where one of them is a link, it is refused.
 * Writers follow none either (writing.h). O(names).
 */
const char *input_open_own(const char *path, unsigned own, FILE **ret_file);

/*
 * Opens a folder of a results folder once, for many files of it: `own` is as above. Returns NULL and the folder,
 * which the caller closes with close(); or why not, as above. O(names).
 */
const char *input_folder_open(const char *path, unsigned own, int *ret_folder);

/* input_open_own() for a file of such a folder, by its name alone. O(1). */
const char *input_open_within(int folder, const char *name, FILE **ret_file);

#endif
