/* SPDX-License-Identifier: MIT */
/* Asks a program's own model what lives. The answer proves the collector with which the others
 * are compared. */
#ifndef HARNESS_STRESS_WORKER_TRUTH_H
#define HARNESS_STRESS_WORKER_TRUTH_H

#include "program/model.h"

/* Returns the number of objects that names reach at each checkpoint of a valid program. The caller frees it.
 * NULL without memory. O(operations + checkpoints * objects). */
uint64_t *truth_live(const struct program *program);

/* What a collector that freezes holds at a checkpoint, when full collections find nothing more. */
struct truth_frozen {
    bool frozen; /* a FREEZE has had no UNFREEZE yet; else the rest is 0 */
    struct model_held least,
        most; /* they differ where it may have found what died before the FREEZE, or not */
};

/* Returns that for each checkpoint of a valid program. The caller frees it. `ret_any` says whether the program freezes
 * anything; if not, returns NULL. NULL without memory. O(operations + checkpoints * objects). */
struct truth_frozen *truth_frozen(const struct program *program, bool *ret_any);

/* Whether counting alone answers a valid program in the same way: nothing that it asks of finalisers and of weak
 * references is about a ring, and nor is what becomes of its names at the end. False without memory. O(operations +
 * FINALISEs * objects). */
bool truth_is_counted(const struct program *program);

/* Whether a valid program that ends behind so many operations ends in the same way under every collector that finds
 * rings. `exhausted` says that it ends there for want of memory. The end is not the same where a finaliser brings back,
 * when all names are gone, what one collector has found dead and another has not. Only programs with an object whose
 * finaliser keeps it are looked at. False without memory. O(operations + FINALISEs * objects). */
bool truth_ends_alike(const struct program *program, uint64_t operations, bool exhausted);

#endif
