/* SPDX-License-Identifier: MIT */
/*
 * The allocators under the collectors: one table of those the harness knows by name, and any other shared
 * object by path. They are preloaded into the measured process, so that the binary is the same under each.
 */
#ifndef HARNESS_CAMPAIGN_ALLOCATOR_H
#define HARNESS_CAMPAIGN_ALLOCATOR_H

#include <stddef.h>

struct allocator_tuning {
    const char *name;
    const char *environment[3]; /* NAME=value, NULL-terminated: all that the tuning is */
    const char *counted[3];     /* the same while instructions are counted, where a timer would change them */
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
    char *object; /* the real path of what is preloaded; NULL for glibc, which is there anyway */
    const struct allocator_tuning *tuning;
};

/*
 * Finds what `text` means: NAME, NAME:TUNING, or a path (anything with a slash). `place` goes in front of
 * messages. Returns 0 and an allocator for allocator_free, or MESSAGE_BAD_INPUT after one line.
 */
int allocator_resolve(const char *place, const char *text, struct allocator *ret_allocator);

/* The real path of a known allocator's object, the caller's to free; NULL when it is not installed (and for
 * glibc). */
char *allocator_object_find(const struct allocator_kind *kind);

void allocator_free(struct allocator *allocator);

#endif
