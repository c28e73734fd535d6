/* SPDX-License-Identifier: MIT */
#include "collectors/gc.h"
#include "collectors/support/count/show-suspects.h"
#include "collectors/support/trace/show-worklist.h"

static const char *const buffers[] = {"possible roots", "work queue", "garbage", NULL};

static void buffer_each(struct gc_mutator *mutator, unsigned buffer, gc_show_entry entry, void *context)
{
    const struct trial_mutator *trial = (const struct trial_mutator *)mutator;
    const struct worklist *lists[] = {&trial->roots, &trial->pending, &trial->white};
    show_worklist(lists[buffer], entry, context);
}

const struct gc_show gc_show = {
    .colours = show_suspect_colours,
    .colour = show_suspect_colour,
    .buffers = buffers,
    .buffer_each = buffer_each,
};
