/* SPDX-License-Identifier: MIT */
/* The header of the same name, for collectors that are watched: what they give back to malloc is noted. */
#ifndef HARNESS_WATCH_ALLOCATION_H
#define HARNESS_WATCH_ALLOCATION_H

#include_next "collectors/support/heap/allocation.h"
#include "harness/lifetimes/hooks.h"

#define free(memory) watch_free(memory)

#endif
