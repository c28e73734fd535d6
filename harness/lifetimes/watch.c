/* SPDX-License-Identifier: MIT */
#include "harness/lifetimes/watch.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "collectors/collector-api.h"
#include "harness/lifetimes/hooks.h"
#include "harness/lifetimes/places.h"
#include "harness/lifetimes/watched-run.h"
#include "harness/runner/resources.h"

enum { STACK_SLOTS = PROGRAM_SLOTS_MAX + 1, OPTION_BYTES = 4096 };

/* The state of the one replay of this process. The hooks carry an address and no more. */
static struct {
    watch_failure failed;
    struct gc_mutator *mutator;
    const struct deaths *deaths;
    const uint64_t *clock;
    const uint64_t *bytes; /* the size of each object */
    struct lifetimes_moment *freed;
    bool *was_freed;
    struct places places;
    uint64_t now;           /* the operation that runs: its place in the plain program */
    bool begun;             /* the first operation has been run */
    uint64_t freed_objects; /* objects noted as freed so far */
    uint64_t freed_bytes;
    uint32_t *by_death; /* objects in the order of their deaths, for the frees that are inferred */
    uint32_t dead_count;
    uint32_t inferred; /* the number of them that are freed for certain */
    struct gc_listener listener;
    uint64_t collections;
    union {
        char bytes[OPTION_BYTES];
        max_align_t aligned;
    } options;
} watch;

__attribute__((noreturn, format(printf, 1, 2))) static void fail(const char *format, ...)
{
    char line[256];
    va_list values;
    va_start(values, format);
    vsnprintf(line, sizeof line, format, values);
    va_end(values);
    watch.failed(line);
}

/* ---- frees that are seen ---- */

static void note(uint32_t number, uint64_t clock)
{
    const struct deaths_object *object = &watch.deaths->objects[number - 1];
    if (object->death == DEATHS_NEVER || object->death > watch.now)
        fail("operation %llu: object #%u is freed and is not dead", (unsigned long long)watch.now + 1,
             number);
    if (watch.was_freed[number - 1])
        fail("operation %llu: object #%u is freed twice", (unsigned long long)watch.now + 1, number);
    watch.was_freed[number - 1] = true;
    watch.freed[number - 1] = (struct lifetimes_moment){watch.now, clock};
    watch.freed_objects++;
    watch.freed_bytes += watch.bytes[number - 1];
}

void watch_object_freed(struct gc_object *object)
{
    uint32_t number = places_take(&watch.places, (uintptr_t)object);
    if (number)
        note(number, watch.mutator->clock.allocated_bytes);
}

void watch_born(uintptr_t object, uint64_t number)
{
    if (!gc_collector.traits->moves && places_put(&watch.places, object, (uint32_t)number) < 0)
        fail("out of memory for where objects are");
}

static void on_pause(struct gc_listener *listener, const struct gc_pause *pause)
{
    (void)listener;
    watch.collections += pause->kind == GC_PAUSE_FULL || pause->kind == GC_PAUSE_YOUNG;
}

/* ---- frees that are inferred ---- */

/* Infers a full collection: all objects dead before the last operation went in the course of it. */
static void infer(void)
{
    uint64_t clock = watch.now ? watch.clock[watch.now - 1] : 0;
    for (; watch.inferred < watch.dead_count; watch.inferred++) {
        uint32_t object = watch.by_death[watch.inferred];
        if (watch.deaths->objects[object].death >= watch.now)
            break;
        if (!watch.was_freed[object])
            note(object + 1, clock);
    }
}

static bool agrees(void)
{
    return watch.freed_objects == watch.mutator->account.freed_objects &&
           watch.freed_bytes == watch.mutator->account.freed_bytes;
}

static void reconcile(void)
{
    if (!agrees())
        infer();
    if (!agrees())
        fail("operation %llu: %llu objects of %llu bytes are freed by the collector's count, and %llu of "
             "%llu seen "
             "to be: it frees by other means than collectors/support has",
             (unsigned long long)watch.now + 1, (unsigned long long)watch.mutator->account.freed_objects,
             (unsigned long long)watch.mutator->account.freed_bytes, (unsigned long long)watch.freed_objects,
             (unsigned long long)watch.freed_bytes);
}

/* A FREE belongs to the operation in front of it. */
void watch_step(const struct program_op *op)
{
    if (op->code == PROGRAM_FREE)
        return;
    if (watch.begun) {
        reconcile();
        watch.now++;
    }
    watch.begun = true;
}

/* ---- the phases, in order ---- */

__attribute__((noreturn)) static void on_exhausted(struct gc_mutator *mutator, enum gc_exhaustion why)
{
    (void)mutator;
    (void)why;
    fail("operation %llu: out of memory", (unsigned long long)watch.now + 1);
}

