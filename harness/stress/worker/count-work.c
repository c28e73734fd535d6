/* SPDX-License-Identifier: MIT */
/*
 * work-<collector> runs programs of one recipe, each larger than the one before, under the one collector with which
 * it is linked. For each it prints what that took, in steps (worker/work.h). Equal arguments give equal lines,
 * but for the places of objects, which a hash table of addresses sees.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collectors/collector-api.h"
#include "harness/runner/resources.h"
#include "harness/stress/arguments.h"
#include "harness/stress/character.h"
#include "harness/stress/fingerprint.h"
#include "harness/stress/line.h"
#include "harness/stress/recipe.h"
#include "harness/stress/work-line.h"
#include "harness/stress/worker/execute.h"
#include "harness/stress/worker/work.h"

enum {
    STACK_SLOTS = PROGRAM_SLOTS_MAX + 1,
    SIZES_MAX = 16,
    SAMPLE_BYTES = 4096,
    LARGE = 2000,       /* an integer of at least so much is what a trigger waits for */
    EVENT_BYTES = 1024, /* an event is soon if it comes less than so many bytes after the one before */
    WORD_STEPS = 32,    /* more than an operation takes for each word that it costs by the contract */
};

static struct arguments {
    struct recipe recipe;
    const char *recipe_text;
    const char *peak; /* the recipe runs without it and after it; NULL: by itself */
    const char *file; /* instead of the recipe */
    const char *options;
    uint64_t sizes[SIZES_MAX];
    size_t size_count;
    uint64_t most;  /* steps of one program */
    bool asks;      /* only prints where the collector says that it is superlinear */
    uint64_t eager; /* triggers are at this part of their defaults; 0: as the options say */
    uint64_t
        operations; /* of one program, at most; a file may have so many times RECIPE_WORDS words. 0: not said */
} arguments = {.most = UINT64_MAX};

/* The one program that runs. */
static struct {
    struct gc_mutator *mutator;
    struct gc_slot *slots;
    void *options;
    struct work_line line;
    uint64_t begin;       /* steps when the program began */
    uint64_t pause_begin; /* steps when the pause began */
    uint64_t event_at;    /* the clock at the last event, in bytes */
    uint32_t *words;    /* of each object: what the operations since the one before it cost by the contract */
    uint64_t born;      /* steps when the newest object had been made, */
    uint64_t paused;    /* and in pauses since */
    uint64_t late_from; /* objects made before the last phase */
    uint64_t late_sum, late_samples;
} run;

__attribute__((noreturn)) static void usage(const char *what, const char *text)
{
    fprintf(stderr,
            "work-%s: %s%s\n"
            "usage: work-%s [--options TEXT | --eager N] [--most STEPS] [--operations N] [--peak RECIPE]\n"
            "       --sizes N[,N]... RECIPE\n"
            "       work-%s [--options TEXT | --eager N] [--most STEPS] [--operations N] FILE.gcp\n"
            "       work-%s --superlinear | " FINGERPRINT_QUESTION "\n",
            gc_collector.name, what, text, gc_collector.name, gc_collector.name, gc_collector.name);
    exit(LINE_EXIT_USAGE);
}

static void line_print(void)
{
    line_numbers_print((const uint64_t *)&run.line, WORK_COLUMN_COUNT);
    putchar('\n');
    fflush(stdout);
}

/* The program has taken as many steps as it may: its line says so, and is the last. */
void work_spent(void)
{
    run.line.steps = work_steps - run.begin;
    run.line.spent = 1;
    line_print();
    _exit(0);
}

/* ---- what is observed ---- */

static uint64_t on_begin(struct gc_listener *listener)
{
    (void)listener;
    run.pause_begin = work_steps;
    return 1;
}

static void on_pause(struct gc_listener *listener, const struct gc_pause *pause)
{
    (void)listener;
    uint64_t steps = work_steps - run.pause_begin;
    run.paused += steps;
    run.line.pause_steps = steps > run.line.pause_steps ? steps : run.line.pause_steps;
    run.line.collections += pause->kind == GC_PAUSE_FULL || pause->kind == GC_PAUSE_YOUNG;
}

