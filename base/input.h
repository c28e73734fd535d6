/* SPDX-License-Identifier: MIT */
/* Files that are read. A pipe, a device or a folder in the place of a file is refused, and not waited for. */
#ifndef BASE_INPUT_H
#define BASE_INPUT_H

#include <stdio.h>

/*
 * Opens a regular file for reading, closed on exec. Returns NULL and a stream, which the caller closes; or
 * why it cannot be read, in words that need no freeing and leave errno as it was set: ENOENT where there is no
 * such file. Links are followed. O(1).
 */
const char *input_open(const char *path, FILE **ret_file);

#endif
