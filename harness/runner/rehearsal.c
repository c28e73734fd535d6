/* SPDX-License-Identifier: MIT */
#include "harness/runner/rehearsal.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>

#include "base/pages.h"
#include "harness/runner/far-memory.h"
#include "harness/runner/memory-calls.h"
#include "harness/runner/memory-regions.h"
#include "harness/runner/page-ledger.h"
#include "harness/runner/warm-plan.h"

enum { HUGE_PAGES = HUGE_PAGE_BYTES / PAGE_BYTES };

/* What is known of a page, as bits. */
enum { TOUCHED = 1, IN_HUGE = 2, HOLE = 4 };

static const uint64_t SEQUENCE_PAGES = UINT64_C(1) << 30;
static const uint64_t LOG_ENTRIES = UINT64_C(1) << 24;

/* Pages came (count > 0) or went. */
struct log_entry {
    uint64_t first; /* in the sequence */
    int64_t count;
};

static struct {
    bool running;
    bool overfull;
    struct memory_regions regions;
    uint8_t *region_pages[MEMORY_REGIONS]; /* bits of each page, of plain regions */
    struct page_ledger small;              /* the home of a page is its place in the sequence */
    uint8_t *sequence;                     /* bits of each page that came, in the order in which they came */
    uint64_t sequence_count;
    struct log_entry *log;
    uint64_t log_count;
    struct page_ledger huge; /* the huge pages that were asked for and found free; the home says nothing */
    uint64_t huge_asked;
    uint64_t huge_now;
    uint64_t addresses;
    struct warm_plan plan;
} rehearsal;

/* ---- who touched what ---- */

/* Sets a bit of the pages in a range: those of the sequence and those of plain regions. With `present`, only of
 * the pages that are there. */
static void mark_part(uint8_t *bits, uint64_t address, uint64_t count, uint8_t bit, bool present)
{
    static unsigned char there[1 << 16];
    for (uint64_t done = 0, some; done < count; done += some) {
        some = count - done < sizeof there ? count - done : sizeof there;
        if (present && mincore((void *)((address + done) * PAGE_BYTES), some * PAGE_BYTES, there) != 0) {
            if (some > 1) { /* a part of it is not mapped any more: page by page */
                mark_part(bits + done, address + done, some / 2, bit, true);
                mark_part(bits + done + some / 2, address + done + some / 2, some - some / 2, bit, true);
            }
            continue;
        }
        for (uint64_t i = 0; i < some; i++)
            if (!present || (there[i] & 1))
                bits[done + i] |= bit;
    }
}

static void mark(uint64_t address, uint64_t count, uint8_t bit, bool present)
{
    struct page_piece part;
    for (uint64_t at = address; page_ledger_find(&rehearsal.small, at, address + count - at, &part);
         at = part.address + part.count)
        mark_part(rehearsal.sequence + part.home, part.address, part.count, bit, present);
    for (uint64_t i = 0; i < rehearsal.regions.count; i++) {
        const struct memory_region *region = &rehearsal.regions.regions[i];
        uint64_t begin = region->address / PAGE_BYTES;
        uint64_t end = begin + region->bytes / PAGE_BYTES;
        uint64_t from = address > begin ? address : begin;
        uint64_t to = address + count < end ? address + count : end;
        if (rehearsal.region_pages[i] && from < to)
            mark_part(rehearsal.region_pages[i] + (from - begin), from, to - from, bit, present);
    }
}

static bool any_present(uint64_t address)
{
    unsigned char there[HUGE_PAGES];
    if (mincore((void *)(address * PAGE_BYTES), HUGE_PAGE_BYTES, there) != 0)
        return true;
    for (int i = 0; i < HUGE_PAGES; i++)
        if (there[i] & 1)
            return true;
    return false;
}

/* ---- what the calls do ---- */

static void log_add(uint64_t first, int64_t count)
{
    if (rehearsal.log_count < LOG_ENTRIES)
        rehearsal.log[rehearsal.log_count++] = (struct log_entry){first, count};
    else
        rehearsal.overfull = true;
}

