/* SPDX-License-Identifier: MIT */
/* Which processes are disturbed, and which attempt counts. */
#include "harness/results/attempts.h"
#include "tests/tap.h"

enum { MS = 1000000 };

static struct store_row row_make(int64_t queued_ns, int64_t stolen_ns, int64_t ran_ns)
{
    struct store_row row = store_row_empty();
    row.id = row.block = row.cell = row.attempt = 0;
    row.status = "ok";
    row.queued_ns = queued_ns;
    row.stolen_ns = stolen_ns;
    row.user_ns = ran_ns * 3 / 4;
    row.sys_ns = ran_ns - row.user_ns;
    row.wall_ns = ran_ns + queued_ns;
    return row;
}

static void check_share(void)
{
    struct store_row row = row_make(30 * MS, 70 * MS, 900 * MS);
    tap_equal(attempts_lost_ns(&row), 100 * MS, "what waited and what was stolen are lost");
    tap_ok(attempts_lost_share(&row) == 0.1, "as a share of what ran and what was lost");
    row.wall_ns = 5000 * (int64_t)MS;
    tap_ok(attempts_lost_share(&row) == 0.1, "whatever the wall time was");
    row.stolen_ns = 10 * MS;
    tap_equal(attempts_lost_ns(&row), 30 * MS, "one tick of stolen time cannot be told from none");
    row.stolen_ns = 20 * MS;
    tap_equal(attempts_lost_ns(&row), 50 * MS, "two ticks can");
    row = store_row_empty();
    tap_ok(attempts_lost_share(&row) == 0 && !attempts_disturbed(&row),
           "a row that says nothing lost nothing");
}

static void check_disturbed(void)
{
    struct store_row row = row_make(20 * MS, 0, 980 * MS);
    tap_ok(!attempts_disturbed(&row), "2%% lost is not disturbed");
    row.queued_ns++;
    tap_ok(attempts_disturbed(&row), "a nanosecond more is");
    row.status = "timeout";
    tap_ok(!attempts_disturbed(&row), "a process that was not ok is not run again");
    row = row_make(2 * MS, 0, 2 * MS);
    tap_ok(!attempts_disturbed(&row), "half of a short process is no reason, up to two milliseconds");
    row.queued_ns++;
    tap_ok(attempts_disturbed(&row), "and above it is");
    row = row_make(3 * MS / 2, 0, 40 * MS);
    row.wall_ns = 1000 * (int64_t)MS;
    tap_ok(!attempts_disturbed(&row),
           "a process that sleeps may lose more than 2%% of the little that it ran");
    row.queued_ns = 2 * MS + 1;
    tap_ok(attempts_disturbed(&row), "up to the same bound, whatever its wall time is");
}

/* The attempt that counts of some with these statuses and times lost; -1 when it is not exactly one. */
static int chosen(size_t count, const char *const *statuses, const int64_t *lost_ms)
{
    struct store_row rows[STORE_ATTEMPTS];
    bool counts[STORE_ATTEMPTS];
    int found = -1, marks = 0;
    for (size_t i = 0; i < count; i++) { /* stored in the reverse order: the order of rows is no matter */
        rows[count - 1 - i] = row_make(lost_ms[i] * MS, 0, 500 * MS);
        rows[count - 1 - i].status = statuses[i];
        rows[count - 1 - i].attempt = rows[count - 1 - i].id = (int64_t)i;
    }
    attempts_choose(rows, count, counts);
    for (size_t i = 0; i < count; i++)
        if (counts[i]) {
            found = (int)rows[i].attempt;
            marks++;
        }
    return marks == 1 ? found : -1;
}

#define CHOSEN(statuses, lost) chosen(sizeof(lost) / sizeof(*(lost)), statuses, lost)

