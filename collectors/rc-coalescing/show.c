/* SPDX-License-Identifier: MIT */
#include "collectors/gc.h"
#include "collectors/support/count/show-counted.h"
#include "collectors/support/trace/show-worklist.h"

static const char *const buffers[] = {"zero count table", "newborns", "dirty", "log", NULL};

static void buffer_each(struct gc_mutator *mutator, unsigned buffer, gc_show_entry entry, void *context)
{
    const struct coalescing_mutator *coalescing = (const struct coalescing_mutator *)mutator;
    const struct worklist *lists[] = {&coalescing->deferral.zeros, &coalescing->newborns, &coalescing->dirty,
                                      &coalescing->logged};
    show_worklist(lists[buffer], entry, context);
}

const struct gc_show gc_show = {
    .number = "counted",
    .number_means = "the fields that referred to it at the last collection; names are not counted",
    .number_of = show_counted,
    .buffers = buffers,
    .buffer_each = buffer_each,
};
