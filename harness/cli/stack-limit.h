/* SPDX-License-Identifier: MIT */
/* The limit of the system on the stack of this process (setrlimit(2)). */
#ifndef HARNESS_CLI_STACK_LIMIT_H
#define HARNESS_CLI_STACK_LIMIT_H

/*
 * Checks that this process may have the stack that a command needs, and has the system make it present. For a
 * stack that cannot grow later, be it for want of memory, ends a process by a signal. Call this first of all.
 * Returns 0, or a status after one line.
 */
int stack_limit_check(void);

#endif
