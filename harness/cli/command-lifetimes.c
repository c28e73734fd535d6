/* SPDX-License-Identifier: MIT */
/* gcmatrix lifetimes: measures the garbage that collectors leave lying about (floating garbage, reclamation
 * delay, leaks), and drag. */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/build.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/campaign/process/command.h"
#include "harness/campaign/process/progress.h"
#include "harness/campaign/process/subprocess.h"
#include "harness/cli/cli.h"
#include "harness/cli/recorded-program.h"
#include "harness/cli/subjects.h"
#include "harness/cli/target.h"
#include "harness/report/textual.h"
#include "harness/results/json-text.h"

enum { COLUMNS = 12, STEPS_PER_COLLECTOR = 2 };

struct lifetimes_options {
    const char *source;
    struct subjects subjects;
};

/* A collector as a timed pair, and its watcher. */
struct subject {
    struct target target;
    char *watcher; /* the path of the watcher */
};

/* ---- one collector ---- */

/* Finds a collector's executables. The watcher lies beside the pair where both are installed, and in a folder
 * of its own in a build. */
static int subject_find(const struct lifetimes_options *options, size_t index, struct subject *ret_subject)
{
    struct target *target = &ret_subject->target;
    int status = target_find("lifetimes", NULL, options->subjects.collectors[index],
                             options->subjects.allocator, target);
    if (status != 0)
        return status;
    int folder = (int)(strrchr(target->pair, '/') - target->pair);
    ret_subject->watcher = text_format("%.*s/watch-%s", folder, target->pair, target->collector);
    if (access(ret_subject->watcher, X_OK) == 0)
        return 0;
    free(ret_subject->watcher);
    ret_subject->watcher = text_format("%.*s/../lifetimes/watch-%s", folder, target->pair, target->collector);
    if (access(ret_subject->watcher, X_OK) == 0)
        return 0;
    char *command = build_makes(ret_subject->watcher) ? build_command(&ret_subject->watcher, 1) : NULL;
    if (command)
        status = message_bad_input("lifetimes: watch-%s is not built; %s", target->collector, command);
    else
        status = message_bad_input("lifetimes: %s cannot be watched: the build has no watch-%s",
                                   target->collector, target->collector);
    free(command);
    return status;
}

static void subject_free(struct subject *subject)
{
    target_free(&subject->target);
    free(subject->watcher);
}

/* Runs a command to its end. Returns its output, which the caller frees, or NULL and a status
 * after one line. */
static char *output_take(char *const *argv, char *const *envp, const char *collector,
                         struct progress *progress, int *ret_status)
{
    char *output, *error;
    int code;
    enum subprocess_end end = subprocess_capture(argv, envp, 0, &code, &output, &error);
    const char *said = subprocess_line_last(error, NULL);
    *ret_status = 0;
    progress_stop(progress);
    if (end == SUBPROCESS_INTERRUPTED)
        *ret_status = MESSAGE_INTERRUPTED;
    else if (end == SUBPROCESS_SIGNALLED)
        message_note("lifetimes: %s: killed by signal %d (%s)", collector, code, strsignal(code));
    else if (end != SUBPROCESS_EXITED || code != 0)
        message_note("lifetimes: %s: %s", collector, said ? said : "it said nothing");
    free(error);
    if (end == SUBPROCESS_EXITED && code == 0)
        return output;
    *ret_status = *ret_status ? *ret_status : MESSAGE_FAILED_CELLS;
    free(output);
    return NULL;
}

/* Runs the replay unwatched, for the times at which the allocation clock stood at each value. */
static int timeline_make(const struct recording *recording, const struct target *target, const char *timeline,
                         struct progress *progress)
{
    struct command command;
    int status;
    char *workload_options = text_format("image=%s", recording->image);
    struct command_request request = {.pair = target->pair,
                                      .workload_options = workload_options,
                                      .collector_options = target->collector_options,
                                      .allocator = &target->allocator,
                                      .seed = 1,
                                      .record = "-",
                                      .timeline = timeline};
    command_make(&request, &command);
    free(output_take(command.argv.items, command.envp.items, target->collector, progress, &status));
    command_free(&command);
    free(workload_options);
    return status;
}

static int subject_watch(const struct recording *recording, const struct subject *subject,
                         struct progress *progress, json_t **ret_report)
{
    const struct target *target = &subject->target;
    char *timeline = text_format("%s/timeline.csv", recording->folder);
    char *argv[] = {subject->watcher, (char *)"--options", target->collector_options, (char *)"--timeline",
                    timeline,         (char *)"--image",   recording->image,          NULL};
    char *output = NULL, *timed = text_format("%s, timed", target->collector);
    char *watched = text_format("%s, watched", target->collector);
    progress_show(progress, timed);
    int status = timeline_make(recording, target, timeline, progress);
    progress_step(progress);
    progress_show(progress, watched);
    if (status == 0)
        output = output_take(argv, NULL, target->collector, progress, &status);
    progress_step(progress);
    free(timed);
    free(watched);
    *ret_report = output ? json_loads(output, 0, NULL) : NULL;
    if (*ret_report && *target->collector_options)
        json_object_set_new(*ret_report, "collector_options", json_text(target->collector_options));
    unlink(timeline);
    free(timeline);
    free(output);
    return status;
}

