/* SPDX-License-Identifier: MIT */
#include "base/memory.h"

#include <stdlib.h>

#include "base/message.h"

void memory_exhausted(void)
{
    exit(message_storage("out of memory"));
}

void *memory_need(void *memory)
{
    if (!memory)
        memory_exhausted();
    return memory;
}

void *memory_new(size_t count, size_t size)
{
    return memory_need(calloc(count ? count : 1, size ? size : 1));
}

void *memory_grow(void *memory, size_t count, size_t size)
{
    return memory_need(reallocarray(memory, count ? count : 1, size ? size : 1));
}

FILE *memory_stream(char **ret_text, size_t *ret_size)
{
    return memory_need(open_memstream(ret_text, ret_size));
}

void memory_stream_close(FILE *stream)
{
    if (fclose(stream) != 0)
        memory_exhausted();
}
