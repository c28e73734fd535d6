/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/message.h"
#include "base/text.h"
#include "harness/campaign/estimate.h"
#include "harness/campaign/machine/crowd.h"
#include "harness/campaign/session.h"
#include "harness/results/attempts.h"

/* What a block came to. */
enum { BLOCK_COMPLETE = 0, BLOCK_OUT_OF_BUDGET = -1 }; /* a positive value is a status */

/* Whether the process of a cell would exceed the budget, by the time that its processes took so far. */
static bool budget_is_spent(const struct session *session, size_t cell)
{
    double budget = (double)session->spec->budget_seconds;
    return budget > 0 && session_used(session) + session->paces[cell].seconds > budget;
}

/* "3 min 20 s used, 26 min 40 s left at most" */
static char *clock_describe(const struct session *session)
{
    double used = session_used(session), budget = (double)session->spec->budget_seconds;
    char spent[32], left[32];
    progress_span((int64_t)(used * 1e9), spent);
    progress_span((int64_t)((budget - used) * 1e9), left);
    if (budget > 0)
        return text_format("%s used, %s left at most", spent, left);
    double look = estimate_look_seconds(session);
    if (look == 0)
        return text_format("%s used", spent);
    progress_span((int64_t)(look * 1e9), left);
    return text_format("%s used, %s to the next decision", spent, left);
}

/* "block 7 of 24 at most; 4 min 12 s used, 26 min left at most"; or the time that is left, of a fixed design. */
static char *head_describe(const struct session *session, size_t block)
{
    char span[32], again[48] = "";
    int64_t left = progress_left(&session->progress, progress_clock());
    if (session->spec->sequential) {
        char *clock = clock_describe(session), *head;
        head = text_format("block %zu of %zu at most; %s%s", block, (size_t)session->plan->blocks, clock,
                           session->decide->blocks ? "" : "; nothing is decided yet");
        free(clock);
        return head;
    }
    if (session->progress.again)
        snprintf(again, sizeof(again), ", %zu to run again", session->progress.again);
    progress_span(left, span);
    return text_format("block %zu of %zu%s%s%s%s", block, (size_t)session->plan->blocks, again,
                       left < 0 ? "" : "; ", left < 0 ? "" : span, left < 0 ? "" : " left");
}

/* Draws the live view. */
static void view_tell(struct session *session, size_t block, const char *cell)
{
    char *head = head_describe(session, block);
    struct text_list lines = {0};
    const struct progress *progress = &session->progress;
    view_lines(session->view, &(struct view_now){head, cell, progress->done, progress->total},
               terminal_size(stderr), &lines);
    progress_show_lines(&session->progress, &lines);
    text_list_free(&lines);
    free(head);
}

/* Shows in one line how far a run is that adds blocks. */
static void line_tell(struct session *session, size_t block, const char *cell)
{
    struct decide_counts counts = decide_count(session->decide);
    char *clock = clock_describe(session);
    char *line =
        text_format("block %zu, %zu of %zu comparisons decided, %s: %s", block,
                    counts.less + counts.more + counts.equal, session->decide->pair_count, clock, cell);
    progress_show(&session->progress, line);
    free(line);
    free(clock);
}

/* Shows how far the run is, and what it does now. */
static void progress_tell(struct session *session, size_t block, const char *now)
{
    session->progress.again = folder_repetitions_due(&session->folder);
    if (session->progress.moves)
        view_tell(session, block, now);
    else if (session->spec->sequential)
        line_tell(session, block, now);
    else
        progress_show(&session->progress, now);
}

/* The process that is waited for. */
struct waited {
    struct session *session;
    size_t block;
    const char *name; /* of its cell */
};

/* Says that a process goes on, for how long at most, and what else wants a processor: after ten silent seconds. */
static void waited_tell(void *context, int64_t waited_ns, int64_t timeout_ns)
{
    const struct waited *waited = context;
    const char *doing = waited->session->doing ? waited->session->doing : "it";
    char span[32], most[32], limit[48] = "";
    progress_span(waited_ns, span);
    progress_span(timeout_ns, most);
    if (timeout_ns)
        snprintf(limit, sizeof(limit), ", %s at most", most);
    char *others = crowd_describe();
    char *now = text_format("%s: %s has taken %s%s%s%s", waited->name, doing, span, limit, others ? "; " : "",
                            others ? others : "");
    progress_tell(waited->session, waited->block, now);
    free(now);
    free(others);
}

/* Runs the reference program where it is due, and then the process. */
static int attempt_run(struct session *session, size_t block, size_t cell, size_t id)
{
    char *name = plan_cell_name(&session->plan->cells[cell]);
    struct waited waited = {session, block, name};
    progress_tell(session, block, name);
    subprocess_tell(waited_tell, &waited, session->progress.shown_ns);
    session->doing = "the reference program before it";
    int status = quiet_reference(&session->quiet, (int64_t)block);
    session->doing = NULL;
    status = status ? status : measuring_process(session, id);
    subprocess_tell(NULL, NULL, 0);
    free(name);
    return status;
}

