/* SPDX-License-Identifier: MIT */
#include "collectors/gc.h"
#include "collectors/support/trace/show-worklist.h"

static const char *const buffers[] = {"mark stack", NULL};

static void buffer_each(struct gc_mutator *mutator, unsigned buffer, gc_show_entry entry, void *context)
{
    (void)buffer;
    show_worklist(&((const struct sweep_mutator *)mutator)->pending, entry, context);
}

const struct gc_show gc_show = {
    .colours = show_mark_colours,
    .colour = show_mark_colour,
    .buffers = buffers,
    .buffer_each = buffer_each,
};
