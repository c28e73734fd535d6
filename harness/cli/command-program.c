/* SPDX-License-Identifier: MIT */
/* gcmatrix program: converts a program between its two forms, checks it, counts what is in it, and draws
 * it. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/nearest.h"
#include "base/writing.h"
#include "harness/cli/cli.h"
#include "harness/cli/program-trace.h"
#include "harness/cli/recorded-program.h"
#include "program/model.h"
#include "program/program-text.h"

/* The limit for reading: room for the model of a program with some 100 million objects. */
enum { MEMORY_LIMIT_GIB = 8 };

static const uint64_t memory_limit = (uint64_t)MEMORY_LIMIT_GIB << 30;

/* ---- input and output ---- */

/* Writes a program to standard output, whose errors main() reports. */
static int program_print(const struct program *program, int (*write)(const struct program *, FILE *))
{
    if (write(program, stdout) == 0 || ferror(stdout))
        return 0;
    return message_storage("program: standard output: %s", strerror(errno));
}

/* Writes a program to the file `path`, or to standard output when it is NULL. */
static int program_save(const struct program *program, int (*write)(const struct program *, FILE *),
                        const char *path)
{
    struct writing file;
    if (!path)
        return program_print(program, write);
    int status = writing_begin_path("program", path, &file);
    if (status != 0)
        return status;
    if (write(program, writing_stream(&file)) == 0 || ferror(writing_stream(&file)))
        return writing_keep(&file);
    writing_drop(&file);
    return message_storage("program: out of memory following the frames");
}

/* ---- statistics ---- */

struct statistics {
    uint64_t codes[PROGRAM_CODES];
    uint64_t bytes; /* bytes of all objects, as in a record */
    uint32_t live_max;
    uint32_t frames_max;
    uint32_t slots_max;
    uint32_t live;      /* objects live at the end, where counting alone frees */
    uint64_t reachable; /* objects that the slots reach at the end */
};

static void statistics_add(struct statistics *statistics, const struct model *model,
                           const struct program_op *op)
{
    statistics->codes[op->code]++;
    if (op->code == PROGRAM_NEW)
        statistics->bytes += gc_shape_bytes(&model->shapes[op->b], op->c);
    if (model->live > statistics->live_max)
        statistics->live_max = model->live;
    if (model->frame_count > statistics->frames_max)
        statistics->frames_max = model->frame_count;
    if (model->top > statistics->slots_max)
        statistics->slots_max = model->top;
}

static int statistics_make(const struct program *program, struct statistics *ret_statistics)
{
    struct model model;
    struct model_places places;
    *ret_statistics = (struct statistics){0};
    if (model_open(&model, program->shapes, program->shape_count, program->globals, memory_limit) < 0)
        return message_bad_input("program: out of memory");
    const char *failure = NULL;
    for (uint64_t i = 0; i < program->op_count && !failure; i++) {
        failure = model_apply(&model, &program->ops[i], &places);
        statistics_add(ret_statistics, &model, &program->ops[i]);
    }
    ret_statistics->live = model.live;
    ret_statistics->reachable = model_reachable(&model);
    model_close(&model);
    return failure ? message_bad_input("program: %s", failure) : 0;
}

static void row_print(const char *name, uint64_t value, const char *remark)
{
    printf("%-20s %12llu%s%s\n", name, (unsigned long long)value, *remark ? "  " : "", remark);
}

static void statistics_print(const struct program *program, const struct statistics *statistics)
{
    row_print("operations", program->op_count, "");
    for (int code = 0; code < PROGRAM_CODES; code++) {
        char name[32];
        snprintf(name, sizeof name, "  %s", program_codes[code].word);
        if (statistics->codes[code])
            row_print(name, statistics->codes[code], "");
    }
    row_print("objects", statistics->codes[PROGRAM_NEW], "");
    row_print("bytes", statistics->bytes, "headers and lengths included");
    row_print("shapes", program->shape_count, "");
    row_print("globals", program->globals, "");
    row_print("frames, at most", statistics->frames_max, "nested");
    row_print("slots, at most", statistics->slots_max, "globals included");
    row_print("live, at most", statistics->live_max, "objects, where counting alone frees");
    row_print("live, at the end", statistics->live, "the same");
    row_print("reachable at the end", statistics->reachable, "the others are on cycles or hang off them");
}

/* ---- the actions ---- */

struct request {
    const char *file;
    const char *output;         /* NULL when not given */
    struct program_trace trace; /* for the action of that name, without the two above */
};

