/* SPDX-License-Identifier: MIT */
/*
 * The reference program: fixed work of about a tenth of a second, which knows nothing of what is measured. It
 * uses no library but C's, and is compiled with the same flags in every build. So its time shows the machine
 * alone. It does the same steps at each run:
 *
 *   touching     the first write to each page of a table of 8 MiB: the price of fresh pages. Not in the sum
 *   allocating   malloc() and free() of 16 to 271 bytes, 4,096 blocks live at a time
 *   chasing      reads that each need the one before, along one cycle through the table, which is larger
 *                than a second-level cache
 *   computing    multiplications and shifts that each need the one before
 *
 * It prints `{"wall_ns", "allocating_ns", "chasing_ns", "computing_ns", "touching_ns", "processor"}`; wall_ns is the
 * sum of allocating, chasing and computing. It ends with 1 when its work came out wrong.
 */
#include <inttypes.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    LINE = 64, /* bytes: a step of the chase is a cache line of its own */
    NODES = (8 << 20) / LINE,
    CHASES = 480000,
    SLOTS = 4096,
    ALLOCATIONS = 1800000,
    COMPUTATIONS = 20000000
};

struct node {
    uint32_t next;
    char rest[LINE - sizeof(uint32_t)];
};

static const uint64_t EXPECTED = UINT64_C(168030303469967);

static int64_t clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_RAW, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* Numbers as even as this work needs (xorshift64*; Vigna 2016). */
static uint64_t random_next(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

static void touch(struct node *nodes)
{
    for (uint32_t i = 0; i < NODES; i++)
        nodes[i].next = i;
}

/* Makes one cycle through all nodes (Sattolo 1986). */
static void cycle_make(struct node *nodes)
{
    uint64_t state = 1;
    for (uint32_t i = NODES - 1; i > 0; i--) {
        uint32_t other = (uint32_t)(random_next(&state) % i), next = nodes[i].next;
        nodes[i].next = nodes[other].next;
        nodes[other].next = next;
    }
}

static uint64_t allocate(void)
{
    static unsigned char *slots[SLOTS];
    uint64_t state = 2, sum = 0;
    for (int i = 0; i < ALLOCATIONS; i++) {
        uint64_t random = random_next(&state);
        size_t size = 16 + (random & 255);
        unsigned char **slot = &slots[random >> 32 & (SLOTS - 1)];
        if (*slot)
            sum += **slot;
        free(*slot);
        *slot = malloc(size);
        if (!*slot)
            exit(1);
        (*slot)[0] = (unsigned char)i;
        (*slot)[size - 1] = 1;
    }
    for (int i = 0; i < SLOTS; i++)
        free(slots[i]);
    return sum;
}

static uint64_t chase(const struct node *nodes)
{
    uint32_t at = 0;
    for (int i = 0; i < CHASES; i++)
        at = nodes[at].next;
    return at;
}

static uint64_t compute(void)
{
    uint64_t state = 3, sum = 0;
    for (int i = 0; i < COMPUTATIONS; i++)
        sum += random_next(&state) >> 40;
    return sum;
}

int main(void)
{
    struct node *nodes = malloc(sizeof(*nodes) * NODES);
    if (!nodes)
        return 1;
    int64_t untouched = clock_ns();
    touch(nodes);
    int64_t touching = clock_ns() - untouched;
    cycle_make(nodes);
    int64_t begin = clock_ns();
    uint64_t sum = allocate();
    int64_t allocated = clock_ns();
    sum = sum * 31 + chase(nodes);
    int64_t chased = clock_ns();
    sum = sum * 31 + compute();
    int64_t end = clock_ns();
    free(nodes);
    printf("{\"wall_ns\": %" PRId64 ", \"allocating_ns\": %" PRId64 ", \"chasing_ns\": %" PRId64
           ", \"computing_ns\": %" PRId64 ", \"touching_ns\": %" PRId64 ", \"processor\": %d}\n",
           end - begin, allocated - begin, chased - allocated, end - chased, touching, sched_getcpu());
    if (sum != EXPECTED)
        fprintf(stderr, "the work came out as %" PRIu64 ", not as %" PRIu64 "\n", sum, EXPECTED);
    return sum != EXPECTED;
}
