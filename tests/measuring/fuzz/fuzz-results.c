/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a run's folder. Where its files are taken, each row names a cell and a block of the manifest, no
 * id comes twice, and the whole analysis of the run comes to its end.
 */
#include <stdio.h>
#include <stdlib.h>

#include "harness/analysis/run.h"
#include "harness/report/overview.h"
#include "tests/measuring/fuzz/scratch.h"

static const char *const names[] = {"manifest.json", "runs.csv", "reference.csv", NULL};

static void rows_look(const struct run *run)
{
    const struct store *store = run->store;
    size_t cells = json_array_size(json_object_get(store->manifest, "cells"));
    for (size_t i = 0; i < store->row_count; i++) {
        const struct store_row *row = &store->rows[i];
        FUZZ_EXPECT(row->cell >= 0 && (size_t)row->cell < cells && row->block >= 0 && row->id >= 0);
        FUZZ_EXPECT(row->status && row->workload && row->checksum);
        for (size_t j = 0; j < i; j++)
            FUZZ_EXPECT(store->rows[j].id != row->id);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct run run;
    scratch_files(bytes, count, names);
    if (run_open(&run, scratch_folder()) != 0)
        return 0;
    rows_look(&run);
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    overview_print(&run,
                   &(struct overview_options){.form = bytes[count / 2] % 3,
                                              .metric = bytes[count / 3] % (RUN_METRICS + 1),
                                              .setting = OVERVIEW_ALL,
                                              .baseline = OVERVIEW_NONE},
                   stream);
    fclose(stream);
    free(text);
    run_close(&run);
    return 0;
}