/* Adds what is held, by the clock of allocation, for its mean. */
static uint64_t on_sample(struct gc_listener *listener, const struct gc_mutator *mutator)
{
    (void)listener;
    run.line.samples++;
    run.line.held_sum += gc_held_bytes(mutator);
    if (mutator->clock.allocated_objects >= run.late_from) {
        run.late_samples++;
        run.late_sum += gc_held_bytes(mutator);
    }
    return mutator->clock.allocated_bytes + SAMPLE_BYTES;
}

/* By its traits, a collector that counts nothing frees in pauses alone, and may sweep for room in those, too. */
static void on_born(const struct gc_mutator *mutator)
{
    const struct gc_traits *traits = gc_collector.traits;
    uint64_t steps = work_steps - run.born - run.paused;
    uint64_t allowed = (uint64_t)WORD_STEPS * run.words[mutator->clock.allocated_objects - 1];
    bool between = traits->counts || traits->defers || traits->frees_late;
    if (!between && steps > allowed + run.line.unpaused)
        run.line.unpaused = steps - allowed;
    run.born = work_steps;
    run.paused = 0;
}

__attribute__((noreturn)) static void on_exhausted(struct gc_mutator *mutator, enum gc_exhaustion why)
{
    (void)mutator;
    fprintf(stderr, "work-%s: out of memory (%d)\n", gc_collector.name, (int)why);
    _exit(LINE_EXIT_USAGE);
}

void __real_gc_allocation_event(struct gc_mutator *mutator, uint64_t bytes);
void __wrap_gc_allocation_event(struct gc_mutator *mutator, uint64_t bytes);

void __wrap_gc_allocation_event(struct gc_mutator *mutator, uint64_t bytes)
{
    run.line.events += mutator->clock.allocated_bytes - run.event_at < EVENT_BYTES;
    run.event_at = mutator->clock.allocated_bytes;
    __real_gc_allocation_event(mutator, bytes);
}

/* ---- one program ---- */

static void mutator_open(const struct vm_program *loaded, struct gc_listener *listener)
{
    memset(run.mutator, 0, gc_collector.mutator_bytes);
    memset(run.slots, 0, loaded->globals * sizeof *run.slots);
    gc_mutator_open(run.mutator, &(struct gc_mutator_setup){.slots = run.slots,
                                                            .slot_count = STACK_SLOTS,
                                                            .shapes = loaded->shapes,
                                                            .shape_count = loaded->shape_count,
                                                            .global_count = loaded->globals,
                                                            .heap_limit = UINT64_MAX,
                                                            .exhausted = on_exhausted,
                                                            .observer = {.listener = listener},
                                                            .test = {.small_chunks = arguments.eager > 0},
                                                            .options = run.options});
    run.mutator->clock.sample_at = SAMPLE_BYTES;
    gc_allocation_rearm(run.mutator);
}

/* Finds what the operations up to each object cost by the contract, in words: each its own (character_op_size()), and
 * the end of a frame its slots once more. The caller frees the list. */
static uint32_t *words_find(const struct program *program)
{
    uint32_t *words = calloc(program->op_count + 1, sizeof *words);
    uint32_t *frames = calloc(program->op_count + 1, sizeof *frames);
    uint64_t objects = 0, depth = 0;
    if (!words || !frames)
        usage("out of memory", "");
    for (uint64_t i = 0; i < program->op_count; i++) {
        const struct program_op *op = &program->ops[i];
        uint32_t size = (uint32_t)character_op_size(program->shapes, op);
        words[objects] += size;
        if (op->code == PROGRAM_ENTER)
            frames[depth++] = size - 1;
        else if (op->code == PROGRAM_LEAVE)
            words[objects] += frames[--depth];
        else if (op->code == PROGRAM_NEW)
            objects++;
    }
    free(frames);
    return words;
}

