/* SPDX-License-Identifier: MIT */
/* Checks of the heap: a collector whose heap is not as it must be says so and stops at once. */
#ifndef COLLECTORS_SUPPORT_CHECK_H
#define COLLECTORS_SUPPORT_CHECK_H

#include "collectors/object.h"

/*
 * Prints one line with the collector's name, `what` ought to hold, and the object (or NULL), and then
 * traps.
 */
__attribute__((noreturn, cold)) void check_failed(const struct gc_object *object, const char *what);

static inline void check_that(bool holds, const struct gc_object *object, const char *what)
{
    if (GC_UNLIKELY(!holds))
        check_failed(object, what);
}

#endif
