/* SPDX-License-Identifier: MIT */
/*
 * Worker processes, several at a time: what they write is read as it comes. They die with this program.
 */
#ifndef HARNESS_STRESS_CHILD_H
#define HARNESS_STRESS_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What a process has written to one of its outputs; NUL-terminated once there is anything. */
struct child_text {
    int file; /* -1: at its end */
    char *text;
    size_t length, capacity;
};

struct child {
    pid_t pid; /* 0: none */
    struct child_text output, error;
    uint64_t heard_ns; /* when it last wrote, or began */
    int status;        /* as from waitpid(), once it has ended */
};

/* Starts a process; argv[0] is a path. Returns 0, or -1 with errno set. */
int child_start(struct child *child, char *const *argv);

/*
 * Waits until one of `count` children ends, or `wait_ms` have passed, or a signal comes; reads meanwhile. One
 * that writes nothing for `silence_ns` is killed (0: never). Returns the one that has ended, or NULL.
 */
struct child *child_wait(struct child *children, size_t count, int wait_ms, uint64_t silence_ns);

/* Frees what it wrote; kills it if it runs. `child` may be used again. */
void child_close(struct child *child);

#endif
