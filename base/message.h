/* SPDX-License-Identifier: MIT */
/*
 * Messages of gcmatrix: one line on standard error says what is wrong. Each function returns the exit status
 * that goes with its message, so that `return message_bad_input(...)` is all the error handling that a
 * command needs.
 */
#ifndef BASE_MESSAGE_H
#define BASE_MESSAGE_H

/* Exit statuses of gcmatrix. 0 is success. */
enum message_status {
    MESSAGE_FAILED_CELLS = 1, /* complete, but a process failed, or a checksum disagreed */
    MESSAGE_BAD_INPUT = 2,    /* the request is impossible: an option, a file, a missing command */
    MESSAGE_STORAGE = 3,      /* results could not be written, or memory is out; complete results are kept */
    MESSAGE_UNDECIDED = 4,    /* what was asked cannot be told from these results: more must be measured */
    MESSAGE_INTERRUPTED = 130 /* SIGINT or SIGTERM; complete results are kept */
};

/* Prints `gcmatrix: ` and the formatted line. What is not plain in it (escape.h) becomes `?`, so that hostile
 * input can neither drive the terminal nor make a second line. A line of more than 1000 characters loses its
 * middle. Returns MESSAGE_BAD_INPUT. */
int message_bad_input(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints such a line for results that cannot be written, or for lack of memory. Returns MESSAGE_STORAGE. */
int message_storage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints such a line for a fact that stops nothing. */
void message_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints such a line on standard output, without `gcmatrix: ` before it: for what a command says. It has
 * at most 4000 characters. */
void message_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Returns the last line printed by any of these, without the prefix; "" before the first. For
 * tests. */
const char *message_last(void);

#endif
