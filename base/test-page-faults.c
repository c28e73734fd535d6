/* SPDX-License-Identifier: MIT */
/* The pages of memory that is about to be used, also where the system's headers do not know the call yet. */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#undef MADV_POPULATE_WRITE
#include "base/pages.h"
#include "tests/tap.h"

enum { BYTES = 1 << 16, LEAST_PAGE = 4096 };

/* How many pages of `memory` are resident. */
static int64_t pages_present(void *memory)
{
    unsigned char present[BYTES / LEAST_PAGE];
    int64_t count = 0;
    if (mincore(memory, BYTES, present) != 0)
        return -1;
    for (long i = 0; i < BYTES / sysconf(_SC_PAGESIZE); i++)
        count += present[i] & 1;
    return count;
}

int main(void)
{
    unsigned char *memory = mmap(NULL, 3 * BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        puts("Bail out! no memory");
        return 1;
    }
    madvise(memory, 3 * BYTES, MADV_NOHUGEPAGE); /* the neighbour's pages are not to come with a huge one */
    memory[0] = 1;
    pages_fault_in(memory, BYTES);
    tap_equal(memory[0], 1, "what the memory holds stays");
    if (madvise(memory + 2 * BYTES, BYTES, MADV_POPULATE_WRITE) != 0 && errno == EINVAL)
        tap_skip("all pages are there", "this kernel does not know the call, which Linux has since 5.14");
    else
        tap_equal(pages_present(memory), BYTES / sysconf(_SC_PAGESIZE), "all pages are there");
    tap_equal(pages_present(memory + BYTES), 0, "and none behind them");
    return tap_done();
}
