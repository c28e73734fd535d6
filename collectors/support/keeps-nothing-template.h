/* SPDX-License-Identifier: MIT */
/*
 * For a collector that keeps no tables of its own: it starts and stops with nothing to make and nothing to
 * free but the queue of finalisers, and has no invariant to check. Included by its collector.c.
 */
#ifndef COLLECTORS_SUPPORT_KEEPS_NOTHING_TEMPLATE_H
#define COLLECTORS_SUPPORT_KEEPS_NOTHING_TEMPLATE_H

#include "collectors/collector-api.h"

void gc_collector_start(struct gc_mutator *mutator, const void *options)
{
    (void)options;
    mutator->clock.poll_at = UINT64_MAX;
}

void gc_collector_check(struct gc_mutator *mutator)
{
    (void)mutator;
}

void gc_collector_stop(struct gc_mutator *mutator)
{
    gc_dues_close(mutator);
}

#endif
