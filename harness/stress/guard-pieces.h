/* SPDX-License-Identifier: MIT */
/* The pieces of the guard (guard.h), for the functions that stand in the place of malloc. */
#ifndef HARNESS_STRESS_GUARD_PIECES_H
#define HARNESS_STRESS_GUARD_PIECES_H

#include "harness/stress/guard.h"

enum { GUARD_GRANULE = 16 }; /* bytes: the least alignment of a piece */

/* Makes a piece: its memory is all 0 if it is `cleared`, and else junk. Returns the memory, or NULL with errno set where
 * the allocation fails. */
void *guard_piece_new(uint64_t bytes, uint64_t alignment, bool cleared);

/* Whether the address is one of the guard's, of a piece or not. */
bool guard_owns(const void *memory);

/* The bytes that were asked for with a piece, and its end. Both report memory that is none of a piece's, or has been
 * freed. */
uint64_t guard_piece_bytes(void *memory);
void guard_piece_free(void *memory);

#endif
