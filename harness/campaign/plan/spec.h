/* SPDX-License-Identifier: MIT */
/*
 * The specification of a run, or matrix file: what to measure, how often and within which limits. It is YAML,
 * read by a typed schema. So a misspelt key, or a text where a number belongs, is refused with its line and
 * column. Of YAML it uses the plain part alone (spec-syntax.h), and numbers are read as in options
 * (base/number.h).
 *
 *     name: example           # of the run; letters, digits, '-', '_' and '.'
 *     blocks: 5               # how often each cell runs: a fixed design. Or in its place:
 *     precision: 3%           # blocks are added until two cells differ, or are equal within this precision
 *     budget: 30m             # with precision: or until so much time is spent (90s, 30m, 2h); or no limit
 *     minimum: 1%             # the smallest difference of interest
 *     baseline: rc            # a collector entry of the matrix, with which the others are compared
 *     seed: 1                 # of the shuffle, and of the workloads
 *     vary_seed: false        # true: block b runs the workloads with seed + b
 *     timeout_seconds: 300    # for one process
 *     raw: first              # keep raw pauses, phases and heap samples of the first block, of `all`, or of `none`
 *     layouts: 1              # more: block b runs in layout b mod layouts (layout.h)
 *     counter: none           # or `perf`, the processor's; or `instructions`, by callgrind in a second one
 *     minimum_heaps: FILE     # that `gcmatrix minheap --spec` wrote, in this folder (minimum-heaps.json)
 *     cells:                  # every workload x collector x allocator of each entry
 *       - workloads: [binary-trees, "rings:size=2,count=1e6"]
 *         collectors: [rc, "rc-trial:roots=10000"]
 *         heaps: [1.25, 1.5, 2] # limits, in multiples of the workload's minimum heap; default: no limit
 *         allocators: [glibc, "jemalloc:normalised", /path/to/any.so]     # default: [glibc]
 *         process_limit: 512MiB # bytes that a process may hold in all, 16MiB at least; default: no limit
 *         memory: [cold, warm]  # warm: the pages of a process are there before its clock; default: [cold]
 */
#ifndef HARNESS_CAMPAIGN_PLAN_SPEC_H
#define HARNESS_CAMPAIGN_PLAN_SPEC_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <yaml.h>

#include "harness/campaign/plan/spec-schema.h"

struct spec {
    char *path;
    char *minimum_heaps; /* path of their file; it may be missing where no entry has heaps */
    const char *name;
    const char *baseline;      /* as written; NULL: none */
    uint64_t blocks;           /* of each cell, or the most where blocks are added until all is decided */
    uint64_t first;            /* blocks before the first decision; equal to `blocks` in a fixed design */
    bool sequential;           /* blocks are added until all is decided */
    double precision, minimum; /* ratios less 1: 0.03 and 0.01 for 3% and 1% */
    uint64_t budget_seconds;   /* 0: no limit */
    uint64_t seed, timeout_seconds, layouts;
    bool vary_seed;
    enum spec_raw raw;
    enum spec_counter counter;
    const struct spec_cells *cells; /* an entry with 0 allocators means glibc */
    unsigned cells_count;
    char sha256[65]; /* of the file's bytes */
    struct spec_file *file;
    yaml_document_t document; /* the same text as nodes with places */
};

enum {
    SPEC_CELLS_MAX = 20000,
    SPEC_BLOCKS_MAX = 10000,
    SPEC_LAYOUTS_MAX = 1000,
    SPEC_TIMEOUT_MAX = 86400,
    SPEC_BYTES_MAX = 1 << 20
};

/* What the command line says in place of the file; 0 or NULL: the file's own. */
struct spec_overrides {
    uint64_t blocks;
    const char *precision, *budget, *baseline; /* as a person writes them */
};

/* Reads and checks a matrix file. Returns 0 and a spec for spec_free, or MESSAGE_BAD_INPUT after one line. */
int spec_load(const char *path, struct spec **ret_spec);

/*
 * Puts what the command line says in place of what the file says. The texts must outlive the spec. Returns 0,
 * or MESSAGE_BAD_INPUT after one line that names the option.
 */
int spec_override(struct spec *spec, const struct spec_overrides *overrides);

void spec_free(struct spec *spec);

/*
 * `path:line:column` of an item of the list `key` ("workloads", "collectors", "allocators", "heaps") in an
 * entry of `cells`; the path alone where there is no such node. The caller frees it. O(size of the file).
 */
char *spec_place(struct spec *spec, unsigned entry, const char *key, unsigned item);

/* The specification with every default filled in, for the manifest; a new reference. */
json_t *spec_describe(const struct spec *spec);

#endif