static void mutator_prepare(const struct vm_program *loaded, const char *options)
{
    char error[OPTION_ERROR_BYTES];
    struct gc_slot *slots = resources_map(STACK_SLOTS * sizeof *slots);
    struct gc_mutator *mutator = resources_map(gc_collector.mutator_bytes);
    if (!slots || !mutator || gc_collector.options->bytes > OPTION_BYTES)
        fail("out of memory before the start");
    option_table_defaults(gc_collector.options, &watch.options);
    if (option_table_parse(gc_collector.options, options, &watch.options, error) < 0)
        fail("%s", error);
    watch.listener.pause = on_pause;
    watch.mutator = mutator;
    gc_mutator_open(mutator, &(struct gc_mutator_setup){
                                 .slots = slots,
                                 .slot_count = STACK_SLOTS,
                                 .shapes = loaded->shapes,
                                 .shape_count = loaded->shape_count,
                                 .global_count = loaded->globals,
                                 .heap_limit = UINT64_MAX,
                                 .exhausted = on_exhausted,
                                 .observer.listener = &watch.listener,
                                 .options = &watch.options,
                             });
}

static int compare_by_death(const void *a, const void *b)
{
    uint32_t x = watch.deaths->objects[*(const uint32_t *)a].death;
    uint32_t y = watch.deaths->objects[*(const uint32_t *)b].death;
    return (x > y) - (x < y);
}

static void books_open(const struct image *image)
{
    const struct deaths *deaths = &image->deaths;
    size_t room = deaths->count + 1u;
    watch.deaths = deaths;
    watch.clock = image->clock;
    watch.bytes = image->bytes;
    watch.freed = memory_new(room, sizeof *watch.freed);
    watch.was_freed = memory_new(room, sizeof *watch.was_freed);
    watch.by_death = memory_new(room, sizeof *watch.by_death);
    for (uint32_t i = 0; i < deaths->count; i++)
        if (deaths->objects[i].death != DEATHS_NEVER)
            watch.by_death[watch.dead_count++] = i;
    qsort(watch.by_death, watch.dead_count, sizeof *watch.by_death, compare_by_death);
}

/* The most frames that are entered at a time. */
static uint64_t deepest_nesting(const struct vm_program *program)
{
    uint64_t depth = 0, deepest = 0;
    for (uint64_t i = 0; i < program->op_count; i++) {
        depth += program->ops[i].code == PROGRAM_ENTER;
        depth -= program->ops[i].code == PROGRAM_LEAVE;
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest;
}

static struct lifetimes_moment moment(uint64_t op)
{
    return (struct lifetimes_moment){op, watch.clock[op]};
}

/* Makes the result, object by object. Objects that the last full collection freed floated to the end. */
static void result_make(const bool *freed_by_end, struct watch_result *ret_result)
{
    ret_result->objects = memory_new(watch.dead_count + 1u, sizeof *ret_result->objects);
    for (uint32_t i = 0; i < watch.deaths->count; i++) {
        const struct deaths_object *object = &watch.deaths->objects[i];
        if (object->death == DEATHS_NEVER)
            continue;
        ret_result->objects[ret_result->count++] =
            (struct lifetimes_object){.bytes = watch.bytes[i],
                                      .last_use = moment(object->last_use),
                                      .death = moment(object->death),
                                      .freed = watch.freed[i],
                                      .cyclic = object->cyclic,
                                      .was_freed = freed_by_end[i],
                                      .leaked = !watch.was_freed[i]};
    }
}

int watch_run(const struct image *image, const char *options, watch_failure failed,
              struct watch_result *ret_result)
{
    const struct vm_program *program = &image->program;
    *ret_result = (struct watch_result){0};
    watch.failed = failed;
    books_open(image);
    struct gc_ref *registers = memory_new(program->registers + 1, sizeof *registers);
    struct gc_frame *frames = memory_new(deepest_nesting(program) + 1, sizeof *frames);
    struct gc_ref *made = memory_new(program->objects + 1u, sizeof *made);
    bool *freed_by_end = memory_new(image->deaths.count + 1u, sizeof *freed_by_end);
    mutator_prepare(program, options);
    execute_program(watch.mutator, program, registers, frames, made);
    ret_result->collections = watch.collections;
    memcpy(freed_by_end, watch.was_freed, image->deaths.count * sizeof *freed_by_end);
    gc_collect(watch.mutator, GC_COLLECT_FULL);
    reconcile();
    uint64_t ops = image->plain_ops;
    ret_result->end = (struct lifetimes_moment){ops, ops ? image->clock[ops - 1] : 0};
    result_make(freed_by_end, ret_result);
    free(freed_by_end);
    free(made);
    free(watch.by_death);
    free(watch.freed);
    return 0;
}
