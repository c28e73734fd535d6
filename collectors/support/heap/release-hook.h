/* SPDX-License-Identifier: MIT */
/*
 * The moment at which an object's memory is given back: whoever frees an object calls gc_object_released()
 * first. A build that watches objects die names its function in GC_RELEASE_HOOK (harness/lifetimes). In
 * every other build the call is nothing.
 */
#ifndef COLLECTORS_SUPPORT_HEAP_RELEASE_HOOK_H
#define COLLECTORS_SUPPORT_HEAP_RELEASE_HOOK_H

#include "collectors/object.h"

#ifdef GC_RELEASE_HOOK

void GC_RELEASE_HOOK(struct gc_object *object);

static inline void gc_object_released(struct gc_object *object)
{
    GC_RELEASE_HOOK(object);
}

#else

static inline void gc_object_released(struct gc_object *object)
{
    (void)object;
}

#endif

#endif
