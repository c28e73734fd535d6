/* SPDX-License-Identifier: MIT */
#include "harness/stress/guard.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

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
    GRANULE = 16,
    SMALL_CLASSES = 128, /* classes for blocks of up to 2 KiB with their header, in steps of a granule */
    CLASSES = SMALL_CLASSES + 40,
    CANARY_BYTES = 8,
    QUARANTINE_BLOCKS = 8192,
    PAGE_BYTES = 4096,
    FENCE_BYTES = 32768, /* freed blocks of this size on lose the pages inside them: cheaper than poison */
    ARENA_GIB = 16,
};
static const uint64_t quarantine_bytes_max = 16 << 20;

struct guarded_block {
    uint64_t magic;             /* mixed with the address, so that a copy of a header is none */
    uint64_t bytes;             /* asked for */
    uint64_t room;              /* bytes from the header to the next block */
    uint64_t number;            /* number of the allocation */
    struct guarded_block *next; /* outstanding blocks, both ways; in quarantine or on a free list, one way */
    struct guarded_block *previous;
    uint64_t fenced; /* bytes in the middle that no access reaches while it is freed */
    uint64_t front;  /* the canary in front */
};

static_assert(sizeof(struct guarded_block) % GRANULE == 0, "what follows a header is aligned as malloc's");

static struct {
    guard_failure failed;
    char *start, *end, *top;   /* the arena, and the first byte that this program never used */
    struct guarded_block live; /* the head of the list of outstanding blocks */
    struct guarded_block *free[CLASSES];
    struct guarded_block *quarantine, **quarantine_end;
    uint64_t quarantine_blocks, quarantine_bytes;
    struct guard_faults faults;
    struct guard_totals totals;
    uint64_t poison;
    uint64_t mappings; /* mappings asked for since the program began */
    bool has_fences;   /* pages of the arena are taken away */
    bool on;
} guard;

void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__real_realloc(void *memory, size_t bytes);
void *__real_aligned_alloc(size_t alignment, size_t bytes);
int __real_posix_memalign(void **memory, size_t alignment, size_t bytes);
void __real_free(void *memory);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_realloc(void *memory, size_t bytes);
void *__wrap_aligned_alloc(size_t alignment, size_t bytes);
int __wrap_posix_memalign(void **memory, size_t alignment, size_t bytes);
void __wrap_free(void *memory);

/* ---- blocks ---- */

static uint64_t magic_of(const struct guarded_block *block, uint64_t magic)
{
    return magic ^ (uint64_t)(uintptr_t)block;
}

static char *block_memory(struct guarded_block *block)
{
    return (char *)(block + 1);
}

__attribute__((noreturn, cold)) static void fail(const struct guarded_block *block, const char *what)
{
    char line[160];
    guard.on = false;
    if (block)
        snprintf(line, sizeof line, "%s: block of %llu bytes, the %lluth allocation", what,
                 (unsigned long long)block->bytes, (unsigned long long)block->number);
    else
        snprintf(line, sizeof line, "%s", what);
    guard.failed(line);
}

/* Fills whole words, then the rest. Blocks are a few words long, so a call of memset() would cost more. */
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

