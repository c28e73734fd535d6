/* SPDX-License-Identifier: MIT */
/* Words about a run that captions of charts and notes of tables share: how many processes, and what intervals
 * are worth. */
#ifndef HARNESS_REPORT_CAPTIONS_H
#define HARNESS_REPORT_CAPTIONS_H

#include "harness/analysis/run.h"
#include "harness/report/tables-pauses.h"
#include "harness/results/files.h"

enum { CAPTIONS_TEXT = 640 };

struct captions {
    size_t least, most;              /* processes of a whole cell of the setting */
    size_t shown;                    /* the fewest that medians are of: those of the machine that is shown */
    char counted[CAPTIONS_TEXT];     /* "8 processes a cell"; of a run that goes on, how many of how many */
    char medians[CAPTIONS_TEXT];     /* what the bars of medians are, and what they are worth */
    char ratios[CAPTIONS_TEXT];      /* what the bars of ratios are, and what they are worth */
    char missing[CAPTIONS_TEXT / 2]; /* "Unfinished: 120 of 765 processes."; "" where none is to come */
    char worth[CAPTIONS_TEXT]; /* what intervals of both are worth, in sentences; "" where they are enough */
};

/*
 * Fills the words for one setting and metric. An interval of a median of n processes cannot hold the median
 * more often than the range from the least to the largest of them does, which is 1 - 2^(1 - n). So intervals of
 * fewer than CAPTIONS_ENOUGH processes say how often at most they hold it. Intervals of ratios to the best are
 * simulated from CAPTIONS_SIMULATED blocks on (tests/measuring/simulations/best.c). Of several machines intervals of
 * ratios are over machines, and medians of the one that is shown. O(cells).
 */
void captions_make(const struct run *run, size_t setting, enum run_metric metric,
                   struct captions *ret_captions);

enum { CAPTIONS_ENOUGH = 8, CAPTIONS_SIMULATED = 5 };

/*
 * Writes what intervals of ratios from so many blocks are worth: a sentence, or "" from CAPTIONS_ENOUGH blocks on.
 * The terminal and the page say it by this.
 */
void captions_worth(size_t blocks, char ret_text[static CAPTIONS_TEXT]);

/* Writes what intervals of ratios are of in a run of several machines: a sentence. "" of one machine. */
void captions_machines(const struct run *run, char ret_text[static CAPTIONS_TEXT]);

/*
 * Writes what no clock saw: the time in cascades below the cutoff, and where it is most.
 */
void captions_untimed(const struct run *run, const struct tables_untimed *untimed,
                      char ret_text[static CAPTIONS_TEXT]);

/*
 * Writes of how many processes of a cell the run kept the raw files of a kind: "Raw data: 1 of 8 processes a
 * cell." It is empty where none are there, as in a run that was handed on.
 */
void captions_kept(const struct run *run, size_t setting, enum files_kind kind,
                   char ret_text[static CAPTIONS_TEXT]);

#endif
