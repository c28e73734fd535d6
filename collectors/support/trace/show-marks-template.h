/* SPDX-License-Identifier: MIT */
/*
 * What a textbook trace shows: its colours and its mark stack.
 *
 * Included by a show.c, after it has defined
 *
 *      mark_stack(mutator)     The work queue of its traces.
 */
#ifndef COLLECTORS_SUPPORT_TRACE_SHOW_MARKS_TEMPLATE_H
#define COLLECTORS_SUPPORT_TRACE_SHOW_MARKS_TEMPLATE_H

#include "collectors/support/trace/show-worklist.h"

static const char *const buffers[] = {"mark stack", NULL};

static void buffer_each(struct gc_mutator *mutator, unsigned buffer, gc_show_entry entry, void *context)
{
    (void)buffer;
    show_worklist(mark_stack(mutator), entry, context);
}

const struct gc_show gc_show = {
    .colours = show_mark_colours,
    .colour = show_mark_colour,
    .buffers = buffers,
    .buffer_each = buffer_each,
};

#endif
