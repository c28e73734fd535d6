/* SPDX-License-Identifier: MIT */
/*
 * The checking allocator under a collector. A worker is linked with --wrap=malloc and its relatives. While
 * the guard is on, the calls of the collector, and of the operations inlined into the virtual machine, come
 * here. All other calls go through to the real allocator. The timed pairs are not linked so.
 *
 * A guarded piece is the memory of one allocation. Every piece stands between two canaries. Fresh memory is
 * filled with junk. Freed memory is filled with poison and waits in quarantine. The guard verifies the poison
 * when the piece leaves quarantine.
 *
 * Read as an object, the poison has a shape that no program has, and each colour in turn. Each word of it is
 * an address that traps when it is followed. A read is therefore as visible as a write.
 *
 * All pieces lie in one stretch of addresses, which begins anew with each program. The addresses, and with
 * them any failure, are the same when a program is run again by itself.
 */
#ifndef HARNESS_STRESS_GUARD_H
#define HARNESS_STRESS_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The allocations that fail, counted from 1 since the program began. A failed allocation and its repetition
 * both count. */
struct guard_faults {
    uint64_t one;    /* this one fails; 0: none */
    uint64_t from;   /* this one and all after it fail; 0: none */
    uint64_t budget; /* one that would take the bytes outstanding past this fails; 0: none */
    uint64_t tables; /* this mapping of the collector's own and all after it fail; 0: none */
    uint64_t poison; /* which of eight poisons; they differ in the bits for mark, colour and acyclic */
};

struct guard_totals {
    uint64_t pieces;      /* pieces outstanding: allocated and not freed */
    uint64_t bytes;       /* bytes in them */
    uint64_t allocations; /* allocations attempted since guard_begin() */
    uint64_t failed;      /* allocations that were made to fail */
    uint64_t refused;     /* bytes of the last of them */
    int64_t mapped;       /* bytes that were mapped while the guard was on, and not unmapped */
};

/* Called with one line when a piece is misused. Does not return. */
typedef __attribute__((noreturn)) void (*guard_failure)(const char *line);

/* Maps the stretch of addresses, once per process. Returns 0, or -1 with errno set. */
int guard_open(guard_failure failed);

/* Begins an empty heap for a new program, and forgets the pieces that are outstanding. */
void guard_begin(const struct guard_faults *faults);

/* Turn the guard on and off. While it is on, malloc and its relatives are the guard's. */
void guard_on(void);
void guard_off(void);
bool guard_is_on(void);

/* Counts a mapping for which a collector asks. Returns whether it has to fail. */
bool guard_mapping_fails(void);

/* Counts the bytes of a mapping that was made, or less than none of one that went. */
void guard_mapping_note(int64_t bytes);

/* Ends the injected failures, because the teardown comes next. */
void guard_faults_end(void);

/* Verifies every canary and all poison, and reports the first that does not hold. O(pieces). */
void guard_verify(void);

struct guard_totals guard_totals(void);

#endif
