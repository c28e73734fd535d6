/* SPDX-License-Identifier: MIT */
/* A worker runs the programs of a range of seeds, or those of files, under the one collector with which it is
 * linked. It ends at the first program that fails. */
#include <alloca.h>
#include <getopt.h>
#include <malloc.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "collectors/collector-api.h"
#include "harness/stress/arguments.h"
#include "harness/stress/fingerprint.h"
#include "harness/stress/generator.h"
#include "harness/stress/line.h"
#include "harness/stress/runtime/promises.h"
#include "harness/stress/worker/bounds.h"
#include "harness/stress/worker/trial.h"

/* The address sanitizer makes frames several times as large. */
#if defined __SANITIZE_ADDRESS__
#define SANITIZED 1
#elif defined __has_feature
#define SANITIZED __has_feature(address_sanitizer)
#else
#define SANITIZED 0
#endif

enum {
    SIGNAL_STACK_BYTES = 1 << 16,
    STACK_BYTES = SANITIZED
                      ? 1 << 18
                      : 1 << 16, /* the C stack: a function that recurses along the heap overflows it soon */
    STACK_MAPPED = 1 << 18,      /* the system maps 128 KiB from the start, and no limit takes them back */
};

static struct arguments {
    struct arguments_common common; /* its time limit is of the processor; 0: none */
    struct boundaries
        boundaries;           /* from which programs are made; those of this collector, if none are given */
    struct coverage coverage; /* of them, if `covers` */
    const char *options;
    double seconds; /* processor seconds to go on; 0: run `programs` */
    bool quiet;
    bool covers;
    bool prints_worst;     /* prints how near the collector came to its bounds */
    bool describes;        /* prints what a campaign does not check of this collector, and runs nothing */
    bool lists_boundaries; /* prints those of this collector, and runs nothing */
} arguments;

static uint64_t seed_in_flight;

/* ---- findings ---- */

/* Prints the one line and ends. A signal handler may call it too, where its output is as good as
 * it can be. */
__attribute__((noreturn)) static void report(const char *kind, const char *text)
{
    char line[LINE_BYTES];
    const char *options = *trial_drawn.options ? trial_drawn.options : "-";
    int length =
        snprintf(line, sizeof line, LINE_FINDING "%s\n", seed_in_flight, trial_drawn.at, options, kind, text);
    fflush(stdout);
    if (write(STDERR_FILENO, line, (size_t)length) < length)
        _exit(LINE_EXIT_FINDING);
    _exit(LINE_EXIT_FINDING);
}

static void on_signal(int number)
{
    if (number == SIGPROF)
        report("time-out", "the program does not come to its end");
    else if (number == SIGILL || number == SIGTRAP)
        report("trap", "the heap check, or the collection itself, says that the heap is not as it should be");
    else if (number == SIGABRT)
        report("abort", "an assertion does not hold");
    report("crash", strsignal(number));
}

static void signals_take(void)
{
    static const int numbers[] = {SIGPROF, SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE};
    static char stack[SIGNAL_STACK_BYTES];
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK};
    sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sigaction(numbers[i], &action, NULL);
}

/* ---- boundaries ---- */

/* The boundaries of this collector, and those of every collector. */
static struct boundaries own_boundaries(void)
{
    struct boundaries own = {0};
    boundaries_add_table(&own, gc_contract_boundaries);
    for (const struct gc_boundary *const *table = gc_collector.boundaries; table && *table; table++)
        boundaries_add_table(&own, *table);
    return own;
}

static void boundaries_list(const struct boundaries *own)
{
    for (size_t i = 0; i < own->count; i++)
        printf("%s %" PRIu64 " %s\n", boundary_words[own->items[i].kind], own->items[i].value,
               own->items[i].name);
}

/* ---- what is promised ---- */

static void bound_describe(const char *what, const char *none)
{
    if (none)
        printf("%s%s%s\n", what, *none ? ": no bound is stated, because " : ": no bound is stated", none);
}

