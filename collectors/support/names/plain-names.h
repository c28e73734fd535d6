/* SPDX-License-Identifier: MIT */
/* Names without a write barrier, for a collector that looks at names only when it collects. */
#ifndef COLLECTORS_SUPPORT_NAMES_PLAIN_NAMES_H
#define COLLECTORS_SUPPORT_NAMES_PLAIN_NAMES_H

#include "collectors/support/names/names.h"

static inline void gc_frame_leave(struct gc_mutator *mutator, struct gc_frame frame)
{
    mutator->roots.top = frame.slot;
}

static inline void gc_local_set(struct gc_mutator *mutator, struct gc_slot *slot, struct gc_ref value)
{
    (void)mutator;
    slot->ref = value;
}

static inline void gc_local_move(struct gc_mutator *mutator, struct gc_slot *to, struct gc_slot *from)
{
    (void)mutator;
    to->ref = from->ref;
    from->ref = GC_NULL;
}

static inline void gc_local_del(struct gc_mutator *mutator, struct gc_slot *slot)
{
    (void)mutator;
    slot->ref = GC_NULL;
}

#endif
