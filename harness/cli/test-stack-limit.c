/* SPDX-License-Identifier: MIT */
/* Tests that the stack is found large enough whatever it held before. */
#include <string.h>

#include "harness/cli/stack-limit.h"
#include "tests/tap.h"

/* Leaves `byte` all over the stack below the caller's frame. */
static __attribute__((noinline)) void stack_fill(int byte)
{
    char frame[300 << 10];
    memset(frame, byte, sizeof(frame));
    __asm__ volatile("" : : "r"(frame) : "memory");
}

int main(void)
{
    for (int byte = 0; byte < 256; byte += 85) {
        stack_fill(byte);
        int status = stack_limit_check();
        tap_ok(status == 0, "a stack of bytes %d is large enough: status %d", byte, status);
    }
    return tap_done();
}
