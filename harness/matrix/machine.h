/* SPDX-License-Identifier: MIT */
/* What machine this is, and what makes it a bad place to measure. */
#ifndef HARNESS_MATRIX_MACHINE_H
#define HARNESS_MATRIX_MACHINE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct machine_check {
    const char *name; /* "governor" */
    bool good;
    char *found;  /* "powersave" */
    char *remedy; /* in words; NULL when good */
};

/* Looks at everything; `*ret_count` checks for machine_checks_free. About a millisecond. */
struct machine_check *machine_checks_make(size_t *ret_count);
void machine_checks_free(struct machine_check *checks, size_t count);

/* The manifest's `machine`; a new reference. The host's name is given as a hash only. */
json_t *machine_describe(void);

#endif
