/* SPDX-License-Identifier: MIT */
/*
 * Checks entries, series and what is exported: on a real run, against the comparison of two runs, and on made histories
 * whose changes are known.
 *
 * usage: test-history RUN
 */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "base/writing.h"
#include "harness/analysis/compare.h"
#include "harness/history/export.h"
#include "harness/history/show.h"
#include "tests/tap.h"

enum { COMMITS = 30 };

static const struct history_commit COMMIT = {
    .id = "2b17f192abcdef0123456789", .subject = "a subject", .time = 1795831200};

static bool near(double found, double expected, double tolerance)
{
    bool is_near = fabs(found - expected) <= tolerance * fabs(expected);
    if (!is_near)
        tap_note("found %.12g, expected %.12g", found, expected);
    return is_near;
}

/* ---- a real run ---- */

static size_t cells_followed(const struct run *run)
{
    size_t count = 0;
    for (size_t i = 0; i < run->cell_count; i++)
        count += !run_cell_is_aside(&run->cells[i]);
    return count;
}

static void test_entry(const struct run *run)
{
    json_t *lines = history_lines_make(run, &COMMIT);
    char *text = history_lines_write(lines);
    struct history_entry entry;
    if (!tap_ok(history_entry_read("r", text, &entry) == 0, "an entry is read as it was written"))
        return;
    tap_equal((int64_t)entry.cell_count, (int64_t)cells_followed(run), "with every cell of a collector");
    tap_same(entry.commit, COMMIT.id, "and its commit");
    const struct run_cell *cell = run->cells;
    while (run_cell_is_aside(cell) || !run_cell_is_whole(cell))
        cell++;
    const struct history_cell *first = entry.cells;
    struct bootstrap_interval interval = run_cell_interval(run, cell, RUN_WALL);
    tap_ok(near(first->figures[HISTORY_WALL].median, run_cell_median(run, cell, RUN_WALL), 1e-6) &&
               near(first->figures[HISTORY_WALL].low, interval.low, 1e-6) &&
               near(first->figures[HISTORY_WALL].high, interval.high, 1e-6),
           "and the median of a cell with its interval");
    tap_ok(entry.reference.count > 1, "the machine's own time is there");
    tap_ok(entry.claim_count > 0 && strlen(entry.claims[0].verdicts) > 0, "so are claims");
    size_t size = strlen(text), most = 280 * (entry.cell_count + entry.claim_count) + 2000;
    tap_note("%zu bytes for %zu cells", size, entry.cell_count);
    tap_ok(size < most, "a cell takes some 270 bytes");
    history_entry_free(&entry);
    free(text);
    json_decref(lines);
}

/* An entry of a run, by way of its text. */
static struct history_entry entry_of(const struct run *run, const char *id)
{
    struct history_commit commit = {.id = (char *)id, .subject = "", .time = 0};
    struct history_entry entry;
    json_t *lines = history_lines_make(run, &commit);
    char *text = history_lines_write(lines);
    assert(history_entry_read("r", text, &entry) == 0);
    free(text);
    json_decref(lines);
    return entry;
}

/* The series of a history compare as `gcmatrix compare A B` does: the same ratio, and the same error. */
static void test_same_rule(const struct run *a, struct run *b)
{
    struct compare compare;
    const struct compare_options options = {RUN_WALL, 0.01, 0.05, TWO_RUNS_BETWEEN};
    for (size_t i = 0; i < b->cell_count; i++)
        for (size_t block = 0; block < b->blocks; block++)
            b->cells[i].values[RUN_WALL * b->blocks + block] *=
                1 + 0.001 * (double)(i % 50) + 0.001 * (double)block;
    compare_runs(a, b, &options, &compare);
    struct history_entry entries[2] = {entry_of(a, "aaaaaaa"), entry_of(b, "bbbbbbb")};
    size_t machines[2] = {0, 0}, wrong = 0, compared = 0;
    struct history history = {.entries = entries, .machines = machines, .count = 2, .machine_count = 1};
    struct history_view view;
    history_view_make(&history, HISTORY_WALL, 0, log1p(TWO_RUNS_BETWEEN), &view);
    tap_equal(compare.basis, COMPARE_REFERENCE,
              "two runs of a machine are compared by the reference program");
    for (size_t i = 0; i < compare.count; i++) {
        const struct compare_cell *cell = &compare.cells[i];
        for (size_t s = 0; s < view.count; s++) {
            const struct history_series *series = &view.series[s];
            if (series->count != 2 || series->cell != &entries[1].cells[i])
                continue;
            double ratio = series->points[1].value / series->points[0].value;
            double error = hypot(series->points[0].error, series->points[1].error);
            compared++;
            wrong += !near(ratio, cell->ratio, 1e-5) || !near(error, cell->found.error, 1e-5);
        }
    }
    tap_ok(compared > 10 && wrong == 0, "by the same ratio and the same error: %zu cells", compared);
    history_view_free(&view);
    compare_fini(&compare);
    history_entry_free(&entries[0]);
    history_entry_free(&entries[1]);
}