static void tear_down(struct gc_mutator *mutator)
{
    mutator->observer.listener = NULL;
    mutator->clock.sample_at = UINT64_MAX;
    gc_allocation_rearm(mutator);
    work_steps_at = UINT64_MAX;
    execute_leave(mutator);
    gc_globals_drop(mutator);
    if (gc_collector.traits->reclaims)
        gc_collect(mutator, GC_COLLECT_FULL);
    gc_collector_stop(mutator);
}

static void program_run(const struct program *program)
{
    struct gc_listener listener = {.begin = on_begin, .pause = on_pause, .sample = on_sample};
    struct execution execution = {.born = on_born};
    struct vm_program loaded;
    if (vm_load(program, &loaded) < 0)
        usage("out of memory", "");
    struct gc_ref *registers = calloc(loaded.registers + 1, sizeof *registers);
    struct gc_frame *frames = calloc(loaded.op_count + 1, sizeof *frames);
    if (!registers || !frames)
        usage("out of memory", "");
    run.begin = work_steps;
    work_steps_at = arguments.most < UINT64_MAX - work_steps ? work_steps + arguments.most : UINT64_MAX;
    mutator_open(&loaded, &listener);
    run.words = words_find(program);
    run.born = work_steps;
    run.paused = run.event_at = run.late_sum = run.late_samples = 0;
    execute_program(run.mutator, &loaded, registers, frames, &execution);
    gc_charged_note(run.mutator, 0);
    run.line.steps = work_steps - run.begin;
    run.line.operations = program->op_count;
    run.line.charged_peak = run.mutator->account.charged_peak;
    run.line.held_peak = run.mutator->account.held_peak;
    run.line.held = gc_held_objects(run.mutator);
    run.line.late = run.late_samples ? run.late_sum / run.late_samples : 0;
    line_print();
    tear_down(run.mutator);
    free(run.words);
    free(registers);
    free(frames);
    vm_unload(&loaded);
}

static void line_begin(const struct program *program, uint64_t n, const struct recipe_character *character)
{
    run.line = (struct work_line){.n = n,
                                  .size = character->size,
                                  .operations = program->op_count,
                                  .objects = character->objects,
                                  .live = character->live,
                                  .on_rings = character->on_rings,
                                  .depth = character->depth,
                                  .fan_in = character->fan_in,
                                  .cut = character->cut};
    run.late_from = character->before_last;
}

static void size_run(const struct recipe *recipe, uint64_t n)
{
    struct recipe_character character;
    struct program program;
    uint64_t most = arguments.operations ? arguments.operations : RECIPE_OPERATIONS_MAX;
    if (recipe_build(recipe, n, most, &program, &character) < 0)
        usage("out of memory", "");
    line_begin(&program, n, &character);
    program_run(&program);
    program_free(&program);
}

/* A file that is too large has a line that says so, and does not run. */
static void file_run(const char *path)
{
    uint64_t most = UINT64_MAX;
    if (arguments.operations && arguments.operations < UINT64_MAX / RECIPE_WORDS)
        most = arguments.operations * RECIPE_WORDS;
    struct program program = arguments_program(path, usage);
    struct recipe_character character;
    if (program_is_finalising(&program) && !gc_collector.traits->finalises)
        usage("the program has finalisers or weak references, and the collector has none: ", path);
    if (character_find(&program, most, &character) < 0)
        usage("out of memory", "");
    line_begin(&program, 0, &character);
    if (character.cut)
        line_print();
    else
        program_run(&program);
    program_free(&program);
}

/* Runs the recipe by itself, and after the peak. */
static void pair_run(uint64_t n)
{
    char text[2 * RECIPE_TEXT_BYTES], error[PROGRAM_ERROR_BYTES];
    struct recipe both;
    snprintf(text, sizeof text, "%s; %s", arguments.peak, arguments.recipe_text);
    if (recipe_parse(text, &both, error) < 0)
        usage(error, "");
    size_run(&arguments.recipe, n);
    size_run(&both, n);
}

