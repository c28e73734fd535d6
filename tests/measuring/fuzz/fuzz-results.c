/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a run's folder. Half of them get the checks that their rows would have, or none but damaged rows
 * would come of them. Where its files are taken, each row names a cell and a block of the manifest, no
 * id comes twice, and the whole analysis of the run comes to its end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/analysis/run.h"
#include "harness/report/overview.h"
#include "harness/results/store-columns.h"
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

/* Gives each line that looks like a row its check. */
static void checks_set(char *text, size_t size)
{
    char check[STORE_CHECK_DIGITS + 1], *end;
    for (char *line = text; (end = memchr(line, '\n', (size_t)(text + size - line))); line = end + 1) {
        char *comma = end - STORE_CHECK_DIGITS - 1;
        if (comma <= line || *comma != ',')
            continue;
        store_check_write(line, (size_t)(comma - line), check);
        memcpy(comma + 1, check, STORE_CHECK_DIGITS);
    }
}

static void files_make(const uint8_t *bytes, size_t count)
{
    char *copy = malloc(count + 1);
    memcpy(copy, bytes, count);
    if (count && bytes[count / 2] % 2)
        checks_set(copy, count);
    scratch_files((uint8_t *)copy, count, names);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct run run;
    files_make(bytes, count);
    if (run_open(&run, scratch_folder()) != 0)
        return 0;
    rows_look(&run);
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    overview_print(&run,
                   &(struct overview_options){.form = bytes[count / 3] % 3,
                                              .metric = bytes[count / 4] % (RUN_METRICS + 1),
                                              .setting = OVERVIEW_ALL,
                                              .baseline = OVERVIEW_NONE},
                   stream);
    fclose(stream);
    free(text);
    run_close(&run);
    return 0;
}
