/* SPDX-License-Identifier: MIT */
#include "harness/results/latencies.h"

#include "harness/results/files.h"
#include "harness/results/integer-rows.h"

static const char *request_take(const int64_t *values, void *ret_row)
{
    struct latency_request *request = ret_row;
    *request = (struct latency_request){.arrival_ns = values[0], .begin_ns = values[1], .end_ns = values[2]};
    if (request->begin_ns < request->arrival_ns || request->end_ns < request->begin_ns)
        return "the request ends before it begins, or begins before it arrives";
    return NULL;
}

static const struct integer_rows_schema schema = {
    .columns = {"arrival_ns", "begin_ns", "end_ns"},
    .column_count = 3,
    .row_bytes = sizeof(struct latency_request),
    .take = request_take,
};

int latencies_read(const char *dir, int64_t id, struct latencies *ret_latencies)
{
    char path[PATH_MAX];
    void *rows;
    files_path(dir, FILES_LATENCIES, id, path);
    int status = integer_rows_read(&schema, path, FILES_OWN, &rows, &ret_latencies->count);
    if (status == 1)
        ret_latencies->rows = rows;
    return status;
}

FILE *latencies_create(const char *path)
{
    return integer_rows_create(&schema, path);
}

void latencies_add(FILE *file, const struct latency_request *request)
{
    integer_rows_add(&schema, file,
                     (const int64_t[]){request->arrival_ns, request->begin_ns, request->end_ns});
}

int latencies_finish(FILE *file)
{
    return integer_rows_finish(file);
}
