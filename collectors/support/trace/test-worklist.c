/* SPDX-License-Identifier: MIT */
#include <sys/resource.h>

#include "collectors/support/trace/worklist.h"
#include "tests/mutator.h"
#include "tests/tap.h"

/* A pointer that nobody follows: the list only keeps it. */
static struct gc_object *numbered(uint64_t number)
{
    return (struct gc_object *)(uintptr_t)(number << 3);
}

static void order(struct gc_mutator *mutator)
{
    struct worklist list = {0};
    bool reversed = true;
    tap_ok(worklist_pop(&list) == NULL, "an empty list gives nothing");
    for (uint64_t i = 1; i <= 100000; i++)
        worklist_push(mutator, &list, numbered(i));
    tap_equal((int64_t)list.count, 100000, "it holds what was put in, past every growth");
    for (uint64_t i = 100000; i >= 1; i--)
        reversed &= worklist_pop(&list) == numbered(i);
    tap_ok(reversed, "the last in is the first out");
    tap_ok(worklist_pop(&list) == NULL, "and then it is empty again");
    worklist_clear(mutator, &list);
}

static void emptying(struct gc_mutator *mutator)
{
    struct worklist list = {0};
    worklist_push(mutator, &list, numbered(1));
    worklist_empty(mutator, &list);
    tap_ok(list.count == 0 && list.capacity > 0, "a small list is emptied, and keeps its memory");
    for (uint64_t i = 1; i <= 4 * WORKLIST_KEPT; i++)
        worklist_push(mutator, &list, numbered(i));
    struct gc_object **items = list.items;
    worklist_empty(mutator, &list);
    tap_ok(list.count == 0 && list.items == items && list.capacity == 4 * WORKLIST_KEPT,
           "a large one that was full does, too");
    for (uint64_t i = 1; i <= WORKLIST_KEPT; i++)
        worklist_push(mutator, &list, numbered(i));
    worklist_empty(mutator, &list);
    tap_equal((int64_t)list.capacity, 4 * WORKLIST_KEPT, "and one of which a quarter was used");
    for (uint64_t i = 1; i < WORKLIST_KEPT; i++)
        worklist_push(mutator, &list, numbered(i));
    worklist_empty(mutator, &list);
    tap_equal((int64_t)mutator->account.metadata_bytes, 0,
              "one of which less was used gives its memory back");
}

static void accounting(struct gc_mutator *mutator)
{
    struct worklist list = {0};
    mutator->account.metadata_bytes = 0;
    mutator->account.metadata_peak = 0;
    worklist_push(mutator, &list, numbered(1));
    uint64_t first = list.capacity;
    tap_equal((int64_t)mutator->account.metadata_bytes, (int64_t)(first * sizeof(void *)),
              "its memory is the collector's metadata");
    while (list.count <= first)
        worklist_push(mutator, &list, numbered(2));
    tap_equal((int64_t)list.capacity, (int64_t)first * 2, "it doubles");
    tap_equal((int64_t)mutator->account.metadata_bytes, (int64_t)(first * 2 * sizeof(void *)),
              "and is charged for the growth alone");
    worklist_clear(mutator, &list);
    tap_equal((int64_t)mutator->account.metadata_bytes, 0, "clearing gives everything back");
    tap_equal((int64_t)mutator->account.metadata_peak, (int64_t)(first * 2 * sizeof(void *)),
              "but the peak stays");
    tap_ok(list.items == NULL && list.count == 0 && list.capacity == 0, "the list is as new");
    worklist_push(mutator, &list, numbered(3));
    tap_ok(worklist_pop(&list) == numbered(3), "and can be used again");
    worklist_clear(mutator, &list);
    worklist_clear(mutator, &list);
    tap_equal((int64_t)mutator->account.metadata_bytes, 0, "clearing an empty list costs nothing");
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
    struct worklist list = {0};
    struct rlimit limit = {(rlim_t)1 << 26, (rlim_t)1 << 26};
    mutator->exhausted = on_exhausted;
    for (uint64_t i = 1; i <= 10000; i++)
        worklist_push(mutator, &list, numbered(i));
    setrlimit(RLIMIT_AS, &limit);
    for (uint64_t i = 1; i <= (uint64_t)1 << 26; i++)
        worklist_push(mutator, &list, numbered(i));
    tap_ok(false, "512 MiB fit into 64 MiB");
}

int main(void)
{
    struct gc_mutator *mutator = test_mutator_open(NULL, 0, 0, NULL);
    order(mutator);
    accounting(mutator);
    emptying(mutator);
    exhaustion(mutator);
    return tap_done();
}
