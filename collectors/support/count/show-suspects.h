/* SPDX-License-Identifier: MIT */
/* The colours of trial deletion, as a show.c shows them. */
#ifndef COLLECTORS_SUPPORT_COUNT_SHOW_SUSPECTS_H
#define COLLECTORS_SUPPORT_COUNT_SHOW_SUSPECTS_H

#include "collectors/show.h"
#include "collectors/support/count/suspects.h"

enum { SUSPECT_BLACK, SUSPECT_GREY, SUSPECT_WHITE, SUSPECT_PURPLE, SUSPECT_GREEN };

static const struct gc_show_colour show_suspect_colours[] = {
    [SUSPECT_BLACK] = {"black", "in use, or free: the colour at birth"},
    [SUSPECT_GREY] = {"grey", "on trial: the references that it holds are taken off their targets"},
    [SUSPECT_WHITE] = {"white", "garbage, unless a later root reaches it"},
    [SUSPECT_PURPLE] = {"purple", "a possible root: it lost a reference, and has others"},
    [SUSPECT_GREEN] = {"green", "acyclic: never on trial"},
    {NULL, NULL},
};

static inline unsigned show_suspect_colour(struct gc_mutator *mutator, struct gc_object *object)
{
    (void)mutator;
    static_assert(TRIAL_GREY >> 20 == SUSPECT_GREY && TRIAL_WHITE >> 20 == SUSPECT_WHITE &&
                      TRIAL_PURPLE >> 20 == SUSPECT_PURPLE,
                  "the table of colours is in the order of the header's");
    return trial_is_green(object) ? SUSPECT_GREEN : trial_colour(object) >> 20;
}

#endif
