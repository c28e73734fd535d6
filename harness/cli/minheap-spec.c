/* SPDX-License-Identifier: MIT */
#include "harness/cli/minheap-spec.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/text.h"
#include "harness/campaign/minheap/minheap-file.h"
#include "harness/campaign/minheap/minheap.h"
#include "harness/campaign/plan/spec.h"
#include "harness/cli/target.h"

struct publishing {
    struct spec *spec;
    unsigned trials;
    int64_t timeout_ns;
    json_t *minima;
};

static bool is_published(const struct publishing *publishing, const struct target *target)
{
    const json_t *minimum;
    size_t index;
    json_array_foreach(publishing->minima, index, minimum) {
        const char *const keys[] = {"workload", "workload_options", "collector", "collector_options"};
        const char *const texts[] = {target->workload, target->workload_options, target->collector,
                                     target->collector_options};
        size_t same = 0;
        while (same < 4 && strcmp(json_string_value(json_object_get(minimum, keys[same])), texts[same]) == 0)
            same++;
        if (same == 4)
            return true;
    }
    return false;
}

/* Searches one minimum, prints it and keeps it. Only an interrupt ends the whole search. */
static int minimum_publish(struct publishing *publishing, const char *place, const struct target *target)
{
    struct minheap_pair pair = {.request = {.pair = target->pair,
                                            .workload_options = target->workload_options,
                                            .collector_options = target->collector_options,
                                            .allocator = &target->allocator,
                                            .seed = publishing->spec->seed},
                                .timeout_ns = publishing->timeout_ns};
    struct minheap_result result;
    int status = minheap_find(place, &pair, publishing->trials, &result);
    if (status == MESSAGE_INTERRUPTED)
        return status;
    json_t *minimum = json_pack("{ss ss ss ss sI}", "workload", target->workload, "workload_options",
                                target->workload_options, "collector", target->collector, "collector_options",
                                target->collector_options, "seed", (json_int_t)publishing->spec->seed);
    if (status == 0)
        json_object_update_new(minimum, minheap_describe(&result, &pair));
    else
        json_object_set_new(minimum, "minimum_bytes", json_null());
    json_array_append_new(publishing->minima, minimum);
    printf("%s%s%s x %s%s%s: ", target->workload, *target->workload_options ? ":" : "",
           target->workload_options, target->collector, *target->collector_options ? ":" : "",
           target->collector_options);
    if (status == 0)
        printf("%" PRIu64 " bytes [%" PRIu64 " to %" PRIu64 "]%s\n", result.median, result.low, result.high,
               result.monotone ? "" : ", not monotone: not relied on");
    else
        puts("none");
    fflush(stdout);
    return 0;
}

static int pair_publish(struct publishing *publishing, unsigned index, unsigned workload, unsigned collector)
{
    const struct spec_cells *entry = &publishing->spec->cells[index];
    char *place = spec_place(publishing->spec, index, "collectors", collector);
    struct target target;
    int status =
        target_find(place, entry->workloads[workload], entry->collectors[collector], "glibc", &target);
    if (status == 0 && !is_published(publishing, &target))
        status = minimum_publish(publishing, place, &target);
    target_free(&target);
    free(place);
    return status;
}

static int entries_publish(struct publishing *publishing)
{
    const struct spec *spec = publishing->spec;
    int status = 0;
    for (unsigned i = 0; i < spec->cells_count; i++) {
        const struct spec_cells *entry = &spec->cells[i];
        for (unsigned workload = 0; workload < entry->workloads_count && entry->heaps_count; workload++)
            for (unsigned collector = 0; collector < entry->collectors_count && status == 0; collector++)
                status = pair_publish(publishing, i, workload, collector);
    }
    if (status == 0 && json_array_size(publishing->minima) == 0)
        status =
            message_bad_input("%s: no entry of cells has heaps: there is nothing to publish", spec->path);
    return status;
}

int minheap_spec_publish(const char *path, const char *output, unsigned trials, int64_t timeout_ns)
{
    struct publishing publishing = {.trials = trials, .timeout_ns = timeout_ns};
    int status = spec_load(path, &publishing.spec);
    if (status != 0)
        return status;
    publishing.minima = json_array();
    char *command = text_format("gcmatrix minheap --spec %s --trials %u", path, trials);
    const char *to = output ? output : publishing.spec->minimum_heaps;
    status = entries_publish(&publishing);
    if (status == 0)
        status = minheap_file_write(to, command, publishing.minima);
    if (status == 0)
        printf("%s\n", to);
    free(command);
    json_decref(publishing.minima);
    spec_free(publishing.spec);
    return status;
}
