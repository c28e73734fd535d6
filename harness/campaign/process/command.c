/* SPDX-License-Identifier: MIT */
#include "harness/campaign/process/command.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static void option_add(struct text_list *argv, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    text_list_take(argv, text_format("%s", name));
    text_list_take(argv, text_format("%s", value));
}

/* The option that names the file of counts. valgrind reads a leading tilde, and a percent sign unless it comes twice. */
static char *counts_option(const char *path)
{
    char *option = NULL;
    size_t size;
    FILE *stream = memory_stream(&option, &size);
    fprintf(stream, "--callgrind-out-file=%s", *path == '/' ? "" : "./");
    for (; *path; path++)
        fprintf(stream, "%s%c", *path == '%' ? "%" : "", *path);
    memory_stream_close(stream);
    return option;
}

/* Puts callgrind in front, which counts while run_measured() runs (harness/runner/main.c). */
static void counter_add(const struct command_request *request, struct text_list *argv)
{
    text_list_take(argv, text_format("%s", request->valgrind));
    text_list_take(argv, text_format("%s", "--quiet"));
    text_list_take(argv, text_format("%s", "--tool=callgrind"));
    text_list_take(argv, text_format("%s", "--toggle-collect=run_measured"));
    text_list_take(argv, counts_option(request->counts));
}

static void arguments_make(const struct command_request *request, struct text_list *argv)
{
    if (request->valgrind)
        counter_add(request, argv);
    text_list_take(argv, text_format("%s", request->pair));
    text_list_take(argv, text_format("%s", "--seed"));
    text_list_take(argv, text_format("%" PRIu64, request->seed));
    option_add(argv, "--workload-options", request->workload_options);
    option_add(argv, "--collector-options", request->collector_options);
    option_add(argv, "--allocator", request->allocator->name);
    option_add(argv, "--allocator-object", request->allocator->object);
    option_add(argv, "--tuning", request->allocator->tuning->name);
    option_add(argv, "--heap-limit", request->heap_limit);
    option_add(argv, "--memory", request->memory);
    if (request->warm) {
        text_list_take(argv, text_format("%s", "--warm"));
        text_list_take(argv, text_format("%s", request->warm)); /* may be empty */
    }
    option_add(argv, "--record", request->record);
    option_add(argv, "--events", request->events);
    option_add(argv, "--phases", request->phases);
    option_add(argv, "--timeline", request->timeline);
    option_add(argv, "--latencies", request->latencies);
    option_add(argv, "--counters", request->counters ? "on" : NULL);
    option_add(argv, "--recording", request->valgrind ? "off" : NULL);
}

static size_t list_bytes(const struct text_list *list)
{
    size_t bytes = 0;
    for (size_t i = 0; i < list->count; i++)
        bytes += strlen(list->items[i]) + 1 + sizeof(char *);
    return bytes;
}

void command_pad(struct command *command, size_t whole)
{
    struct text_list *envp = &command->envp;
    size_t used = list_bytes(&command->argv) + list_bytes(envp) + strlen(command->argv.items[0]) + 1;
    size_t fixed = strlen("PADDING=") + 1 + sizeof(char *);
    char *padding = memory_new(whole + 1, 1);
    if (used + fixed < whole)
        memset(padding, 'x', whole - used - fixed);
    text_list_take(envp, text_format("PADDING=%s", padding));
    free(padding);
}

static void environment_make(const struct command_request *request, struct command *command)
{
    struct text_list *envp = &command->envp;
    text_list_take(envp, text_format("%s", "PATH=/usr/bin:/bin"));
    text_list_take(envp, text_format("%s", "LC_ALL=C"));
    if (request->allocator->object)
        text_list_take(envp, text_format("LD_PRELOAD=%s", request->allocator->object));
    const struct allocator_tuning *tuning = request->allocator->tuning;
    const char *const *setting =
        request->valgrind && tuning->counted[0] ? tuning->counted : tuning->environment;
    for (size_t i = 0; i < 3 && setting[i]; i++)
        text_list_take(envp, text_format("%s", setting[i]));
    command_pad(command, COMMAND_BYTES + request->padding);
}

void command_make(const struct command_request *request, struct command *ret_command)
{
    *ret_command = (struct command){0};
    arguments_make(request, &ret_command->argv);
    environment_make(request, ret_command);
}

void command_free(struct command *command)
{
    text_list_free(&command->argv);
    text_list_free(&command->envp);
}

const char *command_path_objection(const char *path)
{
    return strchr(path, '=')
               ? "env, which runs it, would take the path for a variable, as it holds an equals sign"
               : NULL;
}

static void words_add(FILE *file, const struct text_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        char *quoted = text_shell_quote(list->items[i]);
        fprintf(file, " %s", quoted);
        free(quoted);
    }
}

char *command_words(const struct command *command, const char *env_path)
{
    char *words = NULL;
    size_t size;
    FILE *file = memory_stream(&words, &size);
    char *quoted = text_shell_quote(env_path);
    fprintf(file, "%s -i", quoted);
    free(quoted);
    words_add(file, &command->envp);
    words_add(file, &command->argv);
    memory_stream_close(file);
    return words;
}
