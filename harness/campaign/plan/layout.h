/* SPDX-License-Identifier: MIT */
/*
 * Layouts as a factor. The places of code, stack and heap move times by some percent, and are no property of
 * a collector (Mytkowicz et al., Producing Wrong Data Without Doing Anything Obviously Wrong, ASPLOS 2009;
 * Curtsinger and Berger, Stabilizer, ASPLOS 2013). With `layouts: N` block b runs in layout b mod N. Layout 0
 * is the usual one. Each other layout is a function of its number:
 *
 *   environment   16 to 4080 bytes longer, which moves the stack
 *   addresses     randomised by the system in even layouts, the same for every process in odd ones
 *   link order    the object files of the executable in another order (relink.h)
 */
#ifndef HARNESS_CAMPAIGN_PLAN_LAYOUT_H
#define HARNESS_CAMPAIGN_PLAN_LAYOUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/campaign/plan/relink.h"

struct layouts {
    uint64_t count;
    bool addresses;        /* whether the system lets a process switch randomisation off */
    struct relink *relink; /* NULL: the link order is not varied */
    char *no_relink;       /* why the link order is not varied, in words; NULL when it is, or count is 1 */
};

struct layout {
    size_t padding; /* bytes of the environment beyond the usual size */
    bool fixed_addresses;
};

/*
 * Finds what can be varied here, for executables `pairs` of one build. The link order is not varied for the
 * reason `no_relink`, where that is not NULL. The result is for layouts_free().
 */
void layouts_find(uint64_t count, char *const *pairs, size_t pair_count, const char *no_relink,
                  struct layouts *ret_layouts);
void layouts_free(struct layouts *layouts);

/* The layout of that number. O(1). */
struct layout layout_make(const struct layouts *layouts, uint64_t number);

/* The manifest's `layouts`: {count, varied, not_varied}; a new reference. */
json_t *layouts_describe(const struct layouts *layouts);

#endif
