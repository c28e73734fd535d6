/* SPDX-License-Identifier: MIT */
/*
 * A workload line is a workload with its options, such as `rings:count=2000,tail=4`: what a person runs. For a search
 * the options are genes. Their kinds and bounds are those that a pair describes; which pair does is known to the
 * caller alone.
 */
#ifndef HARNESS_STRESS_WORKLOAD_LINE_H
#define HARNESS_STRESS_WORKLOAD_LINE_H

#include "base/options.h"

enum {
    WORKLOAD_OPTIONS_MAX = 64,   /* as many as a table has */
    WORKLOAD_OPTION_BYTES = 8,   /* of a value, whatever its type */
    WORKLOAD_NUMBER_LARGE = 100, /* a default of at least so much is a number of things, and not of levels */
};

/* A workload, and its options: the value of option i lies at i x WORKLOAD_OPTION_BYTES. */
struct workload_kind {
    const char *name;
    const char *recorder; /* the path of the executable that records it; NULL: nobody does */
    struct option_table options;
};

struct workload_line {
    const struct workload_kind *kind;
    uint64_t values[WORKLOAD_OPTIONS_MAX];
};

/* The line with every option at its default. */
struct workload_line workload_line_standard(const struct workload_kind *kind);

/* The options that are not at their defaults, as option_table_parse() reads them; "" if all are. The caller frees the
 * text. */
char *workload_line_options(const struct workload_line *line);

/* The whole line. The caller frees the text. */
char *workload_line_text(const struct workload_line *line);

/*
 * Whether a search may change an option. It leaves texts as they are, which name files. And it leaves rates: by the
 * clock they only make a program wait.
 */
bool workload_option_is_gene(const struct option_spec *option);

/* How many options of a workload are genes. O(options). */
size_t workload_kind_genes(const struct workload_kind *kind);

/* Whether option i has its default. */
bool workload_line_is_standard(const struct workload_line *line, size_t option);

/* The number of option i, an integer or a real, and another in its place: within its bounds, and whole for an
 * integer. A real keeps three digits. */
double workload_line_number(const struct workload_line *line, size_t option);
void workload_line_number_set(struct workload_line *line, size_t option, double number);

/* Whether two lines are of one workload, and the same options are not at their defaults. Of words and switches,
 * the values are the same, too. */
bool workload_lines_are_alike(const struct workload_line *a, const struct workload_line *b);

#endif
