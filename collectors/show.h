/* SPDX-License-Identifier: MIT */
/*
 * What a collector shows of itself to a class: the colours of objects, a number beside the count, and its
 * buffers. `gcmatrix program trace` draws them (harness/teaching).
 *
 * A collector has this in a file of its own, show.c, beside its collector.c. No pair is linked with that
 * file, so it costs nothing that is timed. The file is optional: without it support/shows-nothing.c takes its
 * place, and the drawing has objects, counts and names.
 */
#ifndef COLLECTORS_SHOW_H
#define COLLECTORS_SHOW_H

#include "collectors/mutator.h"

struct gc_show_colour {
    const char *name;  /* black, grey, white, purple or green: the drawing knows these */
    const char *means; /* in this algorithm, in a few words without a full stop */
};

/* Takes one entry of a buffer. An entry may be NULL, or the address of an object that has been freed. */
typedef void (*gc_show_entry)(void *context, const struct gc_object *object);

/*
 * The functions change nothing and allocate nothing. They may be called between any two statements of a
 * collection, but not while counting frees objects. A field that is left out is NULL.
 */
struct gc_show {
    const struct gc_show_colour *colours; /* ends with a NULL name */
    /* Returns the colour of an object that is held: its place in `colours`. */
    unsigned (*colour)(struct gc_mutator *mutator, struct gc_object *object);
    const char *number;       /* what the number beside the count is called: one word */
    const char *number_means; /* in a few words without a full stop */
    /* Returns the number beside the count of an object that is held, or -1: it has none now. */
    int64_t (*number_of)(struct gc_mutator *mutator, struct gc_object *object);
    const char *const *buffers; /* the names of the buffers; ends with NULL */
    /* Calls `entry` for each entry of a buffer, which is given by its place in `buffers`. */
    void (*buffer_each)(struct gc_mutator *mutator, unsigned buffer, gc_show_entry entry, void *context);
};

/* Of the one collector in this process. */
extern const struct gc_show gc_show;

#endif
