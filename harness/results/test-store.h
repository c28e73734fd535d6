/* SPDX-License-Identifier: MIT */
/* A folder of a run for tests of what reads it: good text for its files, of which a test spoils something. */
#ifndef HARNESS_RESULTS_TEST_STORE_H
#define HARNESS_RESULTS_TEST_STORE_H

#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "harness/results/store-columns.h"
#include "tests/tap.h"

static char *dir; /* the run's folder */

static inline void file_write(const char *name, const char *text)
{
    char *path = text_format("%s/%s", dir, name);
    FILE *file = fopen(path, "w");
    free(path);
    assert(file && fputs(text, file) >= 0);
    assert(fclose(file) == 0);
}

#define MANIFEST(schema, cells)                                                                              \
    "{\"schema\": " schema ", \"name\": \"n\", \"created\": \"c\", \"finished\": null,\n"                    \
    "\"spec\": {\"vary_seed\": true}, \"layouts\": {\"count\": 2},\n"                                        \
    "\"spec_sha256\": \"\", \"blocks\": 2, \"seed\": 1, \"cells\": " cells                                   \
    ", \"machine\": {}, \"warnings\": [],\n"                                                                 \
    "\"versions\": {}, \"binaries\": {}, \"allocators\": {}" LATER "}"
/* What the second version of the schema added. */
#define LATER                                                                                                \
    ", \"ended\": null, \"baseline\": null, \"sessions\": [], \"design\": {\"kind\": \"blocks\", "           \
    "\"precision\": 0.03,"                                                                                   \
    " \"minimum\": 0.01, \"alpha\": 0.05, \"first\": 2, \"blocks\": 2, \"looks\": [2], \"budget_seconds\": " \
    "null,"                                                                                                  \
    " \"family\": 1, \"method\": \"\"}"
#define CELL                                                                                                 \
    "{\"workload\": \"w\", \"workload_options\": \"\", \"collector\": \"c\", \"collector_options\": \"\","   \
    " \"allocator\": \"glibc\", \"tuning\": \"default\", \"pair\": \"w-c\", \"baseline\": false,"            \
    " \"memory\": \"cold\", \"build\": \"\"}"
#define GOOD MANIFEST("\"gcmatrix.results.3\"", "[" CELL "]")

/* A row that agrees with the manifest: the cell 0 in block 1. */
static inline struct store_row row_good(void)
{
    struct store_row row = store_row_empty();
    row.id = row.block = row.layout = 1;
    row.cell = row.attempt = 0;
    row.workload = "w";
    row.collector = "c";
    row.allocator = "glibc";
    row.tuning = "default";
    row.memory = "cold";
    row.seed = 2;
    row.status = "ok";
    row.checksum = "abc";
    return row;
}

/* The folder is made, and goes again with all that is in it. The latter returns the status of a test. */
static inline void folder_make(void)
{
    dir = text_scratch("gcmatrix-store");
    assert(mkdtemp(dir));
}

static inline int folder_remove(void)
{
    char *command = text_format("rm -r %s", dir);
    int status = system(command);
    free(command);
    free(dir);
    return status;
}

#endif
