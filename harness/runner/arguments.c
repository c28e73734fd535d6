/* SPDX-License-Identifier: MIT */
#include "harness/runner/arguments.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "collectors/collector-api.h"
#include "harness/runner/ending.h"
#include "harness/runner/pause-log.h"
#include "harness/runner/repetitions.h"
#include "harness/runner/resources.h"
#include "workloads/workload.h"

enum option_code {
    CODE_SEED = 256,
    CODE_WORKLOAD_OPTIONS,
    CODE_COLLECTOR_OPTIONS,
    CODE_RECORD,
    CODE_EVENTS,
    CODE_PHASES,
    CODE_TIMELINE,
    CODE_LATENCIES,
    CODE_RECORDING,
    CODE_EVENT_CAPACITY,
    CODE_HEAP_LIMIT,
    CODE_ALLOCATOR,
    CODE_ALLOCATOR_OBJECT,
    CODE_TUNING,
    CODE_MEMORY,
    CODE_WARM,
    CODE_CHECKPOINTS,
    CODE_COUNTERS,
    CODE_CHECK,
    CODE_POSSIBLE_ROOTS,
    CODE_REPETITIONS,
    CODE_DESCRIBE,
    CODE_HELP,
};

static const struct {
    struct option option;
    const char *argument;
    const char *help;
} rows[] = {
    {{"seed", required_argument, NULL, CODE_SEED}, "N", "seed of the workload's random numbers (1)"},
    {{"workload-options", required_argument, NULL, CODE_WORKLOAD_OPTIONS}, "NAME=VALUE,...", "see below"},
    {{"collector-options", required_argument, NULL, CODE_COLLECTOR_OPTIONS}, "NAME=VALUE,...", "see below"},
    {{"record", required_argument, NULL, CODE_RECORD},
     "FILE",
     "write the JSON record here; - for standard output (-)"},
    {{"events", required_argument, NULL, CODE_EVENTS}, "FILE", "write the raw pauses here, as CSV"},
    {{"phases", required_argument, NULL, CODE_PHASES}, "FILE", "write the phases of pauses here, as CSV"},
    {{"timeline", required_argument, NULL, CODE_TIMELINE}, "FILE", "write the heap samples here, as CSV"},
    {{"latencies", required_argument, NULL, CODE_LATENCIES},
     "FILE",
     "write the times of requests here, as CSV, if the workload serves any"},
    {{"recording", required_argument, NULL, CODE_RECORDING}, "on|off", "record pauses and heap samples (on)"},
    {{"counters", required_argument, NULL, CODE_COUNTERS},
     "on|off",
     "count instructions and cycles, where the processor does (off)"},
    {{"event-capacity", required_argument, NULL, CODE_EVENT_CAPACITY},
     "N",
     "raw pauses kept, and phases (131072)"},
    {{"heap-limit", required_argument, NULL, CODE_HEAP_LIMIT},
     "BYTES",
     "objects and the collector's metadata may hold no more"},
    {{"allocator", required_argument, NULL, CODE_ALLOCATOR}, "NAME", "fail unless malloc is this one's"},
    {{"allocator-object", required_argument, NULL, CODE_ALLOCATOR_OBJECT},
     "FILE",
     "fail unless this file owns malloc"},
    {{"tuning", required_argument, NULL, CODE_TUNING}, "NAME", "put into the record"},
    {{"memory", required_argument, NULL, CODE_MEMORY},
     "cold|warm|rehearse",
     "warm: the pages it uses are there before the clock starts (cold)"},
    {{"warm", required_argument, NULL, CODE_WARM}, "TEXT", "the key warm of a rehearsal's record"},
    {{"checkpoints", no_argument, NULL, CODE_CHECKPOINTS},
     "",
     "collect and count what lives at each checkpoint"},
    {{"check", no_argument, NULL, CODE_CHECK}, "", "check the collector's structures there and at the end"},
    {{"possible-roots", no_argument, NULL, CODE_POSSIBLE_ROOTS},
     "",
     "count possible roots, and those that are garbage, if the collector buffers any"},
    {{"repetitions", required_argument, NULL, CODE_REPETITIONS},
     "N",
     "run it N times, and count what stays after each; nothing is recorded"},
    {{"describe", no_argument, NULL, CODE_DESCRIBE}, "", "print what this pair is, as JSON"},
    {{"help", no_argument, NULL, CODE_HELP}, "", "print this"},
};
enum { ROWS = sizeof rows / sizeof *rows };

