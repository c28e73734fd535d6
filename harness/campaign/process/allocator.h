/* SPDX-License-Identifier: MIT */
/*
 * The allocators under the collectors: a table of those that the harness knows by name, and any other shared
 * object by its path. An allocator is preloaded into the measured process, so the executable is the same
 * under each.
 */
#ifndef HARNESS_CAMPAIGN_PROCESS_ALLOCATOR_H
#define HARNESS_CAMPAIGN_PROCESS_ALLOCATOR_H

#include <stddef.h>

struct allocator_tuning {
    const char *name;
    const char *environment[3]; /* NAME=value, NULL-terminated: the whole tuning */
    const char *counted[3];     /* added while instructions are counted, so that no timer changes them */
};

struct allocator_kind {
    const char *name;
    const char *package;    /* of Debian, for the remedy when it is missing; NULL for glibc */
    const char *sonames[3]; /* tried in this order, NULL-terminated; none for glibc */
    struct allocator_tuning tunings[2];
};

/* THE table; `allocator_kind_count` entries, glibc first. */
extern const struct allocator_kind allocator_kinds[];
extern const size_t allocator_kind_count;

struct allocator {
    char *name;
    char *object; /* real path of the preloaded object; NULL for glibc, which is there anyway */
    const struct allocator_tuning *tuning;
    char *place; /* that asked for it, as "matrix.yaml:5:18", for messages; NULL: none did */
};

/*
 * Resolves NAME, NAME:TUNING, or a path, which is anything with a slash. Messages begin with `place`. Returns
 * 0 and an allocator for allocator_free(), or MESSAGE_BAD_INPUT after one line.
 */
int allocator_resolve(const char *place, const char *text, struct allocator *ret_allocator);

/*
 * The real path of a known allocator's object, the caller's to free; NULL for glibc, and when it is not
 * installed.
 */
char *allocator_object_find(const struct allocator_kind *kind);

void allocator_free(struct allocator *allocator);

#endif
