/* SPDX-License-Identifier: MIT */
#include "harness/report/tables-records.h"

#include <stdlib.h>

#include "base/memory.h"
#include "harness/results/records.h"

int tables_records_read(const struct run *run, const struct run_cell *cell,
                        struct tables_records *ret_records)
{
    int status = 0;
    *ret_records =
        (struct tables_records){.records = memory_new(run->blocks + 1, sizeof(*ret_records->records))};
    for (size_t block = 0; block < run->blocks && status == 0; block++) {
        const struct store_row *row = run_cell_shown_row(run, cell, block);
        if (row)
            status = records_read(run->store->dir, row->id, &ret_records->records[ret_records->count++]);
    }
    return status;
}

void tables_records_free(struct tables_records *records)
{
    for (size_t i = 0; i < records->count; i++)
        json_decref(records->records[i]);
    free(records->records);
    *records = (struct tables_records){0};
}
