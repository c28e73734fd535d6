/* SPDX-License-Identifier: MIT */
/* gcmatrix doctor: tells whether this machine is a good place to measure, and whether the needed tools are
 * there. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "base/text.h"
#include "base/tool.h"
#include "harness/campaign/description.h"
#include "harness/campaign/machine/machine-checks.h"
#include "harness/campaign/process/measure.h"
#include "harness/campaign/process/subprocess.h"
#include "harness/cli/cli.h"
#include "harness/results/json-text.h"

enum state { GOOD, WARNING, BROKEN };

static const char *const state_words[] = {"ok", "warn", "fail"};

static void finding_add(json_t *findings, const char *name, enum state state, const char *found,
                        const char *remedy)
{
    json_array_append_new(findings,
                          json_pack("{ss ss so so*}", "name", name, "state", state_words[state], "found",
                                    json_text(found), "remedy", state == GOOD ? NULL : json_text(remedy)));
}

static void machine_look(json_t *findings)
{
    size_t count;
    struct machine_check *checks = machine_checks_make("", &count);
    for (size_t i = 0; i < count; i++)
        finding_add(findings, checks[i].name, checks[i].good ? GOOD : WARNING, checks[i].found,
                    checks[i].remedy);
    machine_checks_free(checks, count);
}

/* Looks for an executable. Its version is the first line that it prints for --version. */
static void tool_look(json_t *findings, const char *name, enum state when_missing, const char *remedy)
{
    char *path = tool_find(name), *output, *error;
    int code;
    if (!path) {
        char *missing = tool_missing_explain(name);
        finding_add(findings, name, when_missing, missing, remedy);
        free(missing);
        return;
    }
    char *argv[] = {path, (char *)"--version", NULL};
    enum subprocess_end end = subprocess_capture(argv, NULL, SUBPROCESS_ANSWER, &code, &output, &error);
    char *how = subprocess_explain(end, code, subprocess_line_last(error, NULL), SUBPROCESS_ANSWER);
    output[strcspn(output, "\n")] = '\0';
    bool good = end == SUBPROCESS_EXITED && code == 0 && *output;
    finding_add(findings, name, good ? GOOD : when_missing, good ? output : how, remedy);
    char *texts[] = {how, output, error, path};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        free(texts[i]);
}

/* Looks for what times each process, and has it time one. */
static void hyperfine_look(json_t *findings)
{
    static const char remedy[] = "apt-get install hyperfine: the matrix is timed with it";
    struct measure_tools tools;
    char *path = tool_find("hyperfine");
    if (!path) {
        tool_look(findings, "hyperfine", BROKEN, remedy);
    } else if (measure_tools_find(&tools) != 0) {
        finding_add(findings, "hyperfine", BROKEN, message_last(), remedy);
    } else {
        char *words = text_format("hyperfine %s", tools.hyperfine_version);
        finding_add(findings, "hyperfine", GOOD, words, NULL);
        free(words);
        measure_tools_free(&tools);
    }
    free(path);
}

/* Runs a real pair on the allocator. The pair proves that the preload takes, and names the allocator's
 * version. */
static void allocator_look(json_t *findings, const struct allocator_kind *kind, const char *pair)
{
    struct allocator allocator = {.name = (char *)kind->name, .tuning = &kind->tunings[0]};
    allocator.object = allocator_object_find(kind);
    json_t *found = NULL;
    if (kind->package && !allocator.object) {
        char *remedy = text_format("apt-get install %s", kind->package);
        finding_add(findings, kind->name, WARNING, "not installed", remedy);
        free(remedy);
    } else if (!pair) {
        finding_add(findings, kind->name, WARNING, "not tried",
                    "'ninja -C build harness/runner/null-rc' builds the executable to preload it into");
    } else if (description_allocator_try(pair, &allocator, &found) != 0) {
        finding_add(findings, kind->name, BROKEN, "does not take", message_last());
    } else {
        const char *version = json_string_value(json_object_get(found, "version"));
        char *words = text_format("%s, %s", version ? version : "version unknown",
                                  json_string_value(json_object_get(found, "object")));
        finding_add(findings, kind->name, GOOD, words, NULL);
        free(words);
    }
    json_decref(found);
    free(allocator.object);
}

static void pairs_count(json_t *findings, const struct pairs *pairs)
{
    size_t built = pairs_built(pairs), all = json_array_size(json_object_get(pairs->list, "pairs"));
    char *words = text_format("%zu of %zu executables are built, of %zu workloads and %zu collectors", built,
                              all, json_array_size(json_object_get(pairs->list, "workloads")),
                              json_array_size(json_object_get(pairs->list, "collectors")));
    finding_add(findings, "pairs",
                built == all ? GOOD
                : built      ? WARNING
                             : BROKEN,
                words,
                "'ninja -C build' builds all; 'ninja -C build harness/runner/WORKLOAD-COLLECTOR' builds one");
    free(words);
}