/*
 * Runs an attempt of the process whose first has this id, where its row is not there yet. A repetition runs
 * only where it is due.
 */
static int attempt_measure(struct session *session, size_t first, size_t attempt)
{
    const struct folder *folder = &session->folder;
    size_t block = first / session->plan->cell_count, cell = session->order.cells[first];
    size_t id = attempt * folder->total + first;
    if (attempt ? !folder_repetition_due(folder, id) : folder->done[id] != FOLDER_MISSING)
        return BLOCK_COMPLETE;
    if (!decide_cell_goes_on(session->decide, cell, block))
        return BLOCK_COMPLETE;
    if (subprocess_interrupted())
        return MESSAGE_INTERRUPTED;
    if (budget_is_spent(session, cell))
        return BLOCK_OUT_OF_BUDGET;
    return attempt_run(session, block, cell, id);
}

/*
 * Runs what is to come of a group: its processes in their order, and then, in the same order, those again whose
 * last attempt was disturbed.
 */
static int group_measure(struct session *session, size_t begin, size_t end)
{
    int outcome = BLOCK_COMPLETE;
    for (size_t attempt = 0; attempt < STORE_ATTEMPTS; attempt++)
        for (size_t first = begin; first < end && outcome == BLOCK_COMPLETE; first++)
            outcome = attempt_measure(session, first, attempt);
    return outcome;
}

/* Says how many attempts of a block were disturbed, of which there was no line. */
static void disturbed_sum_up(struct session *session, size_t block)
{
    if (session->disturbed > SESSION_DISTURBED_SAID)
        progress_say(&session->progress,
                     "block %zu: %zu more attempts lost more than %g%% of their time to others", block,
                     session->disturbed - SESSION_DISTURBED_SAID, 100 * ATTEMPTS_LOST_MOST);
    session->disturbed = 0;
}

/* Runs what is to come of a block, group after group. Decisions are made from the blocks before it. */
static int block_measure(struct session *session, size_t block)
{
    size_t begin = block * session->plan->cell_count, last = begin + session->plan->cell_count;
    int outcome = BLOCK_COMPLETE;
    for (size_t end; begin < last && outcome == BLOCK_COMPLETE; begin = end) {
        end = order_group_end(&session->order, begin);
        outcome = group_measure(session, begin, end);
    }
    disturbed_sum_up(session, block);
    return outcome;
}

static void decide_again(struct session *session)
{
    decide_rows(session->decide, session->folder.rows, session->folder.row_count);
    view_count(session->view);
}

/* What ended a run of which nothing is to come. */
static const char *ending_of(const struct session *session, int outcome)
{
    if (outcome == BLOCK_OUT_OF_BUDGET)
        return "budget";
    return session->spec->sequential && decide_count(session->decide).undecided == 0 ? "decided" : "blocks";
}

/* Says after the first block that the budget ends before anything can be decided, where it does. */
static void budget_doubt(struct session *session)
{
    double needed = session_used(session) + estimate_look_seconds(session);
    char span[32], budget[32];
    if (session->spec->budget_seconds == 0 || needed <= (double)session->spec->budget_seconds)
        return;
    progress_span((int64_t)(needed * 1e9), span);
    progress_span((int64_t)session->spec->budget_seconds * INT64_C(1000000000), budget);
    progress_say(&session->progress,
                 "the first decision needs %zu blocks, on this machine some %s: the budget of %s ends before "
                 "it; Ctrl-C, and go on with --resume --budget %.0fm, or take a smaller matrix",
                 session->decide->next_look, span, budget, ceil(1.2 * needed / 60));
}

/* Runs the reference program once more, after the last process. */
static int reference_run_last(struct session *session)
{
    struct waited waited = {session, (size_t)session->plan->blocks - 1, "after the last process"};
    subprocess_tell(waited_tell, &waited, session->progress.shown_ns);
    session->doing = "the reference program";
    int status = quiet_reference_last(&session->quiet);
    session->doing = NULL;
    subprocess_tell(NULL, NULL, 0);
    return status;
}

int blocks_measure(struct session *session)
{
    int outcome = BLOCK_COMPLETE;
    for (size_t block = 0; block < session->plan->blocks && outcome == BLOCK_COMPLETE; block++) {
        if (!shard_has(session->folder.shard, block))
            continue;
        if (session->spec->sequential) {
            decide_again(session);
            if (!decide_goes_on(session->decide))
                break;
        }
        outcome = block_measure(session, block);
        if (session->spec->sequential && block == 0 && outcome == BLOCK_COMPLETE)
            budget_doubt(session);
    }
    if (outcome <= 0) {
        int status = reference_run_last(session);
        outcome = status ? status : outcome;
    }
    progress_stop(&session->progress);
    decide_again(session);
    if (outcome > 0)
        return outcome;
    session->ending = ending_of(session, outcome);
    return 0;
}

bool blocks_remain(struct session *session)
{
    decide_again(session);
    if (!session->spec->sequential)
        return session->folder.done_count < session->folder.due || folder_repetitions_due(&session->folder);
    return decide_goes_on(session->decide);
}