static int action_dump(const struct request *request, const struct program *program)
{
    return program_save(program, program_text_write, request->output);
}

static int action_assemble(const struct request *request, const struct program *program)
{
    return program_save(program, program_write, request->output);
}

static int action_check(const struct request *request, const struct program *program)
{
    message_say("%s: a valid program of %llu operations and %llu objects", request->file,
                (unsigned long long)program->op_count, (unsigned long long)program_object_count(program));
    return 0;
}

static int action_stats(const struct request *request, const struct program *program)
{
    struct statistics statistics;
    (void)request;
    int status = statistics_make(program, &statistics);
    if (status == 0)
        statistics_print(program, &statistics);
    return status;
}

static int deaths_save(const struct program *plain, const struct deaths *deaths, const char *path)
{
    struct program marked;
    uint64_t cyclic = 0;
    uint64_t survivors = 0;
    for (uint32_t i = 0; i < deaths->count; i++) {
        cyclic += deaths->objects[i].cyclic;
        survivors += deaths->objects[i].death == DEATHS_NEVER;
    }
    if (deaths_insert(plain, deaths, &marked) < 0)
        return message_bad_input("program: out of memory");
    int status = program_save(&marked, program_write, path);
    program_free(&marked);
    if (status == 0)
        message_say("%s: of %u objects %llu die by counting, %llu on cycles or held by them, %llu never",
                    path, deaths->count, (unsigned long long)(deaths->count - cyclic - survivors),
                    (unsigned long long)cyclic, (unsigned long long)survivors);
    return status;
}

static int action_deaths(const struct request *request, const struct program *program)
{
    struct program plain;
    struct deaths deaths;
    if (program_is_finalising(program))
        return message_bad_input(
            "program: %s: what a finaliser brings back dies twice, so a program with finalisers or "
            "weak references has no list of deaths",
            request->file);
    if (deaths_plain(program, &plain) < 0)
        return message_bad_input("program: out of memory");
    bool found = deaths_find(&plain, &deaths) == 0;
    int status = found ? deaths_save(&plain, &deaths, request->output)
                       : message_bad_input("program: %s: out of memory", request->file);
    if (found)
        deaths_free(&deaths);
    program_free(&plain);
    return status;
}

static int action_trace(const struct request *request, const struct program *program)
{
    struct program_trace trace = request->trace;
    trace.file = request->file;
    trace.output = request->output;
    return program_trace_run(&trace, program);
}

static const struct action {
    const char *name;
    enum { OUTPUT_NONE, OUTPUT_MAY, OUTPUT_MUST } output;
    int (*run)(const struct request *request, const struct program *program);
} actions[] = {
    {"dump", OUTPUT_MAY, action_dump},      {"assemble", OUTPUT_MUST, action_assemble},
    {"check", OUTPUT_NONE, action_check},   {"stats", OUTPUT_NONE, action_stats},
    {"deaths", OUTPUT_MUST, action_deaths}, {"trace", OUTPUT_MAY, action_trace},
};
enum { ACTIONS = sizeof actions / sizeof *actions };

static const struct action *action_find(const char *name)
{
    const char *names[ACTIONS];
    for (size_t i = 0; i < ACTIONS; i++) {
        names[i] = actions[i].name;
        if (strcmp(name, names[i]) == 0)
            return &actions[i];
    }
    const char *near = nearest_name(name, names, ACTIONS);
    if (near)
        message_bad_input("program: unknown action '%s'; did you mean '%s'?", name, near);
    else
        message_bad_input("program: unknown action '%s'; dump, assemble, check, stats, deaths and trace are",
                          name);
    return NULL;
}

/* The name of an option that was given and is of `trace` alone; NULL: none was. */
static const char *trace_option_given(const struct option *options)
{
    for (const struct option *option = options; option->name; option++)
        if (option->val != 'o' && cli_option_given(option->val))
            return option->name;
    return NULL;
}

static int request_check(const struct action *action, const struct option *options,
                         const struct request *request)
{
    const char *of_trace = trace_option_given(options);
    if (of_trace && action->run != action_trace)
        return message_bad_input("program %s: --%s is an option of 'program trace' alone", action->name,
                                 of_trace);
    if (action->output == OUTPUT_MUST && !request->output)
        return message_bad_input("program %s: say where to write: -o FILE.gcp", action->name);
    if (action->output == OUTPUT_NONE && request->output)
        return message_bad_input("program %s: takes no -o: it writes no file", action->name);
    return 0;
}

