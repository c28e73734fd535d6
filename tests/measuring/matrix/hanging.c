/* SPDX-License-Identifier: MIT */
/* A shared object that never comes to its end while it is loaded, for the tests of allocators by path. */
#include <unistd.h>

__attribute__((constructor)) static void hang(void)
{
    for (;;)
        pause();
}