static const char *const memory_names[] = {
    [ARGUMENTS_COLD] = "cold", [ARGUMENTS_WARM] = "warm", [ARGUMENTS_REHEARSE] = "rehearse"};
enum { MEMORIES = sizeof memory_names / sizeof *memory_names };

const char *arguments_memory_name(enum arguments_memory memory)
{
    return memory_names[memory];
}

static void print_options(const char *title, const struct option_table *table)
{
    static const char *const types[] = {"integer", "number", "on|off", "", "text"};
    if (table->count == 0)
        return;
    printf("\n%s:\n", title);
    for (size_t i = 0; i < table->count; i++) {
        const struct option_spec *option = &table->options[i];
        printf("  %-14s %s", option->name, types[option->type]);
        if (option->type == OPTION_INTEGER || option->type == OPTION_REAL)
            printf(" from %.15g to %.15g%s%s (%.15g)", option->min, option->max, *option->unit ? " " : "",
                   option->unit, option->standard);
        for (size_t j = 0; option->choices && option->choices[j]; j++)
            printf("%s%s", j ? "|" : "", option->choices[j]);
        if (option->type == OPTION_CHOICE)
            printf(" (%s)", option->choices[(size_t)option->standard]);
        if (option->type == OPTION_SWITCH)
            printf(" (%s)", option->standard != 0 ? "on" : "off");
        printf("\n%17s%s\n", "", option->help);
    }
}

void arguments_print_help(const char *program)
{
    printf("usage: %s [OPTION]...\n\n", program);
    printf("Runs the workload %s (%s)\nunder the collector %s (%s).\n\n", workload.name, workload.summary,
           gc_collector.name, gc_collector.summary);
    for (size_t i = 0; i < ROWS; i++) {
        char left[64];
        snprintf(left, sizeof left, "--%s %s", rows[i].option.name, rows[i].argument);
        printf("  %-36s %s\n", left, rows[i].help);
    }
    print_options("workload options", workload.options);
    print_options("collector options", gc_collector.options);
    printf("\nIntegers may be written 1e6, 64k or 64Ki, and bytes 64MiB or 64MB. Exit status: 0 done, 2 bad "
           "use, 3 out of memory, 4 "
           "wrong input or result, 5 disk full.\n");
}

static uint64_t read_integer(const char *name, const char *text)
{
    uint64_t value;
    if (number_integer_read(text, NUMBER_DOUBLE_END - 1, &value) < 0)
        ending_fail(ENDING_USAGE, "--%s is '%s'; it takes an integer from 0 to 2^53", name, text);
    return value;
}

/* A record holds it as an integer of JSON, which has a sign. */
static uint64_t read_seed(const char *name, const char *text)
{
    uint64_t seed;
    if (number_integer_read(text, INT64_MAX, &seed) < 0)
        ending_fail(ENDING_USAGE, "--%s is '%s'; it takes an integer from 0 to 2^63 - 1", name, text);
    return seed;
}

static uint64_t read_bytes(const char *name, const char *text)
{
    uint64_t bytes;
    if (number_bytes_read(text, &bytes) < 0)
        ending_fail(ENDING_USAGE, "--%s is '%s'; it takes " NUMBER_BYTES_EXPECTED, name, text);
    return bytes;
}

static uint64_t read_repetitions(const char *name, const char *text)
{
    uint64_t repetitions = read_integer(name, text);
    if (repetitions < 1 || repetitions > REPETITIONS_MOST)
        ending_fail(ENDING_USAGE, "--%s is '%s'; it takes from 1 to %d", name, text, REPETITIONS_MOST);
    return repetitions;
}

