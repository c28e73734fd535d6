/* SPDX-License-Identifier: MIT */
#include "harness/report/table.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "harness/results/csv.h"

struct table *table_add(struct table_set *set, const char *name, const char *header)
{
    assert(set->count < TABLE_MOST);
    struct table *table = &set->tables[set->count++];
    *table = (struct table){.name = name};
    table->stream = memory_stream(&table->text, &table->size);
    fprintf(table->stream, "%s\n", header);
    return table;
}

static FILE *table_field(struct table *table)
{
    if (table->fields++)
        putc(',', table->stream);
    return table->stream;
}

void table_text(struct table *table, const char *text)
{
    csv_field_write(table_field(table), text ? text : "");
}

void table_number(struct table *table, double number)
{
    FILE *stream = table_field(table);
    if (isnan(number))
        return;
    /* Times and sizes are whole or end in .5 and are written exactly. Only ratios are rounded. */
    bool whole = fabs(number) < 1e15 && number * 2 == floor(number * 2);
    fprintf(stream, whole ? "%.16g" : "%.9g", number);
}

void table_count(struct table *table, int64_t number)
{
    fprintf(table_field(table), "%" PRId64, number);
}

void table_interval(struct table *table, struct bootstrap_interval interval)
{
    table_number(table, interval.low);
    table_number(table, interval.high);
}

void table_end(struct table *table)
{
    putc('\n', table->stream);
    table->fields = 0;
    table->rows++;
}

struct table *table_find(struct table_set *set, const char *name)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->tables[i].name, name) == 0)
            return &set->tables[i];
    return NULL;
}

size_t table_rows(const struct table_set *set, const char *name)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->tables[i].name, name) == 0)
            return set->tables[i].rows;
    return 0;
}

static size_t table_count_lines(const char *text)
{
    size_t lines = 0;
    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

bool table_keep(struct table *table, const char *folder)
{
    char path[PATH_MAX];
    size_t size = 0;
    snprintf(path, sizeof(path), "%s/tables/%s.csv", folder, table->name);
    FILE *file = fopen(path, "re");
    char *text = file ? text_read(file, &size) : NULL;
    if (file)
        fclose(file);
    fflush(table->stream);
    size_t header = strcspn(table->text, "\n") + 1;
    if (!text || strncmp(text, table->text, header) != 0 || table_count_lines(text) < 2) {
        free(text);
        return false;
    }
    fclose(table->stream);
    free(table->text);
    table->stream = NULL;
    table->text = text;
    table->size = size;
    table->rows = table_count_lines(text) - 1;
    table->kept = true;
    return true;
}

static int table_write(struct table *table, const char *folder)
{
    char path[PATH_MAX];
    fflush(table->stream);
    snprintf(path, sizeof(path), "%s/tables/%s.csv", folder, table->name);
    FILE *file = fopen(path, "we");
    if (!file)
        return message_storage("%s: %s", path, strerror(errno));
    bool written = fwrite(table->text, 1, table->size, file) == table->size;
    if ((fclose(file) != 0) | !written)
        return message_storage("%s: %s", path, strerror(errno));
    return 0;
}

int table_set_write(struct table_set *set, const char *folder)
{
    char path[PATH_MAX];
    int status = 0;
    snprintf(path, sizeof(path), "%s/tables", folder);
    if (mkdir(path, 0777) < 0 && errno != EEXIST)
        return message_storage("%s: %s", path, strerror(errno));
    for (size_t i = 0; i < set->count && status == 0; i++)
        if (!set->tables[i].kept)
            status = table_write(&set->tables[i], folder);
    return status;
}

void table_set_free(struct table_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        if (set->tables[i].stream)
            fclose(set->tables[i].stream);
        free(set->tables[i].text);
    }
    set->count = 0;
}
