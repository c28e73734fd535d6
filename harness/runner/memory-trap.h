/* SPDX-License-Identifier: MIT */
/*
 * Catches the calls by which the process gets memory from the kernel and gives it back: mmap, munmap, mremap,
 * brk, madvise and mprotect. malloc makes some of them from inside libc, where no symbol can be interposed. So
 * the kernel itself hands them over: a seccomp filter turns them into a signal, whose handler makes the call
 * or does something else in its place (seccomp(2), SECCOMP_RET_TRAP). All other calls go on as they are, and so does a
 * madvise that only faults pages in (MADV_POPULATE_WRITE): it takes no memory from where other memory was.
 *
 * The handler runs on a stack of its own: the mutator's C stack stays as deep as it is. A caught call costs
 * about a microsecond more. The filter stays until the process ends.
 */
#ifndef HARNESS_RUNNER_MEMORY_TRAP_H
#define HARNESS_RUNNER_MEMORY_TRAP_H

#include <stdint.h>

/* A call as its caller made it. */
struct memory_trap_call {
    long number; /* SYS_mmap, ... */
    uint64_t arguments[6];
};

/*
 * Catches the calls from here on. `answer` returns what the caller gets: a result, or a negative errno. It may
 * make calls only by memory_trap_pass(), and may not allocate. Returns 0, or -1 with errno set when the kernel
 * or the architecture has no such filter.
 */
int memory_trap_install(long (*answer)(const struct memory_trap_call *call));

/* Makes a call that is not caught. Returns its result, or a negative errno. */
long memory_trap_pass(long number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f);

#endif
