/* SPDX-License-Identifier: MIT */
/* The commands of gcmatrix. Each command is one file here, which defines a `const struct cli_command
 * cli_<name>`. The command is declared below and listed once, in main.c. */
#ifndef HARNESS_CLI_CLI_H
#define HARNESS_CLI_CLI_H

#include <getopt.h>

struct cli_command {
    const char *name;
    const char *summary; /* one line without a full stop, for the list of commands */
    const char *usage;   /* the text that `gcmatrix help <name>` prints; ends in a newline */
    /* Runs the command. argv[0] is its name; options and operands follow. Returns the exit status
     * (message.h). main.c has answered `--help` and `-h` anywhere before a `--` already. */
    int (*run)(int argc, char **argv);
};

extern const struct cli_command cli_list;
extern const struct cli_command cli_run;
extern const struct cli_command cli_matrix;
extern const struct cli_command cli_minheap;
extern const struct cli_command cli_explicit;
extern const struct cli_command cli_lifetimes;
extern const struct cli_command cli_compare;
extern const struct cli_command cli_plot;
extern const struct cli_command cli_program;
extern const struct cli_command cli_stress;
extern const struct cli_command cli_doctor;

/*
 * A getopt_long() that never prints by itself. Start with `optind = 0`, a short string that begins with ':'
 * (after '+' if wanted) and a zero-terminated `options`. Returns what getopt_long() returns.
 *
 * An unknown option, an ambiguous one or a missing argument gives one line with the nearest name, and '?'. So
 * does an option with an argument that comes twice, because one of the two would be lost. The caller then
 * returns MESSAGE_BAD_INPUT.
 */
int cli_option_next(int argc, char **argv, const char *shorts, const struct option *options);

/* The same. The options whose letters (`val`) are in `lists` may come as often as one likes. */
int cli_option_next_of(int argc, char **argv, const char *shorts, const struct option *options,
                       const char *lists);

/*
 * Reads an integer (base/number.h) in [min, max] for the option `name`; min is 0 or above. Returns 0, or
 * MESSAGE_BAD_INPUT after one line that names the option, the text and the range.
 */
int cli_integer_read(const char *name, const char *text, long long min, long long max, long long *ret_value);

#endif
