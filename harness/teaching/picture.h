/* SPDX-License-Identifier: MIT */
/* A picture is what the heap looks like at one moment, as JSON (harness/teaching/pictures.h has the keys). */
#ifndef HARNESS_TEACHING_PICTURE_H
#define HARNESS_TEACHING_PICTURE_H

#include <jansson.h>

#include "harness/teaching/view.h"

/* Where in the program a picture is taken. */
struct picture_moment {
    uint64_t operation;    /* its place in the program; the number of operations after them all */
    const char *phase;     /* NULL: after the operation */
    bool within;           /* the phase goes on: something changed in it */
    enum gc_reason reason; /* of the collection, where there is a phase */
};

/*
 * Returns the picture as a new reference. `before` are the states of `before_count` objects in the picture
 * before it. O(objects + fields + names + buffers).
 */
json_t *picture_make(const struct view *view, const struct picture_moment *moment,
                     const struct view_state *states, const struct view_state *before, uint32_t before_count);

/* Returns what the collector shows, which all its pictures share: a new reference. */
json_t *picture_collector(void);

#endif