/* ---- for people ---- */

static double number_of(const json_t *figures, const char *key)
{
    return json_number_value(json_object_get(figures, key));
}

static void bytes_add(struct textual *table, double bytes)
{
    enum textual_tone tone = bytes > 0 ? TEXTUAL_PLAIN : TEXTUAL_FAINT;
    if (bytes >= 1 << 20)
        textual_add(table, tone, "%.2f MiB", bytes / (1 << 20));
    else if (bytes >= 1 << 10)
        textual_add(table, tone, "%.2f KiB", bytes / (1 << 10));
    else
        textual_add(table, tone, bytes > 0 && bytes < 10 ? "%.2g B" : "%.0f B", bytes);
}

static void delay_add(struct textual *table, const json_t *figures, const char *key)
{
    const json_t *delay = json_object_get(figures, "delay_bytes");
    if (json_is_null(delay))
        textual_add(table, TEXTUAL_FAINT, "n/a");
    else
        bytes_add(table, number_of(delay, key));
}

static void time_add(struct textual *table, const json_t *figures)
{
    const json_t *delay = json_object_get(figures, "delay_ns");
    if (json_is_null(delay))
        textual_add(table, TEXTUAL_FAINT, "n/a");
    else
        textual_add(table, TEXTUAL_PLAIN, "%.2f", number_of(delay, "max") / 1e6);
}

static void row_print(struct textual *table, const char *collector, const json_t *report, const char *kind)
{
    const json_t *figures = json_object_get(report, kind);
    textual_add(table, TEXTUAL_PLAIN, "%s", collector);
    textual_add(table, TEXTUAL_PLAIN, "%s", kind);
    bytes_add(table, number_of(figures, "average_bytes"));
    bytes_add(table, number_of(figures, "peak_bytes"));
    bytes_add(table, number_of(figures, "final_bytes"));
    bytes_add(table, number_of(figures, "leaked_bytes"));
    delay_add(table, figures, "p50");
    delay_add(table, figures, "p99");
    delay_add(table, figures, "max");
    time_add(table, figures);
    textual_add(table, TEXTUAL_PLAIN, "%.3g", number_of(figures, "byte_seconds"));
    textual_add(table, TEXTUAL_PLAIN, "%.3g", number_of(figures, "byte_allocated_bytes"));
}

static void drag_print(const json_t *report)
{
    const json_t *all = json_object_get(report, "all");
    const json_t *drag = json_object_get(all, "drag_bytes");
    double clock = number_of(report, "allocated_bytes");
    printf("  drag, last use to death, under any collector: %.3g bytes held on average",
           clock > 0 ? number_of(all, "drag_byte_allocated_bytes") / clock : 0);
    if (!json_is_null(drag))
        printf("; half of the objects within %.0f bytes allocated, 99%% within %.0f", number_of(drag, "p50"),
               number_of(drag, "p99"));
    puts("");
}

static void result_print(const struct lifetimes_options *options, const struct recording *recording,
                         const json_t *reports)
{
    static const char *const header[COLUMNS] = {"collector",  "garbage",     "average",      "at most",
                                                "at the end", "leaked",      "delay p50",    "delay p99",
                                                "longest",    "longest, ms", "byte-seconds", "byte-bytes"};
    static const char *const kinds[] = {"acyclic", "cyclic"};
    struct textual table;
    message_say("%s, seed %lld", recording->name, options->subjects.seed);
    recording_print(recording);
    drag_print(json_array_get(reports, 0));
    puts("");
    textual_init(&table, COLUMNS, 2);
    for (size_t i = 0; i < COLUMNS; i++)
        textual_add(&table, TEXTUAL_BOLD, "%s", header[i]);
    for (size_t i = 0; i < json_array_size(reports); i++)
        for (int kind = 0; kind < 2; kind++)
            row_print(&table, kind ? "" : options->subjects.collectors[i], json_array_get(reports, i),
                      kinds[kind]);
    textual_print(&table, stdout);
    textual_fini(&table);
    puts("\ngarbage floats from its death to its free. It has an average over all bytes allocated, a most, "
         "and "
         "sums\n"
         "over time and over bytes allocated. What is left at the end stands beside what a last full "
         "collection leaves.\n"
         "delay: bytes allocated between death and free, of those that were freed before the end. Times are "
         "of a run\n"
         "that was not watched.");
}

