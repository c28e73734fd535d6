/* SPDX-License-Identifier: MIT */
#include "harness/report/overview-missing.h"

#include <stdlib.h>

#include "base/text.h"
#include "harness/report/textual.h"
#include "harness/results/again.h"

/* More processes that are missing are counted and not named. */
enum { MISSING_NAMED = 20 };

/* Returns how many processes of the block are to come. */
static size_t missing_in(const struct run *run, size_t block)
{
    size_t count = 0;
    for (size_t i = 0; i < run->cell_count; i++)
        count += run_process_is_missing(run, &run->cells[i], block);
    return count;
}

static void process_print(const struct run *run, const struct run_cell *cell, size_t block,
                          enum report_form form, FILE *stream)
{
    char *text = text_format("- block %zu: %s x %s (%s)", block, run->works.names[cell->work],
                             run->configs.names[cell->config], run->settings.names[cell->setting]);
    textual_print_sentence(text, form, stream);
    free(text);
}

/* Names every process that is to come. */
static void processes_print(const struct run *run, enum report_form form, FILE *stream)
{
    for (size_t block = 0; block < run->blocks; block++)
        for (size_t i = 0; i < run->cell_count; i++)
            if (run_process_is_missing(run, &run->cells[i], block))
                process_print(run, &run->cells[i], block, form, stream);
}

/* Counts the processes that are to come, block by block; blocks in a row that lack as many share a line. */
static void blocks_print(const struct run *run, FILE *stream)
{
    for (size_t first = 0, past; first < run->blocks; first = past) {
        size_t count = missing_in(run, first);
        for (past = first + 1; past < run->blocks && missing_in(run, past) == count; past++)
            ;
        if (count && past == first + 1)
            fprintf(stream, "- block %zu: %zu processes\n", first, count);
        else if (count)
            fprintf(stream, "- blocks %zu to %zu: %zu processes each\n", first, past - 1, count);
    }
}

void overview_missing_print(const struct run *run, enum report_form form, FILE *stream)
{
    size_t cells = 0, none = 0;
    if (run->missing == 0)
        return;
    for (size_t i = 0; i < run->cell_count; i++) {
        cells += run->cells[i].missing > 0;
        none += run->cells[i].processes == 0;
    }
    char *text = text_format(
        "%s: %zu processes of %zu cells are missing; %zu %s none%s. What is said below can change.",
        run->ended ? "Rows were lost after the run had ended" : "Unfinished", run->missing, cells, none,
        none == 1 ? "cell has" : "cells have", run->ended ? "" : " yet");
    textual_print_sentence(text, form, stream);
    if (run->missing <= MISSING_NAMED)
        processes_print(run, form, stream);
    else
        blocks_print(run, stream);
    free(text);
    char *command = again_command(run->store->manifest, run->store->dir);
    char *hint = text_format("Go on with: %s", command);
    textual_print_line(hint, form, stream);
    putc('\n', stream);
    free(hint);
    free(command);
}
