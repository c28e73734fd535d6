/* SPDX-License-Identifier: MIT */
#include "collectors/gc.h"

static const struct worklist *mark_stack(const struct gc_mutator *mutator)
{
    return &((const struct backup_mutator *)mutator)->pending;
}

#include "collectors/support/trace/show-marks-template.h"
