/* SPDX-License-Identifier: MIT */
/* The commands of gcmatrix. Each command is one file here, which defines a `const struct cli_command
 * cli_<name>`. The command is declared below and listed once, in main.c. */
#ifndef HARNESS_CLI_CLI_H
#define HARNESS_CLI_CLI_H

#include <getopt.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct cli_command {
    const char *name;
    const char *other;   /* another name that it has; NULL: none */
    const char *summary; /* one line without a full stop, for the list of commands */
    const char *usage;   /* the text that `gcmatrix help <name>` prints; ends in a newline */
    /* Runs the command. argv[0] is its name; options and operands follow. Returns the exit status
     * (message.h). main.c has answered `--help` and `-h` anywhere before a `--` already. */
    int (*run)(int argc, char **argv);
};

extern const struct cli_command cli_list;
extern const struct cli_command cli_run;
extern const struct cli_command cli_matrix;
extern const struct cli_command cli_merge;
extern const struct cli_command cli_slurm;
extern const struct cli_command cli_minheap;
extern const struct cli_command cli_explicit;
extern const struct cli_command cli_lifetimes;
extern const struct cli_command cli_compare;
extern const struct cli_command cli_history;
extern const struct cli_command cli_bisect;
extern const struct cli_command cli_plot;
extern const struct cli_command cli_table;
extern const struct cli_command cli_trace;
extern const struct cli_command cli_program;
extern const struct cli_command cli_stress;
extern const struct cli_command cli_hunt;
extern const struct cli_command cli_doctor;

/*
 * A getopt_long() that never prints by itself. Start with `optind = 0`, a short string that begins with ':'
 * (after '+' if wanted) and a zero-terminated `options`. Returns what getopt_long() returns.
 *
 * An unknown option, an ambiguous one or a missing argument gives one line with the nearest name, and '?'. So
 * does an option that comes twice, because one of the two would be lost, and an argument that is empty. The
 * caller then returns MESSAGE_BAD_INPUT.
 */
int cli_option_next(int argc, char **argv, const char *shorts, const struct option *options);

/* The same. The options whose letters (`val`) are in `lists` may come as often as one likes. */
int cli_option_next_of(int argc, char **argv, const char *shorts, const struct option *options,
                       const char *lists);

/* Whether an option with this letter came on the command line that was read last. */
bool cli_option_given(int letter);

/* Options that do not go together: one of the letters `these` with any of `those`, and why in a few words. */
struct cli_exclusion {
    const char *these, *those, *why;
};

/*
 * Checks the command line that was read last. Returns 0, or MESSAGE_BAD_INPUT after one line that names two
 * of its options, by their entries in `options`. O(exclusions x options).
 */
int cli_exclusions_check(const char *command, const struct option *options,
                         const struct cli_exclusion *exclusions, size_t count);

/*
 * Checks that the words after the options, from `optind`, are from `least` to `most`, none of them empty.
 * `needs` says what they are, as in "one results folder is needed, as in 'gcmatrix plot results/default'".
 * Returns 0, or MESSAGE_BAD_INPUT after one line that names a word too many.
 */
int cli_operands_check(int argc, char **argv, int least, int most, const char *needs);

/*
 * Reads an integer (base/number.h) in [min, max] for the option `name`; min is 0 or above. Returns 0, or
 * MESSAGE_BAD_INPUT after one line that names the option, the text and the range.
 */
int cli_integer_read(const char *name, const char *text, long long min, long long max, long long *ret_value);

/* The run to estimate from: the one that was named, or the reference run where this tree has it; else NULL. */
const char *cli_earlier_find(const char *named);

/*
 * Prints a command's answer for programs on standard output, and releases it. Reals have so many digits; 0: all that
 * they need. Texts in it come from json_text() (harness/results/json-text.h) unless they are the program's own. O(size).
 */
void cli_json_print(json_t *answer, size_t digits);

#endif