/* ---- made histories ---- */

struct made {
    const char *host, *program;
    double wall, reference; /* over what they are usually */
    int64_t instructions;
    double scatter; /* of the wall time within the run */
    size_t more;    /* cells beside the first */
};

static json_t *made_lines(size_t number, const struct made *made)
{
    char *commit = text_format("%07zx", number + 1);
    double shake = 1 + 0.002 * sin(7 * (double)number);
    json_t *lines = json_array();
    json_array_append_new(
        lines, json_pack("{ss ss sI ss ss s{ss ss si ss} s{ss} s{ss s[ifff]} s[sss]}", "schema",
                         HISTORY_SCHEMA, "commit", commit, "committed", (json_int_t)(1000 * number),
                         "subject", "s", "run", "00000000", "machine", "hostname_hash", made->host, "cpu",
                         "c", "cores", 2, "kernel", made->program, "versions", "libc", "1", "reference",
                         "sha256", "f", "ns", 10, 1e7 * made->reference, 1e7 * made->reference * shake, 0.01,
                         "metrics", "wall", "later", "instructions"));
    for (size_t cell = 0; cell <= made->more; cell++) {
        char *collector = cell ? text_format("c%zu", cell) : text_format("rc");
        json_array_append_new(lines, json_pack("{s[sssssss[ifffff]n[iI]]}", "cell", "rings", collector,
                                               "glibc", "warm", "", made->program, "ok", 10, 100 * made->wall,
                                               10 * made->wall * shake, made->scatter, 99 * made->wall,
                                               101 * made->wall, 1, (json_int_t)made->instructions));
        free(collector);
    }
    json_array_append_new(lines, json_pack("{s[ssss[ss]s]}", "claims", "rings", "glibc", "warm", "", "rc",
                                           "leak", number % 2 ? "<" : ">"));
    free(commit);
    return lines;
}

struct made_history {
    struct history history;
    struct history_entry entries[COMMITS];
    size_t machines[COMMITS];
};

static void made_add(struct made_history *made, const struct made *run, size_t machine)
{
    size_t number = made->history.count;
    json_t *lines = made_lines(number, run);
    if (history_entry_of("made", lines, &made->entries[number]) != 0)
        tap_note("%s", message_last());
    json_decref(lines);
    made->machines[number] = machine;
    made->history.entries = made->entries;
    made->history.machines = made->machines;
    made->history.dir = "made";
    made->history.count++;
    if (made->history.machine_count <= machine)
        made->history.machine_count = machine + 1;
}

static void made_free(struct made_history *made)
{
    for (size_t i = 0; i < made->history.count; i++)
        history_entry_free(&made->entries[i]);
    *made = (struct made_history){0};
}

static const struct made USUAL = {"h", "aa", 1, 1, 1000, 0.02, 0};

/* Thirty commits, of which those from `step` on are another run. */
static void made_fill(struct made_history *made, size_t step, struct made after)
{
    *made = (struct made_history){0};
    for (size_t i = 0; i < COMMITS; i++)
        made_add(made, i >= step ? &after : &USUAL, 0);
}

