/* SPDX-License-Identifier: MIT */
#include "harness/runner/warm.h"

#include <alloca.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/pages.h"
#include "collectors/mutator.h"
#include "harness/runner/far-memory.h"
#include "harness/runner/memory-regions.h"
#include "harness/runner/page-ledger.h"
#include "harness/runner/warm-plan.h"

enum { HUGE_PAGES = HUGE_PAGE_BYTES / PAGE_BYTES, TRIALS = 64 };

/* Pages that wait at home, `unit` pages each: one, or the pages of a huge page. */
struct pool {
    uint64_t begin; /* address, in pages */
    uint64_t count;
    uint64_t unit;
    uint8_t *states;         /* of each unit */
    uint64_t lowest;         /* no unit below it is free */
    struct page_ledger lent; /* where those are that are not at home; a home counts pages from `begin` */
};
enum { FREE = 0, FREE_USED = 1, LENT = 2 }; /* FREE_USED has contents */

static struct {
    bool running;
    struct warm_plan plan;
    struct memory_regions regions;
    struct pool small;
    struct pool huge;
    uint64_t came;  /* pages so far: the place in the plan's sequence */
    uint64_t asked; /* huge pages so far */
    uint64_t hole;  /* cursors into the plan's runs */
    uint64_t spoilt;
    uint64_t call_ns; /* what it takes to catch a call */
    struct warm_report report;
} warm;

static void *place_of(uint64_t page)
{
    return (void *)(page * PAGE_BYTES);
}

/*
 * Moves pages with their contents. The range they leave stays mapped, and empty. Where it is made of several
 * mappings, older kernels move them one at a time: then it is halved. O(pages) at worst.
 */
static bool pages_move(uint64_t from, uint64_t to, uint64_t count)
{
    const uint64_t flags = MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP;
    const uint64_t bytes = count * PAGE_BYTES;
    long result = memory_trap_pass(SYS_mremap, from * PAGE_BYTES, bytes, bytes, flags, to * PAGE_BYTES, 0);
    if (result >= 0 || count == 1)
        return result >= 0;
    bool first = pages_move(from, to, count / 2);
    bool second = pages_move(from + count / 2, to + count / 2, count - count / 2);
    return first && second;
}

static bool any_present(uint64_t address, uint64_t count)
{
    unsigned char there[HUGE_PAGES];
    for (uint64_t done = 0, some; done < count; done += some) {
        some = count - done < HUGE_PAGES ? count - done : HUGE_PAGES;
        if (mincore(place_of(address + done), some * PAGE_BYTES, there) != 0)
            return true;
        if (memchr(there, 1, some))
            return true;
    }
    return false;
}

/* ---- the pools ---- */

static bool pool_open(struct pool *pool, uint64_t count, uint64_t unit)
{
    char *memory = far_memory_map(count * unit * PAGE_BYTES);
    pool->states = far_memory_map(count + 1);
    if (!memory || !pool->states || !page_ledger_open(&pool->lent))
        return false;
    if (unit == HUGE_PAGES)
        huge_pages_ask(memory, count * unit * PAGE_BYTES);
    for (uint64_t page = 0; page < count * unit; page++)
        *(volatile char *)(memory + page * PAGE_BYTES) = 0;
    memset(pool->states, FREE, count + 1);
    memset(pool->lent.pieces, 0, PAGE_LEDGER_PIECES * sizeof *pool->lent.pieces);
    pool->begin = (uintptr_t)memory / PAGE_BYTES;
    pool->count = count;
    pool->unit = unit;
    return true;
}

/* Takes up to `wanted` free units that lie together. Returns how many, and the first of them. */
static uint64_t pool_take(struct pool *pool, uint64_t wanted, uint64_t *ret_first)
{
    uint64_t first = pool->lowest;
    while (first < pool->count && pool->states[first] == LENT)
        first++;
    uint64_t end = first;
    for (; end < pool->count && end - first < wanted && pool->states[end] != LENT; end++) {
        if (pool->states[end] == FREE_USED)
            memset(place_of(pool->begin + end * pool->unit), 0, pool->unit * PAGE_BYTES);
        pool->states[end] = LENT;
    }
    pool->lowest = end;
    *ret_first = first;
    return end - first;
}

/* Lends pages to a range that is mapped and empty, as far as there are any. */
static void pool_lend(struct pool *pool, uint64_t address, uint64_t units)
{
    while (units > 0) {
        uint64_t first;
        uint64_t taken = pool_take(pool, units, &first);
        struct page_piece piece = {address, first * pool->unit, taken * pool->unit};
        if (taken == 0 || !pages_move(pool->begin + piece.home, address, piece.count) ||
            !page_ledger_add(&pool->lent, piece)) {
            warm.report.short_bytes += units * pool->unit * PAGE_BYTES;
            return;
        }
        address += piece.count;
        units -= taken;
    }
}

