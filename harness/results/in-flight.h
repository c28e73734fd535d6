/* SPDX-License-Identifier: MIT */
/*
 * The folder in-flight/ of a run: what the process in flight writes, and who writes to the run.
 *
 *      in-flight/writer    `gcmatrix <process> <since>`: the process that holds the run's lock, and the time, in UTC,
 *                          since when. It marks the folder as one that gcmatrix made
 *      in-flight/...       files of the process in flight
 *
 * A session makes the folder anew and removes it at its end. A run that was killed leaves it. Only a folder
 * that is empty or marked, and that holds nothing but files, is removed; another one is refused.
 */
#ifndef HARNESS_RESULTS_IN_FLIGHT_H
#define HARNESS_RESULTS_IN_FLIGHT_H

#include "base/writing.h"

#define IN_FLIGHT "in-flight"

/* Whether the folder may be made anew. Touches nothing. Returns 0, or MESSAGE_BAD_INPUT after one line. */
int in_flight_check(const struct writing_folder *run);

/*
 * Makes the folder anew, for in_flight_remove(), and writes this process into it. Returns 0; or MESSAGE_BAD_INPUT
 * or MESSAGE_STORAGE after one line.
 */
int in_flight_make(const struct writing_folder *run, struct writing_folder *ret_folder);

/* Removes and closes the folder. Does nothing to one that was not made. */
void in_flight_remove(const struct writing_folder *run, struct writing_folder *folder);

/*
 * Opens the folder of a run and locks it for one writer. The lock is the kernel's: it ends with the process,
 * in whatever way, or when the folder is closed. `flags` are added to those of open(): O_NOFOLLOW refuses a
 * link. Returns 0; or MESSAGE_BAD_INPUT after one line, which says who has the lock; or MESSAGE_STORAGE.
 */
int in_flight_lock(const char *dir, int flags, struct writing_folder *ret_run);

#endif
