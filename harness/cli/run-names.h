/* SPDX-License-Identifier: MIT */
/* Workloads, collectors and settings of a run, by the names that a person gives. */
#ifndef HARNESS_CLI_RUN_NAMES_H
#define HARNESS_CLI_RUN_NAMES_H

#include "harness/report/plot-choice.h"

/* Returns the names in one line, with commas between, the caller's to free. O(lengths). */
char *run_names_join(const char *const *names, size_t count);

/*
 * Refuses a name that a run does not have: MESSAGE_BAD_INPUT after one line that begins with the command and the option,
 * as in "compare: --allocator". It has the nearest of `names`, or all of them. `what` is what the option takes. O(names).
 */
int run_names_refuse(const char *command, const char *option, const char *what, const char *name,
                     const char *const *names, size_t count);

/*
 * Finds a name among those that a list of the run measured. Returns 0; or MESSAGE_BAD_INPUT after that line. O(names).
 */
int run_names_find(const char *command, const char *option, const char *what, const char *name,
                   const struct run_list *list, size_t *ret_place);

/* What the options --workload and --collector choose of a run. */
enum { RUN_NAMES_MOST = 64 };
struct run_names {
    const char *works[RUN_NAMES_MOST], *configs[RUN_NAMES_MOST];
    size_t work_count, config_count;
};

/* The entries of these options in a command's table. Both may be repeated: RUN_NAMES_LISTS. */
/* clang-format off */
#define RUN_NAMES_OPTIONS                                                                                    \
    {"workload", required_argument, NULL, 'W'}, {"collector", required_argument, NULL, 'c'}
/* clang-format on */
#define RUN_NAMES_LISTS "Wc"

/* Takes such an option. Returns 0, or MESSAGE_BAD_INPUT after one line where a name comes twice, or too many come. */
int run_names_take(const char *command, int found, const char *name, struct run_names *names);

/* Whether anything is chosen. O(1). */
static inline bool run_names_are_given(const struct run_names *names)
{
    return names->work_count + names->config_count > 0;
}

/*
 * Finds what the names choose. A name is one of the run's lists, or that of a workload or a collector with all of its
 * options, or without any: then it chooses each that has such a name, whatever its options. Without a name of a kind, all
 * of that kind are chosen. Returns 0, and the caller ends with plot_choice_free(). Returns MESSAGE_BAD_INPUT after one
 * line where a name is of nothing in the run, or the run has no cell of what is chosen. O(names x cells).
 */
int run_names_choose(const char *command, const struct run *run, const struct run_names *names,
                     struct plot_choice *ret_choice);

#endif