static bool read_switch(const char *name, const char *text)
{
    if (strcmp(text, "on") != 0 && strcmp(text, "off") != 0)
        ending_fail(ENDING_USAGE, "--%s is '%s'; it takes on or off", name, text);
    return strcmp(text, "on") == 0;
}

static enum arguments_memory read_memory(const char *name, const char *text)
{
    for (int memory = 0; memory < MEMORIES; memory++)
        if (strcmp(text, memory_names[memory]) == 0)
            return (enum arguments_memory)memory;
    ending_fail(ENDING_USAGE, "--%s is '%s'; it takes cold, warm or rehearse", name, text);
}

static void *read_options(const char *what, const struct option_table *table, const char *text)
{
    char error[OPTION_ERROR_BYTES];
    void *values = ending_unless_mapped(resources_map_touched(table->bytes));
    option_table_defaults(table, values);
    if (option_table_parse(table, text, values, error) < 0)
        ending_fail(ENDING_USAGE, "%s: %s", what, error);
    return values;
}

/* Returns where the argument of a textual option goes. */
static const char **option_text_place(struct arguments *arguments, enum option_code code, const char **texts)
{
    switch (code) {
    case CODE_WORKLOAD_OPTIONS:
        return &texts[0];
    case CODE_COLLECTOR_OPTIONS:
        return &texts[1];
    case CODE_RECORD:
        return &arguments->record;
    case CODE_EVENTS:
        return &arguments->events;
    case CODE_PHASES:
        return &arguments->phases;
    case CODE_TIMELINE:
        return &arguments->timeline;
    case CODE_LATENCIES:
        return &arguments->latencies;
    case CODE_ALLOCATOR:
        return &arguments->allocator;
    case CODE_ALLOCATOR_OBJECT:
        return &arguments->allocator_object;
    case CODE_WARM:
        return &arguments->warm;
    default: /* CODE_TUNING */
        return &arguments->tuning;
    }
}

static void option_apply(struct arguments *arguments, int row, const char **texts)
{
    const char *name = rows[row].option.name;
    enum option_code code = (enum option_code)rows[row].option.val;
    switch (code) {
    case CODE_WORKLOAD_OPTIONS:
    case CODE_COLLECTOR_OPTIONS:
    case CODE_RECORD:
    case CODE_EVENTS:
    case CODE_PHASES:
    case CODE_TIMELINE:
    case CODE_LATENCIES:
    case CODE_ALLOCATOR:
    case CODE_ALLOCATOR_OBJECT:
    case CODE_TUNING:
    case CODE_WARM:
        *option_text_place(arguments, code, texts) = optarg;
        break;
    case CODE_MEMORY:
        arguments->memory = read_memory(name, optarg);
        break;
    case CODE_SEED:
        arguments->seed = read_seed(name, optarg);
        break;
    case CODE_RECORDING:
        arguments->recording = read_switch(name, optarg);
        break;
    case CODE_COUNTERS:
        arguments->counters = read_switch(name, optarg);
        break;
    case CODE_EVENT_CAPACITY:
        arguments->event_capacity = read_integer(name, optarg);
        break;
    case CODE_HEAP_LIMIT:
        arguments->heap_limit = read_bytes(name, optarg);
        break;
    case CODE_CHECKPOINTS:
        arguments->checkpoints = true;
        break;
    case CODE_CHECK:
        arguments->check = true;
        break;
    case CODE_POSSIBLE_ROOTS:
        arguments->possible_roots = true;
        break;
    case CODE_REPETITIONS:
        arguments->repetitions = read_repetitions(name, optarg);
        break;
    case CODE_DESCRIBE:
        arguments->action = ARGUMENTS_DESCRIBE;
        break;
    case CODE_HELP:
        arguments->action = ARGUMENTS_HELP;
        break;
    }
}

/* Refuses what comes twice, and an empty argument; a list of options may be empty, and so may
 * what a rehearsal found. */
