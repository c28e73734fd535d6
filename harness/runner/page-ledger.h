/* SPDX-License-Identifier: MIT */
/*
 * Which pages lie where: an ordered list of pieces, each a range of addresses and the home of its pages.
 *
 *      address   7f10 7f11 7f12 7f13 | 7f80 7f81 |        all in pages of 4 KiB
 *      home       100  101  102  103 |  300  301 |
 *      '---------- piece ------------'-- piece --'
 *
 * What a home is, its user says: the place in a pool, or a number in a sequence. Nothing here allocates but
 * page_ledger_open().
 */
#ifndef HARNESS_RUNNER_PAGE_LEDGER_H
#define HARNESS_RUNNER_PAGE_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

enum { PAGE_LEDGER_PIECES = 65536 }; /* as many as Linux allows mappings */

struct page_piece {
    uint64_t address;
    uint64_t home;
    uint64_t count;
};

struct page_ledger {
    struct page_piece *pieces; /* in the order of their addresses; no two overlap */
    uint64_t count;
};

/* An empty ledger, in far memory; false when there is none. */
bool page_ledger_open(struct page_ledger *ledger);

/*
 * Adds a piece, which overlaps no other. It joins its neighbours where address and home go on. False when the
 * ledger is full. O(log pieces), and the pieces behind it move up.
 */
bool page_ledger_add(struct page_ledger *ledger, struct page_piece piece);

/*
 * Takes out the first part of any piece that lies in `count` pages from `address`. False when there is none.
 * To empty a range, call it until it is false.
 */
bool page_ledger_take(struct page_ledger *ledger, uint64_t address, uint64_t count,
                      struct page_piece *ret_part);

/* The first part of any piece in the range, which stays; false when there is none. */
bool page_ledger_find(const struct page_ledger *ledger, uint64_t address, uint64_t count,
                      struct page_piece *ret_part);

#endif
