/* SPDX-License-Identifier: MIT */
/* The memory that is mapped before the workload starts, as /proc/self/maps lists it. Far memory is left out. */
#ifndef HARNESS_RUNNER_MEMORY_REGIONS_H
#define HARNESS_RUNNER_MEMORY_REGIONS_H

#include <stdbool.h>
#include <stdint.h>

enum { MEMORY_REGIONS = 1024 };

enum memory_region_kind {
    MEMORY_REGION_PLAIN, /* private, writable and without a file: heaps, anonymous mappings */
    MEMORY_REGION_FILE,  /* of a file, readable: code and its data */
    MEMORY_REGION_STACK, /* the main thread's C stack */
};

struct memory_region {
    uint64_t address; /* of the first page, in bytes */
    uint64_t bytes;
    enum memory_region_kind kind;
    bool writable;
};

struct memory_regions {
    struct memory_region
        regions[MEMORY_REGIONS]; /* in the order of their addresses; other kinds are left out */
    uint64_t count;
};

/* Reads the list. False when the system does not say it, or there are too many. Allocates nothing. */
bool memory_regions_read(struct memory_regions *ret_regions);

#endif
