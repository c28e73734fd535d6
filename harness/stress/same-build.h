/* SPDX-License-Identifier: MIT */
/* Whether the processes of a campaign were built with this program. Workers of an older build make other programs of a
 * seed, or refuse an option: both would pass for a finding. */
#ifndef HARNESS_STRESS_SAME_BUILD_H
#define HARNESS_STRESS_SAME_BUILD_H

/* Asks the executable at `path` for its fingerprint (fingerprint.h). Returns 0 if it is this program's, or
 * MESSAGE_BAD_INPUT after one line, which begins with the name of the `command`. Starts a process, and takes some
 * milliseconds. */
int same_build_check(const char *command, const char *path);

#endif
