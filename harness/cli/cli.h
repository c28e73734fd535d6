/* SPDX-License-Identifier: MIT */
/*
 * The commands of gcmatrix. A command is one file here: it defines a `const struct cli_command cli_<name>`,
 * which is declared below and listed once, in main.c.
 */
#ifndef HARNESS_CLI_CLI_H
#define HARNESS_CLI_CLI_H

#include <getopt.h>

struct cli_command {
    const char *name;
    const char *summary; /* one line without a full stop, for the list of commands */
    const char *usage;   /* what `gcmatrix help <name>` prints, ending in a newline */
    /*
     * Runs the command: argv[0] is its name, options and operands follow. Returns the exit status
     * (message.h).
     * `--help` and `-h` anywhere before a `--` have been dealt with already.
     */
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
 * getopt_long that never prints by itself. Start with `optind = 0`, a short string that begins with ':'
 * (after '+' if wanted) and a zero-terminated `options`. Returns what getopt_long returns; an unknown option,
 * an ambiguous one or a missing argument is said in one line with the nearest name, and gives '?': return
 * MESSAGE_BAD_INPUT then.
 */
int cli_option_next(int argc, char **argv, const char *shorts, const struct option *options);

/*
 * Reads a decimal integer in [min, max] for the option `name`; returns 0, or MESSAGE_BAD_INPUT after one line
 * that names the option, the text and the range.
 */
int cli_integer_read(const char *name, const char *text, long long min, long long max, long long *ret_value);

#endif
