/* SPDX-License-Identifier: MIT */
#include <sys/resource.h>
#include <unistd.h>

#include "collectors/support/trace/chunk-stack.h"
#include "tests/mutator.h"
#include "tests/tap.h"

enum { CHUNKS = CHUNK_STACK_KEPT + 4, ENTRIES = CHUNKS * CHUNK_STACK_ENTRIES };

/* A pointer that nobody follows: the stack only keeps it. */
static struct gc_object *numbered(uint64_t number)
{
    return (struct gc_object *)(uintptr_t)(number << 3);
}

static void push_numbered(struct gc_mutator *mutator, struct chunk_stack *stack, uint64_t from, uint64_t to)
{
    for (uint64_t i = from; i <= to; i++)
        chunk_stack_push(mutator, stack, numbered(i));
}

/* Whether the entries from `from` down to `to` come off the stack in this order. */
static bool pop_numbered(struct chunk_stack *stack, uint64_t from, uint64_t to)
{
    bool right = true;
    for (uint64_t i = from; i >= to; i--)
        right &= chunk_stack_pop(stack) == numbered(i);
    return right;
}

static int64_t chunks(const struct gc_mutator *mutator)
{
    return (int64_t)(mutator->account.metadata_bytes / CHUNK_STACK_BYTES);
}

static void order(struct gc_mutator *mutator)
{
    struct chunk_stack stack = {0};
    tap_ok(chunk_stack_pop(&stack) == NULL, "an empty stack gives nothing");
    push_numbered(mutator, &stack, 1, ENTRIES);
    tap_equal((int64_t)chunk_stack_count(&stack), ENTRIES, "it holds what was put in, past every boundary");
    tap_ok(pop_numbered(&stack, ENTRIES, 1), "the last in is the first out");
    tap_ok(chunk_stack_pop(&stack) == NULL, "and then it is empty again");
    chunk_stack_clear(mutator, &stack);
}

/*
 * Goes up by three and down by two, and compares with a counter. Each chunk boundary is crossed many times.
 */
static void order_mixed(struct gc_mutator *mutator)
{
    struct chunk_stack stack = {0};
    uint64_t count = 0;
    bool right = true;
    for (uint64_t round = 0; count < 3 * (uint64_t)CHUNK_STACK_ENTRIES; round++) {
        uint64_t up = 3 + round % 7;
        push_numbered(mutator, &stack, count + 1, count + up);
        right &= pop_numbered(&stack, count + up, count + up - 1);
        count += up - 2;
        right &= chunk_stack_count(&stack) == count;
    }
    right &= pop_numbered(&stack, count, 1);
    tap_ok(right && chunk_stack_is_empty(&stack), "pushes and pops by turns keep the order and the count");
    chunk_stack_clear(mutator, &stack);
}

/* Only tests use chunks in part. */
static void small_chunks(struct gc_mutator *mutator)
{
    enum { COUNT = 3 * CHUNK_STACK_TEST_ENTRIES + 1 };
    struct chunk_stack stack = {0};
    mutator->test.returns_memory = true;
    push_numbered(mutator, &stack, 1, COUNT);
    mutator->test.returns_memory = false;
    tap_equal((int64_t)chunk_stack_used(&stack), 4, "for tests a chunk is full early");
    tap_equal((int64_t)chunk_stack_count(&stack), COUNT, "and counts as what it holds");
    tap_ok(pop_numbered(&stack, COUNT, 1) && chunk_stack_is_empty(&stack), "in the same order");
    chunk_stack_clear(mutator, &stack);
}

static void emptiness(struct gc_mutator *mutator)
{
    struct chunk_stack stack = {0};
    tap_ok(chunk_stack_is_empty(&stack), "a stack without memory is empty");
    push_numbered(mutator, &stack, 1, CHUNK_STACK_ENTRIES + 1);
    tap_ok(!chunk_stack_is_empty(&stack), "one with entries is not");
    chunk_stack_pop(&stack);
    tap_ok(stack.next == stack.begin && !chunk_stack_is_empty(&stack),
           "nor is one whose top chunk is empty above a full one");
    tap_equal((int64_t)chunk_stack_count(&stack), CHUNK_STACK_ENTRIES, "which counts as many as are below");
    pop_numbered(&stack, CHUNK_STACK_ENTRIES, 1);
    tap_ok(chunk_stack_is_empty(&stack), "when the last is out it is");
    chunk_stack_clear(mutator, &stack);
}

/* Crosses the boundary above `entries` again and again. Returns whether the metadata ever changed. */
static bool books_move(struct gc_mutator *mutator, struct chunk_stack *stack, uint64_t entries)
{
    uint64_t before = mutator->account.metadata_bytes;
    bool moved = false;
    mutator->account.metadata_peak = before;
    for (int i = 0; i < 1000; i++) {
        pop_numbered(stack, entries + 4, entries - 3);
        moved |= mutator->account.metadata_bytes != before;
        push_numbered(mutator, stack, entries - 3, entries + 4);
        moved |= mutator->account.metadata_bytes != before;
    }
    return moved || mutator->account.metadata_peak != before;
}

