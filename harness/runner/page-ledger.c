/* SPDX-License-Identifier: MIT */
#include "harness/runner/page-ledger.h"

#include <string.h>

#include "harness/runner/far-memory.h"

bool page_ledger_open(struct page_ledger *ledger)
{
    ledger->count = 0;
    ledger->pieces = far_memory_map(PAGE_LEDGER_PIECES * sizeof *ledger->pieces);
    return ledger->pieces != NULL;
}

/* The index of the first piece that ends after `address`. */
static uint64_t index_after(const struct page_ledger *ledger, uint64_t address)
{
    uint64_t low = 0;
    uint64_t high = ledger->count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (ledger->pieces[middle].address + ledger->pieces[middle].count > address)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static bool goes_on(const struct page_piece *first, const struct page_piece *second)
{
    return first->address + first->count == second->address && first->home + first->count == second->home;
}

static void remove_at(struct page_ledger *ledger, uint64_t index)
{
    ledger->count--;
    memmove(&ledger->pieces[index], &ledger->pieces[index + 1],
            (ledger->count - index) * sizeof *ledger->pieces);
}

static bool insert_at(struct page_ledger *ledger, uint64_t index, struct page_piece piece)
{
    if (ledger->count == PAGE_LEDGER_PIECES)
        return false;
    memmove(&ledger->pieces[index + 1], &ledger->pieces[index],
            (ledger->count - index) * sizeof *ledger->pieces);
    ledger->pieces[index] = piece;
    ledger->count++;
    return true;
}

bool page_ledger_add(struct page_ledger *ledger, struct page_piece piece)
{
    uint64_t index = index_after(ledger, piece.address);
    struct page_piece *next = &ledger->pieces[index];
    if (index > 0 && goes_on(next - 1, &piece)) {
        next[-1].count += piece.count;
        if (index < ledger->count && goes_on(next - 1, next)) {
            next[-1].count += next->count;
            remove_at(ledger, index);
        }
        return true;
    }
    if (index < ledger->count && goes_on(&piece, next)) {
        next->address = piece.address;
        next->home = piece.home;
        next->count += piece.count;
        return true;
    }
    return insert_at(ledger, index, piece);
}

bool page_ledger_find(const struct page_ledger *ledger, uint64_t address, uint64_t count,
                      struct page_piece *ret_part)
{
    uint64_t index = index_after(ledger, address);
    if (count == 0 || index == ledger->count || ledger->pieces[index].address >= address + count)
        return false;
    const struct page_piece *piece = &ledger->pieces[index];
    uint64_t skipped = address > piece->address ? address - piece->address : 0;
    uint64_t rest = address + count - (piece->address + skipped);
    *ret_part = (struct page_piece){piece->address + skipped, piece->home + skipped, piece->count - skipped};
    if (ret_part->count > rest)
        ret_part->count = rest;
    return true;
}

bool page_ledger_take(struct page_ledger *ledger, uint64_t address, uint64_t count,
                      struct page_piece *ret_part)
{
    if (!page_ledger_find(ledger, address, count, ret_part))
        return false;
    uint64_t index = index_after(ledger, ret_part->address);
    struct page_piece *piece = &ledger->pieces[index];
    uint64_t before = ret_part->address - piece->address;
    struct page_piece rest = {ret_part->address + ret_part->count, ret_part->home + ret_part->count,
                              piece->count - before - ret_part->count};
    if (before == 0 && rest.count == 0) {
        remove_at(ledger, index);
    } else if (before == 0) {
        *piece = rest;
    } else {
        piece->count = before;
        if (rest.count > 0)
            insert_at(ledger, index + 1, rest); /* without room the rest is forgotten: it stays where it is */
    }
    return true;
}