static void check_choice(void)
{
    static const char *const ok[] = {"ok", "ok", "ok"};
    static const char *const late_crash[] = {"ok", "ok", "crash"}, *const late_timeout[] = {"ok", "timeout",
                                                                                            "timeout"};
    static const char *const timeouts[] = {"timeout", "timeout"}, *const broken[] = {"error", "ok",
                                                                                     "mismatch"};
    tap_equal(CHOSEN(ok, ((const int64_t[]){7})), 0, "a single attempt counts");
    tap_equal(CHOSEN(ok, ((const int64_t[]){90, 0})), 1, "a repetition that lost nothing counts");
    tap_equal(CHOSEN(ok, ((const int64_t[]){90, 50, 70})), 1, "of three that lost, the one that lost least");
    tap_equal(CHOSEN(ok, ((const int64_t[]){50, 50, 70})), 1, "of equals the last");
    tap_equal(CHOSEN(late_crash, ((const int64_t[]){90, 50, 0})), 2, "a crash is never hidden");
    tap_equal(CHOSEN(broken, ((const int64_t[]){0, 0, 0})), 0, "of two that are broken the first counts");
    tap_equal(CHOSEN(late_timeout, ((const int64_t[]){90, 0, 0})), 0,
              "one that is ok counts before a timeout");
    tap_equal(CHOSEN(timeouts, ((const int64_t[]){0, 0})), 1, "of attempts without one that is ok the last");
    static const char *const unmeasured[] = {"unmeasured", "ok"},
                             *const late_unmeasured[] = {"ok", "unmeasured"},
                             *const never[] = {"unmeasured", "unmeasured", "oom"};
    tap_equal(CHOSEN(unmeasured, ((const int64_t[]){0, 90})), 1,
              "one that was not measured never counts before one that is ok");
    tap_equal(CHOSEN(late_unmeasured, ((const int64_t[]){90, 0})), 0, "whichever was first");
    tap_equal(CHOSEN(never, ((const int64_t[]){0, 0, 0})), 2, "nor before one that ran out of memory later");
    struct store_row row = row_make(0, 0, 500 * MS);
    row.status = "unmeasured";
    tap_ok(attempts_disturbed(&row), "a process that was not measured is run again");
    row.status = "error";
    tap_ok(!attempts_disturbed(&row), "and one that failed is not");
}

static void check_cells(void)
{
    enum { CELLS = 3, BLOCKS = 2, ROWS = CELLS * BLOCKS + 1 };
    struct store_row rows[ROWS];
    bool counts[ROWS];
    size_t marks = 0;
    for (size_t i = 0; i < ROWS; i++) {
        rows[i] = row_make(i == 1 ? 90 * MS : 0, 0, 500 * MS);
        rows[i].id = (int64_t)i;
        rows[i].block = i / CELLS % BLOCKS;
        rows[i].cell = i % CELLS;
    }
    rows[ROWS - 1].block = 0;
    rows[ROWS - 1].cell = 1;
    rows[ROWS - 1].attempt = 1;
    attempts_choose(rows, ROWS, counts);
    for (size_t i = 0; i < ROWS; i++)
        marks += counts[i];
    tap_equal((int64_t)marks, CELLS * BLOCKS, "one row counts for each cell in each block");
    tap_ok(!counts[1] && counts[ROWS - 1], "and the one that was disturbed does not");
    attempts_choose(rows, 0, counts);
    json_t *rule = attempts_describe();
    tap_equal(json_integer_value(json_object_get(rule, "most")), STORE_ATTEMPTS,
              "the rule says how many attempts");
    json_decref(rule);
}

static void check_greatest(void)
{
    struct store_row row = store_row_empty();
    row.status = "ok";
    row.queued_ns = row.stolen_ns = INT64_MAX;
    tap_ok(attempts_lost_ns(&row) == INT64_MAX, "a sum beyond 64 bits is the greatest number");
    tap_ok(attempts_disturbed(&row), "so that its process was disturbed");
}

int main(void)
{
    check_greatest();
    check_share();
    check_disturbed();
    check_choice();
    check_cells();
    return tap_done();
}
