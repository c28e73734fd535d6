/* SPDX-License-Identifier: MIT */
/* The worker of runtimes outside this tree. It runs the programs of a range of seeds, or those of files, in a
 * runtime that it talks to over pipes. It ends at the first program that fails. Its options and its output are
 * those of the workers of collectors (worker/main.c). */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "harness/stress/arguments.h"
#include "harness/stress/fingerprint.h"
#include "harness/stress/generator.h"
#include "harness/stress/line.h"
#include "harness/stress/runtime/answers.h"
#include "harness/stress/runtime/session.h"

enum { TIME_LIMIT = 10 };

static struct arguments {
    struct arguments_common common; /* its time limit: a runtime may compute for so long, or be silent */
    struct boundaries boundaries;
    const char *runtime; /* the command */
    bool describe;
} arguments;

static struct session session;
static struct hello hello;
static uint64_t seed_in_flight;

/* ---- findings ---- */

/* Prints the one line and ends. */
__attribute__((noreturn, format(printf, 2, 3))) static void report(const char *kind, const char *format, ...)
{
    char text[LINE_BYTES / 2];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    session_kill(&session);
    fflush(stdout);
    fputc('\n', stderr); /* the runtime may have left a line of its own unfinished */
    fprintf(stderr, LINE_FINDING "%s\n", seed_in_flight, (uint64_t)0, "-", kind, text);
    exit(LINE_EXIT_FINDING);
}

__attribute__((noreturn)) static void usage(const char *what, const char *text)
{
    fprintf(stderr,
            "runtime-worker: %s%s\n"
            "usage: runtime-worker --runtime COMMAND [--describe] [--seed N] [--programs N] [--dials TEXT]\n"
            "       [--boundaries TEXT] [--setting TEXT] [--time-limit SECONDS] [FILE.gcp]...\n",
            what, text);
    exit(LINE_EXIT_USAGE);
}

/* Prints in one line why no program can be run in this runtime, and ends. */
__attribute__((noreturn, format(printf, 1, 2))) static void refuse(const char *format, ...)
{
    char *text;
    va_list list;
    session_kill(&session);
    fflush(stdout);
    va_start(list, format);
    if (vasprintf(&text, format, list) < 0)
        memory_exhausted();
    va_end(list);
    escape_clean(text);
    fprintf(stderr, "%s\n", text);
    exit(LINE_EXIT_USAGE);
}

__attribute__((noreturn)) static void refuse_plainly(const char *what, const char *text)
{
    refuse("%s%s", what, text);
}

/* Returns how the runtime's process ended. The caller frees it. */
static char *ending(void)
{
    bool killed;
    int status = session_wait(&session, &killed);
    if (killed)
        return text_format("it has closed its standard output, and does not end");
    /* A shell that ran the command tells of a signal by a status above 128. */
    int signal = WIFSIGNALED(status)         ? WTERMSIG(status)
                 : WEXITSTATUS(status) > 128 ? WEXITSTATUS(status) - 128
                                             : 0;
    if (signal)
        return text_format("it ended by signal %d (%s)", signal, strsignal(signal));
    if (WEXITSTATUS(status) == 127)
        return text_format("it ended with status 127: a shell that finds no such command does");
    return text_format("it ended with status %d", WEXITSTATUS(status));
}

/* ---- the hello ---- */

static char *hello_objection;

static bool on_hello(void *context, const char *answer)
{
    (void)context;
    hello_objection = promises_read(answer, &hello);
    return false;
}

/* Starts the runtime and reads what it promises. Does not return when the two cannot talk. */
static void runtime_start(void)
{
    const char *command = arguments.runtime;
    char *text = text_format("gcmatrix-stress %d\n", PROTOCOL_VERSION);
    if (session_open(&session, command, (double)arguments.common.time_limit) < 0)
        refuse("runtime '%s' cannot be started: %s", command, strerror(errno));
    enum session_end end = session_exchange(&session, text, strlen(text), on_hello, NULL);
    free(text);
    if (end == SESSION_ENDED)
        refuse("runtime '%s' gives no answer to 'gcmatrix-stress %d': %s", command, PROTOCOL_VERSION,
               ending());
    if (end != SESSION_DONE)
        refuse("runtime '%s' gives no answer to 'gcmatrix-stress %d' for %" PRIu64
               " s: does it flush its standard output behind each answer?",
               command, PROTOCOL_VERSION, arguments.common.time_limit);
    if (hello_objection)
        refuse("runtime '%s': %s", command, hello_objection);
}

/* ---- programs ---- */

struct run {
    struct script script;
    size_t answered;
    struct wrong wrong;
    struct freed freed; /* at the end of the program */
};

static bool on_answer(void *context, const char *answer)
{
    struct run *run = context;
    const struct question *question = &run->script.questions[run->answered];
    run->wrong = answer_check(&run->script, question, &hello.promises, answer);
    if (run->wrong.kind)
        return false;
    bool last = ++run->answered == run->script.count;
    if (last)
        run->freed = answer_freed(question, answer);
    return !last;
}

