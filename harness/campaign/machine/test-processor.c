/* SPDX-License-Identifier: MIT */
/* Which processor is measured on, which one is the harness's, and that both are kept to. */
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "harness/campaign/machine/processor.h"
#include "harness/campaign/machine/reference-run.h"
#include "harness/campaign/process/subprocess.h"
#include "tests/tap.h"

static char *root;

static void siblings_write(int processor, const char *list)
{
    char *command = text_format("mkdir -p %s/sys/devices/system/cpu/cpu%d/topology && echo %s "
                                ">%s/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list",
                                root, processor, list, root, processor);
    assert(system(command) == 0);
    free(command);
}

/* The choice among processors with these times, as measured * 100 + orchestrator. */
static int chosen(const char *from, size_t count, const int64_t *times)
{
    struct processor_probe probes[4];
    struct processors processors = {.probes = probes, .count = count};
    for (size_t i = 0; i < count; i++)
        probes[i] = (struct processor_probe){.processor = (int)i * 2, .least_ns = times[i]};
    processors_choose(from, &processors);
    return processors.measured * 100 + processors.orchestrator;
}

static void check_choice(void)
{
    siblings_write(2, "0,2");
    siblings_write(4, "4-7");
    tap_equal(chosen("/nonexistent", 2, (const int64_t[]){7, 5}), 200,
              "the fastest is measured on, and the other is the harness's");
    tap_equal(chosen("/nonexistent", 2, (const int64_t[]){5, 5}), 2, "of equals the first");
    tap_equal(chosen(root, 4, (const int64_t[]){7, 5, 8, 9}), 204,
              "a sibling of the measured one is not the harness's");
    tap_equal(chosen(root, 4, (const int64_t[]){9, 8, 5, 9}), 400, "a list of siblings may be a range");
    tap_equal(chosen(root, 2, (const int64_t[]){9, 8}), 200, "but for want of another it is");
}

static void check_words(void)
{
    struct processor_probe probes[] = {{.processor = 3, .queued_share = 0.5}, {.processor = 4}};
    struct processors one = {.probes = probes, .count = 1, .measured = -1, .orchestrator = -1};
    struct processors two = {.kept = true, .probes = probes, .count = 2, .measured = 3, .orchestrator = 4};
    json_t *warnings = processors_warnings(&one), *described = processors_describe(&one);
    tap_ok(strstr(json_string_value(json_array_get(warnings, 0)), "one processor only") != NULL,
           "one processor alone is warned of");
    tap_ok(strstr(json_string_value(json_array_get(warnings, 1)), "every processor was busy") != NULL,
           "so are processors that are all busy");
    tap_ok(json_is_null(json_object_get(described, "processor")),
           "and where nothing is kept the record says no number");
    json_decref(warnings);
    json_decref(described);
    warnings = processors_warnings(&two);
    tap_ok(json_array_size(warnings) == 1 &&
               strstr(json_string_value(json_array_get(warnings, 0)), "processor 3") != NULL,
           "a measured processor that is busy is named");
    probes[0].queued_share = 0.05;
    json_decref(warnings);
    warnings = processors_warnings(&two);
    described = processors_describe(&two);
    tap_equal((int64_t)json_array_size(warnings), 0, "quiet processors are no reason to warn");
    tap_ok(json_integer_value(json_object_get(described, "processor")) == 3 &&
               json_integer_value(json_object_get(described, "orchestrator_processor")) == 4 &&
               json_array_size(json_object_get(described, "probes")) == 2,
           "the record says which is which, and what was found");
    json_decref(warnings);
    json_decref(described);
}

/* The list of processors that a child of this process may use, as the kernel writes it. */
static void child_check(const struct processors *processors)
{
    const char *argv[] = {"/bin/sh", "-c", "exec grep Cpus_allowed_list /proc/self/status", NULL};
    int code, output = memfd_create("output", MFD_CLOEXEC);
    struct subprocess_request request = {.argv = (char *const *)argv,
                                         .output = output,
                                         .error = -1,
                                         .processors = processors_measured(processors)};
    subprocess_run(&request, &code);
    char *said = subprocess_output(output);
    char *expected = text_format("Cpus_allowed_list:\t%d\n", processors->measured);
    tap_same(said, expected, "a child runs on the measured processor, and so do its children");
    free(expected);
    free(said);
}

