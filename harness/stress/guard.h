/* SPDX-License-Identifier: MIT */
/*
 * The checking allocator under a collector. A worker is linked with --wrap=malloc and its relatives, so that
 * the calls of the collector and of the operations inlined into the virtual machine come here while the guard
 * is on; all other calls go through to the real allocator. The timed pairs are not linked so.
 *
 * Every block stands between two canaries. Fresh memory is filled with junk. Freed memory is filled with
 * poison and waits in quarantine; the poison is verified when it leaves. As an object the poison is of a
 * shape that no program has, of each colour in turn, and each of its words is an address that traps when it
 * is followed; so a read is as visible as a write. All blocks lie in one stretch of addresses that begins
 * anew with each program: the addresses, and with them any failure, are the same when a program is run again
 * by itself.
 */
#ifndef HARNESS_STRESS_GUARD_H
#define HARNESS_STRESS_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which allocations fail, counted from 1 since the program began; a failed one and its repetition both count.
 */
struct guard_faults {
    uint64_t one;    /* this one; 0: none */
    uint64_t from;   /* this one and all after it; 0: none */
    uint64_t tables; /* mappings of the collector's own, this one and all after it; 0: none */
    uint64_t poison; /* of eight, which: they differ in what a collector takes for a mark or a colour, or
                        acyclic */
};

struct guard_totals {
    uint64_t blocks; /* outstanding: allocated and not freed */
    uint64_t bytes;
    uint64_t allocations; /* attempted since guard_begin() */
    uint64_t failed;      /* of them, by injection */
};

/* Called with one line when a block is misused. Does not return. */
typedef __attribute__((noreturn)) void (*guard_failure)(const char *line);

/* Maps the addresses. Once per process. Returns 0, or -1 with errno set. */
int guard_open(guard_failure failed);

/* An empty heap, for a new program; what is outstanding is forgotten. */
void guard_begin(const struct guard_faults *faults);

/* From here on, or from here off, malloc and its relatives are the guard's. */
void guard_on(void);
void guard_off(void);
bool guard_is_on(void);

/* Counts a mapping that a collector asks for; whether it is to fail. */
bool guard_mapping_fails(void);

/* Lets injected failures end: what comes next is the teardown. */
void guard_faults_end(void);

/* Verifies every canary and all poison, and reports what does not hold. O(blocks). */
void guard_verify(void);

struct guard_totals guard_totals(void);

#endif