static void pairs_look(json_t *findings)
{
    struct pairs *pairs = NULL;
    char *pair = NULL;
    if (pairs_load(&pairs) != 0) {
        finding_add(findings, "pairs", BROKEN, "none", message_last());
    } else {
        pairs_count(findings, pairs);
        pair = pairs_path_any(pairs, "null", NULL);
    }
    for (size_t i = 0; i < allocator_kind_count; i++)
        allocator_look(findings, &allocator_kinds[i], pair);
    free(pair);
    pairs_free(pairs);
}

/* Prints `text` in lines of `width` columns, all of them indented. */
static void wrapped_print(const char *text, size_t indent, size_t width)
{
    while (strlen(text) > width) {
        size_t cut = width;
        while (cut > 0 && text[cut] != ' ')
            cut--;
        cut = cut ? cut : width;
        printf("%*s%.*s\n", (int)indent, "", (int)cut, text);
        text += cut + (text[cut] == ' ');
    }
    printf("%*s%s\n", (int)indent, "", text);
}

static void findings_print(const json_t *findings, bool colour)
{
    static const char *const colours[] = {"\033[32m", "\033[33m", "\033[31m"};
    size_t index;
    const json_t *finding;
    json_array_foreach(findings, index, finding) {
        const char *word = json_string_value(json_object_get(finding, "state"));
        const char *remedy = json_string_value(json_object_get(finding, "remedy"));
        int state = strcmp(word, "ok") == 0 ? GOOD : strcmp(word, "warn") == 0 ? WARNING : BROKEN;
        printf("%s%-4s%s  %-19s  %s\n", colour ? colours[state] : "", word, colour ? "\033[0m" : "",
               json_string_value(json_object_get(finding, "name")),
               json_string_value(json_object_get(finding, "found")));
        if (remedy)
            wrapped_print(remedy, 27, 84);
    }
}

static int conclude(const json_t *findings, bool quiet)
{
    size_t counts[3] = {0}, index;
    const json_t *finding;
    json_array_foreach(findings, index, finding)
        for (int i = 0; i < 3; i++)
            counts[i] += strcmp(json_string_value(json_object_get(finding, "state")), state_words[i]) == 0;
    if (!quiet && counts[BROKEN])
        printf("\nMeasuring will not work before what is marked 'fail' is put right.\n");
    else if (!quiet && counts[WARNING])
        printf("\nMeasuring works; what is marked 'warn' adds noise, or leaves something out.\n");
    else if (!quiet)
        printf("\nA good place to measure.\n");
    return counts[BROKEN] ? MESSAGE_FAILED_CELLS : 0;
}

static int command_run(int argc, char **argv)
{
    static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
    int found;
    bool as_json = false;
    optind = 0;
    while ((found = cli_option_next(argc, argv, ":", options)) != -1) {
        if (found == '?')
            return MESSAGE_BAD_INPUT;
        as_json |= found == 'j';
    }
    if (cli_operands_check(argc, argv, 0, 0, "") != 0)
        return MESSAGE_BAD_INPUT;
    json_t *findings = json_array();
    machine_look(findings);
    hyperfine_look(findings);
    tool_look(findings, "gnuplot", WARNING, "apt-get install gnuplot-nox: charts are drawn with it");
    tool_look(findings, "valgrind", WARNING, "apt-get install valgrind: instructions are counted with it");
    pairs_look(findings);
    if (as_json) {
        cli_json_print(json_pack("{ss sO}", "schema", "gcmatrix.doctor.1", "findings", findings), 0);
    } else {
        findings_print(findings, isatty(STDOUT_FILENO) && !getenv("NO_COLOR"));
    }
    int status = conclude(findings, as_json);
    json_decref(findings);
    return status;
}

const struct cli_command cli_doctor = {
    .name = "doctor",
    .summary = "says what makes this machine a bad place to measure, and the remedy",
    .usage = "usage: gcmatrix doctor [--json]\n\n"
             "It looks at the machine:\n"
             "  load, power, temperature, virtualisation, stolen time, the clock and performance counters\n"
             "  processors: governor, turbo, threads per core, limits of control groups\n"
             "  memory: what is free, swap, nodes, huge pages, address randomisation\n"
             "It tries each allocator with a real process, and looks for hyperfine, gnuplot and valgrind.\n\n"
             "Exit status 1 when something that measuring needs is missing.\n",
    .run = command_run,
};
