/* SPDX-License-Identifier: MIT */
#ifndef WORKLOADS_INTERPRETER_SCRIPTS_H
#define WORKLOADS_INTERPRETER_SCRIPTS_H

#include <stdint.h>

/* A script in the language of compile.h, and the value that its last expression must have. */
struct script {
    const char *name;
    int64_t answer;
    const char *text;
};

enum { SCRIPTS = 6 };
extern const struct script scripts[SCRIPTS];

#endif
