/* SPDX-License-Identifier: MIT */
#include "harness/runner/memory-calls.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>

#include "base/pages.h"

static const struct memory_observer *observer;
static uint64_t break_now; /* the end of the heap of brk() */
static struct memory_calls_cost cost;

static uint64_t page_up(uint64_t address)
{
    return (address + PAGE_BYTES - 1) / PAGE_BYTES;
}

static long pass(const struct memory_trap_call *call)
{
    const uint64_t *a = call->arguments;
    return memory_trap_pass(call->number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* ---- a call of each sort ---- */

/*
 * A mapping that asks for its pages at once has them from an observer that moves pages, as far as it has any;
 * the kernel then adds the others.
 */
static long answer_mmap(const struct memory_trap_call *call)
{
    const uint64_t flags = call->arguments[3];
    const uint64_t odd = MAP_LOCKED | MAP_GROWSDOWN | MAP_HUGETLB;
    bool plain = (flags & MAP_ANONYMOUS) && (flags & MAP_TYPE) == MAP_PRIVATE && !(flags & odd) &&
                 call->arguments[2] == (PROT_READ | PROT_WRITE);
    uint64_t pages = page_up(call->arguments[1]);
    struct memory_trap_call made = *call;
    if ((flags & MAP_FIXED) && !(flags & MAP_FIXED_NOREPLACE))
        observer->go(call->arguments[0] / PAGE_BYTES, pages);
    bool lends = plain && observer->moves && (flags & MAP_POPULATE);
    if (lends)
        made.arguments[3] &= ~(uint64_t)MAP_POPULATE;
    long result = pass(&made);
    if (result >= 0 && plain)
        observer->came((uint64_t)result / PAGE_BYTES, pages);
    if (result >= 0 && lends)
        memory_trap_pass(SYS_madvise, (uint64_t)result, pages * PAGE_BYTES, MADV_POPULATE_WRITE, 0, 0, 0);
    return result;
}

static long answer_munmap(const struct memory_trap_call *call)
{
    observer->go(call->arguments[0] / PAGE_BYTES, page_up(call->arguments[1]));
    return pass(call);
}

static long answer_brk(const struct memory_trap_call *call)
{
    uint64_t wanted = call->arguments[0];
    uint64_t before = page_up(break_now);
    if (wanted && page_up(wanted) < before)
        observer->go(page_up(wanted), before - page_up(wanted));
    long result = pass(call);
    break_now = (uint64_t)result;
    if (page_up(break_now) > before)
        observer->came(before, page_up(break_now) - before);
    return result;
}

/*
 * The call for an observer that moves pages itself: the range may be made of several mappings there, which the
 * call would refuse. The address is where the call would have put it: in place when the pages behind are free,
 * and otherwise where the kernel puts a new mapping of that size.
 */
static long resize_by_hand(const struct memory_trap_call *call)
{
    uint64_t from = call->arguments[0];
    uint64_t pages = page_up(call->arguments[1]);
    uint64_t wanted = page_up(call->arguments[2]);
    const uint64_t flags = MAP_PRIVATE | MAP_ANONYMOUS;
    const uint64_t protection = PROT_READ | PROT_WRITE;
    if (wanted <= pages) {
        uint64_t end = from + wanted * PAGE_BYTES;
        if (wanted == pages)
            return (long)from;
        observer->go(end / PAGE_BYTES, pages - wanted);
        long failed = memory_trap_pass(SYS_munmap, end, (pages - wanted) * PAGE_BYTES, 0, 0, 0, 0);
        return failed ? failed : (long)from;
    }
    long grown = memory_trap_pass(SYS_mmap, from + pages * PAGE_BYTES, (wanted - pages) * PAGE_BYTES,
                                  protection, flags | MAP_FIXED_NOREPLACE, (uint64_t)-1, 0);
    if (grown >= 0) {
        observer->came(from / PAGE_BYTES + pages, wanted - pages);
        return (long)from;
    }
    if (!(call->arguments[3] & MREMAP_MAYMOVE))
        return -ENOMEM;
    long to = memory_trap_pass(SYS_mmap, 0, wanted * PAGE_BYTES, protection, flags, (uint64_t)-1, 0);
    if (to < 0)
        return to;
    observer->move(from / PAGE_BYTES, (uint64_t)to / PAGE_BYTES, pages);
    memory_trap_pass(SYS_munmap, from, pages * PAGE_BYTES, 0, 0, 0, 0);
    observer->came((uint64_t)to / PAGE_BYTES + pages, wanted - pages);
    return to;
}

static long resize_by_kernel(const struct memory_trap_call *call)
{
    uint64_t from = call->arguments[0] / PAGE_BYTES;
    uint64_t pages = page_up(call->arguments[1]);
    uint64_t wanted = page_up(call->arguments[2]);
    if (wanted < pages)
        observer->go(from + wanted, pages - wanted);
    long result = pass(call);
    uint64_t to = (uint64_t)result / PAGE_BYTES;
    if (result < 0)
        return result;
    if (to != from)
        observer->move(from, to, wanted < pages ? wanted : pages);
    if (wanted > pages)
        observer->came(to + pages, wanted - pages);
    return result;
}

static long answer_mremap(const struct memory_trap_call *call)
{
    if (call->arguments[3] & ~(uint64_t)MREMAP_MAYMOVE || call->arguments[1] == 0) {
        observer->forget(call->arguments[0] / PAGE_BYTES, page_up(call->arguments[1]));
        return pass(call);
    }
    return observer->moves ? resize_by_hand(call) : resize_by_kernel(call);
}

static long answer_madvise(const struct memory_trap_call *call)
{
    uint64_t address = call->arguments[0] / PAGE_BYTES;
    uint64_t pages = page_up(call->arguments[1]);
    if (call->arguments[2] == MADV_DONTNEED && observer->empty(address, pages))
        return 0;
    if (call->arguments[2] == MADV_HUGEPAGE)
        observer->huge(address, pages);
    return pass(call);
}

static long answer_mprotect(const struct memory_trap_call *call)
{
    if (call->arguments[2] != (PROT_READ | PROT_WRITE))
        observer->forget(call->arguments[0] / PAGE_BYTES, page_up(call->arguments[1]));
    return pass(call);
}

static long answer_one(const struct memory_trap_call *call)
{
    switch (call->number) {
    case SYS_mmap:
        return answer_mmap(call);
    case SYS_munmap:
        return answer_munmap(call);
    case SYS_brk:
        return answer_brk(call);
    case SYS_mremap:
        return answer_mremap(call);
    case SYS_madvise:
        return answer_madvise(call);
    case SYS_mprotect:
        return answer_mprotect(call);
    default:
        return pass(call);
    }
}

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_RAW, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static long answer(const struct memory_trap_call *call)
{
    uint64_t begin = now_ns();
    long result = answer_one(call);
    cost.calls++;
    if (call->number == SYS_mmap || call->number == SYS_brk || call->number == SYS_mremap)
        cost.addresses = (cost.addresses ^ (uint64_t)result) * UINT64_C(1099511628211); /* FNV-1a, by words */
    cost.ns += now_ns() - begin;
    return result;
}

int memory_calls_observe(const struct memory_observer *watching)
{
    observer = watching;
    break_now = (uint64_t)memory_trap_pass(SYS_brk, 0, 0, 0, 0, 0, 0);
    return memory_trap_install(answer);
}

struct memory_calls_cost memory_calls_cost(void)
{
    return cost;
}

void memory_calls_reset(void)
{
    cost = (struct memory_calls_cost){0};
}
