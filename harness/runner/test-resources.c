/* SPDX-License-Identifier: MIT */
#include <alloca.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/runner/resources.h"
#include "tests/tap.h"

enum { STEP = 4096 };

/* Goes down the stack by `bytes` and a little, and touches all of it. */
static __attribute__((noinline)) uint64_t stack_touch(uint64_t bytes)
{
    volatile char *memory = alloca(bytes);
    uint64_t sum = 0;
    for (uint64_t i = bytes; i > 0; i -= STEP)
        sum += (uint64_t)(memory[i - 1] = 1);
    return sum;
}

/* As far, in calls of some hundred bytes each. */
static __attribute__((noinline)) uintptr_t stack_recurse(uintptr_t end)
{
    volatile char local[256];
    local[0] = 1;
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    return here > end ? stack_recurse(end) + (uintptr_t)local[0] : here;
}

/* What the stack has more of than `before`, and what it should have: both ends of it lie somewhere in a page,
 * and the calls themselves take a part of one. */
static void rose(uint64_t before, uint64_t expected, const char *sentence)
{
    int64_t page = sysconf(_SC_PAGESIZE);
    int64_t found = (int64_t)(resources_stack_bytes() - before);
    if (!tap_ok(found >= (int64_t)expected - 2 * page && found <= (int64_t)expected + 2 * page, "%s",
                sentence))
        tap_note("by %lld bytes, not %llu", (long long)found, (unsigned long long)expected);
}

/* A forked process shares what it only reads. What it writes is its own. */
static void test_private_dirty(void)
{
    enum { SHARED = 1024 * STEP };
    if (access("/proc/self/smaps_rollup", R_OK) != 0) {
        tap_equal(resources_private_dirty_bytes(), -1, "where the system does not say it, it is not known");
        return;
    }
    volatile char *memory = mmap(NULL, SHARED, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    madvise((void *)memory, SHARED, MADV_NOHUGEPAGE);
    for (int i = 0; i < SHARED; i += STEP)
        memory[i] = 1;
    int status = -1, sum = 0;
    pid_t child = fork();
    if (child == 0) {
        int64_t begun = resources_private_dirty_bytes();
        for (int i = 0; i < SHARED; i += STEP)
            sum += memory[i];
        int64_t read = resources_private_dirty_bytes();
        for (int i = 0; i < SHARED / 2; i += STEP)
            memory[i] = 2;
        int64_t wrote = resources_private_dirty_bytes() - read;
        bool right = begun >= 0 && read - begun < SHARED / 8 && wrote >= SHARED / 2 && wrote < SHARED * 5 / 8;
        _exit(right && sum == SHARED / STEP ? 0 : 1);
    }
    waitpid(child, &status, 0);
    tap_ok(child > 0 && status == 0, "a forked process has unshared what it wrote, and not what it read");
    munmap((void *)memory, SHARED);
}

int main(void)
{
    test_private_dirty();
    if (access("/proc/self/smaps", R_OK) != 0) {
        tap_equal((int64_t)resources_stack_bytes(), 0, "where the system does not say it, the stack is 0");
        return tap_done();
    }
    uint64_t start = resources_stack_bytes();
    tap_ok(start > 0 && start < 1 << 20 && start % 1024 == 0,
           "a process that has done little has little stack");
    stack_touch(256 * STEP);
    uint64_t before = resources_stack_bytes();
    tap_ok(before - start >= 250 * STEP, "what a call has touched is in it when the call is over");
    rose(before, 0, "it does not rise of itself");
    stack_touch(128 * STEP);
    rose(before, 0, "nor by a call less deep");
    stack_touch(512 * STEP);
    rose(before, 256 * STEP, "a deeper call adds what it is deeper by, to two pages");
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    stack_recurse(here - 1024 * STEP);
    rose(before, 768 * STEP, "and so does a recursion");
    return tap_done();
}
