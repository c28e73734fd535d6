/* SPDX-License-Identifier: MIT */
/*
 * The books of a trial. The other checks look at what is freed; these look at what a collector says about it: its
 * clock, its pauses, its tables and its peaks. Each rule follows from the contract and from what was seen from
 * outside, and not from the collector's own arithmetic:
 *
 *      pauses       One is open at a time, each that begins ends, and one begins after the one before has ended.
 *                   A collection's pause says what was freed between its two ends. A collector that does not
 *                   count frees nothing outside of a pause. The pauses of cascades say as many objects as the
 *                   account of cascades.
 *      visited      at most ACCOUNT_VISITS times the objects that were held, and the names, when the pause began;
 *                   a conservative collector also visits what is none of the mutator's, and one that defers
 *                   each reference that it has logged: one for each 8 bytes held at most
 *      roots        The possible roots that a collection examined, it visited; those that were dead, it freed.
 *      peaks        at least what is charged where a collection begins, and what tables take. A collector that
 *                   moves objects has the old ones and the copies of what lives when it ends. At each sample, at
 *                   least what is held and charged. At the end, at most what was held at some sample, what may
 *                   have been made up to the next one, and the tables. A collector that moves objects has copies
 *                   besides.
 *      tables       never less than nothing, and nothing after the end
 *      samples      come late by one object at most: the one that is being made when they are asked for
 *      clock        objects and bytes allocated are those of the program
 *      external     Bytes outside of the heap that were made are those of the program. What is held of them is within
 *                   the peak. All that is held weighs and is charged, or nothing, as the mutator was told. Under a
 *                   limit they count as bytes of objects where they are charged.
 *      limit        Objects with the words in front of their headers take no more than it; nor do they with the
 *                   tables as they were before the newest object. The peak exceeds it by tables at most, which
 *                   may grow in a collection. So copies count. A conservative collector may find objects of the
 *                   program before.
 */
#ifndef HARNESS_STRESS_WORKER_ACCOUNT_H
#define HARNESS_STRESS_WORKER_ACCOUNT_H

#include "collectors/mutator.h"
#include "program/program.h"

enum { ACCOUNT_VISITS = 4 };

/* Is told the first rule that is broken, in words; does not return. */
typedef __attribute__((noreturn)) void (*account_failure)(const char *line);

struct account {
    account_failure failed;
    uint64_t limit;        /* bytes; UINT64_MAX: none */
    uint64_t largest;      /* bytes of the program's largest object */
    uint64_t prefix_bytes; /* what the collector has in front of each header, by its traits */
    bool between;          /* by its traits, it frees between pauses, too */
    bool open;             /* a pause has begun and not ended */
    uint64_t last_end_ns;
    uint64_t freed_objects, freed_bytes; /* as the account of the heap had them when the open pause began */
    uint64_t held;                       /* likewise: objects held, and names */
    uint64_t held_bytes;                 /* likewise: bytes held */
    uint64_t examined, dead;             /* likewise: possible roots */
    uint64_t logged;                     /* likewise: references that a collector may have logged */
    uint64_t freed_after;                /* objects freed when the last pause ended */
    uint64_t freed_in_cascades;          /* by the pauses of cascades */
    uint64_t pauses;                     /* that have ended */
    struct {
        uint64_t objects, bytes;
    } most_freed; /* by the account of the heap where a pause ended, under a conservative collector */
    struct {
        uint64_t pauses, freed_objects, table_bytes;
    } born;                /* as they were when the newest object had been made */
    uint64_t sample_bytes; /* allocated from one sample to the next */
    uint64_t sample_at;
    uint64_t most_objects, most_bytes; /* the most that were held where a pause began, or at a sample */
};

/* Opens the books of one trial, with a sample each `sample_bytes` that are allocated; 1: at each object. O(operations). */
void account_open(struct account *account, const struct program *program, uint64_t limit,
                  uint64_t sample_bytes, account_failure failed);

/* Where a pause begins, where it has ended, and where a sample is due: what the listener calls. The last returns
 * when the next sample is due. O(1). */
void account_pause_begins(struct account *account, const struct gc_mutator *mutator);
void account_pause_ended(struct account *account, const struct gc_mutator *mutator,
                         const struct gc_pause *pause);
uint64_t account_sample(struct account *account, const struct gc_mutator *mutator);

/* Where an object has just been made: for a trial under a limit. O(1). */
void account_born(struct account *account, const struct gc_mutator *mutator);

/* After a program that came to its end: the clock against the program, and the peaks. O(operations). */
void account_clock(struct account *account, const struct gc_mutator *mutator, const struct program *program);

/* After gc_collector_stop(). `mapped_bytes` are those of the collector's mappings that are left. */
void account_close(const struct account *account, const struct gc_mutator *mutator, int64_t mapped_bytes);

#endif
