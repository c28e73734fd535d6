/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "harness/campaign/process/command.h"
#include "harness/campaign/process/subprocess.h"
#include "tests/tap.h"

static const struct allocator plain = {.name = (char *)"glibc", .tuning = &allocator_kinds[0].tunings[0]};
static const struct allocator tuned = {.name = (char *)"mimalloc",
                                       .object = (char *)"/lib/libmimalloc.so.2",
                                       .tuning = &allocator_kinds[2].tunings[1]};

static size_t image_bytes(const struct command *command)
{
    size_t bytes = strlen(command->argv.items[0]) + 1;
    for (size_t i = 0; i < command->argv.count; i++)
        bytes += strlen(command->argv.items[i]) + 1 + sizeof(char *);
    for (size_t i = 0; i < command->envp.count; i++)
        bytes += strlen(command->envp.items[i]) + 1 + sizeof(char *);
    return bytes;
}

static bool environment_has(const struct command *command, const char *setting)
{
    for (size_t i = 0; i < command->envp.count; i++)
        if (strcmp(command->envp.items[i], setting) == 0)
            return true;
    return false;
}

static bool argument_follows(const struct command *command, const char *name, const char *value)
{
    for (size_t i = 0; i + 1 < command->argv.count; i++)
        if (strcmp(command->argv.items[i], name) == 0)
            return strcmp(command->argv.items[i + 1], value) == 0;
    return false;
}

static void check_size(void)
{
    struct command_request request = {.pair = "/b/null-rc",
                                      .workload_options = "",
                                      .collector_options = "",
                                      .allocator = &plain,
                                      .seed = 1,
                                      .record = "/r/record.json"};
    struct command small, large;
    command_make(&request, &small);
    request.pair = "/build/harness/runner/binary-trees-rc-trial";
    request.workload_options = "depth=16";
    request.collector_options = "roots=10000,adapt=on";
    request.allocator = &tuned;
    request.seed = 18446744073709551615u;
    request.events = "/r/events.csv";
    command_make(&request, &large);
    tap_equal((int64_t)image_bytes(&small), COMMAND_BYTES,
              "arguments and environment are padded to one size");
    tap_equal((int64_t)image_bytes(&large), COMMAND_BYTES, "whatever the cell");
    tap_ok(environment_has(&large, "LD_PRELOAD=/lib/libmimalloc.so.2"), "the allocator is preloaded");
    tap_ok(environment_has(&large, "MIMALLOC_DECOMMIT_DELAY=0"), "its tuning is in the environment");
    tap_ok(!environment_has(&small, "LD_PRELOAD="), "glibc is not preloaded");
    tap_ok(argument_follows(&large, "--seed", "18446744073709551615"), "the largest seed is passed on whole");
    tap_ok(argument_follows(&large, "--allocator-object", "/lib/libmimalloc.so.2"),
           "the process is told what to prove");
    tap_ok(argument_follows(&large, "--tuning", "normalised"), "and the tuning's name");
    tap_ok(!argument_follows(&small, "--events", "/r/events.csv"),
           "raw events only where they are asked for");
    command_free(&small);
    command_free(&large);
}

/* valgrind reads signs of a file name, which a results folder may have. */
static void check_counts(void)
{
    static const struct {
        const char *path, *option;
    } cases[] = {{"~/100%/counts", "--callgrind-out-file=./~/100%%/counts"},
                 {"-o/counts", "--callgrind-out-file=./-o/counts"},
                 {"/r/%p%q{HOME}", "--callgrind-out-file=/r/%%p%%q{HOME}"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct command_request request = {.pair = "/b/null-rc",
                                          .workload_options = "",
                                          .collector_options = "",
                                          .allocator = &plain,
                                          .valgrind = "/usr/bin/valgrind",
                                          .counts = cases[i].path};
        struct command command;
        bool found = false;
        command_make(&request, &command);
        for (size_t word = 0; word < command.argv.count; word++)
            found |= strcmp(command.argv.items[word], cases[i].option) == 0;
        tap_ok(found, "valgrind writes to %s", cases[i].path);
        command_free(&command);
    }
    tap_ok(command_path_objection("/a=b/null-rc") && !command_path_objection("/a b/null-rc"),
           "a path that env takes for a variable is told");
}

/* Through a real shell and a real env: what arrives is what was meant. */
static void check_words(void)
{
    struct command command = {0};
    char *output, *error;
    int code;
    text_list_take(&command.argv, text_format("%s", "/usr/bin/printf"));
    text_list_take(&command.argv, text_format("%s", "%s|"));
    text_list_take(&command.argv, text_format("%s", "two words"));
    text_list_take(&command.argv, text_format("%s", "it's \"$HOME\" `x` \\"));
    text_list_take(&command.argv, text_format("%s", ""));
    text_list_take(&command.envp, text_format("%s", "A=b c"));
    char *words = command_words(&command, "/usr/bin/env");
    char *argv[] = {(char *)"/bin/sh", (char *)"-c", words, NULL};
    subprocess_capture(argv, NULL, SUBPROCESS_QUICK, &code, &output, &error);
    tap_same(output, "two words|it's \"$HOME\" `x` \\||", "arguments survive a shell");
    free(words);
    free(output);
    free(error);
    text_list_free(&command.argv);
    text_list_take(&command.argv, text_format("%s", "/usr/bin/env"));
    words = command_words(&command, "/usr/bin/env");
    argv[2] = words;
    subprocess_capture(argv, NULL, SUBPROCESS_QUICK, &code, &output, &error);
    tap_same(output, "A=b c\n", "nothing of the environment is inherited");
    free(words);
    free(output);
    free(error);
    command_free(&command);
}

int main(void)
{
    setenv("MALLOC_CONF", "dirty_decay_ms:9", 1);
    check_size();
    check_counts();
    check_words();
    return tap_done();
}
