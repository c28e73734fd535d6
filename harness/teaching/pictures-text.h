/* SPDX-License-Identifier: MIT */
/* Pictures as text for a terminal. */
#ifndef HARNESS_TEACHING_PICTURES_TEXT_H
#define HARNESS_TEACHING_PICTURES_TEXT_H

#include <jansson.h>
#include <stdio.h>

/* Prints every picture: its heading, the names, a table of the objects, the buffers. Errors stay in the
 * stream. O(document). */
void pictures_text_write(const json_t *document, FILE *stream);

#endif
