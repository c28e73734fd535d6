/* SPDX-License-Identifier: MIT */
/* The root buffer has regions, and in a collection objects. A region is shown by the object that lies in it.
 * Nothing turns white: what is grey when all roots have been scanned is garbage. */
#include "collectors/gc.h"
#include "collectors/support/count/show-suspects.h"
#include "collectors/support/trace/show-worklist.h"

static const char *const buffers[] = {"possible roots", NULL};

static void buffer_each(struct gc_mutator *mutator, unsigned buffer, gc_show_entry entry, void *context)
{
    (void)buffer;
    show_worklist(&((const struct wave_mutator *)mutator)->roots, entry, context);
}

const struct gc_show gc_show = {
    .colours = show_suspect_colours,
    .colour = show_suspect_colour,
    .buffers = buffers,
    .buffer_each = buffer_each,
};