/* Takes a part home that was lent. A huge page that comes in parts is none any more, and stays lent. */
static void part_home(struct pool *pool, struct page_piece part)
{
    uint64_t skipped = (pool->unit - part.home % pool->unit) % pool->unit;
    if (skipped >= part.count)
        return;
    uint64_t first = (part.home + skipped) / pool->unit;
    uint64_t units = (part.count - skipped) / pool->unit;
    if (units == 0 ||
        !pages_move(part.address + skipped, pool->begin + first * pool->unit, units * pool->unit))
        return;
    memset(pool->states + first, FREE_USED, units);
    if (first < pool->lowest)
        pool->lowest = first;
}

static void pool_reclaim(struct pool *pool, uint64_t address, uint64_t count)
{
    struct page_piece part;
    while (page_ledger_take(&pool->lent, address, count, &part))
        part_home(pool, part);
}

/* ---- what the calls do ---- */

static void on_came(uint64_t address, uint64_t count)
{
    for (uint64_t i = 0, begin; warm.running && i < count;) {
        while (i < count && warm_runs_hold(&warm.plan.holes, warm.came + i, &warm.hole))
            i++;
        for (begin = i; i < count && !warm_runs_hold(&warm.plan.holes, warm.came + i, &warm.hole);)
            i++;
        if (i > begin)
            pool_lend(&warm.small, address + begin, i - begin);
    }
    warm.came += count;
}

static void on_go(uint64_t address, uint64_t count)
{
    pool_reclaim(&warm.small, address, count);
    pool_reclaim(&warm.huge, address, count);
}

static void on_forget(uint64_t address, uint64_t count)
{
    struct page_piece part;
    while (page_ledger_take(&warm.small.lent, address, count, &part) ||
           page_ledger_take(&warm.huge.lent, address, count, &part))
        continue;
}

/* Whether a page is of memory that has no file, as far as is known. */
static bool is_plain(uint64_t page)
{
    struct page_piece part;
    if (page_ledger_find(&warm.small.lent, page, 1, &part) ||
        page_ledger_find(&warm.huge.lent, page, 1, &part))
        return true;
    for (uint64_t i = 0; i < warm.regions.count; i++) {
        const struct memory_region *region = &warm.regions.regions[i];
        if (region->kind == MEMORY_REGION_PLAIN && page * PAGE_BYTES - region->address < region->bytes)
            return true;
    }
    return false;
}

static bool on_empty(uint64_t address, uint64_t count)
{
    unsigned char there = 0;
    for (uint64_t page = address; page < address + count; page++) {
        if (mincore(place_of(page), PAGE_BYTES, &there) != 0 || !(there & 1))
            continue;
        if (is_plain(page))
            memset(place_of(page), 0, PAGE_BYTES);
        else
            memory_trap_pass(SYS_madvise, page * PAGE_BYTES, PAGE_BYTES, MADV_DONTNEED, 0, 0, 0);
    }
    return true;
}

static void on_huge(uint64_t address, uint64_t count)
{
    uint64_t first = (address + HUGE_PAGES - 1) / HUGE_PAGES * HUGE_PAGES;
    for (uint64_t at = first; warm.running && at + HUGE_PAGES <= address + count; at += HUGE_PAGES) {
        if (!warm_runs_hold(&warm.plan.spoilt, warm.asked, &warm.spoilt) && !any_present(at, HUGE_PAGES))
            pool_lend(&warm.huge, at, 1);
        warm.asked++;
    }
}

/* Moves what was lent in a range, and notes its new place. Huge pages that come to lie at no multiple of their
 * size are split by the kernel, and stay lent for good. */
static void lent_move(struct pool *pool, uint64_t from, uint64_t to, uint64_t count)
{
    struct page_piece part;
    for (uint64_t at = from; page_ledger_find(&pool->lent, at, from + count - at, &part);) {
        at = part.address + part.count;
        page_ledger_take(&pool->lent, part.address, part.count, &part);
        part.address = part.address - from + to;
        pages_move(part.address - to + from, part.address, part.count);
        if ((from - to) % pool->unit == 0)
            page_ledger_add(&pool->lent, part);
    }
}

/*
 * Where the stretch that begins at `at` ends: of lent pages, or of others up to the next that are lent.
 */
static uint64_t stretch_end(uint64_t at, uint64_t end, bool *ret_lent)
{
    const struct page_ledger *ledgers[] = {&warm.small.lent, &warm.huge.lent};
    *ret_lent = false;
    for (int i = 0; i < 2; i++) {
        struct page_piece part;
        if (!page_ledger_find(ledgers[i], at, end - at, &part))
            continue;
        *ret_lent |= part.address == at;
        end = part.address == at ? part.address + part.count : part.address;
    }
    return end;
}

