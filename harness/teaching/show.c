/* SPDX-License-Identifier: MIT */
#include "harness/teaching/show.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "collectors/collector-api.h"
#include "harness/runner/resources.h"
#include "harness/teaching/picture.h"
#include "harness/teaching/shown-run.h"
#include "harness/teaching/view.h"

enum { OPTION_BYTES = 4096 };

/* The state of the one run of this process: the hooks carry no context. */
static struct {
    show_failure failed;
    const struct program *program;
    const struct vm_program *loaded;
    struct gc_mutator *mutator;
    struct gc_listener listener;
    struct view view;
    json_t *pictures;
    struct view_state seen[DRAWABLE_OBJECTS]; /* in the last picture */
    uint32_t seen_count;
    uint64_t operation; /* the place of the one that runs */
    bool begun;         /* one has run */
    bool collected;     /* a collection within it has its own pictures */
    bool in_phase;
    enum gc_phase phase; /* while in_phase */
    bool changes;        /* pictures within phases are wanted */
    bool looking;        /* a picture is being taken: the collector's functions are called for it */
    union {
        char bytes[OPTION_BYTES];
        max_align_t aligned;
    } options;
} show;

__attribute__((noreturn, format(printf, 1, 2))) static void fail(const char *format, ...)
{
    char line[256];
    va_list values;
    va_start(values, format);
    vsnprintf(line, sizeof line, format, values);
    va_end(values);
    show.failed(line);
}

/* ---- pictures ---- */

#define PHASE_NAME(word, name, does) [GC_PHASE_##word] = name,
static const char *const phase_names[] = {GC_PHASES(PHASE_NAME)};
#undef PHASE_NAME

/* Phases in which no header holds a link of a cascade, and colours mean what they are said to. */
static const bool phase_followed[GC_PHASE_KINDS] = {
    [GC_PHASE_GREY] = true,    [GC_PHASE_SCAN] = true, [GC_PHASE_GATHER] = true, [GC_PHASE_SUBTRACT] = true,
    [GC_PHASE_RESTORE] = true, [GC_PHASE_MARK] = true, [GC_PHASE_FREE] = true,
};

/* Takes a picture of states that have just been read. */
static void picture_add(const struct picture_moment *moment, const struct view_state *states)
{
    if (json_array_size(show.pictures) == DRAWABLE_PICTURES)
        fail("the program has more than %d pictures: give a smaller one", DRAWABLE_PICTURES);
    json_t *picture = picture_make(&show.view, moment, states, show.seen, show.seen_count);
    if (!picture || json_array_append_new(show.pictures, picture) != 0)
        memory_exhausted();
    memcpy(show.seen, states, show.view.count * sizeof *states);
    show.seen_count = show.view.count;
}

static struct picture_moment moment_now(bool within)
{
    return (struct picture_moment){.operation = show.operation,
                                   .phase = show.in_phase ? phase_names[show.phase] : NULL,
                                   .within = within,
                                   .reason = show.mutator->account.reason};
}

static void picture_take(void)
{
    struct view_state states[DRAWABLE_OBJECTS];
    struct picture_moment moment = moment_now(false);
    show.looking = true;
    view_reconcile(&show.view);
    view_read(&show.view, states);
    picture_add(&moment, states);
    show.looking = false;
}

/* Takes a picture within a phase if an object has changed since the last one. */
static void change_look(void)
{
    struct view_state states[DRAWABLE_OBJECTS];
    struct picture_moment moment = moment_now(true);
    show.looking = true;
    view_reconcile(&show.view);
    view_read(&show.view, states);
    if (memcmp(states, show.seen, show.view.count * sizeof *states) != 0)
        picture_add(&moment, states);
    show.looking = false;
}

/* The compiler's name for the call that it puts into the collector. */
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
    if (show.changes && show.in_phase && !show.looking && phase_followed[show.phase])
        change_look();
}

/* ---- what happens ---- */

static void phase_end(void)
{
    if (!show.in_phase)
        return;
    picture_take();
    show.in_phase = false;
    show.collected = true;
}