static void check_once(int row, bool given)
{
    const struct option *option = &rows[row].option;
    bool list = option->val == CODE_WORKLOAD_OPTIONS || option->val == CODE_COLLECTOR_OPTIONS ||
                option->val == CODE_WARM;
    if (given)
        ending_fail(ENDING_USAGE, "--%s is given twice", option->name);
    if (option->has_arg == required_argument && !list && !*optarg)
        ending_fail(ENDING_USAGE, "--%s has an empty argument", option->name);
}

/* A measured process runs its workload once: a second time would find memory that the first has warmed. */
static void check_repetitions(struct arguments *arguments, const bool *given)
{
    static const enum option_code measuring[] = {CODE_EVENTS,    CODE_PHASES,         CODE_TIMELINE,
                                                 CODE_RECORDING, CODE_EVENT_CAPACITY, CODE_CHECKPOINTS,
                                                 CODE_LATENCIES};
    if (!arguments->repetitions)
        return;
    for (int row = 0; row < ROWS; row++)
        for (size_t i = 0; i < sizeof measuring / sizeof *measuring && given[row]; i++)
            if (rows[row].option.val == (int)measuring[i] &&
                (measuring[i] != CODE_RECORDING || arguments->recording))
                ending_fail(ENDING_USAGE, "--repetitions measures nothing, so there is no --%s with it",
                            rows[row].option.name);
    arguments->recording = false;
}

static void check_memory(const struct arguments *arguments)
{
    if (arguments->memory == ARGUMENTS_WARM && !arguments->warm)
        ending_fail(ENDING_USAGE,
                    "--memory warm needs --warm TEXT: the key \"warm\" of the record of the same "
                    "process with --memory rehearse");
    if (arguments->memory != ARGUMENTS_WARM && arguments->warm)
        ending_fail(ENDING_USAGE, "--warm is for --memory warm alone");
    if (arguments->memory != ARGUMENTS_COLD && arguments->repetitions)
        ending_fail(ENDING_USAGE, "--repetitions measures nothing, so there is no --memory %s with it",
                    arguments_memory_name(arguments->memory));
}

/* A pair that only describes itself, without options, needs none. */
static void check_objection(const void *options)
{
    const char *wrong = workload.objection ? workload.objection(options) : NULL;
    if (wrong)
        ending_fail(ENDING_USAGE, "%s: %s", workload.name, wrong);
}

void arguments_read(int argc, char **argv, struct arguments *ret_arguments)
{
    struct option options[ROWS + 1] = {0};
    const char *texts[2] = {NULL, NULL};
    bool given[ROWS] = {false};
    int code;
    int row = 0;
    for (size_t i = 0; i < ROWS; i++)
        options[i] = rows[i].option;
    *ret_arguments = (struct arguments){.seed = 1,
                                        .heap_limit = UINT64_MAX,
                                        .event_capacity = PAUSE_LOG_PAUSES,
                                        .recording = true,
                                        .record = "-",
                                        .tuning = "default"};
    opterr = 0;
    while ((code = getopt_long(argc, argv, ":", options, &row)) != -1) {
        if (code == ':')
            ending_fail(ENDING_USAGE, "%s needs a value; see --help", argv[optind - 1]);
        if (code == '?')
            ending_fail(ENDING_USAGE, "unknown option '%s'; see --help", argv[optind - 1]);
        check_once(row, given[row]);
        option_apply(ret_arguments, row, texts);
        given[row] = true;
    }
    if (optind < argc)
        ending_fail(ENDING_USAGE, "unexpected argument '%s'; see --help", argv[optind]);
    check_repetitions(ret_arguments, given);
    check_memory(ret_arguments);
    ret_arguments->workload_options = read_options(workload.name, workload.options, texts[0]);
    if (texts[0] || ret_arguments->action == ARGUMENTS_RUN)
        check_objection(ret_arguments->workload_options);
    ret_arguments->collector_options = read_options(gc_collector.name, gc_collector.options, texts[1]);
}
