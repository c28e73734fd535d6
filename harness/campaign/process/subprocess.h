/* SPDX-License-Identifier: MIT */
/*
 * Runs a command to its end, with a limit on its time, and leaves no process behind: when it returns, every
 * process that the command began has ended. The command has a process group of its own, under a guard. The
 * guard ends all of them when the command ends, and when this process dies, in whatever way. When the guard
 * itself is killed, the kernel ends that group, and this process what left the group.
 */
#ifndef HARNESS_CAMPAIGN_PROCESS_SUBPROCESS_H
#define HARNESS_CAMPAIGN_PROCESS_SUBPROCESS_H

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum subprocess_end {
    SUBPROCESS_EXITED,      /* code: the exit status */
    SUBPROCESS_SIGNALLED,   /* code: the signal */
    SUBPROCESS_TIMEOUT,     /* killed at the limit */
    SUBPROCESS_INTERRUPTED, /* killed because this process got SIGINT, SIGTERM or SIGHUP */
    SUBPROCESS_LOST,        /* its guard was killed, and the command was ended */
    SUBPROCESS_NOT_STARTED, /* code: errno */
};

struct subprocess_request {
    char *const *argv;           /* argv[0] is a path, NULL-terminated */
    char *const *envp;           /* NULL: this process's environment */
    int output, error;           /* descriptors for its standard output and error; -1: /dev/null */
    int input;                   /* that of its standard input; 0: /dev/null */
    int kept;                    /* one that it gets as SUBPROCESS_KEPT; 0: none. Others are closed */
    int folder;                  /* in which it runs; 0: that of this process */
    const char *members;         /* of the control group in which it runs; NULL: that of this process */
    int64_t timeout_ns;          /* 0: none */
    bool fixed_addresses;        /* the system randomises no address of the command or its children */
    const cpu_set_t *processors; /* that the command and its children may run on; NULL: as this process */
};

/* After how long it is said that a command goes on, in ns. */
#define SUBPROCESS_TOLD INT64_C(10000000000)

/* The number of the descriptor that a command keeps. */
enum { SUBPROCESS_KEPT = 3 };

/*
 * Who is told that a command goes on: called where SUBPROCESS_TOLD have passed since it was, with the nanoseconds that the
 * command has taken, and its limit (0: none).
 */
typedef void subprocess_teller(void *context, int64_t waited_ns, int64_t timeout_ns);

/*
 * From now on `tell` is told. It was last told something at `since_ns`, by CLOCK_MONOTONIC. NULL: nobody is told. A command
 * that ends before costs nothing more.
 */
void subprocess_tell(subprocess_teller *tell, void *context, int64_t since_ns);

/* Runs the command to its end. Costs about 1 ms. `*ret_code` is as said at each outcome, else 0. */
enum subprocess_end subprocess_run(const struct subprocess_request *request, int *ret_code);

/*
 * From now on SIGINT, SIGTERM and SIGHUP do not end this process. They interrupt subprocess_run(), and
 * subprocess_interrupted() reports them. Call this once, before the first subprocess_run().
 */
void subprocess_interrupts_hold(void);

/*
 * From now on these signals end this process again, at once. For what comes after all work: a result that is printed
 * into a pipe nobody reads must not hold the process. One that has interrupted it before ends it, too, a quarter of a
 * second after standard output takes no more.
 */
void subprocess_interrupts_release(void);

/*
 * Calls `call(context)` in a fork of this process, which ends with the result as its exit status. What takes
 * long and much memory thus ends at once when this process is interrupted, and leaves no memory behind. The
 * outcomes are those of subprocess_run(). Memory that is mapped shared goes both ways.
 */
enum subprocess_end subprocess_call(int (*call)(void *context), void *context, int *ret_code);

/* The signal that has interrupted this process since subprocess_interrupts_hold(), or 0. */
int subprocess_interrupted(void);

/* Waits so many milliseconds, or until such a signal comes. Returns what subprocess_interrupted() does then. */
int subprocess_interrupts_wait(int milliseconds);

/*
 * Runs a command and takes its standard output, which the caller frees. Its standard error goes to
 * `*ret_error`, which the caller frees too, unless `ret_error` is NULL. `timeout_ns` is as in a request.
 */
enum subprocess_end subprocess_capture(char *const *argv, char *const *envp, int64_t timeout_ns,
                                       int *ret_code, char **ret_output, char **ret_error);

/* The same of a request, whose `output` and `error` are set here. */
enum subprocess_end subprocess_capture_of(const struct subprocess_request *request, int *ret_code,
                                          char **ret_output, char **ret_error);

/*
 * Runs a command that only prints an answer, for SUBPROCESS_QUICK at most, and takes its standard output, which the
 * caller frees. Returns 0; MESSAGE_INTERRUPTED; or MESSAGE_BAD_INPUT after one line, "ABOUT: " and how the command
 * failed. `*ret_output` is NULL unless 0 is returned.
 */
int subprocess_answer(char *const *argv, const char *about, char **ret_output);

/*
 * How a command ended, in words that the caller frees: "killed by signal 9 (Killed)". `said` is its last line
 * or NULL, and `timeout_ns` the limit that it had.
 */
char *subprocess_explain(enum subprocess_end end, int code, const char *said, int64_t timeout_ns);

/*
 * All that was written to the file of a request's output or error, the caller's to free; "" when it cannot be
 * read. Closes the descriptor.
 */
char *subprocess_output(int descriptor);

/* A limit in ns, ample for a command that only prints a line. */
#define SUBPROCESS_QUICK INT64_C(30000000000)

/* The same for a command of another project, which may hang. */
#define SUBPROCESS_ANSWER INT64_C(10000000000)

/*
 * The last line of `text` that holds more than white space and does not contain `except`. Cuts `text` in
 * place. NULL if there is none.
 */
char *subprocess_line_last(char *text, const char *except);

#endif