static void on_move(uint64_t from, uint64_t to, uint64_t count)
{
    bool lent;
    for (uint64_t at = from, end; at < from + count; at = end) {
        end = stretch_end(at, from + count, &lent);
        if (!lent && any_present(at, end - at))
            pages_move(at, at - from + to, end - at);
    }
    lent_move(&warm.small, from, to, count);
    lent_move(&warm.huge, from, to, count);
}

static const struct memory_observer moving = {.came = on_came,
                                              .go = on_go,
                                              .empty = on_empty,
                                              .huge = on_huge,
                                              .move = on_move,
                                              .forget = on_forget,
                                              .moves = true};

/* ---- before the clock ---- */

/* A page of the executable may begin between two variables, where a sanitizer knows of nothing to be read. */
__attribute__((no_sanitize_address)) static void touch(uint64_t address, uint64_t bytes, bool writable)
{
    for (uint64_t at = 0; at < bytes; at += PAGE_BYTES) {
        volatile char *byte = (volatile char *)(address + at);
        char value = *byte;
        if (writable)
            *byte = value;
    }
}

/* Touches what the rehearsal saw touched in the plain region `number`. A region of another size is none of its. */
static void touch_plain(const struct memory_region *region, uint64_t number)
{
    for (uint64_t i = 0; i < warm.plan.region_count; i++) {
        const struct warm_region *planned = &warm.plan.regions[i];
        if (planned->number != number || planned->pages * PAGE_BYTES != region->bytes)
            continue;
        for (uint64_t run = 0; run < planned->touched.count; run++) {
            const struct warm_run *touched = &planned->touched.runs[run];
            if (touched->begin + touched->length > planned->pages)
                return;
            touch(region->address + touched->begin * PAGE_BYTES, touched->length * PAGE_BYTES, true);
            warm.report.warmed_bytes += touched->length * PAGE_BYTES;
        }
    }
}

static __attribute__((noinline)) void touch_stack(const struct memory_region *stack)
{
    uint64_t here = (uintptr_t)__builtin_frame_address(0);
    uint64_t used = stack->address + stack->bytes - here;
    if (warm.plan.stack_bytes <= used)
        return;
    uint64_t bytes = warm.plan.stack_bytes - used + PAGE_BYTES;
    volatile char *memory = alloca(bytes);
    for (uint64_t i = bytes; i > 0; i -= i < PAGE_BYTES ? i : PAGE_BYTES)
        memory[i - 1] = 0;
    warm.report.warmed_bytes += bytes;
}

static void touch_regions(void)
{
    uint64_t number = 0;
    for (uint64_t i = 0; i < warm.regions.count; i++) {
        const struct memory_region *region = &warm.regions.regions[i];
        if (region->kind == MEMORY_REGION_PLAIN)
            touch_plain(region, number++);
        else if (region->kind == MEMORY_REGION_STACK)
            touch_stack(region);
        else
            touch(region->address, region->bytes, region->writable);
    }
}

/* What it takes to catch a call and to pass it on, beside the time that the answer takes. */
static void measure_call(void)
{
    uint64_t answered = memory_calls_cost().ns;
    uint64_t begin = gc_clock();
    for (int i = 0; i < TRIALS; i++)
        syscall(SYS_brk, 0);
    uint64_t all = gc_clock() - begin;
    answered = memory_calls_cost().ns - answered;
    warm.call_ns = all > answered ? (all - answered) / TRIALS : 0;
}

int warm_begin(const char *plan)
{
    if (!warm_plan_open(&warm.plan))
        return -1;
    if (!warm_plan_parse(plan, &warm.plan))
        return 1;
    if (!memory_regions_read(&warm.regions)) {
        errno = ENOENT;
        return -1;
    }
    /* A few more than were needed: some allocators look at the clock. */
    uint64_t small = warm.plan.small_pages + warm.plan.small_pages / 64 + 64;
    if (!pool_open(&warm.small, small, 1) || !pool_open(&warm.huge, warm.plan.huge_pages, HUGE_PAGES) ||
        memory_calls_observe(&moving) != 0)
        return -1;
    warm.report.warmed_bytes = (small + warm.plan.huge_pages * HUGE_PAGES) * PAGE_BYTES;
    touch_regions();
    measure_call();
    memory_calls_reset();
    warm.running = true;
    return 0;
}

void warm_end(void)
{
    struct memory_calls_cost cost = memory_calls_cost();
    warm.running = false;
    warm.report.calls = cost.calls;
    warm.report.calls_ns = cost.ns + cost.calls * warm.call_ns;
    warm.report.addresses = cost.addresses;
}

struct warm_report warm_report(void)
{
    return warm.report;
}
