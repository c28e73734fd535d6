/* SPDX-License-Identifier: MIT */
#include "harness/cli/target.h"

#include <stdlib.h>
#include <string.h>

#include "base/build.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/campaign/plan/pairs.h"
#include "harness/campaign/process/pair-process.h"

/* `whole`: what the workload is given is all that it gets. */
static int target_check(const char *command, const struct pairs *pairs, bool whole, struct target *target)
{
    int status = pairs_name_check(pairs, command, "workload", target->workload);
    if (status == 0)
        status = pairs_name_check(pairs, command, "collector", target->collector);
    target->pair = status == 0 ? pairs_path(pairs, target->workload, target->collector) : NULL;
    if (status == 0 && !target->pair)
        status = pairs_missing(pairs, command, target->workload, target->collector);
    if (status == 0 && (whole || *target->workload_options))
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
    const char *given = workload ? workload : "replay";
    *ret_target = (struct target){0};
    int status = pairs_load(&pairs);
    if (status != 0)
        return status;
    status =
        pairs_entry_read(command, "workload", given, &ret_target->workload, &ret_target->workload_options);
    int other = pairs_entry_read(command, "collector", collector, &ret_target->collector,
                                 &ret_target->collector_options);
    status = status ? status : other;
    if (status == 0)
        status = target_check(command, pairs, workload != NULL, ret_target);
    if (status == 0)
        status = allocator_resolve(command, allocator, &ret_target->allocator);
    if (status == 0)
        status = pair_process_preload_try(ret_target->pair, &ret_target->allocator);
    pairs_free(pairs);
    return status;
}

/* Checks a collector's name, and appends the path of its pair where the build makes it and it is not there. */
static int unbuilt_take(const char *command, const struct pairs *pairs, const char *workload,
                        const char *collector, struct text_list *unbuilt)
{
    char *name, *options;
    int status = pairs_entry_read(command, "collector", collector, &name, &options);
    if (status == 0)
        status = pairs_name_check(pairs, command, "collector", name);
    char *built = pairs_path(pairs, workload, name);
    char *listed = built ? NULL : pairs_path_listed(pairs, workload, name);
    for (size_t i = 0; i < unbuilt->count && listed; i++)
        if (strcmp(unbuilt->items[i], listed) == 0) {
            free(listed);
            listed = NULL;
        }
    if (listed)
        text_list_take(unbuilt, listed);
    free(built);
    free(name);
    free(options);
    return status;
}

int target_find_unbuilt(const char *command, const char *workload, const char *const *collectors,
                        size_t count)
{
    struct text_list unbuilt = {0};
    struct pairs *pairs;
    char *name, *options;
    int status = pairs_load(&pairs);
    if (status != 0)
        return status;
    status = pairs_entry_read(command, "workload", workload, &name, &options);
    if (status == 0)
        status = pairs_name_check(pairs, command, "workload", name);
    for (size_t i = 0; i < count && status == 0; i++)
        status = unbuilt_take(command, pairs, name, collectors[i], &unbuilt);
    char *build = status == 0 && unbuilt.count > 1 ? build_command(unbuilt.items, unbuilt.count) : NULL;
    if (build)
        status = message_bad_input("%s: %zu pairs are not built; %s", command, unbuilt.count, build);
    free(build);
    free(name);
    free(options);
    pairs_free(pairs);
    text_list_free(&unbuilt);
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
