/* SPDX-License-Identifier: MIT */
#include "harness/results/timelines.h"

#include "harness/results/files.h"
#include "harness/results/integer-rows.h"

static const char *point_take(const int64_t *values, void *ret_row)
{
    *(struct timeline_point *)ret_row = (struct timeline_point){
        .time_ns = values[0],
        .allocated_bytes = values[1],
        .heap_bytes = values[2],
        .rss_bytes = values[3],
    };
    return NULL;
}

static const struct integer_rows_schema schema = {
    .columns = {"time_ns", "allocated_bytes", "heap_bytes", "rss_bytes"},
    .column_count = 4,
    .row_bytes = sizeof(struct timeline_point),
    .take = point_take,
};

static int timeline_read(const char *path, unsigned own, struct timeline *ret_timeline)
{
    void *rows;
    int status = integer_rows_read(&schema, path, own, &rows, &ret_timeline->count);
    if (status == 1)
        ret_timeline->rows = rows;
    return status;
}

int timelines_read_file(const char *path, struct timeline *ret_timeline)
{
    return timeline_read(path, 0, ret_timeline);
}

int timelines_read(const char *dir, int64_t id, struct timeline *ret_timeline)
{
    char path[PATH_MAX];
    files_path(dir, FILES_TIMELINE, id, path);
    return timeline_read(path, FILES_OWN, ret_timeline);
}

FILE *timelines_create(const char *path)
{
    return integer_rows_create(&schema, path);
}

void timelines_add(FILE *file, const struct timeline_point *point)
{
    integer_rows_add(
        &schema, file,
        (const int64_t[]){point->time_ns, point->allocated_bytes, point->heap_bytes, point->rss_bytes});
}

int timelines_finish(FILE *file)
{
    return integer_rows_finish(file);
}
