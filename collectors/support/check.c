/* SPDX-License-Identifier: MIT */
#include "collectors/support/check.h"

#include <stdio.h>

#include "collectors/collector-api.h"

void check_failed(const struct gc_object *object, const char *what)
{
    fprintf(stderr, "%s: heap check failed: %s", gc_collector.name, what);
    if (object)
        fprintf(stderr, " (object %p, bits %08x, count %u)", (const void *)object, object->bits,
                object->count);
    fputc('\n', stderr);
    __builtin_trap();
}
