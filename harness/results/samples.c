/* SPDX-License-Identifier: MIT */
#include "harness/results/samples.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/message.h"
#include "harness/results/csv.h"

const char *const samples_kind_names[SAMPLES_KINDS] = {"full", "young", "slice", "cascade"};

enum {
    SAMPLES_EVENT_FIELDS = 6,
    SAMPLES_POINT_FIELDS = 4,
    SAMPLES_REQUEST_FIELDS = 3,
    SAMPLES_MOST_FIELDS = 6
};

/* One file being read. `take` adds the integers of a row; the first is a kind where `first_is_kind`. */
struct samples_file {
    char path[PATH_MAX];
    const char *const *columns;
    size_t column_count;
    bool first_is_kind;
    size_t row_bytes; /* of the struct that `take` fills */
    int (*take)(const struct samples_file *file, const int64_t *values, void *ret_row);
    struct csv_reader reader;
    char *text;
    char *rows;
    size_t count, capacity;
};

static int samples_slurp(struct samples_file *file, size_t *ret_size)
{
    struct stat status;
    FILE *stream = fopen(file->path, "re");
    if (!stream)
        return errno == ENOENT ? 0 : message_bad_input("%s: %s", file->path, strerror(errno));
    if (fstat(fileno(stream), &status) < 0 || !(file->text = malloc((size_t)status.st_size + 1))) {
        fclose(stream);
        return message_bad_input("%s: %s", file->path, strerror(errno));
    }
    *ret_size = fread(file->text, 1, (size_t)status.st_size, stream);
    file->text[*ret_size] = '\0';
    fclose(stream);
    return 1;
}

static int samples_check_header(struct samples_file *file)
{
    const struct csv_reader *reader = &file->reader;
    for (size_t i = 0; i < file->column_count; i++)
        if (i >= reader->field_count || strcmp(reader->fields[i], file->columns[i]) != 0)
            return message_bad_input("%s:1: column %zu should be '%s', not '%s'", file->path, i + 1,
                                     file->columns[i], i < reader->field_count ? reader->fields[i] : "");
    return 0;
}

static int samples_parse_kind(const struct samples_file *file, const char *text, int64_t *ret_value)
{
    for (int kind = 0; kind < SAMPLES_KINDS; kind++)
        if (strcmp(text, samples_kind_names[kind]) == 0) {
            *ret_value = kind;
            return 0;
        }
    return message_bad_input("%s:%zu: kind is '%s'; it is one of full, young, slice, cascade", file->path,
                             file->reader.line, text);
}

static int samples_parse(const struct samples_file *file, size_t column, int64_t *ret_value)
{
    const char *text = file->reader.fields[column];
    char *end;
    if (column == 0 && file->first_is_kind)
        return samples_parse_kind(file, text, ret_value);
    errno = 0;
    *ret_value = strtoll(text, &end, 10);
    if (end == text || *end || errno || *ret_value < 0)
        return message_bad_input("%s:%zu: column %s is '%s', not a count from 0", file->path,
                                 file->reader.line, file->columns[column], text);
    return 0;
}

static int samples_add(struct samples_file *file)
{
    int64_t values[SAMPLES_MOST_FIELDS];
    if (file->reader.field_count != file->column_count)
        return message_bad_input("%s:%zu: %zu fields where the header has %zu", file->path, file->reader.line,
                                 file->reader.field_count, file->column_count);
    for (size_t column = 0; column < file->column_count; column++)
        if (samples_parse(file, column, &values[column]) != 0)
            return MESSAGE_BAD_INPUT;
    if (file->count == file->capacity) {
        file->capacity = file->capacity ? 2 * file->capacity : 1024;
        char *grown = reallocarray(file->rows, file->capacity, file->row_bytes);
        if (!grown)
            return message_bad_input("%s: out of memory", file->path);
        file->rows = grown;
    }
    return file->take(file, values, file->rows + file->count++ * file->row_bytes);
}

static int samples_read_rows(struct samples_file *file)
{
    int status = 0;
    enum csv_outcome outcome = csv_record_next(&file->reader);
    if (outcome == CSV_END)
        return message_bad_input("%s:1: no header line", file->path);
    for (bool header = true; outcome == CSV_RECORD && status == 0; header = false) {
        status = header ? samples_check_header(file) : samples_add(file);
        if (status == 0)
            outcome = csv_record_next(&file->reader);
    }
    if (status == 0 && outcome != CSV_END)
        return message_bad_input("%s:%zu: %s", file->path, file->reader.line,
                                 outcome == CSV_TORN ? "the file ends inside a row" : "a misplaced quote");
    return status;
}