static struct history_view view_of(const struct made_history *made, enum history_metric metric)
{
    struct history_view view;
    history_view_make(&made->history, metric, 0, log1p(TWO_RUNS_BETWEEN), &view);
    return view;
}

static void test_changes(void)
{
    struct made_history made;
    struct made after = USUAL;
    after.wall = 1.1;
    after.program = "bb";
    made_fill(&made, 20, after);
    struct history_view view = view_of(&made, HISTORY_WALL);
    const struct history_series *series = view.series;
    tap_ok(view.count == 1 && series->count == COMMITS && series->change_count == 1,
           "one step is one change");
    tap_ok(series->changes[0].change.at == 20 && near(series->changes[0].ratio, 1.1, 0.01) &&
               series->changes[0].low < 1.1 && series->changes[0].high > 1.1 &&
               series->changes[0].cause == HISTORY_CODE && view.reference.change_count == 0,
           "at its commit, by its ratio, of the code");
    char *spark = history_spark(series, COMMITS, false);
    tap_ok(strlen(spark) == COMMITS && spark[0] == '_' && spark[COMMITS - 1] == '#', "its line rises there");
    free(spark);
    history_view_free(&view);
    view = view_of(&made, HISTORY_INSTRUCTIONS);
    tap_ok(view.series->exact && view.series->change_count == 0, "a count that stays is no change");
    history_view_free(&view);
    view = view_of(&made, HISTORY_PEAK);
    tap_equal((int64_t)view.count, 0, "a metric that no entry has makes no series");
    history_view_free(&view);
    made_free(&made);
}

static void test_causes(void)
{
    struct made_history made;
    struct made after = USUAL;
    after.wall = 1.1;
    made_fill(&made, 20, after);
    struct history_view view = view_of(&made, HISTORY_WALL);
    tap_ok(view.series->change_count == 1 && view.series->changes[0].cause == HISTORY_PROGRAM,
           "what changed with the same executable is not of the code");
    history_view_free(&view);
    made_free(&made);
    after.program = "bb";
    after.reference = 1.2;
    made_fill(&made, 20, after);
    view = view_of(&made, HISTORY_WALL);
    tap_ok(view.reference.change_count == 1 && view.reference.changes[0].change.at == 20 &&
               near(view.reference.changes[0].ratio, 1.2, 0.01),
           "the reference program shows that the machine changed");
    tap_ok(view.series->change_count == 1 && view.series->changes[0].cause == HISTORY_MACHINE,
           "and a change of a cell there is said to be of the machine");
    history_view_free(&view);
    view = view_of(&made, HISTORY_INSTRUCTIONS);
    tap_equal((int64_t)view.reference.count, 0, "a count does not ask for the machine's time");
    history_view_free(&view);
    made_free(&made);
}

static void test_exact(void)
{
    struct made_history made;
    struct made after = USUAL;
    after.instructions = 1001;
    after.program = "bb";
    made_fill(&made, 7, after);
    struct history_view view = view_of(&made, HISTORY_INSTRUCTIONS);
    const struct history_change *change = view.series->changes;
    tap_ok(view.series->change_count == 1 && change->exact && change->change.at == 7 &&
               change->ratio == 1.001 && change->low == change->high,
           "one instruction more is a change, at its commit");
    history_view_free(&view);
    made_free(&made);
}

/* Two runs of one commit are one point, and two machines are two series. */
static void test_points(void)
{
    struct made_history made = {0};
    struct made slow = USUAL;
    slow.wall = 1.5;
    slow.host = "other";
    for (size_t i = 0; i < 6; i++)
        made_add(&made, i % 2 ? &slow : &USUAL, i % 2);
    struct history_view view = view_of(&made, HISTORY_WALL);
    tap_ok(view.series->count == 3 && view.series->change_count == 0,
           "another machine has series of its own");
    double alone = view.series->points[0].error;
    history_view_free(&view);
    made.entries[2].commit = made.entries[0].commit;
    made.machines[1] = 0;
    made.entries[1].commit = made.entries[0].commit;
    view = view_of(&made, HISTORY_WALL);
    tap_ok(view.series->count == 2 && view.series->points[0].runs == 3 &&
               near(view.series->points[0].error, alone / sqrt(3), 1e-6),
           "three runs of a commit are one point, which is known better");
    history_view_free(&view);
    made_free(&made);
}

