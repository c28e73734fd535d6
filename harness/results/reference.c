/* SPDX-License-Identifier: MIT */
#include "harness/results/reference.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/input.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/quantile.h"
#include "base/text.h"
#include "harness/results/integer-rows.h"

/* ---- the file ---- */

static const char *row_take(const int64_t *values, void *ret_row)
{
    *(struct reference_row *)ret_row = (struct reference_row){
        .block = values[0],
        .wall_ns = values[1],
        .processor = values[2],
        .allocating_ns = values[3],
        .chasing_ns = values[4],
        .computing_ns = values[5],
        .touching_ns = values[6],
    };
    return values[1] > 0 ? NULL : "the program took no time";
}

static const struct integer_rows_schema schema = {
    .columns = {"block", "wall_ns", "processor", "allocating_ns", "chasing_ns", "computing_ns",
                "touching_ns"},
    .column_count = 7,
    .row_bytes = sizeof(struct reference_row),
    .appended = true,
    .take = row_take,
};

static char *path_make(const char *dir)
{
    return text_format("%s/reference.csv", dir);
}

int reference_read(const char *dir, struct reference *ret_reference)
{
    char *path = path_make(dir);
    void *rows = NULL;
    *ret_reference = (struct reference){0};
    int status = integer_rows_read(&schema, path, 1, &rows, &ret_reference->count);
    if (status == 1)
        ret_reference->rows = rows;
    free(path);
    return status;
}

void reference_free(struct reference *reference)
{
    free(reference->rows);
    *reference = (struct reference){0};
}

/* ---- times of blocks ---- */

static int rows_compare(const void *left, const void *right)
{
    const struct reference_row *a = left, *b = right;
    return (a->block > b->block) - (a->block < b->block);
}

void reference_block_times(const struct reference *reference, size_t blocks, double *ret_ns)
{
    size_t count = reference->count;
    struct reference_row *sorted = memory_new(count, sizeof(*sorted));
    double *times = memory_new(count, sizeof(*times));
    if (count)
        memcpy(sorted, reference->rows, count * sizeof(*sorted));
    qsort(sorted, count, sizeof(*sorted), rows_compare);
    for (size_t block = 0; block < blocks; block++)
        ret_ns[block] = NAN;
    for (size_t i = 0, next; i < count; i = next) {
        for (next = i; next < count && sorted[next].block == sorted[i].block; next++)
            times[next] = (double)reference_row_speed(&sorted[next]);
        if ((size_t)sorted[i].block < blocks)
            ret_ns[sorted[i].block] = quantile_median(&times[i], next - i);
    }
    free(times);
    free(sorted);
}

double reference_run_time(const double *block_ns, size_t blocks)
{
    return quantile_median(block_ns, blocks);
}

bool reference_differs(double block_ns, double run_ns)
{
    return fabs(block_ns / run_ns - 1) > REFERENCE_DIFFERS; /* false for NaN */
}

/* ---- the writer ---- */

void reference_header_write(FILE *file)
{
    for (size_t i = 0; i < schema.column_count; i++)
        fprintf(file, "%s%c", schema.columns[i], i + 1 < schema.column_count ? ',' : '\n');
}

void reference_row_write(FILE *file, const struct reference_row *row)
{
    const int64_t values[] = {row->block,      row->wall_ns,      row->processor,  row->allocating_ns,
                              row->chasing_ns, row->computing_ns, row->touching_ns};
    integer_rows_add(&schema, file, values);
}

static int header_append(struct journal *journal)
{
    char *text;
    size_t size;
    FILE *memory = memory_stream(&text, &size);
    reference_header_write(memory);
    memory_stream_close(memory);
    int status = journal_text_append(journal, text, size);
    free(text);
    return status;
}

/*
 * The length of the file up to its last line break; 0 where there is no file, or a link, which who opens it
 * for writing refuses. -1 with errno set on an error.
 */
static int64_t whole_bytes_find(const char *path)
{
    size_t size = 0;
    FILE *file;
    if (input_open_own(path, 1, &file))
        return errno == ENOENT || errno == ELOOP ? 0 : -1;
    char *text = text_read(file, &size);
    fclose(file);
    if (!text)
        return -1;
    while (size && text[size - 1] != '\n')
        size--;
    free(text);
    return (int64_t)size;
}

int reference_open(const struct writing_folder *folder, struct journal *ret_journal)
{
    *ret_journal = (struct journal){.file = -1};
    char *path = path_make(folder->path);
    int64_t whole = whole_bytes_find(path);
    int status = whole < 0 ? message_storage("%s: %s", path, strerror(errno))
                           : journal_open(folder, "reference.csv", O_CREAT, ret_journal);
    free(path);
    if (status != 0)
        return status;
    ret_journal->bytes = whole;
    if (ftruncate(ret_journal->file, whole) != 0)
        status = message_storage("%s: %s", ret_journal->path, strerror(errno));
    else if (whole == 0)
        status = header_append(ret_journal);
    if (status != 0)
        journal_close(ret_journal);
    return status;
}

int reference_append(struct journal *journal, const struct reference_row *row)
{
    char *text;
    size_t size;
    FILE *memory = memory_stream(&text, &size);
    reference_row_write(memory, row);
    memory_stream_close(memory);
    int status = journal_text_append(journal, text, size);
    free(text);
    return status;
}
