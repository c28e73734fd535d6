/* SPDX-License-Identifier: MIT */
/* What a test hears of the pauses of a mutator: how many, what they did, and the last one, of all and of each kind. */
#ifndef TESTS_PAUSES_H
#define TESTS_PAUSES_H

#include "collectors/mutator.h"

struct test_pauses_sum {
    uint64_t count;
    uint64_t visited, freed; /* objects */
    struct gc_pause last;
};

struct test_pauses {
    struct gc_listener listener; /* stands first: test_pauses_heard() is given it alone */
    struct test_pauses_sum all;
    struct test_pauses_sum of[GC_PAUSE_CASCADE + 1]; /* by kind */
};

static inline void test_pauses_add(struct test_pauses_sum *sum, const struct gc_pause *pause)
{
    sum->count++;
    sum->visited += pause->visited_objects;
    sum->freed += pause->freed_objects;
    sum->last = *pause;
}

static inline void test_pauses_heard(struct gc_listener *listener, const struct gc_pause *pause)
{
    struct test_pauses *pauses = (struct test_pauses *)listener;
    test_pauses_add(&pauses->all, pause);
    test_pauses_add(&pauses->of[pause->kind], pause);
}

/* Listens from now on, and forgets what was heard before. */
static inline void test_pauses_begin(struct gc_mutator *mutator, struct test_pauses *pauses)
{
    *pauses = (struct test_pauses){.listener.pause = test_pauses_heard};
    mutator->observer.listener = &pauses->listener;
}

/* Listens no more, and keeps what was heard. */
static inline void test_pauses_end(struct gc_mutator *mutator)
{
    mutator->observer.listener = NULL;
}

#endif