/* Prints a history, and returns what it printed. */
static char *print(const struct made_history *made, enum report_form form, const char *cell, int *ret_status)
{
    char *text;
    size_t size;
    FILE *stream = memory_stream(&text, &size);
    const struct history_show show = {
        .metric = HISTORY_WALL, .cell = cell, .between = log1p(TWO_RUNS_BETWEEN), .form = form};
    *ret_status = history_print(&made->history, &show, stream);
    memory_stream_close(stream);
    return text;
}

/* What is said, beside the table. Three of the four series change at one commit, and so does the kernel. */
static void test_shown(void)
{
    struct made_history made = {0};
    struct made before = USUAL, after = USUAL;
    int status;
    before.more = after.more = 3;
    after.wall = 1.2;
    after.program = "bb";
    for (size_t i = 0; i < 12; i++)
        made_add(&made, i < 6 ? &before : &after, 0);
    char *text = print(&made, REPORT_TEXT, "x rc on", &status);
    tap_ok(status == 0 && strstr(text, "From 0000007 on these are others than before: kernel."),
           "another kernel is named, with its commit");
    tap_ok(strstr(text, "At 0000007 4 of 4 series changed the same way") != NULL,
           "so is a change of most series");
    tap_ok(strstr(text, "rings on glibc warm: rc was slower than leak, and is faster") != NULL,
           "and a claim that turned round");
    tap_ok(strstr(text, "rings x rc on glibc warm\n") && !strstr(text, "rings x c1 on glibc warm\n"),
           "the cell that is asked for is drawn, and no other");
    free(text);
    text = print(&made, REPORT_MARKDOWN, NULL, &status);
    tap_ok(status == 0 && strstr(text, "**What changed**") && strstr(text, "0000007"), "in Markdown, too");
    free(text);
    text = print(&made, REPORT_TEXT, "nowhere", &status);
    tap_ok(status == MESSAGE_BAD_INPUT && !*text, "a name that no cell has is refused");
    free(text);
    made_free(&made);
}

/* ---- what is refused ---- */

static void refuse(const char *text, const char *says, const char *sentence)
{
    struct history_entry entry;
    bool refused = history_entry_read("f", text, &entry) == MESSAGE_BAD_INPUT;
    bool said = strstr(message_last(), says) != NULL;
    if (!tap_ok(refused && said, "%s", sentence))
        tap_note("said: %s", message_last());
}

static void test_refusals(void)
{
    json_t *lines = made_lines(1, &USUAL);
    char *text = history_lines_write(lines);
    struct history_entry entry;
    tap_ok(history_entry_read("f", text, &entry) == 0, "a made entry is one");
    history_entry_free(&entry);
    refuse("", "schema is missing", "an empty file is none");
    refuse("{\"schema\":\"gcmatrix.history.2\"}\n", "gcmatrix.history.2", "nor is one of another version");
    refuse("{\"schema\":", "f:1:", "a line that is cut has its place");
    json_t *head = json_array_get(lines, 0), *cell = json_object_get(json_array_get(lines, 1), "cell");
    json_object_set_new(head, "commit", json_string("zz"));
    char *bad = history_lines_write(lines);
    refuse(bad, "\"commit\" names none", "a commit has hexadecimal digits");
    free(bad);
    json_object_set_new(head, "commit", json_string("0123456"));
    json_array_set_new(json_array_get(cell, 7), 0, json_integer(-1));
    bad = history_lines_write(lines);
    refuse(bad, "f:2: a figure", "a figure has a count of processes");
    free(bad);
    json_array_remove(cell, 8);
    bad = history_lines_write(lines);
    refuse(bad, "other figures", "a cell has all figures");
    free(bad);
    free(text);
    json_decref(lines);
}

/* ---- a folder ---- */

