/* SPDX-License-Identifier: MIT */
/* Words of a pause: its phases and its reason. Collectors mark them, processes write them, and a run's folder keeps
 * them by these names. */
#ifndef BASE_PAUSE_H
#define BASE_PAUSE_H

/*
 * THE list of phases, in the field's words, each with what it does. A number is good for one version of the tree;
 * files have the names.
 *
 *      trial deletion              purge, grey, scan, gather, drop, free       Bacon and Rajan, ECOOP 2001
 *      CPython's cyclic collector  subtract, restore, gather, promote, free    Modules/gcmodule.c
 *      deferred counting           update, reconcile                           Levanoni and Petrank, TOPLAS 2006
 *      tracing                     mark, drop, sweep, copy
 */
#define GC_PHASES(PHASE)                                                                                     \
    PHASE(PURGE, "purge", "leaves only suspects in the buffer of possible roots")                            \
    PHASE(GREY, "grey", "takes off, on trial, the references that suspects and all they reach hold")         \
    PHASE(SCAN, "scan", "gives references back to what is held from outside")                                \
    PHASE(GATHER, "gather", "lists the garbage")                                                             \
    PHASE(SUBTRACT, "subtract", "takes references between the collected objects off their counts")           \
    PHASE(RESTORE, "restore", "finds what is reachable from outside the collected objects")                  \
    PHASE(PROMOTE, "promote", "moves objects to an older generation")                                        \
    PHASE(UPDATE, "update", "carries out the increments and decrements that were put off")                   \
    PHASE(RECONCILE, "reconcile", "frees the entries of the zero count table that no name refers to")        \
    PHASE(MARK, "mark", "marks what the roots reach")                                                        \
    PHASE(DROP, "drop", "drops the references that garbage holds")                                           \
    PHASE(SWEEP, "sweep", "goes through the heap and frees what is not marked")                              \
    PHASE(FREE, "free", "frees the garbage that was listed")                                                 \
    PHASE(COPY, "copy", "copies what the roots reach into a new space")                                      \
    PHASE(TRIM, "trim", "gives memory back, and sets when the next collection is due")

#define GC_PHASE_NUMBER(word, name, does) GC_PHASE_##word,
enum gc_phase { GC_PHASES(GC_PHASE_NUMBER) GC_PHASE_KINDS };
#undef GC_PHASE_NUMBER

/* THE list of reasons why a pause begins. */
#define GC_REASONS(REASON)                                                                                   \
    REASON(ASKED, "asked", "the program asked for a collection")                                             \
    REASON(THRESHOLD, "threshold", "the heap, or the objects made, reached the collector's threshold")       \
    REASON(TABLE, "table", "a table of the collector was full")                                              \
    REASON(LIMIT, "limit", "the heap limit does not allow the next object")                                  \
    REASON(MEMORY, "memory", "malloc had no memory")                                                         \
    REASON(ROOM, "room", "allocation wants a block that is to be swept first")                               \
    REASON(DEATH, "death", "the last reference to an object was dropped: a cascade")

#define GC_REASON_NUMBER(word, name, does) GC_REASON_##word,
enum gc_reason { GC_REASONS(GC_REASON_NUMBER) GC_REASON_KINDS };
#undef GC_REASON_NUMBER

#endif
