/* SPDX-License-Identifier: MIT */
#include "collectors/gc.h"
#include "tests/tap.h"

/* Whether the heap's table of boundaries has this number of bytes. */
static bool is_listed(uint64_t bytes)
{
    for (const struct gc_boundary *entry = block_heap_boundaries; entry->name; entry++) {
        bool in_run = entry->step && bytes > entry->value && bytes <= entry->last &&
                      (bytes - entry->value) % entry->step == 0;
        if (entry->kind == GC_BOUNDARY_BYTES && (bytes == entry->value || in_run))
            return true;
    }
    return false;
}

static void test_boundaries(void)
{
    bool all = true, only = true, least = true;
    for (uint64_t bytes = BLOCK_REGION_MIN; bytes < BLOCK_REGION_MAX; bytes++) {
        bool ends = block_class(bytes, false) != block_class(bytes + 1, false);
        all &= !ends || is_listed(bytes);
        only &= ends || !is_listed(bytes);
        least &= block_class_bytes(block_class(bytes, false)) >= bytes;
        if (ends != is_listed(bytes))
            tap_note("%" PRIu64 " bytes", bytes);
    }
    tap_ok(all && is_listed(BLOCK_REGION_MAX),
           "each size at which a class ends is in the table of boundaries");
    tap_ok(only, "and no other size is, up to the largest class");
    tap_ok(least, "a class has room for each size that it is for");
}

static void test_length(void)
{
    bool same = true;
    for (uint64_t bytes = sizeof(struct gc_object); bytes <= BLOCK_REGION_MAX; bytes++)
        same &= block_class(bytes, true) == block_class(bytes, false) + BLOCK_SIZES;
    tap_ok(same, "an object with a length word has a class of the same size, of the other kind");
}

int main(void)
{
    test_boundaries();
    test_length();
    return tap_done();
}
