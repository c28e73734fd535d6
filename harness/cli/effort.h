/* SPDX-License-Identifier: MIT */
/* How long a command searches, from which seed, and with how many processes at a time: the options that `stress` and
 * `hunt` share. */
#ifndef HARNESS_CLI_EFFORT_H
#define HARNESS_CLI_EFFORT_H

#include <getopt.h>
#include <stdbool.h>

struct effort {
    long long programs, seconds; /* 0: not given */
    long long seed, jobs;
    bool as_json;
};

/* The entries of these options in a command's table, and their short forms. */
/* clang-format off */
#define EFFORT_OPTIONS                                                                                       \
    {"programs", required_argument, NULL, 'p'}, {"seconds", required_argument, NULL, 't'},                   \
    {"seed", required_argument, NULL, 's'}, {"jobs", required_argument, NULL, 'J'},                          \
    {"json", no_argument, NULL, 'j'}
/* clang-format on */
#define EFFORT_SHORTS "s:j"

/* Nothing given: that seed, and one process for each processor. */
struct effort effort_standard(long long seed);

/*
 * Takes the option `found`, whose argument is in `optarg`. Returns 0; or MESSAGE_BAD_INPUT, after one line unless
 * cli_option_next() has printed one. Any letter but those above is refused.
 */
int effort_option_take(int found, struct effort *effort);

/* Whether progress is shown: standard error is a terminal, and the result is for people. */
bool effort_shows(const struct effort *effort);

#endif
