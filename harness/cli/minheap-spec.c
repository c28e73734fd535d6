/* SPDX-License-Identifier: MIT */
#include "harness/cli/minheap-spec.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/message.h"
#include "base/text.h"
#include "base/writing.h"
#include "harness/campaign/minheap/minheap-file.h"
#include "harness/campaign/minheap/minheap.h"
#include "harness/campaign/plan/spec.h"
#include "harness/cli/target.h"

struct publishing {
    struct spec *spec;
    unsigned trials;
    int64_t timeout_ns;
    json_t *minima;
    bool only_checks; /* finds every pair and searches none */
    struct minheap_progress shown;
    size_t pairs; /* that have minima to find, at most: some may be in two entries */
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
    char *name = text_format("pair %zu of %zu, %s x %s", json_array_size(publishing->minima) + 1,
                             publishing->pairs, target->workload, target->collector);
    struct minheap_pair pair = {.request = {.pair = target->pair,
                                            .workload_options = target->workload_options,
                                            .collector_options = target->collector_options,
                                            .allocator = &target->allocator,
                                            .seed = publishing->spec->seed},
                                .timeout_ns = publishing->timeout_ns,
                                .name = name,
                                .shown = &publishing->shown};
    struct minheap_result result;
    int status = minheap_find(place, &pair, publishing->trials, &result);
    publishing->shown.trials -= publishing->trials - result.count;
    free(name);
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
    if (status == 0 && !publishing->only_checks && !is_published(publishing, &target))
        status = minimum_publish(publishing, place, &target);
    target_free(&target);
    free(place);
    return status;
}

/* Counts the pairs of the entries that have heaps. */
static size_t pairs_count(const struct spec *spec)
{
    size_t pairs = 0;
    for (unsigned i = 0; i < spec->cells_count; i++)
        if (spec->cells[i].heaps_count)
            pairs += (size_t)spec->cells[i].workloads_count * spec->cells[i].collectors_count;
    return pairs;
}

static int entry_publish(struct publishing *publishing, unsigned index)
{
    const struct spec_cells *entry = &publishing->spec->cells[index];
    int status = 0;
    for (unsigned workload = 0; workload < entry->workloads_count; workload++)
        for (unsigned collector = 0; collector < entry->collectors_count && status == 0; collector++)
            status = pair_publish(publishing, index, workload, collector);
    return status;
}

static int entries_pass(struct publishing *publishing, bool only_checks)
{
    const struct spec *spec = publishing->spec;
    int status = 0;
    publishing->only_checks = only_checks;
    for (unsigned i = 0; i < spec->cells_count && status == 0; i++)
        if (spec->cells[i].heaps_count)
            status = entry_publish(publishing, i);
    return status;
}

/* Finds every pair before the first search: the last may be missing. */
static int entries_publish(struct publishing *publishing)
{
    const struct spec *spec = publishing->spec;
    publishing->pairs = pairs_count(spec);
    if (publishing->pairs == 0)
        return message_bad_input("%s: no entry of cells has heaps: there is nothing to publish", spec->path);
    int status = entries_pass(publishing, true);
    minheap_progress_start(&publishing->shown, publishing->pairs * publishing->trials);
    return status ? status : entries_pass(publishing, false);
}

/* Writes what was found. Returns 0, or a status after one line. */
static int minima_keep(struct publishing *publishing, const char *path, struct writing *file)
{
    char *spec = escape_shell(path);
    char *command = text_format("gcmatrix minheap --spec %s --trials %u", spec, publishing->trials);
    minheap_file_write(writing_stream(file), command, publishing->minima);
    free(command);
    free(spec);
    return writing_keep(file);
}

/*
 * Checks that the file which a specification names is one that this command may replace. A specification
 * comes from elsewhere, and could name anything of the user's.
 */
static int named_check(const char *spec, const char *path)
{
    if (access(path, F_OK) != 0 || minheap_file_is(path))
        return 0;
    return message_bad_input(
        "%s: minimum_heaps: %s is there, and is no file of minimum heaps: move it away, or "
        "give --output FILE",
        spec, path);
}

/* Begins the file, before anything is searched: it is refused now, and not after hours. */
static int output_begin(const struct spec *spec, const char *output, struct writing *ret_file)
{
    int status = output ? 0 : named_check(spec->path, spec->minimum_heaps);
    return status ? status
                  : writing_begin_path(output ? "minheap: --output" : "minheap",
                                       output ? output : spec->minimum_heaps, ret_file);
}

int minheap_spec_publish(const char *path, const char *output, unsigned trials, int64_t timeout_ns)
{
    struct publishing publishing = {.trials = trials, .timeout_ns = timeout_ns};
    int status = spec_load(path, &publishing.spec);
    if (status != 0)
        return status;
    struct writing file = {0};
    publishing.minima = json_array();
    const char *to = output ? output : publishing.spec->minimum_heaps;
    status = output_begin(publishing.spec, output, &file);
    if (status == 0)
        status = entries_publish(&publishing);
    if (status == 0)
        status = minima_keep(&publishing, path, &file);
    writing_drop(&file);
    if (status == MESSAGE_INTERRUPTED)
        message_note("minheap: interrupted after %zu of %zu pairs; %s is as it was",
                     json_array_size(publishing.minima), publishing.pairs, to);
    if (status == 0)
        message_say("%s", to);
    json_decref(publishing.minima);
    spec_free(publishing.spec);
    return status;
}
