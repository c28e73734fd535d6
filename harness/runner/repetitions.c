/* SPDX-License-Identifier: MIT */
#include "harness/runner/repetitions.h"

#include "collectors/collector-api.h"
#include "harness/runner/ending.h"
#include "harness/runner/resources.h"
#include "workloads/workload.h"

struct repetition *repetitions_open(uint64_t count)
{
    return resources_map_touched(count * sizeof(struct repetition));
}

static void run_once(struct repetition *repetition, struct gc_mutator *mutator, const void *options,
                     uint64_t seed)
{
    struct random_state random;
    uint64_t objects = mutator->clock.allocated_objects;
    uint64_t bytes = mutator->clock.allocated_bytes;
    random_seed(&random, seed);
    repetition->checksum = workload.run(mutator, options, &random);
    repetition->allocated_objects = mutator->clock.allocated_objects - objects;
    repetition->allocated_bytes = mutator->clock.allocated_bytes - bytes;
    ending_unless_counted(mutator, &repetition->live);
    gc_globals_drop(mutator);
    gc_collect(mutator, GC_COLLECT_FULL);
    repetition->held_objects = gc_held_objects(mutator);
    repetition->held_bytes = gc_held_bytes(mutator);
    repetition->metadata_bytes = mutator->account.metadata_bytes;
    if (gc_collector.truth)
        repetition->truth = gc_collector.truth(mutator);
}

void repetitions_run(struct repetition *repetitions, uint64_t count, struct gc_mutator *mutator,
                     const void *options, uint64_t seed, uint64_t *ret_done)
{
    for (*ret_done = 0; *ret_done < count; ++*ret_done)
        run_once(&repetitions[*ret_done], mutator, options, seed);
}
