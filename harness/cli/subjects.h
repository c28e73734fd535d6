/* SPDX-License-Identifier: MIT */
/* The collectors that a command compares, and the options that all such commands share. */
#ifndef HARNESS_CLI_SUBJECTS_H
#define HARNESS_CLI_SUBJECTS_H

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>

enum { SUBJECTS_MAX = 64 };

struct subjects {
    const char *collectors[SUBJECTS_MAX]; /* NAME[:OPTIONS], as they were given */
    size_t count;
    const char *allocator;
    long long seed;
    bool as_json;
};

/* Nothing given. */
#define SUBJECTS_NONE                                                                                        \
    {                                                                                                        \
        .allocator = "glibc", .seed = 1                                                                      \
    }

/* The entries of these options in a command's table, and their short forms. SUBJECTS_LISTS may be repeated. */
/* clang-format off */
#define SUBJECTS_OPTIONS                                                                                     \
    {"collector", required_argument, NULL, 'c'}, {"allocator", required_argument, NULL, 'a'},                \
    {"seed", required_argument, NULL, 's'}, {"json", no_argument, NULL, 'j'}
/* clang-format on */
#define SUBJECTS_SHORTS "c:a:s:j"
#define SUBJECTS_LISTS "c"

/*
 * Takes the option `found`, whose argument is in `optarg`. Returns 0; or MESSAGE_BAD_INPUT, after one line that
 * begins with `command` unless cli_option_next() has printed one. Any letter but those above is refused.
 */
int subjects_option_take(const char *command, int found, struct subjects *subjects);

/*
 * Checks that there is one operand, and at least so many collectors. Returns 0; or MESSAGE_BAD_INPUT after
 * one line with `needs`.
 */
int subjects_operand_check(int argc, char **argv, const struct subjects *subjects, size_t collectors,
                           const char *needs);

/* Adds a collector, as the option -c does. */
int subjects_add(const char *command, const char *collector, struct subjects *subjects);

#endif
