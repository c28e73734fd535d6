/* SPDX-License-Identifier: MIT */
/* Runs several worker processes at a time and reads their output as it comes. The workers die with this
 * process. */
#ifndef HARNESS_STRESS_CHILDREN_H
#define HARNESS_STRESS_CHILDREN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The text that a process has written to one of its outputs. It is NUL-terminated once there is any. */
struct child_text {
    int file; /* the descriptor; -1: the text is at its end */
    char *text;
    size_t length, capacity;
};

struct child {
    pid_t pid; /* 0: no process */
    struct child_text output, error;
    uint64_t heard_ns; /* the time when it last wrote, or began */
    int status;        /* the status from waitpid(), once it has ended */
};

enum { CHILD_EXIT_UNSTARTED = 127 };

/* Starts a process. argv[0] is a path. Returns 0, or -1 with errno set. One that cannot be executed says why in one
 * line, and ends with CHILD_EXIT_UNSTARTED. */
int child_start(struct child *child, char *const *argv);

/* Waits until one of `count` children ends, `wait_ms` have passed, or a signal comes. Reads meanwhile. Kills
 * a child that writes nothing for `silence_ns` (0: never). Returns the child that has ended, or NULL. */
struct child *child_wait(struct child *children, size_t count, int wait_ms, uint64_t silence_ns);

/* Frees the child's texts, and kills the child if it runs. `child` may be used again. */
void child_close(struct child *child);

#endif