static const struct option program_options[] = {
    {"output", required_argument, NULL, 'o'}, {"collector", required_argument, NULL, 'c'},
    {"dot", no_argument, NULL, 'd'},          {"json", no_argument, NULL, 'j'},
    {"svg", required_argument, NULL, 's'},    {"html", required_argument, NULL, 'w'},
    {"changes", no_argument, NULL, 'e'},      {NULL, 0, NULL, 0}};

static void option_take(int found, struct request *request)
{
    switch (found) {
    case 'o':
        request->output = optarg;
        break;
    case 'c':
        request->trace.collector = optarg;
        break;
    case 'd':
        request->trace.dot = true;
        break;
    case 'j':
        request->trace.json = true;
        break;
    case 's':
        request->trace.svg = optarg;
        break;
    case 'w':
        request->trace.html = optarg;
        break;
    case 'e':
        request->trace.changes = true;
        break;
    }
}

/* Reads the options. Returns 0, or MESSAGE_BAD_INPUT after one line. */
static int options_read(int argc, char **argv, struct request *ret_request)
{
    static const struct cli_exclusion exclusions[] = {
        {"d", "jsw", "are two forms of the same: give one"},
        {"j", "sw", "are two forms of the same: give one"},
        {"s", "w", "are two forms of the same: give one"},
        {"o", "sw", "do not go together: each says where to write"}};
    int found;
    optind = 0;
    while ((found = cli_option_next(argc, argv, ":o:c:j", program_options)) != -1) {
        if (found == '?')
            return MESSAGE_BAD_INPUT;
        option_take(found, ret_request);
    }
    if (cli_operands_check(argc, argv, 2, 2,
                           "takes an action and one file, as in: gcmatrix program check FILE") != 0)
        return MESSAGE_BAD_INPUT;
    return cli_exclusions_check("program", program_options, exclusions,
                                sizeof exclusions / sizeof *exclusions);
}

static int command_run(int argc, char **argv)
{
    struct request request = {0};
    struct program program;
    if (options_read(argc, argv, &request) != 0)
        return MESSAGE_BAD_INPUT;
    const struct action *action = action_find(argv[optind]);
    request.file = argv[optind + 1];
    if (!action)
        return MESSAGE_BAD_INPUT;
    int status = request_check(action, program_options, &request);
    if (status == 0)
        status = recording_load("program", request.file, &program);
    if (status != 0)
        return status;
    status = action->run(&request, &program);
    program_free(&program);
    return status;
}

const struct cli_command cli_program = {
    .name = "program",
    .summary = "reads, checks, rewrites and draws programs: recordings, and what replay runs",
    .usage =
        "usage: gcmatrix program dump FILE [-o OUT]\n"
        "       gcmatrix program assemble FILE -o OUT.gcp\n"
        "       gcmatrix program check FILE\n"
        "       gcmatrix program stats FILE\n"
        "       gcmatrix program deaths FILE -o OUT.gcp\n"
        "       gcmatrix program trace FILE -c COLLECTOR [--dot | --svg DIR | --html PAGE | --json]\n\n"
        "FILE is a program in either form: binary (.gcp) or text.\n\n"
        "  dump       writes it as text, to standard output unless -o is given\n"
        "  assemble   writes it as a binary file, which replay:file=OUT.gcp runs\n"
        "  check      says whether it is valid, or what is wrong and where\n"
        "  stats      counts its operations by kind, its objects and bytes, frames, and what is live\n"
        "  deaths     writes it with a 'free' at the exact moment of each object's death, which\n"
        "             replay:file=OUT.gcp runs under explicit, and under every other collector\n"
        "  trace      runs a small program and shows the heap after each operation, and after each phase\n"
        "             of a collection: objects, counts, colours, names and the collector's buffers\n\n"
        "  -o, --output OUT   the file to write\n\n"
        "Of trace alone, which prints text unless it is told otherwise:\n"
        "  -c, --collector NAME[:OPTIONS]  the collector that runs the program\n"
        "      --changes      shows each change of an object within a phase, too\n"
        "      --dot          writes graphs for graphviz, one for each picture\n"
        "      --svg DIR      has graphviz draw them: DIR/picture-0001.svg and so on\n"
        "      --html PAGE    writes one page with all pictures, which needs no other file\n"
        "  -j, --json         writes the pictures as JSON\n\n"
        "To record a workload: gcmatrix run WORKLOAD -c recorder:file=OUT.gcp; the formats are in\n"
        "docs/programs.md. docs/teaching.md goes through a trace.\n",
    .run = command_run,
};