/* Reports a runtime that gave no answer. */
__attribute__((noreturn)) static void report_silence(const struct run *run, enum session_end end)
{
    const struct question *question = &run->script.questions[run->answered];
    uint64_t after = run->answered ? question[-1].op : 0;
    char *place = question_place(&run->script, question);
    if (end == SESSION_ENDED)
        report("crash", "behind operation %" PRIu64 " and in front of the answer to %s: %s", after, place,
               ending());
    if (end == SESSION_COMPUTES)
        report("time-out",
               "it has computed for %" PRIu64 " s, and not answered %s; --time-limit gives it more",
               arguments.common.time_limit, place);
    report("time-out",
           "it has said nothing for %" PRIu64
           " s in front of the answer to %s: it hangs, or it does not flush "
           "its standard output behind each answer",
           arguments.common.time_limit, place);
}

static void line_print(const struct program *program, const struct run *run)
{
    const struct freed *freed = &run->freed;
    uint64_t objects = run->script.questions[run->script.count - 1].number;
    uint64_t at_zero = hello.promises.frees_at_once ? freed->others : 0;
    uint64_t checks = 0;
    for (size_t i = 0; i < run->script.count; i++)
        checks += run->script.questions[i].kind == QUESTION_ALIVE;
    struct line line = {.seed = seed_in_flight,
                        .operations = program->op_count,
                        .collections = run->script.collections,
                        .collected = freed->on_cycles + freed->others - at_zero,
                        .freed_at_zero = at_zero,
                        .held = objects - freed->on_cycles - freed->others,
                        .checks = checks};
    line_numbers_print((const uint64_t *)&line, LINE_COLUMN_COUNT);
    puts("- -");
    fflush(stdout);
}

static void program_run(const struct program *program, uint64_t seed)
{
    struct run run = {0};
    seed_in_flight = seed;
    if (script_make(program, &arguments.common.conditions, seed, &hello.promises, &run.script) < 0)
        refuse("runtime-worker: out of memory");
    enum session_end end = session_exchange(&session, run.script.text, run.script.length, on_answer, &run);
    if (end != SESSION_DONE)
        report_silence(&run, end);
    if (run.wrong.kind)
        report(run.wrong.kind, "%s", run.wrong.text);
    line_print(program, &run);
    script_free(&run.script);
}

static void seed_run(uint64_t seed)
{
    struct dials dials = generator_dials(seed, &arguments.common.dials, &arguments.common.conditions);
    struct program program;
    if (generator_make(seed, &dials, &arguments.boundaries, NULL, &program) < 0)
        refuse("runtime-worker: out of memory");
    program_run(&program, seed);
    program_free(&program);
}

static void file_run(const char *path)
{
    struct program program = arguments_program(path, refuse_plainly);
    program_run(&program, arguments.common.seed);
    program_free(&program);
}

/* Closes the runtime's input. A runtime that then crashes has failed in the last program. */
static void runtime_end(void)
{
    bool killed;
    int status = session_wait(&session, &killed);
    if (killed)
        report("time-out", "it does not end within %" PRIu64 " s of the end of its input",
               arguments.common.time_limit);
    if (WIFSIGNALED(status))
        report("crash", "at the end of its input it ended by signal %d (%s)", WTERMSIG(status),
               strsignal(WTERMSIG(status)));
}

/* ---- options ---- */

static void arguments_read(int argc, char **argv)
{
    static const struct option options[] = {
        ARGUMENTS_COMMON,
        {"runtime", required_argument, NULL, 'r'},
        {"describe", no_argument, NULL, 'D'},
        {"options", required_argument, NULL, 'o'},
        {NULL, 0, NULL, 0},
    };
    int found;
    arguments.common = arguments_standard(TIME_LIMIT);
    opterr = 0;
    while ((found = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (arguments_take(found, optarg, usage, &arguments.common))
            continue;
        if (found == 'r')
            arguments.runtime = optarg;
        else if (found == 'D')
            arguments.describe = true;
        else if (found == 'o' && *optarg)
            usage("a runtime has no options but those of its command, and not ", optarg);
        else if (found != 'o')
            usage("unknown option, or one without its argument: ", argv[optind - 1]);
    }
    arguments_boundaries(&arguments.common, usage, &arguments.boundaries);
    if (!arguments.runtime)
        usage("--runtime is missing", "");
}

int main(int argc, char **argv)
{
    if (fingerprint_answer(argc, argv))
        return 0;
    arguments_read(argc, argv);
    runtime_start();
    if (arguments.describe) {
        printf("%s\n", hello.name);
        promises_write_unchecked(&hello.promises, stdout);
        session_kill(&session);
        return 0;
    }
    for (int i = optind; i < argc; i++)
        file_run(argv[i]);
    for (uint64_t i = 0; optind == argc && i < arguments.common.programs; i++)
        seed_run(arguments.common.seed + i);
    runtime_end();
    return 0;
}