/* Returns the whole pages inside a large block, as a length and an offset. Returns 0 for a small block. */
static uint64_t block_pages(const struct guarded_block *block, uint64_t *ret_offset)
{
    uintptr_t memory = (uintptr_t)(block + 1);
    uintptr_t from = (memory + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    uintptr_t to = (memory + block->bytes) / PAGE_BYTES * PAGE_BYTES;
    *ret_offset = from - memory;
    return block->bytes >= FENCE_BYTES ? to - from : 0;
}

/* Fills a block before and behind the pages inside it, and all of a small block. */
static void block_fill(struct guarded_block *block, uint64_t word)
{
    uint64_t offset;
    uint64_t bytes = block_pages(block, &offset);
    char *memory = block_memory(block);
    if (!bytes)
        offset = block->bytes;
    fill(memory, offset, word);
    if (bytes)
        fill(memory + offset + bytes, block->bytes - offset - bytes, word);
}

/* Takes the pages inside a freed block away, or gives them back. Returned pages are zero. */
static void block_fence(struct guarded_block *block, bool fenced)
{
    uint64_t offset;
    uint64_t bytes = block_pages(block, &offset);
    if (!bytes)
        return;
    char *pages = block_memory(block) + offset;
    if (fenced)
        madvise(pages, bytes, MADV_DONTNEED);
    if (mprotect(pages, bytes, fenced ? PROT_NONE : PROT_READ | PROT_WRITE) < 0)
        return;
    guard.has_fences |= fenced;
    block->fenced = fenced ? bytes : 0;
}

static void block_verify(struct guarded_block *block)
{
    if (block->front != CANARY || block->room < sizeof *block + block->bytes + CANARY_BYTES)
        fail(block, "write in front of a block");
    if (!is_filled(block_memory(block) + block->bytes, CANARY_BYTES, CANARY))
        fail(block, "write behind a block");
}

static void block_verify_dead(struct guarded_block *block)
{
    if (block->magic != magic_of(block, MAGIC_DEAD) || block->front != CANARY)
        fail(block, "write in front of a freed block");
    uint64_t offset;
    uint64_t pages = block_pages(block, &offset);
    const char *memory = block_memory(block);
    uint64_t first = pages ? offset : block->bytes;
    uint64_t rest = pages ? block->bytes - offset - pages : 0;
    if (!is_filled(memory, first, guard.poison) ||
        !is_filled(memory + block->bytes - rest, rest, guard.poison))
        fail(block, "write to a freed block");
}

/* ---- free lists ---- */

static unsigned class_of(uint64_t room)
{
    uint64_t granules = room / GRANULE;
    if (granules < SMALL_CLASSES)
        return (unsigned)granules;
    return SMALL_CLASSES + 63 - (unsigned)__builtin_clzll(granules);
}

/* Returns the room of a block of `bytes`: whole granules, and a power of two of them where a class holds
 * several sizes. */
static uint64_t room_for(uint64_t bytes)
{
    uint64_t room = (sizeof(struct guarded_block) + bytes + CANARY_BYTES + GRANULE - 1) / GRANULE * GRANULE;
    if (room / GRANULE < SMALL_CLASSES)
        return room;
    return (uint64_t)1 << (64 - __builtin_clzll(room - 1));
}

static struct guarded_block *block_cut(uint64_t room, uint64_t alignment)
{
    uintptr_t memory = (uintptr_t)guard.top + sizeof(struct guarded_block);
    memory = (memory + alignment - 1) / alignment * alignment;
    if (memory + room > (uintptr_t)guard.end)
        return NULL;
    struct guarded_block *block = (struct guarded_block *)memory - 1;
    guard.top = (char *)block + room;
    block->room = room;
    return block;
}

static struct guarded_block *block_find(uint64_t bytes, uint64_t alignment)
{
    if (bytes > (uint64_t)ARENA_GIB << 30)
        return NULL;
    uint64_t room = room_for(bytes);
    struct guarded_block *block = alignment > GRANULE ? NULL : guard.free[class_of(room)];
    if (!block)
        return block_cut(room, alignment);
    guard.free[class_of(room)] = block->next;
    return block;
}

static bool is_to_fail(void)
{
    uint64_t number = ++guard.totals.allocations;
    bool fails = number == guard.faults.one || (guard.faults.from && number >= guard.faults.from);
    guard.totals.failed += fails;
    return fails;
}

static void *block_new(uint64_t bytes, uint64_t alignment, uint64_t content)
{
    struct guarded_block *block = is_to_fail() ? NULL : block_find(bytes, alignment);
    if (!block) {
        errno = ENOMEM;
        return NULL;
    }
    block->magic = magic_of(block, MAGIC_LIVE);
    block->bytes = bytes;
    block->number = guard.totals.allocations;
    block->fenced = 0;
    block->front = CANARY;
    block->next = guard.live.next;
    block->previous = &guard.live;
    block->next->previous = block;
    guard.live.next = block;
    if (content)
        block_fill(block, content);
    else
        memset(block_memory(block), 0, bytes);
    fill(block_memory(block) + bytes, CANARY_BYTES, CANARY);
    guard.totals.blocks++;
    guard.totals.bytes += bytes;
    return block_memory(block);
}

/* Takes the oldest block out of quarantine. It may be used again, if nobody has written to it. */
static void quarantine_pop(void)
{
    struct guarded_block *block = guard.quarantine;
    block_verify_dead(block);
    if (block->fenced)
        block_fence(block, false);
    guard.quarantine = block->next;
    if (!guard.quarantine)
        guard.quarantine_end = &guard.quarantine;
    guard.quarantine_blocks--;
    guard.quarantine_bytes -= block->bytes;
    block->next = guard.free[class_of(block->room)];
    guard.free[class_of(block->room)] = block;
}

static void quarantine_push(struct guarded_block *block)
{
    block->next = NULL;
    *guard.quarantine_end = block;
    guard.quarantine_end = &block->next;
    guard.quarantine_blocks++;
    guard.quarantine_bytes += block->bytes;
    while (guard.quarantine_blocks > QUARANTINE_BLOCKS || guard.quarantine_bytes > quarantine_bytes_max)
        quarantine_pop();
}

static bool is_ours(const void *memory)
{
    return (const char *)memory >= guard.start && (const char *)memory < guard.end;
}

/* Returns the block with this memory. Reports an address that is none, and one that has been freed. */
static struct guarded_block *block_of(void *memory)
{
    struct guarded_block *block = (struct guarded_block *)memory - 1;
    if (!is_ours(memory) || (uintptr_t)memory % GRANULE != 0 || (char *)memory > guard.top ||
        (char *)block < guard.start)
        fail(NULL, "free of an address that was never allocated");
    if (block->magic == magic_of(block, MAGIC_DEAD))
        fail(block, "double free");
    if (block->magic != magic_of(block, MAGIC_LIVE))
        fail(NULL, "free of an address inside a block, or the header in front of it is overwritten");
    return block;
}

static void block_free(void *memory)
{
    struct guarded_block *block = block_of(memory);
    block_verify(block);
    block->next->previous = block->previous;
    block->previous->next = block->next;
    block->magic = magic_of(block, MAGIC_DEAD);
    block_fill(block, guard.poison);
    block_fence(block, true);
    guard.totals.blocks--;
    guard.totals.bytes -= block->bytes;
    quarantine_push(block);
}

/* ---- the functions that the linker puts in the place of malloc ---- */

void *__wrap_malloc(size_t bytes)
{
    return guard.on ? block_new(bytes, GRANULE, JUNK) : __real_malloc(bytes);
}

void *__wrap_calloc(size_t count, size_t bytes)
{
    size_t all;
    if (!guard.on)
        return __real_calloc(count, bytes);
    if (__builtin_mul_overflow(count, bytes, &all))
        return NULL;
    return block_new(all, GRANULE, 0);
}

void *__wrap_realloc(void *memory, size_t bytes)
{
    if (!guard.on)
        return __real_realloc(memory, bytes);
    uint64_t old = memory ? block_of(memory)->bytes : 0;
    void *larger = block_new(bytes, GRANULE, JUNK);
    if (larger && memory) {
        memcpy(larger, memory, old < bytes ? old : bytes);
        block_free(memory);
    }
    return larger;
}

void *__wrap_aligned_alloc(size_t alignment, size_t bytes)
{
    return guard.on ? block_new(bytes, alignment > GRANULE ? alignment : GRANULE, JUNK)
                    : __real_aligned_alloc(alignment, bytes);
}

int __wrap_posix_memalign(void **memory, size_t alignment, size_t bytes)
{
    if (!guard.on)
        return __real_posix_memalign(memory, alignment, bytes);
    void *found = __wrap_aligned_alloc(alignment, bytes);
    if (found)
        *memory = found;
    return found ? 0 : ENOMEM;
}

void __wrap_free(void *memory)
{
    if (!guard.on && !is_ours(memory))
        __real_free(memory);
    else if (memory)
        block_free(memory);
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
    guard.quarantine_blocks = guard.quarantine_bytes = 0;
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
    for (struct guarded_block *block = guard.live.next; block != &guard.live; block = block->next)
        block_verify(block);
    for (struct guarded_block *block = guard.quarantine; block; block = block->next)
        block_verify_dead(block);
}

struct guard_totals guard_totals(void)
{
    return guard.totals;
}
