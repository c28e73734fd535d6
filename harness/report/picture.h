/* SPDX-License-Identifier: MIT */
/* Links the charts of a run in Markdown, as for the text of a pull request. */
#ifndef HARNESS_REPORT_PICTURE_H
#define HARNESS_REPORT_PICTURE_H

#include <stdio.h>

/*
 * Checks that `address` can begin a link in Markdown: it has the characters of an address, and no bracket.
 * Returns 0, or MESSAGE_BAD_INPUT after one line that names the option `option`.
 */
int picture_address_check(const char *option, const char *address);

/*
 * Prints the heat map of the run in `folder` as an image, with `caption` before it unless it is NULL, and a
 * line between. Its link is `address`, the folder's own name, and "charts/heatmap.png". So `address` is that
 * of the folder in which the run's folder lies, from where the text will stand. Says in one line on standard
 * error where the run has no such chart. O(1).
 */
void picture_print(const char *folder, const char *address, const char *caption, FILE *stream);

#endif
