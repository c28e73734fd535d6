/* SPDX-License-Identifier: MIT */
/* Folders for what is temporary, in TMPDIR. */
#ifndef HARNESS_CLI_SCRATCH_H
#define HARNESS_CLI_SCRATCH_H

/*
 * Checks that an option of a workload or of a collector can name a file of such a folder, before anything runs: the value
 * of an option ends at a comma. Returns 0, or MESSAGE_BAD_INPUT after one line that begins with `command`.
 */
int scratch_check(const char *command);

/*
 * Makes a folder. Returns 0 and its path, which the caller frees after writing_folder_remove() (base/writing.h); or
 * MESSAGE_STORAGE after one line, and NULL.
 */
int scratch_make(const char *command, char **ret_path);

#endif
