/* SPDX-License-Identifier: MIT */
/* gcmatrix: finds the command in the one list of commands, and runs it. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/nearest.h"
#include "harness/campaign/process/subprocess.h"
#include "harness/cli/cli.h"
#include "harness/cli/stack-limit.h"

/* THE list of commands, in the order in which they are shown. */
static const struct cli_command *const commands[] = {
    &cli_list,     &cli_run,       &cli_matrix,  &cli_merge,   &cli_slurm,  &cli_minheap,
    &cli_explicit, &cli_lifetimes, &cli_compare, &cli_history, &cli_bisect, &cli_plot,
    &cli_table,    &cli_trace,     &cli_program, &cli_stress,  &cli_hunt,   &cli_doctor};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static bool command_is(const struct cli_command *command, const char *name)
{
    return strcmp(command->name, name) == 0 || (command->other && strcmp(command->other, name) == 0);
}

static const struct cli_command *command_find(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (command_is(commands[i], name))
            return commands[i];
    return NULL;
}

static int command_unknown(const char *name)
{
    const char *names[2 * COMMANDS + 1];
    size_t count = 0;
    for (size_t i = 0; i < COMMANDS; i++) {
        names[count++] = commands[i]->name;
        if (commands[i]->other)
            names[count++] = commands[i]->other;
    }
    names[count++] = "help";
    const char *near = nearest_name(name, names, count);
    if (near)
        return message_bad_input("unknown command '%s'; did you mean '%s'?", name, near);
    return message_bad_input("unknown command '%s'; 'gcmatrix help' lists them", name);
}

static int print_overview(FILE *file)
{
    fputs("gcmatrix: benchmarks and stress tests for garbage collectors\n\n"
          "usage: gcmatrix COMMAND [OPTION]... [OPERAND]...\n\n",
          file);
    for (size_t i = 0; i < COMMANDS; i++) {
        fprintf(file, "  %-9s  %s\n", commands[i]->name, commands[i]->summary);
        if (commands[i]->other)
            fprintf(file, "  %-9s  the same as %s\n", commands[i]->other, commands[i]->name);
    }
    fputs("  help       explains a command: gcmatrix help COMMAND\n\n"
          "Exit status:\n"
          "    0  done\n"
          "    1  a process failed: it crashed, broke, timed out, ran out of memory or disagreed on a "
          "checksum\n"
          "    2  bad input\n"
          "    3  results could not be written, or memory is out\n"
          "    4  it cannot be told yet: more must be measured\n"
          "  130  interrupted\n",
          file);
    return 0;
}

static int print_help(const char *name)
{
    if (!name)
        return print_overview(stdout);
    if (strcmp(name, "help") == 0) {
        fputs("gcmatrix help: explains a command\n\nusage: gcmatrix help [COMMAND]\n\n"
              "Without a command it lists all of them. 'gcmatrix COMMAND --help' prints the same.\n",
              stdout);
        return 0;
    }
    const struct cli_command *command = command_find(name);
    if (!command)
        return command_unknown(name);
    printf("gcmatrix %s: %s\n\n%s", command->name, command->summary, command->usage);
    if (command->other)
        printf("\n'gcmatrix %s' is the same command.\n", command->other);
    return 0;
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static bool wants_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (is_help(argv[i]))
            return true;
    return false;
}

/* `help`, `help COMMAND`, and `help --help`, which is of help itself. */
static int help_run(int argc, char **argv)
{
    if (argc > 3)
        return message_bad_input("help: takes one command, not '%s' too", argv[3]);
    bool of_itself = argc == 3 && is_help(argv[2]) && !is_help(argv[1]);
    return print_help(of_itself ? "help" : argv[2]);
}

static int version_print(int argc, char **argv)
{
    if (argc > 2)
        return message_bad_input("--version takes no operand such as '%s'", argv[2]);
    printf("gcmatrix %s\n", GCMATRIX_VERSION);
    return 0;
}

static int dispatch(int argc, char **argv)
{
    if (argc < 2) {
        print_overview(stderr);
        return MESSAGE_BAD_INPUT;
    }
    if (strcmp(argv[1], "help") == 0 || is_help(argv[1]))
        return help_run(argc, argv);
    if (strcmp(argv[1], "--version") == 0)
        return version_print(argc, argv);
    if (argv[1][0] == '-')
        return message_bad_input("unknown option '%s'; 'gcmatrix help' shows the usage", argv[1]);
    const struct cli_command *command = command_find(argv[1]);
    if (!command)
        return command_unknown(argv[1]);
    if (wants_help(argc - 1, argv + 1))
        return print_help(argv[1]);
    int status = command->run(argc - 1, argv + 1);
    return status != 0 && subprocess_interrupted() ? MESSAGE_INTERRUPTED : status; /* whatever it was at */
}

/* Ends the process without memory. The JSON library would leave a value out and report nothing. */
static void *json_memory_new(size_t bytes)
{
    return memory_need(malloc(bytes));
}

/* Opens standard streams that are closed, so that no file of a command takes their place. Writing to a closed
 * standard output stays an error. */
static void streams_open(void)
{
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
        if (fcntl(stream, F_GETFD) < 0 && errno == EBADF)
            open("/dev/null", stream == STDERR_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv)
{
    streams_open();
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of write(), as a full disk is */
    json_set_alloc_funcs(json_memory_new, free);
    int status = stack_limit_check();
    if (status == 0)
        status = dispatch(argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout))
        return message_storage("standard output: %s", strerror(errno));
    return status;
}
