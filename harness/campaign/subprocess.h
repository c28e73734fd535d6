/* SPDX-License-Identifier: MIT */
/*
 * Running a program to its end, with a limit on its time, in such a way that nothing of it is left behind: it
 * runs in a process group of its own under a guard that kills the group when this program dies, however it
 * dies.
 */
#ifndef HARNESS_CAMPAIGN_SUBPROCESS_H
#define HARNESS_CAMPAIGN_SUBPROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum subprocess_end {
    SUBPROCESS_EXITED,      /* code: the exit status */
    SUBPROCESS_SIGNALLED,   /* code: the signal */
    SUBPROCESS_TIMEOUT,     /* killed at the limit */
    SUBPROCESS_INTERRUPTED, /* killed because this program got SIGINT, SIGTERM or SIGHUP */
    SUBPROCESS_NOT_STARTED, /* code: errno */
};

struct subprocess_request {
    char *const *argv;  /* argv[0] is a path, NULL-terminated */
    char *const *envp;  /* NULL: this program's environment */
    int output, error;  /* descriptors for its standard output and error; -1: /dev/null. Input is /dev/null */
    int64_t timeout_ns; /* 0: none */
    bool fixed_addresses; /* the system randomises none of its addresses, nor of its children's */
};

/* Runs to the end; about 1 ms beside the program itself. `*ret_code` is as said at each outcome, else 0. */
enum subprocess_end subprocess_run(const struct subprocess_request *request, int *ret_code);

/*
 * From now on SIGINT, SIGTERM and SIGHUP do not end this program, but interrupt subprocess_run and are
 * reported by subprocess_interrupted. Call once, before the first subprocess_run.
 */
void subprocess_interrupts_hold(void);

/* The signal that has interrupted this program since subprocess_interrupts_hold, or 0. */
int subprocess_interrupted(void);

/*
 * Runs and returns what the program wrote to standard output (the caller frees it); standard error goes to
 * `*ret_error`, also to be freed, unless that is NULL. `timeout_ns` as in a request.
 */
enum subprocess_end subprocess_capture(char *const *argv, char *const *envp, int64_t timeout_ns,
                                       int *ret_code, char **ret_output, char **ret_error);

/*
 * All that was written to the file of a request's output or error, the caller's to free; "" when it cannot be
 * read. Closes the descriptor.
 */
char *subprocess_output(int descriptor);

/* Nanoseconds: ample for a program that only says something of itself. */
#define SUBPROCESS_QUICK INT64_C(30000000000)

/* The last line of `text` that holds more than white space and does not contain `except`; cut from it in
 * place. */
char *subprocess_line_last(char *text, const char *except);

/* The path of a program found as the shell would, the caller's to free; NULL if there is none. */
char *subprocess_find(const char *name);

#endif