static void boundary(struct gc_mutator *mutator)
{
    struct chunk_stack stack = {0};
    uint64_t boundary = (uint64_t)(CHUNKS - 1) * CHUNK_STACK_ENTRIES;
    push_numbered(mutator, &stack, 1, boundary + 4);
    tap_ok(!books_move(mutator, &stack, boundary),
           "nothing is mapped or unmapped to and fro over a boundary");
    pop_numbered(&stack, boundary + 4, CHUNK_STACK_ENTRIES);
    push_numbered(mutator, &stack, CHUNK_STACK_ENTRIES, CHUNK_STACK_ENTRIES + 4);
    tap_ok(!books_move(mutator, &stack, CHUNK_STACK_ENTRIES), "nor over one that was come to from above");
    chunk_stack_clear(mutator, &stack);
}

static void trimming(struct gc_mutator *mutator)
{
    struct chunk_stack stack = {0};
    push_numbered(mutator, &stack, 1, ENTRIES);
    tap_equal(chunks(mutator), CHUNKS, "full chunks are all that it has");
    chunk_stack_trim(mutator, &stack);
    tap_equal(chunks(mutator), CHUNKS, "nothing of a stack that is in use is given back");
    pop_numbered(&stack, ENTRIES, 1);
    tap_equal(chunks(mutator), CHUNKS, "chunks that were left wait");
    push_numbered(mutator, &stack, 1, ENTRIES);
    tap_equal(chunks(mutator), CHUNKS, "and are taken again before another is mapped");
    pop_numbered(&stack, ENTRIES, CHUNK_STACK_ENTRIES + 1);
    chunk_stack_trim(mutator, &stack);
    tap_equal(chunks(mutator), CHUNKS, "what was needed stays");
    chunk_stack_trim(mutator, &stack);
    tap_equal(chunks(mutator), CHUNK_STACK_KEPT, "and is given back when it was not, but for a mebibyte");
    tap_ok(pop_numbered(&stack, CHUNK_STACK_ENTRIES, 1), "and what is on the stack");
    chunk_stack_clear(mutator, &stack);
}

static void accounting(struct gc_mutator *mutator)
{
    struct chunk_stack stack = {0};
    mutator->account.metadata_peak = 0;
    chunk_stack_push(mutator, &stack, numbered(1));
    tap_equal((int64_t)mutator->account.metadata_bytes, CHUNK_STACK_BYTES,
              "its memory is the collector's metadata");
    push_numbered(mutator, &stack, 2, ENTRIES);
    pop_numbered(&stack, ENTRIES, ENTRIES / 2);
    chunk_stack_clear(mutator, &stack);
    tap_equal((int64_t)mutator->account.metadata_bytes, 0,
              "clearing gives everything back, the kept chunks too");
    tap_equal((int64_t)mutator->account.metadata_peak, (int64_t)CHUNKS * CHUNK_STACK_BYTES,
              "but the peak stays");
    tap_ok(chunk_stack_is_empty(&stack) && !stack.top && stack.spares == 0, "the stack is as new");
    push_numbered(mutator, &stack, 1, 2 * CHUNK_STACK_ENTRIES);
    tap_ok(pop_numbered(&stack, 2 * CHUNK_STACK_ENTRIES, 1), "and can be used again");
    chunk_stack_clear(mutator, &stack);
    chunk_stack_clear(mutator, &stack);
    tap_equal((int64_t)mutator->account.metadata_bytes, 0, "clearing an empty stack costs nothing");
}

/* The memory that the process has mapped, or -1. */
static int64_t mapped_bytes(void)
{
    long long pages = -1;
    FILE *statm = fopen("/proc/self/statm", "r");
    int found = statm ? fscanf(statm, "%lld", &pages) : 0;
    if (statm)
        fclose(statm);
    return found == 1 ? pages * sysconf(_SC_PAGESIZE) : -1;
}

static void mapping(struct gc_mutator *mutator)
{
    const char *sentence = "what the books say is what the system gave, and has again";
    struct chunk_stack stack = {0};
    int64_t before = mapped_bytes();
    push_numbered(mutator, &stack, 1, ENTRIES);
    int64_t grown = mapped_bytes() - before;
    chunk_stack_clear(mutator, &stack);
    int64_t left = mapped_bytes() - before;
    if (before < 0)
        tap_skip(sentence, "no /proc");
    else
        tap_ok(grown >= (int64_t)CHUNKS * CHUNK_STACK_BYTES && left < CHUNK_STACK_BYTES, "%s", sentence);
}

__attribute__((noreturn)) static void on_exhausted(struct gc_mutator *mutator, enum gc_exhaustion why)
{
    (void)mutator;
    tap_equal(why, GC_EXHAUSTED_METADATA, "without memory for it the run ends, and says that it is metadata");
    exit(tap_done());
}

/* Does not return. The address space is limited to what the process has, and a little more. */
static void exhaustion(struct gc_mutator *mutator)
{
    struct chunk_stack stack = {0};
    struct rlimit limit = {(rlim_t)1 << 26, (rlim_t)1 << 26};
    mutator->exhausted = on_exhausted;
    push_numbered(mutator, &stack, 1, 10000);
    setrlimit(RLIMIT_AS, &limit);
    push_numbered(mutator, &stack, 10001, (uint64_t)1 << 26);
    tap_ok(false, "512 MiB fit into 64 MiB");
}

int main(void)
{
    struct gc_mutator *mutator = test_mutator_open(NULL, 0, 0, NULL);
    order(mutator);
    order_mixed(mutator);
    small_chunks(mutator);
    emptiness(mutator);
    boundary(mutator);
    trimming(mutator);
    accounting(mutator);
    mapping(mutator);
    exhaustion(mutator);
    return tap_done();
}
