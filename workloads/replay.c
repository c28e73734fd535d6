/* SPDX-License-Identifier: MIT */
/*
 * replay: runs a program from a file. The program is a recording of another workload, a failure that the
 * stress suite has shrunk, or one written by hand.
 *
 * Stresses what the program does. The checksum is made of the numbers that GET operations read back out of
 * objects.
 *
 * The interpretation costs a few ns per operation. The null replay shows how much: it reads the program and
 * does nothing (vm-null.h). A recording does not hold the payloads of its workload. Conclude nothing about a
 * workload's own computation from a replay of its recording.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/input.h"
#include "base/missing.h"
#include "collectors/gc.h"
#include "workloads/replay/load.h"
#include "workloads/replay/vm-null.h"
#include "workloads/replay/vm-run.h"
#include "workloads/workload.h"

struct replay_options {
    const char *file;
    const char *image;
    uint64_t repeat;
    bool null;
    uint64_t external;
};

static const struct option_spec option_specs[] = {
    OPTION_TEXT(struct replay_options, file, "file name", "the program to run (.gcp); needed"),
    OPTION_TEXT(struct replay_options, image, "file name",
                "instead of file: a program that gcmatrix has read before, and that is trusted"),
    OPTION_INTEGER(struct replay_options, repeat, 1, 1, 1e6, "times", "how often to run it"),
    OPTION_SWITCH(struct replay_options, null, false,
                  "only reads it and does nothing: what replaying costs by itself"),
    WORKLOAD_EXTERNAL_OPTION(struct replay_options),
};
static const struct option_table options = OPTION_TABLE(struct replay_options, option_specs);

static struct vm_program loaded;
static struct gc_ref *registers;
static struct gc_frame *frames;
static struct gc_ref *made; /* each object by its number; only for a collector that frees when told */
static uint32_t *survivors; /* numbers of the objects that the program does not free */
static uint32_t survivor_count;

static uint64_t deepest_nesting(void)
{
    uint64_t depth = 0;
    uint64_t deepest = 0;
    for (uint64_t i = 0; i < loaded.op_count; i++) {
        depth += loaded.ops[i].code == PROGRAM_ENTER;
        depth -= loaded.ops[i].code == PROGRAM_LEAVE;
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest;
}

/* Maps and touches the table of objects before the clock starts, and finds the objects that survive the
 * program. */
static bool prepare_frees(void)
{
    uint64_t bytes = (loaded.objects + 1u) * sizeof *made;
    bool *freed = calloc(loaded.objects + 1u, sizeof *freed);
    survivors = calloc(loaded.objects + 1u, sizeof *survivors);
    made = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (!freed || !survivors || made == MAP_FAILED)
        return false;
    for (uint64_t i = 0; i < loaded.op_count; i++) {
        if (loaded.ops[i].code == PROGRAM_FREE)
            freed[loaded.ops[i].a] = true;
    }
    for (uint32_t number = 1; number <= loaded.objects; number++) {
        if (!freed[number])
            survivors[survivor_count++] = number;
    }
    free(freed);
    return true;
}

static const char *objection(const void *values)
{
    static char text[640];
    const struct replay_options *chosen = values;
    const char *file = *chosen->file ? chosen->file : chosen->image;
    FILE *stream;
    if (!*file)
        return "option 'file' is needed: replay:file=NAME.gcp";
    if (*chosen->file && *chosen->image)
        return "options 'file' and 'image' both name the program: give one";
    const char *why = input_open(file, &stream);
    if (!why)
        return fclose(stream), NULL;
    char *remedy = errno == ENOENT ? missing_remedy(file, &missing_programs) : NULL;
    snprintf(text, sizeof text, "%.160s: %s%s%.400s", file, why, remedy ? "; " : "", remedy ? remedy : "");
    free(remedy);
    return text;
}

static struct workload_layout prepare(const void *values)
{
    const struct replay_options *chosen = values;
    bool says_deaths;
    bool is_image = *chosen->image;
    (is_image ? replay_map : replay_load)(is_image ? chosen->image : chosen->file, &loaded, &says_deaths);
    registers = calloc(loaded.registers + 1, sizeof *registers);
    frames = calloc(deepest_nesting() + 1, sizeof *frames);
    if (!registers || !frames || (gc_traits.frees_when_told && !prepare_frees()))
        workload_fail("%s: out of memory", is_image ? chosen->image : chosen->file);
    return (struct workload_layout){.shapes = loaded.shapes,
                                    .shape_count = loaded.shape_count,
                                    .globals = loaded.globals,
                                    .frees = says_deaths};
}

/* Frees the objects that outlived the program before it runs again, because nothing in the program would. */
static void free_survivors(struct gc_mutator *mutator)
{
    for (uint64_t i = 0; i < mutator->roots.global_count; i++)
        gc_local_del(mutator, gc_global(mutator, i));
    for (uint32_t i = 0; i < survivor_count; i++)
        VM_FREE(mutator, made[survivors[i]]);
}

static uint64_t run(struct gc_mutator *mutator, const void *values, struct random_state *random)
{
    const struct replay_options *chosen = values;
    uint64_t checksum = 0;
    (void)random;
    gc_external_use(mutator, (enum gc_external_use)chosen->external);
    for (uint64_t i = 0; i < chosen->repeat; i++) {
        struct vm_result result = {.made = made};
        if (chosen->null)
            vm_run_null(mutator, &loaded, registers, frames, &result);
        else
            vm_run(mutator, &loaded, registers, frames, &result);
        if (gc_traits.frees_when_told && !chosen->null && i + 1 < chosen->repeat)
            free_survivors(mutator);
        if (result.count_wrong)
            workload_fail("%s: operation %llu and %llu others: what it finds is not what the program says",
                          *chosen->image ? chosen->image : chosen->file,
                          (unsigned long long)result.first_wrong + 1,
                          (unsigned long long)result.count_wrong - 1);
        checksum = checksum_add(checksum, result.checksum);
    }
    return checksum;
}

const struct workload workload = {
    .name = "replay",
    .group = "replay",
    .summary = "runs a program from a file: a recording, a shrunk failure, or one written by hand",
    .options = &options,
    .run = run,
    .objection = objection,
    .prepare = prepare,
    .finalise = vm_on_due,
};
