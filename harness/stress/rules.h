/* SPDX-License-Identifier: MIT */
/* The rules of the model of memory. model-X (model/main.c) says one by one whether collector X keeps them; it stands
 * beside the worker stress-X. */
#ifndef HARNESS_STRESS_RULES_H
#define HARNESS_STRESS_RULES_H

#include "harness/stress/workers.h"

/* What model-X says of its collector. */
struct rules {
    bool looked;         /* it stands there, and has run */
    size_t kept, broken; /* rules */
    char *first;         /* the first that is broken, or how the process failed; NULL: none is */
    char *detail;        /* what is said of that; "" where nothing is */
};

/* Where model-X stands. The caller frees the path. */
char *rules_path(const struct worker *worker);

/*
 * Runs model-X of each worker that has one, as many at a time as there are jobs. A process that says nothing for 20 s is
 * killed, and has failed. `ret_rules` has one place for each worker. Returns 0, or MESSAGE_BAD_INPUT after one line when
 * one could not be started. The caller calls rules_free() in either case.
 */
int rules_look(const struct worker *const *workers, size_t count, size_t jobs, struct rules *ret_rules);
void rules_free(struct rules *rules, size_t count);

#endif