static void on_came(uint64_t address, uint64_t count)
{
    if (!rehearsal.running)
        return;
    if (count > SEQUENCE_PAGES - rehearsal.sequence_count ||
        !page_ledger_add(&rehearsal.small, (struct page_piece){address, rehearsal.sequence_count, count})) {
        rehearsal.overfull = true;
        return;
    }
    log_add(rehearsal.sequence_count, (int64_t)count);
    rehearsal.sequence_count += count;
}

/* Takes a range out of both ledgers. A huge page that goes in parts does not come back. */
static void take(uint64_t address, uint64_t count, bool comes_back)
{
    struct page_piece part;
    mark(address, count, TOUCHED, true);
    while (page_ledger_take(&rehearsal.small, address, count, &part))
        if (comes_back)
            log_add(part.home, -(int64_t)part.count);
    while (page_ledger_take(&rehearsal.huge, address, count, &part))
        for (uint64_t at = part.address; at + HUGE_PAGES <= part.address + part.count; at++)
            if (at % HUGE_PAGES == 0 && comes_back)
                rehearsal.huge_now--;
}

static void on_go(uint64_t address, uint64_t count)
{
    if (rehearsal.running)
        take(address, count, true);
}

static void on_forget(uint64_t address, uint64_t count)
{
    if (rehearsal.running)
        take(address, count, false);
}

static bool on_empty(uint64_t address, uint64_t count)
{
    if (rehearsal.running)
        mark(address, count, TOUCHED, true);
    return false;
}

static void ask_for_one(uint64_t address)
{
    struct page_piece part;
    uint64_t number = rehearsal.huge_asked++;
    bool asked_before = page_ledger_find(&rehearsal.huge, address, HUGE_PAGES, &part);
    if (!asked_before && any_present(address)) {
        rehearsal.overfull |= !warm_runs_add(&rehearsal.plan.spoilt, number, 1, 1);
        return;
    }
    if (asked_before)
        return;
    mark(address, HUGE_PAGES, IN_HUGE, false);
    page_ledger_add(&rehearsal.huge, (struct page_piece){address, number * HUGE_PAGES, HUGE_PAGES});
    if (++rehearsal.huge_now > rehearsal.plan.huge_pages)
        rehearsal.plan.huge_pages = rehearsal.huge_now;
}

static void on_huge(uint64_t address, uint64_t count)
{
    uint64_t first = (address + HUGE_PAGES - 1) / HUGE_PAGES * HUGE_PAGES;
    for (uint64_t at = first; rehearsal.running && at + HUGE_PAGES <= address + count; at += HUGE_PAGES)
        ask_for_one(at);
}

/* The kernel has moved them already. Between places that differ by no multiple of a huge page it splits those. */
static void on_move(uint64_t from, uint64_t to, uint64_t count)
{
    struct page_piece part;
    while (rehearsal.running && page_ledger_take(&rehearsal.small, from, count, &part))
        page_ledger_add(&rehearsal.small,
                        (struct page_piece){part.address - from + to, part.home, part.count});
    while (rehearsal.running && page_ledger_take(&rehearsal.huge, from, count, &part))
        if ((from - to) % HUGE_PAGES == 0)
            page_ledger_add(&rehearsal.huge,
                            (struct page_piece){part.address - from + to, part.home, part.count});
}

static const struct memory_observer watching = {
    .came = on_came, .go = on_go, .empty = on_empty, .huge = on_huge, .move = on_move, .forget = on_forget};

static bool open_regions(void)
{
    for (uint64_t i = 0; i < rehearsal.regions.count; i++) {
        if (rehearsal.regions.regions[i].kind != MEMORY_REGION_PLAIN)
            continue;
        rehearsal.region_pages[i] = far_memory_map(rehearsal.regions.regions[i].bytes / PAGE_BYTES);
        if (!rehearsal.region_pages[i])
            return false;
    }
    return true;
}

int rehearsal_begin(void)
{
    rehearsal.sequence = far_memory_map(SEQUENCE_PAGES);
    rehearsal.log = far_memory_map(LOG_ENTRIES * sizeof *rehearsal.log);
    if (!rehearsal.sequence || !rehearsal.log || !warm_plan_open(&rehearsal.plan) ||
        !page_ledger_open(&rehearsal.small) || !page_ledger_open(&rehearsal.huge))
        return -1;
    if (!memory_regions_read(&rehearsal.regions)) {
        errno = ENOENT;
        return -1;
    }
    if (!open_regions() || memory_calls_observe(&watching) != 0)
        return -1;
    memory_calls_reset();
    rehearsal.running = true;
    return 0;
}

