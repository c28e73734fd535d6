/* SPDX-License-Identifier: MIT */
#include "harness/runner/resources.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

/* Reads all of a small file under /proc, and ends it with a NUL. */
static void proc_read(int file, char *text, size_t size)
{
    ssize_t length = pread(file, text, size - 1, 0);
    text[length > 0 ? length : 0] = '\0';
}

uint64_t resources_rss_bytes(void)
{
    static int file = -1;
    static uint64_t page;
    char text[128];
    char *end;
    if (file < 0) {
        file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
        page = (uint64_t)sysconf(_SC_PAGESIZE);
    }
    proc_read(file, text, sizeof text);
    strtoull(text, &end, 10); /* the first field is the address space */
    return strtoull(end, NULL, 10) * page;
}

uint64_t resources_peak_rss_bytes(void)
{
    char text[4096];
    int file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    proc_read(file, text, sizeof text);
    if (file >= 0)
        close(file);
    const char *line = strstr(text, "VmHWM:");
    return line ? strtoull(line + strlen("VmHWM:"), NULL, 10) * 1024 : 0;
}

/* Reads a file under /proc, which gives a page at a time, into zeroed memory; the last byte stays a NUL. */
static void proc_read_all(int file, char *text, size_t size)
{
    size_t length = 0;
    for (ssize_t got; (got = read(file, text + length, size - 1 - length)) > 0;)
        length += (size_t)got;
}

uint64_t resources_stack_bytes(void)
{
    enum { SMAPS_BYTES = 64 << 20 }; /* of 65,530 mappings, which is as many as Linux allows */
    char *text = resources_map(SMAPS_BYTES);
    int file = open("/proc/self/smaps", O_RDONLY | O_CLOEXEC);
    const char *at = NULL;
    if (text && file >= 0) {
        proc_read_all(file, text, SMAPS_BYTES);
        at = strstr(text, " [stack]\n");
        at = at ? strstr(at, "\nRss:") : NULL;
    }
    uint64_t bytes = at ? strtoull(at + strlen("\nRss:"), NULL, 10) * 1024 : 0;
    if (file >= 0)
        close(file);
    if (text)
        munmap(text, SMAPS_BYTES);
    return bytes;
}

int64_t resources_private_dirty_bytes(void)
{
    char text[4096];
    int file = open("/proc/self/smaps_rollup", O_RDONLY | O_CLOEXEC);
    proc_read(file, text, sizeof text);
    if (file >= 0)
        close(file);
    const char *line = strstr(text, "Private_Dirty:");
    return line ? (int64_t)strtoull(line + strlen("Private_Dirty:"), NULL, 10) * 1024 : -1;
}

static uint64_t timeval_ns(struct timeval time)
{
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_usec * 1000u;
}

struct resources_usage resources_usage_now(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (struct resources_usage){
        .user_ns = timeval_ns(usage.ru_utime),
        .sys_ns = timeval_ns(usage.ru_stime),
        .minor_faults = (uint64_t)usage.ru_minflt,
        .major_faults = (uint64_t)usage.ru_majflt,
        .voluntary_switches = (uint64_t)usage.ru_nvcsw,
        .involuntary_switches = (uint64_t)usage.ru_nivcsw,
    };
}

static void *map(uint64_t bytes, int flags)
{
    void *memory =
        mmap(NULL, bytes ? bytes : 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void *resources_map_touched(uint64_t bytes)
{
    return map(bytes, MAP_POPULATE);
}

void *resources_map(uint64_t bytes)
{
    return map(bytes, MAP_NORESERVE);
}
