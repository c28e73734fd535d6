/* SPDX-License-Identifier: MIT */
#include "harness/results/phases.h"

#include "harness/results/files.h"
#include "harness/results/integer-rows.h"

#define PHASE_NAME(word, name, does) name,
const char *const phase_names[GC_PHASE_KINDS] = {GC_PHASES(PHASE_NAME)};

static const char *phase_take(const int64_t *values, void *ret_row)
{
    struct phase_row *row = ret_row;
    *row = (struct phase_row){
        .phase = (enum gc_phase)values[0],
        .pause = values[1],
        .begin_ns = values[2],
        .end_ns = values[3],
        .freed_objects = values[4],
        .freed_bytes = values[5],
    };
    return row->end_ns < row->begin_ns ? "the phase ends before it begins" : NULL;
}

static const struct integer_rows_schema schema = {
    .columns = {"phase", "pause", "begin_ns", "end_ns", "freed_objects", "freed_bytes"},
    .column_count = 6,
    .words = {[0] = {phase_names, GC_PHASE_KINDS}},
    .row_bytes = sizeof(struct phase_row),
    .take = phase_take,
};

int phases_read(const char *dir, int64_t id, struct phases *ret_phases)
{
    char path[PATH_MAX];
    void *rows;
    files_path(dir, FILES_PHASES, id, path);
    int status = integer_rows_read(&schema, path, FILES_OWN, &rows, &ret_phases->count);
    if (status == 1)
        ret_phases->rows = rows;
    return status;
}

FILE *phases_create(const char *path)
{
    return integer_rows_create(&schema, path);
}

void phases_add(FILE *file, const struct phase_row *row)
{
    integer_rows_add(&schema, file,
                     (const int64_t[]){row->phase, row->pause, row->begin_ns, row->end_ns, row->freed_objects,
                                       row->freed_bytes});
}

int phases_finish(FILE *file)
{
    return integer_rows_finish(file);
}
