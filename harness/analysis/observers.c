/* SPDX-License-Identifier: MIT */
#include "harness/analysis/observers.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/input.h"
#include "base/text.h"
#include "harness/results/csv.h"
#include "harness/results/files.h"
#include "harness/results/records.h"

static size_t observers_column(const struct csv_reader *reader, const char *name)
{
    size_t column = 0;
    while (column < reader->field_count && strcmp(reader->fields[column], name) != 0)
        column++;
    return column;
}

/*
 * Whether a row of cells.csv gives the collector the role "observes". A config is a collector with its
 * options.
 */
static bool observers_read_table(char *text, size_t size, const char *collector)
{
    struct csv_reader reader;
    size_t length = strlen(collector), config = 0, role = 0;
    bool found = false;
    csv_reader_start(&reader, text, size);
    if (csv_record_next(&reader) == CSV_RECORD) {
        config = observers_column(&reader, "config");
        role = observers_column(&reader, "role");
    }
    while (!found && csv_record_next(&reader) == CSV_RECORD) {
        if (config >= reader.field_count || role >= reader.field_count)
            continue;
        const char *name = reader.fields[config];
        found = strcmp(reader.fields[role], "observes") == 0 && strncmp(name, collector, length) == 0 &&
                (name[length] == '\0' || name[length] == ':');
    }
    csv_reader_stop(&reader);
    return found;
}

static bool observers_in_table(const char *folder, const char *collector)
{
    char path[PATH_MAX];
    size_t size = 0;
    snprintf(path, sizeof(path), "%s/tables/cells.csv", folder);
    FILE *file = NULL;
    input_open_own(path, 2, &file);
    char *text = file ? text_read(file, &size) : NULL;
    bool found = text && observers_read_table(text, size, collector);
    if (file)
        fclose(file);
    free(text);
    return found;
}

bool observers_include(const struct store *store, const char *collector)
{
    for (size_t i = 0; i < store->row_count; i++) {
        const struct store_row *row = &store->rows[i];
        if (strcmp(row->collector, collector) != 0 || strcmp(row->status, "ok") != 0)
            continue;
        return files_has_any(store->dir, FILES_RECORD) ? records_has_key(store->dir, row->id, "truth")
                                                       : observers_in_table(store->dir, collector);
    }
    return false;
}