static void result_print_json(const struct lifetimes_options *options, const struct recording *recording,
                              json_t *reports)
{
    json_t *answer =
        json_pack("{ss so sI sO}", "schema", "gcmatrix.lifetimes.1", "source", json_text(recording->name),
                  "seed", (json_int_t)options->subjects.seed, "collectors", reports);
    cli_json_print(answer, 15);
}

/* ---- the command ---- */

/* Watches one collector after the other. One that fails has a line on standard error, and ends it. */
static int subjects_watch(const struct lifetimes_options *options, const struct subject *subjects,
                          const struct recording *recording, struct progress *progress, json_t *reports)
{
    int status = 0;
    for (size_t i = 0; i < options->subjects.count && status == 0; i++) {
        json_t *report = NULL;
        status = subject_watch(recording, &subjects[i], progress, &report);
        if (report)
            json_array_append_new(reports, report);
    }
    progress_stop(progress);
    return status;
}

/* Looks for the collectors first: a recording is wasted when a name is wrong. */
static int lifetimes_run(const struct lifetimes_options *options)
{
    struct subject subjects[SUBJECTS_MAX] = {0};
    struct recording recording = {0};
    struct progress progress;
    json_t *reports = json_array();
    size_t count = options->subjects.count;
    int status = 0;
    for (size_t i = 0; i < count && status == 0; i++)
        status = subject_find(options, i, &subjects[i]);
    progress_start_late(&progress, RECORDING_STEPS + STEPS_PER_COLLECTOR * count);
    if (status == 0)
        status = recording_open("lifetimes", options->source, (uint64_t)options->subjects.seed, true,
                                &progress, &recording);
    if (status == 0)
        status = subjects_watch(options, subjects, &recording, &progress, reports);
    recording_discard(&recording);
    subprocess_interrupts_release();
    bool kept = status == MESSAGE_INTERRUPTED && json_array_size(reports) > 0;
    if ((status == 0 || kept) && options->subjects.as_json)
        result_print_json(options, &recording, reports);
    else if (status == 0 || kept)
        result_print(options, &recording, reports);
    if (status == MESSAGE_INTERRUPTED)
        message_note("lifetimes: interrupted after %zu of %zu collectors", json_array_size(reports), count);
    for (size_t i = 0; i < count; i++)
        subject_free(&subjects[i]);
    recording_close(&recording);
    json_decref(reports);
    return status;
}

static int options_read(int argc, char **argv, struct lifetimes_options *ret_options)
{
    static const struct option options[] = {SUBJECTS_OPTIONS, {NULL, 0, NULL, 0}};
    int found, status = 0;
    optind = 0;
    while (status == 0 &&
           (found = cli_option_next_of(argc, argv, ":" SUBJECTS_SHORTS, options, SUBJECTS_LISTS)) != -1)
        status = subjects_option_take("lifetimes", found, &ret_options->subjects);
    return status;
}

static int command_run(int argc, char **argv)
{
    struct lifetimes_options options = {.subjects = SUBJECTS_NONE};
    int status = options_read(argc, argv, &options);
    if (status == 0)
        status =
            subjects_operand_check(argc, argv, &options.subjects, 1,
                                   "one workload, or the file of a program, and -c COLLECTOR are needed, "
                                   "as in 'gcmatrix lifetimes rings -c rc-trial -c mark-sweep'");
    if (status != 0)
        return status;
    options.source = argv[optind];
    subprocess_interrupts_hold();
    return lifetimes_run(&options);
}

const struct cli_command cli_lifetimes = {
    .name = "lifetimes",
    .summary = "says what collectors leave lying about: floating garbage, delay, leaks",
    .usage =
        "usage: gcmatrix lifetimes WORKLOAD[:OPTIONS] -c COLLECTOR[:OPTIONS]... [OPTION]...\n"
        "       gcmatrix lifetimes FILE -c COLLECTOR[:OPTIONS]... [OPTION]...\n\n"
        "Records the workload, or reads a program (.gcp or .gcp.txt), finds when each of its objects dies, "
        "and\n"
        "watches each collector free them.\n\n"
        "  -c, --collector NAME[:OPTIONS]   as in mark-sweep:growth=4; once for each collector\n"
        "  -a, --allocator NAME[:TUNING]    of the run that is timed, as in 'run' (default: glibc)\n"
        "  -s, --seed N                     of the workload (default: 1)\n"
        "  -j, --json                       prints every figure, and floating garbage over time, as JSON\n\n"
        "What dies by counting and what only dies on cycles are shown apart. Exact to the operation; the "
        "watched\n"
        "run is not timed, and a timed one is not watched. The recording is read once. Where that may take a "
        "GiB\n"
        "of memory or more, it is said before. Ctrl-C shows the collectors that are complete. Exit status 1\n"
        "when a collector fails.\n",
    .run = command_run,
};
