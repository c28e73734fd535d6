/* SPDX-License-Identifier: MIT */
/*
 * What a watched collector calls in the place of what it calls otherwise. The headers in shadow/ stand in
 * front of those of collectors/support when a collector is compiled to be watched; the collector's own source
 * is the same, and the timed pairs know nothing of it.
 */
#ifndef HARNESS_LIFETIMES_HOOKS_H
#define HARNESS_LIFETIMES_HOOKS_H

#include <stdint.h>

/* free() that takes note of objects; other memory it only frees. */
void watch_free(void *memory);

/* The object at this address goes. Addresses of no object are passed over. O(1). */
void watch_object_freed(uintptr_t object);

#endif