/* What the traits and the bounds of this collector leave out. */
static void unchecked_list(void)
{
    const struct gc_traits *traits = gc_collector.traits;
    struct promises promises = {.counts = traits->counts,
                                .frees_at_once = traits->frees_at_once,
                                .frees_late = traits->frees_late,
                                .reclaims_cycles = traits->reclaims_cycles};
    struct gc_bounds stated;
    bounds_state(trial_options_default(), &stated);
    puts(gc_collector.name);
    promises_write_missing(&promises, stdout);
    if (!traits->finalises || !traits->reclaims_cycles)
        printf("finalisers and weak references: %s\n",
               traits->finalises ? "where they are of rings, which it does not find" : "it has none");
    bound_describe("how much garbage it holds", stated.held.none);
    bound_describe("how large its tables are", stated.tables.none);
    bound_describe("how much a collection visits", stated.visits.none);
    bound_describe("how often it collects by itself", stated.full.none);
}

/* How near the collector came to its bounds, as JSON; null where that was not seen. */
static void worst_print(void)
{
    const double numbers[] = {bounds_worst.held, bounds_worst.tables, bounds_worst.visits, bounds_worst.full,
                              bounds_worst.young};
    static const char *const names[] = {"held", "tables", "visits", "full", "young"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        printf("%s\"%s\": ", i ? ", " : "{", names[i]);
        if (numbers[i] < 0 || isinf(numbers[i]))
            printf("null");
        else
            printf("%.4g", numbers[i]);
    }
    puts("}");
}

/* ---- options ---- */

__attribute__((noreturn)) static void usage(const char *what, const char *text)
{
    fprintf(stderr,
            "stress-%s: %s%s\n"
            "usage: stress-%s [--seed N] [--programs N | --seconds T] [--dials TEXT] [--setting TEXT]\n"
            "       [--boundaries TEXT] [--coverage] [--options TEXT] [--time-limit SECONDS] [--quiet] "
            "[--worst]\n"
            "       [FILE.gcp]...\n"
            "       stress-%s --list-boundaries | --describe | " FINGERPRINT_QUESTION "\n",
            gc_collector.name, what, text, gc_collector.name, gc_collector.name);
    exit(LINE_EXIT_USAGE);
}

/* Takes the boundaries that were given, or this collector's own. */
static void boundaries_take(void)
{
    if (!arguments_boundaries(&arguments.common, usage, &arguments.boundaries))
        arguments.boundaries = own_boundaries();
    if (arguments.covers)
        coverage_open(&arguments.coverage, &arguments.boundaries);
}

