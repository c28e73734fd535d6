/* SPDX-License-Identifier: MIT */
#include "harness/cli/cliffs.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/input.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"

enum { CELLS = 6 };

/* What stands above the rows: of a page, and of each table. */
struct heading {
    const char *page, *table;
};

static const char head[] = "# Cliffs\n"
                           "\n"
                           "The programs that `gcmatrix hunt` found on which a collector is much worse than "
                           "another. The command writes the rows,\n"
                           "and a person writes why. A program is a recipe, which makes it at any size in "
                           "one line, or a workload with its options.\n"
                           "[stress.md](stress.md#work) says how to read a recipe. A collector without rows "
                           "was not hunted, or the hunt found nothing.\n"
                           "\n"
                           "The ratio is that of the two collectors in processes that took turns: of wall "
                           "time by `time` and `work`, of the longest\n"
                           "pause by `pause`, of resident bytes at the peak by `memory` and `garbage`. A "
                           "ratio of counts has no interval. Processes\n"
                           "run in groups, each with a layout of its own, and with a file of its own for a "
                           "recipe. The ratio is the mean of the\n"
                           "groups' medians, and the interval of 95% is Student's over the groups. `gcmatrix "
                           "hunt -c NAME --against OTHER --by WAY`\n"
                           "measures a row again, with `--recipe RECIPE --size N` or `--workload LINE`. A "
                           "row of a workload has no size.\n";
static const char head_before[] =
    "# Cliffs\n\n"
    "The programs that `gcmatrix hunt` found on which a collector is much worse than another. The command "
    "writes the rows,\n"
    "and a person writes why. A recipe is a program of any size in one line: [stress.md](stress.md#work) "
    "says "
    "how to read it.\n"
    "A collector without rows was not hunted, or the hunt found nothing.\n"
    "\n"
    "The ratio is that of the two collectors in processes that took turns: of wall time by `time` and "
    "`work`, "
    "of the longest\n"
    "pause by `pause`, of resident bytes at the peak by `memory` and `garbage`. A ratio of counts has no "
    "interval. Processes\n"
    "run in groups, each with a file and a layout of its own. The ratio is the mean of the groups' medians, "
    "and the interval\n"
    "of 95% is Student's over the groups. `gcmatrix hunt -c NAME --against OTHER --by WAY --recipe RECIPE "
    "--size N` measures\n"
    "a row again.\n";

/* The first is what is written; the page may stand under any of them. */
static const struct heading headings[] = {{head, "recipe or workload"}, {head_before, "recipe"}};
enum { HEADINGS = sizeof headings / sizeof *headings };

static void page_print(const struct cliffs *cliffs, const struct heading *heading, FILE *stream);

