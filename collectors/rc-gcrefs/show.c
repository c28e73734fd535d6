/* SPDX-License-Identifier: MIT */
#include "collectors/show.h"

#include "collectors/gc.h"

enum { BLACK, GREY, WHITE, GREEN };

static const struct gc_show_colour colours[] = {
    [BLACK] = {"black", "not being collected, or found reachable"},
    [GREY] = {"grey", "being collected, and not known to be reachable"},
    [WHITE] = {"white", "set aside: garbage, unless something reachable refers to it"},
    [GREEN] = {"green", "acyclic: on no list"},
    {NULL, NULL},
};

static unsigned colour(struct gc_mutator *mutator, struct gc_object *object)
{
    (void)mutator;
    if (!gcrefs_is_tracked(object))
        return GREEN;
    if (object->bits & GCREFS_ASIDE)
        return WHITE;
    return object->bits & GCREFS_COLLECTING ? GREY : BLACK;
}

/* An object that is set aside has a link where its copy was, which was 0. */
static int64_t number_of(struct gc_mutator *mutator, struct gc_object *object)
{
    unsigned now = colour(mutator, object);
    return now == GREY ? (int64_t)gcrefs_head(object)->references : now == WHITE ? 0 : -1;
}

/* The place of what is frozen is behind those of the generations. */
static const char *const buffers[] = {"youngest generation", "middle generation", "oldest generation",
                                      "frozen", NULL};
static_assert(sizeof buffers / sizeof *buffers == GENERATIONS + 2, "each list has a name");

static void buffer_each(struct gc_mutator *mutator, unsigned buffer, gc_show_entry entry, void *context)
{
    struct gcrefs_mutator *gcrefs = (struct gcrefs_mutator *)mutator;
    struct gcrefs_list *list = buffer < GENERATIONS ? &gcrefs->generations[buffer] : &gcrefs->frozen;
    for (struct gc_object *object = list->head.next; object != &list->end; object = gcrefs_head(object)->next)
        entry(context, object);
}

const struct gc_show gc_show = {
    .colours = colours,
    .colour = colour,
    .number = "copy",
    .number_means = "the references to it that are not accounted for yet",
    .number_of = number_of,
    .buffers = buffers,
    .buffer_each = buffer_each,
};
