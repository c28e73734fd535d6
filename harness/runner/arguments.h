/* SPDX-License-Identifier: MIT */
/* The command line of every pair. */
#ifndef HARNESS_RUNNER_ARGUMENTS_H
#define HARNESS_RUNNER_ARGUMENTS_H

#include <stdbool.h>
#include <stdint.h>

enum arguments_action { ARGUMENTS_RUN, ARGUMENTS_DESCRIBE, ARGUMENTS_HELP };

/* Whether the pages that the workload uses are there before its clock starts. A rehearsal is cold, and finds out
 * which a warm process needs. */
enum arguments_memory { ARGUMENTS_COLD, ARGUMENTS_WARM, ARGUMENTS_REHEARSE };

struct arguments {
    enum arguments_action action;
    enum arguments_memory memory;
    uint64_t seed;
    uint64_t heap_limit; /* bytes of objects and the collector's metadata; UINT64_MAX for none */
    uint64_t event_capacity;
    uint64_t repetitions; /* of the workload, each followed by a count of leftovers; 0: it runs once */
    bool recording;
    bool counters; /* those of the processor */
    bool checkpoints;
    bool possible_roots;
    bool check;         /* run the collector's heap check at each checkpoint and at the end */
    const char *record; /* file, "-" for standard output, NULL for none */
    const char *events;
    const char *phases;
    const char *timeline;
    const char *latencies;
    const char *allocator;
    const char *allocator_object;
    const char *tuning;
    const char *warm;       /* what a rehearsal found; NULL unless memory is warm */
    void *workload_options; /* the structs that the two option tables describe */
    void *collector_options;
};

/* Reads the command line. On anything wrong prints one line that names it and exits with status 2. */
void arguments_read(int argc, char **argv, struct arguments *ret_arguments);

/* The word for it on the command line and in the record. */
const char *arguments_memory_name(enum arguments_memory memory);

/* Prints --help to standard output. */
void arguments_print_help(const char *program);

#endif
