/* SPDX-License-Identifier: MIT */
/* The header of the same name, for collectors that are watched: what they give back to malloc is noted. */
#ifndef HARNESS_WATCH_ALLOCATION_H
#define HARNESS_WATCH_ALLOCATION_H

#include_next "collectors/support/allocation.h"

#include "harness/watch/hooks.h"

#define free(memory) watch_free(memory)

#endif
