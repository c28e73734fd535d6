/* SPDX-License-Identifier: MIT */
#include "harness/cli/reached.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "harness/stress/coverage.h"

enum { SHOWN = 8 }; /* numbers that a line names */

static bool is_hit(const uint8_t *hits, size_t place, int of)
{
    return hits[place] >> of & 1;
}

static uint64_t number_at(const struct boundary *boundary, int place)
{
    return boundary->value + (uint64_t)place - COVERAGE_AT;
}

struct reached reached_count(const struct boundaries *boundaries, const uint8_t *hits)
{
    struct reached reached = {0};
    for (size_t i = 0; i < boundaries->count; i++) {
        const struct boundary *boundary = &boundaries->items[i];
        for (int place = COVERAGE_BELOW; place <= COVERAGE_ABOVE; place++) {
            if (!coverage_is_possible(boundary, (enum coverage_place)place))
                continue;
            reached.possible++;
            reached.count += is_hit(hits, i, place);
            reached.small_missed += coverage_is_small(boundary) && !is_hit(hits, i, place);
        }
    }
    return reached;
}

/* The workers without a finding: one with a finding was out early. */
static size_t unfound_count(const struct driver_request *request, const struct driver_result *result)
{
    size_t count = 0;
    for (size_t worker = 0; worker < request->worker_count; worker++)
        count += result->tallies[worker].findings == 0;
    return count;
}

/* The hits that the workers without a finding have in common, or all, where each has one. The caller frees them. */
static uint8_t *hits_in_common(const struct driver_request *request, const struct driver_result *result)
{
    size_t count = request->boundaries->count;
    bool all = unfound_count(request, result) == 0;
    uint8_t *common = memory_new(count + 1, 1);
    memset(common, UINT8_MAX, count);
    for (size_t worker = 0; worker < request->worker_count; worker++)
        for (size_t i = 0; i < count && (all || result->tallies[worker].findings == 0); i++)
            common[i] &= result->tallies[worker].hits[i];
    return common;
}

/* Of each worker that was out early, how many boundaries it had reached by then. */
static void early_print(const struct driver_request *request, const struct driver_result *result)
{
    for (size_t worker = 0; worker < request->worker_count; worker++) {
        const struct driver_tally *tally = &result->tallies[worker];
        struct reached reached = reached_count(request->boundaries, tally->hits);
        if (tally->findings)
            printf("%s was out after %" PRIu64 " programs: %zu of %zu\n", request->workers[worker]->collector,
                   tally->programs, reached.count, reached.possible);
    }
}

static void kind_print(const struct boundaries *boundaries, const uint8_t *hits, enum gc_boundary_kind kind)
{
    size_t reached = 0, possible = 0, multiples = 0, missed = 0;
    char *names = NULL;
    size_t size;
    FILE *stream = memory_stream(&names, &size);
    for (size_t i = 0; i < boundaries->count; i++) {
        const struct boundary *boundary = &boundaries->items[i];
        if (boundary->kind != kind)
            continue;
        multiples += is_hit(hits, i, COVERAGE_MULTIPLE);
        for (int place = COVERAGE_BELOW; place <= COVERAGE_ABOVE; place++) {
            if (!coverage_is_possible(boundary, (enum coverage_place)place))
                continue;
            possible++;
            reached += is_hit(hits, i, place);
            if (!is_hit(hits, i, place) && missed++ < SHOWN)
                fprintf(stream, " %" PRIu64, number_at(boundary, place));
        }
    }
    if (missed > SHOWN)
        fprintf(stream, " and %zu more", missed - SHOWN);
    memory_stream_close(stream);
    if (possible)
        printf("%-10s %4zu of %4zu, and multiples of %3zu%s%s\n", boundary_words[kind], reached, possible,
               multiples, missed ? "; not" : "", names);
    free(names);
}

void reached_print(const struct driver_request *request, const struct driver_result *result)
{
    uint8_t *common = hits_in_common(request, result);
    size_t unfound = unfound_count(request, result);
    printf("\nboundaries reached under each %s: one below, at, one above\n",
           unfound > 0 && unfound < request->worker_count ? "collector without a finding" : "of them");
    for (int kind = 0; kind < GC_BOUNDARY_KIND_COUNT; kind++)
        kind_print(request->boundaries, common, (enum gc_boundary_kind)kind);
    if (unfound > 0)
        early_print(request, result);
    free(common);
}

json_t *reached_json(const struct boundaries *boundaries, const uint8_t *hits)
{
    struct reached reached = reached_count(boundaries, hits);
    json_t *missed = json_object();
    for (size_t i = 0; i < boundaries->count; i++) {
        const struct boundary *boundary = &boundaries->items[i];
        const char *word = boundary_words[boundary->kind];
        for (int place = COVERAGE_BELOW; place <= COVERAGE_ABOVE; place++) {
            if (is_hit(hits, i, place) || !coverage_is_possible(boundary, (enum coverage_place)place))
                continue;
            if (!json_object_get(missed, word))
                json_object_set_new(missed, word, json_array());
            json_array_append_new(json_object_get(missed, word),
                                  json_integer((json_int_t)number_at(boundary, place)));
        }
    }
    return json_pack("{sI sI sI so}", "reached", (json_int_t)reached.count, "possible",
                     (json_int_t)reached.possible, "small_missed", (json_int_t)reached.small_missed, "missed",
                     missed);
}