static void on_phase(struct gc_listener *listener, const struct gc_mutator *mutator, enum gc_phase phase)
{
    (void)listener;
    (void)mutator;
    phase_end();
    show.phase = phase;
    show.in_phase = true;
}

static void on_pause(struct gc_listener *listener, const struct gc_pause *pause)
{
    (void)listener;
    if (pause->kind != GC_PAUSE_CASCADE)
        phase_end();
}

void show_object_freed(struct gc_object *object)
{
    view_freed(&show.view, object);
}

void show_born(struct gc_object *object, uint64_t number)
{
    view_born(&show.view, object, number);
}

/* Takes the picture after the operation that has run. A collection that was asked for has its pictures
 * already. */
static void operation_end(void)
{
    const struct program_op *op = &show.program->ops[show.operation];
    view_apply(&show.view, op);
    if (!view_reconcile(&show.view))
        fail("after operation %llu the collector holds %llu objects, and %u are known: it frees by "
             "other means than collectors/support has",
             (unsigned long long)show.operation + 1, (unsigned long long)gc_held_objects(show.mutator),
             show.view.held);
    if (op->code != PROGRAM_COLLECT || !show.collected)
        picture_take();
}

void show_step(const struct program_op *op)
{
    if (show.begun)
        operation_end();
    show.begun = true;
    show.collected = false;
    show.operation = (uint64_t)(op - show.loaded->ops);
}

/* The machine has left the frames that the program leaves open. */
static void end(void)
{
    bool open = show.view.model.frame_count > 0;
    while (show.view.model.frame_count > 0)
        view_apply(&show.view, &(struct program_op){.code = PROGRAM_LEAVE});
    if (open)
        picture_take();
}

/* ---- the run ---- */

__attribute__((noreturn)) static void on_exhausted(struct gc_mutator *mutator, enum gc_exhaustion why)
{
    (void)mutator;
    (void)why;
    fail("operation %llu: out of memory", (unsigned long long)show.operation + 1);
}

static void mutator_open(const char *options)
{
    char error[OPTION_ERROR_BYTES];
    struct gc_slot *slots = resources_map((DRAWABLE_SLOTS + 1) * sizeof *slots);
    show.mutator = resources_map(gc_collector.mutator_bytes);
    if (!slots || !show.mutator || gc_collector.options->bytes > OPTION_BYTES)
        fail("out of memory before the start");
    option_table_defaults(gc_collector.options, &show.options);
    if (option_table_parse(gc_collector.options, options, &show.options, error) < 0)
        fail("%s", error);
    show.listener = (struct gc_listener){.phase = on_phase, .pause = on_pause};
    gc_mutator_open(show.mutator, &(struct gc_mutator_setup){
                                      .slots = slots,
                                      .slot_count = DRAWABLE_SLOTS + 1,
                                      .shapes = show.loaded->shapes,
                                      .shape_count = show.loaded->shape_count,
                                      .global_count = show.loaded->globals,
                                      .heap_limit = UINT64_MAX,
                                      .exhausted = on_exhausted,
                                      .observer.listener = &show.listener,
                                      .options = &show.options,
                                  });
}

json_t *show_program(const struct program *program, const char *options, bool changes, show_failure failed)
{
    struct vm_program loaded;
    struct gc_frame frames[DRAWABLE_OPERATIONS + 1];
    show.failed = failed;
    show.program = program;
    show.changes = changes;
    show.pictures = json_array();
    if (vm_load(program, &loaded) < 0)
        memory_exhausted();
    show.loaded = &loaded;
    if (gc_collector.traits->frees_when_told && loaded.frees == 0)
        fail("it frees only what the program says: 'gcmatrix program deaths FILE -o OUT.gcp' writes one that "
             "does");
    struct gc_ref *registers = memory_new(loaded.registers + 1u, sizeof *registers);
    struct gc_ref *made = memory_new(loaded.objects + 1u, sizeof *made);
    mutator_open(options);
    view_open(&show.view, show.mutator, program);
    shown_run(show.mutator, &loaded, registers, frames, made);
    end();
    return json_pack("{ss so so}", "schema", "gcmatrix.pictures.1", "collector", picture_collector(),
                     "pictures", show.pictures);
}
