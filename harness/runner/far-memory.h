/* SPDX-License-Identifier: MIT */
/*
 * Memory of the harness's own far from all else, so that no other mapping gets another address because of it.
 * The kernel puts programs, heaps, stacks and mappings near the ends of the address space; mimalloc asks for
 * places below 30 TiB. Far memory begins at 64 TiB.
 */
#ifndef HARNESS_RUNNER_FAR_MEMORY_H
#define HARNESS_RUNNER_FAR_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

/* Maps zeroed memory, whose pages come when they are touched, at a multiple of 2 MiB. NULL with errno set when
 * there is none. Never freed. Makes its calls by memory_trap_pass(). */
void *far_memory_map(uint64_t bytes);

/* Whether an address is of far memory. */
bool far_memory_has(uint64_t address);

#endif
