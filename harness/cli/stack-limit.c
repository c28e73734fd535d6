/* SPDX-License-Identifier: MIT */
#include "harness/cli/stack-limit.h"

#include <stddef.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "base/message.h"

/* The deepest command used 100 KiB in a build without a sanitizer, found by `ulimit -s`. */
enum { STACK_LEAST = 512 << 10, STACK_USED = 256 << 10, PAGE = 4096 }; /* bytes */

/* Whether the system would give memory for the stack; asked where a refusal is no signal. */
static int memory_is_there(void)
{
    void *probe = mmap(NULL, STACK_USED, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return probe != MAP_FAILED && munmap(probe, STACK_USED) == 0;
}

/* Writes to each page of a frame that is larger than a command's are together. Returns what it wrote: 0. */
__attribute__((noinline)) static int stack_touch(void)
{
    volatile char frame[STACK_USED];
    for (int i = STACK_USED - PAGE; i >= 0; i -= PAGE)
        frame[i] = 0;
    return frame[0];
}

int stack_limit_check(void)
{
    struct rlimit stack;
    if (getrlimit(RLIMIT_STACK, &stack) == 0 && stack.rlim_cur < STACK_LEAST)
        return message_bad_input(
            "the stack is limited to %d KiB, and a command needs %d: raise the limit, as by "
            "'ulimit -s 8192'",
            (int)(stack.rlim_cur >> 10), STACK_LEAST >> 10);
    if (!memory_is_there())
        return message_storage("out of memory for the stack: raise the limit (ulimit -v), or free memory");
    return stack_touch(); /* 0 */
}