/* Adds the run as COMMIT's, which says a line on standard output: a remark of the test. */
static int add_aloud(const char *history, const struct run *run)
{
    fputs("# ", stdout);
    return history_add(history, run, &COMMIT);
}

static void test_folder(const struct run *run)
{
    char *dir = text_scratch("test-history"), *history = NULL, *odd = NULL;
    struct history found;
    struct history_commit other = COMMIT;
    assert(mkdtemp(dir));
    history = text_format("%s/a/history", dir);
    tap_equal(add_aloud(history, run), 0, "a run is added to a folder that is made for it");
    tap_equal(add_aloud(history, run), 0, "and once more");
    tap_ok(strstr(message_last(), "is there already") != NULL, "which changes nothing");
    other.id = "ffffffffffff";
    tap_equal(history_add(history, run, &other), MESSAGE_BAD_INPUT, "as of another commit it is refused");
    odd = text_format("%s/README.md", history);
    FILE *file = fopen(odd, "w");
    assert(file && fclose(file) == 0);
    tap_ok(history_open(history, &found) == 0 && found.count == 1 && found.machine_count == 1,
           "a history has its entries, and leaves other files alone");
    tap_ok(strncmp(found.files.items[0], "20261128T", 9) == 0 &&
               strstr(found.files.items[0], "-2b17f192abcd-"),
           "their names are the commit's time and name");
    char *path = text_format("%s/%s", history, found.files.items[0]);
    history_close(&found);
    unlink(path);
    free(path);
    tap_equal(history_open(history, &found), MESSAGE_BAD_INPUT, "an empty history is refused");
    tap_equal(history_open("/nowhere", &found), MESSAGE_BAD_INPUT, "and one that is not there");
    char *above = text_format("%s/a", dir);
    writing_folder_remove(history);
    writing_folder_remove(above);
    writing_folder_remove(dir);
    free(above);
    free(odd);
    free(history);
    free(dir);
}

/* ---- exports ---- */

static void test_exports(void)
{
    struct history_entry entry;
    json_t *lines = made_lines(0, &USUAL);
    assert(history_entry_of("made", lines, &entry) == 0);
    json_t *bencher = export_bencher(&entry), *github = export_github_action_benchmark(&entry);
    const json_t *cell = json_object_get(bencher, "rings x rc on glibc warm");
    const json_t *latency = json_object_get(cell, "latency"),
                 *count = json_object_get(json_object_get(cell, "instructions"), "value");
    tap_ok(json_number_value(json_object_get(latency, "value")) == 100 &&
               json_number_value(json_object_get(latency, "lower_value")) == 99 &&
               json_number_value(json_object_get(latency, "upper_value")) == 101,
           "Bencher gets a latency with its ends");
    tap_ok(json_is_integer(count) && json_integer_value(count) == 1000, "and instructions, which are whole");
    tap_ok(near(json_number_value(json_object_get(json_object_get(cell, "latency-over-reference"), "value")),
                10, 0.01),
           "and the time over the reference program's");
    const json_t *first = json_array_get(github, 0);
    const char *name = json_string_value(json_object_get(first, "name")),
               *unit = json_string_value(json_object_get(first, "unit"));
    tap_ok(json_array_size(github) == 3 && name && strcmp(name, "rings x rc on glibc warm: wall") == 0 &&
               unit && strcmp(unit, "ns") == 0 && json_number_value(json_object_get(first, "value")) == 100,
           "github-action-benchmark gets entries with name, unit and value");
    tap_same(json_string_value(json_object_get(first, "range")), "± 1%", "and a range");
    json_decref(bencher);
    json_decref(github);
    json_decref(lines);
    history_entry_free(&entry);
}

int main(int argc, char **argv)
{
    struct run run, again;
    assert(argc == 2 && run_open(&run, argv[1]) == 0 && run_open(&again, argv[1]) == 0);
    test_entry(&run);
    test_same_rule(&run, &again);
    test_changes();
    test_causes();
    test_exact();
    test_points();
    test_shown();
    test_refusals();
    test_folder(&run);
    test_exports();
    run_close(&run);
    run_close(&again);
    return tap_done();
}