static void arguments_read(int argc, char **argv)
{
    static const struct option options[] = {
        ARGUMENTS_COMMON,
        {"seconds", required_argument, NULL, 't'},
        {"options", required_argument, NULL, 'o'},
        {"quiet", no_argument, NULL, 'q'},
        {"coverage", no_argument, NULL, 'c'},
        {"worst", no_argument, NULL, 'w'},
        {"describe", no_argument, NULL, 'D'},
        {"list-boundaries", no_argument, NULL, 'b'},
        {NULL, 0, NULL, 0},
    };
    int found;
    arguments.common = arguments_standard(0);
    opterr = 0;
    while ((found = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (arguments_take(found, optarg, usage, &arguments.common))
            continue;
        if (found == 't')
            arguments.seconds = (double)arguments_number("--seconds", optarg, usage);
        else if (found == 'o')
            arguments.options = optarg;
        else if (found == 'q')
            arguments.quiet = true;
        else if (found == 'c')
            arguments.covers = true;
        else if (found == 'w')
            arguments.prints_worst = true;
        else if (found == 'D')
            arguments.describes = true;
        else if (found == 'b')
            arguments.lists_boundaries = true;
        else
            usage("unknown option, or one without its argument: ", argv[optind - 1]);
    }
    boundaries_take();
}

/* ---- programs ---- */

/* Prints the boundaries that this program reached and none before it, in a program that came to its end. */
static void hits_print(const struct trial_result *result)
{
    struct coverage *coverage = &arguments.coverage;
    char *text = arguments.covers && !result->exhausted
                     ? coverage_text(coverage->hits, coverage->boundaries->count)
                     : NULL;
    printf("%s ", text && text[strspn(text, "0")] ? text : "-");
    if (text)
        memset(coverage->hits, 0, coverage->boundaries->count);
    free(text);
}

static void line_print(const struct trial_result *result)
{
    struct line line = {seed_in_flight,      result->digest,   result->counted,   result->operations,
                        result->collections, result->cascades, result->collected, result->freed_at_zero,
                        result->held,        result->moved,    result->checks,    result->failed,
                        result->exhausted,   result->alike,    trial_drawn.at};
    line_numbers_print((const uint64_t *)&line, LINE_COLUMN_COUNT);
    hits_print(result);
    puts(*trial_drawn.options ? trial_drawn.options : "-");
    fflush(stdout);
}

/* Sets the limit in processor seconds, so that a busy machine makes no findings. */
static void time_limit_set(uint64_t seconds)
{
    setitimer(ITIMER_PROF, &(struct itimerval){.it_value.tv_sec = (time_t)seconds}, NULL);
}

static uint64_t program_run(const struct program *program, uint64_t seed)
{
    struct trial_request request = {.program = program,
                                    .conditions = &arguments.common.conditions,
                                    .options = arguments.options,
                                    .seed = seed};
    struct trial_result result;
    seed_in_flight = seed;
    time_limit_set(arguments.common.time_limit);
    if (trial_run(&request, &result) < 0)
        report("environment", "out of memory");
    time_limit_set(0);
    if (!arguments.quiet)
        line_print(&result);
    return result.operations;
}

static uint64_t seed_run(uint64_t seed)
{
    struct dials dials = generator_dials(seed, &arguments.common.dials, &arguments.common.conditions);
    struct program program;
    seed_in_flight = seed;
    if (generator_make(seed, &dials, &arguments.boundaries, arguments.covers ? &arguments.coverage : NULL,
                       &program) < 0)
        report("environment", "out of memory");
    uint64_t operations = program_run(&program, seed);
    program_free(&program);
    return operations;
}

static void file_run(const char *path)
{
    struct program program = arguments_program(path, usage);
    program_run(&program, arguments.common.seed);
    program_free(&program);
}

/* Returns the time of this process alone, however many share the processor. */
static double processor_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Runs programs for a given processor time, and prints how fast that was. */
static void seconds_run(void)
{
    double begin = processor_seconds();
    uint64_t operations = 0;
    uint64_t programs = 0;
    double passed = 0;
    while (passed < arguments.seconds) {
        operations += seed_run(arguments.common.seed + programs++);
        passed = processor_seconds() - begin;
    }
    printf("%s: %.2f million checked operations per second, %.0f programs per second\n", gc_collector.name,
           (double)operations / passed / 1e6, (double)programs / passed);
}

/* Lets the C stack grow by STACK_BYTES below `place`. The name of the executable lies at the stack's other
 * end. */
static void stack_limit(const char *place)
{
    rlim_t used = getauxval(AT_EXECFN) - (uintptr_t)place;
    setrlimit(RLIMIT_STACK, &(struct rlimit){used + STACK_BYTES, used + STACK_BYTES});
}

int main(int argc, char **argv)
{
    if (fingerprint_answer(argc, argv))
        return 0;
    arguments_read(argc, argv);
    if (arguments.lists_boundaries) {
        boundaries_list(&arguments.boundaries);
        return 0;
    }
    if (arguments.describes) {
        unchecked_list();
        return 0;
    }
    signals_take();
    /* The next program takes the memory of the last one again, without asking the system. */
    mallopt(M_TRIM_THRESHOLD, 1 << 28);
    mallopt(M_MMAP_THRESHOLD, 1 << 28);
    stack_limit(alloca(STACK_MAPPED));
    if (trial_open(report) < 0) {
        fprintf(stderr, "stress-%s: out of memory before the start\n", gc_collector.name);
        return LINE_EXIT_USAGE;
    }
    for (int i = optind; i < argc; i++)
        file_run(argv[i]);
    if (arguments.seconds > 0)
        seconds_run();
    else if (optind == argc)
        for (uint64_t i = 0; i < arguments.common.programs; i++)
            seed_run(arguments.common.seed + i);
    if (arguments.prints_worst)
        worst_print();
    return 0;
}
