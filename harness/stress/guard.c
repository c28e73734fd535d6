/* SPDX-License-Identifier: MIT */
#include "harness/stress/guard.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "harness/stress/guard-pieces.h"

/*
 * The low half of the poison is a header's bits: shape 0xdead, with a length word. The program's variant
 * decides the bit for acyclic and bits 20 and 21, where collectors keep marks and colours. The high half
 * makes the word an address that the processor cannot translate.
 */
#define POISON 0x5deddeaddec1deadu
#define POISON_ACYCLIC_SHIFT 17
#define POISON_COLOUR_SHIFT 20
#define JUNK 0xa5a5a5a5a5a5a5a5u
#define CANARY 0xc0a1c0a1c0a1c0a1u
#define MAGIC_LIVE 0x11fe11fe11fe11feu
#define MAGIC_DEAD 0xdeaddeaddeaddeadu

enum {
    GRANULE = GUARD_GRANULE,
    SMALL_CLASSES = 128, /* classes for pieces of up to 2 KiB with their header, in steps of a granule */
    CLASSES = SMALL_CLASSES + 40,
    CANARY_BYTES = 8,
    QUARANTINE_PIECES = 8192,
    PAGE_BYTES = 4096,
    FENCE_BYTES = 32768, /* freed pieces of this size on lose the pages inside them: cheaper than poison */
    ARENA_GIB = 16,
};
static const uint64_t quarantine_bytes_max = 16 << 20;

struct guarded_piece {
    uint64_t magic;             /* mixed with the address, so that a copy of a header is none */
    uint64_t bytes;             /* asked for */
    uint64_t room;              /* bytes from the header to the next piece */
    uint64_t number;            /* number of the allocation */
    struct guarded_piece *next; /* outstanding pieces, both ways; in quarantine or on a free list, one way */
    struct guarded_piece *previous;
    uint64_t fenced; /* bytes in the middle that no access reaches while it is freed */
    uint64_t front;  /* the canary in front */
};

static_assert(sizeof(struct guarded_piece) % GRANULE == 0, "what follows a header is aligned as malloc's");

static struct {
    guard_failure failed;
    char *start, *end, *top;   /* the arena, and the first byte that this program never used */
    struct guarded_piece live; /* the head of the list of outstanding pieces */
    struct guarded_piece *free[CLASSES];
    struct guarded_piece *quarantine, **quarantine_end;
    uint64_t quarantine_pieces, quarantine_bytes;
    struct guard_faults faults;
    struct guard_totals totals;
    uint64_t poison;
    uint64_t mappings; /* mappings asked for since the program began */
    bool has_fences;   /* pages of the arena are taken away */
    bool on;
} guard;

/* ---- pieces ---- */

static uint64_t magic_of(const struct guarded_piece *piece, uint64_t magic)
{
    return magic ^ (uint64_t)(uintptr_t)piece;
}

static char *piece_memory(struct guarded_piece *piece)
{
    return (char *)(piece + 1);
}

__attribute__((noreturn, cold)) static void fail(const struct guarded_piece *piece, const char *what)
{
    char line[160];
    guard.on = false;
    if (piece)
        snprintf(line, sizeof line, "%s: block of %llu bytes, the %lluth allocation", what,
                 (unsigned long long)piece->bytes, (unsigned long long)piece->number);
    else
        snprintf(line, sizeof line, "%s", what);
    guard.failed(line);
}

/* Fills whole words, then the rest. Pieces are a few words long, so a call of memset() would cost more. */
static void fill(char *memory, uint64_t bytes, uint64_t word)
{
    for (; bytes >= sizeof word; memory += sizeof word, bytes -= sizeof word)
        memcpy(memory, &word, sizeof word);
    memcpy(memory, &word, bytes);
}

static bool is_filled(const char *memory, uint64_t bytes, uint64_t word)
{
    for (; bytes >= sizeof word; memory += sizeof word, bytes -= sizeof word)
        if (memcmp(memory, &word, sizeof word) != 0)
            return false;
    return memcmp(memory, &word, bytes) == 0;
}

