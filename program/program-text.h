/* SPDX-License-Identifier: MIT */
/*
 * Reads and writes programs as text, one operation a line. A `#` before a blank begins a remark.
 *
 *      gcp 1
 *      globals 1
 *      shape node refs=2 payload=8
 *      shape leaf payload=16 acyclic
 *      shape array refs=*              the number is given at creation; `payload=*` for bytes
 *      enter 2
 *      new 0 node                      # #1
 *      new 1 array 3                   # #2
 *      store #2 0 #1
 *      set g0 #1                       a global
 *      set ^1 null                     slot 1 of the frame that called this one; ^^1 of the one before
 *      move ^0 0
 *      leave
 *      collect full
 *      range #2 0 3                    three references of an object, for the next line
 *      fill #1                         or `copy #4 2`
 *
 * Objects are numbered from #1 in the order of creation.
 */
#ifndef PROGRAM_PROGRAM_TEXT_H
#define PROGRAM_PROGRAM_TEXT_H

#include "program/program.h"

/* Prints a valid program. Returns 0, or -1 when memory was out or the stream failed. */
int program_text_write(const struct program *program, FILE *stream);

/* Reads text into a program that is valid by model.h. Returns 0, or -1 with one line in `ret_error`:
 * "name:line:column: what is wrong, and what would be right". */
int program_text_read(FILE *stream, const char *name, uint64_t memory_limit, struct program *ret_program,
                      char ret_error[static PROGRAM_ERROR_BYTES]);

#endif
