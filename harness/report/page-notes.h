/* SPDX-License-Identifier: MIT */
/* Sentences of the page about fresh pages and about the machine, which stand beside their charts. */
#ifndef HARNESS_REPORT_PAGE_NOTES_H
#define HARNESS_REPORT_PAGE_NOTES_H

#include <stdio.h>

#include "harness/report/tables.h"

/* Says where cold and warm memory differ by more than the minimum of interest. Nothing without such pairs. */
void page_note_memory(FILE *page, const struct run *run);

/* Says which blocks differ, how many processes were repeated, and what others and the host took. */
void page_note_machine(FILE *page, const struct tables *tables);

#endif
