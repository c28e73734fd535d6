/* SPDX-License-Identifier: MIT */
/*
 * For a collector that never collects: it never asks to be polled, and gc_collect() finds nothing to do.
 * Included by its collector.c. A collector that forgets to collect does not get this by accident: without
 * these two functions it does not link.
 */
#ifndef COLLECTORS_SUPPORT_NEVER_COLLECTS_TEMPLATE_H
#define COLLECTORS_SUPPORT_NEVER_COLLECTS_TEMPLATE_H

#include "collectors/collector-api.h"

uint64_t gc_collector_poll(struct gc_mutator *mutator)
{
    (void)mutator;
    return UINT64_MAX;
}

void gc_collect(struct gc_mutator *mutator, enum gc_collect_kind kind)
{
    (void)mutator;
    (void)kind;
}

#endif
