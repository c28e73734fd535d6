/* SPDX-License-Identifier: MIT */
/* The ways in which `gcmatrix stress` runs programs: all mixes of the driver, or what the command line leaves of them. */
#ifndef HARNESS_CLI_STRESS_WAYS_H
#define HARNESS_CLI_STRESS_WAYS_H

#include <getopt.h>

#include "harness/stress/driver.h"

struct stress_ways {
    bool swarm, faults;
    bool has_zeal;
    struct conditions zeal; /* of --zeal: the level and how often */
    const char *conditions; /* in place of the mixes; NULL: not given */
    const char *dials;      /* of each mix in place of its own; NULL: not given */
};

/* The entries of these options in the command's table, and their letters. */
/* clang-format off */
#define STRESS_WAYS_OPTIONS                                                                                  \
    {"swarm", no_argument, NULL, 'w'}, {"faults", no_argument, NULL, 'f'},                                   \
    {"zeal", required_argument, NULL, 'z'}, {"setting", required_argument, NULL, 'S'},                       \
    {"dials", required_argument, NULL, 'd'}
/* clang-format on */
#define STRESS_WAYS_LETTERS "wfzSd"

/* Takes the option `found`, whose argument is in `optarg`. Returns 0, or MESSAGE_BAD_INPUT after one line. */
int stress_ways_option_take(int found, struct stress_ways *ways);

/* Checks that a setting that counts a collector's own collections has programs that ask for none. Returns 0, or
 * MESSAGE_BAD_INPUT after one line. */
int stress_ways_check(const struct stress_ways *ways);

/* Whether any of them was given. */
bool stress_ways_are_narrow(const struct stress_ways *ways);

/*
 * Makes the standard mixes without those that are ruled out, or the one mix that was given. `runtimes`: only those that
 * runtimes take. `ret_mixes` has room for driver_mix_count. Returns how many there are. The caller calls
 * stress_ways_mixes_free().
 */
size_t stress_ways_mixes(const struct stress_ways *ways, bool runtimes, struct driver_mix *ret_mixes);
void stress_ways_mixes_free(struct driver_mix *mixes, size_t count);

/* The conditions of one program that is run again. */
void stress_ways_conditions(const struct stress_ways *ways, char ret_text[static OPTIONS_TEXT_BYTES]);

#endif
