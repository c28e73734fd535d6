/* SPDX-License-Identifier: MIT */
/*
 * The functions that a watched collector calls in place of its usual ones. When a collector is compiled to be
 * watched, the headers in shadow/ stand in front of those of collectors/support. The collector's own source
 * is the same, and the timed pairs know nothing of it.
 */
#ifndef HARNESS_LIFETIMES_HOOKS_H
#define HARNESS_LIFETIMES_HOOKS_H

#include <stdint.h>

/* Frees memory as free() does, and notes which object it was. */
void watch_free(void *memory);

/* Notes that the object at this address is freed. Passes over addresses of no object. O(1). */
void watch_object_freed(uintptr_t object);

#endif