/* Returns the whole pages inside a large piece, as a length and an offset. Returns 0 for a small piece. */
static uint64_t piece_pages(const struct guarded_piece *piece, uint64_t *ret_offset)
{
    uintptr_t memory = (uintptr_t)(piece + 1);
    uintptr_t from = (memory + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    uintptr_t to = (memory + piece->bytes) / PAGE_BYTES * PAGE_BYTES;
    *ret_offset = from - memory;
    return piece->bytes >= FENCE_BYTES ? to - from : 0;
}

/* Fills a piece before and behind the pages inside it, and all of a small piece. */
static void piece_fill(struct guarded_piece *piece, uint64_t word)
{
    uint64_t offset;
    uint64_t bytes = piece_pages(piece, &offset);
    char *memory = piece_memory(piece);
    if (!bytes)
        offset = piece->bytes;
    fill(memory, offset, word);
    if (bytes)
        fill(memory + offset + bytes, piece->bytes - offset - bytes, word);
}

/* Takes the pages inside a freed piece away, or gives them back. Returned pages are zero. */
static void piece_fence(struct guarded_piece *piece, bool fenced)
{
    uint64_t offset;
    uint64_t bytes = piece_pages(piece, &offset);
    if (!bytes)
        return;
    char *pages = piece_memory(piece) + offset;
    if (fenced)
        madvise(pages, bytes, MADV_DONTNEED);
    if (mprotect(pages, bytes, fenced ? PROT_NONE : PROT_READ | PROT_WRITE) < 0)
        return;
    guard.has_fences |= fenced;
    piece->fenced = fenced ? bytes : 0;
}

static void piece_verify(struct guarded_piece *piece)
{
    if (piece->front != CANARY || piece->room < sizeof *piece + piece->bytes + CANARY_BYTES)
        fail(piece, "write in front of a block");
    if (!is_filled(piece_memory(piece) + piece->bytes, CANARY_BYTES, CANARY))
        fail(piece, "write behind a block");
}

static void piece_verify_dead(struct guarded_piece *piece)
{
    if (piece->magic != magic_of(piece, MAGIC_DEAD) || piece->front != CANARY)
        fail(piece, "write in front of a freed block");
    uint64_t offset;
    uint64_t pages = piece_pages(piece, &offset);
    const char *memory = piece_memory(piece);
    uint64_t first = pages ? offset : piece->bytes;
    uint64_t rest = pages ? piece->bytes - offset - pages : 0;
    if (!is_filled(memory, first, guard.poison) ||
        !is_filled(memory + piece->bytes - rest, rest, guard.poison))
        fail(piece, "write to a freed block");
}

/* ---- free lists ---- */

static unsigned class_of(uint64_t room)
{
    uint64_t granules = room / GRANULE;
    if (granules < SMALL_CLASSES)
        return (unsigned)granules;
    return SMALL_CLASSES + 63 - (unsigned)__builtin_clzll(granules);
}

/* Returns the room of a piece of `bytes`. Rounds up to whole granules. Where a class holds several sizes,
 * rounds up to a power of two. */
static uint64_t room_for(uint64_t bytes)
{
    uint64_t room = (sizeof(struct guarded_piece) + bytes + CANARY_BYTES + GRANULE - 1) / GRANULE * GRANULE;
    if (room / GRANULE < SMALL_CLASSES)
        return room;
    return (uint64_t)1 << (64 - __builtin_clzll(room - 1));
}

static struct guarded_piece *piece_cut(uint64_t room, uint64_t alignment)
{
    uintptr_t memory = (uintptr_t)guard.top + sizeof(struct guarded_piece);
    memory = (memory + alignment - 1) / alignment * alignment;
    if (memory + room > (uintptr_t)guard.end)
        return NULL;
    struct guarded_piece *piece = (struct guarded_piece *)memory - 1;
    guard.top = (char *)piece + room;
    piece->room = room;
    return piece;
}

static struct guarded_piece *piece_find(uint64_t bytes, uint64_t alignment)
{
    if (bytes > (uint64_t)ARENA_GIB << 30)
        return NULL;
    uint64_t room = room_for(bytes);
    struct guarded_piece *piece = alignment > GRANULE ? NULL : guard.free[class_of(room)];
    if (!piece)
        return piece_cut(room, alignment);
    guard.free[class_of(room)] = piece->next;
    return piece;
}

static bool is_to_fail(uint64_t bytes)
{
    const struct guard_faults *faults = &guard.faults;
    uint64_t number = ++guard.totals.allocations;
    bool fails = number == faults->one || (faults->from && number >= faults->from) ||
                 (faults->budget && guard.totals.bytes + bytes > faults->budget);
    guard.totals.failed += fails;
    guard.totals.refused = fails ? bytes : guard.totals.refused;
    return fails;
}

void *guard_piece_new(uint64_t bytes, uint64_t alignment, bool cleared)
{
    struct guarded_piece *piece = is_to_fail(bytes) ? NULL : piece_find(bytes, alignment);
    if (!piece) {
        errno = ENOMEM;
        return NULL;
    }
    piece->magic = magic_of(piece, MAGIC_LIVE);
    piece->bytes = bytes;
    piece->number = guard.totals.allocations;
    piece->fenced = 0;
    piece->front = CANARY;
    piece->next = guard.live.next;
    piece->previous = &guard.live;
    piece->next->previous = piece;
    guard.live.next = piece;
    if (cleared)
        memset(piece_memory(piece), 0, bytes);
    else
        piece_fill(piece, JUNK);
    fill(piece_memory(piece) + bytes, CANARY_BYTES, CANARY);
    guard.totals.pieces++;
    guard.totals.bytes += bytes;
    return piece_memory(piece);
}

/* Takes the oldest piece out of quarantine. It may be used again, if nobody has written to it. */
static void quarantine_pop(void)
{
    struct guarded_piece *piece = guard.quarantine;
    piece_verify_dead(piece);
    if (piece->fenced)
        piece_fence(piece, false);
    guard.quarantine = piece->next;
    if (!guard.quarantine)
        guard.quarantine_end = &guard.quarantine;
    guard.quarantine_pieces--;
    guard.quarantine_bytes -= piece->bytes;
    piece->next = guard.free[class_of(piece->room)];
    guard.free[class_of(piece->room)] = piece;
}

static void quarantine_push(struct guarded_piece *piece)
{
    piece->next = NULL;
    *guard.quarantine_end = piece;
    guard.quarantine_end = &piece->next;
    guard.quarantine_pieces++;
    guard.quarantine_bytes += piece->bytes;
    while (guard.quarantine_pieces > QUARANTINE_PIECES || guard.quarantine_bytes > quarantine_bytes_max)
        quarantine_pop();
}

bool guard_owns(const void *memory)
{
    return (const char *)memory >= guard.start && (const char *)memory < guard.end;
}

/* Returns the piece with this memory. Reports an address that is none, and one that has been freed. */
static struct guarded_piece *piece_of(void *memory)
{
    struct guarded_piece *piece = (struct guarded_piece *)memory - 1;
    if (!guard_owns(memory) || (uintptr_t)memory % GRANULE != 0 || (char *)memory > guard.top ||
        (char *)piece < guard.start)
        fail(NULL, "free of an address that was never allocated");
    if (piece->magic == magic_of(piece, MAGIC_DEAD))
        fail(piece, "double free");
    if (piece->magic != magic_of(piece, MAGIC_LIVE))
        fail(NULL, "free of an address inside a block, or the header in front of it is overwritten");
    return piece;
}

uint64_t guard_piece_bytes(void *memory)
{
    return piece_of(memory)->bytes;
}

void guard_piece_free(void *memory)
{
    struct guarded_piece *piece = piece_of(memory);
    piece_verify(piece);
    piece->next->previous = piece->previous;
    piece->previous->next = piece->next;
    piece->magic = magic_of(piece, MAGIC_DEAD);
    piece_fill(piece, guard.poison);
    piece_fence(piece, true);
    guard.totals.pieces--;
    guard.totals.bytes -= piece->bytes;
    quarantine_push(piece);
}

/* ---- the functions that the worker calls ---- */

int guard_open(guard_failure failed)
{
    uint64_t bytes = (uint64_t)ARENA_GIB << 30;
    void *arena =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (arena == MAP_FAILED)
        return -1;
    guard.failed = failed;
    guard.start = arena;
    guard.top = guard.start;
    guard.end = guard.start + bytes;
    guard_begin(&(struct guard_faults){0});
    return 0;
}

void guard_begin(const struct guard_faults *faults)
{
    enum { KEPT_BYTES = 16 << 20 }; /* resident memory kept from one program to the next */
    if (guard.has_fences)
        mprotect(guard.start, (size_t)(guard.top - guard.start), PROT_READ | PROT_WRITE);
    guard.has_fences = false;
    if (guard.top - guard.start > KEPT_BYTES)
        madvise(guard.start + KEPT_BYTES, (size_t)(guard.top - guard.start) - KEPT_BYTES, MADV_DONTNEED);
    guard.top = guard.start;
    guard.live.next = guard.live.previous = &guard.live;
    memset(guard.free, 0, sizeof guard.free);
    guard.quarantine = NULL;
    guard.quarantine_end = &guard.quarantine;
    guard.quarantine_pieces = guard.quarantine_bytes = 0;
    guard.faults = *faults;
    guard.poison = POISON | (faults->poison & 3) << POISON_COLOUR_SHIFT |
                   (faults->poison >> 2 & 1) << POISON_ACYCLIC_SHIFT;
    guard.totals = (struct guard_totals){0};
    guard.mappings = 0;
}

void guard_on(void)
{
    guard.on = true;
}

void guard_off(void)
{
    guard.on = false;
}

bool guard_mapping_fails(void)
{
    uint64_t number = ++guard.mappings;
    bool fails = guard.faults.tables && number >= guard.faults.tables;
    guard.totals.failed += fails;
    return fails;
}

void guard_mapping_note(int64_t bytes)
{
    guard.totals.mapped += bytes;
}

bool guard_is_on(void)
{
    return guard.on;
}

void guard_faults_end(void)
{
    guard.faults = (struct guard_faults){0};
}

void guard_verify(void)
{
    for (struct guarded_piece *piece = guard.live.next; piece != &guard.live; piece = piece->next)
        piece_verify(piece);
    for (struct guarded_piece *piece = guard.quarantine; piece; piece = piece->next)
        piece_verify_dead(piece);
}

struct guard_totals guard_totals(void)
{
    return guard.totals;
}