/* ---- the plan ---- */

static bool is_needed(uint8_t bits)
{
    return (bits & (TOUCHED | IN_HUGE)) == TOUCHED;
}

/* Pages that came and are not needed, in runs that are long enough to be worth a word. */
static void find_holes(void)
{
    enum { SHORTEST = 16 };
    const uint8_t *bits = rehearsal.sequence;
    for (uint64_t i = 0, begin; i < rehearsal.sequence_count; i++) {
        for (begin = i; i < rehearsal.sequence_count && !is_needed(bits[i]);)
            i++;
        if (i - begin >= SHORTEST)
            rehearsal.overfull |= !warm_runs_add(&rehearsal.plan.holes, begin, i - begin, 0);
    }
}

static void find_touched(void)
{
    enum { GAP = 16 };
    uint64_t number = 0;
    for (uint64_t i = 0; i < rehearsal.regions.count; i++) {
        const uint8_t *bits = rehearsal.region_pages[i];
        uint64_t pages = rehearsal.regions.regions[i].bytes / PAGE_BYTES;
        if (!bits || number == WARM_PLAN_REGIONS)
            continue;
        struct warm_region *region = &rehearsal.plan.regions[rehearsal.plan.region_count];
        *region = (struct warm_region){.number = number++, .pages = pages, .touched = region->touched};
        for (uint64_t page = 0; page < pages; page++)
            if (is_needed(bits[page]))
                warm_runs_add(&region->touched, page, 1, GAP);
        rehearsal.plan.region_count += region->touched.count > 0;
    }
}

/* Leaves out small holes and closes small gaps, until the plan is a word of fair length. Pages are then made
 * present that need not be. */
static void shorten(char *text)
{
    struct warm_plan *plan = &rehearsal.plan;
    for (uint64_t size = 32; warm_plan_print(plan, text, WARM_PLAN_TEXT) >= WARM_PLAN_TEXT; size *= 2) {
        warm_runs_drop_short(&plan->holes, size);
        warm_runs_join(&plan->spoilt, size / 32);
        for (uint64_t i = 0; i < plan->region_count; i++)
            warm_runs_join(&plan->regions[i].touched, size);
    }
}

static void count_small_pages(void)
{
    const struct warm_runs *holes = &rehearsal.plan.holes;
    int64_t now = 0;
    for (uint64_t i = 0; i < holes->count; i++)
        for (uint64_t page = 0; page < holes->runs[i].length; page++)
            rehearsal.sequence[holes->runs[i].begin + page] |= HOLE;
    for (uint64_t i = 0; i < rehearsal.log_count; i++) {
        const struct log_entry *entry = &rehearsal.log[i];
        uint64_t count = (uint64_t)(entry->count < 0 ? -entry->count : entry->count);
        int64_t held = 0;
        for (uint64_t page = 0; page < count; page++)
            held += !(rehearsal.sequence[entry->first + page] & HOLE);
        now += entry->count < 0 ? -held : held;
        if (now > (int64_t)rehearsal.plan.small_pages)
            rehearsal.plan.small_pages = (uint64_t)now;
    }
}

void rehearsal_end(void)
{
    mark(0, UINT64_MAX / PAGE_BYTES, TOUCHED, true);
    rehearsal.running = false;
    rehearsal.addresses = memory_calls_cost().addresses;
}

const char *rehearsal_plan(uint64_t stack_bytes)
{
    static char text[WARM_PLAN_TEXT];
    rehearsal.plan.stack_bytes = stack_bytes;
    find_holes();
    find_touched();
    shorten(text);
    count_small_pages();
    if (rehearsal.overfull || warm_plan_print(&rehearsal.plan, text, sizeof text) >= sizeof text)
        return NULL;
    return text;
}

uint64_t rehearsal_addresses(void)
{
    return rehearsal.addresses;
}
