/* SPDX-License-Identifier: MIT */
/*
 * The cost of the interface. The same programs run through it and by hand, by turns. Each run has a process
 * of its own, so that no run finds the heap that another left. The benchmark is linked with the workload
 * binary-trees itself.
 *
 * A run against its own twin comes first. Its ratio is the least difference that this machine can show.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collectors/gc.h"
#include "tests/measuring/benchmarks/by-hand.h"
#include "tests/measuring/benchmarks/ratio.h"
#include "tests/mutator.h"
#include "workloads/workload.h"

enum { DEPTH = 14, NODES = 2000, ROUNDS = 8000 };

struct outcome {
    uint64_t ns;
    uint64_t result;
};

static const struct gc_shape shapes[] = {{.name = "node", .id = 0, .refs = 2}};

/* ---- the programs, through the interface ---- */

static uint64_t interface_trees(const struct by_hand *none)
{
    (void)none;
    static const uint64_t options[] = {DEPTH}; /* the workload's struct has one field */
    struct random_state random;
    random_seed(&random, 1);
    struct gc_mutator *mutator =
        test_mutator_open(workload.shapes, workload.shape_count, workload.globals, NULL);
    return workload.run(mutator, options, &random);
}

static void list_reverse(struct gc_mutator *mutator, struct gc_slot *list)
{
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    struct gc_slot *next = &frame.slot[0];
    struct gc_slot *reversed = &frame.slot[1];
    while (!gc_is_null(gc_local_get(list))) {
        gc_local_set(mutator, next, gc_field_get(mutator, gc_local_get(list), 0));
        gc_field_set(mutator, gc_local_get(list), 0, gc_local_get(reversed));
        gc_local_set(mutator, reversed, gc_local_get(list));
        gc_local_set(mutator, list, gc_local_get(next));
    }
    gc_local_move(mutator, list, reversed);
    gc_frame_leave(mutator, frame);
}

static uint64_t interface_list(const struct by_hand *none)
{
    (void)none;
    struct gc_mutator *mutator = test_mutator_open(shapes, 1, 0, NULL);
    struct gc_frame frame = gc_frame_enter(mutator, 2);
    uint64_t length = 0;
    for (uint64_t i = 0; i < NODES; i++) {
        gc_local_new(mutator, &frame.slot[1], &shapes[0], 0);
        gc_field_set(mutator, gc_local_get(&frame.slot[1]), 0, gc_local_get(&frame.slot[0]));
        gc_local_move(mutator, &frame.slot[0], &frame.slot[1]);
    }
    for (uint64_t i = 0; i < ROUNDS; i++)
        list_reverse(mutator, &frame.slot[0]);
    for (struct gc_ref node = gc_local_get(&frame.slot[0]); !gc_is_null(node);
         node = gc_field_get(mutator, node, 0))
        length++;
    gc_frame_leave(mutator, frame);
    return length;
}

/* ---- and by hand ---- */

static uint64_t by_hand_trees(const struct by_hand *hand)
{
    return hand->trees(DEPTH);
}

static uint64_t by_hand_list(const struct by_hand *hand)
{
    return hand->list(NODES, ROUNDS);
}

/* ---- by turns ---- */

typedef uint64_t program(const struct by_hand *hand);

/* CPU time, not wall time: what other processes take of the machine is in neither side. */
static uint64_t cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static struct outcome run_apart(program *run, const struct by_hand *hand)
{
    static struct outcome *shared;
    int status = 1;
    if (!shared)
        shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t child = fork();
    if (child == 0) {
        uint64_t begin = cpu_ns();
        shared->result = run(hand);
        shared->ns = cpu_ns() - begin;
        _exit(0);
    }
    waitpid(child, &status, 0);
    if (status != 0) {
        fprintf(stderr, "a run of %s ended badly\n", gc_collector.name);
        exit(1);
    }
    return *shared;
}

static void compare(const char *name, program *first, const struct by_hand *first_hand, program *second,
                    const struct by_hand *second_hand, double target)
{
    struct ratio ratio = {.name = name};
    for (int pair = -1; pair < RATIO_PAIRS; pair++) { /* the first one warms up */
        struct outcome outcomes[2];
        for (int turn = 0; turn < 2; turn++) {
            int side = turn ^ (pair & 1);
            outcomes[side] = side == 0 ? run_apart(first, first_hand) : run_apart(second, second_hand);
        }
        if (outcomes[0].result != outcomes[1].result) {
            fprintf(stderr, "%s: the two programs disagree\n", name);
            exit(1);
        }
        for (int side = 0; side < 2 && pair >= 0; side++)
            ratio.ns[pair][side] = outcomes[side].ns;
    }
    ratio_print(&ratio, target);
}

int main(void)
{
    char title[64];
    char name[2][2][64];
    const struct by_hand *hands[] = {&by_hand_first, &by_hand_second};
    snprintf(title, sizeof title, "The interface under %s", gc_collector.name);
    ratio_print_head(title, "interface", "by hand");
    compare("trees, against themselves", interface_trees, NULL, interface_trees, NULL, 0);
    for (int i = 0; i < 2; i++) {
        snprintf(name[i][0], sizeof name[i][0], "trees, %s", hands[i]->name);
        compare(name[i][0], interface_trees, NULL, by_hand_trees, hands[i], 1.05);
        snprintf(name[i][1], sizeof name[i][1], "list, %s", hands[i]->name);
        compare(name[i][1], interface_list, NULL, by_hand_list, hands[i], 1.05);
    }
    return 0;
}
