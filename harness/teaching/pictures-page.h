/* SPDX-License-Identifier: MIT */
/* Pictures as one page, which needs no other file and no network (page/README.md). */
#ifndef HARNESS_TEACHING_PICTURES_PAGE_H
#define HARNESS_TEACHING_PICTURES_PAGE_H

#include <jansson.h>
#include <stdio.h>

/*
 * Writes the page. `drawing` is the SVG of pictures_dot_write_whole(), which the document has afterwards.
 * NULL where graphviz is not installed: the page then has tables alone, and says so. Errors stay in the
 * stream. O(document).
 */
void pictures_page_write(json_t *document, const char *drawing, FILE *stream);

#endif
