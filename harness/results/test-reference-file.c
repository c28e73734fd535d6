/* SPDX-License-Identifier: MIT */
/* reference.csv: what is appended is read, a torn row is left out, and blocks have the median of their runs. */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/message.h"
#include "base/text.h"
#include "harness/results/integer-rows.h"
#include "harness/results/reference.h"
#include "tests/tap.h"

static char *dir;
static struct writing_folder folder;

static void rows_append(size_t count, const int64_t (*rows)[2])
{
    struct journal journal;
    assert(reference_open(&folder, &journal) == 0);
    for (size_t i = 0; i < count; i++) {
        struct reference_row row = {rows[i][0], rows[i][1], 1, 20, 30, rows[i][1] - 50, 7};
        assert(reference_append(&journal, &row) == 0);
    }
    journal_close(&journal);
}

static void check_file(void)
{
    struct reference reference;
    tap_equal(reference_read(dir, &reference), 0, "a run of an earlier version has none");
    tap_equal((int64_t)reference.count, 0, "and so no rows");
    rows_append(0, NULL);
    tap_equal(reference_read(dir, &reference), 1, "a file that was only begun is read");
    reference_free(&reference);
    rows_append(2, (const int64_t[][2]){{0, 100}, {0, 104}});
    rows_append(1, (const int64_t[][2]){{1, 9007199254740993}});
    tap_equal(reference_read(dir, &reference), 1, "what two sessions appended is read");
    tap_equal((int64_t)reference.count, 3, "every row");
    const struct reference_row *row = &reference.rows[2];
    tap_ok(row->block == 1 && row->wall_ns == 9007199254740993 && row->processor == 1 &&
               row->allocating_ns == 20 && row->chasing_ns == 30 && row->computing_ns == 9007199254740943 &&
               row->touching_ns == 7,
           "as it was");
    reference_free(&reference);
}

static void check_torn(void)
{
    struct reference reference;
    char *path = text_format("%s/reference.csv", dir);
    struct journal journal;
    assert(reference_open(&folder, &journal) == 0);
    int64_t whole = journal.bytes;
    bool right = true;
    struct reference_row last = {2, 111, 0, 1, 2, 108, 7};
    assert(reference_append(&journal, &last) == 0);
    for (int64_t cut = journal.bytes - 1; cut > whole; cut--) {
        assert(truncate(path, cut) == 0);
        right &= reference_read(dir, &reference) == 1 && reference.count == 3;
        reference_free(&reference);
    }
    journal_close(&journal);
    tap_ok(right, "a row cut at any byte is left out");
    rows_append(1, (const int64_t[][2]){{2, 111}});
    assert(reference_read(dir, &reference) == 1);
    tap_ok(reference.count == 4 && reference.rows[3].wall_ns == 111, "and replaced by what is appended next");
    reference_free(&reference);
    FILE *file = fopen(path, "a");
    assert(file && fputs("3,none,0,1,1,1,1\n", file) >= 0 && fclose(file) == 0);
    tap_equal(reference_read(dir, &reference), MESSAGE_BAD_INPUT, "a field that is no count is refused");
    tap_ok(strstr(message_last(), "reference.csv:6: column wall_ns is 'none'") != NULL, "with its place");
    free(path);
}

static const char *row_take(const int64_t *values, void *ret_row)
{
    *(int64_t *)ret_row = values[0];
    return NULL;
}

/* The system's own memory is a file whose first byte nobody can read. What is lost so is no torn row. */
static void check_unreadable(void)
{
    static const struct integer_rows_schema schema = {.columns = {"n"},
                                                      .column_count = 1,
                                                      .row_bytes = sizeof(int64_t),
                                                      .appended = true,
                                                      .take = row_take};
    void *rows = NULL;
    size_t count = 0;
    int status = integer_rows_read(&schema, "/proc/self/mem", 1, &rows, &count);
    tap_equal(status, MESSAGE_BAD_INPUT,
              "a file that cannot be read is refused, also where rows are appended");
    tap_ok(strstr(message_last(), "/proc/self/mem: Input/output error") != NULL, "in the system's words");
    if (status == 1)
        free(rows);
}

static void check_times(void)
{
    /* Chasing, and so the sum, say nothing of a block. */
    struct reference_row rows[] = {{.block = 2, .allocating_ns = 100, .computing_ns = 200, .chasing_ns = 7},
                                   {.block = 0, .allocating_ns = 60, .computing_ns = 40, .chasing_ns = 9000},
                                   {.block = 0, .allocating_ns = 300, .computing_ns = 200, .chasing_ns = 10},
                                   {.block = 0, .allocating_ns = 50, .computing_ns = 51, .chasing_ns = 800},
                                   {.block = 2, .allocating_ns = 99, .computing_ns = 1, .wall_ns = 5000},
                                   {.block = 9, .allocating_ns = 1}};
    double times[4];
    reference_block_times(&(struct reference){rows, 6}, 4, times);
    tap_ok(times[0] == 101 && times[2] == 200, "a block has the median of its runs");
    tap_ok(isnan(times[1]) && isnan(times[3]), "a block without one has none");
    tap_ok(reference_run_time(times, 4) == 150.5, "the run has the median of its blocks");
    tap_ok(isnan(reference_run_time(times + 1, 1)), "and none without them");
    tap_ok(!reference_differs(104, 100) && !reference_differs(96, 100), "4%% is no difference");
    tap_ok(reference_differs(106, 100) && reference_differs(94, 100), "6%% is one, either way");
    tap_ok(!reference_differs(NAN, 100) && !reference_differs(100, NAN), "nothing differs from nothing");
}

int main(void)
{
    dir = text_scratch("gcmatrix-reference");
    assert(mkdtemp(dir) && writing_folder_open(dir, &folder) == 0);
    check_file();
    check_torn();
    check_unreadable();
    check_times();
    char *command = text_format("rm -r %s", dir);
    int status = system(command);
    free(command);
    free(dir);
    writing_folder_close(&folder);
    return status != 0 || tap_done();
}
