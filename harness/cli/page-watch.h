/* SPDX-License-Identifier: MIT */
/* Renews the page of a run in progress. */
#ifndef HARNESS_CLI_PAGE_WATCH_H
#define HARNESS_CLI_PAGE_WATCH_H

/*
 * Writes report.html of the run in this folder, and again whenever it has new rows, until the run has ended: at most
 * every ten seconds, and so seldom that it takes about a twentieth of a processor. Each line on standard output says what
 * the page then shows. The work is done on the processor that the run left to itself and not to its processes, and last
 * of all that is done there.
 *
 * `baseline` is as for tables_make(). Returns 0; MESSAGE_INTERRUPTED; or a status after one line.
 */
int page_watch(const char *folder, const char *baseline);

#endif