static void check_keeping(void)
{
    struct processors processors;
    cpu_set_t before, now;
    sched_getaffinity(0, sizeof(before), &before);
    processors_keep("", &processors);
    sched_getaffinity(0, sizeof(now), &now);
    tap_equal((int64_t)processors.count, CPU_COUNT(&before), "every processor is probed");
    tap_ok(processors.kept == (CPU_COUNT(&before) > 1), "where there are two, they are kept apart");
    if (processors.kept) {
        tap_ok(CPU_COUNT(&now) == 1 && CPU_ISSET(processors.orchestrator, &now),
               "this process is on its own");
        tap_ok(processors.orchestrator != processors.measured, "which is not the measured one");
        child_check(&processors);
    }
    bool timed = true;
    for (size_t i = 0; i < processors.count; i++)
        timed &= processors.probes[i].least_ns > 0 && processors.probes[i].queued_share >= 0;
    tap_ok(timed, "each probe has its time");
    processors_release(&processors);
    sched_getaffinity(0, sizeof(now), &now);
    tap_ok(CPU_EQUAL(&before, &now), "and at the end this process may go where it might before");
}

/* What the reference program says adds up, and it is where it is kept. */
static void check_reference(const char *path)
{
    struct reference_row row = {0};
    char *reason;
    cpu_set_t set, all;
    sched_getaffinity(0, sizeof(all), &all);
    int last = CPU_SETSIZE - 1;
    while (!CPU_ISSET(last, &all))
        last--;
    CPU_ZERO(&set);
    CPU_SET(last, &set);
    tap_equal(reference_program_run(path, &set, &row, &reason), 0, "the reference program runs");
    tap_equal(row.wall_ns, row.allocating_ns + row.chasing_ns + row.computing_ns, "its parts are the whole");
    tap_ok(row.allocating_ns > 0 && row.chasing_ns > 0 && row.computing_ns > 0 && row.touching_ns > 0,
           "each has a time");
    tap_equal(row.processor, last, "it runs where it is kept");
    tap_equal(reference_program_run("/bin/false", NULL, &row, &reason), 1, "one that fails is no row");
    tap_same(reason, "the reference program failed: it says nothing", "and the reason is said");
    free(reason);
    json_t *described = reference_program_describe(path);
    tap_equal((int64_t)strlen(json_string_value(json_object_get(described, "binary_sha256"))), 64,
              "its bytes are known by their hash");
    json_decref(described);
}

/* The program behind a script that loses its guard the first time. */
static void check_reference_killed(const char *path)
{
    struct reference_row row = {0};
    char *reason, *script = text_format("%s/killed", root), *mark = text_format("%s/mark", root);
    FILE *file = fopen(script, "w");
    fprintf(file, "#!/bin/sh\n[ -e %s ] || { : >%s; kill -KILL $PPID; sleep 60; }\nexec %s\n", mark, mark,
            path);
    fclose(file);
    chmod(script, 0755);
    tap_equal(reference_program_run(script, NULL, &row, &reason), 0, "one whose guard is killed runs again");
    tap_ok(row.wall_ns > 0 && access(mark, F_OK) == 0, "and then has its time");
    unlink(mark);
    unlink(script);
    free(mark);
    free(script);
}

int main(int argc, char **argv)
{
    assert(argc == 2);
    root = text_scratch("gcmatrix-processor");
    assert(mkdtemp(root));
    check_choice();
    check_words();
    check_keeping();
    char *program = realpath(argv[1], NULL);
    check_reference(program);
    check_reference_killed(program);
    free(program);
    char *command = text_format("rm -r %s", root);
    assert(system(command) == 0);
    free(command);
    free(root);
    return tap_done();
}
