/* SPDX-License-Identifier: MIT */
/*
 * What a watched collector calls at each free of an object. The collector's source is the same as in the
 * timed pairs. It is compiled with GC_RELEASE_HOOK set to this function: see
 * collectors/support/heap/release-hook.h.
 */
#ifndef HARNESS_LIFETIMES_HOOKS_H
#define HARNESS_LIFETIMES_HOOKS_H

struct gc_object;

/* Notes that the object is freed. O(1). */
void watch_object_freed(struct gc_object *object);

#endif
