/* SPDX-License-Identifier: MIT */
#include "harness/results/attempts.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* A time of a row in which a missing one is none. */
static int64_t time_or_none(int64_t ns)
{
    return ns == STORE_MISSING ? 0 : ns;
}

static bool row_ok(const struct store_row *row)
{
    return strcmp(row->status, "ok") == 0;
}

static bool row_broken(const struct store_row *row)
{
    return strcmp(row->status, "crash") == 0 || strcmp(row->status, "mismatch") == 0 ||
           strcmp(row->status, "error") == 0;
}

int64_t attempts_lost_ns(const struct store_row *row)
{
    int64_t stolen = time_or_none(row->stolen_ns);
    int64_t queued = time_or_none(row->queued_ns), lost = stolen > ATTEMPTS_TICK_NS ? stolen : 0;
    return lost > INT64_MAX - queued ? INT64_MAX : queued + lost;
}

double attempts_lost_share(const struct store_row *row)
{
    double lost = (double)attempts_lost_ns(row);
    double ran = (double)time_or_none(row->user_ns) + (double)time_or_none(row->sys_ns);
    return lost > 0 ? lost / (lost + ran) : 0;
}

bool attempts_unmeasured(const struct store_row *row)
{
    return strcmp(row->status, "unmeasured") == 0;
}

bool attempts_disturbed(const struct store_row *row)
{
    if (attempts_unmeasured(row))
        return true;
    return row_ok(row) && attempts_lost_share(row) > ATTEMPTS_LOST_MOST &&
           attempts_lost_ns(row) > ATTEMPTS_LOST_LEAST_NS;
}

/* ---- the attempt that counts ---- */

/* By block and cell, then by attempt. */
static int rows_compare(const void *left, const void *right)
{
    const struct store_row *a = *(const struct store_row *const *)left;
    const struct store_row *b = *(const struct store_row *const *)right;
    if (a->block != b->block)
        return a->block < b->block ? -1 : 1;
    if (a->cell != b->cell)
        return a->cell < b->cell ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id; /* later attempts have greater ids */
}

/* Whether `later` counts rather than `earlier`, which is the better of the attempts before it. */
static bool attempt_better(const struct store_row *later, const struct store_row *earlier)
{
    if (row_broken(earlier) || row_broken(later))
        return !row_broken(earlier);
    if (row_ok(later) && row_ok(earlier))
        return attempts_lost_ns(later) <= attempts_lost_ns(earlier);
    return row_ok(later) || !row_ok(earlier);
}

void attempts_choose(const struct store_row *rows, size_t count, bool *ret_counts)
{
    const struct store_row **sorted = memory_new(count, sizeof(*sorted));
    for (size_t i = 0; i < count; i++) {
        sorted[i] = &rows[i];
        ret_counts[i] = false;
    }
    qsort(sorted, count, sizeof(*sorted), rows_compare);
    for (size_t i = 0, next; i < count; i = next) {
        const struct store_row *best = sorted[i];
        for (next = i + 1;
             next < count && sorted[next]->block == best->block && sorted[next]->cell == best->cell; next++)
            if (attempt_better(sorted[next], best))
                best = sorted[next];
        ret_counts[best - rows] = true;
    }
    free(sorted);
}

json_t *attempts_describe(void)
{
    return json_pack(
        "{si sf sI sI ss ss ss}", "most", STORE_ATTEMPTS, "lost_share", ATTEMPTS_LOST_MOST, "lost_ns",
        (json_int_t)ATTEMPTS_LOST_LEAST_NS, "tick_ns", (json_int_t)ATTEMPTS_TICK_NS, "lost",
        "queued_ns + stolen_ns; stolen time of one tick counts as none", "disturbed",
        "ok, lost / (lost + user_ns + sys_ns) above lost_share, and lost above lost_ns; or unmeasured",
        "counts", "the first that is broken, else the ok one that lost least, else the last");
}
