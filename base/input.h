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

#endif