static void cliff_free(struct cliff *cliff)
{
    free(cliff->collector);
    free(cliff->against);
    free(cliff->by);
    free(cliff->ratio);
    free(cliff->size);
    free(cliff->program);
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

/* A cell without the blanks around it, and without the quotes of code where it has some. The caller frees it. */
static char *cell_text(const char *from, size_t length, bool code)
{
    const char *strip = code ? " `" : " ";
    while (length > 0 && strchr(strip, *from)) {
        from++;
        length--;
    }
    while (length > 0 && strchr(strip, from[length - 1]))
        length--;
    return text_format("%.*s", (int)length, from);
}

/* Reads a row; anything else that begins with a bar is the head of a table. */
static void row_read(struct cliffs *cliffs, const char *collector, const char *line)
{
    static const bool code[CELLS] = {[0] = true, [4] = true};
    char *cells[CELLS] = {NULL};
    size_t count = 0;
    for (const char *from = line + 1, *bar; count < CELLS && (bar = strchr(from, '|')); from = bar + 1) {
        cells[count] = cell_text(from, (size_t)(bar - from), code[count]);
        count++;
    }
    bool is_row = count == CELLS && *collector && cells[0][0] != '-' && strcmp(cells[0], "against") != 0;
    if (is_row) {
        add(cliffs, (struct cliff){.collector = text_format("%s", collector),
                                   .against = cells[0],
                                   .by = cells[1],
                                   .ratio = cells[2],
                                   .size = cells[3],
                                   .program = cells[4],
                                   .reason = cells[5]});
        return;
    }
    for (size_t i = 0; i < count; i++)
        free(cells[i]);
}

static void rows_read(const char *text, struct cliffs *cliffs)
{
    char *copy = text_format("%s", text), *rest = copy;
    const char *collector = "";
    for (char *line; (line = strsep(&rest, "\n"));) {
        if (strncmp(line, "## ", 3) == 0)
            collector = line + 3;
        else if (*line == '|')
            row_read(cliffs, collector, line);
    }
    free(copy);
}

/* The first line of a page that is not as it would be written under a heading, or 0. */
static size_t line_that_differs(const char *text, size_t size, const struct cliffs *cliffs,
                                const struct heading *heading)
{
    char *own;
    size_t own_size, line = 1, at = 0;
    FILE *stream = memory_stream(&own, &own_size);
    page_print(cliffs, heading, stream);
    memory_stream_close(stream);
    for (; at < size && at < own_size && text[at] == own[at]; at++)
        line += text[at] == '\n';
    free(own);
    return at == size && at == own_size ? 0 : line;
}

/* Refuses a page of which something would be lost, because it is not as it would be written again. The line is that of
 * the heading under which most of the page is as it should be. */
static int page_check(const char *path, const char *text, size_t size, const struct cliffs *cliffs)
{
    size_t line = 0;
    for (size_t i = 0; i < HEADINGS; i++) {
        size_t differs = line_that_differs(text, size, cliffs, &headings[i]);
        if (size == 0 || differs == 0)
            return 0;
        line = differs > line ? differs : line;
    }
    return message_bad_input(
        "hunt: --write: %s:%zu: hunt did not write this, and would not write it again: name "
        "another file, or take it out",
        path, line);
}

int cliffs_read(const char *path, struct cliffs *ret_cliffs)
{
    FILE *file;
    size_t size;
    *ret_cliffs = (struct cliffs){0};
    const char *wrong = input_open(path, &file);
    if (wrong)
        return errno == ENOENT ? 0 : message_bad_input("hunt: --write: %s: %s", path, wrong);
    char *text = text_read(file, &size);
    int error = errno;
    fclose(file);
    if (!text)
        return message_storage("hunt: --write: %s: %s", path, strerror(error));
    rows_read(text, ret_cliffs);
    int status = page_check(path, text, size, ret_cliffs);
    free(text);
    return status;
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
            if (strcmp(rows[j].program, row->program) != 0)
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

/* ---- printing ---- */

static bool is_first_of(const struct cliffs *cliffs, size_t place)
{
    for (size_t i = 0; i < place; i++)
        if (strcmp(cliffs->rows[i].collector, cliffs->rows[place].collector) == 0)
            return false;
    return true;
}

static void section_print(const struct cliffs *cliffs, const struct heading *heading, size_t first,
                          FILE *stream)
{
    const char *collector = cliffs->rows[first].collector;
    fprintf(stream,
            "\n## %s\n\n| against | by | times as much | size | %s | reason |\n|---|---|---|---:|---|---|\n",
            collector, heading->table);
    for (size_t i = first; i < cliffs->count; i++) {
        const struct cliff *row = &cliffs->rows[i];
        if (strcmp(row->collector, collector) == 0)
            fprintf(stream, "| `%s` | %s | %s | %s | `%s` | %s |\n", row->against, row->by, row->ratio,
                    row->size, row->program, row->reason);
    }
}

static void page_print(const struct cliffs *cliffs, const struct heading *heading, FILE *stream)
{
    fputs(heading->page, stream);
    for (size_t i = 0; i < cliffs->count; i++)
        if (is_first_of(cliffs, i))
            section_print(cliffs, heading, i, stream);
}

void cliffs_print(const struct cliffs *cliffs, FILE *stream)
{
    page_print(cliffs, &headings[0], stream);
}
