/* SPDX-License-Identifier: MIT */
#include "harness/runner/memory-regions.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/runner/far-memory.h"

enum { MAPS_BYTES = 1 << 18 };

/* Reads a line "from-to rwxp offset device inode   path". False when the region is of no kind here. */
static bool region_read(const char *line, struct memory_region *ret_region)
{
    char *at;
    uint64_t begin = strtoull(line, &at, 16);
    uint64_t end = strtoull(at + 1, &at, 16);
    const char *rights = at + 1;
    strtoull(rights + 5, &at, 16);          /* offset */
    at += strcspn(at + 1, " ") + 1;         /* device */
    bool file = strtoull(at, &at, 10) != 0; /* inode */
    const char *name = at + strspn(at, " ");
    bool stack = strncmp(name, "[stack]", 7) == 0;
    bool plain =
        !file && (*name == '\n' || strncmp(name, "[heap]", 6) == 0 || strncmp(name, "[anon", 5) == 0);
    *ret_region = (struct memory_region){
        .address = begin,
        .bytes = end - begin,
        .kind = stack  ? MEMORY_REGION_STACK
                : file ? MEMORY_REGION_FILE
                       : MEMORY_REGION_PLAIN,
        .writable = rights[1] == 'w',
    };
    return rights[0] == 'r' && rights[3] == 'p' && !far_memory_has(begin) &&
           (stack || file || (plain && rights[1] == 'w'));
}

bool memory_regions_read(struct memory_regions *ret_regions)
{
    static char text[MAPS_BYTES];
    int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    size_t length = 0;
    ret_regions->count = 0;
    for (ssize_t got = 1; file >= 0 && got > 0 && length<sizeof text - 1; length += got> 0 ? (size_t)got : 0)
        got = read(file, text + length, sizeof text - 1 - length);
    if (file >= 0)
        close(file);
    text[length] = '\0';
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
        if (ret_regions->count == MEMORY_REGIONS || !strchr(line, '\n'))
            return false;
        ret_regions->count += region_read(line, &ret_regions->regions[ret_regions->count]);
    }
    return length > 0;
}
