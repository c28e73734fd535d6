/* SPDX-License-Identifier: MIT */
/*
 * The specification of a run, or matrix file: what to measure, how often and within which limits. It is YAML,
 * read by a typed schema. So a misspelt key, or a text where a number belongs, is refused with its line and
 * column.
 *
 *     name: example           # of the run; letters, digits, '-', '_' and '.'
 *     blocks: 5               # how often each cell runs
 *     seed: 1                 # of the shuffle, and of the workloads
 *     vary_seed: false        # true: block b runs the workloads with seed + b
 *     timeout_seconds: 300    # for one process
 *     raw: first              # keep raw pauses and heap samples of the first block, of `all`, or of `none`
 *     layouts: 1              # more: block b runs in layout b mod layouts (layout.h)
 *     counter: none           # or `perf`, the processor's; or `instructions`, by callgrind in a second one
 *     minimum_heaps: FILE     # that `gcmatrix minheap --spec` wrote, in this folder (minimum-heaps.json)
 *     cells:                  # every workload x collector x allocator of each entry
 *       - workloads: [binary-trees, "rings:size=2,count=1e6"]
 *         collectors: [rc, "rc-trial:roots=10000"]
 *         heaps: [1.25, 1.5, 2] # limits, in multiples of the workload's minimum heap; default: no limit
 *         allocators: [glibc, "jemalloc:normalised", /path/to/any.so]     # default: [glibc]
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
    uint64_t blocks, seed, timeout_seconds, layouts;
    bool vary_seed;
    enum spec_raw raw;
    enum spec_counter counter;
    const struct spec_cells *cells; /* an entry with 0 allocators means glibc */
    unsigned cells_count;
    char sha256[65]; /* of the file's bytes */
    struct spec_file *file;
    yaml_document_t document; /* the same text as nodes with places */
};

enum { SPEC_BLOCKS_MAX = 10000, SPEC_LAYOUTS_MAX = 1000, SPEC_TIMEOUT_MAX = 86400, SPEC_BYTES_MAX = 1 << 20 };

/* Reads and checks a matrix file. Returns 0 and a spec for spec_free, or MESSAGE_BAD_INPUT after one line. */
int spec_load(const char *path, struct spec **ret_spec);

void spec_free(struct spec *spec);

/*
 * `path:line:column` of an item of the list `key` ("workloads", "collectors", "allocators", "heaps") in an
 * entry of `cells`; the path alone where there is no such node. The caller frees it. O(size of the file).
 */
char *spec_place(struct spec *spec, unsigned entry, const char *key, unsigned item);

/* The specification with every default filled in, for the manifest; a new reference. */
json_t *spec_describe(const struct spec *spec);

#endif
