/* SPDX-License-Identifier: MIT */
/*
 * What a command does while it says nothing else: a line on standard error after each ten seconds.
 *
 *     gcmatrix: plot: drawing time, for 20 s
 *
 * A timer writes it (SIGALRM), so what works long needs not look at a clock. Children have no such timer.
 */
#ifndef BASE_PATIENCE_H
#define BASE_PATIENCE_H

enum { PATIENCE_SECONDS = 10 };

/* Begins: lines name this command, which is a word that lives on. One command at a time. */
void patience_begin(const char *command);

/* From now on the command does this, in plain words of 200 bytes at most: the ten seconds begin again. */
void patience_now(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Ends: no line comes any more. Without a beginning it does nothing. */
void patience_end(void);

#endif
