/* SPDX-License-Identifier: MIT */
/* The inside of a trial: its state, and what its parts call of each other. trial-setup.c draws what the seed decides and
 * has the callbacks of the collector; trial-look.c looks at the heap; trial.c has the phases in their order. */
#ifndef HARNESS_STRESS_WORKER_TRIAL_STATE_H
#define HARNESS_STRESS_WORKER_TRIAL_STATE_H

#include <setjmp.h>
#include <stddef.h>

#include "harness/runner/reach.h"
#include "harness/stress/guard.h"
#include "harness/stress/worker/account.h"
#include "harness/stress/worker/bounds.h"
#include "harness/stress/worker/trial.h"
#include "harness/stress/worker/truth.h"
#include "workloads/replay/vm.h"

enum {
    TRIAL_STACK_SLOTS = PROGRAM_SLOTS_MAX + 1,
    TRIAL_OPTION_BYTES = 4096, /* room for a collector's options */
};

/* The state of the one trial. The collector's callbacks carry a mutator and no more. */
struct trial {
    trial_failure failed;
    struct gc_mutator *mutator;
    struct gc_slot *slots;
    struct gc_ref *registers;
    struct gc_frame *frames;
    uint64_t register_room, frame_room;
    const struct trial_request *request;
    struct trial_result *result;
    struct gc_listener listener;
    struct account account;
    struct bounds bounds; /* where the conditions hold the collector to them */
    struct gc_mutator_setup setup;
    struct random_state random;
    /* The collector makes one block per object: equal faults then strike equal objects everywhere. */
    bool block_for_each;
    uint64_t least_bytes; /* that are outstanding where a few small objects are held */
    bool started;         /* the collector has started; it may run out of memory before */
    bool lost; /* the collector had no memory for its own tables: by the contract, the heap is not whole */
    bool collects_fully; /* no allocation failed during the last collection */
    bool asked;          /* the trial asked for the collection that runs */
    uint64_t own;        /* collections for which the trial did not ask */
    uint64_t own_full;   /* full ones among them */
    uint64_t events;     /* allocations, counted for zeal and for random checks */
    uint64_t *live;      /* objects that the model reaches at each checkpoint; only for the truth */
    uint64_t live_next;  /* the next checkpoint */
    struct truth_frozen
        *frozen;          /* by checkpoint; NULL: the program freezes nothing, or the collector does not */
    uint64_t frozen_next; /* the next checkpoint */
    uint64_t visited;     /* objects, by the last full collection */
    jmp_buf exhausted;
    union {
        char bytes[TRIAL_OPTION_BYTES];
        max_align_t aligned;
    } options;
};
extern struct trial trial;

/* Reports a failure by `trial.failed`. */
__attribute__((noreturn, format(printf, 2, 3))) void trial_fail(const char *kind, const char *format, ...);

/* Folds a number into a digest, which is not 0. */
uint64_t trial_fold(uint64_t digest, uint64_t number);

/* Returns whether a full collection leaves exactly what is reachable. Counting alone never frees a saturated
 * count. */
bool trial_is_exact(void);

/* ---- trial-setup.c ---- */

/* Draws the values that the conditions leave to the seed. */
struct guard_faults trial_draw(const struct vm_program *loaded);

/* Sets the collector's options: drawn where the conditions say so, else as the request has them. */
void trial_draw_options(void);

/* Prepares `trial.setup`, with an empty heap, an account and bounds. */
void trial_prepare_setup(const struct vm_program *loaded);

/* ---- trial-look.c ---- */

/* Checks the collector's own heap, and that it will be asked in time. */
void trial_check_heap(void);

/* Collects, and checks the heap before and after. Objects may move only under a collector that says so. A collector of
 * cycles has a pause for it, also where it counts and frees between pauses, too. */
void trial_collect(void);

/* Collects, and checks everything that can be known of the heap at a checkpoint. */
void trial_look(struct gc_mutator *mutator);

/*
 * Looks at the heap as it was when memory ran out: it must be whole. And it must be full. After one more full
 * collection, the object for which there was no memory would not fit. `limit` is that of the heap at the
 * time, in bytes. A conservative collector may free later what it has kept.
 */
void trial_look_exhausted(uint64_t limit);

/* The operation that had no memory: it would have made the next object. NULL: none would have. */
const struct program_op *trial_op_exhausted(void);

/*
 * Makes the object for which there was no memory, under the same budget, after one more full collection by which the
 * collector gives back all that is free. Who has not collected, or has kept what is free, finds memory now. A collector
 * that moves objects wants room for copies of all that may live, and so may find some; a conservative one may free
 * later what it has kept.
 */
void trial_try_again(void);

#endif
