/* SPDX-License-Identifier: MIT */
/* Runs a program and keeps what it said. */
#ifndef TESTS_SUPPORT_CHILD_H
#define TESTS_SUPPORT_CHILD_H

#include <stddef.h>

struct process {
    int status; /* exit status, or 128 and the signal's number */
    char *out;  /* all of standard output, and of standard error; each ends with a NUL */
    char *err;
};

/*
 * Runs `arguments` (NULL-terminated, the program's path first) with empty standard input and waits for its
 * end. Stops the test program when it cannot be run at all.
 */
struct process process_run(const char *const *arguments);

void process_free(struct process *process);

#endif
