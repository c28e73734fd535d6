/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <sys/mman.h>

#include "harness/runner/warm.h"
#include "tests/tap.h"

enum { PAGES = 32 };

/* Whether memory that is mapped anew, or emptied, is zero, when all of the pool has been written to. */
static bool is_zero(const volatile char *memory)
{
    for (int i = 0; i < PAGES * PAGE_BYTES; i++)
        if (memory[i] != 0)
            return false;
    return true;
}

static char *map_and_write(bool *ret_zero)
{
    char *memory = mmap(NULL, PAGES * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert(memory != MAP_FAILED);
    *ret_zero = is_zero(memory);
    for (volatile char *at = memory; at < memory + PAGES * PAGE_BYTES; at += 64)
        *at = 1;
    return memory;
}

/* Whether the stack on which calls are answered is there to its end: an answer may go deeper than any before. */
static bool stack_is_present(void)
{
    unsigned char there[PAGES] = {0};
    stack_t stack;
    sigaltstack(NULL, &stack);
    uintptr_t begin = (uintptr_t)stack.ss_sp / PAGE_BYTES * PAGE_BYTES;
    uintptr_t end = (uintptr_t)stack.ss_sp + stack.ss_size;
    size_t pages = (end - begin + PAGE_BYTES - 1) / PAGE_BYTES;
    assert(pages > 1 && pages <= PAGES);
    int failed = mincore((void *)begin, end - begin, there);
    assert(!failed);
    for (size_t page = 0; page < pages; page++)
        if (!(there[page] & 1))
            return false;
    return true;
}

int main(void)
{
    if (warm_begin("1.32.0.0..") != 0) {
        tap_ok(true, "the kernel cannot catch calls here # SKIP");
        return tap_done();
    }
    bool present = stack_is_present();
    bool zero = true;
    bool all = true;
    char *memory = NULL;
    for (int i = 0; i < 8; i++) { /* the pool has 96 pages: each comes again and again */
        memory = map_and_write(&zero);
        all = all && zero;
        munmap(memory, PAGES * PAGE_BYTES);
    }
    memory = map_and_write(&zero);
    warm_end();
    tap_ok(present, "the stack on which calls are answered is there before the first of them");
    tap_ok(all && zero, "pages that come from the pool a second time are zero");
    tap_ok(warm_report().short_bytes == 0 && warm_report().calls == 17, "all of them came from the pool");
    madvise(memory, PAGES * PAGE_BYTES, MADV_DONTNEED);
    tap_ok(is_zero(memory), "and pages that are emptied are zero");
    return tap_done();
}
