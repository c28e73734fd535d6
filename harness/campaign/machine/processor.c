/* SPDX-License-Identifier: MIT */
#include "harness/campaign/machine/processor.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/text.h"
#include "harness/campaign/machine/machine-files.h"

enum { PROBES = 5, STEPS = 1 << 20, BYTES = 1 << 20 };

/* ---- probes ---- */

static int64_t clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_RAW, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* How long this process has waited for a processor so far; 0 where the kernel does not say it. */
static int64_t queued_ns(void)
{
    int64_t ran, queued = 0;
    FILE *file = fopen("/proc/thread-self/schedstat", "re");
    if (file && fscanf(file, "%" SCNd64 " %" SCNd64, &ran, &queued) != 2)
        queued = 0;
    if (file)
        fclose(file);
    return queued;
}

/* Fixed work of about 5 ms: arithmetic, and reads all over a megabyte. Each step needs the one before. */
static int64_t work_ns(const unsigned char *memory)
{
    int64_t begin = clock_ns();
    uint64_t place = 1;
    for (int step = 0; step < STEPS; step++)
        place = place * UINT64_C(6364136223846793005) + memory[place >> 44] + 1;
    __asm__ volatile("" : : "r"(place)); /* the work is not left out */
    return clock_ns() - begin;
}

static bool process_move(int processor)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    return sched_setaffinity(0, sizeof(set), &set) == 0;
}

/* Probes each processor in turn, PROBES times. Returns false when this process cannot move to one of them. */
static bool processors_probe(struct processors *processors)
{
    static_assert((UINT64_MAX >> 44) + 1 == BYTES, "a place of the memory is the upper 20 bits");
    unsigned char *memory = memory_new(BYTES, 1);
    int64_t *whole = memory_new(processors->count, sizeof(*whole)),
            *queued = memory_new(processors->count, sizeof(*queued));
    bool moved = true;
    memset(memory, 1, BYTES);
    for (size_t i = 0; i < PROBES * processors->count && moved; i++) {
        size_t place = i % processors->count;
        struct processor_probe *probe = &processors->probes[place];
        moved = process_move(probe->processor);
        int64_t before = queued_ns(), time = work_ns(memory);
        queued[place] += queued_ns() - before;
        whole[place] += time;
        if (i < processors->count || time < probe->least_ns)
            probe->least_ns = time;
    }
    for (size_t i = 0; i < processors->count && moved; i++)
        processors->probes[i].queued_share = (double)queued[i] / (double)whole[i];
    free(queued);
    free(whole);
    free(memory);
    return moved;
}

/* ---- the choice ---- */

/* Whether `list`, as "0-1,4", holds the number. */
static bool list_holds(const char *list, int number)
{
    const char *next = list;
    while (next && *next) {
        int first, last, got = sscanf(next, "%d-%d", &first, &last);
        if (got >= 1 && number >= first && number <= (got == 2 ? last : first))
            return true;
        const char *comma = strchr(next, ',');
        next = comma ? comma + 1 : NULL;
    }
    return false;
}

void processors_choose(const char *root, struct processors *processors)
{
    const struct processor_probe *fastest = processors->probes, *other = NULL;
    for (size_t i = 1; i < processors->count; i++)
        if (processors->probes[i].least_ns < fastest->least_ns)
            fastest = &processors->probes[i];
    char *path =
        text_format("/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", fastest->processor);
    char *siblings = machine_word(root, path);
    for (size_t i = 0; i < processors->count; i++) {
        const struct processor_probe *probe = &processors->probes[i];
        bool sibling = list_holds(siblings, probe->processor);
        if (probe != fastest && (!other || (list_holds(siblings, other->processor) && !sibling)))
            other = probe;
    }
    free(siblings);
    free(path);
    processors->measured = fastest->processor;
    processors->orchestrator = other->processor;
}

void processors_keep(const char *root, struct processors *ret_processors)
{
    struct processors *processors = ret_processors;
    *processors = (struct processors){.measured = -1, .orchestrator = -1};
    CPU_ZERO(&processors->allowed);
    if (sched_getaffinity(0, sizeof(processors->allowed), &processors->allowed) != 0)
        return;
    processors->probes = memory_new((size_t)CPU_COUNT(&processors->allowed), sizeof(*processors->probes));
    for (int number = 0; number < CPU_SETSIZE; number++)
        if (CPU_ISSET(number, &processors->allowed))
            processors->probes[processors->count++].processor = number;
    if (!processors_probe(processors) || processors->count < 2)
        return;
    processors_choose(root, processors);
    CPU_ZERO(&processors->measured_set);
    CPU_SET(processors->measured, &processors->measured_set);
    processors->kept = process_move(processors->orchestrator);
}

const cpu_set_t *processors_measured(const struct processors *processors)
{
    return processors->kept ? &processors->measured_set : NULL;
}

void processors_release(struct processors *processors)
{
    if (processors->count)
        sched_setaffinity(0, sizeof(processors->allowed), &processors->allowed);
    free(processors->probes);
    *processors = (struct processors){.measured = -1, .orchestrator = -1};
}

/* ---- in words ---- */

static json_t *number_or_null(const struct processors *processors, int number)
{
    return processors->kept ? json_integer(number) : json_null();
}

json_t *processors_describe(const struct processors *processors)
{
    json_t *probes = json_array();
    for (size_t i = 0; i < processors->count; i++)
        json_array_append_new(probes, json_pack("{si sI sf}", "processor", processors->probes[i].processor,
                                                "least_ns", (json_int_t)processors->probes[i].least_ns,
                                                "queued_share", processors->probes[i].queued_share));
    return json_pack("{so so so}", "processor", number_or_null(processors, processors->measured),
                     "orchestrator_processor", number_or_null(processors, processors->orchestrator), "probes",
                     probes);
}

static void warning_add(json_t *warnings, char *words)
{
    json_array_append_new(warnings, json_string(words));
    free(words);
}

json_t *processors_warnings(const struct processors *processors)
{
    json_t *warnings = json_array();
    size_t busy = 0;
    for (size_t i = 0; i < processors->count; i++)
        busy += processors->probes[i].queued_share > PROCESSOR_BUSY;
    if (processors->count == 1)
        warning_add(
            warnings,
            text_format("one processor only may be used: the harness shares it with what is measured, "
                        "and nothing is kept apart; use two or more"));
    else if (!processors->kept)
        warning_add(
            warnings,
            text_format("the system keeps no process on a processor: what is measured may move between "
                        "them in the middle"));
    if (busy && busy == processors->count)
        warning_add(
            warnings,
            text_format("every processor was busy as the session began: what is measured waits for other "
                        "programs; stop them"));
    for (size_t i = 0; i < processors->count && busy < processors->count; i++)
        if (processors->kept && processors->probes[i].processor == processors->measured &&
            processors->probes[i].queued_share > PROCESSOR_BUSY)
            warning_add(warnings,
                        text_format("processor %d, which is measured on, was busy as the session began: stop "
                                    "the other program",
                                    processors->measured));
    return warnings;
}
