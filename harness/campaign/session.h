/* SPDX-License-Identifier: MIT */
/*
 * A session: the time in which a campaign goes on, from its begin or its resume to its end. Only this room
 * uses it.
 *
 *      session.c     begins and ends it: the folder, the clock of the budget, the last words
 *      blocks.c      block after block, and which cells run in each
 *      measuring.c   one process, from its command line to its row
 *      warm.c        the rehearsal of a warm process
 *      estimate.c    how long it will take
 *      view.c        what a terminal shows while it runs
 */
#ifndef HARNESS_CAMPAIGN_SESSION_H
#define HARNESS_CAMPAIGN_SESSION_H

#include "harness/campaign/campaign.h"
#include "harness/campaign/decide.h"
#include "harness/campaign/machine/machine-usage.h"
#include "harness/campaign/plan/layout.h"
#include "harness/campaign/process/measure.h"
#include "harness/campaign/process/progress.h"
#include "harness/campaign/quiet.h"
#include "harness/campaign/view.h"
#include "harness/results/folder.h"
#include "harness/results/order.h"

enum { SESSION_STATUSES = 7 };

/* Attempts of a block that were disturbed, of which there is a line each. Of the others there is a sum. */
enum { SESSION_DISTURBED_SAID = 10 };

/* The time of a process of a cell, the mean over those that have run; 0: none has. */
struct session_pace {
    double seconds;
    size_t processes, blocks; /* those that have run, and the blocks in which they did */
};

/* The time of a cell in a block, repetitions included; 0: no process of it has run. */
static inline double session_pace_block(const struct session_pace *pace)
{
    return pace->blocks ? pace->seconds * (double)pace->processes / (double)pace->blocks : pace->seconds;
}

/* What a rehearsal of a cell found, for its warm processes. */
struct session_warm {
    char *text;   /* of the option --warm; NULL: the cell was not rehearsed in this session */
    int64_t seed; /* that it was rehearsed with */
    bool said;    /* that a process of the cell was not warm */
};

struct session {
    const struct spec *spec;
    const struct plan *plan;
    const struct campaign_options *options;
    struct measure_tools tools;
    struct layouts layouts;
    char *valgrind; /* NULL: instructions are not counted */
    struct folder folder;
    struct order order;    /* of the folder's run */
    struct decide *decide; /* what the rows have decided, at the last block that began */
    struct view *view;     /* of these decisions */
    struct progress progress;
    struct quiet quiet;             /* processors and the reference program */
    struct machine_usage usage;     /* before the first process of this session */
    size_t ended[SESSION_STATUSES]; /* processes of this session, by status */
    size_t repeated;                /* those that ran again, because an attempt before was disturbed */
    size_t disturbed;               /* attempts of this block that were */
    const char *doing;              /* of the process that is next, as "its rehearsal"; NULL: itself */
    struct session_pace *paces;     /* of each cell */
    struct session_warm *warms;     /* of each cell */
    int64_t begin_ns;               /* of this session, CLOCK_MONOTONIC */
    double used_before;             /* seconds that earlier sessions took */
    const char *ending;             /* what ended the run, as in the manifest; NULL: it is not finished */
};

/*
 * Prepares a session: finds the tools, describes the run and enters its folder. Returns 0 or a status after
 * one line. session_fini() frees what it holds in both cases.
 */
int session_init(const struct spec *spec, const struct plan *plan, const struct campaign_options *options,
                 struct session *ret_session);
void session_fini(struct session *session);

/* Notes in the manifest that the session begins. Returns 0 or a status after one line. */
int session_begin(struct session *session);

/* Ends the session with its status so far, and has the last words. Returns the exit status. */
int session_end(struct session *session, int status);

/* Seconds that all sessions of the run have taken. O(1). */
double session_used(const struct session *session);

/* Says the last words of a run that was finished before. Returns the exit status. */
int session_repeat(struct session *session);

/* Whether the folder's run was finished before. */
bool session_was_finished(const struct session *session);

/* Counts a process that has ended, by its status. */
void session_count(struct session *session, const struct store_row *row);

/* Runs every process that is to come. Returns 0 or a status; sets `ending` where the run is finished. */
int blocks_measure(struct session *session);

/* Whether any process is to come. */
bool blocks_remain(struct session *session);

/*
 * Runs the process with this id, from its command line to its row. Returns 0, MESSAGE_INTERRUPTED, or another
 * status after one line.
 */
int measuring_process(struct session *session, size_t id);

/*
 * Makes the request of a warm process whole: rehearses its cell first, where this session has not done so
 * with this seed. A cold one is left as it is. Returns 0 or MESSAGE_INTERRUPTED; or MESSAGE_FAILED_CELLS where
 * the rehearsal failed: the row has its status then, and the caller frees `*ret_reason`.
 */
int warm_prepare(struct session *session, struct command_request *request, struct store_row *row,
                 char **ret_reason);

/* Says of a process that has ended that it was not warm, once for each cell. O(cells + rows). */
void warm_check(struct session *session, const struct store_row *row, const char *cell);

#endif
