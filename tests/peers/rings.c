/* SPDX-License-Identifier: MIT */
/*
 * Makes and drops rings of two objects, one after the other, and prints the time in ns. It does what the
 * programs beside this file do, and no more. The workload of that name has payloads, a window of live rings
 * and checksums.
 *
 * usage: peers-rings COUNT
 */
#include "collectors/gc.h"
#include "tests/mutator.h"

enum { NEXT, OTHER, REFS };
static const struct gc_shape shapes[] = {{.name = "link", .id = 0, .refs = REFS}};

/* one = Link(); other = Link(); one.next = other; other.next = one */
static void ring(struct gc_mutator *mutator)
{
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    gc_local_new(mutator, &frame.slot[0], &shapes[0], 0);
    gc_local_new(mutator, &frame.slot[1], &shapes[0], 0);
    gc_field_set(mutator, gc_local_get(&frame.slot[0]), NEXT, gc_local_get(&frame.slot[1]));
    gc_field_set(mutator, gc_local_get(&frame.slot[1]), NEXT, gc_local_get(&frame.slot[0]));
    gc_frame_leave(mutator, frame);
}

int main(int argc, char **argv)
{
    uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    struct gc_mutator *mutator = test_mutator_open(shapes, 1, 0, NULL);
    uint64_t begin = gc_clock();
    for (uint64_t i = 0; i < count; i++)
        ring(mutator);
    printf("%llu\n", (unsigned long long)(gc_clock() - begin));
    gc_collect(mutator, GC_COLLECT_FULL);
    bool none = gc_held_objects(mutator) == 0;
    test_mutator_close(mutator);
    if (!none && !gc_traits.conservative)
        fprintf(stderr, "%s: rings are still held\n", gc_collector.name);
    return !none && !gc_traits.conservative;
}
