/* SPDX-License-Identifier: MIT */
/*
 * The command line and the whole environment of a measured process. Nothing is inherited. A last variable
 * pads both to one size: the stack's starting address depends on the size, and moves times by some percent
 * (Mytkowicz et al., ASPLOS 2009).
 */
#ifndef HARNESS_CAMPAIGN_PROCESS_COMMAND_H
#define HARNESS_CAMPAIGN_PROCESS_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "harness/campaign/process/allocator.h"

struct command_request {
    const char *pair;              /* path of the executable */
    const char *workload_options;  /* "" for none */
    const char *collector_options; /* "" for none */
    const struct allocator *allocator;
    uint64_t seed;
    const char *heap_limit;    /* bytes, as the pair reads them; NULL: none */
    const char *memory, *warm; /* of --memory and --warm; NULL: cold */
    const char *record, *events, *phases, *timeline, *latencies; /* paths; NULL: not asked for */
    bool counters;                                               /* of the processor */
    const char *valgrind;   /* path of the program that counts instructions; NULL: nothing is counted */
    const char *counts;     /* path of the file it writes */
    size_t padding;         /* bytes of the environment beyond the usual size */
    bool fixed_addresses;   /* the subprocess_request is to have the same */
    uint64_t process_limit; /* bytes that the process may hold in all; 0: any. For measure_process() */
};

struct command {
    struct text_list argv, envp; /* NULL-terminated in `items` */
};

/*
 * The padded size of argv, envp and the path; a longer command is left as it is. And the most padding beyond
 * it.
 */
enum { COMMAND_BYTES = 8192, COMMAND_PADDING_MAX = 4096 };

void command_make(const struct command_request *request, struct command *ret_command);

/* Adds a last variable to the environment, with which both and the path have `whole` bytes. */
void command_pad(struct command *command, size_t whole);

void command_free(struct command *command);

/* Why command_words() cannot run the executable at a path, in words; NULL: it can. O(length). */
const char *command_path_objection(const char *path);

/* The command as one string, which a splitter like the shell's turns into the same process:
 * `env -i NAME=value... pair option...`. The caller frees it. */
char *command_words(const struct command *command, const char *env_path);

#endif