/* Runs a pair under the options as they are, and one with each of the switches put the other way. */
static void pairs_run(uint64_t n)
{
    const struct option_table *table = gc_collector.options;
    pair_run(n);
    for (size_t i = 0; i < table->count; i++) {
        if (table->options[i].type != OPTION_SWITCH)
            continue;
        bool *on = (bool *)((char *)run.options + table->options[i].offset);
        *on = !*on;
        pair_run(n);
        *on = !*on;
    }
}

/* ---- what the collector says of itself ---- */

static void superlinear_print(void)
{
    const struct gc_superlinear *known = gc_collector.superlinear;
    for (; known && known->pattern; known++)
        printf("%s\t%s\n", known->pattern, known->reason);
}

/* ---- arguments ---- */

static void sizes_read(char *text)
{
    for (char *size; (size = strsep(&text, ","));) {
        if (arguments.size_count == SIZES_MAX)
            usage("--sizes has too many numbers", "");
        arguments.sizes[arguments.size_count++] = arguments_number("--sizes", size, usage);
    }
}

/* Sets each large integer, which is what a trigger waits for, to a part of its default. */
static void triggers_lower(void)
{
    const struct option_table *table = gc_collector.options;
    for (size_t i = 0; i < table->count; i++) {
        const struct option_spec *option = &table->options[i];
        double lower = option->standard / (double)arguments.eager;
        if (option->type == OPTION_INTEGER && option->standard >= LARGE)
            *(uint64_t *)((char *)run.options + option->offset) =
                (uint64_t)(lower > option->min ? lower : option->min);
    }
}

static void options_prepare(void)
{
    char error[OPTION_ERROR_BYTES];
    run.options = calloc(1, gc_collector.options->bytes + 1);
    option_table_defaults(gc_collector.options, run.options);
    if (option_table_parse(gc_collector.options, arguments.options, run.options, error) < 0)
        usage(error, "");
    if (arguments.eager)
        triggers_lower();
}

static void arguments_read(int argc, char **argv)
{
    static const struct option options[] = {
        {"options", required_argument, NULL, 'o'}, {"eager", required_argument, NULL, 'e'},
        {"superlinear", no_argument, NULL, 'k'},   {"sizes", required_argument, NULL, 's'},
        {"most", required_argument, NULL, 'm'},    {"operations", required_argument, NULL, 'n'},
        {"peak", required_argument, NULL, 'p'},    {NULL, 0, NULL, 0}};
    char error[PROGRAM_ERROR_BYTES];
    int found;
    opterr = 0;
    while ((found = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (found == 'o')
            arguments.options = optarg;
        else if (found == 'e')
            arguments.eager = arguments_number("--eager", optarg, usage);
        else if (found == 'k')
            arguments.asks = true;
        else if (found == 's')
            sizes_read(optarg);
        else if (found == 'n')
            arguments.operations = arguments_number("--operations", optarg, usage);
        else if (found == 'p')
            arguments.peak = optarg;
        else if (found == 'm')
            arguments.most = arguments_number("--most", optarg, usage);
        else
            usage("unknown option, or one without its argument: ", argv[optind - 1]);
    }
    if (arguments.asks)
        return;
    if (optind + 1 != argc)
        usage("there is no recipe, or more than one", "");
    arguments.recipe_text = argv[optind];
    if (!arguments.size_count)
        arguments.file = argv[optind];
    else if (recipe_parse(argv[optind], &arguments.recipe, error) < 0)
        usage(error, "");
}

int main(int argc, char **argv)
{
    if (fingerprint_answer(argc, argv))
        return 0;
    arguments_read(argc, argv);
    if (arguments.asks) {
        superlinear_print();
        return 0;
    }
    options_prepare();
    run.slots = resources_map(STACK_SLOTS * sizeof *run.slots);
    run.mutator = resources_map(gc_collector.mutator_bytes);
    if (!run.slots || !run.mutator)
        usage("out of memory", "");
    if (arguments.file)
        file_run(arguments.file);
    for (size_t i = 0; i < arguments.size_count; i++)
        if (arguments.peak)
            pairs_run(arguments.sizes[i]);
        else
            size_run(&arguments.recipe, arguments.sizes[i]);
    return 0;
}
