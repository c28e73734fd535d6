/* SPDX-License-Identifier: MIT */
#include "collectors/gc.h"
#include "collectors/support/count/show-counted.h"
#include "collectors/support/trace/show-worklist.h"

static const char *const buffers[] = {"zero count table", NULL};

static void buffer_each(struct gc_mutator *mutator, unsigned buffer, gc_show_entry entry, void *context)
{
    (void)buffer;
    show_worklist(&((const struct deferral_mutator *)mutator)->zeros, entry, context);
}

const struct gc_show gc_show = {
    .number = "counted",
    .number_means = "the fields that refer to it; names are not counted",
    .number_of = show_counted,
    .buffers = buffers,
    .buffer_each = buffer_each,
};
