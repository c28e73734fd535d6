/* SPDX-License-Identifier: MIT */
/* gcmatrix program trace: what each operation of a small program does to the heap, as text, drawings or a
 * page. */
#ifndef HARNESS_CLI_PROGRAM_TRACE_H
#define HARNESS_CLI_PROGRAM_TRACE_H

#include <stdbool.h>

#include "program/program.h"

/* What was asked for. Of `dot`, `json`, `svg` and `html` at most one is given; without any it is text. */
struct program_trace {
    const char *file;
    const char *output;    /* for text, `dot` and `json`; NULL: standard output */
    const char *collector; /* NAME[:OPTIONS]; or NULL, which is refused */
    const char *svg;       /* a folder: one drawing for each picture */
    const char *html;      /* a file: the page */
    bool dot, json;
    bool changes; /* pictures within phases, too */
};

/* Runs a valid program and writes what was asked for. Returns the exit status, after one line unless it is
 * 0. */
int program_trace_run(const struct program_trace *trace, const struct program *program);

#endif
