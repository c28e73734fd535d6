/* SPDX-License-Identifier: MIT */
/* The number beside an object under deferred counting, as a show.c shows it: the fields that are counted. */
#ifndef COLLECTORS_SUPPORT_COUNT_SHOW_COUNTED_H
#define COLLECTORS_SUPPORT_COUNT_SHOW_COUNTED_H

#include "collectors/show.h"

static inline int64_t show_counted(struct gc_mutator *mutator, struct gc_object *object)
{
    (void)mutator;
    return object->count;
}

#endif
