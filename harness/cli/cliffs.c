/* SPDX-License-Identifier: MIT */
#include "harness/cli/cliffs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/input.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "base/writing.h"

enum { CELLS = 6 };

static const char head[] = "# Cliffs\n\n"
                           "The programs that `gcmatrix hunt` found on which a collector is much worse than "
                           "another. The command writes the\n"
                           "rows, and a person writes why. A recipe is a program of any size in one line: "
                           "[stress.md](stress.md#work) says how\n"
                           "to read it. The ratio is that of the two collectors in processes that took "
                           "turns, or of counts, which have no\n"
                           "interval. Processes run in groups, each with a file and a layout of its own: the "
                           "ratio is the mean of the groups'\n"
                           "medians, and the interval of 95% is Student's over the groups. `gcmatrix hunt -c "
                           "NAME --against OTHER --by WAY --recipe\n"
                           "RECIPE --size N` measures a row again.\n";

static void cliff_free(struct cliff *cliff)
{
    free(cliff->collector);
    free(cliff->against);
    free(cliff->by);
    free(cliff->ratio);
    free(cliff->size);
    free(cliff->recipe);
    free(cliff->reason);
    *cliff = (struct cliff){0};
}

void cliffs_free(struct cliffs *cliffs)
{
    for (size_t i = 0; i < cliffs->count; i++)
        cliff_free(&cliffs->rows[i]);
    free(cliffs->rows);
    *cliffs = (struct cliffs){0};
}

static void add(struct cliffs *cliffs, struct cliff row)
{
    cliffs->rows = memory_grow(cliffs->rows, cliffs->count + 1, sizeof *cliffs->rows);
    cliffs->rows[cliffs->count++] = row;
}

/* ---- reading ---- */

/* A cell without the blanks and quotes around it. The caller frees it. */
static char *cell_text(const char *from, size_t length)
{
    while (length > 0 && (*from == ' ' || *from == '`')) {
        from++;
        length--;
    }
    while (length > 0 && (from[length - 1] == ' ' || from[length - 1] == '`'))
        length--;
    return text_format("%.*s", (int)length, from);
}

/* Reads a row; anything else that begins with a bar is the head of a table. */
static void row_read(struct cliffs *cliffs, const char *collector, const char *line)
{
    char *cells[CELLS] = {NULL};
    size_t count = 0;
    for (const char *from = line + 1, *bar; count < CELLS && (bar = strchr(from, '|')); from = bar + 1)
        cells[count++] = cell_text(from, (size_t)(bar - from));
    bool is_row = count == CELLS && *collector && cells[0][0] != '-' && strcmp(cells[0], "against") != 0;
    if (is_row) {
        add(cliffs, (struct cliff){.collector = text_format("%s", collector),
                                   .against = cells[0],
                                   .by = cells[1],
                                   .ratio = cells[2],
                                   .size = cells[3],
                                   .recipe = cells[4],
                                   .reason = cells[5]});
        return;
    }
    for (size_t i = 0; i < count; i++)
        free(cells[i]);
}

int cliffs_read(const char *path, struct cliffs *ret_cliffs)
{
    char *line = NULL, *collector = text_format("%s", "");
    size_t room = 0;
    FILE *file;
    *ret_cliffs = (struct cliffs){0};
    errno = 0;
    const char *wrong = input_open(path, &file);
    if (wrong && errno != ENOENT) {
        free(collector);
        return message_bad_input("hunt: %s: %s", path, wrong);
    }
    while (!wrong && getline(&line, &room, file) > 0) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "## ", 3) == 0) {
            free(collector);
            collector = text_format("%s", line + 3);
        } else if (*line == '|') {
            row_read(ret_cliffs, collector, line);
        }
    }
    if (!wrong)
        fclose(file);
    free(collector);
    free(line);
    return 0;
}

/* ---- replacing ---- */

static bool is_of(const struct cliff *row, const char *collector, const char *against, const char *by)
{
    return strcmp(row->collector, collector) == 0 && strcmp(row->against, against) == 0 &&
           strcmp(row->by, by) == 0;
}

void cliffs_replace(struct cliffs *cliffs, const char *collector, const char *against, const char *by,
                    struct cliff *rows, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < cliffs->count; i++) {
        struct cliff *row = &cliffs->rows[i];
        if (!is_of(row, collector, against, by)) {
            cliffs->rows[kept++] = *row;
            continue;
        }
        for (size_t j = 0; j < count; j++) {
            if (strcmp(rows[j].recipe, row->recipe) != 0)
                continue;
            free(rows[j].reason);
            rows[j].reason = row->reason;
            row->reason = NULL;
            break;
        }
        cliff_free(row);
    }
    cliffs->count = kept;
    for (size_t i = 0; i < count; i++) {
        add(cliffs, rows[i]);
        rows[i] = (struct cliff){0};
    }
}

/* ---- writing ---- */

static bool is_first_of(const struct cliffs *cliffs, size_t place)
{
    for (size_t i = 0; i < place; i++)
        if (strcmp(cliffs->rows[i].collector, cliffs->rows[place].collector) == 0)
            return false;
    return true;
}

static void section_write(const struct cliffs *cliffs, size_t first, FILE *file)
{
    const char *collector = cliffs->rows[first].collector;
    fprintf(
        file,
        "\n## %s\n\n| against | by | times as much | size | recipe | reason |\n|---|---|---|---:|---|---|\n",
        collector);
    for (size_t i = first; i < cliffs->count; i++) {
        const struct cliff *row = &cliffs->rows[i];
        if (strcmp(row->collector, collector) == 0)
            fprintf(file, "| `%s` | %s | %s | %s | `%s` | %s |\n", row->against, row->by, row->ratio,
                    row->size, row->recipe, row->reason);
    }
}

int cliffs_write(const char *path, const struct cliffs *cliffs)
{
    struct writing writing;
    int status = writing_begin_path("hunt: --write", path, &writing);
    if (status == 0) {
        FILE *file = writing_stream(&writing);
        fputs(head, file);
        for (size_t i = 0; i < cliffs->count; i++)
            if (is_first_of(cliffs, i))
                section_write(cliffs, i, file);
        status = writing_keep(&writing);
    }
    writing_drop(&writing);
    return status;
}
