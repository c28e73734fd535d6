/* SPDX-License-Identifier: MIT */
/*
 * A file that a command was told to write. It is there whole or not at all: it is written under another name
 * in the same folder, and gets its own when all is well. What stood there before stays until then. A signal
 * that ends the process removes it.
 */
#ifndef HARNESS_CLI_OUTPUT_H
#define HARNESS_CLI_OUTPUT_H

struct output {
    const char *path; /* NULL: no such output was asked for */
    char *written;    /* where it is written meanwhile; `path` itself for a device or a pipe */
};

/*
 * Begins the output of `path`, which may be NULL. Returns 0, or MESSAGE_BAD_INPUT after one line, which begins
 * with `place`, when it cannot be made. The caller ends it by output_keep() or output_drop() in either case.
 */
int output_begin(const char *place, const char *path, struct output *ret_output);

/* Gives the file its name. Returns 0, or MESSAGE_STORAGE after one line. Does nothing a second time. */
int output_keep(const char *place, struct output *output);

/* Removes what was written. Does nothing after output_keep(). */
void output_drop(struct output *output);

#endif
