/* SPDX-License-Identifier: MIT */
/*
 * What goes wrong is said in one line on standard error, and every function that says so returns the exit
 * status that goes with it, so that `return message_bad_input(...)` is the whole of error handling in a
 * command.
 */
#ifndef BASE_MESSAGE_H
#define BASE_MESSAGE_H

/* Exit statuses of gcmatrix. 0 is success. */
enum message_status {
    MESSAGE_FAILED_CELLS =
        1,                 /* the run is complete, but a process crashed, broke or disagreed on a checksum */
    MESSAGE_BAD_INPUT = 2, /* what was asked for cannot be done: an option, a file, a missing program */
    MESSAGE_STORAGE = 3,   /* results could not be written: what is complete is kept */
    MESSAGE_INTERRUPTED = 130 /* SIGINT or SIGTERM: what is complete is kept */
};

/*
 * Prints `gcmatrix: ` and the formatted line; control characters in it are shown as `?`, so that hostile
 * input cannot drive the terminal or make a second line. Returns MESSAGE_BAD_INPUT.
 */
int message_bad_input(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for results that cannot be written. Returns MESSAGE_STORAGE. */
int message_storage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for what is worth saying and stops nothing. */
void message_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The last line printed by any of these, without the prefix; "" before the first. For tests. */
const char *message_last(void);

#endif