static int samples_read(struct samples_file *file, const char *folder, const char *part, int64_t id)
{
    size_t size = 0;
    snprintf(file->path, sizeof(file->path), "%s/%s/%06" PRId64 ".csv", folder, part, id);
    int status = samples_slurp(file, &size);
    if (status == 1) {
        csv_reader_start(&file->reader, file->text, size);
        status = samples_read_rows(file);
        csv_reader_stop(&file->reader);
        if (status == 0)
            status = 1;
        else
            free(file->rows);
    }
    free(file->text);
    return status;
}

static int samples_take_event(const struct samples_file *file, const int64_t *values, void *ret_row)
{
    struct samples_event *event = ret_row;
    *event = (struct samples_event){
        (enum samples_kind)values[0], values[1], values[2], values[3], values[4], values[5]};
    if (event->end_ns < event->begin_ns)
        return message_bad_input("%s:%zu: the pause ends before it begins", file->path, file->reader.line);
    return 0;
}

static int samples_take_point(const struct samples_file *file, const int64_t *values, void *ret_row)
{
    *(struct samples_point *)ret_row = (struct samples_point){values[0], values[1], values[2], values[3]};
    return 0;
}

static int samples_take_request(const struct samples_file *file, const int64_t *values, void *ret_row)
{
    *(struct latency_request *)ret_row = (struct latency_request){values[0], values[1], values[2]};
    if (values[1] < values[0] || values[2] < values[1])
        return message_bad_input("%s:%zu: the request ends before it begins, or begins before it arrives",
                                 file->path, file->reader.line);
    return 0;
}

bool samples_are_kept(const char *folder, const char *part)
{
    char path[PATH_MAX];
    bool found = false;
    snprintf(path, sizeof(path), "%s/%s", folder, part);
    DIR *directory = opendir(path);
    if (!directory)
        return false;
    for (const struct dirent *entry; !found && (entry = readdir(directory));)
        found = entry->d_name[0] != '.';
    closedir(directory);
    return found;
}

int samples_events_read(const char *folder, int64_t id, struct samples_events *ret_events)
{
    static const char *const columns[SAMPLES_EVENT_FIELDS] = {
        "kind", "begin_ns", "end_ns", "visited_objects", "freed_objects", "freed_bytes"};
    struct samples_file file = {.columns = columns,
                                .column_count = SAMPLES_EVENT_FIELDS,
                                .first_is_kind = true,
                                .row_bytes = sizeof(struct samples_event),
                                .take = samples_take_event};
    int status = samples_read(&file, folder, "events", id);
    if (status == 1)
        *ret_events = (struct samples_events){(struct samples_event *)file.rows, file.count};
    return status;
}

int samples_timeline_read(const char *folder, int64_t id, struct samples_timeline *ret_timeline)
{
    static const char *const columns[SAMPLES_POINT_FIELDS] = {"time_ns", "allocated_bytes", "heap_bytes",
                                                              "rss_bytes"};
    struct samples_file file = {.columns = columns,
                                .column_count = SAMPLES_POINT_FIELDS,
                                .row_bytes = sizeof(struct samples_point),
                                .take = samples_take_point};
    int status = samples_read(&file, folder, "timelines", id);
    if (status == 1)
        *ret_timeline = (struct samples_timeline){(struct samples_point *)file.rows, file.count};
    return status;
}

int samples_latencies_read(const char *folder, int64_t id, struct samples_latencies *ret_latencies)
{
    static const char *const columns[SAMPLES_REQUEST_FIELDS] = {"arrival_ns", "begin_ns", "end_ns"};
    struct samples_file file = {.columns = columns,
                                .column_count = SAMPLES_REQUEST_FIELDS,
                                .row_bytes = sizeof(struct latency_request),
                                .take = samples_take_request};
    int status = samples_read(&file, folder, "latencies", id);
    if (status == 1)
        *ret_latencies = (struct samples_latencies){(struct latency_request *)file.rows, file.count};
    return status;
}
