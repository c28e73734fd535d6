/* SPDX-License-Identifier: MIT */
/* How a show.c shows its collector's lists, and the marks of a textbook trace. */
#ifndef COLLECTORS_SUPPORT_TRACE_SHOW_WORKLIST_H
#define COLLECTORS_SUPPORT_TRACE_SHOW_WORKLIST_H

#include "collectors/show.h"
#include "collectors/support/trace/trace.h"

static inline void show_worklist(const struct worklist *list, gc_show_entry entry, void *context)
{
    for (uint64_t i = 0; i < list->count; i++)
        entry(context, list->items[i]);
}

/* The three colours of Dijkstra and others (CACM 1978). No black object refers to a white one. */
enum { SHOW_WHITE, SHOW_GREY, SHOW_BLACK };

static const struct gc_show_colour show_mark_colours[] = {
    [SHOW_WHITE] = {"white", "not marked; what is white when marking ends is garbage"},
    [SHOW_GREY] = {"grey", "marked, and refers to an object that is not"},
    [SHOW_BLACK] = {"black", "marked, and so is all that it refers to"},
    {NULL, NULL},
};

/* Returns the colour of an object. O(its references). */
static inline unsigned show_mark_colour(struct gc_mutator *mutator, struct gc_object *object)
{
    const struct gc_ref *fields = gc_object_fields(object);
    if (!(object->bits & TRACE_MARK))
        return SHOW_WHITE;
    for (uint64_t i = 0, refs = gc_object_refs(mutator->shapes, object); i < refs; i++)
        if (fields[i].object && !(fields[i].object->bits & TRACE_MARK))
            return SHOW_GREY;
    return SHOW_BLACK;
}

#endif
