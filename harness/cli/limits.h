/* SPDX-License-Identifier: MIT */
/* The limits of the system on this process (setrlimit(2)). A command ends in one line where they are too small. */
#ifndef HARNESS_CLI_LIMITS_H
#define HARNESS_CLI_LIMITS_H

/*
 * Checks that this process may have the stack that a command needs, and has the system make it present. For a
 * stack that cannot grow later, be it for want of memory, ends a process by a signal. Call this first of all.
 * Returns 0, or a status after one line.
 */
int limits_check(void);

#endif
