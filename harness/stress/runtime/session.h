/* SPDX-License-Identifier: MIT */
/* A runtime's process, which reads requests on its standard input and answers on its standard output. What it
 * writes to standard error goes where ours goes. It dies with this process, and so does what it has started. */
#ifndef HARNESS_STRESS_RUNTIME_SESSION_H
#define HARNESS_STRESS_RUNTIME_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

struct session {
    pid_t pid;    /* the process */
    pid_t guard;  /* the leader of its group, which ends all of the group when this process ends */
    int lifeline; /* the guard reads the other end of this pipe */
    int requests, answers;
    clockid_t clock; /* its processor time */
    double limit;    /* seconds that it may compute for one exchange, or be silent and idle */
    char *line;      /* the part of an answer that has come */
    size_t length, capacity;
};

/* Starts a command by the shell, in a process group of its own. Returns 0, or -1 with errno set. */
int session_open(struct session *session, const char *command, double limit);

enum session_end {
    SESSION_DONE,
    SESSION_ENDED,    /* the process has closed its output: session_wait() tells more */
    SESSION_COMPUTES, /* it has computed for as long as it may */
    SESSION_SILENT,   /* it has said nothing for so long, and not computed as far as we see */
};

/* Gets an answer without its newline. Returns whether more answers are awaited. */
typedef bool (*session_answer)(void *context, const char *line);

/* Sends the text, and reads answers until `answer` says that no more come. Both go on at the same time, so that
 * neither side waits for the other. O(text + answers). */
enum session_end session_exchange(struct session *session, const char *text, size_t length,
                                  session_answer answer, void *context);

/* Closes the input of the process, waits for its end as long as it may be silent, and kills it then. Returns
 * the status from waitpid(); `ret_killed` says whether it had to be killed. */
int session_wait(struct session *session, bool *ret_killed);

/* Kills the process and its group. */
void session_kill(struct session *session);

#endif
