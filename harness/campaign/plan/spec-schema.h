/* SPDX-License-Identifier: MIT */
/* The typed schema of a matrix file, and libcyaml's complaints as one line each. */
#ifndef HARNESS_CAMPAIGN_PLAN_SPEC_SCHEMA_H
#define HARNESS_CAMPAIGN_PLAN_SPEC_SCHEMA_H

#include <stddef.h>
#include <yaml.h>

enum spec_raw { SPEC_RAW_FIRST, SPEC_RAW_ALL, SPEC_RAW_NONE };
enum spec_counter { SPEC_COUNTER_NONE, SPEC_COUNTER_PERF, SPEC_COUNTER_INSTRUCTIONS };

struct spec_cells {
    char **workloads, **collectors, **allocators; /* as written: NAME or NAME:OPTIONS */
    char **heaps;                                 /* as written: multiples of the minimum heap */
    char **memory;                                /* "cold", "warm" */
    char *process_limit;                          /* as written; NULL: none */
    unsigned workloads_count, collectors_count, allocators_count, heaps_count, memory_count;
};

/* Filled in by libcyaml. A NULL pointer is a key that is not there. */
struct spec_file {
    char *name, *minimum_heaps;
    char *precision, *minimum, *budget, *baseline; /* as written, and so are numbers and switches: libcyaml */
    char *blocks, *seed, *timeout_seconds,
        *layouts; /* takes -1 for 2^64 - 1, 010 for 8, and any word for true */
    char *vary_seed;
    enum spec_raw *raw;
    enum spec_counter *counter;
    struct spec_cells *cells;
    unsigned cells_count;
};

/*
 * Reads the text by the schema. `document` is the same text as nodes. For an unknown key libcyaml gives the
 * place of the value before it, so the key itself is looked up in the nodes. Returns 0 and a file for
 * spec_schema_free(), or MESSAGE_BAD_INPUT after one line.
 */
int spec_schema_load(const char *path, const char *text, size_t size, yaml_document_t *document,
                     struct spec_file **ret_file);

void spec_schema_free(struct spec_file *file);

#endif
