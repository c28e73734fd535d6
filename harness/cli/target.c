/* SPDX-License-Identifier: MIT */
#include "harness/cli/target.h"

#include <stdlib.h>

#include "base/message.h"
#include "harness/campaign/plan/pairs.h"

static int target_check(const char *command, const struct pairs *pairs, struct target *target)
{
    int status = pairs_name_check(pairs, command, "workload", target->workload);
    if (status == 0)
        status = pairs_name_check(pairs, command, "collector", target->collector);
    target->pair = status == 0 ? pairs_path(pairs, target->workload, target->collector) : NULL;
    if (status == 0 && !target->pair)
        status = pairs_missing(pairs, command, target->workload, target->collector);
    if (status == 0 && *target->workload_options)
        status = pairs_options_check(pairs, command, "workload", target->workload, target->workload_options);
    if (status == 0 && *target->collector_options)
        status =
            pairs_options_check(pairs, command, "collector", target->collector, target->collector_options);
    return status;
}

int target_find(const char *command, const char *workload, const char *collector, const char *allocator,
                struct target *ret_target)
{
    struct pairs *pairs;
    *ret_target = (struct target){0};
    int status = pairs_load(&pairs);
    if (status != 0)
        return status;
    pairs_entry_split(workload, &ret_target->workload, &ret_target->workload_options);
    pairs_entry_split(collector, &ret_target->collector, &ret_target->collector_options);
    status = target_check(command, pairs, ret_target);
    if (status == 0)
        status = allocator_resolve(command, allocator, &ret_target->allocator);
    pairs_free(pairs);
    return status;
}

void target_free(struct target *target)
{
    char *texts[] = {target->workload, target->workload_options, target->collector, target->collector_options,
                     target->pair};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        free(texts[i]);
    allocator_free(&target->allocator);
}
